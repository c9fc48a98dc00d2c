"""Two records of runs against each other: what changed, which scores moved (`moved_scores`), which claims changed.

Scores of two targets are not compared.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace

from bench.comparisons.moved_scores import Moved, ScoreChange, moved_scores, same_rows
from bench.comparisons.run_record import (
    OF_DATA,
    RecordedClaim,
    RecordedMetric,
    RecordedTable,
    RunRecord,
)
from bench.core.identity import SHORT
from bench.core.judgements import Status
from bench.study.preregistration import ABSENT, differences


@dataclass(frozen=True)
class ValueChange:
    """A value that is another now: a dotted key of the study, a dataset, or a name of code or of a library."""

    name: str
    was: str
    now: str


@dataclass(frozen=True)
class OtherTarget:
    """A dataset of both runs of which something else is predicted now. `what`: `task`, `target`, `positive` (the
    positive class) or `values` (of the same target); `was`, `now`: None where there is none, fingerprints of values."""

    dataset: str
    what: str
    was: str | None
    now: str | None


@dataclass(frozen=True)
class ClaimChange:
    """A claim whose agreement or status is another now, or a falsifier of which something else became; `was`, `now`:
    None where the study did not make it."""

    claim: str
    was: RecordedClaim | None
    now: RecordedClaim | None


@dataclass(frozen=True)
class RunDifference:
    """All that differs between two runs. `scores`: of the metrics of both, in the order of the later run; `targets`:
    why scores of a dataset are not compared; `unknown_targets`: datasets that are others now, of which nobody knows
    whether the target has the same values; `claims_alike`, `falsifiers_alike`: of how many the same came;
    `new_warnings`, `gone_warnings`: codes of alarms."""

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
    falsifiers_alike: int
    new_warnings: tuple[str, ...]
    gone_warnings: tuple[str, ...]

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
        return tuple(
            one for one in self.scores if one.moved in (Moved.BETTER, Moved.WORSE)
        )

    @property
    def worse(self) -> tuple[ScoreChange, ...]:
        """The scores of the primary metric that are worse."""
        return tuple(
            one for one in self.of(self.now.metric) if one.moved is Moved.WORSE
        )


def two_runs(was: RunRecord, now: RunRecord) -> RunDifference:
    """What differs between two runs."""
    targets = tuple(_targets(was, now))
    others = {one.dataset for one in targets}
    alike = _came_to_the_same(was, now)
    return RunDifference(
        was,
        now,
        study=tuple(
            ValueChange(*one) for one in differences(was.sections, now.sections)
        ),
        data=tuple(_data(was, now)),
        code=tuple(_values(was.code, now.code)),
        versions=tuple(_values(was.versions, now.versions)),
        targets=targets,
        unknown_targets=tuple(_unknown_targets(was, now, others)),
        scores=moved_scores(was, now, others),
        claims=tuple(_claims(was, now)),
        claims_alike=sum(claim.became is None for claim in alike),
        falsifiers_alike=sum(claim.became is not None for claim in alike),
        new_warnings=_without(now, was),
        gone_warnings=_without(was, now),
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
        if raw[0].get(change.name) is None or raw[0].get(change.name) != raw[1].get(
            change.name
        ):
            yield change
        elif not by_study:
            yield replace(change, name=f"{change.name}, as cleaned")


def _targets(was: RunRecord, now: RunRecord) -> Iterator[OtherTarget]:
    """What is another one, where both runs say what is predicted."""
    before = {one.dataset: one for one in was.tables}
    for table in now.tables:
        if (old := before.get(table.dataset)) is None:
            continue
        then, here = was.predicts(table.dataset), now.predicts(table.dataset)
        said = old.column is not None and table.column is not None
        others = [
            OtherTarget(table.dataset, of, then[of], here[of])
            for of in here
            if said and then[of] != here[of]
        ]
        yield from others
        if not others and _same_values(old, table) is False:
            values = (
                one.target.values[:SHORT] if one.target else None
                for one in (old, table)
            )
            yield OtherTarget(table.dataset, "values", *values)


def _same_values(was: RecordedTable, now: RecordedTable) -> bool | None:
    """Whether the same rows have the same values of the target; None where that is not known.

    Of a table from elsewhere the fingerprint does not say which columns were read."""
    alike = was.target == now.target or not now.elsewhere
    if was.fingerprint is not None and was.fingerprint == now.fingerprint and alike:
        return True
    if (
        was.target is None
        or now.target is None
        or was.target.rows != now.target.rows
        or not same_rows(was, now)
    ):
        return None
    return was.target.values == now.target.values


def _unknown_targets(
    was: RunRecord, now: RunRecord, others: Container[str]
) -> Iterator[str]:
    """Other tables with a target whose values cannot be held against each other."""
    before = {one.dataset: one for one in was.tables}
    for table in now.tables:
        old = before.get(table.dataset)
        predicted = any(
            one is not None and (one.target or one.column) is not None
            for one in (old, table)
        )
        if (
            old is not None
            and predicted
            and table.dataset not in others
            and _same_values(old, table) is None
        ):
            yield table.dataset


def _without(one: RunRecord, other: RunRecord) -> tuple[str, ...]:
    return tuple(
        sorted(
            {warning.code for warning in one.warnings}
            - {warning.code for warning in other.warnings}
        )
    )


# Claims.


def _claims(was: RunRecord, now: RunRecord) -> Iterator[ClaimChange]:
    before = {claim.claim: claim for claim in was.claims}
    after = {claim.claim: claim for claim in now.claims}
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        if old is None or new is None or agreement_of(old) != agreement_of(new):
            yield ClaimChange(name, old, new)


def _came_to_the_same(was: RunRecord, now: RunRecord) -> list[RecordedClaim]:
    """The claims of both runs whose agreement is the same."""
    before = {claim.claim: agreement_of(claim) for claim in was.claims}
    return [
        claim for claim in now.claims if before.get(claim.claim) == agreement_of(claim)
    ]


def agreement_of(claim: RecordedClaim) -> str:
    """The agreement of a claim, or why it has none; what became of a falsifier."""
    return (
        claim.became
        or (claim.agreement if claim.status == Status.ATTEMPTED else None)
        or claim.status
    )
