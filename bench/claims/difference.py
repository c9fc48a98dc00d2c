"""One family minus another, as printed: an ablation, a gain, a loss.

The difference is signed in the metric's own direction: of two error rates it is below 0 where the first is lower. It is
judged like any published number, on the paired differences of the folds that both have: what the draw of the splits
does to both cancels.
"""

from __future__ import annotations

from typing import Literal

from bench.claims._numbers import judged
from bench.claims.claim import ClaimEvidence, ClaimKind
from bench.claims.judgement import Judgement
from bench.study.claims import OfPair, OnDataset, PrintedNumber, WithSpread


class DifferenceClaim(WithSpread, OfPair, OnDataset):
    """The score of a family minus that of another, as printed."""

    kind: Literal["difference"]
    """The kind of claim."""
    value: PrintedNumber
    """The number in quotes, as printed: its decimals show how far it was rounded. Example: `"97.5"`."""


def judge(claim: DifferenceClaim, evidence: ClaimEvidence) -> Judgement:
    """The mean of the paired differences against the printed one."""
    a, b = evidence.pair(claim, claim.family, claim.against)
    return judged(claim, evidence, a.minus(b), claim.family, claim.against)


DIFFERENCE = ClaimKind(
    "difference",
    "a published difference of two families",
    DifferenceClaim,
    '{kind: difference, dataset: wine, family: lda, against: qda, value: "-0.6", unit: percent}',
    judge,
)
