"""Whether rows that stand next to each other in the file are more alike than others of their class.

Rows of one patient, speaker or day stand together in most files, whether or not a column says so. Where rows are
independent cases their order within a class is arbitrary, so the test is exact. A table that somebody sorted is found
too: the finding says what was seen, and the reader decides.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Literal

import numpy as np

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, words
from bench.diagnose._across import keeps_groups
from bench.diagnose._rows import LEVELS, Sample
from bench.diagnose.case import Case, toy_table
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import (
    alarm_level,
    found,
    not_applicable,
    passed,
    permutations,
)
from bench.run.seeds import seed_of
from bench.scores.design import is_in_time, resampling_of
from bench.stats.file_order import FileOrder, file_order
from bench.stats.misses import alike
from bench.stats.ranks import midranks
from bench.study import Study
from bench.text.findings import NoFeatures
from bench.text.formats import count, listed, share

NAME, BUDGET = "file_order", 0.02
#: Neighbours closer by this share are rows of one origin as far as anybody can tell; below it, a note.
CLOSE = 0.3
#: One feature alone makes them so when without it they are closer by less than this.
REST = 0.15
#: A feature whose values rise or fall with the row number so steadily (rank correlation) has sorted the table.
SORTED = 0.95
ROWS, FEWEST = 2_000, 20


say = words(
    "file_order",
    {
        "by_time": "the split follows time, where neighbouring rows are expected to be similar",
        "no_triple": "no class has three different rows",
        "weak": f"the effect is weak (below {share(CLOSE, 1, decimals=0)})",
        "too_few": "fewer than {least} rows, or no feature to measure distances by",
        "group_kept": "the split keeps {group} on one side, so this similarity cannot leak",
        "sorted_by": "the table looks sorted by {columns:commas}"
        "{alone:; within one value, rows are less similar|, which may explain it}",
        "one_feature": "{column} alone explains it",
    },
)


class Similarity(Statement, code="file_order.similarity"):
    """How far apart neighbours in the file are.

    within: of which rows (of a class, of a tenth of the target, any), and `in_group` where also of one declared group.
    as_close: of so many random orders, how many were as close.
    """

    within: str
    in_group: bool
    as_close: int
    orders: int

    def sentence(self) -> str:
        parts = {"class": ["classes"], "tenth": ["tenths of the target"], "all": []}[
            self.within
        ]
        parts = [*parts, *(["groups"] if self.in_group else [])]
        orders = f"{count(self.orders)} random orders{f' of the rows within {listed(parts)}' if parts else ''}"
        if not self.as_close:
            return (
                f"consecutive rows of the file are more alike than in any of {orders}"
            )
        return f"{count(self.as_close)} of {orders} make consecutive rows as alike as in the file"


class DesignedRows(Statement, code="file_order.designed"):
    """The rows are combinations of a few values, `combinations` of them: each equally often (a grid), or in counts."""

    combinations: int
    grid: bool

    def sentence(self) -> str:
        if self.grid:
            return f"the rows are the {count(self.combinations)} combinations of the features' values, each equally often"
        return f"the rows are a sorted table of counts of {count(self.combinations)} combinations of values"


Split = Literal["random", "each_row", "fixed", "folds", "grouped"]


class OneOrigin(Statement, code="file_order.one_origin"):
    """Neighbours look like rows of one origin; `split`: what the split of the study is."""

    split: str

    def sentence(self) -> str:
        splits = {
            "random": "a random split",
            "each_row": "leave-one-out",
            "fixed": "the fixed split",
            "folds": "the given folds",
            "grouped": "folds by another group",
        }
        return f"{splits[self.split]} may put rows of one origin on both sides"


def _split_of(study: Study, dataset: str) -> Split:
    """What the split of a dataset is: `random` where rows are dealt out at random."""
    own = resampling_of(study, dataset)
    if own is None:
        return "random"
    if own.row_by_row:
        return "each_row"
    if own.given:
        return "fixed" if own.one_split else "folds"
    return "grouped" if own.keeps_groups else "random"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a dataset: how much closer neighbours are than shuffled rows of their class (and declared group)."""
    level = alarm_level(BUDGET, len(evidence.samples))
    return [
        _judged(evidence, name, sample, level)
        for name, sample in evidence.samples.items()
    ]


def _judged(
    evidence: DiagnosticEvidence, name: str, sample: Sample, level: float
) -> Finding:
    subject, at = (name, None), sample.some(ROWS)
    if is_in_time(evidence.study, name):
        return not_applicable(subject, say("by_time"))
    if len(at) < FEWEST or not sample.places.shape[1]:
        return not_applicable(subject, say("too_few", least=FEWEST))
    kept = sample.group is not None and keeps_groups(evidence, name)
    strata, within = _strata(sample, at, kept)
    count, seed = permutations(level), seed_of(NAME, evidence.study.id, name)
    test = partial(file_order, sample.places[at], permutations=count, seed=seed)
    order = test(strata)
    if order is None:
        return not_applicable(subject, say("no_triple"))
    similarity = Similarity(within, kept, round(order.p_value * (count + 1)) - 1, count)
    group = (
        [say("group_kept", group=str(evidence.study.datasets[name].group))]
        if kept
        else []
    )
    number = order.closer
    if order.p_value >= level:
        return passed(subject, similarity, *group, *sample.examined, number=number)
    if kept:
        return found(
            subject, Severity.NOTE, similarity, *group, *sample.examined, number=number
        )
    severity, why = _weighed(sample, at, order, _split_of(evidence.study, name))
    sorting = (
        _sorting_text(evidence, sample, at, strata)
        if severity is Severity.WARNING
        else None
    )
    again = None if sorting is None else test(sorting[1])
    if sorting is not None and (
        again is None or again.p_value >= level or again.closer < CLOSE
    ):
        severity, why = (
            Severity.NOTE,
            say("sorted_by", columns=(sorting[0],), alone=True),
        )
    return found(subject, severity, similarity, why, *sample.examined, number=number)


def _designed(sample: Sample) -> DesignedRows | None:
    """Whether the features take every combination of a few values equally often, or few combinations many times."""
    values = np.nan_to_num(sample.X, nan=np.inf)
    levels = [len(np.unique(column)) for column in values.T]
    if len(levels) < 2 or max(levels) > LEVELS:
        return None
    sets, counts = np.unique(values, axis=0, return_counts=True)
    grid = (
        math.prod(levels) == len(sets)
        and counts.min() == counts.max()
        and not sample.examined
    )
    written_out = 10 * len(sets) <= sample.n
    return DesignedRows(len(sets), grid) if grid or written_out else None


def _strata(sample: Sample, at: np.ndarray, kept: bool) -> tuple[np.ndarray, str]:
    """Which rows may change places, by number, and what they have in common besides a declared group that is kept."""
    strata, within = _alike(sample, at)
    if kept and sample.group is not None:
        both = np.array([strata.astype(str), sample.group[at].astype(str)])
        strata = np.unique(both, axis=1, return_inverse=True)[1]
    return strata.ravel(), within


def _alike(sample: Sample, at: np.ndarray) -> tuple[np.ndarray, str]:
    """The rows that may change places: of one class; all, of numbers, or a tenth of them where the target sorts the
    file, whole or in runs, for then its neighbours are alike in whatever the target depends on."""
    if sample.classes:
        return sample.y[at], "class"
    y = sample.y[at]
    steady = np.ptp(y[1:]) > 0 and np.ptp(y[:-1]) > 0
    in_runs = max(float((np.diff(y) >= 0).mean()), float((np.diff(y) <= 0).mean()))
    if (
        steady
        and max(abs(_rank(y, np.arange(len(y)))), _rank(y[1:], y[:-1]), in_runs)
        >= SORTED
    ):
        return np.searchsorted(np.quantile(y, np.arange(1, 10) / 10), y), "tenth"
    return np.zeros(len(y), dtype=np.int64), "all"


def _weighed(
    sample: Sample, at: np.ndarray, order: FileOrder, split: Split
) -> tuple[Severity, Statement]:
    """How grave, and what it looks like: a designed or sorted table, or rows of one origin together."""
    if (designed := _designed(sample)) is not None:
        return Severity.NOTE, designed
    label = _alike(sample, at)[0]
    steadiness = {}
    for i, column in enumerate(sample.columns):
        values = sample.X[at, i]
        if (
            column.kind != "categorical"
            and len(np.unique(values[~np.isnan(values)])) > 2
        ):
            steadiness[column.name] = _steadiness(values, label)
    sorted_by = tuple(name for name, steady in steadiness.items() if steady >= SORTED)
    if sorted_by:
        return Severity.NOTE, say("sorted_by", columns=sorted_by, alone=False)
    if order.closer < CLOSE:
        return Severity.NOTE, say("weak")
    first = sample.place_of[int((order.weight * order.by_feature).argmax())]
    if order.without(sample.place_of == first) < REST:
        return Severity.NOTE, say("one_feature", column=sample.columns[first].name)
    return Severity.WARNING, OneOrigin(split)


def _sorting_text(
    evidence: DiagnosticEvidence, sample: Sample, at: np.ndarray, strata: np.ndarray
) -> tuple[str, np.ndarray] | None:
    """The name of the first column of few values whose levels stand in one run each within every stratum, and the
    strata with it.

    A category that looks like the name of an origin (a speaker, a site) excuses nothing.
    """
    groups = evidence.remarked(sample.name, "possible_group")
    order = np.argsort(strata, kind="stable")
    for i, column in enumerate(sample.columns):
        values = np.nan_to_num(sample.X[at, i], nan=-1.0)
        if column.name in groups or (
            column.kind != "categorical" and len(np.unique(values)) > LEVELS
        ):
            continue
        both = np.stack([strata, values])
        inside = np.unique(both, axis=1, return_inverse=True)[1].ravel()
        told = order[~np.isnan(sample.X[at, i])[order]]  # a missing value ends no run
        runs, sets = (
            1 + np.count_nonzero(np.diff(inside[told])),
            len(np.unique(inside[told])),
        )
        if runs == sets > len(np.unique(strata)):
            return column.name, inside
    return None


def _rank(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's correlation."""
    return float(alike(np.column_stack([midranks(a), midranks(b)]))[0, 1])


def _steadiness(values: np.ndarray, label: np.ndarray) -> float:
    """The mean, over classes by size, of |rank correlation of value and place in the file|."""
    total = 0.0
    for level in np.unique(label):
        of_class = values[(label == level) & ~np.isnan(values)]
        if len(of_class) > 2 and np.ptp(of_class) > 0:
            total += len(of_class) * abs(_rank(of_class, np.arange(len(of_class))))
    return total / len(values)


def _sick() -> Case:
    """Runs of ten rows that share most of what they are."""
    table = toy_table()
    table.X[:] += 2 * np.random.default_rng(5).normal(size=(20, 4)).repeat(10, axis=0)
    return Case(data=table)


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Serial similarity of rows",
    code="L7",
    why="Rows of one person, device or day are alike. A split across them may overstate the score on new ones.",
    what_to_do=(
        "Find out how the file is sorted. If rows share an origin, name its column in `group` and use `group_kfold`."
    ),
    question="Were consecutive rows collected from one person, device or day?",
    run=run,
    nothing=NoFeatures(),
    number=FindingNumber(
        "the mean squared distance between consecutive rows is smaller than in random orders by",
        "share",
    ),
    budget=BUDGET,
    sick=_sick,
)
