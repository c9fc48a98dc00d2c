"""The scores that a paper prints, beside ours: what its answer as a whole and its controls are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from bench.claims.claim import KINDS
from bench.claims.doubts import doubts_of
from bench.claims.printed import PrintedClaim, find_means
from bench.core.answers import NoAnswer
from bench.core.judgements import Agreement, Evidence, VerdictRow
from bench.scores.design import is_external
from bench.scores.series import series_of
from bench.study import Claim, Study


@dataclass(frozen=True, kw_only=True)
class PublishedNumber:
    """A printed score of a model on a dataset, beside ours.

    table: the dataset, or the first one with the same rows; tolerance: as stated; detectable: the smallest difference
    that would have been seen; decidable: how probable it is that endless repeats of ours decide it; counted: why it is
    counted alone; close: whether method and protocol are the paper's.
    """

    table: str
    dataset: str
    family: str
    metric: str
    side: str
    unit: str | None
    published: float
    ours: float
    difference: float
    standard_error: float | None
    tolerance: float | None
    detectable: float | None
    decidable: float
    p: float | None
    agreement: Agreement
    evidence: Evidence
    counted: NoAnswer | None
    close: bool


def numbers_of_claim(
    study: Study, claim: Claim, row: VerdictRow, table_of: Mapping[str, str]
) -> list[PublishedNumber]:
    """The published score that a judged claim of the paper is about, if it is about one."""
    is_score = KINDS[claim.kind].shape.number == "score" and claim.value is not None
    # A bound is no number of its own: a mean of differences has no use for it.
    if (
        not is_score
        or claim.bound is not None
        or row.source != "paper"
        or row.falsifier
    ):
        return []
    if row.agreement is None or row.ours is None or row.difference is None:
        return []
    dataset = row.dataset or next(iter(table_of), "")
    number = number_of(
        replace(row, dataset=dataset),
        table=table_of.get(dataset, dataset),
        side=claim.side,
        counted=counted_alone(study, claim, dataset),
    )
    return [number]


def number_of(
    row: VerdictRow, *, table: str, side: str = "test", counted: NoAnswer | None = None
) -> PublishedNumber:
    """The number of a judged row of a published score."""
    assert row.ours is not None and row.difference is not None
    return PublishedNumber(
        table=table,
        dataset=str(row.dataset),
        family=str(row.family),
        metric=str(row.metric),
        side=side,
        unit=row.unit,
        published=float(str(row.published)),
        ours=row.ours,
        difference=row.difference,
        standard_error=row.standard_error,
        tolerance=row.tolerance,
        detectable=row.detectable,
        decidable=find_decidable(row),
        p=row.p,
        agreement=Agreement(str(row.agreement)),
        evidence=Evidence(str(row.evidence)),
        counted=counted,
        close=is_close(row),
    )


def find_decidable(row: VerdictRow) -> float:
    """How probable it is that endless repeats of ours decide a number; what none enters stays as it is."""
    if row.decidable is not None:
        return row.decidable
    return float(Agreement(str(row.agreement)).decided)


def counted_alone(study: Study, claim: Claim, dataset: str) -> NoAnswer | None:
    """Why a number is no part of a mean."""
    if "other_method" in doubts_of(claim, study):
        return NoAnswer.SUBSTITUTED
    if claim.splits == "same" and is_external(study, dataset):
        return NoAnswer.SAME_SCORES
    return None


def is_close(row: VerdictRow) -> bool:
    """Whether method and protocol are the paper's, wherever its number was read."""
    return not {*row.doubted} - {"memory", "quoted"}


def numbers_of_table(
    study: Study, scores: pl.DataFrame, claim: PrintedClaim, row: VerdictRow
) -> list[PublishedNumber]:
    """The means of a printed table that have scores: each follows from them, or does not."""
    found = []
    for held in find_means(claim, study, series_of(scores, claim.side)):
        ours = float(held.ours or 0.0)
        number = PublishedNumber(
            table=held.of.dataset,
            dataset=held.of.dataset,
            family=held.of.family,
            metric=held.metric,
            side=claim.side,
            unit=None,
            published=float(held.printed),
            ours=ours,
            difference=ours - float(held.printed),
            standard_error=None,
            tolerance=None,
            detectable=None,
            decidable=1.0,
            p=None,
            agreement=Agreement(str(held.agreement)),
            evidence=Evidence(str(row.evidence)),
            counted=NoAnswer.SAME_SCORES,
            close=is_close(row),
        )
        found.append(number)
    return found
