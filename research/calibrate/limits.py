"""Limits of every rule, the places where it was counted, and whether it holds there: the table that opens the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

from research.calibrate import halves, many_datasets, many_families, orders, repeats
from research.calibrate.learners import ALL_LEARNERS, UNSTABLE
from research.calibrate.one_dataset import JUDGING, SHIFTS, TOLERANCES
from research.calibrate.parts import SHARES, SIZES
from research.calibrate.rows import (
    BEST,
    half_width,
    outcomes,
    percent,
    subjects,
    wrong_order,
    wrong_verdicts,
)
from research.calibrate.scoring import METRICS
from research.calibrate.tally import Tally, standard_error

#: A design sees a tolerance when its interval's half-width is at most this share of it.
SEES = 1 / 3
#: The limit of an error rate where a rule is approximate, where it is exact, and of what is reached at least.
NEAR, EXACT, REACHED = 0.065, 0.05, 0.80
STABLE = tuple(family for family in ALL_LEARNERS if family not in UNSTABLE)
#: The paper's numbers come from one split, or each from a split of its own.
PAPERS = ("one_split", "own_splits")
#: The size of a real difference, in true standard deviations of the difference that is measured.
LEAD = 2.0


class Found(NamedTuple):
    """A share, its standard error, of how many trials, and where: the family or kind of claim first, then a comma."""

    share: float
    error: float
    trials: int
    where: str


@dataclass(frozen=True)
class Bound:
    """A rule, what could go wrong, and the places where that was counted.

    `most`: shares must stay below the limit, else above. `used`: bench relies on the rule, else it is compared only.
    """

    rule: str
    danger: str
    limit: float
    places: tuple[Found, ...]
    most: bool = True
    used: bool = True

    def _beyond(self, one: Found, errors: int = 0) -> float:
        """The distance of a share beyond the limit, less a number of standard errors."""
        return (one.share - self.limit) * (1 if self.most else -1) - errors * one.error

    @property
    def worst(self) -> Found:
        return max(self.places, key=self._beyond)

    @property
    def beyond(self) -> list[Found]:
        return [one for one in self.places if self._beyond(one) > 0]

    @property
    def clearly_beyond(self) -> list[Found]:
        """Places beyond the limit by more than two standard errors."""
        return [one for one in self.places if self._beyond(one, 2) > 0]

    @property
    def holds(self) -> str:
        count = len(self.places)
        if not self.beyond:
            return f"yes (all {count})"
        if not self.clearly_beyond:
            return f"within chance ({len(self.beyond)} of {count} beyond)"
        who = Counter(one.where.split(",")[0] for one in self.clearly_beyond)
        return f"**no** ({', '.join(f'{name} {times}' for name, times in who.items())} of {count})"

    @property
    def row(self) -> tuple[str, ...]:
        worst = self.worst
        limit = f"{'at most' if self.most else 'at least'} {percent(self.limit)}"
        share = f"{percent(worst.share)} ± {percent(worst.error)}"
        return (self.rule, self.danger, limit, share, worst.where, str(worst.trials), self.holds)


def bounds(found: dict[str, Tally]) -> list[Bound]:
    """Every limit, in the order of the page; without places where its cells were not simulated."""
    equal, outside_of = "calls equal families different", "the true score lies outside"
    weak = "finds few real differences (power, share of the corrected t's)"
    ten, thirty, cautious = (
        "SHARP, 10 pairs of halves",
        "SHARP, 30 pairs of halves",
        "conservative z, 10 pairs of halves",
    )
    either, mixed, every = (
        "wider of corrected t and conservative z",
        "interval of a score, class mix",
        (*STABLE, *UNSTABLE),
    )
    published, chance = "verdict on a published number", "calls ours different where only splits differ"
    compared = "verdict on better, equivalent, best, order"

    def tests(name: str, rule: str, families: tuple[str, ...] = every, used: bool = True) -> Bound:
        return Bound(name, equal, NEAR, tuple(_shares(found, "pair", rule, families)), used=used)

    def powers(name: str, rule: str, used: bool = True) -> Bound:
        return Bound(name, weak, REACHED, tuple(_powers(found, rule)), most=False, used=used)

    def intervals(name: str, rule: str, families: tuple[str, ...], used: bool = True) -> Bound:
        return Bound(name, outside_of, NEAR, tuple(_shares(found, "one", rule, families)), used=used)

    return [
        tests("corrected t, stable families", "corrected", STABLE),
        tests(ten, "sharp"),
        powers(ten, "sharp"),
        intervals(f"{mixed}, stable families", "mix", STABLE),
        intervals("wider of that and conservative z, unstable families", "wider", UNSTABLE),
        Bound("repeats in two stages (Stein)", "the mean over all splits lies outside", NEAR, tuple(_stages(found))),
        Bound("several numbers together, common shift", chance, EXACT, tuple(_joint(found, "common_shift"))),
        Bound("several numbers together, merged p", chance, EXACT, tuple(_joint(found, "merged"))),
        Bound("orders (Kendall)", "calls unrelated orders alike", EXACT, tuple(_kendall(found))),
        Bound("few data sets (Friedman, exact)", equal, EXACT, tuple(_friedman(found))),
        Bound("all pairs (Holm)", "calls some pair of equal families different", EXACT, tuple(_holm(found))),
        Bound(published, "false reproduced", EXACT, tuple(_values(found, "reproduced"))),
        Bound(published, "false not reproduced", EXACT, tuple(_values(found, "not_reproduced"))),
        Bound(published, "none, though the design sees the tolerance", REACHED, tuple(_decided(found)), most=False),
        Bound(compared, "false", EXACT, tuple(_claims(found))),
        tests("corrected t, unstable families", "corrected", UNSTABLE, used=False),
        tests(thirty, "sharp_30", used=False),
        powers(thirty, "sharp_30", used=False),
        tests(cautious, "conservative_z", used=False),
        powers(cautious, "conservative_z", used=False),
        tests(either, "wider", used=False),
        powers(either, "wider", used=False),
        intervals("interval of a score, no class mix, stable families", "corrected", STABLE, used=False),
        intervals(f"{mixed}, unstable families", "mix", UNSTABLE, used=False),
        intervals("wider of that and conservative z, stable families", "wider", STABLE, used=False),
        intervals("SHARP's own interval of a score", "sharp", every, used=False),
    ]


def halved(found: dict[str, Tally], families: tuple[str, ...]) -> Iterator[tuple[int, float, str, str, Tally]]:
    """Every world of halves, metric and family."""
    for n, share, metric, family in product(SIZES, SHARES, METRICS, families):
        if f"halves-{n}-{share}" in found:
            yield n, share, metric, family, found[f"halves-{n}-{share}"]


def outside(tally: Tally, key: str, rule: str, off: float = 0.0) -> np.ndarray | None:
    """(trials,) whether a value lies outside of the interval; `off`: the distance of that value from the truth.

    The truth is the mean of all estimates; 0 for pairs, which are equal. None for a rule that was not tried there.
    """
    numbers = np.array(tally.values[key])
    estimate, half = halves.RULES[rule]
    if half >= numbers.shape[1]:
        return None
    truth = 0.0 if key.startswith("pair/") else float(numbers[:, estimate].mean())
    away: np.ndarray = np.abs(numbers[:, estimate] - truth + off) > numbers[:, half]
    return away


def power(tally: Tally, key: str, rule: str) -> np.ndarray | None:
    """(trials,) whether a difference of two true standard deviations is found, the mean of its two directions."""
    sd = float(np.sqrt(np.mean(np.array(tally.values[key])[:, 0] ** 2)))
    up, down = (outside(tally, key, rule, turn * LEAD * sd) for turn in (1, -1))
    return None if up is None or down is None else (up.astype(float) + down) / 2


def _shares(found: dict[str, Tally], of: str, rule: str, families: tuple[str, ...]) -> Iterator[Found]:
    for n, share, metric, family, tally in halved(found, families):
        hit = outside(tally, f"{of}/{family}/{metric}", rule)
        if hit is not None:
            where = f"{family}, {metric}, n = {n}, second class {percent(share, 0)} %"
            yield _found(float(hit.mean()), tally, where)


def _powers(found: dict[str, Tally], rule: str) -> Iterator[Found]:
    """Power over that of the corrected t, with the standard error of a ratio of means of the same trials."""
    for n, share, metric, family, tally in halved(found, STABLE):
        key = f"pair/{family}/{metric}"
        most, ours = power(tally, key, "corrected"), power(tally, key, rule)
        if ours is not None and most is not None and most.any():
            ratio = float(ours.mean() / most.mean())
            error = float((ours - ratio * most).std() / most.mean() / np.sqrt(len(ours)))
            where = f"{family}, {metric}, n = {n}, second class {percent(share, 0)} %"
            yield Found(ratio, max(error, 1 / tally.trials), tally.trials, where)


def _found(share: float, tally: Tally, where: str) -> Found:
    return Found(share, standard_error(share, tally.trials), tally.trials, where)


def _stages(found: dict[str, Tally]) -> Iterator[Found]:
    if "repeats" in found:
        for family, width in product(repeats.FAMILIES, repeats.WIDTHS):
            share = found["repeats"].share("stein", family, width)
            yield _found(share, found["repeats"], f"{family}, half-width of {width} sd")


def _joint(found: dict[str, Tally], rule: str) -> Iterator[Found]:
    if "repeats" in found:
        for name in PAPERS:
            share = found["repeats"].share("joint", name, 0, rule)
            yield _found(share, found["repeats"], f"three numbers, {name.replace('_', ' ')}")


def _kendall(found: dict[str, Tally]) -> Iterator[Found]:
    if "orders" in found:
        for k in orders.COUNTS:
            yield _found(found["orders"].share("kendall", k, 0), found["orders"], f"{k} families")


def _friedman(found: dict[str, Tally]) -> Iterator[Found]:
    if "orders" in found:
        for n in orders.DATASETS:
            yield _found(found["orders"].share("friedman", n, "exact"), found["orders"], f"{n} data sets")


def _holm(found: dict[str, Tally]) -> Iterator[Found]:
    for n, metric, r, k in product(SIZES, METRICS, many_families.REPEATS, many_families.COUNTS):
        if f"many-{n}" in found:
            tally = found[f"many-{n}"]
            where = f"{k} families on one dataset, {metric}, n = {n}, r = {r}"
            yield _found(tally.share("family", metric, r, k, "holm"), tally, where)
    if "table" in found:
        for n, k in product(many_datasets.DATASETS, many_families.COUNTS):
            share = found["table"].share("table", n, k, "signed_rank_holm")
            yield _found(share, found["table"], f"{k} families over {n} datasets")


def _values(found: dict[str, Tally], verdict: str) -> Iterator[Found]:
    for (n, second, metric, family), tally, key in subjects(found):
        for r, tolerance, shift in product(JUDGING, TOLERANCES, SHIFTS):
            if shift >= 1 if verdict == "reproduced" else shift <= 1:
                where = f"{family}, {metric}, n = {n}, second class {second} %, r = {r}, tolerance {tolerance}"
                share = tally.share("value", *key, r, tolerance, shift, verdict)
                yield _found(share, tally, f"{where}, shift {shift:g}")


def _decided(found: dict[str, Tally]) -> Iterator[Found]:
    for (n, second, metric, family), tally, key in subjects(found):
        for r, tolerance, shift in product(JUDGING, TOLERANCES, SHIFTS):
            if shift != 1 and half_width(tally, family, metric, r) <= SEES * tolerance:
                where = f"{family}, {metric}, n = {n}, second class {second} %, r = {r}, tolerance {tolerance}"
                share = sum(outcomes(tally, "value", *key, r, tolerance, shift)[:2])
                yield _found(share, tally, f"{where}, shift {shift:g}")


def _claims(found: dict[str, Tally]) -> Iterator[Found]:
    for n in SIZES:
        if f"many-{n}" not in found:
            continue
        tally = found[f"many-{n}"]
        for (kind, leads), margin in product(many_families.LEADS.items(), many_families.MARGINS):
            for lead in leads:
                for verdict in wrong_verdicts(kind, lead):
                    where = f"{kind}, {verdict}, margin {margin}, lead {lead:g}, n = {n}"
                    yield _found(tally.share("claim", kind, margin, lead, verdict), tally, where)
        for order, margin, step in product(many_families.ORDERS, many_families.MARGINS, many_families.STEPS):
            verdict = wrong_order(order, step)
            where = f"order, {verdict}, margin {margin}, step {step}, n = {n}"
            yield _found(tally.share("claim", order, margin, step, verdict), tally, where)
        for name, title in BEST.items():
            for verdict in ("not_reproduced",) if name == "ahead" else ("reproduced", "not_reproduced"):
                where = f"best, {verdict}, {title}, n = {n}"
                yield _found(tally.share("claim", "best", name, verdict), tally, where)
