"""Whether rows that stand next to each other in the file are more alike than others of their class.

Rows of one patient, speaker or day stand together in most files, whether or not a column says so. Where rows are
independent cases their order within a class is arbitrary, so the test is exact. A table that somebody sorted is found
too: what was seen is said, and the reader decides.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import polars as pl

from bench.diagnose._groups import keeps_groups
from bench.diagnose._rows import Sample
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    Severity,
    alarm_level,
    found,
    not_applicable,
    passed,
    permutations,
)
from bench.run.seeds import seed_of
from bench.scores.design import resampling_of
from bench.stats.file_order import FileOrder, file_order

NAME = "file_order"
#: Neighbours closer by this share are rows of one origin as far as anybody can tell; below it, a note.
CLOSE = 0.3
#: One feature alone makes them so when without it they are closer by less than this.
REST = 0.15
#: A feature whose values rise or fall with the row number so steadily (rank correlation) has sorted the table.
SORTED = 0.95
ROWS, FEWEST = 2_000, 20


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a dataset: how much closer neighbours are than shuffled rows of their class (and declared group)."""
    rows: Rows = []
    for name, sample in evidence.samples.items():
        rows.append(_judged(evidence, name, sample, alarm_level(NAME, len(evidence.samples))))
    return rows or [not_applicable("the features are not here: whoever has them must answer for them")]


def _judged(evidence: DiagnosticEvidence, name: str, sample: Sample, level: float) -> dict[str, Any]:
    subject, at = (name, None), sample.some(ROWS)
    if resampling_of(evidence.study, name) == "time_ordered":
        return not_applicable("the split follows time: neighbours are meant to be alike", subject)
    if len(at) < FEWEST or not sample.places.shape[1]:
        return not_applicable(f"fewer than {FEWEST} rows, or no feature to measure distances by", subject)
    strata, kind = _alike(sample, at)
    kept = sample.group is not None and keeps_groups(evidence, name)
    if sample.group is not None and kept:
        kind = f"{kind} and group"
        _, strata = np.unique(np.array([strata.astype(str), sample.group[at].astype(str)]), axis=1, return_inverse=True)
    strata = strata.ravel()
    count, seed = permutations(level), seed_of(NAME, evidence.study.id, name)
    test = partial(file_order, sample.places[at], permutations=count, seed=seed)
    one = test(strata)
    if one is None:
        return not_applicable("no class has three different rows", subject)
    said = f"rows next to each other in the file are {_closer(one)} as {kind} in random order"
    often = _often(one.p_value, count)
    if one.p_value >= level:
        said = f"{said}; {often}" + (f"; {_handled(evidence, name)}" if kept else "")
        return passed(subject, sample.told(said), estimate=one.closer)
    severity, why = _weighed(sample, at, one)
    sorting = _sorting_text(evidence, sample, at, strata) if severity == "warning" else None
    again = None if sorting is None else test(sorting[1])
    if sorting is not None and (again is None or again.p_value >= level or again.closer < CLOSE):
        severity, why = "note", f"the table looks sorted by {sorting[0]}; rows of one value of it are less alike"
    if kept:
        severity, why = "note", f"{_handled(evidence, name)}: what is alike within it cannot leak"
    return found(subject, severity, sample.told(f"{said}; {often}; {why}"), estimate=one.closer)


def _handled(evidence: DiagnosticEvidence, name: str) -> str:
    return f"the split keeps {evidence.study.datasets[name].group}, the declared group, on one side"


def _often(p: float, count: int) -> str:
    """How often it would come by chance: of so many shuffles, how many looked like the file."""
    as_close = round(p * (count + 1)) - 1
    return f"of {count:,} random orders of these rows {as_close or 'none'} did as much"


def _alike(sample: Sample, at: np.ndarray) -> tuple[np.ndarray, str]:
    """The rows that may change places: of one class; all, of numbers, or a tenth of them where the target sorts the
    file, for then its neighbours are alike in whatever the target depends on."""
    if sample.classes:
        return sample.y[at], "rows of a class"
    from scipy.stats import spearmanr  # slow to import

    y = sample.y[at]
    if np.ptp(y) > 0 and abs(float(spearmanr(y, np.arange(len(y))).statistic)) >= SORTED:
        return np.searchsorted(np.quantile(y, np.arange(1, 10) / 10), y), "rows of a tenth of the target"
    return np.zeros(len(y), dtype=np.int64), "rows"


def _closer(one: FileOrder) -> str:
    """How much more alike, in words: the root of the mean squared distance, which is a distance again.

    `half as far apart`: closer by three quarters in squares.
    """
    apart = max(0.0, 1 - one.closer) ** 0.5
    if abs(apart - 1) < 0.005:
        return "as far apart"
    return f"{'only ' if apart < 1 else ''}{apart:.0%} as far apart"


def _weighed(sample: Sample, at: np.ndarray, one: FileOrder) -> tuple[Severity, str]:
    """How grave, and what it looks like: a table sorted by a feature, or rows of one origin together."""
    label = _alike(sample, at)[0]
    rises = {}
    for i, column in enumerate(sample.columns):
        values = sample.X[at, i]
        if column.kind != "categorical" and len(np.unique(values[~np.isnan(values)])) > 2:
            rises[column.name] = _steadiness(values, label)
    sorted_by = [name for name, steady in rises.items() if steady >= SORTED]
    if sorted_by:
        return "note", f"the table looks sorted by {', '.join(sorted_by)}, which can be all there is to it"
    if one.closer < CLOSE:
        return "note", "a weak likeness: order of collection, drift, or a few rows of one origin"
    first = sample.place_of[int((one.weight * one.by_feature).argmax())]
    if one.without(sample.place_of == first) < REST:
        return "note", f"{sample.columns[first].name} alone makes them so: it drifts, or the file was sorted by it"
    return "warning", (
        "rows of one person, device or day are like this: a random split puts some on each side. What scores owe to "
        "that is not known until the rows that belong together are named"
    )


def _sorting_text(
    evidence: DiagnosticEvidence, sample: Sample, at: np.ndarray, strata: np.ndarray
) -> tuple[str, np.ndarray] | None:
    """The name of the first category whose levels stand in one run each within every stratum, and the strata with it.

    A category that looks like the name of an origin (a speaker, a site) excuses nothing.
    """
    groups = evidence.remarks.filter((pl.col("dataset") == sample.name) & (pl.col("code") == "possible_group"))
    order = np.argsort(strata, kind="stable")
    for i, column in enumerate(sample.columns):
        if column.kind != "categorical" or column.name in groups["column"]:
            continue
        both = np.stack([strata, np.nan_to_num(sample.X[at, i], nan=-1.0)])
        inside = np.unique(both, axis=1, return_inverse=True)[1].ravel()
        runs, sets = 1 + np.count_nonzero(np.diff(inside[order])), len(np.unique(inside))
        if runs == sets > len(np.unique(strata)):
            return column.name, inside
    return None


def _steadiness(values: np.ndarray, label: np.ndarray) -> float:
    """The mean, over classes by size, of |rank correlation of value and place in the file|."""
    from scipy.stats import spearmanr  # slow to import

    total = 0.0
    for one in np.unique(label):
        mine = values[(label == one) & ~np.isnan(values)]
        if len(mine) > 2 and np.ptp(mine) > 0:
            total += len(mine) * abs(float(spearmanr(mine, np.arange(len(mine))).statistic))
    return total / len(values)


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Neighbours in the file",
    code="L7",
    why="Rows of one origin are alike. When a random split puts some of them into training and others into the test, "
    "the score says how well a family knows the origins it has seen, not how it does on new ones.",
    what_to_do="Find out how the rows were collected. If several come from one person, device or day, name that "
    "column as `group` and use `group_kfold`; if the file was only sorted, say so in the study.",
    run=run,
    number=Number("squared distance smaller by", "share"),
)
