r"""A number as it is written by hand in TeX, against that of the results: equal, different, or not to be read.

What stands there is read only where, without what is known to print nothing, it is one number, or the word of a
judgement. So an answer is never a guess: a decoration that is not known is not to be read.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite

from bench.report.exports.as_numbers import NamedNumber
from bench.report.text.tex import escaped
from bench.text.formats import MACHINE, MINUS, ScaleLimits, as_printed, decimals_of
from bench.text.marks import EXPECTED_MEANING, FALSIFIED, MARKS

#: What stands in braces, with up to four pairs of braces inside.
GROUP = r"[^{}]*+"
for _ in range(4):
    GROUP = rf"(?:[^{{}}]|\{{{GROUP}\}})*+"
#: A number in a command that reads a comma as the decimal mark, and the options that keep its digits.
_COMMAND = re.compile(
    r"\\(?:(?:num|tablenum|(?P<unit>SI|qty))\s*(?:\[(?P<options>[^\[\]{}]*)\]\s*)?|numprint\s*)"
    r"\{(?P<number>[^{}]*)\}(?(unit)\s*\{\\(?:percent|%)\})"
)
_OPTIONS = re.compile(
    r"(?:(?:(?:group|detect|per|output)-[a-z-]+|table-format|mode|color)(?:=[\w.!-]+)?(?:,|$)|,)*"
)
#: What changes the look of a number, or its place: spaces, fonts, sizes, colours, columns.
_LOOKS = re.compile(
    rf"(?:[\s~$]|\\[, ]|\\(?:text|cell)?color\s*(?:\[\w+\]\s*)?\{{[^{{}}]*\}}|\\h?phantom\s*\{{{GROUP}\}}"
    r"|\\multicolumn\s*\{\d+\}\s*\{[lcrS|]+\}|\\(?:text(?:bf|it|md|normal|rm|sf|sl|tt|up)?|math(?:bf|it|normal|rm|sf|tt)"
    r"|boldsymbol|boldmath|bm|ensuremath|emph|underline|hl|mbox|bf|bfseries|it|itshape|tiny|scriptsize|footnotesize"
    r"|small|normalsize|large|thinspace)(?![a-zA-Z]))+"
)
_POWER = re.compile(r" ?\\(?:times|cdot) ?10 ?\^ ?(?:\{ ?([-+]?\d+) ?\}|(\d)(?!\d))")
_SIGNS = {
    r"\%": "%",
    r"\textminus": "-",
    r"\textless": "<",
    r"\textgreater": ">",
    "{": "",
    "}": "",
}
_NUMBER = re.compile(r"([-+]|--)? ?([\d., ]{1,20})(e[-+]?\d{1,2})?")
#: The two ways to read digits: with a decimal mark, and in groups of three.
_DECIMAL = re.compile(r"(?:\d+|[1-9]\d{0,2}(?: \d{3})+|(?=.\d))(?:\.\d*|,\d+)?")
_GROUPED = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
#: How many digits of a result are compared.
_DIGITS = 12
_WORDS = {mark.word.lower() for mark in MARKS.values()} | {
    *FALSIFIED.values(),
    *EXPECTED_MEANING,
}


def compared(number: NamedNumber, written: str) -> tuple[bool | None, str]:
    """Whether a number by hand is that of the results, rounded; None where it cannot be read. And how TeX writes that
    of the results, with the decimals of the one by hand where it was read.

    Examples
    --------
    >>> accuracy = NamedNumber("0.852", 0.852)
    >>> [compared(accuracy, one)[0] for one in ("\\\\textbf{0.85}", "85.2\\\\,\\\\%", "0.852\\\\%", "0.85\\\\rlap{*}")]
    [True, True, False, None]
    """
    now, plain = escaped(number.text), _plain(written)
    in_percent = plain.endswith("%")
    plain = plain.removesuffix("%").rstrip()
    if plain == _plain(now) and (number.percent or not in_percent):
        return True, now
    if number.value is None or not isfinite(number.value):
        return (
            False if not in_percent and {plain, number.text} <= _WORDS else None
        ), now
    hundredths = in_percent and not number.percent
    value, limits = _times(100 if hundredths else 1, number.value, number.limits)
    readings, exported = (
        _readings(plain),
        [] if hundredths else _readings(_plain(now))[:1],
    )
    fits = [
        _rounded(value, one, limits) or Decimal(one) in map(Decimal, exported)
        for one in readings
    ]
    same = _certain(fits, comma="," in plain)
    if same is None or _coarser(readings, exported):
        return same, now
    return same, as_printed(value, readings[0], limits=limits) + r"\%" * hundredths


def _coarser(readings: list[str], exported: list[str]) -> bool:
    """Whether the number by hand has fewer decimals than that of the results."""
    return bool(readings and exported) and decimals_of(readings[0]) < decimals_of(
        exported[0]
    )


def _times(factor: int, value: float, limits: ScaleLimits) -> tuple[float, ScaleLimits]:
    low, high = (end and factor * end for end in limits)
    return factor * value, (low, high)


def _certain(fits: list[bool], comma: bool) -> bool | None:
    """Whether a number is right, by whether its readings are; where it has no comma, a point is the decimal mark."""
    if not any(fits):
        return False if fits else None
    return True if all(fits) or (fits[0] and not comma) else None


def _plain(written: str) -> str:
    """What TeX prints; commands that are not known stay.

    >>> _plain(r"\\textbf{\\num{12350}}"), _plain(r"$2.3\\times10^{-5}$"), _plain(r"85.2\\rlap{*}\\,\\%")
    ('12350', '2.3e-5', '85.2\\\\rlap* %')
    """
    text = _LOOKS.sub(" ", _COMMAND.sub(_number_of, written.replace(MINUS, "-")))
    text = _POWER.sub(r"e\1\2", text)
    for sign, plain in _SIGNS.items():
        text = text.replace(sign, plain)
    return re.sub(r"(?<=[<>]) ", "", text).strip().lower()


def _number_of(command: re.Match[str]) -> str:
    """The number in a command; the command itself where an option may print another number."""
    number = command["number"].replace(",", ".").strip()
    decimals = number.partition(".")[2]
    rounding = (
        f"round-mode=places,round-precision={len(decimals)}"
        if decimals.isdecimal()
        else "no rounding"
    )
    options = (command["options"] or "").replace(" ", "").replace(rounding, "")
    return (
        number + "%" * bool(command["unit"])
        if _OPTIONS.fullmatch(options)
        else command[0]
    )


def _readings(plain: str) -> list[str]:
    """The numbers that this may be.

    >>> _readings("-85,2"), _readings("12,265"), _readings("1,234,567"), _readings("85.2 *")
    (['-85.2'], ['12.265', '12265'], ['1234567'], [])
    """
    number = _NUMBER.fullmatch(plain)
    if number is None or sum(map(str.isdigit, number[2])) > _DIGITS:
        return []
    found = (
        [number[2].replace(" ", "").replace(",", ".")]
        if _DECIMAL.fullmatch(number[2])
        else []
    )
    if groups := _GROUPED.fullmatch(number[2]):
        found.append(number[2].replace(groups[1], "").replace(",", "."))
    return [(number[1] or "")[:1] + one + (number[3] or "") for one in found]


def _rounded(value: float, written: str, limits: ScaleLimits) -> bool:
    """Whether this is the value, to its last digit; a limit of its scale is so only of what is that.

    >>> _rounded(0.9996, "1.00", (0.0, 1.0)), _rounded(0.9994, "0.999", (0.0, 1.0)), _rounded(1.0, "1.0", (0.0, 1.0))
    (False, True, True)
    """
    number = Decimal(written)
    off = Decimal(f"{value:.{_DIGITS}g}") - number
    if float(number) in limits and abs(off) > MACHINE:
        return False
    return abs(off) <= Decimal("0.5").scaleb(int(number.as_tuple().exponent))
