"""The scores of two runs against each other.

Two folds are the same where they have the same rows, by their numbers in one table or by the names that they have
elsewhere. Where runs have folds in common, both means and the difference are of these: scores that are equal on all of
them are identical, others are compared by the corrected t, as two models of one study. Without such folds the means
are of all folds, and taken as independent (Welch, with the corrected variances): of the same table this finds less than
it could, and never too much. A score is equal to the one before where two one-sided tests show that it lies within the
ROPE, else better or worse where the test shows a difference; else nobody can tell. Both p are adjusted by Holm over the
scores of one metric.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from bench.comparisons.run_record import (
    RecordedFold,
    RecordedMetric,
    RecordedScores,
    RecordedTable,
    RunRecord,
)
from bench.contrasts import (
    Contrast,
    WhyNot,
    compare_folds,
    compare_independent,
)
from bench.scores.series import Series, matched
from bench.stats.adjust import holm_where_tested
from bench.stats.intervals import corrected_mean
from bench.stats.noise import kept_decimals, without_noise


class Moved(StrEnum):
    """What became of a score: better or worse, equal within the ROPE, equal on every fold in common, neither shown, not
    testable; or the model has a score in one of the runs only."""

    BETTER = "better"
    WORSE = "worse"
    EQUAL = "equal"
    SAME = "same"
    UNCLEAR = "cannot_tell"
    NOT_TESTED = "not_tested"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class ScoreChange:
    """The mean score of a model on a dataset in both runs.

    `was`, `now`: over the `folds` in common where `paired`, else over all that the run has (`scores_was`, `scores_now`:
    how many these are); `stand_ins_was`, `stand_ins_now`: how many of these scores are another model's, where runs
    failed or are missing. `difference`: now less was. `paired`: None where nothing is compared; `p`: of no difference;
    `p_equal`: of one beyond the ROPE, None without a ROPE; `..._adjusted`: after Holm over the tested scores of the
    metric; `seeds`: whether of either run only seeds vary, so that interval and p know no sampling error."""

    metric: str
    dataset: str
    family: str
    moved: Moved
    was: float | None = None
    now: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    p_equal: float | None = None
    p_equal_adjusted: float | None = None
    paired: bool | None = None
    folds: int = 0
    scores_was: int = 0
    scores_now: int = 0
    stand_ins_was: int = 0
    stand_ins_now: int = 0
    untested: WhyNot | None = None
    seeds: bool = False

    @property
    def in_part(self) -> bool:
        """Whether the means leave out scores of a run, on folds that the other one does not have."""
        return bool(self.paired) and self.folds < max(self.scores_was, self.scores_now)


def moved_scores(
    was: RunRecord, now: RunRecord, others: Container[str]
) -> tuple[ScoreChange, ...]:
    """Every score of either run by metric, those of `now` in their order; `others`: datasets of which something else is
    predicted now, so that nothing is compared."""
    runs, before = _Runs(was, now, others), {one.name for one in was.metrics}
    return tuple(
        row
        for metric in now.metrics
        if metric.name in before
        for row in _compare_metric(runs, metric)
    )


#: Repeat and fold; fold -1: what is pooled over the folds of the repeat.
FoldKey = tuple[int, int]


def folds_in_common(
    was: RunRecord, now: RunRecord, dataset: str
) -> dict[FoldKey, FoldKey]:
    """By place of the earlier run, that of the later one with the same rows; of a repeat whose folds all have one, too.

    Fewer than half the folds of the smaller run are the same by chance, and none is in common."""
    if not same_rows(was.table(dataset), now.table(dataset)):
        return {}
    first, second = (_by_name(run.folds_of(dataset)) for run in (was, now))
    if not first and not second:  # one score a model, of which nobody says more
        return {(0, -1): (0, -1)}
    same = {place: second[name] for name, place in first.items() if name in second}
    if 2 * len(same) < min(len(first), len(second)):
        return {}
    return same | _whole_repeats(same, list(first.values()), list(second.values()))


def same_rows(was: RecordedTable, now: RecordedTable) -> bool:
    """Whether what names a row means the same row: a name from elsewhere does; its number does in equal tables, and in
    one that was only cleaned otherwise, row by row."""
    if was.elsewhere or now.elsewhere:
        return was.elsewhere and now.elsewhere
    if was.fingerprint == now.fingerprint:
        return True
    others = (
        was.target is not None
        and now.target is not None
        and was.target.rows != now.target.rows
    )
    return not others and (was.raw_sha256, was.rows) == (now.raw_sha256, now.rows)


def _by_name(folds: tuple[RecordedFold, ...]) -> dict[tuple[str, int], FoldKey]:
    """The place of each fold by what names its rows, and how many before it have the same ones."""
    seen, found = Counter[str](), dict[tuple[str, int], FoldKey]()
    for fold in sorted(folds, key=lambda one: (one.repeat, one.fold)):
        found[fold.rows, seen[fold.rows]] = fold.repeat, fold.fold
        seen[fold.rows] += 1
    return found


def _whole_repeats(
    same: Mapping[FoldKey, FoldKey], first: list[FoldKey], second: list[FoldKey]
) -> dict[FoldKey, FoldKey]:
    sizes = [Counter(repeat for repeat, _ in places) for places in (first, second)]
    pairs = Counter((was[0], now[0]) for was, now in same.items())
    return {
        (a, -1): (b, -1)
        for (a, b), count in pairs.items()
        if count == sizes[0][a] == sizes[1][b]
    }


@dataclass(frozen=True)
class _Runs:
    """Two runs; `others`: datasets of which something else is predicted now."""

    was: RunRecord
    now: RunRecord
    others: Container[str]

    @cached_property
    def common(self) -> dict[str, dict[FoldKey, FoldKey]]:
        """The folds in common of each dataset of both."""
        before = {table.dataset for table in self.was.tables}
        return {
            table.dataset: folds_in_common(self.was, self.now, table.dataset)
            for table in self.now.tables
            if table.dataset in before
        }


def _compare_metric(runs: _Runs, metric: RecordedMetric) -> Iterator[ScoreChange]:
    """The scores of one metric, p adjusted over all of them that were tested."""
    before, after = (
        {scores.key: scores for scores in run.scores if scores.metric == metric.name}
        for run in (runs.was, runs.now)
    )
    rows = []
    for key in dict.fromkeys([*after, *before]):
        was, now = before.get(key), after.get(key)
        if was is not None and now is not None:
            rows.append(_compare_scores(runs, metric, was, now))
        else:
            rows.append(_state_alone(was, now))
    adjusted = holm_where_tested([row.p for row in rows])
    equal = holm_where_tested([row.p_equal for row in rows])
    for row, p, p_equal in zip(rows, adjusted, equal, strict=True):
        row = replace(row, p_adjusted=p, p_equal_adjusted=p_equal)
        yield row if p is None else replace(row, moved=_outcome(runs, metric, row))


def _outcome(runs: _Runs, metric: RecordedMetric, row: ScoreChange) -> Moved:
    """Equality within the ROPE first: a difference that is certain and too small to matter is none."""
    alpha = 1 - runs.now.level
    if row.p_equal_adjusted is not None and row.p_equal_adjusted < alpha:
        return Moved.EQUAL
    if row.p_adjusted is None or row.difference is None or row.p_adjusted >= alpha:
        return Moved.UNCLEAR
    is_better = (row.difference > 0) == metric.higher_is_better
    return Moved.BETTER if is_better else Moved.WORSE


def _state_alone(was: RecordedScores | None, now: RecordedScores | None) -> ScoreChange:
    """A score of one run only."""
    scores = was or now
    assert scores is not None
    series, stand_ins = scores.series, len(scores.stand_ins)
    row = ScoreChange(
        metric=scores.metric,
        dataset=scores.dataset,
        family=scores.family,
        moved=Moved.NEW if was is None else Moved.GONE,
    )
    count = len(series.defined)
    if was is None:
        return replace(row, now=series.mean, scores_now=count, stand_ins_now=stand_ins)
    return replace(row, was=series.mean, scores_was=count, stand_ins_was=stand_ins)


def _compare_scores(
    runs: _Runs, metric: RecordedMetric, was: RecordedScores, now: RecordedScores
) -> ScoreChange:
    dataset, common = now.dataset, runs.common[now.dataset]
    first, second = was.series, now.series
    row = ScoreChange(
        metric=metric.name,
        dataset=dataset,
        family=now.family,
        moved=Moved.NOT_TESTED,
        was=first.mean,
        now=second.mean,
        scores_was=len(first.defined),
        scores_now=len(second.defined),
        seeds=any(run.table(dataset).setting.seeds for run in (runs.was, runs.now)),
    )
    if first.mean is None or second.mean is None:
        row = replace(row, untested=WhyNot.NO_SCORE)
    elif dataset in runs.others:
        row = replace(row, untested=WhyNot.OTHER_TARGET)
    elif _is_aggregated_otherwise(runs, first, second, dataset):
        row = replace(row, untested=WhyNot.OTHER_AGGREGATION)
    else:
        row = _test(runs, metric, row, first, second)
    if row.paired:
        places = first.by_fold.keys(), second.by_fold.keys()
        common = {a: b for a, b in common.items() if a in places[0] and b in places[1]}
        stand_ins = (
            set(was.stand_ins) & set(common),
            set(now.stand_ins) & set(common.values()),
        )
    else:
        stand_ins = set(was.stand_ins), set(now.stand_ins)
    return replace(
        row, stand_ins_was=len(stand_ins[0]), stand_ins_now=len(stand_ins[1])
    )


def _is_aggregated_otherwise(
    runs: _Runs, first: Series, second: Series, dataset: str
) -> bool:
    """Whether one score is pooled over several folds and the other is not; of a score without folds nobody knows."""
    folds = [run.folds_of(dataset) for run in (runs.was, runs.now)]
    several = any(len(its) > len({one.repeat for one in its}) for its in folds)
    return several and all(folds) and first.pooled != second.pooled


def _test(
    runs: _Runs,
    metric: RecordedMetric,
    row: ScoreChange,
    first: Series,
    second: Series,
) -> ScoreChange:
    """The row with the corrected t of the folds in common, else with the test of two independent means."""
    common = runs.common[row.dataset]
    settings = [run.table(row.dataset).setting for run in (runs.was, runs.now)]
    was, now = matched(first.moved(common), second.on(set(common.values())))
    folds = len(was.value)
    if folds and not without_noise(was.value - now.value, was.value, now.value).any():
        return replace(_over(row, was.value, now.value, folds), moved=Moved.SAME)
    a, b = settings[1].sample(was), settings[1].sample(now)
    if a is not None and b is not None:
        contrast = compare_folds(b[0], a[0], ratio=b[1])
        return _tested(runs, metric, _over(row, a[0], b[0], folds), contrast)
    a, b = settings[0].sample(first), settings[1].sample(second)
    if a is not None and b is not None:
        means = [corrected_mean(values, test_train_ratio=r) for values, r in (b, a)]
        contrast = compare_independent(*means)
        return _tested(runs, metric, _over(row, a[0], b[0]), contrast)
    row = replace(row, untested=WhyNot.NO_ERROR_RATE)
    if folds:
        return _over(row, was.value, now.value, folds)
    return _over(row, first.defined, second.defined)


def _over(
    row: ScoreChange, was: np.ndarray, now: np.ndarray, folds: int = 0
) -> ScoreChange:
    """A score with the means of these values, and their difference; `folds`: on so many folds in common."""
    a, b = float(was.mean()), float(now.mean())
    difference = round(b - a, kept_decimals(a, b)) + 0.0
    return replace(
        row, was=a, now=b, difference=difference, paired=folds > 0, folds=folds
    )


def _tested(
    runs: _Runs, metric: RecordedMetric, row: ScoreChange, contrast: Contrast
) -> ScoreChange:
    """The score with its interval, p of no difference, and of one beyond the ROPE, where there is one."""
    ends = contrast.interval(runs.now.level)
    if ends is None:
        return replace(row, untested=WhyNot.EQUAL_DIFFERENCES)
    rope = metric.rope
    return replace(
        row,
        low=ends[0],
        high=ends[1],
        p=contrast.p(),
        p_equal=None if rope is None else contrast.p(rope, "within"),
    )
