"""Whether printed shares can come out of whole cases: integer arithmetic, no chance in it.

How a number was rounded is hardly ever printed, so each is given as an open interval: one unit of its last decimal
either way holds rounding, truncation and rounding up. All arithmetic is on whole numbers and fractions, exact.
Source: Brown & Heathers (2017), Social Psychological and Personality Science 8, for the granularity of printed means.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

#: An open interval of shares.
Span = tuple[Fraction, Fraction]


def span(printed: str, whole: int = 1) -> Span:
    """What a printed number may have been before it was rounded, as a share of `whole` (100 for percent).

    >>> [str(end) for end in span("98.9", 100)]
    ['247/250', '99/100']
    """
    value, unit = (
        Fraction(printed),
        Fraction(Decimal(1).scaleb(int(Decimal(printed).as_tuple().exponent))),
    )
    return (value - unit) / whole, (value + unit) / whole


def share_possible(within: Span, cases: int) -> bool:
    """Whether some count j of `cases` >= 1 has j / cases strictly within the interval.

    >>> share_possible(span("98.9", 100), 178), share_possible(span("98.5", 100), 50)
    (True, False)
    """
    count = max(0, floor(within[0] * cases) + 1)
    return count <= cases and Fraction(count, cases) < within[1]
