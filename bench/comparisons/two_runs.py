"""Two records of runs against each other: what changed, which scores moved (`moved_scores`), which
claims changed.

Scores of two targets are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bench.comparisons.moved_scores import Moved, ScoreChange, moved_scores
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
    """A value that is another now: a dotted key of the study, a dataset, or a name of code or of
    a library."""

    name: str
    was: str
    now: str


@dataclass(frozen=True)
class OtherTarget:
    """A dataset of both runs of which something else is predicted now.

    what: `task`, `target` or `positive` (the positive class).
    """

    dataset: str
    what: str
    was: str | None
    now: str | None


@dataclass(frozen=True)
class ClaimChange:
    """A claim whose agreement or status is another now, or a falsifier of which something else
    became; was, now: None where the study did not make it."""

    claim: str
    was: RecordedClaim | None
    now: RecordedClaim | None


@dataclass(frozen=True, kw_only=True)
class RunDifference:
    """All that differs between two runs.

    targets: why scores of a dataset are not compared; scores: of the metrics of both, in the
    order of the later run; claims_alike, falsifiers_alike: of how many the same
    came; new_warnings, gone_warnings: codes of alarms.
    """

    was: RunRecord
    now: RunRecord
    study: tuple[ValueChange, ...]
    data: tuple[ValueChange, ...]
    code: tuple[ValueChange, ...]
    versions: tuple[ValueChange, ...]
    targets: tuple[OtherTarget, ...]
    scores: tuple[ScoreChange, ...]
    claims: tuple[ClaimChange, ...]
    claims_alike: int
    falsifiers_alike: int
    new_warnings: tuple[str, ...]
    gone_warnings: tuple[str, ...]

    @property
    def metrics(self) -> tuple[RecordedMetric, ...]:
        """The metrics of both runs, as the later one has them."""
        before = {metric.name for metric in self.was.metrics}
        return tuple(metric for metric in self.now.metrics if metric.name in before)

    def of(self, metric: str) -> tuple[ScoreChange, ...]:
        """The scores of a metric."""
        return tuple(score for score in self.scores if score.metric == metric)

    @property
    def moved(self) -> tuple[ScoreChange, ...]:
        """The scores that are better or worse."""
        sides = (Moved.BETTER, Moved.WORSE)
        return tuple(score for score in self.scores if score.moved in sides)

    @property
    def worse(self) -> tuple[ScoreChange, ...]:
        """The scores of the primary metric that are worse."""
        primary = self.of(self.now.metric)
        return tuple(score for score in primary if score.moved is Moved.WORSE)


def two_runs(was: RunRecord, now: RunRecord) -> RunDifference:
    """What differs between two runs."""
    targets = tuple(_find_other_targets(was, now))
    changed, alike = _compare_claims(was, now)
    falsifiers = sum(claim.became is not None for claim in alike)
    sections = differences(was.sections, now.sections)
    return RunDifference(
        was=was,
        now=now,
        study=tuple(ValueChange(*change) for change in sections),
        data=tuple(_find_other_data(was, now)),
        code=tuple(_find_other_values(was.code, now.code)),
        versions=tuple(_find_other_values(was.versions, now.versions)),
        targets=targets,
        scores=moved_scores(was, now, {target.dataset for target in targets}),
        claims=tuple(changed),
        claims_alike=len(alike) - falsifiers,
        falsifiers_alike=falsifiers,
        new_warnings=tuple(sorted(set(now.warnings) - set(was.warnings))),
        gone_warnings=tuple(sorted(set(was.warnings) - set(now.warnings))),
    )


def _compare_claims(
    was: RunRecord, now: RunRecord
) -> tuple[list[ClaimChange], list[RecordedClaim]]:
    """The claims that changed, and those of both runs whose agreement is the same."""
    before = {claim.claim: claim for claim in was.claims}
    after = {claim.claim: claim for claim in now.claims}
    changed, alike = [], []
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        if old and new and agreement_of(old) == agreement_of(new):
            alike.append(new)
        else:
            changed.append(ClaimChange(name, old, new))
    return changed, alike


def _find_other_targets(was: RunRecord, now: RunRecord) -> Iterator[OtherTarget]:
    """What is another one, where both runs say what is predicted."""
    before = {table.dataset: table for table in was.tables}
    for table in now.tables:
        old = before.get(table.dataset)
        if old is None or old.column is None or table.column is None:
            continue
        then, here = was.predicts(table.dataset), now.predicts(table.dataset)
        for what in here:
            if then[what] != here[what]:
                yield OtherTarget(table.dataset, what, then[what], here[what])


def agreement_of(claim: RecordedClaim) -> str:
    """The agreement of a claim, or why it has none; what became of a falsifier."""
    if claim.became is not None:
        return claim.became
    if claim.status == Status.ATTEMPTED and claim.agreement is not None:
        return claim.agreement
    return claim.status


def _find_other_values(
    was: Mapping[str, str], now: Mapping[str, str]
) -> Iterator[ValueChange]:
    for name in dict.fromkeys([*was, *now]):
        if was.get(name) != now.get(name):
            yield ValueChange(name, was.get(name, ABSENT), now.get(name, ABSENT))


def _find_other_data(was: RunRecord, now: RunRecord) -> Iterator[ValueChange]:
    """Tables that are others.

    One that is the same as fetched and that the study cleans otherwise is a change of the study;
    where the study is the same, the code cleans otherwise, and the table is listed as cleaned. Of
    scores that others made no table is known.
    """
    raw_was, raw_now = (
        {table.dataset: table.raw_sha256 for table in run.tables} for run in (was, now)
    )
    contents_was, contents_now = (
        {table.dataset: content for table in run.tables if (content := _name(table))}
        for run in (was, now)
    )
    by_study = any(was.sections.get(name) != now.sections.get(name) for name in OF_DATA)
    for change in _find_other_values(contents_was, contents_now):
        raw = raw_was.get(change.name)
        if raw is None or raw != raw_now.get(change.name):
            yield change
        elif not by_study:
            yield replace(change, name=f"{change.name}, as cleaned")


def _name(table: RecordedTable) -> str:
    """What names the content of a table; empty where nothing is known of it."""
    content = table.fingerprint or table.raw_sha256
    if content is None and table.rows is None:
        return ""
    return f"{(content or ABSENT)[:SHORT]}, {table.rows} rows"
