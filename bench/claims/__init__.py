"""Claims of a paper x our scores -> verdicts, and their summary. One file a kind of claim."""

from bench.claims.answer import answers
from bench.claims.checks import check_claim, conflicts, other_cases, remarks
from bench.claims.claim import KINDS, ClaimKind
from bench.claims.explained import explanations
from bench.claims.judging import verdicts
from bench.claims.repeats import repeats_after_pilot

__all__ = [
    "KINDS", "ClaimKind", "answers", "check_claim", "conflicts", "explanations", "other_cases", "remarks",
    "repeats_after_pilot", "verdicts",
]  # fmt: skip
