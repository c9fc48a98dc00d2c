"""The numbers of a claim as they are shown: in which unit, and with how many decimals."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any, Protocol

from bench.claims import judged_by
from bench.claims.claim import shape_of
from bench.core.judgements import Agreement, VerdictRow
from bench.core.outcomes import Statement
from bench.study.printed_numbers import read_score
from bench.text import formats
from bench.text.chance import OneRunDecidesNothing, SeedNotMeasured
from bench.text.formats import THIN, ScaleLimits
from bench.text.judgements import SmallDifference, ZeroExcluded
from bench.text.words import in_unit_of_target, measure

#: The numbers of a claim that are in its unit.
SIZES = (
    "ours", "difference", "low", "high", "low_refute", "high_refute", "tolerance", "tolerance_used",
    "smallest_tolerance", "detectable",
)  # fmt: skip


class OfClaim(Protocol):
    """What says in which unit the numbers of a claim are shown: a row of verdicts, or of the record of a run."""

    @property
    def kind(self) -> str: ...
    @property
    def metric(self) -> str | None: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def published(self) -> str | None: ...


def scale_of(row: OfClaim) -> int:
    """By how much the numbers of a claim are multiplied to be shown: 100 for a comparison by a share of cases."""
    if row.published is not None or row.unit is not None or row.metric is None:
        return 1
    compares = shape_of(row.kind).compares
    return 100 if compares and measure(row.metric).share else 1


def in_points(row: VerdictRow) -> VerdictRow:
    """A claim as the page shows it: a comparison by a share of cases is in percentage points."""
    scale = scale_of(row)
    if scale == 1:
        return row
    # Ours of an order is no difference.
    sizes = SIZES if is_difference(row) else SIZES[1:]
    scaled: dict[str, Any] = {
        name: None if (n := getattr(row, name)) is None else scale * n for name in sizes
    }
    return replace(row, unit="percent", **scaled)


def is_difference(row: OfClaim) -> bool:
    """Whether our number of a claim is the difference of two scores."""
    return shape_of(row.kind).number == "difference"


def is_order(row: OfClaim) -> bool:
    """Whether a claim is about an order, so that it has no number."""
    return shape_of(row.kind).number == "order"


def number_unit(row: OfClaim) -> str:
    """The unit of the number of a claim, behind it."""
    if is_difference(row):
        return difference_unit(row.unit)
    return f"{THIN}%" if row.unit == "percent" else ""


def printed_words(row: VerdictRow) -> str:
    """The published number as the paper prints it, with its unit; a count of cases has none."""
    unit = number_unit(row)
    if row.printed is None:
        return formats.true_minus(row.published or "") + unit
    if read_score(row.printed).cases is not None:
        return row.printed
    return re.sub("(?<=[0-9.]) *- *", "\N{EN DASH}", row.printed) + unit


def difference_unit(unit: str | None) -> str:
    """The unit of a difference of two numbers of a claim, behind it."""
    return " pp" if unit == "percent" else ""


def used_tolerance(row: VerdictRow) -> float:
    """The tolerance that a claim was judged by; 0 without one."""
    return row.tolerance_used or row.tolerance or 0.0


def reason_with_numbers(row: VerdictRow, reason: Statement) -> Statement:
    """A reason of a judgement with what the numbers of the claim say beside it, where they say more."""
    if isinstance(reason, ZeroExcluded):
        tolerance = (
            f"±{formats.tolerance(used_tolerance(row))}{difference_unit(row.unit)}"
        )
        holds_zero = (row.low_refute or 0.0) <= 0 <= (row.high_refute or 0.0)
        return SmallDifference(tolerance, significant=not holds_zero)
    compared = row.published is not None and row.difference is not None
    if (
        isinstance(reason, SeedNotMeasured)
        and compared
        and row.agreement in (Agreement.FITS, Agreement.OFF)
    ):
        return OneRunDecidesNothing(
            abs(row.difference or 0.0) > used_tolerance(row), reason.draws
        )
    return reason


def limits_of(row: OfClaim) -> ScaleLimits:
    """The least and the most that our number of a claim can be, in its unit: it is shown as one of them only where it
    is that, so that no score is rounded to a perfect one."""
    number = shape_of(row.kind).number
    if number == "score" and row.metric is not None:
        return measure(row.metric).limits_in(row.unit)
    return (1.0, None) if number == "rank" else formats.UNLIMITED


def pattern(row: VerdictRow) -> str:
    """A number with the decimals of a claim's numbers, less one: the published one, or where ours would be rounded to a
    limit one with more; where none is printed, with as many decimals as ours deserve."""
    printed = row.published or _unprinted(row)
    if row.ours is None or "e" in printed.lower():
        return printed
    decimals = formats.decimals_of(printed) + 1
    more = formats.limited(row.ours, decimals, limits_of(row)) - decimals
    return f"{0:.{decimals - 1 + more}f}" if 0 < more <= formats.MOST_MORE else printed


def ours_words(row: VerdictRow) -> str:
    """Our number, without its unit."""
    return our_number(row, pattern(row), 1)


def our_number(row: VerdictRow, printed: str, extra: int = 0) -> str:
    """Our number with the decimals of another: kept apart from a published number that it refutes."""
    apart = row.published is not None and row.agreement == Agreement.DIFFERS
    points = (float(row.published or 0),) if apart else ()
    return formats.as_printed(
        row.ours,
        printed,
        extra,
        limits=limits_of(row),
        points=points,
        beside=row.ours or 0.0,
    )


def end_words(row: VerdictRow, value: float | None) -> str:
    """The end of a claim's interval: with more decimals where it would be printed as zero, or as a limit of the
    tolerance, and is not, because that decides the claim."""
    tolerance = row.tolerance_used or 0.0
    points = (0.0,) if judged_by.is_direction(row) else (0.0, -tolerance, tolerance)
    beside = formats.width_of(*judged_by.ends(row)) or 0.0
    return formats.as_printed(value, pattern(row), 1, points=points, beside=beside)


def difference_interval(row: VerdictRow) -> str:
    """The interval that the judgement rests on; empty where none exists.

    Of ours less published; of a comparison without a published size, of the improvement itself.
    """
    if not judged_by.has_interval(row):
        return ""
    return formats.interval(*judged_by.ends(row), lambda end: end_words(row, end))


def _unprinted(row: VerdictRow) -> str:
    width = formats.width_of(*judged_by.ends(row))
    if row.unit == "percent":
        return f"{0:.{max(1, formats.decimals_of_share(width and width / 100) - 3)}f}"
    size = max(
        abs(one) for one in (row.ours, *judged_by.ends(row), 0.0) if one is not None
    )
    if not in_unit_of_target(row.metric or "") or not size or 0.1 <= size < 10:
        return f"{0:.{max(3, formats.decimals_of_share(width) - 1)}f}"
    power = math.floor(math.log10(size))
    of_width = (
        -math.floor(math.log10(width)) if width else 0
    )  # with one decimal more, two digits of the width
    return (
        f"{size:.2e}"
        if power not in range(-4, 9)
        else f"{0:.{max(0, 2 - power, of_width)}f}"
    )
