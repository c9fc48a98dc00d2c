"""A number of ours against a claimed range: a bound such as "above 95 %", or two ends such as "3 to 5 errors".

An end is a statement, not a rounded number: it has no rounding of its own. The rule is that for published numbers
(`_rules`), once for each end: reproduced where the interval lies inside the range widened by the tolerance, differs
where the wider interval lies outside of it, and exact where nothing was drawn and ours keeps every end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

from bench.claims._rules import Noise, p_inside, p_within, repeats_to_settle
from bench.claims.claim import ClaimEvidence, Problems
from bench.claims.judgement import Judgement
from bench.core.judgements import LEVEL, LEVELS, Agreement, Thresholds
from bench.core.outcomes import Statement, fixed
from bench.stats.noise import DECIMALS, apart
from bench.study.claims import Claim, PrintedNumber
from bench.text.judgements import Side
from bench.text.problems import OutOfRange


class WithEnds(Claim):
    """A claim whose number lies from one end to another; one of them may be open."""

    at_least: PrintedNumber | None = None
    """The lowest number that the claim allows, in quotes. Example: `"95"`."""
    above: PrintedNumber | None = None
    """A number that it must exceed, in quotes. Example: `"95"`."""
    at_most: PrintedNumber | None = None
    """The highest number that the claim allows, in quotes. Example: `"97.5"`."""
    below: PrintedNumber | None = None
    """A number that it must stay below, in quotes. Example: `"97.5"`."""

    @property
    def ends(self) -> ClaimedRange:
        """The two ends as numbers."""
        lowest, highest = self.at_least or self.above, self.at_most or self.below
        return ClaimedRange(
            lowest, highest, self.above is not None, self.below is not None
        )

    @property
    def stated(self) -> str | None:
        return self.ends.words


@dataclass(frozen=True)
class ClaimedRange:
    """The ends of a claimed range as printed, None where it is open; whether they are no part of it; and how many
    decimals of a number that is held against them are no float noise."""

    lowest: str | None
    highest: str | None
    without_lowest: bool = False
    without_highest: bool = False
    decimals: int = DECIMALS

    @property
    def low(self) -> float:
        return -inf if self.lowest is None else float(self.lowest)

    @property
    def high(self) -> float:
        return inf if self.highest is None else float(self.highest)

    def keeps(self, value: float) -> bool:
        """Whether a number lies in the range."""
        low, high = (
            round(apart(value, end), self.decimals) for end in (self.low, self.high)
        )
        return (low > 0 if self.without_lowest else low >= 0) and (
            high < 0 if self.without_highest else high <= 0
        )

    def nearest(self, value: float) -> str:
        """The end that a number is nearest to, as printed."""
        if self.lowest is None or self.highest is None:
            return str(self.lowest or self.highest)
        return (
            self.lowest
            if abs(value - self.low) <= abs(value - self.high)
            else self.highest
        )

    @property
    def words(self) -> str:
        """
        >>> ClaimedRange("95", None, without_lowest=True).words, ClaimedRange("3", "5").words
        ('above 95', '3 to 5')
        """
        low = (
            ""
            if self.lowest is None
            else f"{'above' if self.without_lowest else 'at least'} {self.lowest}"
        )
        high = (
            ""
            if self.highest is None
            else f"{'below' if self.without_highest else 'at most'} {self.highest}"
        )
        if low and high:
            closed = not (self.without_lowest or self.without_highest)
            return f"{self.lowest} to {self.highest}" if closed else f"{low}, {high}"
        return low or high


InRange = fixed("claim.range.inside", "our number keeps every end of the claimed range")


class NearRange(
    Statement,
    code="claim.range.near",
    says="ours is {way} than claimed, but within the tolerance",
):
    way: Side


class BeyondRange(
    Statement,
    code="claim.range.outside",
    says="ours is {way} than claimed, by more than the tolerance",
):
    way: Side


class RangeOpen(Statement, code="claim.range.open"):
    """The interval crosses an end of the range; way: on which side of the range ours lies, None: inside."""

    way: Side | None

    def sentence(self) -> str:
        if self.way is None:
            return "ours lies in the claimed range, but its interval reaches beyond the tolerance"
        return f"ours is {self.way} than claimed, but its interval does not exclude the range"


#: From an end and a level to the interval of ours - end that supports a claim, then the wider one that refutes it.
Distances = Callable[[float, float], tuple[float, float, float, float]]


def in_range(
    ours: float, ends: ClaimedRange, tolerance: float, noise: Noise
) -> Judgement:
    """The judgement on our mean, whose distance from each end has this noise."""
    outside = max(-apart(ours, ends.low), apart(ours, ends.high))
    ends = replace(ends, decimals=noise.decimals)
    if noise.se is None:
        settle = repeats_to_settle(outside - tolerance, [noise], 0.0)
        open_ = Judgement(
            Agreement.UNCLEAR,
            noise.reasons,
            ours=ours,
            tolerance=tolerance,
            settle=settle,
        )
        published = ends.nearest(ours)
        return replace(
            open_, published=published, difference=apart(ours, float(published))
        )

    def interval(end: float, level: float) -> tuple[float, float, float, float]:
        return noise.ends(level, apart(ours, end))

    made = by_interval(ours, ends, tolerance, interval, drawn=not noise.chance_free)
    decided = made.agreement is None or made.agreement.decided
    return replace(
        made, reasons=(*made.reasons, *noise.reasons), p=p_within(max(outside, 0.0), noise, tolerance, 0.0),
        p_shown=p_inside(outside, noise, tolerance, 0.0),
        settle=() if decided else repeats_to_settle(outside - tolerance, [noise], 0.0),
    )  # fmt: skip


def by_interval(
    ours: float,
    ends: ClaimedRange,
    tolerance: float,
    interval: Distances,
    *,
    drawn: bool,
) -> Judgement:
    """The judgement by intervals of the distances from both ends; drawn: whether chance has a part in them."""
    rules = tuple(_rule(ours, ends, interval, level, drawn) for level in LEVELS)
    published = ends.nearest(ours)
    low, high, low_refute, high_refute = interval(float(published), LEVEL)
    rule = next(one for one in rules if one.level == LEVEL)
    agreement = rule.at(tolerance)
    return Judgement(
        agreement, (_reason(ours, ends, agreement),), ours=ours, difference=apart(ours, float(published)), low=low,
        high=high,
        low_refute=low_refute, high_refute=high_refute, tolerance=tolerance, published=published, rules=rules,
        smallest_tolerance=0.0 if rule.above is None else max(0.0, rule.above),
    )  # fmt: skip


def _rule(
    ours: float, ends: ClaimedRange, interval: Distances, level: float, drawn: bool
) -> Thresholds:
    """How the tolerance decides at one level."""
    if not drawn and ends.keeps(ours):
        return Thresholds(level, Agreement.EXACT, half=0.0)
    of_low, of_high = (
        None if one in (-inf, inf) else interval(one, level)
        for one in (ends.low, ends.high)
    )
    beyond = 10.0**-ends.decimals  # an end that is no part of the range must be passed
    short = [-of_low[0] + beyond * ends.without_lowest] if of_low is not None else []
    short += [of_high[1] + beyond * ends.without_highest] if of_high is not None else []
    out = [-of_low[3]] if of_low is not None else []
    out += [of_high[2]] if of_high is not None else []
    reaches = (of_low is None or of_low[1] >= 0) and (
        of_high is None or of_high[0] <= 0
    )
    return Thresholds(
        level, Agreement.CONSISTENT if reaches and drawn else Agreement.UNCLEAR, above=max(short), below=max(out),
        half=None,
    )  # fmt: skip


def _reason(ours: float, ends: ClaimedRange, agreement: Agreement) -> Statement:
    way: Side | None = (
        None if ends.keeps(ours) else "higher" if ours >= ends.high else "lower"
    )
    if agreement == Agreement.DIFFERS:
        return BeyondRange(way or "lower")
    if agreement.holds:
        return InRange() if way is None else NearRange(way)
    return RangeOpen(way)


class NoEnd(
    Statement,
    code="problem.claim.range.no_end",
    says="missing; a {kind} needs an end: `at_least`, `above`, `at_most` or `below`",
):
    kind: str


class TwoEnds(
    Statement,
    code="problem.claim.range.two_ends",
    says="stands beside `{other}`; write one of them",
):
    other: str


#: The fields that hold ends.
ENDS = ("at_least", "above", "at_most", "below")


NotWidened = fixed(
    "problem.claim.range.own_tolerance",
    "widens ends that the study's author states, so that they and their opposite could both hold; leave it out",
)


def tolerance_of_ends(claim: WithEnds, evidence: ClaimEvidence) -> float:
    """The tolerance that widens a range; 0 where the study's author states it: an expectation and a falsifier that says
    the opposite cannot both hold."""
    return 0.0 if claim.source == "author" else evidence.tolerance(claim)


def check_ends(claim: WithEnds, *needed: str) -> Problems:
    """One lowest end at most, one highest, and the lowest below the highest; needed: an end, or one of these fields. No
    tolerance of what the study's author states."""
    if claim.value is None and claim.tolerance is not None and claim.source == "author":
        yield ("tolerance",), NotWidened()
    if claim.fidelity != "not_attempted" and all(
        getattr(claim, key) is None for key in (*ENDS, *needed)
    ):
        yield ((*needed, "kind")[0],), NoEnd(claim.kind)
    for first, second in (("at_least", "above"), ("at_most", "below")):
        if getattr(claim, first) is not None and getattr(claim, second) is not None:
            yield (second,), TwoEnds(first)
    if claim.ends.low > claim.ends.high:
        key = "at_most" if claim.at_most is not None else "below"
        yield (key,), OutOfRange("ge", claim.ends.low, str(claim.ends.highest))
