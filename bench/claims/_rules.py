"""The three-sided rule: is the difference within the tolerance, outside it, or does the interval leave both open?

After Goeman, Solari & Stijnen (2010): the line is cut into below, within and above the tolerance, and each wrong claim
has its own small probability. `reproduced` uses the t.95 interval; `not_reproduced` the wider t.975, because two tails
of .05 would refute true claims too often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bench.claims.claim import Answer
from bench.stats.intervals import t_cdf, t_quantile
from bench.stats.precision import noise_floor, repeats_needed

#: A noise floor that rests on fewer repeats than these is told as a guess and silences nothing.
FEWEST_REPEATS = 5
#: Differences are compared after rounding to this many decimals: a tolerance of 1.0 is not .99999999999.
DECIMALS = 9


@dataclass(frozen=True)
class Noise:
    """What chance can do to the difference ours - published.

    se: its standard error on df degrees, None when it cannot be known; `chance_free`: equality to the printed decimals
    means something; `mute`: an unmeasured noise forbids to refute. sd, repeats_published: spread of repeat means and
    how many repeats stand behind the published number, where that is where its error comes from; repeats: ours, 0 where
    more of them are not what would decide; estimated_from: how many repeats `sd` was estimated from. alike: no error is
    known because all draws agree. reading: how the paper's spread was read.
    """

    se: float | None
    df: float
    sentence: str
    chance_free: bool = False
    cannot_refute: bool = False
    sd: float | None = None
    repeats: int = 0
    repeats_published: int = 1
    estimated_from: int = 0
    zero_variance: bool = False
    reading: str = ""


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
        return cls(float(number), float(Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2))


def settle(difference: float, noise: Noise, tolerance: float, half: float) -> Answer:
    """The verdict on one difference ours - published: difference, intervals, tolerances, verdict and reason.

    `half`: half a unit of the last printed decimal, added to both ends of the interval.
    """
    answer: Answer = {"difference": difference, "tolerance": tolerance}
    if noise.se is None:
        return answer | {"verdict": "inconclusive", "reason": noise.sentence}
    near = t_quantile(0.95, noise.df) * noise.se + half
    far = t_quantile(0.975, noise.df) * noise.se + half
    low, high, low_refute, high_refute = (
        round(difference + end, DECIMALS) for end in (-near, near, -far, far)
    )  # fmt: skip
    answer |= {"low": low, "high": high, "low_refute": low_refute, "high_refute": high_refute}
    answer["smallest_tolerance"] = max(abs(low), abs(high))
    answer["p"] = p_within(difference, noise, tolerance, half)
    if noise.chance_free and round(abs(difference), DECIMALS) <= half:
        return answer | {"verdict": "exact", "reason": f"equal to the printed decimals; {noise.sentence}"}
    if -tolerance < low and high < tolerance:
        return answer | {"verdict": "reproduced", "reason": noise.sentence}
    if low_refute > tolerance or high_refute < -tolerance:
        side = "higher" if difference > 0 else "lower"
        if noise.cannot_refute:
            return answer | {"verdict": "inconclusive", "reason": f"ours is {side}, but {noise.sentence}"}
        return answer | {"verdict": "not_reproduced", "reason": f"ours is {side}; {noise.sentence}"}
    return answer | _undecided(answer, noise, half)


def p_within(difference: float, noise: Noise, tolerance: float, half: float) -> float | None:
    """The p-value of `the difference lies within the tolerance`, below .05 just where the t.975 interval lies outside.

    2 P(T >= (|D| - half - tolerance) / SE), at most 1; None where no error rate exists: a standard error of 0,
    or one that is float noise.
    """
    if noise.se is None or round(noise.se, DECIMALS) == 0:
        return None
    return min(1.0, 2 * t_cdf((tolerance + half - abs(difference)) / noise.se, noise.df))


def settle_each(difference: float, noises: Sequence[Noise], tolerance: float, half: float) -> Answer:
    """The verdict under every reading of the paper's spread: kept where all agree, else the spread is ambiguous.

    What is answered is the reading with the widest interval, with the largest p: all readings must refute.
    """
    answers = [settle(difference, noise, tolerance, half) for noise in noises]
    widest = max(answers, key=lambda answer: answer.get("smallest_tolerance", float("inf")))
    ps = [answer.get("p") for answer in answers]
    widest["p"] = None if None in ps else max(p for p in ps if p is not None)
    if len({answer["verdict"] for answer in answers}) == 1:
        return widest
    said = (f"{one.reading}: {answer['verdict']}" for one, answer in zip(noises, answers, strict=True))
    why = f"ambiguous spread: read as {'; as '.join(said)}".replace("_", " ")
    return widest | {"verdict": "inconclusive", "reason": f"{why}; {widest['reason']}"}


def _undecided(answer: Answer, noise: Noise, half: float) -> Answer:
    """Inconclusive, or not testable where no number of our repeats could decide."""
    tolerance, more = answer["tolerance"], ""
    if noise.sd is not None:
        floor = noise_floor(noise.sd, repeats_published=noise.repeats_published, half=half)
        if floor >= tolerance and noise.estimated_from < FEWEST_REPEATS:
            more = (
                f"; the published number alone may be open by {floor:.3g}, which no repeats here could mend, but that "
                f"is itself estimated from only {noise.estimated_from} repeats, and it takes {FEWEST_REPEATS} to say so"
            )
        elif floor >= tolerance:
            why = (
                "noise_floor: chance alone (its splits or seeds, its rounding) moves the published number by up to "
                f"{floor:.3g} either way, no less than the tolerance of {tolerance:.3g}: no number of repeats here can "
                "say that the two agree"
            )
            return {"verdict": "not_testable", "reason": why}
        wanted = repeats_needed(noise.sd, tolerance=tolerance, repeats_published=noise.repeats_published, half=half)
        if wanted is not None and wanted > noise.repeats > 0:
            more = f"; {wanted} repeats would decide if there were no difference"
    if noise.se is None or round(noise.se, DECIMALS) == 0:
        edge = f"the rounding of the printed number leaves open whether ours lies within the tolerance {tolerance:.3g}"
        return {"verdict": "inconclusive", "reason": f"{edge}; {noise.sentence}"}
    return {"verdict": "inconclusive", "reason": f"undecided: {_open(answer)}{more}; {noise.sentence}"}


def _open(answer: Answer) -> str:
    """What an interval that decides nothing leaves open."""
    low, high, tolerance = answer["low"], answer["high"], answer["tolerance"]
    if low <= 0 <= high:
        return "the interval holds 0 and reaches beyond the tolerance, so both equal and too different are possible"
    side = "higher" if low > 0 else "lower"
    if low > tolerance or high < -tolerance:
        return (
            f"ours is {side}, by more than the tolerance, but not by enough for the wider 95% interval, which refutes"
        )
    return f"ours is {side}, and the interval crosses the tolerance, so near enough and too far are both possible"
