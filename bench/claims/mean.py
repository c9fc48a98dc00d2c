"""A family's mean score over the datasets of a study, or those that the claim names, as printed at the foot of a table.

The datasets are the paper's own, so only the draw of the splits separates the two means: the standard errors of the
datasets add as independent ones do. It says nothing of other datasets.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.claims._numbers import judged_over
from bench.claims.claim import ClaimEvidence, ClaimKind, NotTestableError
from bench.core.judgements import Judgement, OneDataset
from bench.study import Claim, Study


def judge(claim: Claim, evidence: ClaimEvidence) -> Judgement:
    """The mean of our dataset means against the printed one; each of its datasets must have scores of the family."""
    if not evidence.over(claim):
        raise NotTestableError(OneDataset())
    scale = evidence.scale(claim)
    ours = [evidence.scores(one, claim.family).times(scale) for one in evidence.on_each(claim)]
    return judged_over(claim, evidence, ours, claim.family)


def check(claim: Claim, study: Study) -> Iterator[str]:
    if study.families is not None and len(study.datasets) == 1:
        yield "kind: a mean over data sets needs two of them; this study has one: write `kind: value`"


MEAN = ClaimKind(
    "mean",
    "a family's mean over all data sets",
    ("family", "metric", "value"),
    judge,
    takes=("datasets",),
    value="score",
    example='{kind: mean, family: lda, metric: accuracy, value: "93.4", unit: percent}',
    check=check,
)
