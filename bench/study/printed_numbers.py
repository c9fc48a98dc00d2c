"""What a paper prints for a score: a number, a count of cases out of all (`171 of 178`), or a range (`68-69`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Strict, StringConstraints

from bench.study.fields import refused
from bench.text.problems import CountTooLarge, EndsSwapped

#: So long and no longer, that every number is finite and quick to compute with.
_NUMBER = r"[-+]?(?:[0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})(?:[eE][-+]?[0-9]{1,2})?"
_COUNT = r"[0-9]{1,9} *(?:/|of|out of) *[0-9]{1,9}"
_RANGE = rf"({_NUMBER}) *(?:-|–|to) *({_NUMBER})"
#: The form of a number as text, in the digits 0 to 9; and of a score, which may be a count or a range.
PRINTED = f"^{_NUMBER}$"
PRINTED_SCORE = f"^(?:{_NUMBER}|{_COUNT}|{_RANGE})$"


@dataclass(frozen=True)
class PrintedScore:
    """A printed score as numbers.

    low, high: its ends, of a range alone apart; decimals: how many are printed; cases: of a count, all of them.
    """

    low: Fraction
    high: Fraction
    decimals: int
    cases: int | None = None

    @property
    def is_range(self) -> bool:
        return self.high != self.low

    @property
    def is_plain(self) -> bool:
        """Whether it is one number as it stands."""
        return self.cases is None and not self.is_range

    def text(self, scale: int = 1) -> str:
        """One number for it, to the first decimal that tells a case from the next; the middle of a range.

        >>> read_score("171 of 178").text(100), read_score("68-69").text()
        ('96.07', '68.5')
        """
        decimals = self.decimals + 1
        if self.cases is not None:
            decimals = len(str(self.cases // scale)) + 1
        return f"{float(scale * (self.low + self.high) / 2):.{decimals}f}"


def read_score(text: str) -> PrintedScore:
    """What a text of the form of `PRINTED_SCORE` says.

    Raises the error of a validator for a count of more cases than there are, and for a range whose ends are swapped.
    """
    if re.fullmatch(_COUNT, text):
        count, cases = map(int, re.findall("[0-9]+", text))
        if count > cases or not cases:
            raise refused(CountTooLarge(text))
        share = Fraction(count, cases)
        return PrintedScore(share, share, 0, cases)
    found = None if re.fullmatch(_NUMBER, text) else re.fullmatch(_RANGE, text)
    ends = [text] if found is None else list(found.groups())
    low, high = Fraction(Decimal(ends[0])), Fraction(Decimal(ends[-1]))
    if high < low:
        raise refused(EndsSwapped(text, f"{ends[1]}-{ends[0]}"))
    exponents = [int(Decimal(end).as_tuple().exponent) for end in ends]
    return PrintedScore(low, high, max(0, -min(exponents)))


def _with_minus(value: object) -> object:
    """A minus as books print it (U+2212) is one."""
    return value.replace("\N{MINUS SIGN}", "-") if isinstance(value, str) else value


def _checked(text: str) -> str:
    read_score(text)
    return text


#: A number as text.
PrintedNumber = Annotated[
    str, Strict(), StringConstraints(pattern=PRINTED), BeforeValidator(_with_minus)
]
#: A score as text.
PrintedText = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=PRINTED_SCORE),
    AfterValidator(_checked),
    BeforeValidator(_with_minus),
]
