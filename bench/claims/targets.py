"""The three-sided rule: is the difference within the tolerance, outside it, or does the
interval leave both open?

After Goeman, Solari & Stijnen (2010): the line is cut into below, within and above the
tolerance, and each wrong claim has its own small probability. `reproduced` uses the t.95
interval; `differs` the wider t.975, because two tails of .05 would refute true claims too
often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf
from typing import Literal

from bench.claims._noise import Noise
from bench.claims._pairs import Pair
from bench.claims.case import AnyCase
from bench.claims.judgement import Judgement, Open
from bench.contrasts import Contrast, LowHigh, Student
from bench.core.judgements import LEVEL, Agreement, Settle
from bench.core.outcomes import Statement
from bench.stats.adjust import holm_where_tested
from bench.stats.precision import error_at, noise_floor
from bench.stats.signed_ranks import decidable, fewest, smallest_p
from bench.study import Claim
from bench.study.claims import Bound
from bench.study.printed_numbers import read_score
from bench.text import compared
from bench.text import judgements as j

#: A noise floor that rests on fewer repeats than these is a guess, and makes no claim
#: untestable.
FEWEST_REPEATS = 5
#: The level of the interval that supports a claim.
NEAR = 2 * LEVEL - 1


@dataclass(frozen=True)
class Printed:
    """A published number, in the claim's unit: its value and half a unit of its last
    decimal; of a range its middle, and how far its ends lie from it."""

    value: float
    half: float
    reach: float = 0.0

    @classmethod
    def of(cls, text: str) -> Printed:
        """
        >>> Printed.of("98.90").half
        0.005
        """
        number = Decimal(text)
        unit = Decimal(1).scaleb(int(number.as_tuple().exponent))
        return cls(float(number), float(unit / 2))

    @classmethod
    def of_claim(cls, claim: Claim) -> Printed:
        """The number of a claim; a bound, a count, an end of a range, or one without an
        error, was not rounded."""
        score = read_score(str(claim.value))
        if score.is_plain:
            printed = cls.of(str(claim.value))
            is_rounded = not claim.without_error and claim.bound is None
            return printed if is_rounded else replace(printed, half=0.0)
        is_percent = score.cases is not None and claim.unit == "percent"
        scale = 100 if is_percent else 1
        middle, reach = (score.low + score.high) / 2, (score.high - score.low) / 2
        return cls(float(scale * middle), 0.0, float(reach))


def lie_within(
    difference: float,
    noise: Noise,
    tolerance: float,
    half: float,
    bound: Bound | None = None,
) -> Judgement:
    """The judgement on one difference ours - published.

    Parameters
    ----------
    difference : float
        Ours less the published number.
    noise : Noise
        What chance can do to it.
    tolerance : float
        How far the two may lie apart.
    half : float
        Half a unit of the last printed decimal, added to both ends of the interval.
    bound : {"lower", "upper"}, optional
        Where a bound is published: no difference on its own side counts.

    Returns
    -------
    Judgement
        With intervals, p-values, agreement and reasons; what would settle it where it is
        open.
    """
    contrast, known = noise.contrast(difference, half), noise.known_se is not None
    judgement = Judgement(
        Agreement.OFF, noise.reasons, difference=difference, tolerance=tolerance
    )
    near, far = _interval(contrast, NEAR), _interval(contrast, LEVEL)
    if near is None or far is None:
        return judgement
    reach = contrast.reach(LEVEL) or 0.0
    p, p_shown = _test(contrast, tolerance, bound) if known else (None, None)
    judgement = replace(
        judgement,
        standard_error=noise.known_se,
        low=near[0],
        high=near[1],
        low_refute=far[0],
        high_refute=far[1],
        p=p,
        p_shown=p_shown,
        detectable=reach + tolerance,
    )
    near = counted(near[0], bound), counted(near[1], bound)
    far = counted(far[0], bound), counted(far[1], bound)
    farthest = max(abs(near[0]), abs(near[1]))
    at_best = None if bound is not None else decide_at_best(contrast, tolerance)
    judgement = replace(judgement, smallest_tolerance=farthest, decidable=at_best)
    if noise.chance_free and round(abs(difference), noise.decimals) <= half:
        return _decide(judgement, Agreement.EXACT, j.EqualAsPrinted())
    if tolerance >= farthest:
        apart = (j.ZeroExcluded(),) if known and not _holds_0(near) else ()
        return _decide(judgement, Agreement.REPRODUCED, *apart)
    if far[0] > tolerance or far[1] < -tolerance:
        side: j.Side = "higher" if difference > 0 else "lower"
        return _decide(judgement, Agreement.DIFFERS, j.OutsideTolerance(side))
    return _leave_open(judgement, contrast, noise, near, bound)


def counted(difference: float, bound: Bound | None) -> float:
    """What of a difference counts against a number: all, or what falls short of a bound."""
    if bound == "lower":
        return min(difference, 0.0)
    if bound == "upper":
        return max(difference, 0.0)
    return difference


def decide_at_best(contrast: Contrast, tolerance: float) -> float | None:
    """How probable it is that endless repeats of ours decide a number, by what is known
    of our mean; None where no repeats of ours enter its noise.

    Parameters
    ----------
    contrast : Contrast
        Ours against the published number.
    tolerance : float
        How far the two may lie apart.

    Returns
    -------
    float or None
        The probability that the difference lies where the published number's own chance,
        on either side, leaves it no longer open.
    """
    growth = contrast.growth
    if growth is None:
        return None
    se, df = error_at(growth.at, inf)
    law = Student(gain=contrast.gain, standard_error=se, df=df)
    alone = replace(contrast, law=law)
    own = replace(growth, fixed=0.0, df_fixed=None)
    se, df = error_at(own.at, growth.repeats)
    law = Student(gain=contrast.gain, standard_error=se, df=df)
    near = tolerance - (alone.reach(NEAR) or 0.0)
    far = tolerance + (alone.reach(LEVEL) or 0.0)
    beyond = law.chances(far)
    return law.chances(near).p_rope + beyond.p_less + beyond.p_greater


def _test(
    contrast: Contrast, tolerance: float, bound: Bound | None
) -> tuple[float | None, float | None]:
    """The p-values of the tests that refute the number and that show it."""
    if bound is None:
        return contrast.p(tolerance), contrast.p(tolerance, "within")
    short, enough = contrast.p(tolerance, "below"), contrast.p(-tolerance, "above")
    if bound == "upper":
        short, enough = contrast.p(tolerance, "above"), contrast.p(-tolerance, "below")
    # An end of the two-sided interval refutes it.
    return None if short is None else min(1.0, 2 * short), enough


def _interval(contrast: Contrast, level: float) -> LowHigh | None:
    """The interval, without float noise at its ends."""
    ends = contrast.interval(level)
    if ends is None:
        return None
    return round(ends[0], contrast.decimals), round(ends[1], contrast.decimals)


def _holds_0(ends: LowHigh) -> bool:
    return ends[0] <= 0 <= ends[1]


def _decide(
    judgement: Judgement, agreement: Agreement, *reasons: Statement
) -> Judgement:
    """The judgement with this agreement; the reasons for it come first."""
    reasons = (*reasons, *judgement.reasons)
    return replace(judgement, agreement=agreement, reasons=reasons)


def _leave_open(
    judgement: Judgement,
    contrast: Contrast,
    noise: Noise,
    near: LowHigh,
    bound: Bound | None,
) -> Judgement:
    """What would decide it."""
    tolerance, half = judgement.tolerance or 0.0, contrast.rounding
    growth = contrast.growth
    reasons: list[Statement] = [_describe(near, tolerance)]
    if growth is not None:
        gain = contrast.gain
        distance = {None: abs(gain), "lower": -gain, "upper": gain}[bound]
        beyond = distance - tolerance
        room = abs(beyond) - half - 0.5 * 10.0**-noise.decimals
        level = (1 + LEVEL) / 2 if beyond > 0 else LEVEL
        by = Settle.PAPER_NOISE if growth.fixed else Settle.SOURCE
        left = Open(drawn=growth, limits=((room, level),), floor=by)
        judgement = replace(judgement, open=(left,))
        floor = noise_floor(growth.fixed**0.5, half=half)
        n = int(growth.df_fixed or noise.df) + 1
        if floor >= tolerance and left.further() is None:
            guessed = j.NoiseFloorGuessed(floor, n, FEWEST_REPEATS)
            sure = j.NoiseFloor(floor, tolerance)
            reasons.append(sure if n >= FEWEST_REPEATS else guessed)
    if noise.known_se is None:
        reasons = [j.RoundingOpen(tolerance)]
    return _decide(judgement, Agreement.OFF, *reasons)


def _describe(near: LowHigh, tolerance: float) -> j.IntervalOpen:
    """What an interval that decides nothing leaves open."""
    low, high = near
    side: j.Side = "higher" if low > 0 else "lower"
    if _holds_0(near):
        return j.IntervalOpen("equal", side)
    if low > tolerance or high < -tolerance:
        return j.IntervalOpen("narrowly", side)
    return j.IntervalOpen("crossing", side)


#: How two models stand that are claimed to stand otherwise.
Relation = Literal["apart", "equal", "reversed"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PairQuestion:
    """What is claimed of two models: that the first is better, or that they are equal.

    is_asked: whether the claim needs it; others can only refute the claim. p_different,
    p_equal: after Holm over all questions; None without a test, and where equality says
    nothing.
    """

    first: str
    second: str
    pair: Pair
    is_strict: bool = True
    is_asked: bool = True
    p_different: float | None = None
    p_equal: float | None = None

    @property
    def words(self) -> str:
        """The pair as a ranking has it: `a > b`, `a = b`."""
        return f"{self.first} {'>' if self.is_strict else '='} {self.second}"

    @property
    def is_tested(self) -> bool:
        return self.pair.why is None

    @property
    def relation(self) -> Relation | None:
        """What is shown against it."""
        pair = self.pair
        if self.is_tested:
            if self.p_equal is not None and self.p_equal < pair.alpha:
                return "equal"
            if self.p_different is None or self.p_different >= pair.alpha:
                return None
        if self.is_strict:
            return "reversed" if pair.is_worse else None
        return "apart" if pair.is_apart else None

    @property
    def is_shown(self) -> bool:
        """Whether they are as claimed, without correction."""
        pair = self.pair
        if not self.is_strict:
            return pair.is_equal
        return pair.is_better and (self.p_equal is None or not pair.is_equal)

    @property
    def p_against(self) -> float:
        """The p-value of what contradicts it, where it is tested."""
        different = self.p_different or 0.0
        if not self.is_strict:
            return max(different, self.pair.p_apart or 0.0)
        reversed_ = different if self.pair.gain < 0 else 1.0
        return reversed_ if self.p_equal is None else min(self.p_equal, reversed_)

    @property
    def p_shown(self) -> float:
        """The p-value of the test that shows it; 0 without a test."""
        return (self.pair.p_better if self.is_strict else self.pair.p_equal) or 0.0

    @property
    def limits(self) -> list[tuple[float, float]]:
        """How far the interval may reach until it leaves out 0, or lies on one side of the
        margin, and its quantile: any of them is enough."""
        pair, gain = self.pair, abs(self.pair.gain)
        limits, room = [], pair.margin - gain
        if self.is_strict:
            limits.append((gain, 1 - pair.alpha / (1 if pair.one_sided else 2)))
        if room > 0 and (self.p_equal is not None or not self.is_strict):
            limits.append((room, 1 - pair.alpha))
        if room < 0 and not self.is_strict:
            limits.append((-room, 1 - pair.alpha / 2))
        return limits


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """What tests say of questions, and the tolerance of pairs that have none: either may refute
    a claim, and it takes both to hold.

    few: what so few datasets, or a few draws that all agree, cannot decide.
    """

    questions: list[PairQuestion]
    few: tuple[Statement, ...]

    @property
    def tested(self) -> list[PairQuestion]:
        return [question for question in self.questions if question.is_tested]

    @property
    def contradicted(self) -> list[PairQuestion]:
        return [question for question in self.questions if question.relation]

    @property
    def open(self) -> list[PairQuestion]:
        """Those that the claim needs and that are not shown."""
        return [each for each in self.questions if each.is_asked and not each.is_shown]

    @property
    def agreement(self) -> Agreement:
        if self.contradicted:
            return Agreement.DIFFERS
        return Agreement.OFF if self.open else Agreement.REPRODUCED

    @property
    def p(self) -> float | None:
        """The smallest p against the claim; None where no test compares any pair, or those
        alone contradict it that no test compares."""
        p = min((question.p_against for question in self.tested), default=None)
        if p is None or not self.contradicted or p < self.questions[0].pair.alpha:
            return p
        return None

    @property
    def p_shown(self) -> float | None:
        """The largest p that shows what the claim needs; 1 where that is open of a pair
        without a test."""
        if not self.tested:
            return None
        if any(not question.is_tested for question in self.open):
            return 1.0
        return max(each.p_shown for each in self.questions if each.is_asked)

    @property
    def why_untested(self) -> tuple[Statement, ...]:
        """Why pairs have no test; those that nothing is drawn between stand apart."""
        without = {
            f"{question.first} and {question.second}": question.pair.why
            for question in self.questions
            if question.pair.why is not None
        }
        certain = [
            words for words, why in without.items() if why.supports and why.refutes
        ]
        if not certain or len(certain) == len(self.questions):
            certain = []
        reasons = [
            reason
            for words, why in without.items()
            if words not in certain
            for reason in why.reasons
        ]
        named = (compared.WithoutTest(tuple(certain)),) if certain else ()
        return (*named, *dict.fromkeys(reasons))

    def judgement(self, pair: Pair, *reasons: Statement) -> Judgement:
        """The judgement with the numbers of a pair, and with what would decide it."""
        reasons = (*reasons, *self.why_untested)
        p, p_shown = self.p, self.p_shown
        judgement = pair.judgement(self.agreement, *reasons, p=p, p_shown=p_shown)
        if any(not question.is_tested for question in self.open):
            return judgement
        for question in self.open:
            judgement = question.pair.leave_open(judgement, *question.limits)
        return judgement


def answer(
    case: AnyCase, questions: Sequence[PairQuestion], *, equality: bool = True
) -> Answers:
    """What the scores say of some questions, after Holm over all of them; equality: whether
    models that are equal refute that one is better."""
    p = [question.pair.p for question in questions]
    is_sized = [question.is_strict and equality for question in questions]
    p_equal = [
        question.pair.p_equal if sized else None
        for question, sized in zip(questions, is_sized, strict=True)
    ]
    adjusted, adjusted_equal = holm_where_tested(p), holm_where_tested(p_equal)
    asked = [
        replace(question, p_different=different, p_equal=equal)
        for question, different, equal in zip(
            questions, adjusted, adjusted_equal, strict=True
        )
    ]
    return Answers(questions=asked, few=_find_few(case, asked))


def _find_few(
    case: AnyCase, questions: Sequence[PairQuestion]
) -> tuple[Statement, ...]:
    """What so few datasets, or a few draws that all agree, cannot decide of a claim that each
    pair supports uncorrected, by one-sided tests of equality, and one contradicts after Holm:
    all of it, or the contradiction alone."""
    tested = [question.pair for question in questions if question.is_tested]
    if not tested or not case.is_over_datasets:
        agree = [pair.undecidable for pair in tested if pair.undecidable is not None]
        return tuple(dict.fromkeys(agree))
    n, pairs = len(case.units), len(tested)
    has_direction = any(question.is_strict for question in questions)
    sides = 1 if case.is_one_sided or not has_direction else 2
    shown = decidable(n, 2, alpha=_two_sided(case.alpha, sides))
    equality = _can_show_equality(n, questions)
    if not shown.can_decide:
        least = shown.smallest_p * sides / 2
        return (compared.FewDatasets(n, least, shown.needed, equality),)
    needed = fewest(pairs, _two_sided(case.alpha, sides if has_direction else 2))
    if n >= needed:
        return ()
    return (compared.FewForOpposite(n, pairs, needed, equality),)


def _two_sided(alpha: float, sides: int) -> float:
    """The level that a two-sided p must pass."""
    return min(2 * alpha, 0.999) if sides == 1 else alpha


def _can_show_equality(n: int, questions: Sequence[PairQuestion]) -> bool:
    """Whether n datasets could show, after Holm, that some pair of those that are claimed to
    differ is practically equal: by one-sided tests, and within a margin."""
    pairs = [question.pair for question in questions if question.p_equal is not None]
    least = len(pairs) * smallest_p(n) / 2
    return any(pair.margin > 0 and least < pair.alpha for pair in pairs)
