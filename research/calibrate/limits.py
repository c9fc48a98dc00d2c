"""Limits of every rule, the places where it was counted, and whether it holds there: the table that opens the page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from research.calibrate import (
    agreements,
    halves,
    many_datasets,
    many_families,
    orders,
    repeats,
)
from research.calibrate.bound import Bound, Found, found_in
from research.calibrate.halves import STABLE, UNSTABLE
from research.calibrate.parts import SHARES, SIZES
from research.calibrate.rows import percent
from research.calibrate.scoring import METRICS
from research.calibrate.tally import Tally

#: The limit of an error rate where a rule is approximate, where it is exact, and of what is reached at least.
NEAR, EXACT, REACHED = 0.065, 0.05, 0.80
#: The size of a real difference, in true standard deviations of the difference that is measured.
LEAD = 2.0


def bounds(found: dict[str, Tally]) -> list[Bound]:
    """Every limit, in the order of the page; without places where its cells were not simulated."""
    equal, outside_of = "calls equal families different", "the true score lies outside"
    weak = "finds few real differences (power, share of the corrected t's)"
    ten, thirty, cautious = (
        f"{rule} pairs of halves"
        for rule in ("SHARP, 10", "SHARP, 30", "conservative z, 10")
    )
    accuracy, area, every = ("accuracy",), ("roc_auc",), (*STABLE, *UNSTABLE)
    beyond = "the mean over all splits lies outside"

    def tests(
        name: str, rule: str, families: tuple[str, ...] = every, used: bool = True
    ) -> Bound:
        return Bound(
            name, equal, NEAR, tuple(_shares(found, "pair", rule, families)), used=used
        )

    def powers(name: str, rule: str, used: bool = True) -> Bound:
        return Bound(
            name, weak, REACHED, tuple(_powers(found, rule)), most=False, used=used
        )

    def intervals(
        name: str, rule: str, metrics: tuple[str, ...], used: bool = True
    ) -> Bound:
        return Bound(
            name,
            outside_of,
            NEAR,
            tuple(_shares(found, "score", rule, STABLE, metrics)),
            used=used,
        )

    def of_unstable(name: str, rule: str, used: bool = True) -> Bound:
        return Bound(
            name,
            outside_of,
            NEAR,
            tuple(_shares(found, "one", rule, UNSTABLE)),
            used=used,
        )

    return [
        tests("corrected t, stable families", "corrected", STABLE),
        tests(ten, "sharp"),
        powers(ten, "sharp"),
        intervals(
            "interval of an accuracy, class mix, stable families", "mix", accuracy
        ),
        intervals("interval of a ROC AUC, logit scale, stable families", "logit", area),
        of_unstable("wider of that and conservative z, unstable families", "wider"),
        *(
            Bound(
                f"repeats in two stages (Stein), pilot of {pilot}",
                beyond,
                NEAR,
                tuple(_stages(found, pilot)),
            )
            for pilot in repeats.PILOTS
        ),
        Bound(
            "orders (Kendall)",
            "calls unrelated orders alike",
            EXACT,
            tuple(_kendall(found)),
        ),
        Bound("few datasets (Friedman, exact)", equal, EXACT, tuple(_friedman(found))),
        Bound(
            "all pairs (Holm)",
            "calls some pair of equal families different",
            EXACT,
            tuple(_holm(found)),
        ),
        *agreements.bounds(found),
        tests("corrected t, unstable families", "corrected", UNSTABLE, used=False),
        tests(thirty, "sharp_30", used=False),
        powers(thirty, "sharp_30", used=False),
        tests(cautious, "conservative_z", used=False),
        powers(cautious, "conservative_z", used=False),
        intervals(
            "interval of an accuracy, no class mix, stable families",
            "corrected",
            accuracy,
            used=False,
        ),
        intervals(
            "interval of a ROC AUC, plain scale, stable families",
            "corrected",
            area,
            used=False,
        ),
        of_unstable(
            "interval of a score, class mix, unstable families", "mix", used=False
        ),
    ]


def halved(
    found: dict[str, Tally], families: tuple[str, ...], kind: str = "halves"
) -> Iterator[tuple[int, float, str, str, Tally]]:
    """Every world of halves, metric and family; of another kind of cells."""
    for n, share, metric, family in product(SIZES, SHARES, METRICS, families):
        if f"{kind}-{n}-{share}" in found:
            yield n, share, metric, family, found[f"{kind}-{n}-{share}"]


def outside(tally: Tally, key: str, rule: str, off: float = 0.0) -> np.ndarray | None:
    """(trials,) whether a value lies outside of the interval; `off`: the distance of that value from the truth.

    The truth is the mean of all estimates; 0 for pairs, which are equal. None for a rule that was not tried there.
    """
    numbers, of = np.array(tally.values[key]), key.partition("/")[0]
    estimate, below, above = halves.RULES[of][rule]
    if above >= numbers.shape[1]:
        return None
    truth = 0.0 if of == "pair" else float(numbers[:, estimate].mean())
    beyond = numbers[:, estimate] - truth + off
    away: np.ndarray = (beyond > numbers[:, below]) | (-beyond > numbers[:, above])
    return away


def power(tally: Tally, key: str, rule: str) -> np.ndarray | None:
    """(trials,) whether a difference of two true standard deviations is found, the mean of its two directions."""
    sd = float(np.sqrt(np.mean(np.array(tally.values[key])[:, 0] ** 2)))
    up, down = (outside(tally, key, rule, turn * LEAD * sd) for turn in (1, -1))
    return None if up is None or down is None else (up.astype(float) + down) / 2


def _shares(
    found: dict[str, Tally],
    of: str,
    rule: str,
    families: tuple[str, ...],
    metrics: tuple[str, ...] = METRICS,
) -> Iterator[Found]:
    for n, share, metric, family, tally in halved(
        found, families, "scores" if of == "score" else "halves"
    ):
        hit = outside(tally, f"{of}/{family}/{metric}", rule)
        if hit is not None and metric in metrics:
            where = f"{family}, {metric}, n = {n}, second class {percent(share, 0)} %"
            yield found_in(tally, float(hit.mean()), where)


def _powers(found: dict[str, Tally], rule: str) -> Iterator[Found]:
    """Power over that of the corrected t, with the standard error of a ratio of means of the same trials."""
    for n, share, metric, family, tally in halved(found, STABLE):
        key = f"pair/{family}/{metric}"
        most, ours = power(tally, key, "corrected"), power(tally, key, rule)
        if ours is not None and most is not None and most.any():
            ratio = float(ours.mean() / most.mean())
            error = float(
                (ours - ratio * most).std() / most.mean() / np.sqrt(len(ours))
            )
            where = f"{family}, {metric}, n = {n}, second class {percent(share, 0)} %"
            yield Found(ratio, max(error, 1 / tally.trials), tally.trials, where)


def _stages(found: dict[str, Tally], pilot: int) -> Iterator[Found]:
    if "repeats" in found:
        for family, width in product(repeats.FAMILIES, repeats.WIDTHS):
            share = found["repeats"].share("stein", family, pilot, width)
            yield found_in(
                found["repeats"], share, f"{family}, half-width of {width} sd"
            )


def _kendall(found: dict[str, Tally]) -> Iterator[Found]:
    if "orders" in found:
        for k in orders.COUNTS:
            yield found_in(
                found["orders"], found["orders"].share("kendall", k, 0), f"{k} families"
            )


def _friedman(found: dict[str, Tally]) -> Iterator[Found]:
    if "orders" in found:
        for n in orders.DATASETS:
            yield found_in(
                found["orders"],
                found["orders"].share("friedman", n, "exact"),
                f"{n} datasets",
            )


def _holm(found: dict[str, Tally]) -> Iterator[Found]:
    for n, metric, r, k in product(
        SIZES, METRICS, many_families.REPEATS, many_families.COUNTS
    ):
        if f"many-{n}" in found:
            tally = found[f"many-{n}"]
            where = f"{k} families on one dataset, {metric}, n = {n}, r = {r}"
            yield found_in(tally, tally.share("family", metric, r, k, "holm"), where)
    if "table" in found:
        for n, k in product(many_datasets.DATASETS, many_families.COUNTS):
            share = found["table"].share("table", n, k, "signed_rank_holm")
            yield found_in(found["table"], share, f"{k} families over {n} datasets")
