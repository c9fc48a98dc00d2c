"""Claims of a paper x our scores -> verdicts, and what they say together. One file a kind of claim."""

from bench.claims.agreement import agreement
from bench.claims.arithmetic import remarks
from bench.claims.asking import check_claim, conflicts
from bench.claims.claim import KINDS, ClaimKind
from bench.claims.explaining import answer_of, explanations, jointly, together
from bench.claims.judging import verdicts

__all__ = [
    "KINDS",
    "ClaimKind",
    "agreement",
    "answer_of",
    "check_claim",
    "conflicts",
    "explanations",
    "jointly",
    "remarks",
    "together",
    "verdicts",
]
