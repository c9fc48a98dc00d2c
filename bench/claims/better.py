"""One family beats another, on one dataset or, when none is named, over all.

`value` is optional: by how much it is better (positive, whichever way the metric points). On the paper's own rows the
test is two-sided, because the direction was read off them. Two families that are practically equal refute the claim
before their direction is looked at. Over datasets the dataset is the unit, its test is that of signed ranks, and the
size is the mean of the datasets' differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

from bench.claims._numbers import judged, judged_over
from bench.claims._pairs import Standing, standing, without_error_rate
from bench.claims.claim import Answer, ClaimEvidence, ClaimKind, Found
from bench.core.outcomes import Statement
from bench.scores.series import Series
from bench.study import Study
from bench.study.claims import Claim, OfPair, OverDatasets, PrintedNumber, WithSpread


class BetterClaim(WithSpread, OfPair, OverDatasets):
    """One family beats another."""

    kind: Literal["better"]
    value: PrintedNumber | None = None
    """By how much it is better, in quotes as printed; positive, whichever way the metric points."""


class BetterCode(StrEnum):
    """What can be wrong with a claim of this kind alone."""

    NEGATIVE = "claim.better.negative"


@dataclass(frozen=True)
class NegativeSize(Statement):
    """A size with a sign."""

    code: ClassVar[StrEnum] = BetterCode.NEGATIVE
    value: str

    def sentence(self) -> str:
        return (
            f"{self.value} is negative; by how much the family is better is positive, whichever way the metric points: "
            "leave the sign out, or, if the paper says so, exchange `family` and `against`"
        )


def judge(claim: BetterClaim, evidence: ClaimEvidence) -> Answer:
    """Equivalence first, then direction, then size."""
    one = standing(claim, evidence, claim.family, claim.against)
    answer: Answer = {"ours": one.improvement, "tolerance": one.margin} | one.intervals | {"p": one.p_not_better}
    if one.p is None:
        return _with_size(claim, evidence, answer | _plain(claim, evidence, one))
    if one.equivalent:
        return answer | {"verdict": "not_reproduced", "reason": f"equivalent: within {one.margin:g}; {one.said}"}
    if one.worse:
        return answer | {"verdict": "not_reproduced", "reason": f"the other way round (p {one.p:.2g}); {one.said}"}
    if not one.better:
        why = one.undecidable or f"undecided (p {one.p:.2g})"
        return answer | {"verdict": "inconclusive", "reason": f"{why}; {one.said}"}
    answer |= {"verdict": "reproduced", "reason": f"p {one.p:.2g}; {one.said}"}
    return _with_size(claim, evidence, answer)


def _plain(claim: Claim, evidence: ClaimEvidence, one: Standing) -> Answer:
    """Without an error rate the difference is what it is: it must be larger than the tolerance to say anything."""
    why, supports, refutes = without_error_rate(claim, evidence, claim.family, claim.against)
    if supports and one.improvement > one.margin:
        return {"verdict": "reproduced", "reason": why}
    if refutes and one.improvement < -one.margin:
        return {"verdict": "not_reproduced", "reason": f"the other way round; {why}"}
    return {"verdict": "inconclusive", "reason": why}


def _with_size(claim: Claim, evidence: ClaimEvidence, answer: Answer) -> Answer:
    """A direction that holds is `reproduced` only when its claimed size holds too."""
    if claim.value is None or answer["verdict"] != "reproduced":
        return answer
    families = (claim.family, claim.against)
    if evidence.over(claim):
        size = judged_over(claim, evidence, [_gain(one, evidence) for one in evidence.on_each(claim)], *families)
    else:
        size = judged(claim, evidence, _gain(claim, evidence), *families)
    size.pop("p", None)  # what would refute this claim is its direction, not its size
    if size["verdict"] in ("exact", "reproduced"):
        return answer | size
    told = "its size does not" if size["verdict"] == "not_reproduced" else "whether its size holds is open"
    direction = f"the direction holds ({answer['reason']}), {told}: {size['reason'].removeprefix('undecided: ')}"
    return answer | size | {"verdict": "direction_reproduced", "reason": direction}


def _gain(claim: Claim, evidence: ClaimEvidence) -> Series:
    a, b = (one.times(evidence.direction(claim)) for one in evidence.pair(claim, claim.family, claim.against))
    return Series(a.repeat, a.fold, a.value - b.value)


def check(claim: BetterClaim, study: Study) -> Found:
    """By how much is said without a sign."""
    if claim.value is not None and float(claim.value) < 0:
        yield ("value",), NegativeSize(claim.value)


BETTER = ClaimKind(
    "better",
    "one family beats another",
    BetterClaim,
    '{kind: better, dataset: wine, family: lda, against: qda, metric: accuracy, value: "2.0", unit: percent}',
    judge,
    check=check,
)
