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
from bench.scores.series import Series, matched
from bench.stats.adjust import holm
from bench.stats.equivalence import one_sided
from bench.stats.intervals import corrected_mean, t_cdf, t_quantile, welch
from bench.stats.noise import without_noise
from bench.stats.paired import corrected_t, few_equal


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


class WhyUntested(StrEnum):
    """Why a score is not tested: it is about something else now, it is pooled over folds in one run and a mean of folds
    in the other, a run has none, no error rate exists (one split, pooled scores, single test rows, folds of unknown
    size), or what varies is equal everywhere."""

    TARGET = "target"
    AGGREGATION = "aggregation"
    NO_SCORE = "no_score"
    NO_ERROR = "no_error"
    NO_SPREAD = "no_spread"


@dataclass(frozen=True)
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
    untested: WhyUntested | None = None
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
        for row in _of_metric(runs, metric)
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
        before = {one.dataset for one in self.was.tables}
        known = [one.dataset for one in self.now.tables if one.dataset in before]
        return {
            dataset: folds_in_common(self.was, self.now, dataset) for dataset in known
        }


def _of_metric(runs: _Runs, metric: RecordedMetric) -> Iterator[ScoreChange]:
    """The scores of one metric, p adjusted over all of them that were tested."""
    before, after = (
        {one.key: one for one in run.scores if one.metric == metric.name}
        for run in (runs.was, runs.now)
    )
    rows = [
        _score(runs, metric, before.get(key), after.get(key))
        for key in dict.fromkeys([*after, *before])
    ]
    different, equal = (
        iter(holm(np.array([one for one in each if one is not None])).tolist())
        for each in ([row.p for row in rows], [row.p_equal for row in rows])
    )
    for row in rows:
        row = row if row.p is None else replace(row, p_adjusted=next(different))
        row = row if row.p_equal is None else replace(row, p_equal_adjusted=next(equal))
        yield (
            row
            if row.p is None
            else replace(row, moved=_outcome(row, metric, 1 - runs.now.level))
        )


def _outcome(row: ScoreChange, metric: RecordedMetric, alpha: float) -> Moved:
    """Equality within the ROPE first: a difference that is certain and too small to matter is none."""
    if row.p_equal_adjusted is not None and row.p_equal_adjusted < alpha:
        return Moved.EQUAL
    if row.p_adjusted is None or row.difference is None or row.p_adjusted >= alpha:
        return Moved.UNCLEAR
    return (
        Moved.BETTER if (row.difference > 0) == metric.higher_is_better else Moved.WORSE
    )


def _score(
    runs: _Runs,
    metric: RecordedMetric,
    a: RecordedScores | None,
    b: RecordedScores | None,
) -> ScoreChange:
    """One score; each is of one of the runs at least."""
    if a is not None and b is not None:
        row = _in_both(runs, metric, a, b)
        return (
            _with_stand_ins(row, a, b, runs.common[b.dataset])
            if a.stand_ins or b.stand_ins
            else row
        )
    there = a or b
    assert there is not None
    mean, count, stand_ins = (
        there.series.mean,
        len(there.series.defined),
        len(there.stand_ins),
    )
    row = ScoreChange(
        metric.name, there.dataset, there.family, Moved.NEW if a is None else Moved.GONE
    )
    if a is None:
        return replace(row, now=mean, scores_now=count, stand_ins_now=stand_ins)
    return replace(row, was=mean, scores_was=count, stand_ins_was=stand_ins)


def _with_stand_ins(
    row: ScoreChange,
    a: RecordedScores,
    b: RecordedScores,
    common: Mapping[FoldKey, FoldKey],
) -> ScoreChange:
    """The score with how many of those behind its means are another model's."""
    was, now = set(a.stand_ins), set(b.stand_ins)
    if row.paired:
        before, after = a.series.by_fold, b.series.by_fold
        pairs = [
            (first, second)
            for first, second in common.items()
            if first in before and second in after
        ]
        was, now = (
            was & {first for first, _ in pairs},
            now & {second for _, second in pairs},
        )
    return replace(row, stand_ins_was=len(was), stand_ins_now=len(now))


def _in_both(
    runs: _Runs, metric: RecordedMetric, a: RecordedScores, b: RecordedScores
) -> ScoreChange:
    first, second = a.series, b.series
    tables, level = (
        [run.table(b.dataset) for run in (runs.was, runs.now)],
        runs.now.level,
    )
    row = ScoreChange(
        metric.name, b.dataset, b.family, Moved.NOT_TESTED, first.mean, second.mean,
        scores_was=len(first.defined), scores_now=len(second.defined),
        seeds=any(table.setting.seeds for table in tables),
    )  # fmt: skip
    if row.was is None or row.now is None:
        return replace(row, untested=WhyUntested.NO_SCORE)
    if b.dataset in runs.others:
        return replace(row, untested=WhyUntested.TARGET)
    if _aggregated_otherwise(runs, first, second, b.dataset):
        return replace(row, untested=WhyUntested.AGGREGATION)
    common = runs.common[b.dataset]
    pair = matched(_moved_to(first, common), second.on(set(common.values())))
    was, now = (one.value for one in pair)
    if len(was) and not without_noise(was - now, was, now).any():
        return replace(_over(row, was, now, folds=len(was)), moved=Moved.SAME)
    if (samples := _samples([tables[1]] * 2, pair)) is not None:
        return _paired(row, metric, *samples, level=level, folds=len(was))
    if (samples := _samples(tables, (first, second))) is not None:
        return _independent(row, metric, *samples, level=level)
    row = replace(row, untested=WhyUntested.NO_ERROR)
    return (
        _over(row, was, now, folds=len(was))
        if len(was)
        else _over(row, first.defined, second.defined)
    )


def _aggregated_otherwise(
    runs: _Runs, first: Series, second: Series, dataset: str
) -> bool:
    """Whether one score is pooled over several folds and the other is not; of a score without folds nobody knows."""
    folds = [run.folds_of(dataset) for run in (runs.was, runs.now)]
    several = any(len(its) > len({one.repeat for one in its}) for its in folds)
    return (
        several
        and all(folds)
        and bool((first.fold < 0).all() != (second.fold < 0).all())
    )


def _moved_to(series: Series, places: Mapping[FoldKey, FoldKey]) -> Series:
    """The scores of some places, at those of the other run."""
    kept = [
        (*places[place], value)
        for place, value in zip(series.keys, series.value, strict=True)
        if place in places
    ]
    repeat, fold, value = (
        np.array([one[part] for one in sorted(kept)]) for part in range(3)
    )
    return Series(repeat.astype(int), fold.astype(int), value.astype(float))


def _over(
    row: ScoreChange, was: np.ndarray, now: np.ndarray, folds: int = 0
) -> ScoreChange:
    """A score with the means of these values, and their difference; `folds`: on so many folds in common."""
    a, b = float(was.mean()), float(now.mean())
    difference = float(
        without_noise(np.array([b - a]), np.array([a]), np.array([b]))[0]
    )
    return replace(
        row, was=a, now=b, difference=difference + 0.0, paired=folds > 0, folds=folds
    )


@dataclass(frozen=True)
class _Sample:
    """The values that vary, with the ratio that corrects their overlap."""

    values: np.ndarray
    ratio: float


def _samples(
    tables: list[RecordedTable], series: tuple[Series, Series]
) -> tuple[_Sample, _Sample] | None:
    """What varies in both; None where one of them has no error rate."""
    found = [
        table.setting.sample(one) if len(one.value) else None
        for table, one in zip(tables, series, strict=True)
    ]
    first, second = (
        None if one is None or len(one[0]) < 2 else _Sample(*one) for one in found
    )
    return None if first is None or second is None else (first, second)


def _paired(
    row: ScoreChange,
    metric: RecordedMetric,
    a: _Sample,
    b: _Sample,
    *,
    level: float,
    folds: int,
) -> ScoreChange:
    """The corrected t of pairs, unless a few differences are equal."""
    row = _over(row, a.values, b.values, folds)
    if few_equal(b.values, a.values):
        return replace(row, untested=WhyUntested.NO_SPREAD)
    test = corrected_t(b.values, a.values, test_train_ratio=b.ratio, level=level)
    row = replace(row, low=test.low, high=test.high, p=test.p_value)
    return _beyond(row, metric, test.difference, test.se, test.df)


def _independent(
    row: ScoreChange, metric: RecordedMetric, a: _Sample, b: _Sample, *, level: float
) -> ScoreChange:
    """The test of two independent means, unless neither varies."""
    row = _over(row, a.values, b.values)
    means = [
        corrected_mean(one.values, test_train_ratio=one.ratio, level=level)
        for one in (a, b)
    ]
    se, df = welch(*((one.se, one.df) for one in means))
    difference = means[1].estimate - means[0].estimate
    if se == 0:
        return replace(row, untested=WhyUntested.NO_SPREAD)
    half, p = (
        t_quantile((1 + level) / 2, df) * se,
        min(1.0, 2 * t_cdf(-abs(difference) / se, df)),
    )
    return _beyond(
        replace(row, low=difference - half, high=difference + half, p=p),
        metric,
        difference,
        se,
        df,
    )


def _beyond(
    row: ScoreChange, metric: RecordedMetric, difference: float, se: float, df: float
) -> ScoreChange:
    """The score with p of a difference beyond the ROPE, where there is one."""
    if metric.rope is None:
        return row
    return replace(row, p_equal=max(one_sided(difference, se, df, metric.rope)))
