"""The rows of the frames of explanations of published numbers."""

from __future__ import annotations

from dataclasses import dataclass

from bench.core.frames import of_row


@dataclass(frozen=True, kw_only=True)
class ExplanationRow:
    """Explanations of published numbers (`bench list explanations`), a row a claim and explanation. `kind`: valid,
    error, control. estimate: what the explanation gives here, in the claim's unit; low, high: where 95 % of the numbers
    lie that single papers with this protocol would print, null where no spread is known; `compatible`: whether the
    published number is among them; `together`: the same at 1 - .05/k, k the numbers that the study compares with the
    explanations, so that papers with this protocol have all of them inside in at least 95 %; `beyond`: of a valid
    protocol, how often its papers print a number as far out as the published one, or farther, null where it draws
    nothing and the tolerance decides. An explanation that
    cannot be tried here has `reasons` (statements as JSON) and no estimate; where it leaves this number as it is
    (nothing is tuned, no class is rare), `together` is that of the study's own protocol.
    """

    claim: str
    source: str
    dataset: str
    family: str
    metric: str
    variant: str
    kind: str
    title: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    compatible: bool | None = None
    together: bool | None = None
    beyond: float | None = None
    reasons: str


@dataclass(frozen=True, kw_only=True)
class JointRow:
    """Each explanation and all those numbers at once. numbers: of how many claims; missed: the claims that it does not
    fit; unknown: of how many others that is not known; `compatible`: it misses none, null where that is not known of
    all; `beyond`: of a valid protocol, how often its papers have a number as far out among theirs, at most
    (Bonferroni).
    """

    variant: str
    kind: str
    title: str
    numbers: int
    missed: list[str]
    unknown: int
    compatible: bool | None
    beyond: float | None


EXPLAINED = of_row(ExplanationRow)
JOINT = of_row(JointRow)
