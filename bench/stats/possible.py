"""Whether printed shares can come out of whole cases: integer arithmetic, no chance in it.

How a number was rounded is hardly ever printed, so each is given as an open interval: one unit of its last decimal
either way holds rounding, truncation and rounding up. All arithmetic is on whole numbers and fractions, exact.
Source: Brown & Heathers (2017), Social Psychological and Personality Science 8, for the granularity of printed means;
Fazekas & Kovács (2023), arXiv 2310.12527, for scores of one confusion matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

#: An open interval of shares.
Span = tuple[Fraction, Fraction]
#: Scores of one confusion matrix of two classes that can be checked together.
CONFUSION = ("accuracy", "balanced_accuracy", "precision", "recall", "f1")
#: So many sums, or counts of true positives, are looked at; beyond, the question is left open.
MOST_STEPS = 50_000


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


def confusion_possible(
    scores: Mapping[str, Span], n: int, positives: int | None = None
) -> bool | None:
    """Whether one confusion matrix of n cases, `positives` of them positive, has all these scores of CONFUSION.

    An absent denominator of precision counts 0, as in `bench.core.metrics`. positives None: any number from 1. Given
    the
    true positives every score bounds the false ones, so these are never enumerated. None: too many to look at. Raises
    ValueError for another score, or unless 1 <= positives <= n.

    >>> scores = {"accuracy": span("0.94"), "precision": span("0.50"), "recall": span("0.83")}
    >>> confusion_possible(scores, 100, 12), confusion_possible(scores, 100, 6)   # 10, 10 and .88; 5, 5 and .94
    (False, True)
    """
    if strange := sorted(set(scores) - set(CONFUSION)):
        raise ValueError(
            f"{', '.join(strange)}: expected scores among {', '.join(CONFUSION)}"
        )
    if n < 1 or (positives is not None and not 1 <= positives <= n):
        raise ValueError(
            f"n = {n}, positives = {positives}: expected 1 <= positives <= n"
        )
    if positives is None and n > MOST_STEPS:
        return None
    tried = range(1, n + 1) if positives is None else (positives,)
    ranges = [(count, _true_positives(scores.get("recall"), count)) for count in tried]
    if sum(len(hits) for _, hits in ranges) > MOST_STEPS:
        return None
    return any(
        _some_false_positives(scores, hits, count, n - count)
        for count, found in ranges
        for hits in found
    )


def rates_possible(precision: Span, recall: Span, f1: Span) -> bool:
    """Whether F1 = 2 P R / (P + R) for some precision and recall within their intervals; it grows with both.

    >>> p, r = span("0.90"), span("0.80")   # F1 from .837 to .857
    >>> rates_possible(p, r, span("0.85")), rates_possible(p, r, span("0.88"))
    (True, False)
    """
    low, high = (_harmonic(precision[end], recall[end]) for end in (0, 1))
    return max(low, f1[0]) < min(high, f1[1])


def _harmonic(p: Fraction, r: Fraction) -> Fraction:
    p, r = (min(max(one, Fraction(0)), Fraction(1)) for one in (p, r))
    return 2 * p * r / (p + r) if p + r else Fraction(0)


def _true_positives(recall: Span | None, positives: int) -> range:
    """The counts of true positives that the recall allows."""
    if recall is None:
        return range(positives + 1)
    least, most = floor(recall[0] * positives) + 1, ceil(recall[1] * positives) - 1
    return range(max(0, least), min(positives, most) + 1)


def _some_false_positives(
    scores: Mapping[str, Span], hits: int, positives: int, negatives: int
) -> bool:
    """Whether some count of false positives gives all scores, with these true positives."""
    least, most = 0, negatives
    for low, high in _bounds(scores, hits, positives, negatives):
        least, most = max(least, floor(low) + 1), min(most, ceil(high) - 1)
    return least <= most


def _bounds(
    scores: Mapping[str, Span], hits: int, positives: int, negatives: int
) -> Iterator[Span]:
    """The open interval of false positives that each score leaves."""
    any_count, no_count = (
        (Fraction(-1), Fraction(negatives + 1)),
        (Fraction(0), Fraction(0)),
    )
    for name, (low, high) in scores.items():
        if name == "accuracy":
            cases, right = positives + negatives, hits + negatives
            yield right - high * cases, right - low * cases
        elif name == "balanced_accuracy":
            recall = Fraction(hits, positives)
            if negatives:
                yield (
                    (1 + recall - 2 * high) * negatives,
                    (1 + recall - 2 * low) * negatives,
                )
            else:  # the mean over the classes that occur
                yield any_count if low < recall < high else no_count
        elif name in ("precision", "f1"):
            above, beside = (
                (hits, hits) if name == "precision" else (2 * hits, positives + hits)
            )
            if not hits:
                yield any_count if low < 0 < high else no_count
            elif high <= 0:
                yield no_count
            else:
                yield (
                    above / high - beside,
                    above / low - beside if low > 0 else any_count[1],
                )
