"""A family's mean score over the datasets of a study, or those that the claim names, as printed at the foot of a table.

The datasets are the paper's own, so only the draw of the splits separates the two means: the standard errors of the
datasets add as independent ones do. It says nothing of other datasets.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bench.claims._numbers import judged_over
from bench.claims.claim import ClaimEvidence, ClaimKind, NotTestableError, Problems
from bench.claims.judgement import Judgement
from bench.core.outcomes import fixed
from bench.study import Study
from bench.study.claims import OfFamily, PrintedNumber
from bench.study.fields import Text
from bench.text.unjudged import OneDataset


class MeanClaim(OfFamily):
    """The mean score of a family over datasets, as printed."""

    kind: Literal["mean"]
    """The kind of claim."""
    value: PrintedNumber
    """The number in quotes, as printed: its decimals show how far it was rounded. Example: `"97.5"`."""
    datasets: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The datasets of the mean; all, unless named. Example: `[wine, iris]`."""


NoMean = fixed(
    "problem.claim.mean.one_dataset",
    "a mean over datasets needs two of them; this study has one: write `kind: value`",
)


def judge(claim: MeanClaim, evidence: ClaimEvidence) -> Judgement:
    """The mean of our dataset means against the printed one; each of its datasets must have scores of the family."""
    if not evidence.over(claim):
        raise NotTestableError(OneDataset())
    scale = evidence.scale(claim)
    ours = [
        evidence.scores(one, claim.family).times(scale)
        for one in evidence.on_each(claim)
    ]
    return judged_over(claim, evidence, ours, claim.family)


def check(claim: MeanClaim, study: Study) -> Problems:
    """A mean over datasets needs two of them."""
    if study.families is not None and len(study.datasets) == 1:
        yield ("kind",), NoMean()


MEAN = ClaimKind(
    "mean",
    "a family's mean over all datasets",
    MeanClaim,
    '{kind: mean, family: lda, metric: accuracy, value: "93.4", unit: percent}',
    judge,
    value="score",
    check=check,
)
