"""A published number.

The two numbers usually share their data, so what differs between them is the draw of the splits (`_noise`).
"""

from __future__ import annotations

from typing import Literal

from bench.claims._numbers import judged
from bench.claims.case import CaseOf
from bench.claims.claim import ClaimKind, Problems
from bench.claims.judgement import Judgement
from bench.claims.shapes import SCORE
from bench.core.outcomes import fixed
from bench.study import Study
from bench.study.claims import (
    Cases,
    OfFamily,
    OnDataset,
    PrintedNumber,
    WithSpread,
)
from bench.study.fields import Bool


class ValueClaim(WithSpread, OfFamily, OnDataset):
    """The score of a family, as printed."""

    kind: Literal["value"]
    """The kind of claim."""
    value: PrintedNumber
    """The number in quotes, as printed: its decimals show how far it was rounded. Example: `"97.5"`."""
    constant: Bool = False
    """Whether the number holds by theory, such as an error rate of 50 % on pure noise: it has no splits, seeds or
    rounding of its own."""
    n: Cases | None = None
    """How many cases the number in each repeat rests on. Example: `178`."""


ConstantHasNone = fixed(
    "problem.claim.value.constant",
    "has no meaning for a constant, which nobody measured: leave it out, or leave out `constant`",
)


def judge(case: CaseOf[ValueClaim]) -> Judgement:
    """The family's mean score against the printed one."""
    ours = case.scores(case.claim.family).times(case.scale)
    return judged(case, ours)


def check(claim: ValueClaim, study: Study) -> Problems:
    """What a measured number has and a constant has not."""
    for name in ("repeats", "spread", "folds", "n"):
        if claim.constant and getattr(claim, name) is not None:
            yield (name,), ConstantHasNone()


VALUE = ClaimKind(
    "value",
    "a published number",
    ValueClaim,
    '{kind: value, dataset: wine, family: lda, metric: accuracy, value: "98.9", unit: percent}',
    judge,
    SCORE,
    check=check,
)
