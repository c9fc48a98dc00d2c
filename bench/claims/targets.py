"""The three-sided rule: is the difference within the tolerance, outside it, or does the
interval leave both open?

After Goeman, Solari & Stijnen (2010): the line is cut into below, within and above the
tolerance, and each wrong claim has its own small probability. `reproduced` uses the t.95
interval; `differs` the wider t.975, because two tails of .05 would refute true claims too
often.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from bench.claims._noise import Noise
from bench.claims.judgement import Judgement, Open
from bench.contrasts import Contrast, LowHigh
from bench.core.judgements import LEVEL, Agreement, Settle
from bench.core.outcomes import Statement
from bench.stats.precision import noise_floor
from bench.study import Claim
from bench.study.claims import Bound
from bench.text import judgements as j

#: A noise floor that rests on fewer repeats than these is a guess, and makes no claim
#: untestable.
FEWEST_REPEATS = 5
#: The level of the interval that supports a claim.
NEAR = 2 * LEVEL - 1


@dataclass(frozen=True)
class Printed:
    """A published number: its value and half a unit of its last decimal, in the claim's
    unit."""

    value: float
    half: float

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
        """The number of a claim; a bound, or one without an error, was not rounded."""
        printed = cls.of(str(claim.value))
        is_rounded = not claim.without_error and claim.bound is None
        return printed if is_rounded else replace(printed, half=0.0)


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
        detectable=None if noise.cannot_refute else reach + tolerance,
    )
    near = counted(near[0], bound), counted(near[1], bound)
    far = counted(far[0], bound), counted(far[1], bound)
    farthest = max(abs(near[0]), abs(near[1]))
    judgement = replace(judgement, smallest_tolerance=farthest)
    if noise.chance_free and round(abs(difference), noise.decimals) <= half:
        return _decide(judgement, Agreement.EXACT, j.EqualAsPrinted())
    if tolerance >= farthest:
        apart = (j.ZeroExcluded(),) if known and not _holds_0(near) else ()
        return _decide(judgement, Agreement.REPRODUCED, *apart)
    if far[0] > tolerance or far[1] < -tolerance:
        return _decide_outside(judgement, noise)
    return _leave_open(judgement, contrast, noise, near, bound)


def counted(difference: float, bound: Bound | None) -> float:
    """What of a difference counts against a number: all, or what falls short of a bound."""
    if bound == "lower":
        return min(difference, 0.0)
    if bound == "upper":
        return max(difference, 0.0)
    return difference


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


def _decide_outside(judgement: Judgement, noise: Noise) -> Judgement:
    """Refuted, unless the noise forbids that."""
    side: j.Side = "higher" if (judgement.difference or 0.0) > 0 else "lower"
    if noise.cannot_refute:
        return _decide(judgement, Agreement.OFF, j.OutsideButOpen(side))
    return _decide(judgement, Agreement.DIFFERS, j.OutsideTolerance(side))


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
