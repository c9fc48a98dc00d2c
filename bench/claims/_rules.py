"""The three-sided rule: is the difference within the tolerance, outside it, or does the interval leave both open?

After Goeman, Solari & Stijnen (2010): the line is cut into below, within and above the tolerance, and each wrong claim
has its own small probability. `reproduced` uses the t.95 interval; `differs` the wider t.975, because two tails of
.05 would refute true claims too often.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from bench.claims._chance import Drawn, Open
from bench.claims.judgement import Judgement
from bench.core.judgements import LEVEL, Agreement, Settle
from bench.core.outcomes import Statement
from bench.stats.intervals import t_cdf, t_quantile
from bench.stats.noise import DECIMALS
from bench.stats.precision import noise_floor
from bench.study import Claim
from bench.text import judgements as j

#: A noise floor that rests on fewer repeats than these is a guess, and makes no claim untestable.
FEWEST_REPEATS = 5


@dataclass(frozen=True)
class PrintedSpread:
    """A printed spread: `sd` of the scores of `n` folds, repeats or seeds, in the claim's unit."""

    kind: str
    over: str
    sd: float
    n: int


@dataclass(frozen=True)
class Noise:
    """What chance can do to the difference ours - published."""

    #: se, df: the standard error of the difference and its degrees of freedom; se is None where it cannot be known
    se: float | None
    df: float
    reasons: tuple[
        Statement, ...
    ] = ()  # where the standard error comes from, or why it is not known
    chance_free: bool = (
        False  # whether equality to the printed decimals means something
    )
    cannot_refute: bool = False  # whether an unmeasured noise forbids to refute
    drawn: Drawn | None = (
        None  # what repeats of ours make of it, where they have a part
    )
    estimated_from: int = 0  # from how many repeats the spread was estimated
    decimals: int = DECIMALS  # how many decimals of the difference are no float noise
    same_scores: bool = False  # whether ours and the published number are of the same

    @property
    def known_se(self) -> float | None:
        """The standard error; None where it is not known or is float noise."""
        return (
            None if self.se is None or round(self.se, self.decimals) == 0 else self.se
        )

    def ends(
        self, level: float, difference: float, half: float = 0.0
    ) -> tuple[float, float, float, float]:
        """The interval that supports a claim at this level, then the wider one that refutes it."""
        near, far = (
            t_quantile(q, self.df) * (self.se or 0.0) + half
            for q in (level, (1 + level) / 2)
        )
        low, high, low_refute, high_refute = (
            round(difference + end, self.decimals) for end in (-near, near, -far, far)
        )
        return low, high, low_refute, high_refute

    @classmethod
    def unknown(cls, reason: Statement) -> Noise:
        """Its size cannot be known."""
        return cls(None, 1, (reason,))

    @classmethod
    def without_chance(cls, reason: Statement, cannot_refute: bool = False) -> Noise:
        """Nothing was drawn, or nothing that was measured."""
        return cls(
            0.0, math.inf, (reason,), chance_free=True, cannot_refute=cannot_refute
        )

    @classmethod
    def of_the_same(cls, reason: Statement) -> Noise:
        """Both numbers are of the same scores: no tolerance is between them."""
        return replace(cls.without_chance(reason), same_scores=True)

    @classmethod
    def of_repeats(
        cls, drawn: Drawn, *reasons: Statement, estimated_from: int
    ) -> Noise:
        """What so many repeats of ours know, which more of them would know better."""
        se, df = drawn.at(np.array([float(drawn.repeats)]))
        return cls(
            float(se[0]),
            float(df[0]),
            reasons,
            drawn=drawn,
            estimated_from=estimated_from,
        )

    @classmethod
    def of_equal_draws(cls, draws: int, df: float, *reasons: Statement) -> Noise:
        """A few draws that all agree show no spread."""
        return cls(None, df, reasons, estimated_from=draws)


@dataclass(frozen=True)
class Printed:
    """A published number: its value, half a unit of its last decimal, and that unit, in the claim's unit."""

    value: float
    half: float

    @classmethod
    def of(cls, text: str) -> Printed:
        """
        >>> Printed.of("98.90").half
        0.005
        """
        number = Decimal(text)
        return cls(
            float(number), float(Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2)
        )

    @classmethod
    def of_claim(cls, claim: Claim) -> Printed:
        """The number of a claim; one without an error was not rounded."""
        printed = cls.of(str(claim.value))
        return replace(printed, half=0.0) if claim.without_error else printed


def settle(difference: float, noise: Noise, tolerance: float, half: float) -> Judgement:
    """The judgement on one difference ours - published: its intervals, tolerances, agreement and reasons.

    `half`: half a unit of the last printed decimal, added to both ends of the interval.
    """
    open_ = Judgement(
        Agreement.UNCLEAR,
        noise.reasons,
        difference=difference,
        tolerance=tolerance,
    )
    if noise.se is None:
        return open_
    low, high, low_refute, high_refute = noise.ends(LEVEL, difference, half)
    far = t_quantile((1 + LEVEL) / 2, noise.df) * noise.se + half
    open_ = replace(
        open_, standard_error=noise.known_se, low=low, high=high, low_refute=low_refute, high_refute=high_refute,
        smallest_tolerance=max(abs(low), abs(high)), p=p_within(difference, noise, tolerance, half),
        p_shown=p_inside(abs(difference), noise, tolerance, half),
        detectable=None if noise.cannot_refute else far + tolerance,
    )  # fmt: skip
    if noise.chance_free and round(abs(difference), noise.decimals) <= half:
        return replace(
            open_,
            agreement=Agreement.EXACT,
            reasons=(j.EqualAsPrinted(), *noise.reasons),
        )
    if tolerance >= max(abs(low), abs(high)):
        apart = (
            (j.ZeroExcluded(),)
            if noise.known_se is not None and not low <= 0 <= high
            else ()
        )
        return replace(
            open_,
            agreement=Agreement.REPRODUCED,
            reasons=(*apart, *noise.reasons),
        )
    if low_refute > tolerance or high_refute < -tolerance:
        side: j.Side = "higher" if difference > 0 else "lower"
        if noise.cannot_refute:
            reasons = (j.OutsideButOpen(side), *noise.reasons)
            return replace(open_, reasons=reasons)
        reasons = (j.OutsideTolerance(side), *noise.reasons)
        return replace(open_, agreement=Agreement.DIFFERS, reasons=reasons)
    return _undecided(open_, low, high, tolerance, noise, half)


def p_within(
    difference: float, noise: Noise, tolerance: float, half: float
) -> float | None:
    """The p-value of `the difference lies within the tolerance`, below .05 just where the t.975 interval lies outside.

    2 P(T >= (|D| - half - tolerance) / SE), at most 1; None where no error rate exists: a standard error of 0,
    or one that is float noise.
    """
    if noise.known_se is None:
        return None
    return min(
        1.0, 2 * t_cdf((tolerance + half - abs(difference)) / noise.known_se, noise.df)
    )


def p_inside(
    distance: float, noise: Noise, tolerance: float, half: float
) -> float | None:
    """The p-value of the test that shows that ours lies within the tolerance: at most .05 just where the t.95 interval
    does.

    P(T >= (tolerance - half - distance) / SE); None where no error rate exists, as in `p_within`.
    """
    if noise.known_se is None:
        return None
    return t_cdf((distance + half - tolerance) / noise.known_se, noise.df)


def _undecided(
    judgement: Judgement,
    low: float,
    high: float,
    tolerance: float,
    noise: Noise,
    half: float,
) -> Judgement:
    """Consistent where the interval holds 0, else unclear; with what would decide."""
    further: list[Statement] = []
    if low <= 0 <= high:
        judgement = replace(judgement, agreement=Agreement.CONSISTENT)
    if noise.drawn is not None:
        judgement = replace(
            judgement, open=(_left(judgement, noise.drawn, tolerance, noise, half),)
        )
        floor = noise_floor(math.sqrt(noise.drawn.fixed), half=half)
        if floor >= tolerance and judgement.open[0].further() is None:
            sure = noise.estimated_from >= FEWEST_REPEATS
            guessed = j.NoiseFloorGuessed(floor, noise.estimated_from, FEWEST_REPEATS)
            further.append(j.NoiseFloor(floor, tolerance) if sure else guessed)
    if noise.known_se is None:
        return replace(judgement, reasons=(j.RoundingOpen(tolerance), *noise.reasons))
    return replace(
        judgement, reasons=(left_open(low, high, tolerance), *further, *noise.reasons)
    )


def _left(
    judgement: Judgement, drawn: Drawn, tolerance: float, noise: Noise, half: float
) -> Open:
    """How far the interval may reach: to the limit of the tolerance, in or out."""
    beyond = abs(judgement.difference or 0.0) - tolerance
    room = abs(beyond) - half - 0.5 * 10.0**-noise.decimals
    level = (1 + LEVEL) / 2 if beyond > 0 else LEVEL
    floor = Settle.PAPER_NOISE if drawn.fixed else Settle.SOURCE
    return Open(drawn=drawn, limits=((room, level),), floor=floor)


def left_open(low: float, high: float, tolerance: float) -> j.IntervalOpen:
    """What an interval that decides nothing leaves open."""
    side: j.Side = "higher" if low > 0 else "lower"
    if low <= 0 <= high:
        return j.IntervalOpen("equal", side)
    if low > tolerance or high < -tolerance:
        return j.IntervalOpen("narrowly", side)
    return j.IntervalOpen("crossing", side)
