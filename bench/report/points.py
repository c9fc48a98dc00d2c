"""Comparisons of two models by a share of cases, in percentage points."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bench.core.judgements import VerdictRow
from bench.text.words import measure

#: Kinds of claims whose number is the difference of two scores.
DIFFERENCES = ("better", "best", "equivalent", "difference")
#: The numbers of a claim that are in its unit.
SIZES = (
    "ours", "difference", "low", "high", "low_refute", "high_refute", "tolerance", "smallest_tolerance", "detectable",
)  # fmt: skip


def scale_of(row: VerdictRow) -> int:
    """By how much the numbers of a claim are multiplied to be shown: 100 for a comparison by a share of cases."""
    compares = row.published is None and row.unit is None and row.kind in DIFFERENCES
    return 100 if compares and row.metric is not None and measure(row.metric).share else 1


def in_points(row: VerdictRow) -> VerdictRow:
    """A claim as the page shows it: a comparison by a share of cases is in percentage points."""
    scale = scale_of(row)
    if scale == 1:
        return row
    scaled: dict[str, Any] = {name: None if (n := getattr(row, name)) is None else scale * n for name in SIZES}
    return replace(row, unit="percent", **scaled)
