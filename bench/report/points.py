"""Comparisons of two models by a share of cases, in percentage points."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bench.core.judgements import VerdictRow
from bench.text.formats import THIN
from bench.text.words import measure

#: Kinds of claims whose number is the difference of two scores.
DIFFERENCES = ("better", "best", "equivalent", "difference")
#: The numbers of a claim that are in its unit.
SIZES = (
    "ours", "difference", "low", "high", "low_refute", "high_refute", "tolerance", "smallest_tolerance", "detectable",
)  # fmt: skip


def scale_of(row: VerdictRow) -> int:
    """By how much the numbers of a claim are multiplied to be shown: 100 for a comparison by a share of cases."""
    compares = row.published is None and row.unit is None and row.kind in (*DIFFERENCES, "order")
    return 100 if compares and row.metric is not None and measure(row.metric).share else 1


def in_points(row: VerdictRow) -> VerdictRow:
    """A claim as the page shows it: a comparison by a share of cases is in percentage points."""
    scale = scale_of(row)
    if scale == 1:
        return row
    sizes = SIZES[1:] if row.kind == "order" else SIZES  # ours of an order is no difference
    scaled: dict[str, Any] = {name: None if (n := getattr(row, name)) is None else scale * n for name in sizes}
    return replace(row, unit="percent", **scaled)


def number_unit(row: VerdictRow) -> str:
    """The unit of the number of a claim, behind it."""
    return "" if row.unit != "percent" else " pp" if row.kind in DIFFERENCES else f"{THIN}%"
