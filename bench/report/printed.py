"""The tables of printed numbers and printed counts of a study, judged by the rules of the claims."""

from __future__ import annotations

from collections.abc import Sequence

from bench.claims.claim import KINDS
from bench.claims.counted import JudgedPair
from bench.claims.printed import JudgedTable, NumbersFollow
from bench.core.judgements import Status
from bench.report.bundle import Bundle, remembered
from bench.scores.series import series_of
from bench.study.claims import Claim


@remembered
def judged(bundle: Bundle) -> dict[str, JudgedTable | tuple[JudgedPair, ...]]:
    """By claim, the numbers or the pairs of models of each table that was judged."""
    scores, found = (
        bundle.plain("scores"),
        dict[str, JudgedTable | tuple[JudgedPair, ...]](),
    )
    claims = [claim for claim in _attempted(bundle) if _of_tables(claim)]
    series = {
        side: series_of(scores, side) for side in {claim.side for claim in claims}
    }
    for claim in claims:
        judge = KINDS[claim.kind].numbers
        if judge is not None:
            found[claim.id] = judge(claim, bundle.study, series[claim.side])
    return found


def tables(bundle: Bundle) -> tuple[JudgedTable, ...]:
    """The tables of printed numbers that were judged."""
    return tuple(one for one in judged(bundle).values() if isinstance(one, JudgedTable))


def counts(bundle: Bundle) -> dict[str, tuple[JudgedPair, ...]]:
    """By where they are printed, the pairs of models whose counts were judged."""
    found = judged(bundle).items()
    return {
        bundle.claims[claim].where: one
        for claim, one in found
        if not isinstance(one, JudgedTable)
    }


def claimed(bundle: Bundle) -> dict[str, tuple[int, int]]:
    """By claim, how many of its numbers are exact, and how many there are."""
    return {
        claim: (one.counts.exact, one.counts.numbers)
        if isinstance(one, JudgedTable)
        else (sum(pair.exact for pair in one), sum(pair.numbers for pair in one))
        for claim, one in judged(bundle).items()
    }


def total(bundle: Bundle) -> tuple[int, int]:
    """How many numbers are exact, and how many there are."""
    counted = list(claimed(bundle).values())
    return sum(exact for exact, _ in counted), sum(count for _, count in counted)


def _attempted(bundle: Bundle) -> list[Claim]:
    judged = {row.claim for row in bundle.verdicts if row.status == Status.ATTEMPTED}
    return [
        claim
        for claim in bundle.claims.values()
        if claim.id in judged and claim.source == "paper"
    ]


def together(found: Sequence[JudgedTable]) -> NumbersFollow:
    """The counts of several tables as one."""
    return JudgedTable(
        tuple(number for table in found for number in table.numbers), ()
    ).counts


def needed(bundle: Bundle) -> bool:
    """Whether the study has such tables."""
    return any(map(_of_tables, _attempted(bundle)))


def checks_numbers(bundle: Bundle) -> bool:
    """Whether such tables are what the study is about: all its central claims, or all where none is central."""
    claims = _attempted(bundle)
    foremost = [claim for claim in claims if claim.central] or claims
    return bool(foremost) and all(map(_of_tables, foremost))


def _of_tables(claim: Claim) -> bool:
    return KINDS[claim.kind].numbers is not None
