"""The scores of two runs against each other.

Two folds are the same where they have the same rows, by their numbers in one table or by the names
that they have elsewhere. Where runs have folds in common, both means and the difference are of
these: scores that are equal on all of them are identical, others are compared by the corrected t,
as two models of one study. Without such folds the means are of all folds, and taken as independent
(Welch, with the corrected variances): of the same table this finds less than it could, and never
too much. A score is equal to the one before where two one-sided tests show that it lies within the
ROPE, else better or worse where the test shows a difference; else nobody can tell. Both p are
adjusted by Holm over the scores of one metric.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from bench.comparisons.run_record import (
    RecordedFold,
    RecordedMetric,
    RecordedScores,
    RecordedTable,
    RunRecord,
)
from bench.contrasts import Contrast, WhyNot, compare_folds, compare_independent
from bench.scores.series import Series, matched
from bench.scores.setting import Setting
from bench.stats.adjust import holm_where_tested
from bench.stats.intervals import corrected_mean
from bench.stats.noise import kept_decimals, without_noise

#: Repeat and fold; fold -1: what is pooled over the folds of the repeat.
FoldKey = tuple[int, int]


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

    was, now: over the `folds` in common where `paired`, else over all that the run has
    (scores_was, scores_now: how many); difference: now less was; paired: None where nothing is
    compared; p: of no difference; p_equal: of one beyond the ROPE, None without one; adjusted:
    by Holm over the tested scores of the metric; stand_ins_was, stand_ins_now: how many scores
    are another model's, where runs failed or are missing; seeds: whether of either run only seeds
    vary, so that interval and p know no sampling error.
    """

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
        """Whether the means leave out scores of a run, on folds that the other one lacks."""
        return bool(self.paired) and self.folds < max(self.scores_was, self.scores_now)


def moved_scores(
    was: RunRecord, now: RunRecord, others: Container[str]
) -> tuple[ScoreChange, ...]:
    """Every score of either run by the metrics of both, those of `now` in their order.

    others: datasets of which something else is predicted now, so that nothing is compared.
    """
    before = {table.dataset for table in was.tables}
    places = {
        table.dataset: _Place.of(was, now, table.dataset)
        for table in now.tables
        if table.dataset in before and table.dataset not in others
    }
    known = {metric.name for metric in was.metrics}
    rows: list[ScoreChange] = []
    for metric in now.metrics:
        if metric.name in known:
            rows += _compare_metric(was, now, metric, places)
    return tuple(rows)


def folds_in_common(
    was: RunRecord, now: RunRecord, dataset: str
) -> dict[FoldKey, FoldKey]:
    """By place of the earlier run, that of the later one with the same rows; of a repeat whose
    folds all have one, too.

    Fewer than half the folds of the smaller run are the same by chance: none is in common.
    """
    if not same_rows(was.table(dataset), now.table(dataset)):
        return {}
    first, second = (_name_folds(run.folds_of(dataset)) for run in (was, now))
    if not first and not second:  # one score a model, of which nobody says more
        return {(0, -1): (0, -1)}
    same = {place: second[name] for name, place in first.items() if name in second}
    if 2 * len(same) < min(len(first), len(second)):
        return {}
    sizes_was = Counter(repeat for repeat, _ in first.values())
    sizes_now = Counter(repeat for repeat, _ in second.values())
    pairs = Counter((there[0], here[0]) for there, here in same.items())
    for (there, here), count in pairs.items():
        if count == sizes_was[there] == sizes_now[here]:
            same[there, -1] = here, -1
    return same


def same_rows(was: RecordedTable, now: RecordedTable) -> bool:
    """Whether what names a row means the same row: a name from elsewhere does; its number does in
    equal tables, and in one that was only cleaned otherwise, row by row."""
    if was.elsewhere or now.elsewhere:
        return was.elsewhere and now.elsewhere
    if was.fingerprint == now.fingerprint:
        return True
    return (was.raw_sha256, was.rows) == (now.raw_sha256, now.rows)


def _name_folds(folds: tuple[RecordedFold, ...]) -> dict[tuple[str, int], FoldKey]:
    """The place of each fold by what names its rows, and how many before it have the same."""
    seen = Counter[str]()
    named: dict[tuple[str, int], FoldKey] = {}
    for fold in sorted(folds, key=lambda fold: (fold.repeat, fold.fold)):
        named[fold.rows, seen[fold.rows]] = fold.repeat, fold.fold
        seen[fold.rows] += 1
    return named


@dataclass(frozen=True)
class _Place:
    """A dataset of both runs: how its scores vary, which folds are the same, and whether a score
    of some folds differs from one that is pooled over them."""

    was: Setting
    now: Setting
    common: Mapping[FoldKey, FoldKey]
    has_folds: bool

    @classmethod
    def of(cls, was: RunRecord, now: RunRecord, dataset: str) -> _Place:
        folds = [run.folds_of(dataset) for run in (was, now)]
        several = any(len(its) > len({one.repeat for one in its}) for its in folds)
        return cls(
            was=was.table(dataset).setting,
            now=now.table(dataset).setting,
            common=folds_in_common(was, now, dataset),
            has_folds=several and all(folds),
        )


def _compare_metric(
    was: RunRecord,
    now: RunRecord,
    metric: RecordedMetric,
    places: Mapping[str, _Place],
) -> Iterator[ScoreChange]:
    """The scores of one metric, p adjusted over all of them that were tested."""
    before, after = (
        {scores.key: scores for scores in run.scores if scores.metric == metric.name}
        for run in (was, now)
    )
    rows = [
        _compare_scores(before.get(key), after.get(key), places, now.level, metric.rope)
        for key in dict.fromkeys([*after, *before])
    ]
    adjusted = holm_where_tested([row.p for row in rows])
    equal = holm_where_tested([row.p_equal for row in rows])
    for row, p, p_equal in zip(rows, adjusted, equal, strict=True):
        row = replace(row, p_adjusted=p, p_equal_adjusted=p_equal)
        if p is not None:
            row = replace(row, moved=_find_outcome(row, metric, 1 - now.level))
        yield row


def _find_outcome(row: ScoreChange, metric: RecordedMetric, alpha: float) -> Moved:
    """Equality within the ROPE first: a difference that is certain and too small to matter is
    none."""
    if row.p_equal_adjusted is not None and row.p_equal_adjusted < alpha:
        return Moved.EQUAL
    if row.p_adjusted is None or row.difference is None or row.p_adjusted >= alpha:
        return Moved.UNCLEAR
    is_better = (row.difference > 0) == metric.higher_is_better
    return Moved.BETTER if is_better else Moved.WORSE


def _state_means(was: RecordedScores | None, now: RecordedScores | None) -> ScoreChange:
    """The mean of either run, if it has one."""
    scores = now or was
    assert scores is not None
    row = ScoreChange(
        metric=scores.metric,
        dataset=scores.dataset,
        family=scores.family,
        moved=Moved.NOT_TESTED,
    )
    if was is not None:
        row = replace(
            row,
            was=was.series.mean,
            scores_was=len(was.series.defined),
            stand_ins_was=len(was.stand_ins),
        )
    if now is not None:
        row = replace(
            row,
            now=now.series.mean,
            scores_now=len(now.series.defined),
            stand_ins_now=len(now.stand_ins),
        )
    return row


def _compare_scores(
    was: RecordedScores | None,
    now: RecordedScores | None,
    places: Mapping[str, _Place],
    level: float,
    rope: float | None,
) -> ScoreChange:
    """One score of either run or of both."""
    row = _state_means(was, now)
    if was is None or now is None:
        return replace(row, moved=Moved.NEW if was is None else Moved.GONE)
    if row.was is None or row.now is None:
        return replace(row, untested=WhyNot.NO_SCORE)
    place = places.get(row.dataset)
    if place is None:
        return replace(row, untested=WhyNot.OTHER_TARGET)
    row = replace(row, seeds=place.was.seeds or place.now.seeds)
    if place.has_folds and was.series.pooled != now.series.pooled:
        return replace(row, untested=WhyNot.OTHER_AGGREGATION)
    row = _test(place, row, was.series, now.series, level, rope)
    if not row.paired:
        return row
    defined = now.series.by_fold
    common = {
        there: place.common[there]
        for there in was.series.by_fold
        if place.common.get(there) in defined
    }
    return replace(
        row,
        stand_ins_was=len(common.keys() & set(was.stand_ins)),
        stand_ins_now=len(set(common.values()) & set(now.stand_ins)),
    )


def _test(
    place: _Place,
    row: ScoreChange,
    first: Series,
    second: Series,
    level: float,
    rope: float | None,
) -> ScoreChange:
    """The row with the corrected t of the folds in common, else with the test of two independent
    means."""
    was, now = matched(first.moved(place.common), second.on(set(place.common.values())))
    folds = len(was.value)
    if folds and not without_noise(was.value - now.value, was.value, now.value).any():
        return replace(_mean_over(row, was.value, now.value, folds), moved=Moved.SAME)
    a, b = place.now.sample(was), place.now.sample(now)
    if a is not None and b is not None:
        row = _mean_over(row, a[0], b[0], folds)
        return _state(row, compare_folds(b[0], a[0], ratio=b[1]), level, rope)
    a, b = place.was.sample(first), place.now.sample(second)
    if a is not None and b is not None:
        later, earlier = (
            corrected_mean(values, test_train_ratio=ratio) for values, ratio in (b, a)
        )
        row = _mean_over(row, a[0], b[0])
        return _state(row, compare_independent(later, earlier), level, rope)
    row = replace(row, untested=WhyNot.NO_ERROR_RATE)
    if folds:
        return _mean_over(row, was.value, now.value, folds)
    return _mean_over(row, first.defined, second.defined)


def _mean_over(
    row: ScoreChange, was: np.ndarray, now: np.ndarray, folds: int = 0
) -> ScoreChange:
    """A score with the means of these values, and their difference; folds: on so many in
    common."""
    a, b = float(was.mean()), float(now.mean())
    difference = round(b - a, kept_decimals(a, b)) + 0.0
    return replace(
        row, was=a, now=b, difference=difference, paired=folds > 0, folds=folds
    )


def _state(
    row: ScoreChange, contrast: Contrast, level: float, rope: float | None
) -> ScoreChange:
    """The score with its interval, p of no difference, and of one beyond the ROPE, if any."""
    ends = contrast.interval(level)
    if ends is None:
        return replace(row, untested=WhyNot.EQUAL_DIFFERENCES)
    return replace(
        row,
        low=ends[0],
        high=ends[1],
        p=contrast.p(),
        p_equal=None if rope is None else contrast.p(rope, "within"),
    )
