"""Counts of a study's claims, what its headline is of, what makes evidence weak; and the hash of its results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from bench.claims import judged_by
from bench.claims.claim import shape_of
from bench.core.judgements import PROTOCOL, Agreement, Evidence, VerdictRow
from bench.report import facts
from bench.report.bundle import Bundle
from bench.study.deviations import Deviation
from bench.text import formats
from bench.text.marks import MARKS, mark_of

Counts = dict[str, int]


def mark(row: VerdictRow) -> str:
    """How a judgement is shown: a key of `marks.MARKS`."""
    return mark_of(row.status, row.agreement, row.evidence, control=row.control)


def departures(bundle: Bundle, row: VerdictRow) -> list[Deviation]:
    """The deviations that make the evidence of a claim less than strong."""
    claim = bundle.claims.get(row.claim)
    stated = () if claim is None else bundle.study.deviations_of(claim)
    return [deviation for deviation in stated if deviation.lowers]


def protocol_notes(bundle: Bundle, row: VerdictRow) -> list[str]:
    """How data or protocol of a claim differ from the paper's, in the words of the study."""
    found = departures(bundle, row)
    return [deviation.note for deviation in found if deviation.what in PROTOCOL]


def statuses(bundle: Bundle) -> Counts:
    """How many of the counted claims were not judged, by status: they are in no share, and are named apart."""
    left = [mark(row) for row in bundle.counted.left]
    return {key: left.count(key) for key in MARKS if key in left}


@dataclass(frozen=True)
class Foremost:
    """The claims that the headline is of, and what sets them apart from all attempted ones.

    `central`: whether only they are central; `evidence`: theirs; `alone`: whether other such claims have less.
    """

    rows: tuple[VerdictRow, ...]
    central: bool
    evidence: Evidence
    alone: bool


def foremost(bundle: Bundle) -> Foremost | None:
    """The central claims with the best evidence among them, or of all where none is central; None without any."""
    rows = bundle.counted.attempted
    if not rows:
        return None
    central = [
        row
        for row in rows
        if (claim := bundle.claims.get(row.claim)) is not None and claim.central
    ]
    chosen = central or rows
    best = next(one for one in Evidence if any(row.evidence == one for row in chosen))
    found = tuple(row for row in chosen if row.evidence == best)
    return Foremost(found, len(chosen) < len(rows), best, len(found) < len(chosen))


def refutable(row: VerdictRow) -> bool:
    """Whether the claim could have been refuted: on strong evidence, by a test or where nothing was drawn, as of a
    printed table of the very scores."""
    decided = row.agreement in (Agreement.EXACT, Agreement.DIFFERS)
    table = shape_of(row.kind).number == "table" and not judged_by.is_of_other_scores(
        row
    )
    return row.evidence == Evidence.STRONG and (
        decided
        or judged_by.can_be_refuted(row)
        or table
        or facts.without_draws(row.reasons)
    )


def explained(bundle: Bundle, row: VerdictRow) -> str:
    """What the study says of a claim that differs: its note, and the explanations that fit the number; or empty."""
    if row.agreement != Agreement.DIFFERS:
        return ""
    claim = bundle.claims.get(row.claim)
    note = (claim.note or "").rstrip(".") if claim is not None else ""
    fitting = (
        bundle.frame("explanations")
        .filter(pl.col("compatible"), claim=row.claim)["title"]
        .to_list()
    )
    return "; ".join(
        filter(None, (note, formats.listed([f"“{title}”" for title in fitting], "or")))
    )


def sort_of(bundle: Bundle, row: VerdictRow) -> str:
    """What a claim is: a comparison without a number, or where its number was read (`Claim.read`)."""
    if row.published is None:
        return "comparison"
    claim = bundle.claims.get(row.claim)
    return "source" if claim is None else claim.read


def held(rows: Iterable[VerdictRow]) -> int:
    """How many claims hold."""
    return sum(row.holds for row in rows)
