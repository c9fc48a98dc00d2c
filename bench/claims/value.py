"""A published number.

The two numbers usually share their data, so what differs between them is the draw of the splits (`_noise`).
"""

from __future__ import annotations

from typing import Literal

from bench.claims._numbers import judged
from bench.claims.claim import ClaimEvidence, ClaimKind
from bench.core.judgements import Judgement
from bench.study.claims import Cases, OfFamily, OnDataset, PrintedNumber, WithSpread


class ValueClaim(WithSpread, OfFamily, OnDataset):
    """The score of a family, as printed."""

    kind: Literal["value"]
    """The kind of claim."""
    value: PrintedNumber
    """The number in quotes, as printed: its decimals show how far it was rounded. Example: `"97.5"`."""
    n: Cases | None = None
    """How many cases the number in each repeat rests on."""
    positives: Cases | None = None
    """How many of them are of the positive class."""


def judge(claim: ValueClaim, evidence: ClaimEvidence) -> Judgement:
    """The family's mean score against the printed one."""
    ours = evidence.scores(claim, claim.family).times(evidence.scale(claim))
    return judged(claim, evidence, ours, claim.family)


VALUE = ClaimKind(
    "value",
    "a published number",
    ValueClaim,
    '{kind: value, dataset: wine, family: lda, metric: accuracy, value: "98.9", unit: percent}',
    judge,
    value="score",
)
