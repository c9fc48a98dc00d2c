"""What makes the evidence of a verdict less than strong, and how far: read from what the study states."""

from __future__ import annotations

from collections.abc import Sequence

from bench.core.judgements import DOUBTS, PROTOCOL, Doubt, Evidence
from bench.study import Claim, Study

_READ: dict[str, Doubt] = {"memory": "memory", "secondary": "quoted"}
_WEAK: frozenset[Doubt] = frozenset(("other_method", "memory"))


def doubts_of(claim: Claim, study: Study) -> tuple[Doubt, ...]:
    """What makes the evidence of a claim less than strong, the gravest first."""
    stated = {one.what for one in study.deviations_of(claim) if one.lowers}
    read = _READ.get(claim.read)
    return tuple(doubt for doubt in DOUBTS if doubt in stated or doubt == read)


def evidence_of(doubts: Sequence[Doubt]) -> Evidence:
    """How far a judgement on a claim is about the paper."""
    if not _WEAK.isdisjoint(doubts):
        return Evidence.WEAK
    return Evidence.LIMITED if doubts else Evidence.STRONG


def is_by_method(claim: Claim, study: Study) -> bool:
    """Whether the method is the paper's, as far as the study states."""
    return {"other_method", "method"}.isdisjoint(doubts_of(claim, study))


def is_under_protocol(claim: Claim, study: Study) -> bool:
    """Whether data and protocol are the paper's, as far as the study states."""
    return PROTOCOL.isdisjoint(doubts_of(claim, study))
