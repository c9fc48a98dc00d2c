"""The words of the answer for a paper as a whole."""

from __future__ import annotations

import math

from bench.core.answers import AnswerRow, NoAnswer
from bench.report.points import difference_unit
from bench.text import formats
from bench.text.words import measure

#: What the printed numbers do.
WORDS = {"holds": "hold", "differs": "differ", "open": "are open"}
SIDES = {"train": " on training rows", "inner": " on inner folds", "test": ""}


def sentence(row: AnswerRow) -> str:
    """What is said of the numbers of a metric together."""
    name = f"{measure(row.metric).title}{SIDES[row.side]}"
    total = formats.count(row.numbers)
    counted = f"{formats.count(row.as_printed)} of {formats.plural(row.numbers, 'number')} as printed"
    if row.why_not is not None:
        return f"{name}: {'; '.join(filter(None, (counted, decided(row))))}; {_why_not(row)}."
    said = [
        f"{counted}, {formats.count(row.refuted)} refuted",
        decided(row),
        _signs(row),
        f"{formats.count(row.closely)} of {total} follow the paper closely",
    ]
    return (
        f"{name}: the printed numbers {WORDS[str(row.answer)]} as a whole. Ours − published is {mean(row)} on average "
        f"over {row.datasets} datasets (90 % interval {interval(row)}, tolerance ±{_tolerance(row)}). "
        f"{'; '.join(filter(None, said))}."
    )


def decided(row: AnswerRow) -> str:
    """How many are decided, beside what endless repeats of ours would decide; empty where all are."""
    if not row.undecided:
        return ""
    most = formats.count(max(row.decided, round(row.decidable)))
    counted = f"{formats.count(row.decided)} of {formats.count(row.numbers)} decided"
    return f"{counted}, about {most} with endless repeats of ours"


def mean(row: AnswerRow) -> str:
    """The mean with its unit."""
    if row.mean is None:
        return formats.NONE
    sign = "+" if row.mean > 0 else ""
    return f"{sign}{number(row, row.mean)}{unit(row)}"


def interval(row: AnswerRow) -> str:
    """`−0.27 to 0.40`."""
    if row.low is None or row.high is None:
        return formats.NONE
    return f"{number(row, row.low)} to {number(row, row.high)}"


def number(row: AnswerRow, value: float) -> str:
    """With two digits more than the tolerance, and on its side of the tolerance."""
    tolerance = row.tolerance or 1.0
    decimals = max(0, 2 - math.floor(math.log10(tolerance)))
    limits = (-tolerance, tolerance)
    return formats.as_printed(
        value, f"{0:.{decimals}f}", points=limits, beside=tolerance
    )


def unit(row: AnswerRow) -> str:
    """What stands behind a difference."""
    return " tolerances" if row.in_tolerances else difference_unit(row.unit)


def _tolerance(row: AnswerRow) -> str:
    return formats.tolerance(row.tolerance or 0.0) + unit(row)


def _signs(row: AnswerRow) -> str:
    if not row.comparisons:
        return ""
    return f"{row.alike} of {row.comparisons} comparisons point as printed"


def _why_not(row: AnswerRow) -> str:
    if row.why_not == NoAnswer.SAME_SCORES:
        return "from the authors' own scores"
    if row.why_not == NoAnswer.SUBSTITUTED:
        return "by another method than the paper's, so nothing is said of it as a whole"
    return f"on {formats.plural(row.datasets, 'dataset')}, too few for an answer as a whole"
