"""Tables of tests and verdicts from counts: shares in percent, each row with its trials.

s.e.: the standard error of the largest error rate of a row.
"""

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

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    title: str
    about: str
    head: Row
    rows: list[Row]


def tables(found: dict[str, Tally]) -> list[Table]:
    """The tables in the order of the page; those whose cells were not simulated have no rows."""
    return [
        make(found)
        for make in (_tests, _five_by_two, _intervals, _pairs, _ranks, _verdicts, _others, _two, _orders, _best)
    ]


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


def together(*shares: float, decimals: int = 1) -> str:
    """Shares in one cell."""
    return " / ".join(percent(share, decimals) for share in shares)


def _tests(found: dict[str, Tally]) -> Table:
    rows = []
    for (n, share, tally), metric in product(worlds(found), METRICS):
        shares = {f: [tally.share("test", f, metric, "corrected", r) for r in REPEATS] for f in LEARNERS}
        naive = [
            max(tally.share("test", f, metric, name, r) for f in LEARNERS)
            for name in ("naive_t", "naive_wilcoxon")
            for r in (1, 10)
        ]
        largest = max(one for every in shares.values() for one in every)
        cells = (*(together(*shares[f]) for f in LEARNERS), together(*naive[:2]), together(*naive[2:]))
        rows.append((str(n), percent(share, 0), metric, *cells, error(tally, largest), str(tally.trials)))
    head = ("n", "second class, %", "metric", *LEARNERS, "naive t, worst family", "naive Wilcoxon, worst family")
    about = (
        "How often two equally good families of one kind are called different at .05, % of trials. The corrected t "
        "with 1 / 5 / 10 repeats of ten folds; the tests that take folds as independent with 1 / 10."
    )
    return Table("Tests of one difference", about, (*head, "s.e.", "trials"), rows)


def _five_by_two(found: dict[str, Tally]) -> Table:
    rows = []
    for n, metric in product(SIZES, METRICS):
        tally = found.get(f"5x2-{n}")
        if tally is not None:
            shares = [[tally.share("5x2", family, metric, name) for name in ("t", "f")] for family in LEARNERS]
            largest = error(tally, *(one for pair in shares for one in pair))
            rows.append((str(n), metric, *(together(*pair) for pair in shares), largest, str(tally.trials)))
    about = "The same for 5x2 cross-validation, balanced classes: Dietterich's t / Alpaydın's F."
    return Table("Five times two folds", about, ("n", "metric", *LEARNERS, "s.e.", "trials"), rows)


def covered(tally: Tally, key: str, which: int) -> float:
    """The share of estimates within their half-width (a position in the noted numbers) of the mean of all trials."""
    numbers = np.array(tally.values[key])
    return float((np.abs(numbers[:, 0] - numbers[:, 0].mean()) <= numbers[:, which]).mean())


def _intervals(found: dict[str, Tally]) -> Table:
    rows = []
    for (n, share, tally), metric in product(worlds(found), METRICS):
        shares = {f: [covered(tally, f"score/{f}/{metric}", which) for which in (1, 2)] for f in LEARNERS}
        for f in LEARNERS:
            if f"gap/{f}/{metric}" in tally.values:
                shares[f].append(covered(tally, f"gap/{f}/{metric}", 1))
        widest = max(standard_error(one, tally.trials) for every in shares.values() for one in every)
        cells = (together(*shares[f]) for f in LEARNERS)
        rows.append((str(n), percent(share, 0), metric, *cells, percent(widest, 2), str(tally.trials)))
    about = (
        "How often a 95 % interval of ten repeats covers, %: of a score, corrected / with folds taken as independent / "
        "of its difference from lda, corrected. The truth is the mean over samples of training sets of this size, "
        "estimated by the mean of all trials. No class mix is added here."
    )
    return Table("Intervals", about, ("n", "second class, %", "metric", *LEARNERS, "s.e.", "trials"), rows)


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


#: Rules in use elsewhere, with their names on the page.
RULES = {
    "within_tolerance": "ours within the tolerance",
    "within_sd": "ours within the paper's ± SD of folds",
    "prediction_interval": "95 % prediction interval",
}


def _others(found: dict[str, Tally]) -> Table:
    rows, tolerance, r = [], TOLERANCES[0], max(JUDGING)
    for (n, share, tally), metric in product(worlds(found), METRICS):
        shown: dict[str, list[float]] = {"bench": [], **{rule: [] for rule in RULES}}
        for shift, f in product(SHIFTS, LEARNERS):
            shown["bench"].append(outcomes(tally, "value", f, metric, r, tolerance, shift)[0])
            for rule in RULES:
                shown[rule].append(tally.share("other", f, metric, tolerance, shift, rule))
        means = [np.reshape(every, (len(SHIFTS), -1)).mean(axis=1) for every in shown.values()]
        cells = (together(*every, decimals=0) for every in means)
        rows.append((str(n), percent(share, 0), metric, *cells, str(tally.trials)))
    about = (
        "How often other rules in use give reproduced where the paper's implementation truly differs by 0 / ½ / 1 / 2 "
        "/ 3 tolerances, mean of the five families, ten repeats, tolerance .01, %. From a shift of one tolerance on it "
        "is false. These rules call everything else not reproduced: at shift 0 that is false, and bench says "
        "inconclusive instead. The prediction interval has the sampling error on both sides."
    )
    head = ("n", "second class, %", "metric", "bench", *RULES.values(), "trials")
    return Table("Other rules on the same numbers", about, head, rows)


def _two(found: dict[str, Tally]) -> Table:
    rows = []
    every = sorted({lead for leads in many_families.LEADS.values() for lead in leads})
    for n, (kind, leads), margin in product(SIZES, many_families.LEADS.items(), many_families.MARGINS):
        tally = found.get(f"many-{n}")
        if tally is not None:
            shares = {lead: outcomes(tally, "claim", kind, margin, lead)[:3] for lead in leads}
            wrong = [shares[lead][OUTCOMES.index(one)] for lead in leads for one in wrong_verdicts(kind, lead)]
            cells = (together(*shares[lead]) if lead in shares else "-" for lead in every)
            rows.append((str(n), kind, f"{margin}", *cells, error(tally, *wrong), str(tally.trials)))
    head = ("n", "claim", "margin", *(f"lead {lead:g}" for lead in every))
    about = (
        "Two families (LDA) on one dataset, ten times ten folds, accuracy; the first leads by a known number of "
        "margins: % reproduced / not reproduced / inconclusive. That it is better is false at lead 0, that they are "
        "equivalent from lead 1 on; there, at the border, neither verdict of `equivalent` may be given more often "
        "than .05."
    )
    return Table("Better and equivalent", about, (*head, "s.e.", "trials"), rows)


def wrong_verdicts(kind: str, lead: float) -> tuple[str, ...]:
    """The verdicts that are errors at this lead."""
    if kind == "better":
        return ("reproduced",) if lead == 0 else ("not_reproduced",)
    return ("not_reproduced",) if lead < 1 else ("reproduced", "not_reproduced") if lead == 1 else ("reproduced",)


def _orders(found: dict[str, Tally]) -> Table:
    rows = []
    for n, order, margin in product(SIZES, many_families.ORDERS, many_families.MARGINS):
        tally = found.get(f"many-{n}")
        if tally is not None:
            cells = (together(*outcomes(tally, "claim", order, margin, step)[:3]) for step in many_families.STEPS)
            wrong = [
                tally.share("claim", order, margin, step, wrong_order(order, step)) for step in many_families.STEPS
            ]
            rows.append((str(n), order, f"{margin}", *cells, error(tally, *wrong), str(tally.trials)))
    head = ("n", "claim", "margin", *(f"step {step}" for step in many_families.STEPS), "s.e.", "trials")
    about = (
        "Rankings of three families (LDA) on one dataset, each ahead of the next by a number of margins, the step: % "
        "reproduced / not reproduced / inconclusive. A strict ranking is false where the step is 0 and true above; one "
        "of ties is true where it is 0 and false above."
    )
    return Table("Rankings", about, head, rows)


def wrong_order(order: str, step: int) -> str:
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
