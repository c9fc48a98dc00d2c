"""Numbers with what is needed to read them: `show` is the only place of the page that formats one.

Make a value by what it is, not by its digits: `score(unit, .976, .95, .99)`, `gain(unit, .012)`, `count(12)`,
`percent(.8)`, `probability(.031)`, `quantity(54.3)`; `unit` is a metric's `Measure` (`bench.text.words.measure`).
A renderer writes `show(value)`, or `show_middle` and `show_interval` where these stand apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from bench.text import formats
from bench.text.formats import PERCENT, SHARE, UNLIMITED, ScaleLimits
from bench.text.words import Measure


@dataclass(frozen=True)
class Value:
    """A number with its unit, its digits and, where there is one, its interval.

    Parameters
    ----------
    number
        What is shown; None is shown as a dash.
    unit
        Stands behind the number: `%`, `pp`.
    digits
        Decimals of the number and of both ends of its interval.
    signed
        Whether a number above zero has a plus.
    low, high
        The ends of the interval.
    limits
        The least and the most that it can be: no number is rounded to a limit that it is not.
    more
        So many more digits it may have for that; nearer to a limit it is `< 0.001`.
    """

    number: float | None
    unit: str = ""
    digits: int = 2
    signed: bool = False
    low: float | None = None
    high: float | None = None
    limits: ScaleLimits = UNLIMITED
    more: int = formats.MOST_MORE


@dataclass(frozen=True)
class Model:
    """The name of a model, with the mark and the hue that it has on the whole page (`Style.named`)."""

    title: str
    shape: str = ""
    hue: str = "ink"
    short: str = ""


def show(value: Value) -> str:
    """A value as it is read: a true minus, fixed digits, the unit, the interval.

    >>> show(Value(-0.25, "pp", 1, True, -1, 0.5)), show(Value(None))
    ('−0.2\\xa0pp [−1.0, +0.5]', '–')
    """
    interval = show_interval(value)
    return f"{show_middle(value)} {interval}" if interval else show_middle(value)


def show_middle(value: Value) -> str:
    """The number and its unit."""
    number = show_number(value, value.number)
    if value.number is None or not value.unit:
        return number
    space = formats.THIN if value.unit == "%" else "\N{NO-BREAK SPACE}"
    return number + space + value.unit


def show_interval(value: Value) -> str:
    """The interval in brackets; empty without one."""
    if value.low is None or value.high is None:
        return ""
    return f"[{_end(value, value.low)}, {_end(value, value.high)}]"


def _end(value: Value, end: float) -> str:
    """An end of an interval of differences is zero only where it is zero, for that decides."""
    if not value.signed:
        return show_number(value, end)
    width = formats.width_of(value.low, value.high) or 0.0
    if abs(end) < formats.MACHINE:
        return show_number(value, 0.0)
    digits = formats.kept_apart(end, value.digits, 0.0, beside=width)
    return show_number(replace(value, digits=digits), end)


def show_number(like: Value, number: float | None) -> str:
    """A number with the digits, sign and limits of a value."""
    return formats.fixed(
        number, like.digits, like.limits, sign=like.signed, more=like.more
    )


def count(number: int, unit: str = "") -> Value:
    """How many: `1 234 rows`."""
    return Value(number, unit, 0)


def percent(share: float | None, digits: int = 0) -> Value:
    """A share of 1 in percent: `80 %`, never 0 % or 100 % of what is neither."""
    number = None if share is None else 100 * share
    return Value(number, "%", digits, limits=PERCENT, more=0)


def probability(p: float | None) -> Value:
    """A p value: three decimals below .1, else two; more beside a usual level."""
    digits = 2 if p is None else formats.decimals_of_p(p)
    return Value(p, digits=digits, limits=SHARE, more=0)


def quantity(
    number: float | None,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    limits: ScaleLimits = UNLIMITED,
) -> Value:
    """A number in a unit of its own, with four significant digits, more where its interval is narrow."""
    digits = _significant(number, formats.width_of(low, high))
    return Value(number, unit, digits, low=low, high=high, limits=limits)


def score(
    unit: Measure,
    number: float | None,
    low: float | None = None,
    high: float | None = None,
) -> Value:
    """A score of a metric: three decimals of a fraction, four significant digits of what has a unit of its own."""
    if unit.high != 1:
        return quantity(number, "", low, high)
    digits = formats.decimals_of_share(formats.width_of(low, high))
    return Value(number, "", digits, low=low, high=high, limits=unit.limits)


def gain(
    unit: Measure,
    number: float | None,
    low: float | None = None,
    high: float | None = None,
) -> Value:
    """A difference of two scores: percentage points (`pp`) of what counts cases, else in the metric's unit.

    Parameters
    ----------
    unit
        The metric; `unit.beside(*scores)` says how large the scores are that are subtracted.
    """
    width = formats.width_of(low, high)
    digits = formats.decimals_of_share(width)
    if unit.share:
        number, low, high = (
            None if one is None else 100 * one for one in (number, low, high)
        )
        return Value(number, "pp", digits - 2, True, low, high)
    if unit.high != 1:
        digits = _significant(unit.largest or number, width)
    return Value(number, "", digits, True, low, high)


def _significant(number: float | None, width: float | None) -> int:
    """Decimals for four significant digits, or for an interval of this width; counts have none."""
    if not number or not math.isfinite(number):
        return 0 if number == 0 else 2
    return max(0, formats.decimals_of_size(number, width))
