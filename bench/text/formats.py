"""Numbers as text: the only rounding in the house.

Scores have three decimals, differences of fractions are percentage points with one, both more where their interval is
narrow; counts have thin spaces from 1 000 on, the minus is U+2212, nothing is ever printed as minus zero, and a number
is never rounded to a limit of its scale, such as a perfect score: it has so many more decimals (`limited`). So
has the end of an interval that is not the zero, or the tolerance, that decides by it (`kept_apart`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal

from bench.core.identity import SHORT

MINUS = "\N{MINUS SIGN}"
#: Digits for the largest float with all its zeros.
_LONG = Context(prec=400)
THIN = "\N{NARROW NO-BREAK SPACE}"
#: Less than this share of a number beside it is rounding of the machine.
MACHINE = 1e-12
#: Sizes, as powers of ten, of the numbers that are printed without an exponent.
_PLAIN_SIZES = range(-4, 9)
NONE = "–"
#: What a p must be below at the levels .9, .95 and .99.
_ALPHAS = (0.1, 0.05, 0.01)
#: The least and the most that a number can be.
ScaleLimits = tuple[float | None, float | None]
UNLIMITED: ScaleLimits = (None, None)
SHARE: ScaleLimits = (0.0, 1.0)
PERCENT: ScaleLimits = (0.0, 100.0)
#: So many decimals more than usual a number has at most beside a limit; nearer to it only that it is not the limit.
MOST_MORE = 3


def _rounded(value: float, decimals: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """Half to even, of the 12 digits that are stored: 0.5275 and 52.75 % round alike, whatever binary fractions say,
    and an error rate and its accuracy add up to 1."""
    return Decimal(f"{value:.12g}").quantize(
        Decimal(1).scaleb(-decimals), rounding, _LONG
    )


def _plain(value: float, decimals: int, *, sign: bool = False) -> str:
    """Fixed decimals with a true minus; a value that rounds to zero has no sign."""
    text = f"{abs(_rounded(value, decimals)):.{decimals}f}"
    if float(text) == 0:
        return text
    return (MINUS if value < 0 else "+" if sign else "") + text


def limited(
    value: float, decimals: int, limits: ScaleLimits, rounding: str = ROUND_HALF_EVEN
) -> int:
    """With how many decimals a number is printed: more than these where they would make it a limit of its scale that it
    is not, 100 % of an accuracy or 0 of an error.

    >>> limited(99.9, 1, PERCENT), limited(99.96, 1, PERCENT), limited(100.0, 1, PERCENT), limited(0.0004, 2, SHARE)
    (1, 2, 1, 4)
    """
    stored = float(f"{value:.12g}")
    low, high = limits
    short_of = {
        low: 0.0 if low is None else stored - low,
        high: 0.0 if high is None else high - stored,
    }
    for limit, away in short_of.items():
        while away > MACHINE and _rounded(value, decimals, rounding) == limit:
            decimals += 1
    return decimals


def kept_apart(value: float, decimals: int, *points: float, beside: float = 0.0) -> int:
    """With how many decimals a number is printed: more than these where they would move it onto, or across, a point
    that something was decided by, such as zero or a limit of a tolerance. `beside`: a size, such as the width of its
    interval, of which a billionth is noise.

    >>> kept_apart(-0.00029, 3, 0.0), kept_apart(0.0135, 2, 0.012), kept_apart(1.0004, 2, -1.0, 1.0)
    (4, 3, 4)
    >>> kept_apart(-0.04, 3, 0.0), kept_apart(0.0, 3, 0.0), kept_apart(1e-17, 3, 0.0, beside=0.2)
    (3, 3, 3)
    """
    stored = Decimal(f"{value:.12g}")
    for point in (Decimal(f"{one:.12g}") for one in points):
        away = stored - point
        if abs(float(away)) <= 1e-9 * abs(beside):
            continue
        while away and (_rounded(value, decimals) - point) * away <= 0:
            decimals += 1
    return decimals


def _beyond(value: float, decimals: int, limits: ScaleLimits) -> str:
    """A number so near to a limit of its scale that these decimals do not tell it from that."""
    low, high = limits
    below = high is None or (low is not None and value - low < high - value)
    last = 10.0**-decimals if below else -(10.0**-decimals)
    return f"{'<' if below else '>'} {_plain(((low if below else high) or 0.0) + last, decimals)}"


def fixed(
    value: float | None,
    decimals: int,
    limits: ScaleLimits = UNLIMITED,
    *,
    sign: bool = False,
    more: int = MOST_MORE,
) -> str:
    """A number with so many decimals and thin spaces; it has at most `more` of them beside a limit that it is not.

    >>> fixed(0.0123, 2, sign=True), fixed(-0.001, 2, sign=True), fixed(99.96, 1, PERCENT), fixed(None, 1)
    ('+0.01', '0.00', '99.96', '–')
    >>> fixed(0.0004, 3, SHARE, more=0), fixed(99.7, 0, PERCENT, more=0), fixed(1e-7, 9) == f"1.000e{MINUS}7"
    ('< 0.001', '> 99', True)
    """
    if value is None or not math.isfinite(value):
        return NONE
    if value and _size(value) not in _PLAIN_SIZES and (decimals > 7 or value > 1):
        return in_powers(value)
    enough = limited(value, decimals, limits)
    if enough > decimals + more:
        return _beyond(value, decimals + more, limits)
    text = _plain(value, enough, sign=sign)
    whole, point, rest = text.partition(".")
    if len(whole.lstrip(f"+{MINUS}")) < 4:
        return text
    start = text[: len(whole) - len(whole.lstrip(f"+{MINUS}"))]
    return (
        f"{start}{int(whole.lstrip(f'+{MINUS}')):,}".replace(",", THIN) + point + rest
    )


def decimals_of_share(width: float | None) -> int:
    """How many decimals a fraction has: three, more where the width of its interval needs them.

    >>> decimals_of_share(0.02), decimals_of_share(2e-5), decimals_of_share(None)
    (3, 6, 3)
    """
    return _decimals(0, width)


def score(value: float | None) -> str:
    """A score in fractions inside a sentence: 0.976, and 1.000 or 0.000 only of what is exactly that.

    >>> score(0.9761), score(0.99961), score(1.0), score(0.0004), score(1 - 1e-9)
    ('0.976', '0.9996', '1.000', '0.0004', '> 0.999999')
    """
    return fixed(value, 3, SHARE)


def _size(value: float) -> int:
    """The power of ten of a number other than 0.

    >>> _size(54.3), _size(0.0012)
    (1, -3)
    """
    return math.floor(math.log10(abs(value)))


def _decimals(size: int, width: float | None = None) -> int:
    """How many decimals a number of this power of ten has: four significant digits, more where the width of its
    interval is less than 3.5 units of the last one; a width that the 12 stored digits do not hold is none.

    >>> _decimals(1), _decimals(5), _decimals(5, width=1.2), _decimals(5, width=840.0), _decimals(5, width=1e-9)
    (2, -2, 1, -2, -2)
    """
    needs = (
        math.ceil(-math.log10(width / 3.5))
        if width and math.isfinite(width)
        else 3 - size
    )
    return needs if 3 - size < needs <= 11 - size else 3 - size


def decimals_of_size(value: float, width: float | None = None) -> int:
    """How many decimals a number other than 0 has, by its size or the width of its interval.

    >>> decimals_of_size(54.3), decimals_of_size(0.0012), decimals_of_size(54.3, width=0.011)
    (2, 6, 3)
    """
    return _decimals(_size(value), width)


def width_of(low: float | None, high: float | None) -> float | None:
    """The width of an interval, None without one."""
    return None if low is None or high is None else abs(high - low)


def in_powers(value: float, width: float | None = None) -> str:
    """A number with a power of ten.

    >>> in_powers(-1.5e-7), in_powers(3.2e12, width=4e8)
    ('−1.500e−7', '3.2000e12')
    """
    size = _size(value)
    digits = size + _decimals(size, width)
    mantissa, exponent = f"{abs(value):.{digits}e}".split("e")
    sign = MINUS if value < 0 else ""
    return f"{sign}{mantissa}e{true_minus(str(int(exponent)))}"


def short(value: float | None) -> str:
    """A number for an axis or an example: as few digits as say it, at most four significant ones below 10 000, and thin
    spaces from there on, so that a year is written as one.

    >>> short(2023), short(9999.6) == f"10{THIN}000", short(0.12345)
    ('2023', True, '0.1235')
    """
    if value is None or not math.isfinite(value):
        return NONE
    size = abs(value)
    if 1000 <= size < 1e7:
        text = f"{size:,.0f}"
        text = text.replace(",", THIN if len(text) > len("9,999") else "")
    else:
        text = f"{size:.4g}"
        if "e" in text:
            mantissa, exponent = text.split("e")
            text = f"{mantissa}e{int(exponent)}".replace("e-", f"e{MINUS}")
    return (MINUS if value < 0 else "") + text


def rough(value: float) -> str:
    """A score inside a sentence: three significant digits, and 1 only of what is 1.

    >>> rough(0.9764), rough(0.9996), rough(1.0), rough(54.321)
    ('0.976', '0.9996', '1', '54.3')
    """
    text = short(float(f"{value:.3g}"))
    return score(value) if text == "1" and value < 1 else text


def correlation(value: float | None) -> str:
    """A correlation: 1 and -1 only of what is perfect; 0 is no limit of it.

    >>> correlation(0.9996), correlation(-0.25), correlation(-0.0004)
    ('0.9996', '−0.25', '0.00')
    """
    return fixed(value, 2, (-1.0, 1.0))


def broad_points(fraction: float) -> str:
    """The size of a difference of two fractions, in whole points from ten on: there a decimal says nothing, and
    contradicts who subtracts the printed scores.

    >>> broad_points(0.3412), broad_points(0.0412)
    ('34 pp', '4.1 pp')
    """
    size = abs(fraction)
    return f"{_plain(100 * size, 0 if size >= 0.1 else 1)} pp"


def tolerance(value: float) -> str:
    """A tolerance, wherever it is printed: three significant digits, for one may be half of a printed difference.

    >>> tolerance(1.6500000001), tolerance(1.0), tolerance(0.61725)
    ('1.65', '1', '0.617')
    """
    return short(float(f"{value:.3g}"))


def decimals_of_p(p: float) -> int:
    """Three below 0.1, else two; as many as tell p from what it must be below at a usual level.

    >>> decimals_of_p(0.0312), decimals_of_p(0.0504), decimals_of_p(0.04996), decimals_of_p(0.349)
    (3, 4, 5, 2)
    """
    return kept_apart(p, 3 if p < 0.0995 else 2, *_ALPHAS)


def p_value(p: float | None) -> str:
    """`< 0.001`, three decimals below 0.1, beside what p must be below at a usual level as many as tell it from that,
    else two; never 1.00 for a p below 1.

    >>> p_value(0.0004), p_value(0.0312), p_value(0.0504), p_value(0.04996), p_value(0.349), p_value(0.9999)
    ('< 0.001', '0.031', '0.0504', '0.04996', '0.35', '> 0.99')
    >>> p_value(0.0997), p_value(0.1004), p_value(0.00997), p_value(0.01004)
    ('0.0997', '0.1004', '0.00997', '0.01004')
    """
    if p is None or not math.isfinite(p):
        return NONE
    if p < 0.001:
        return "< 0.001"
    return fixed(p, decimals_of_p(p), SHARE, more=0)


def p_equals(p: float | None) -> str:
    """`p = 0.031` or `p < 0.001`, for running text."""
    text = p_value(p)
    return f"p {text}" if text[0] in "<>" else f"p = {text}"


def drawn(p: float | None) -> str:
    """A probability that rests on draws or on a model, in whole percent: it is never 0 % or 100 %, for more draws might
    show the rest.

    >>> drawn(1.0), drawn(0.0), drawn(0.995), drawn(0.64)
    ('> 99\u202f%', '< 1\u202f%', '> 99\u202f%', '64\u202f%')
    """
    if p is None or not math.isfinite(p):
        return NONE
    p = min(max(p, 1e-9), 1 - 1e-9)
    return fixed(100 * p, 0, PERCENT, more=0) + f"{THIN}%"


def rank(value: float | None) -> str:
    """A mean rank: two decimals, and 1.00 only of what is always first."""
    return fixed(value, 2, (1.0, None))


def share(part: float, whole: int, decimals: int = 1) -> str:
    """A part of a whole in percent: 12.3 %."""
    if whole == 0:
        return NONE
    return fixed(100 * part / whole, decimals, PERCENT) + f"{THIN}%"


def count(number: int | None) -> str:
    """A count; thin spaces from 1 000 on."""
    return NONE if number is None else f"{number:,}".replace(",", THIN)


def work(seconds: float) -> str:
    """Seconds of work in one unit: `0.4 s`, `41 s`, `12 min`, `3.1 h`.

    >>> work(0.42), work(41.3), work(700), work(11000)
    ('0.4 s', '41 s', '12 min', '3.1 h')
    """
    if seconds < 1:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def percents(sentence: str) -> str:
    """A sentence in which every percent sign stands behind a thin space.

    >>> percents("12% of the rows, at a nominal 5 %") == f"12{THIN}% of the rows, at a nominal 5{THIN}%"
    True
    """
    return re.sub(r"(?<=\d) ?%", f"{THIN}%", sentence)


def interval(
    low: float | None, high: float | None, show: Callable[[float], str]
) -> str:
    """An interval between two numbers, each shown by `show`; empty without one."""
    return "" if low is None or high is None else f"[{show(low)}, {show(high)}]"


def decimals_of(printed: str) -> int:
    """How many decimals a published number was printed with: "98.90" has two."""
    exponent = Decimal(printed).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def as_printed(
    value: float | None,
    printed: str,
    extra: int = 0,
    *,
    limits: ScaleLimits = UNLIMITED,
    points: Sequence[float] = (),
    beside: float = 0.0,
    rounding: str = ROUND_HALF_EVEN,
) -> str:
    """Our number with the decimals of the published one (and `extra` more), and its power of ten where it is printed
    with one; `limits`: what it is not rounded to; `points`, `beside`: what it is kept apart from (`kept_apart`);
    `rounding`: one of those of `decimal`.

    >>> as_printed(0.97512, "0.98"), as_printed(1.6453e-7, "1.7e-7", 1)
    ('0.98', '1.65e−7')
    >>> as_printed(99.96, "100", limits=PERCENT), as_printed(100.0, "99", limits=PERCENT)
    ('99.96', '100')
    >>> as_printed(2.0004, "25.0", 1, rounding="ROUND_UP"), as_printed(3.0003, ".85e2", points=[3.0])
    ('2.01', '0.030003e2')
    """
    if value is None or not math.isfinite(value):
        return NONE
    mantissa, _, power = printed.lower().partition("e")
    if power:
        ten = 10.0 ** int(power)
        low, high = (None if limit is None else limit / ten for limit in limits)
        near = [point / ten for point in points]
        text = as_printed(
            value / ten,
            mantissa,
            extra,
            limits=(low, high),
            points=near,
            beside=beside / ten,
            rounding=rounding,
        )
        return text + f"e{int(power)}".replace("-", MINUS)
    decimals = kept_apart(value, decimals_of(printed) + extra, *points, beside=beside)
    if limited(value, decimals, limits) != decimals:
        return fixed(value, decimals, limits)
    rounded = _rounded(value, decimals, rounding)
    text = f"{abs(rounded):.{decimals}f}"
    return text if rounded == 0 else (MINUS if rounded < 0 else "") + text


def true_minus(text: str) -> str:
    """A number as printed elsewhere, with this page's minus."""
    return text.replace("-", MINUS)


def fingerprint(sha256: str | None) -> str:
    """What names a content for people, wherever they meet it: the beginning of its sha256.

    >>> fingerprint("0123456789abcdef" * 4)
    '0123456789'
    """
    return (sha256 or "")[:SHORT]


WORDS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def spelled(number: int) -> str:
    """Small counts as words, larger ones as digits."""
    return WORDS[number] if 0 <= number < len(WORDS) else count(number)


def plural(number: int, noun: str, many: str | None = None) -> str:
    """`1 fold`, `12 folds`, `1 234 rows`."""
    return f"{count(number)} {noun if number == 1 else many or noun + 's'}"


def listed(words: Sequence[str], last: str = "and", most: int | None = None) -> str:
    """`a`, `a and b`, `a, b and c`; beyond `most` they are counted.

    >>> listed(["a", "b", "c"]), listed("abcde", most=3)
    ('a, b and c', 'a, b, c and 2 more')
    """
    if most is not None and len(words) > most:
        words = [*words[:most], f"{count(len(words) - most)} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
