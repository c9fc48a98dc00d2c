"""Two records of runs against each other: what changed, which scores moved (`moved_scores`), which claims changed.

Scores of two targets are not compared.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bench.comparisons.moved_scores import Moved, ScoreChange, moved_scores, same_rows
from bench.comparisons.run_record import (
    OF_CLAIMS,
    OF_DATA,
    RecordedClaim,
    RecordedMetric,
    RecordedScores,
    RecordedTable,
    RunRecord,
)
from bench.core.identity import SHORT
from bench.core.judgements import Status
from bench.stats.noise import kept_decimals
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
    positive class) or `values` (of the same target); `was`, `now`: None where there is none, fingerprints of values."""

    dataset: str
    what: str
    was: str | None
    now: str | None


class ClaimMove(StrEnum):
    """Why the agreement of a claim changed: what it says, what is predicted, the tolerance, our number, or its interval
    alone. Where none of these did: the scores that it is about, the rest of the study, or code and libraries, each that
    changed."""

    CLAIM = "claim"
    TARGET = "target"
    TOLERANCE = "tolerance"
    OURS = "ours"
    INTERVAL = "interval"
    SCORES = "scores"
    STUDY = "study"
    RULES = "rules"


@dataclass(frozen=True)
class ClaimChange:
    """A claim whose agreement or status is another now, or a falsifier of which something else became; `was`, `now`:
    None where the study did not make it.

    `causes`: what of it changed, the first named first."""

    claim: str
    was: RecordedClaim | None
    now: RecordedClaim | None
    causes: tuple[ClaimMove, ...]


@dataclass(frozen=True)
class CornerRow:
    """The mean of a model on a dataset by (old or new code, old or new data): None where no run is known; `stand_ins`:
    how many scores behind each are another model's."""

    dataset: str
    family: str
    means: tuple[float | None, ...]
    stand_ins: tuple[int, ...]


@dataclass(frozen=True)
class CodeAndData:
    """The four corners of old and new code (study, code, versions) and data: old/old, old/new, new/old, new/new.

    `metric`: of all means, which are over all folds of each run."""

    metric: str
    runs: tuple[str | None, ...]
    rows: tuple[CornerRow, ...]


@dataclass(frozen=True)
class RunDifference:
    """All that differs between two runs. `scores`: of the metrics of both, in the order of the later run; `targets`:
    why scores of a dataset are not compared; `unknown_targets`: datasets that are others now, of which nobody knows
    whether the target has the same values; `claims_alike`, `falsifiers_alike`: how many did not change;
    `claims_anew`, `falsifiers_anew`: those that were edited, or are about something else, and came to the same;
    `corners`: None unless both the fetched data and what else made them changed; `new_warnings`, `gone_warnings`: codes
    of alarms."""

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
    claims_anew: tuple[str, ...]
    falsifiers_anew: tuple[str, ...]
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
        return tuple(
            one for one in self.scores if one.moved in (Moved.BETTER, Moved.WORSE)
        )

    @property
    def worse(self) -> tuple[ScoreChange, ...]:
        """The scores of the primary metric that are worse."""
        return tuple(
            one for one in self.of(self.now.metric) if one.moved is Moved.WORSE
        )


def two_runs(
    was: RunRecord, now: RunRecord, runs: Iterable[RunRecord] = ()
) -> RunDifference:
    """What differs between two runs; `runs`: of the same study, where the missing corners may be."""
    targets = tuple(_targets(was, now))
    others = {one.dataset for one in targets}
    same, anew = _came_to_the_same(was, now, others)
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
        claims=tuple(_claims(was, now, others)),
        claims_alike=sum(one.became is None for one in same),
        falsifiers_alike=sum(one.became is not None for one in same),
        claims_anew=tuple(one.claim for one in anew if one.became is None),
        falsifiers_anew=tuple(one.claim for one in anew if one.became is not None),
        new_warnings=_without(now, was),
        gone_warnings=_without(was, now),
        corners=_corners(was, now, runs, others),
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


def _claims(
    was: RunRecord, now: RunRecord, others: Container[str]
) -> Iterator[ClaimChange]:
    before, after = ({one.claim: one for one in run.claims} for run in (was, now))
    for claim in dict.fromkeys([*after, *before]):
        a, b = before.get(claim), after.get(claim)
        if a is None or b is None or agreement_of(a) != agreement_of(b):
            causes = () if a is None or b is None else _causes(was, now, a, b, others)
            yield ClaimChange(claim, a, b, tuple(causes))


def _came_to_the_same(
    was: RunRecord, now: RunRecord, others: Container[str]
) -> tuple[list[RecordedClaim], list[RecordedClaim]]:
    """The claims of both runs whose agreement is the same: those that are as before, and those that say otherwise."""
    before = {one.claim: one for one in was.claims}
    alike = [
        one
        for one in now.claims
        if one.claim in before and agreement_of(before[one.claim]) == agreement_of(one)
    ]
    anew = [
        one
        for one in alike
        if _says_otherwise(was, now, before[one.claim], one, others)
    ]
    return [one for one in alike if one not in anew], anew


def _edited(was: RunRecord, now: RunRecord, claim: str) -> bool:
    return _said(was, claim) != _said(now, claim)


def _says_otherwise(
    was: RunRecord,
    now: RunRecord,
    a: RecordedClaim,
    b: RecordedClaim,
    others: Container[str],
) -> bool:
    """Whether a claim was edited, asks for another number, or is of datasets of which something else is predicted."""
    of_others = any(name in others for name in _datasets(now, b.claim))
    return of_others or _edited(was, now, b.claim) or _asked(was, a) != _asked(now, b)


def _causes(
    was: RunRecord,
    now: RunRecord,
    a: RecordedClaim,
    b: RecordedClaim,
    others: Container[str],
) -> Sequence[ClaimMove]:
    """What changed; of a claim that asks for another number now no number moved, nor did any by an edit alone, and one
    that is not judged has none."""
    found = [ClaimMove.CLAIM] if _edited(was, now, a.claim) else []
    if _asked(was, a) != _asked(now, b):
        return found or [ClaimMove.STUDY]
    if any(name in others for name in _datasets(now, b.claim)):
        return [*found, ClaimMove.TARGET]
    if a.status == b.status == Status.ATTEMPTED:
        found += _numbers_moved(was, now, a, b)
    return found or list(_around(was, now, a.claim))


def _numbers_moved(
    was: RunRecord, now: RunRecord, a: RecordedClaim, b: RecordedClaim
) -> Iterator[ClaimMove]:
    """Which numbers of a judged claim changed; its interval alone."""
    edited = _edited(was, now, a.claim)
    ours, tolerance, *ends = _alike(*(_numbers(one) for one in (a, b)))
    if not tolerance:
        yield ClaimMove.TOLERANCE
    if not ours and not (edited and was.scores == now.scores):
        yield ClaimMove.OURS
    elif tolerance and not edited and not all(ends) and not _is_a_place(now, b):
        yield ClaimMove.INTERVAL


def _is_a_place(run: RunRecord, claim: RecordedClaim) -> bool:
    """Whether a claim is of a rank on one dataset, whose ends are the ranks that are left, and no interval."""
    return claim.kind == "rank" and len(_datasets(run, claim.claim)) == 1


#: What a claim says of the published number and of how near ours must come to it, and not of which number is meant.
_OF_PUBLISHED = frozenset(
    ("value", "spread", "constant", "at_least", "above", "at_most", "below", "tolerance", "splits", "repeats", "folds",
     "folds_alternatives", "aggregation", "where", "read", "source", "fidelity", "protocol_match", "central", "note")
)  # fmt: skip


def _asked(run: RunRecord, claim: RecordedClaim) -> dict[str, object]:
    """Which number of ours a claim asks for."""
    _, words = _said(run, claim.claim) or ("", {})
    said = {key: value for key, value in words.items() if key not in _OF_PUBLISHED}
    only = run.tables[0].dataset if len(run.tables) == 1 else None
    return said | {
        "kind": claim.kind, "metric": claim.metric, "unit": claim.unit, "dataset": said.get("dataset", only),
    }  # fmt: skip


def _numbers(claim: RecordedClaim) -> list[float | None]:
    return [claim.ours, claim.tolerance, claim.low, claim.high]


def _alike(was: list[float | None], now: list[float | None]) -> Iterator[bool]:
    """Which numbers are the same but for float noise of our number or the tolerance."""
    decimals = kept_decimals(max(abs(one or 0.0) for one in (*was[:2], *now[:2])))
    for a, b in zip(was, now, strict=True):
        yield a == b if a is None or b is None else round(a - b, decimals) == 0


def _said(run: RunRecord, claim: str) -> tuple[str, dict[str, Any]] | None:
    """The section that says whose a claim is, and what the study says in it."""
    sections = ((name, run.sections.get(name, {})) for name in OF_CLAIMS)
    return next(((name, said[claim]) for name, said in sections if claim in said), None)


def _datasets(run: RunRecord, claim: str) -> Collection[str]:
    """The datasets that a claim names; all of the run where it names none."""
    _, said = _said(run, claim) or ("", {})
    one, several = said.get("dataset"), said.get("datasets")
    return (
        (one,)
        if one is not None
        else several or [table.dataset for table in run.tables]
    )


def _around(was: RunRecord, now: RunRecord, claim: str) -> Iterator[ClaimMove]:
    """What changed of all that a judgement rests on beside the claim and its numbers."""
    before, after = (
        [one for one in run.scores if one.dataset in _datasets(run, claim)]
        for run in (was, now)
    )
    if before != after:
        yield ClaimMove.SCORES
    if was.settled != now.settled:
        yield ClaimMove.STUDY
    if was.code != now.code or was.versions != now.versions:
        yield ClaimMove.RULES


def agreement_of(claim: RecordedClaim) -> str:
    """The agreement of a claim, or why it has none; what became of a falsifier."""
    return (
        claim.became
        or (claim.agreement if claim.status == Status.ATTEMPTED else None)
        or claim.status
    )


# Corners.


def _corners(
    was: RunRecord, now: RunRecord, runs: Iterable[RunRecord], others: Container[str]
) -> CodeAndData | None:
    """The four runs where both the data and what else made them changed; another cleaning is a change of the study.
    `others`: datasets of which something else is predicted now."""
    if was.study != now.study or was.fetched == now.fetched or was.made == now.made:
        return None
    metric = now.metric
    if metric not in [one.name for one in was.metrics]:
        return None
    known = {(canonical(run.made), run.data): run for run in runs}
    new_data, new_code = (
        known.get((canonical(was.made), now.data)),
        known.get((canonical(now.made), was.data)),
    )
    four = (was, new_data, new_code, now)
    scores = [{} if run is None else run.by_model(metric) for run in four]
    keys = [
        key for key in dict.fromkeys([*scores[-1], *scores[0]]) if key[0] not in others
    ]
    rows = (_corner(key, [one.get(key) for one in scores]) for key in keys)
    return CodeAndData(
        metric, tuple(None if run is None else run.short for run in four), tuple(rows)
    )


def _corner(key: tuple[str, str], scores: Sequence[RecordedScores | None]) -> CornerRow:
    means = tuple(None if one is None else one.series.mean for one in scores)
    return CornerRow(
        *key, means, tuple(0 if one is None else len(one.stand_ins) for one in scores)
    )
