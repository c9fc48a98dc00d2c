"""Categories that have an order: words that everybody orders alike, and texts that begin with a number."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence

from bench.text.scales import SCALES

#: Words that may stand beside the number of a range.
_RANGE = re.compile(r"\d\s*[-–]\s*\d|[<>+]|more|less|_lt_|_ge_|under|over")
_BELOW = re.compile(r"^(<|lt\b|less|under|below|up to)|_lt_")
_BESIDE = re.compile(r"\b(more|plus|less|than|lt|ge|gt|le|under|over|and|or|to|up|above|below|years?|yrs?|old)\b|\W|_")


def order_of(levels: Sequence[str]) -> tuple[str, ...] | None:
    """The levels from low to high, where three or more have an order that their texts tell; else None.

    >>> order_of(["med", "vhigh", "high", "low"])
    ('low', 'med', 'high', 'vhigh')
    >>> order_of(["5more", "2", "4", "3"]), order_of(["25-34", "75+", "35-44"])
    (('2', '3', '4', '5more'), ('25-34', '35-44', '75+'))
    >>> order_of(["1. Married", "2. Never married", "3. Divorced"])   # a code, no order
    """
    if not 3 <= len(levels) <= 31:
        return None
    return _on_a_scale(levels) or _by_number(levels)


def _on_a_scale(levels: Sequence[str]) -> tuple[str, ...] | None:
    plain = {level: _plain(level) for level in levels}
    for scale in SCALES:
        places = {word: place for place, names in enumerate(scale.split(",")) for word in names.split("/")}
        found = {level: places[word] for level, word in plain.items() if word in places}
        if len(found) == len(levels) == len(set(found.values())):
            return tuple(sorted(levels, key=found.__getitem__))
    return None


def _plain(level: str) -> str:
    """`1. < HS Grad` -> `<_hs_grad`."""
    return re.sub(r"[\s\-_.]+", "_", re.sub(r"^\d+\.\s+", "", level.strip()).lower()).strip("_")


def _by_number(levels: Sequence[str]) -> tuple[str, ...] | None:
    """Ranges (`25-34`, `75+`, `< 30`, `5more`, `more`) by their first number, those below a number first."""
    texts = {level: level.strip().lower() for level in levels}
    numbers = {level: re.search(r"\d+(\.\d+)?", text) for level, text in texts.items()}
    if any(number is None and texts[level] != "more" for level, number in numbers.items()) or _coded(texts.values()):
        return None
    places = {
        level: (float(number[0]) if number else math.inf, -1 if _BELOW.search(texts[level]) else 0)
        for level, number in numbers.items()
    }
    return tuple(sorted(levels, key=places.__getitem__)) if len(set(places.values())) == len(levels) else None


def _coded(texts: Collection[str]) -> bool:
    """Whether texts with numbers are plain numbers or codes, and no ranges.

    `0-9g/day` beside `10-19` is one scale; PAL0708 beside PAL0809 are codes, unless one says `less` or `more`.
    """
    beside = {_BESIDE.sub("", re.sub(r"\d+", " ", text).replace("more", " more ")) for text in texts}
    ranged = any(map(_RANGE.search, texts))
    plain = all(re.fullmatch(r"\d+(\.\d+)?", text) for text in texts)
    numbered = all(re.match(r"\d+[.):]\s*[a-z]", text) for text in texts)
    one_scale = len(beside) == 1 or (len(beside) == 2 and "" in beside)
    return plain or numbered or not (beside == {""} or (ranged and one_scale))
