"""A matrix as shaded cells: confusions, correlations, all pairs, predicted against observed."""

from __future__ import annotations

from collections.abc import Sequence

from bench.report.charts.marks import Axis, Chart, Label, Line, Mark, Shades
from bench.report.values import Value, show_middle


def plot_matrix(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[float | None]],
    *,
    numbers: Sequence[Sequence[Value | None]] = (),
    tones: tuple[str, str] = ("ours", "off"),
    most: float | None = None,
    x: Axis | None = None,
    y: Axis | None = None,
    height: int | None = None,
) -> Chart:
    """Draw a cell a number: the larger its size, the darker; numbers below zero have the second tone.

    Parameters
    ----------
    rows, columns
        Their names; empty where `x` and `y` are axes of numbers, and the cells are bins.
    cells
        By row, then by column, the first row on top; None is left blank.
    numbers
        What stands in the cells.
    most
        The size that is darkest; that of the largest cell where it is left out.
    x, y
        Axes of numbers in the place of names.
    """
    sizes = [abs(one) for row in cells for one in row if one is not None]
    darkest = most or max(sizes, default=0.0) or 1.0
    x = x or _named(columns)
    y = y or Axis(len(cells), 0)
    down, across = len(cells), len(cells[0])
    wide, high = (x.high - x.low) / across, (y.low - y.high) / down
    if height is None:
        height = 26 * down
    shares = tuple(tuple((cell or 0.0) / darkest for cell in row) for row in cells)
    marks: list[Mark] = [Shades(shares, tones)]
    marks += _written(numbers, x.low, wide, y.high, high)
    lines = tuple(Line(y.high + (i + 0.5) * high, name) for i, name in enumerate(rows))
    return Chart(title, tuple(marks), x, y, lines, height)


def _named(columns: Sequence[str]) -> Axis:
    """An axis with a name in the middle of each column."""
    middles = tuple(i + 0.5 for i in range(len(columns)))
    return Axis(0, len(columns), middles, names=tuple(columns))


def _written(
    numbers: Sequence[Sequence[Value | None]],
    left: float,
    wide: float,
    top: float,
    high: float,
) -> list[Mark]:
    """The numbers in the middle of their cells."""
    return [
        Label(
            left + (j + 0.5) * wide,
            top + (i + 0.5) * high,
            show_middle(one),
            "middle",
            "ink",
        )
        for i, row in enumerate(numbers)
        for j, one in enumerate(row)
        if one is not None
    ]
