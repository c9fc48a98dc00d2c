"""A published number.

The two numbers usually share their data, so what differs between them is the draw of the splits (`_noise`).
"""

from __future__ import annotations

from bench.claims._numbers import judged
from bench.claims.claim import ClaimEvidence, ClaimKind
from bench.core.judgements import Judgement
from bench.study import Claim


def judge(claim: Claim, evidence: ClaimEvidence) -> Judgement:
    """The family's mean score against the printed one."""
    ours = evidence.scores(claim, claim.family).times(evidence.scale(claim))
    return judged(claim, evidence, ours, claim.family)


VALUE = ClaimKind(
    "value",
    "a published number",
    ("dataset", "family", "metric", "value"),
    judge,
    takes=("spread", "n", "positives", "folds"),
    value="score",
    example='{kind: value, dataset: wine, family: lda, metric: accuracy, value: "98.9", unit: percent}',
)
