"""The three-sided rule: is the difference within the tolerance, outside it, or does the interval leave both open?

After Goeman, Solari & Stijnen (2010): the line is cut into below, within and above the tolerance, and each wrong claim
has its own small probability. `reproduced` uses the t.95 interval; `differs` the wider t.975, because two tails of
.05 would refute true claims too often.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bench.claims._alternatives import largest, weakest
from bench.claims.judgement import Judgement
from bench.core.judgements import LEVEL, LEVELS, Agreement, Thresholds
from bench.core.outcomes import Statement
from bench.stats.intervals import t_cdf, t_quantile
from bench.stats.matches import only_cut
from bench.stats.noise import DECIMALS
from bench.stats.precision import ErrorAt, error_at, fewest_repeats, noise_floor
from bench.study import Claim
from bench.text import judgements as j
from bench.text.chance import TiesHidden

#: A noise floor that rests on fewer repeats than these is a guess, and makes no claim untestable.
FEWEST_REPEATS = 5


#: The smallest and the largest that a number may be.
Reach = tuple[float, float]


@dataclass(frozen=True)
class Reading:
    """One reading of a printed spread: `sd` of the scores of `n` folds, repeats or seeds, in the claim's unit."""

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
    #: `se` and `df` as the judgement would have them with another number of repeats of ours, if their spread stays;
    #: infinite where it would not know the error either. None where more of them would not decide.
    error: ErrorAt | None = None
    repeats: int = 0  # how many repeats of ours there are, where `error` is known
    estimated_from: int = 0  # from how many repeats the spread was estimated
    zero_variance: bool = False  # whether no error is known because all draws agree
    reading: Reading | None = None  # how the paper's spread was read
    decimals: int = DECIMALS  # how many decimals of the difference are no float noise

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

    def at(self, repeats: int | None) -> Noise:
        """The same with so many repeats of ours, of the same spread; None: with those that there are."""
        if repeats is None or self.error is None:
            return self
        se, df = error_at(self.error, repeats)
        return replace(
            self, se=se if math.isfinite(se) else None, df=df, repeats=repeats
        )

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
    def of_repeats(
        cls, error: ErrorAt, repeats: int, *reasons: Statement, estimated_from: int
    ) -> Noise:
        """What so many repeats of ours know, which more of them would know better."""
        se, df = error_at(error, repeats)
        return cls(
            se, df, reasons, error=error, repeats=repeats, estimated_from=estimated_from
        )

    @classmethod
    def of_equal_draws(
        cls,
        draws: int,
        df: float,
        *reasons: Statement,
        error: ErrorAt | None = None,
        repeats: int = 0,
    ) -> Noise:
        """A few draws that all agree show no spread."""
        return cls(
            None,
            df,
            reasons,
            error=error,
            repeats=repeats,
            estimated_from=draws,
            zero_variance=True,
        )


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
    rules = tuple(rule_of(level, difference, noise, half) for level in LEVELS)
    open_ = Judgement(
        Agreement.UNCLEAR,
        noise.reasons,
        difference=difference,
        tolerance=tolerance,
        rules=rules,
    )
    if noise.se is None:
        return replace(
            open_, settle=repeats_to_settle(abs(difference) - tolerance, [noise], half)
        )
    low, high, low_refute, high_refute = noise.ends(LEVEL, difference, half)
    far = t_quantile((1 + LEVEL) / 2, noise.df) * noise.se + half
    open_ = replace(
        open_, low=low, high=high, low_refute=low_refute, high_refute=high_refute,
        smallest_tolerance=max(abs(low), abs(high)), p=p_within(difference, noise, tolerance, half),
        p_shown=p_inside(abs(difference), noise, tolerance, half),
        detectable=None if noise.cannot_refute else far + tolerance,
    )  # fmt: skip
    agreement = next(rule for rule in rules if rule.level == LEVEL).at(tolerance)
    if agreement == Agreement.EXACT:
        return replace(
            open_, agreement=agreement, reasons=(j.EqualAsPrinted(), *noise.reasons)
        )
    if agreement == Agreement.REPRODUCED:
        apart = (
            (j.ZeroExcluded(),)
            if noise.known_se is not None and not low <= 0 <= high
            else ()
        )
        return replace(open_, agreement=agreement, reasons=(*apart, *noise.reasons))
    if low_refute > tolerance or high_refute < -tolerance:
        side: j.Side = "higher" if difference > 0 else "lower"
        reason = (
            j.OutsideButOpen(side) if noise.cannot_refute else j.OutsideTolerance(side)
        )
        return replace(open_, agreement=agreement, reasons=(reason, *noise.reasons))
    return _undecided(open_, low, high, tolerance, noise, half)


def settle_ranked(
    difference: float,
    noise: Noise,
    tolerance: float,
    half: float,
    hidden: TiesHidden,
    ours: float,
    reach: Reach,
) -> Judgement:
    """The same of a number that ranks a paper's table: where the order before rounding is not known on some datasets,
    no number is refuted that some order gives.

    reach: the smallest and the largest that ours may be.
    """
    judgement = settle(difference, noise, tolerance, half)
    printed, room = ours - difference, tolerance + half + 10.0**-noise.decimals
    if (
        not hidden.count
        or judgement.holds
        or not reach[0] - room <= printed <= reach[1] + room
    ):
        return judgement
    noise = replace(noise, reasons=(*noise.reasons, hidden), cannot_refute=True)
    return settle(difference, noise, tolerance, half)


def rule_of(
    level: float, difference: float, noise: Noise, half: float = 0.0
) -> Thresholds:
    """How the tolerance decides at one level: the three-sided rule."""
    if noise.se is None:
        return Thresholds(level, Agreement.UNCLEAR)
    if noise.chance_free and round(abs(difference), noise.decimals) <= half:
        return Thresholds(level, Agreement.EXACT, half=half)
    low, high, low_refute, high_refute = noise.ends(level, difference, half)
    return Thresholds(
        level, Agreement.CONSISTENT if low <= 0 <= high else Agreement.UNCLEAR, above=max(abs(low), abs(high)),
        below=max(low_refute, -high_refute), outside=Agreement.UNCLEAR if noise.cannot_refute else Agreement.DIFFERS,
        half=(high - low) / 2,
    )  # fmt: skip


def or_cut(judgement: Judgement, printed: str, ours: float) -> Judgement:
    """Exact where the printed number is ours cut off, not rounded; of numbers that nothing drawn parts."""
    if judgement.agreement == Agreement.EXACT or not only_cut(printed, ours):
        return judgement
    reasons = tuple(
        one
        for one in judgement.reasons
        if not isinstance(one, (j.OutsideTolerance, j.RoundingOpen))
    )
    rules = tuple(
        Thresholds(rule.level, Agreement.EXACT, half=rule.half)
        for rule in judgement.rules
    )
    return replace(
        judgement,
        agreement=Agreement.EXACT,
        reasons=(j.EqualAsCut(), *reasons),
        settle=(),
        rules=rules,
    )


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


def p_by_halving(found: Callable[[float], bool]) -> float:
    """1 - the highest level at which an interval finds so; by halving."""
    low, high = 0.0, 1.0
    for _ in range(40):
        level = (low + high) / 2
        low, high = (level, high) if found(level) else (low, level)
    return 1 - low


def settle_each(
    difference: float, noises: Sequence[Noise], tolerance: float, half: float
) -> Judgement:
    """The judgement under every reading of the paper's spread: kept where all agree, else the weakest agreement.

    The numbers are those of the reading with the widest interval, each p is the largest of all: every reading must
    refute, or show.
    """
    judgements = [settle(difference, noise, tolerance, half) for noise in noises]
    widest = max(
        judgements,
        key=lambda one: (
            float("inf") if one.smallest_tolerance is None else one.smallest_tolerance
        ),
    )
    rules = tuple(rule for one in judgements for rule in one.rules)
    agreement = weakest([one.agreement for one in judgements])
    widest = replace(
        widest, p=largest([one.p for one in judgements]), p_shown=largest([one.p_shown for one in judgements]),
        rules=rules,
        settle=() if agreement.decided else repeats_to_settle(abs(difference) - tolerance, noises, half),
    )  # fmt: skip
    if agreement.holds or len({one.agreement for one in judgements}) == 1:
        return replace(widest, agreement=agreement)
    readings = tuple(
        (noise.reading.kind, noise.reading.over, noise.reading.n, str(one.agreement))
        for noise, one in zip(noises, judgements, strict=True)
        if noise.reading is not None
    )
    return replace(
        widest,
        agreement=agreement,
        reasons=(j.AmbiguousSpread(readings), *widest.reasons),
    )


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
    if noise.error is not None:
        beyond = abs(judgement.difference or 0.0) - tolerance
        floor = noise_floor(error_at(noise.error, math.inf)[0], half=half)
        judgement = replace(judgement, settle=repeats_to_settle(beyond, [noise], half))
        if floor >= tolerance and not any(
            one.by == "repeats" for one in judgement.settle
        ):
            sure = noise.estimated_from >= FEWEST_REPEATS
            guessed = j.NoiseFloorGuessed(floor, noise.estimated_from, FEWEST_REPEATS)
            further.append(j.NoiseFloor(floor, tolerance) if sure else guessed)
    if noise.known_se is None:
        return replace(judgement, reasons=(j.RoundingOpen(tolerance), *noise.reasons))
    return replace(
        judgement, reasons=(left_open(low, high, tolerance), *further, *noise.reasons)
    )


def repeats_to_settle(
    beyond: float, noises: Sequence[Noise], half: float
) -> tuple[j.Settle, ...]:
    """How many repeats would decide under every reading if difference and spreads stay as they are. Where no number
    would: the paper's splits, or, where these have no part in the error, a source with more digits.

    beyond: how much further than the tolerance ours lies from the claim; below 0, where it lies within.
    """
    errors = [noise.error for noise in noises if noise.error is not None]
    if len(errors) < len(noises):
        return ()
    rounding = 0.5 * 10.0 ** -min(noise.decimals for noise in noises)
    needed = fewest_repeats(
        errors, abs(beyond) - half - rounding, levels=((1 + LEVEL) / 2 if beyond > 0 else LEVEL,),
        least=max(noise.repeats for noise in noises) + 1,
    )  # fmt: skip
    if needed is not None:
        return (j.Settle("repeats", needed),)
    if any(error_at(error, math.inf)[0] for error in errors):
        return (j.Settle("splits"),)
    return (j.Settle("source"),) if half else ()


def left_open(low: float, high: float, tolerance: float) -> j.IntervalOpen:
    """What an interval that decides nothing leaves open."""
    side: j.Side = "higher" if low > 0 else "lower"
    if low <= 0 <= high:
        return j.IntervalOpen("equal", side)
    if low > tolerance or high < -tolerance:
        return j.IntervalOpen("narrowly", side)
    return j.IntervalOpen("crossing", side)
