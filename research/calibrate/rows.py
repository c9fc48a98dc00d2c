"""Tables of tests and intervals from counts: shares in percent, each row with its trials.

s.e.: the standard error of the largest error rate of a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from research.calibrate import many_datasets, many_families
from research.calibrate.learners import LEARNERS
from research.calibrate.one_dataset import REPEATS
from research.calibrate.parts import SHARES, SIZES
from research.calibrate.scoring import METRICS
from research.calibrate.tally import Tally, standard_error

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    title: str
    about: str
    head: Row
    rows: list[Row]


def tables(found: dict[str, Tally]) -> list[Table]:
    """The tables in the order of the page; those whose cells were not simulated have no rows."""
    return [make(found) for make in (_tests, _intervals, _pairs, _ranks)]


def percent(share: float, decimals: int = 1) -> str:
    return f"{100 * share:.{decimals}f}"


def error(tally: Tally, *shares: float) -> str:
    """The standard error of the largest of these shares, in percent."""
    return percent(standard_error(max(shares), tally.trials), 2)


def worlds(found: dict[str, Tally]) -> Iterator[tuple[int, float, Tally]]:
    for n, share in product(SIZES, SHARES):
        if f"one-{n}-{share}" in found:
            yield n, share, found[f"one-{n}-{share}"]


def together(*shares: float, decimals: int = 1) -> str:
    """Shares in one cell."""
    return " / ".join(percent(share, decimals) for share in shares)


def _tests(found: dict[str, Tally]) -> Table:
    rows = []
    for (n, share, tally), metric in product(worlds(found), METRICS):
        shares = {
            f: [tally.share("test", f, metric, "corrected", r) for r in REPEATS]
            for f in LEARNERS
        }
        naive = [
            max(tally.share("test", f, metric, name, r) for f in LEARNERS)
            for name in ("naive_t", "naive_wilcoxon")
            for r in (1, 10)
        ]
        largest = max(one for every in shares.values() for one in every)
        cells = (
            *(together(*shares[f]) for f in LEARNERS),
            together(*naive[:2]),
            together(*naive[2:]),
        )
        rows.append(
            (
                str(n),
                percent(share, 0),
                metric,
                *cells,
                error(tally, largest),
                str(tally.trials),
            )
        )
    head = (
        "n",
        "second class, %",
        "metric",
        *LEARNERS,
        "naive t, worst family",
        "naive Wilcoxon, worst family",
    )
    about = (
        "How often two equally good families of one kind are called different at .05, % of trials. The corrected t "
        "with 1 / 5 / 10 repeats of ten folds; the tests that take folds as independent with 1 / 10."
    )
    return Table("Tests of one difference", about, (*head, "s.e.", "trials"), rows)


def covered(tally: Tally, key: str, which: int) -> float:
    """The share of estimates within their half-width (a position in the noted numbers) of the mean of all trials."""
    numbers = np.array(tally.values[key])
    return float(
        (np.abs(numbers[:, 0] - numbers[:, 0].mean()) <= numbers[:, which]).mean()
    )


def _intervals(found: dict[str, Tally]) -> Table:
    rows = []
    for (n, share, tally), metric in product(worlds(found), METRICS):
        shares = {
            f: [covered(tally, f"score/{f}/{metric}", which) for which in (1, 2)]
            for f in LEARNERS
        }
        for f in LEARNERS:
            if f"gap/{f}/{metric}" in tally.values:
                shares[f].append(covered(tally, f"gap/{f}/{metric}", 1))
        widest = max(
            standard_error(one, tally.trials)
            for every in shares.values()
            for one in every
        )
        cells = (together(*shares[f]) for f in LEARNERS)
        rows.append(
            (
                str(n),
                percent(share, 0),
                metric,
                *cells,
                percent(widest, 2),
                str(tally.trials),
            )
        )
    about = (
        "How often a 95 % interval of ten repeats covers, %: of a score, corrected / with folds taken as independent / "
        "of its difference from lda, corrected. The truth is the mean over samples of training sets of this size, "
        "estimated by the mean of all trials. No class mix is added here."
    )
    return Table(
        "Intervals",
        about,
        ("n", "second class, %", "metric", *LEARNERS, "s.e.", "trials"),
        rows,
    )


def _pairs(found: dict[str, Tally]) -> Table:
    rows = []
    for n, metric, r, k in product(
        SIZES, METRICS, many_families.REPEATS, many_families.COUNTS
    ):
        tally = found.get(f"many-{n}")
        if tally is not None:
            names = ("holm", "unadjusted", "naive_t_holm")
            shares = [tally.share("family", metric, r, k, name) for name in names]
            rows.append(
                (
                    str(n),
                    metric,
                    str(r),
                    str(k),
                    *map(percent, shares),
                    error(tally, shares[0]),
                    str(tally.trials),
                )
            )
    head = (
        "n",
        "metric",
        "r",
        "families",
        "corrected t, Holm",
        "corrected t, unadjusted",
        "naive t, Holm",
    )
    about = "How often any pair of k equally good families on one dataset is called different at .05, % of trials."
    return Table("All pairs on one dataset", about, (*head, "s.e.", "trials"), rows)


def _ranks(found: dict[str, Tally]) -> Table:
    rows: list[Row] = []
    tally = found.get("table")
    if tally is not None:
        for n in many_datasets.DATASETS:
            one = tally.share("table", n, 2, "unadjusted")
            rows.append(
                (
                    str(n),
                    "2",
                    percent(one),
                    *"---",
                    error(tally, one),
                    str(tally.trials),
                )
            )
            for k in many_families.COUNTS:
                names = ("signed_rank_holm", "unadjusted", "friedman_f", "nemenyi")
                shares = [tally.share("table", n, k, name) for name in names]
                rows.append(
                    (
                        str(n),
                        str(k),
                        *map(percent, shares),
                        error(tally, shares[0], *shares[2:]),
                        str(tally.trials),
                    )
                )
    head = (
        "datasets",
        "families",
        "signed rank, Holm",
        "signed rank, unadjusted",
        "Friedman F",
        "Nemenyi",
    )
    about = (
        "How often k equally good families over N datasets are called different at .05, % of trials. With ten datasets "
        "and ten families no table can reject after Holm, and bench says so instead of a p-value."
    )
    return Table("Many datasets", about, (*head, "s.e.", "trials"), rows)
