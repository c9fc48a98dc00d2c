"""The printed numbers of a paper under each reading of its protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from bench.claims.better import BetterClaim
from bench.claims.claim import ClaimEvidence, NotTestableError
from bench.claims.judging import row_of
from bench.core.judgements import Agreement, VerdictRow
from bench.scores.compute import scores_of
from bench.scores.design import put_together_anew
from bench.study import Claim, Study
from bench.study.readings import ProtocolReading

#: Kinds of claims that are a number of ours against a printed one; `better` is one where its size is printed.
OF_NUMBERS = ("value", "range", "count", "difference", "ratio", "mean", "share", "rank")


@dataclass(frozen=True)
class JudgedReading:
    """A reading with the judgements on the claims that some reading changes, in the study's order."""

    name: str
    title: str
    where: str
    rows: tuple[VerdictRow, ...]

    @property
    def differ(self) -> int:
        """How many printed numbers differ under it."""
        return sum(row.agreement == Agreement.DIFFERS for row in self.rows)

    @property
    def held(self) -> int:
        """How many hold under it."""
        return sum(row.holds for row in self.rows)

    @property
    def judged(self) -> int:
        """How many could be judged."""
        return sum(row.agreement is not None for row in self.rows)


def judged_readings(
    study: Study, frames: Mapping[str, pl.DataFrame]
) -> tuple[JudgedReading, ...]:
    """Every reading of a study, judged; empty where it has none.

    frames: those of `ClaimEvidence.of`, and tuning.
    """
    readings = study.readings or {}
    claims = [claim for claim in study.judged if concerned(claim, study)]
    if not claims:
        return ()
    found = []
    for name, reading in readings.items():
        read, seen = _aggregated(study, reading, frames)
        evidence = ClaimEvidence.of(read, seen)
        read_as = (
            reading.of(_with_rivals(claim, evidence), evidence.own_datasets)
            for claim in claims
        )
        rows = tuple(row_of(claim, evidence) for claim in read_as)
        found.append(JudgedReading(name, reading.title, reading.where or "", rows))
    return tuple(found)


def _with_rivals(claim: Claim, evidence: ClaimEvidence) -> Claim:
    """A rank among the families that it is among, so that a reading may put others in their places."""
    try:
        return (
            claim.model_copy(update={"among": tuple(evidence.ranked(claim))})
            if claim.kind == "rank"
            else claim
        )
    except NotTestableError:
        return claim


def concerned(claim: Claim, study: Study) -> bool:
    """Whether a claim is a number that the paper prints and that some reading changes."""
    of_number = claim.kind in OF_NUMBERS or (
        isinstance(claim, BetterClaim) and claim.value is not None
    )
    if claim.source != "paper" or not of_number or claim.fidelity == "not_attempted":
        return False
    of_all = claim.kind == "rank" and claim.among is None
    readings = (study.readings or {}).values()
    return any(
        one.renames(claim) or (of_all and one.families) or _anew(claim, study, one)
        for one in readings
    )


def _anew(claim: Claim, study: Study, reading: ProtocolReading) -> bool:
    """Whether the folds of some dataset of a claim are put together in another way."""
    metric = claim.metric or study.metrics.primary
    way, named = (
        reading.aggregation.get(metric),
        claim.datasets or (claim.dataset and (claim.dataset,)),
    )
    return way is not None and any(
        put_together_anew(study, name, metric, way) for name in named or study.datasets
    )


def _aggregated(
    study: Study, reading: ProtocolReading, frames: Mapping[str, pl.DataFrame]
) -> tuple[Study, Mapping[str, pl.DataFrame]]:
    """The study and its scores with the aggregation of a reading; what those of somebody else's table would be then
    nobody knows."""
    if not reading.aggregation:
        return study, frames
    aggregation = {**study.metrics.aggregation, **reading.aggregation}
    read = study.model_copy(
        update={
            "metrics": study.metrics.model_copy(update={"aggregation": aggregation})
        }
    )
    scores = scores_of(read, frames["tables"], frames["predictions"], frames["tuning"])
    unknown = pl.when(~pl.col("metric").is_in(list(reading.aggregation))).then("value")
    theirs = (
        frames["scores"]
        .join(frames["predictions"], on="dataset", how="anti")
        .with_columns(value=unknown)
    )
    return read, {**frames, "scores": pl.concat([scores, theirs], rechunk=True)}
