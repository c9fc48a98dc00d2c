"""Bars: a count a row, and the small histogram of a column."""

from __future__ import annotations

from collections.abc import Sequence

from bench.report.charts.marks import (
    Axis,
    Bar,
    Chart,
    Line,
    Mark,
    choose_axis,
    stack_rows,
)
from bench.report.values import count


def plot_bars(
    title: str, rows: Sequence[tuple[str, int]], tones: Sequence[str] = ()
) -> Chart:
    """Draw a bar a row, as long as its count; the count stands at its right.

    Parameters
    ----------
    tones
        Of each row; all have one where it is left out.
    """
    bars: list[Mark] = [
        Bar(0, size, y - 0.3, y + 0.3, tones[y] if tones else "ours", name)
        for y, (name, size) in enumerate(rows)
    ]
    lines = [Line(y, name, count(size)) for y, (name, size) in enumerate(rows)]
    x = choose_axis([0, max(size for _, size in rows)], ticks=4, floor=0)
    return stack_rows(title, lines, bars, x)


def plot_histogram(
    title: str, counts: Sequence[Sequence[int]], tones: Sequence[str]
) -> Chart:
    """Draw a bar a bin, small and without axes; the counts of classes stand on each other.

    Parameters
    ----------
    counts
        By class (one of all rows, where there is none), then by bin.
    tones
        Of each class.
    """
    bins = len(counts[0])
    most = max(sum(one[k] for one in counts) for k in range(bins)) or 1
    marks: list[Mark] = []
    for k in range(bins):
        below = 0
        for one, tone in zip(counts, tones, strict=True):
            if one[k]:
                marks.append(Bar(k + 0.04, k + 0.96, below, below + one[k], tone))
            below += one[k]
    return Chart(title, tuple(marks), Axis(0, bins), Axis(0, most), height=26, bare=True)  # fmt: skip
