"""Tables from counts: shares in percent, each row with its trials and the standard error of its largest error rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from bench.stats.intervals import t_quantile
from research.calibrate import many_datasets, many_families
from research.calibrate.learners import LEARNERS
from research.calibrate.one_dataset import JUDGING, REPEATS, SHIFTS, TOLERANCES
from research.calibrate.parts import SHARES, SIZES
from research.calibrate.scoring import METRICS
from research.calibrate.tally import Tally, standard_error

#: Half a unit of the third decimal, to which simulated papers print.
HALF = 0.0005
#: A design sees a tolerance when its interval's half-width is at most this share of it.
SEES = 1 / 3
#: What has a limit, where the page says more of it.
TEST, INTERVAL = "the corrected t test rejects equal families", "the 95 % interval of a score does not cover"
REPRODUCED = "a number is falsely called reproduced"

Row = tuple[str, ...]
#: A share, of how many trials, and where: the family or kind of claim first, then a comma.
Found = tuple[float, int, str]


@dataclass(frozen=True)
class Table:
    title: str
    about: str
    head: Row
    rows: list[Row]


def tables(found: dict[str, Tally]) -> list[Table]:
    """The tables that have any row."""
    makers = (_tests, _five_by_two, _intervals, _pairs, _ranks, _verdicts, _others, _two, _orders, _best)
    return [table for table in (make(found) for make in makers) if table.rows]


def percent(share: float, decimals: int = 1) -> str:
    return f"{100 * share:.{decimals}f}"


def error(tally: Tally, *shares: float) -> str:
    """The standard error of the largest of these shares, in percent."""
    return percent(standard_error(max(shares), tally.trials), 2)


def worlds(found: dict[str, Tally]) -> Iterator[tuple[int, float, Tally]]:
    for n, share in product(SIZES, SHARES):
        if f"one-{n}-{share}" in found:
            yield n, share, found[f"one-{n}-{share}"]


def subjects(found: dict[str, Tally]) -> Iterator[tuple[Row, Tally, tuple[str, str]]]:
    """Every world, metric and family: its names, its tally, and its key in the tally."""
    for (n, share, tally), metric, family in product(worlds(found), METRICS, LEARNERS):
        yield (str(n), percent(share, 0), metric, family), tally, (family, metric)


def _tests(found: dict[str, Tally]) -> Table:
    rows = []
    for names, tally, key in subjects(found):
        shares = [tally.share("test", *key, "corrected", r) for r in REPEATS]
        naive = [tally.share("test", *key, name, r) for name in ("naive_t", "naive_wilcoxon") for r in (1, 10)]
        rows.append((*names, *map(percent, (*shares, *naive)), error(tally, *shares), str(tally.trials)))
    head = ("n", "second class, %", "metric", "family", "corrected t, r = 1", "r = 5", "r = 10")
    head += ("naive t, r = 1", "r = 10", "naive Wilcoxon, r = 1", "r = 10", "s.e.", "trials")
    about = "How often two equally good families of one kind are called different at .05, % of trials."
    return Table("Tests of one difference", about, head, rows)


def _five_by_two(found: dict[str, Tally]) -> Table:
    rows = []
    for n, metric, family in product(SIZES, METRICS, LEARNERS):
        tally = found.get(f"5x2-{n}")
        if tally is not None:
            shares = [tally.share("5x2", family, metric, name) for name in ("t", "f")]
            rows.append((str(n), metric, family, *map(percent, shares), error(tally, *shares), str(tally.trials)))
    head = ("n", "metric", "family", "5x2cv t", "5x2cv F", "s.e.", "trials")
    return Table(
        "Five times two folds", "The same for the tests of 5x2 cross-validation, balanced classes.", head, rows
    )


def covered(tally: Tally, key: str, which: int) -> float:
    """The share of estimates within their half-width (a position in the noted numbers) of the mean of all trials."""
    numbers = np.array(tally.values[key])
    return float((np.abs(numbers[:, 0] - numbers[:, 0].mean()) <= numbers[:, which]).mean())


def _intervals(found: dict[str, Tally]) -> Table:
    rows = []
    for names, tally, (family, metric) in subjects(found):
        shares = [covered(tally, f"score/{family}/{metric}", which) for which in (1, 2)]
        gap = "-"
        if f"gap/{family}/{metric}" in tally.values:
            shares.append(covered(tally, f"gap/{family}/{metric}", 1))
            gap = percent(shares[2])
        widest = percent(max(standard_error(share, tally.trials) for share in shares), 2)
        rows.append((*names, *map(percent, shares[:2]), gap, widest, str(tally.trials)))
    head = ("n", "second class, %", "metric", "family", "score, corrected", "score, folds as independent")
    head += ("difference from lda, corrected", "s.e.", "trials")
    about = (
        "How often a 95 % interval of ten repeats covers, %. The truth is the mean over samples of training sets of "
        "this size, estimated by the mean of all trials. The interval of a difference between equal families covers as "
        "often as its test does not reject, see above; here the two families are of different kinds, on the same rows."
    )
    return Table("Intervals", about, head, rows)


def _pairs(found: dict[str, Tally]) -> Table:
    rows = []
    for n, metric, r, k in product(SIZES, METRICS, many_families.REPEATS, many_families.COUNTS):
        tally = found.get(f"many-{n}")
        if tally is not None:
            names = ("holm", "unadjusted", "naive_t_holm")
            shares = [tally.share("family", metric, r, k, name) for name in names]
            rows.append(
                (str(n), metric, str(r), str(k), *map(percent, shares), error(tally, shares[0]), str(tally.trials))
            )
    head = ("n", "metric", "r", "families", "corrected t, Holm", "corrected t, unadjusted", "naive t, Holm")
    about = "How often any pair of k equally good families on one dataset is called different at .05, % of trials."
    return Table("All pairs on one dataset", about, (*head, "s.e.", "trials"), rows)


def _ranks(found: dict[str, Tally]) -> Table:
    rows: list[Row] = []
    tally = found.get("table")
    if tally is not None:
        for n in many_datasets.DATASETS:
            one = tally.share("table", n, 2, "unadjusted")
            rows.append((str(n), "2", percent(one), *"---", error(tally, one), str(tally.trials)))
            for k in many_families.COUNTS:
                names = ("signed_rank_holm", "unadjusted", "friedman_f", "nemenyi")
                shares = [tally.share("table", n, k, name) for name in names]
                rows.append(
                    (str(n), str(k), *map(percent, shares), error(tally, shares[0], *shares[2:]), str(tally.trials))
                )
    head = ("datasets", "families", "signed rank, Holm", "signed rank, unadjusted", "Friedman F", "Nemenyi")
    about = (
        "How often k equally good families over N datasets are called different at .05, % of trials. With ten datasets "
        "and ten families no table can reject after Holm, and bench says so instead of a p-value."
    )
    return Table("Many datasets", about, (*head, "s.e.", "trials"), rows)


OUTCOMES = ("reproduced", "not_reproduced", "inconclusive", "noise_floor")


def outcomes(tally: Tally, *key: object) -> list[float]:
    """Shares of reproduced, not reproduced, inconclusive and below the noise floor."""
    return [tally.share(*key, name) for name in OUTCOMES]


def half_width(tally: Tally, family: str, metric: str, r: int) -> float:
    """The half-width of the interval that must fit into the tolerance, at the root mean square spread over splits."""
    sd = float(np.sqrt(np.mean(np.square(tally.values[f"sd/{family}/{metric}/{r}"]))))
    return t_quantile(0.95, r - 1) * sd * float(np.sqrt(1 + 1 / r)) + HALF


def _verdicts(found: dict[str, Tally]) -> Table:
    rows = []
    for (n, share, tally), metric, tolerance, r in product(worlds(found), METRICS, TOLERANCES, JUDGING):
        of = [
            {shift: outcomes(tally, "value", f, metric, r, tolerance, shift) for shift in SHIFTS} for f in LEARNERS
        ]  # fmt: skip
        means = [np.mean([one[shift] for one in of], axis=0) for shift in SHIFTS]
        false_yes = max(one[shift][0] for one in of for shift in SHIFTS if shift >= 1)
        false_no = max(one[shift][1] for one in of for shift in SHIFTS if shift <= 1)
        width = np.mean([half_width(tally, f, metric, r) for f in LEARNERS]) / tolerance
        shown = ("/".join(percent(part, 0) for part in mean) for mean in means)
        errors = (percent(false_yes), percent(false_no), error(tally, false_yes, false_no), str(tally.trials))
        rows.append((str(n), percent(share, 0), metric, f"{tolerance}", str(r), f"{width:.2f}", *shown, *errors))
    head = ("n", "second class, %", "metric", "tolerance", "r", "half-width")
    head += ("shift 0", "½ tolerance", "1", "2", "3")
    head += ("worst false reproduced", "worst false not reproduced", "s.e.", "trials")
    about = (
        "Verdicts on a published number, mean of the five families: % reproduced / not reproduced / inconclusive / not "
        "testable because of the noise floor. Shift: by how many tolerances the paper's implementation truly differs. "
        "Half-width: of the 90 % interval, in tolerances. Worst: the family with the largest share, over shifts of at "
        "least one tolerance (false reproduced) and of at most one (false not reproduced)."
    )
    return Table("Published numbers", about, head, rows)


def _others(found: dict[str, Tally]) -> Table:
    rules = {
        "within_tolerance": "ours within the tolerance",
        "within_sd": "ours within the paper's ± SD of folds",
        "prediction_interval": "95 % prediction interval, sampling error on both sides",
    }
    rows, tolerance, r = [], TOLERANCES[0], max(JUDGING)
    for (n, share, tally), metric in product(worlds(found), METRICS):
        shown: dict[str, list[float]] = {}
        for shift in SHIFTS:
            every = [outcomes(tally, "value", f, metric, r, tolerance, shift)[0] for f in LEARNERS]
            shown.setdefault("bench", []).append(float(np.mean(every)))
            for rule, title in rules.items():
                every = [tally.share("other", f, metric, tolerance, shift, rule) for f in LEARNERS]
                shown.setdefault(title, []).append(float(np.mean(every)))
        for title, shares in shown.items():
            errors = (error(tally, shares[2]), str(tally.trials))
            rows.append((str(n), percent(share, 0), metric, title, *(percent(one, 0) for one in shares), *errors))
    head = ("n", "second class, %", "metric", "rule", "shift 0", "½ tolerance", "1", "2", "3", "s.e. at 1", "trials")
    about = (
        "How often other rules in use give reproduced, mean of the five families, ten repeats, tolerance .01, %. From "
        "a shift of one tolerance on, each of these is false. These rules call everything else not reproduced: at "
        "shift 0 that is false, and bench says inconclusive instead."
    )
    return Table("Other rules on the same numbers", about, head, rows)


def _two(found: dict[str, Tally]) -> Table:
    rows = []
    for n, (kind, leads), margin in product(SIZES, many_families.LEADS.items(), many_families.MARGINS):
        tally = found.get(f"many-{n}")
        if tally is not None:
            for lead in leads:
                shares = outcomes(tally, "claim", kind, margin, lead)[:3]
                means = _meaning(kind, lead)
                wrong = [shares[OUTCOMES.index(one)] for one in _wrong(kind, lead)]
                errors = (error(tally, *wrong), str(tally.trials))
                rows.append((str(n), kind, f"{margin}", f"{lead:g}", means, *map(percent, shares), *errors))
    head = ("n", "claim", "margin", "lead, in margins", "the claim is", "reproduced", "not reproduced", "inconclusive")
    about = (
        "Two families (LDA) on one dataset, ten times ten folds, accuracy; the first leads by a known amount. A lead "
        "of exactly one margin is the border: neither verdict of `equivalent` may be given more often than .05."
    )
    return Table("Better and equivalent", about, (*head, "s.e.", "trials"), rows)


def _meaning(kind: str, lead: float) -> str:
    if kind == "better":
        return "false" if lead == 0 else "at the border" if lead == 1 else "true"
    return "true" if lead < 1 else "at the border" if lead == 1 else "false"


def _wrong(kind: str, lead: float) -> tuple[str, ...]:
    """The verdicts that are errors at this lead."""
    if kind == "better":
        return ("reproduced",) if lead == 0 else ("not_reproduced",)
    return ("not_reproduced",) if lead < 1 else ("reproduced", "not_reproduced") if lead == 1 else ("reproduced",)


def _orders(found: dict[str, Tally]) -> Table:
    rows = []
    for n, order, margin in product(SIZES, many_families.ORDERS, many_families.MARGINS):
        tally = found.get(f"many-{n}")
        if tally is not None:
            for step in many_families.STEPS:
                shares = outcomes(tally, "claim", order, margin, step)[:3]
                wrong = tally.share("claim", order, margin, step, _wrong_order(order, step))
                errors = (error(tally, wrong), str(tally.trials))
                rows.append((str(n), order, f"{margin}", str(step), *map(percent, shares), *errors))
    head = (
        "n",
        "claim",
        "margin",
        "step, in margins",
        "reproduced",
        "not reproduced",
        "inconclusive",
        "s.e.",
        "trials",
    )
    about = (
        "Rankings of three families (LDA) on one dataset, each ahead of the next by the step. A strict ranking is "
        "false where the step is 0 and true above; one of ties is true where it is 0 and false above."
    )
    return Table("Rankings", about, head, rows)


def _wrong_order(order: str, step: int) -> str:
    return "reproduced" if (">" in order) == (step == 0) else "not_reproduced"


BEST = {
    "3": "three equal families",
    "5": "five equal families",
    "10": "ten equal families",
    "one_rival": "one rival is equal, three are .20 behind",
    "ahead": "four rivals are .05 behind",
}


def _best(found: dict[str, Tally]) -> Table:
    rows = []
    for n, (name, title) in product(SIZES, BEST.items()):
        tally = found.get(f"many-{n}")
        if tally is not None:
            shares = outcomes(tally, "claim", "best", name)[:3]
            rows.append((str(n), title, *map(percent, shares), error(tally, *shares[:2]), str(tally.trials)))
    head = ("n", "truth", "reproduced", "not reproduced", "inconclusive", "s.e.", "trials")
    about = (
        "The claim that the first family beats all others. Between equal families it is false, but no rival is better "
        "either: both verdicts are errors there. Where the rivals are behind it is true."
    )
    return Table("Best of several", about, head, rows)


@dataclass(frozen=True)
class Bound:
    """A limit and the places where it was counted; `most`: shares must stay below the limit, else above."""

    what: str
    limit: float
    most: bool
    places: tuple[Found, ...]

    def _beyond(self, one: Found, errors: int) -> float:
        """The distance of a share beyond the limit, with a number of standard errors added."""
        share, trials, _ = one
        return (share - self.limit) * (1 if self.most else -1) + errors * standard_error(share, trials)

    @property
    def worst(self) -> Found:
        return max(self.places, key=lambda one: self._beyond(one, 0))

    @property
    def not_within(self) -> list[Found]:
        """Places where an error rate plus two standard errors exceeds the limit.

        For shares to be reached, without them.
        """
        return [one for one in self.places if self._beyond(one, 2 if self.most else 0) > 0]

    @property
    def clearly_beyond(self) -> list[Found]:
        """Places beyond the limit by more than two standard errors."""
        return [one for one in self.places if self._beyond(one, -2) > 0]


def bounds(found: dict[str, Tally]) -> list[Bound]:
    """Every limit that was tested."""
    listed = (
        Bound(TEST, 0.065, True, tuple(_test_places(found))),
        Bound(INTERVAL, 0.065, True, tuple(_interval_places(found))),
        Bound("some pair of equal families is called different, Holm", 0.05, True, tuple(_pair_places(found))),
        Bound(REPRODUCED, 0.05, True, tuple(_value_places(found, "reproduced"))),
        Bound("a number is falsely called not reproduced", 0.05, True, tuple(_value_places(found, "not_reproduced"))),
        Bound("a verdict on better, equivalent, best or order is false", 0.05, True, tuple(_claim_places(found))),
        Bound("a verdict is reached where the design sees the tolerance", 0.80, False, tuple(_decided_places(found))),
    )
    return [one for one in listed if one.places]


def _named(names: Row) -> str:
    n, share, metric, family = names
    return f"{family}, {metric}, n = {n}, second class {share} %"


def _test_places(found: dict[str, Tally]) -> Iterator[Found]:
    for names, tally, key in subjects(found):
        for r in REPEATS:
            yield tally.share("test", *key, "corrected", r), tally.trials, f"{_named(names)}, r = {r}"


def _interval_places(found: dict[str, Tally]) -> Iterator[Found]:
    for names, tally, (family, metric) in subjects(found):
        yield 1 - covered(tally, f"score/{family}/{metric}", 1), tally.trials, f"{_named(names)}, r = 10"


def _pair_places(found: dict[str, Tally]) -> Iterator[Found]:
    for n, metric, r, k in product(SIZES, METRICS, many_families.REPEATS, many_families.COUNTS):
        if f"many-{n}" in found:
            tally = found[f"many-{n}"]
            where = f"{k} families on one dataset, {metric}, n = {n}, r = {r}"
            yield tally.share("family", metric, r, k, "holm"), tally.trials, where
    if "table" in found:
        for n, k in product(many_datasets.DATASETS, many_families.COUNTS):
            tally = found["table"]
            yield tally.share("table", n, k, "signed_rank_holm"), tally.trials, f"{k} families over {n} datasets"


def _value_places(found: dict[str, Tally], verdict: str) -> Iterator[Found]:
    for names, tally, key in subjects(found):
        for r, tolerance, shift in product(JUDGING, TOLERANCES, SHIFTS):
            if shift >= 1 if verdict == "reproduced" else shift <= 1:
                where = f"{_named(names)}, r = {r}, tolerance {tolerance}, shift {shift:g}"
                yield tally.share("value", *key, r, tolerance, shift, verdict), tally.trials, where


def _decided_places(found: dict[str, Tally]) -> Iterator[Found]:
    for names, tally, (family, metric) in subjects(found):
        for r, tolerance, shift in product(JUDGING, TOLERANCES, SHIFTS):
            if shift != 1 and half_width(tally, family, metric, r) <= SEES * tolerance:
                where = f"{_named(names)}, r = {r}, tolerance {tolerance}, shift {shift:g}"
                yield sum(outcomes(tally, "value", family, metric, r, tolerance, shift)[:2]), tally.trials, where


def _claim_places(found: dict[str, Tally]) -> Iterator[Found]:
    for n in SIZES:
        if f"many-{n}" not in found:
            continue
        tally = found[f"many-{n}"]
        for (kind, leads), margin in product(many_families.LEADS.items(), many_families.MARGINS):
            for lead in leads:
                for verdict in _wrong(kind, lead):
                    where = f"{kind}, {verdict}, margin {margin}, lead {lead:g}, n = {n}"
                    yield tally.share("claim", kind, margin, lead, verdict), tally.trials, where
        for order, margin, step in product(many_families.ORDERS, many_families.MARGINS, many_families.STEPS):
            verdict, where = _wrong_order(order, step), f"margin {margin}, step {step}, n = {n}"
            yield tally.share("claim", order, margin, step, verdict), tally.trials, f"order, {verdict}, {where}"
        for name, title in BEST.items():
            for verdict in ("not_reproduced",) if name == "ahead" else ("reproduced", "not_reproduced"):
                yield tally.share("claim", "best", name, verdict), tally.trials, f"best, {verdict}, {title}, n = {n}"
