"""Two records of runs against each other: what changed, which scores moved, which claims changed.

Scores of the same rows in the same folds are paired: the corrected t, as for two models of one study. Where folds or
rows are others, the means are taken as independent (Welch, with the corrected variances): of the same table this finds
less than it could, and never too much. A score is equal to the one before where two one-sided tests show that it lies
within the ROPE, else better or worse where the test shows a difference; else nobody can tell. Both p are adjusted by
Holm over the scores of one metric. Scores of two targets are not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import numpy as np

from bench.comparisons.run_record import (
    OF_DATA,
    RecordedClaim,
    RecordedMetric,
    RecordedScores,
    RecordedTable,
    RunRecord,
)
from bench.core.identity import SHORT
from bench.core.judgements import Status
from bench.scores.series import Series, matched
from bench.stats.adjust import holm
from bench.stats.equivalence import one_sided
from bench.stats.intervals import corrected_mean, t_cdf, t_quantile, welch
from bench.stats.noise import kept_decimals, without_noise
from bench.stats.paired import corrected_t, few_equal
from bench.study.preregistration import ABSENT, canonical, differences


@dataclass(frozen=True)
class ValueChange:
    """A value that is another now: a dotted key of the study, a dataset, or a name of code or of a library."""

    name: str
    was: str
    now: str


@dataclass(frozen=True)
class OtherTarget:
    """A dataset of both runs of which something else is predicted now. `what`: `task`, `target`, `positive` (the
    positive class) or `values` (of the same target); `was`, `now`: None where the study does not name one, fingerprints
    of values."""

    dataset: str
    what: str
    was: str | None
    now: str | None


class Moved(StrEnum):
    """What became of a score: better or worse, equal within the ROPE, equal on every fold, neither shown, not testable;
    or the model has a score in one of the runs only."""

    BETTER = "better"
    WORSE = "worse"
    EQUAL = "equal"
    SAME = "same"
    UNCLEAR = "cannot_tell"
    NOT_TESTED = "not_tested"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class ScoreChange:
    """The mean score of a model on a dataset in both runs. `difference`: now less before, over `folds`; `paired`:
    on the same rows and folds, None where there is no test; `p`: of no difference; `p_equal`: of one beyond the ROPE,
    None without a ROPE; `..._adjusted`: after Holm over the tested scores of the metric."""

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


class ClaimMove(StrEnum):
    """Why the agreement of a claim changed: what it says, the tolerance, our number, or its interval alone; else the
    rules that judge it."""

    CLAIM = "claim"
    TOLERANCE = "tolerance"
    OURS = "ours"
    INTERVAL = "interval"
    RULES = "rules"


@dataclass(frozen=True)
class ClaimChange:
    """A claim whose agreement or status is another now; `was`, `now`: None where the study did not make it.

    `causes`: what of it changed, the first named first."""

    claim: str
    was: RecordedClaim | None
    now: RecordedClaim | None
    causes: tuple[ClaimMove, ...]


@dataclass(frozen=True)
class CornerRow:
    """The mean of a model on a dataset by (old or new code, old or new data): None where no run is known."""

    dataset: str
    family: str
    means: tuple[float | None, ...]


@dataclass(frozen=True)
class CodeAndData:
    """The four corners of old and new code (study, code, versions) and data: old/old, old/new, new/old, new/new."""

    runs: tuple[str | None, ...]
    rows: tuple[CornerRow, ...]


@dataclass(frozen=True)
class RunDifference:
    """All that differs between two runs. `scores`: of the metrics of both, in the order of the later run; `targets`:
    why scores of a dataset are not compared; `unknown_targets`: datasets that are others now, of which nobody knows
    whether the target has the same values; `corners`: None unless both the fetched data and what else made them
    changed; `new_warnings`, `gone_warnings`: codes of alarms."""

    was: RunRecord
    now: RunRecord
    study: tuple[ValueChange, ...]
    data: tuple[ValueChange, ...]
    code: tuple[ValueChange, ...]
    versions: tuple[ValueChange, ...]
    targets: tuple[OtherTarget, ...]
    unknown_targets: tuple[str, ...]
    scores: tuple[ScoreChange, ...]
    claims: tuple[ClaimChange, ...]
    claims_alike: int
    new_warnings: tuple[str, ...]
    gone_warnings: tuple[str, ...]
    corners: CodeAndData | None

    @property
    def metrics(self) -> tuple[RecordedMetric, ...]:
        """The metrics of both runs, as the later one has them."""
        before = {one.name for one in self.was.metrics}
        return tuple(one for one in self.now.metrics if one.name in before)

    def of(self, metric: str) -> tuple[ScoreChange, ...]:
        """The scores of a metric."""
        return tuple(one for one in self.scores if one.metric == metric)

    @property
    def moved(self) -> tuple[ScoreChange, ...]:
        """The scores that are better or worse."""
        return tuple(one for one in self.scores if one.moved in (Moved.BETTER, Moved.WORSE))

    @property
    def worse(self) -> tuple[ScoreChange, ...]:
        """The scores of the primary metric that are worse."""
        return tuple(one for one in self.of(self.now.metric) if one.moved is Moved.WORSE)


def two_runs(was: RunRecord, now: RunRecord, others: Iterable[RunRecord] = ()) -> RunDifference:
    """What differs between two runs; `others`: of the same study, where the missing corners may be."""
    return RunDifference(
        was,
        now,
        study=tuple(ValueChange(*one) for one in differences(was.sections, now.sections)),
        data=tuple(_data(was, now)),
        code=tuple(_values(was.code, now.code)),
        versions=tuple(_values(was.versions, now.versions)),
        targets=tuple(_targets(was, now)),
        unknown_targets=tuple(_unknown_targets(was, now)),
        scores=_scores(was, now),
        claims=tuple(_claims(was, now)),
        claims_alike=sum(_judged_alike(was, one) for one in now.claims),
        new_warnings=_without(now, was),
        gone_warnings=_without(was, now),
        corners=_corners(was, now, others),
    )


def _values(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[ValueChange]:
    for name in dict.fromkeys([*was, *now]):
        if was.get(name) != now.get(name):
            yield ValueChange(name, was.get(name, ABSENT), now.get(name, ABSENT))


def _data(was: RunRecord, now: RunRecord) -> Iterator[ValueChange]:
    """Tables that are others. One that is the same as fetched and that the study cleans otherwise is a change of the
    study; where the study is the same, the code cleans otherwise, and the table is listed as cleaned. Of scores that
    others made no table is known."""
    raw = [{one.dataset: one.raw_sha256 for one in run.tables} for run in (was, now)]
    contents = [
        {
            one.dataset: f"{(one.fingerprint or one.raw_sha256 or ABSENT)[:SHORT]}, {one.rows} rows"
            for one in run.tables
            if one.fingerprint or one.raw_sha256 or one.rows is not None
        }
        for run in (was, now)
    ]
    by_study = any(was.sections.get(name) != now.sections.get(name) for name in OF_DATA)
    for change in _values(*contents):
        if raw[0].get(change.name) is None or raw[0].get(change.name) != raw[1].get(change.name):
            yield change
        elif not by_study:
            yield replace(change, name=f"{change.name}, as cleaned")


def _targets(was: RunRecord, now: RunRecord) -> Iterator[OtherTarget]:
    before = {one.dataset: one for one in was.tables}
    for table in now.tables:
        if (old := before.get(table.dataset)) is None:
            continue
        if old.fingerprint is not None and old.fingerprint == table.fingerprint:  # it names what is predicted
            continue
        then, here = was.predicts(table.dataset), now.predicts(table.dataset)
        yield from (OtherTarget(table.dataset, of, then[of], here[of]) for of in here if then[of] != here[of])
        if then == here and _same_values(old, table) is False:
            values = (one.target.values[:SHORT] if one.target else None for one in (old, table))
            yield OtherTarget(table.dataset, "values", *values)


def _same_values(was: RecordedTable, now: RecordedTable) -> bool | None:
    """Whether the same rows have the same values of the target; None where that is not known."""
    if was.fingerprint is not None and was.fingerprint == now.fingerprint:
        return True
    if was.target is None or now.target is None or was.target.rows != now.target.rows or not _rows_alike(was, now):
        return None
    return was.target.values == now.target.values


def _unknown_targets(was: RunRecord, now: RunRecord) -> Iterator[str]:
    """Other tables with a target of the same name, whose values cannot be held against each other."""
    before, others = {one.dataset: one for one in was.tables}, {one.dataset for one in _targets(was, now)}
    for table in now.tables:
        old, named = before.get(table.dataset), now.predicts(table.dataset)["target"] is not None
        if old is not None and named and table.dataset not in others and _same_values(old, table) is None:
            yield table.dataset


def _without(one: RunRecord, other: RunRecord) -> tuple[str, ...]:
    return tuple(sorted({warning.code for warning in one.warnings} - {warning.code for warning in other.warnings}))


# Scores.


def _scores(was: RunRecord, now: RunRecord) -> tuple[ScoreChange, ...]:
    """Every score of either run by metric, those of `now` in their order."""
    before = {one.name for one in was.metrics}
    return tuple(row for metric in now.metrics if metric.name in before for row in _of_metric(was, now, metric))


def _of_metric(was: RunRecord, now: RunRecord, metric: RecordedMetric) -> Iterator[ScoreChange]:
    """The scores of one metric, p adjusted over all of them that were tested."""
    before, after = ({one.key: one for one in run.scores if one.metric == metric.name} for run in (was, now))
    rows = [_score(was, now, metric, before.get(key), after.get(key)) for key in dict.fromkeys([*after, *before])]
    different, equal = (
        iter(holm(np.array([one for one in each if one is not None])).tolist())
        for each in ([row.p for row in rows], [row.p_equal for row in rows])
    )
    for row in rows:
        row = row if row.p is None else replace(row, p_adjusted=next(different))
        row = row if row.p_equal is None else replace(row, p_equal_adjusted=next(equal))
        yield row if row.p is None else replace(row, moved=_outcome(row, metric, 1 - now.level))


def _outcome(row: ScoreChange, metric: RecordedMetric, alpha: float) -> Moved:
    """Equality within the ROPE first: a difference that is certain and too small to matter is none."""
    if row.p_equal_adjusted is not None and row.p_equal_adjusted < alpha:
        return Moved.EQUAL
    if row.p_adjusted is None or row.difference is None or row.p_adjusted >= alpha:
        return Moved.UNCLEAR
    return Moved.BETTER if (row.difference > 0) == metric.higher_is_better else Moved.WORSE


def _score(
    was: RunRecord, now: RunRecord, metric: RecordedMetric, a: RecordedScores | None, b: RecordedScores | None
) -> ScoreChange:
    """One score; each is of one of the runs at least."""
    if a is not None and b is not None:
        return _in_both(was, now, metric, a, b)
    there = a or b
    assert there is not None
    row = ScoreChange(metric.name, there.dataset, there.family, Moved.NEW if a is None else Moved.GONE)
    return replace(row, now=there.series.mean) if a is None else replace(row, was=there.series.mean)


def _in_both(
    was: RunRecord, now: RunRecord, metric: RecordedMetric, a: RecordedScores, b: RecordedScores
) -> ScoreChange:
    row = ScoreChange(metric.name, b.dataset, b.family, Moved.NOT_TESTED, a.series.mean, b.series.mean)
    if row.was is None or row.now is None or any(one.dataset == b.dataset for one in _targets(was, now)):
        return row
    row = replace(row, difference=row.now - row.was)
    tables, common = [run.table(b.dataset) for run in (was, now)], _common(was, now, b.dataset)
    pair = [one.series.on(common) for one in (a, b)]
    if all(len(one.value) == len(a.value) == len(b.value) for one in pair) and not _apart(*pair):
        return replace(row, moved=Moved.SAME, difference=0.0, paired=True, folds=len(a.value))
    if _unknown_error(tables[1], pair):
        return replace(row, paired=True, folds=len(matched(*pair)[0].value))
    found = _paired(tables[1], pair, now.level) or _unpaired(tables, (a, b), now.level)
    if found is None:
        return row
    p_equal = None
    if metric.rope is not None:
        p_equal = max(one_sided(found.difference, found.se, found.df, metric.rope))
    return replace(
        row, difference=found.difference, low=found.low, high=found.high, p=found.p_value, p_equal=p_equal,
        paired=found.paired, folds=found.folds,
    )  # fmt: skip


def _apart(a: Series, b: Series) -> bool:
    return bool(without_noise(a.value - b.value, a.value, b.value).any())


def _common(was: RunRecord, now: RunRecord, dataset: str) -> set[tuple[int, int]]:
    """Repeat and fold of the folds that have the same rows in both runs; a repeat whose folds all do, as fold -1."""
    first, second = (run.rows_of_folds(dataset) for run in (was, now))
    alike = _rows_alike(was.table(dataset), now.table(dataset))
    same = {key for key, rows in first.items() if second.get(key, "") == rows and (rows is None or alike)}
    changed = {repeat for repeat, fold in (first.keys() | second.keys()) - same}
    return same | {(repeat, -1) for repeat in {repeat for repeat, _ in same} - changed}


def _rows_alike(was: RecordedTable, now: RecordedTable) -> bool:
    """Whether the number of a row means the same row: in equal tables, and in one that was only cleaned otherwise, row
    by row. Folds that were made elsewhere have their names from there, and no rows."""
    if was.fingerprint == now.fingerprint:
        return True
    others = was.target is not None and now.target is not None and was.target.rows != now.target.rows
    return not others and (was.raw_sha256, was.rows) == (now.raw_sha256, now.rows)


@dataclass(frozen=True)
class _Test:
    """A test of the difference of two means, over so many folds."""

    difference: float
    low: float
    high: float
    p_value: float
    se: float
    df: float
    paired: bool
    folds: int


def _unknown_error(table: RecordedTable, pair: Sequence[Series]) -> bool:
    """Whether a few paired differences are equal: independent means would know no more of them."""
    samples = _pairs(table, pair)
    return samples is not None and few_equal(samples[1], samples[0])


def _paired(table: RecordedTable, pair: Sequence[Series], level: float) -> _Test | None:
    """The corrected t on the folds where both have a score; None where it cannot be made."""
    samples = _pairs(table, pair)
    if samples is None:
        return None
    a, b, ratio = samples
    test = corrected_t(b, a, test_train_ratio=ratio, level=level)
    folds = len(matched(*pair)[0].value)
    return _Test(test.difference, test.low, test.high, test.p_value, test.se, test.df, True, folds)


def _pairs(table: RecordedTable, pair: Sequence[Series]) -> tuple[np.ndarray, np.ndarray, float] | None:
    """The values that vary on the folds where both have a score, and the ratio; None where there are none."""
    a, b = pair
    if len(a.value) != len(b.value):
        return None
    first, second = (_sample(table, one) for one in matched(a, b))
    return None if first is None or second is None else (first[0], second[0], second[1])


def _unpaired(
    tables: Sequence[RecordedTable], ours: tuple[RecordedScores, RecordedScores], level: float
) -> _Test | None:
    """The test of two independent means; None where either has no error rate."""
    samples = [_sample(table, one.series) for table, one in zip(tables, ours, strict=True)]
    if samples[0] is None or samples[1] is None:
        return None
    a, b = (corrected_mean(values, test_train_ratio=ratio, level=level) for values, ratio in filter(None, samples))
    se, df = welch((a.se, a.df), (b.se, b.df))
    difference = b.estimate - a.estimate
    if se == 0:
        return None
    half, p = t_quantile((1 + level) / 2, df) * se, min(1.0, 2 * t_cdf(-abs(difference) / se, df))
    return _Test(difference, difference - half, difference + half, p, se, df, False, len(ours[1].value))


def _sample(table: RecordedTable, series: Series) -> tuple[np.ndarray, float] | None:
    """The values that vary, with the ratio that corrects their overlap; None for fewer than two."""
    found = table.setting.sample(series) if len(series.value) else None
    return found if found is not None and len(found[0]) > 1 else None


# Claims.


def _claims(was: RunRecord, now: RunRecord) -> Iterator[ClaimChange]:
    before, after = ({one.claim: one for one in run.claims} for run in (was, now))
    for claim in dict.fromkeys([*after, *before]):
        a, b = before.get(claim), after.get(claim)
        if a is None or b is None or agreement_of(a) != agreement_of(b):
            yield ClaimChange(claim, a, b, () if a is None or b is None else tuple(_causes(was, now, a, b)))


def _judged_alike(was: RunRecord, claim: RecordedClaim) -> bool:
    return any(agreement_of(one) == agreement_of(claim) for one in was.claims if one.claim == claim.claim)


def _causes(was: RunRecord, now: RunRecord, a: RecordedClaim, b: RecordedClaim) -> Iterator[ClaimMove]:
    said = [
        {**run.sections.get("claims", {}), **run.sections.get("expect", {})}.get(a.claim) for run in (was, now)
    ]  # fmt: skip
    found, size = [], max(abs(one) for one in (a.ours, b.ours, a.tolerance, b.tolerance, 0.0) if one is not None)
    near = partial(_near, decimals=kept_decimals(size))
    if said[0] != said[1]:
        found.append(ClaimMove.CLAIM)
    if not near(a.tolerance, b.tolerance):
        found.append(ClaimMove.TOLERANCE)
    if not near(a.ours, b.ours):
        found.append(ClaimMove.OURS)
    elif not (near(a.low, b.low) and near(a.high, b.high)) and not found:
        found.append(ClaimMove.INTERVAL)
    yield from found or [ClaimMove.RULES]


def _near(a: float | None, b: float | None, decimals: int) -> bool:
    return a == b if a is None or b is None else round(a - b, decimals) == 0


def agreement_of(claim: RecordedClaim) -> str:
    """The agreement of a claim, or why it has none."""
    return claim.agreement if claim.status == Status.ATTEMPTED and claim.agreement else claim.status


# Corners.


def _corners(was: RunRecord, now: RunRecord, others: Iterable[RunRecord]) -> CodeAndData | None:
    """The four runs where both the data and what else made them changed; another cleaning is a change of the study."""
    if was.study != now.study or was.fetched == now.fetched or was.made == now.made:
        return None
    known = {(canonical(run.made), run.data): run for run in others if run.metric == now.metric}
    new_data, new_code = known.get((canonical(was.made), now.data)), known.get((canonical(now.made), was.data))
    runs = (was, new_data, new_code, now)
    keys = dict.fromkeys([*now.means, *was.means])
    rows = (CornerRow(*key, tuple(None if run is None else run.means.get(key) for run in runs)) for key in keys)
    return CodeAndData(tuple(None if run is None else run.short for run in runs), tuple(rows))
