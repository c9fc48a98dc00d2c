"""The three-sided rule: is the difference within the tolerance, outside it, or does the interval leave both open?

After Goeman, Solari & Stijnen (2010): the line is cut into below, within and above the tolerance, and each wrong claim
has its own small probability. `reproduced` uses the t.95 interval; `not_reproduced` the wider t.975, because two tails
of .05 would refute true claims too often.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

import numpy as np
from scipy.special import stdtrit

from bench.claims.claim import Answer
from bench.stats.intervals import t_quantile

#: Differences are compared after rounding to this many decimals: a tolerance of 1.0 is not .99999999999.
DECIMALS = 9
MOST_REPEATS = 100_000


@dataclass(frozen=True)
class Noise:
    """What chance can do to the difference ours - published.

    se: its standard error on df degrees, None when it cannot be known; `chance_free`: equality to the printed decimals
    means something; `mute`: an unmeasured noise forbids to refute. sd, repeats, repeats_published: spread of repeat
    means and how many repeats stand behind each side, where that is where the error comes from.
    """

    se: float | None
    df: float
    sentence: str
    chance_free: bool = False
    mute: bool = False
    sd: float | None = None
    repeats: int = 0
    repeats_published: int = 1


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
    if noise.chance_free and round(abs(difference), DECIMALS) <= half:
        return answer | {"verdict": "exact", "reason": f"equal to the printed decimals; {noise.sentence}"}
    if -tolerance < low and high < tolerance:
        return answer | {"verdict": "reproduced", "reason": noise.sentence}
    if low_refute > tolerance or high_refute < -tolerance:
        side = "higher" if difference > 0 else "lower"
        if noise.mute:
            return answer | {"verdict": "inconclusive", "reason": f"ours is {side}, but {noise.sentence}"}
        return answer | {"verdict": "not_reproduced", "reason": f"ours is {side}; {noise.sentence}"}
    return answer | _undecided(answer, noise, half)


def _undecided(answer: Answer, noise: Noise, half: float) -> Answer:
    """Inconclusive, or not testable where no number of our repeats could decide."""
    if noise.sd is not None:
        floor_ = 1.645 * noise.sd / np.sqrt(noise.repeats_published) + half
        if floor_ >= answer["tolerance"]:
            why = (
                f"noise_floor: the published number alone varies by {floor_:.3g} over splits, the tolerance is "
                f"{answer['tolerance']:.3g}; no number of repeats here can decide"
            )
            return {"verdict": "not_testable", "reason": why}
    where = "compatible with no difference" if answer["low"] <= 0 <= answer["high"] else "shifted"
    wanted = repeats_needed(noise, answer["tolerance"], half)
    more = f"; {wanted} repeats would decide if there were no difference" if wanted else ""
    why = f"the interval crosses the tolerance ({where}){more}; {noise.sentence}"
    return {"verdict": "inconclusive", "reason": why}


def repeats_needed(noise: Noise, tolerance: float, half: float) -> int | None:
    """The fewest repeats r with t_{r-1,.95} sd sqrt(1/r_p + 1/r) + h < tolerance, when more than were made."""
    if noise.sd is None:
        return None
    r = np.unique(np.round(np.geomspace(2, MOST_REPEATS, 4000)))
    reach = stdtrit(r - 1, 0.95) * noise.sd * np.sqrt(1 / noise.repeats_published + 1 / r) + half
    enough = r[reach < tolerance]
    return int(enough[0]) if len(enough) and enough[0] > noise.repeats else None


def possible(value: str, unit: str | None, n: int, repeats: int = 1) -> bool:
    """Whether a share of n cases (in all repeats: n * repeats) can be printed as `value`.

    How it was rounded is not known, so any count within less than one unit of the last decimal will do.

    >>> possible("98.9", "percent", 178), possible("98.5", "percent", 50)
    (True, False)
    """
    number, whole = Fraction(value), 100 if unit == "percent" else 1
    step = Fraction(Decimal(1).scaleb(int(Decimal(value).as_tuple().exponent)))
    cases = n * repeats
    below = floor(number * cases / whole)
    return any(0 <= j <= cases and abs(Fraction(j * whole, cases) - number) < step for j in (below, below + 1))
