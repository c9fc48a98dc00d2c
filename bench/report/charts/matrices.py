"""Heat maps: correlations, confusions, predicted against observed. Cells of one shade are one path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from markupsafe import Markup

from bench.report.charts.svg import (
    NOTHING,
    ChartRow,
    lanes,
    num,
    stretched,
    tag,
    text,
)

CELL = 18.0
SHADES = 5
#: |r| from which each of the five shades begins; the faintest is left blank.
EDGES = (0.2, 0.4, 0.6, 0.8, 0.95)


def shade(r: float) -> str:
    """The CSS class of a correlation: `p1`..`p5` above zero, `n1`..`n5` below, empty for |r| < 0.2."""
    steps = sum(abs(r) >= edge - 1e-12 for edge in EDGES)
    return f"{'p' if r > 0 else 'n'}{steps}" if steps else ""


def cells(
    places: Iterable[tuple[int, int, str]], across: int, down: int
) -> list[Markup]:
    """One path for each class, made of unit cells in a grid stretched to 100 by 100."""
    by: dict[str, list[str]] = {}
    w, h = 100 / across, 100 / down
    for i, j, name in places:
        if name:
            by.setdefault(name, []).append(
                f"M{num(j * w)} {num(i * h)}h{num(w)}v{num(h)}h-{num(w)}z"
            )
    return [
        tag("path", d="".join(paths), class_=name) for name, paths in sorted(by.items())
    ]


def correlation(names: Sequence[str], r: np.ndarray, label: str) -> Markup:
    """The lower triangle of an (n, n) matrix in its clustered order; columns are numbered as the rows are."""
    n = len(names)
    places = [(i, j, shade(float(r[i, j]))) for i in range(n) for j in range(i)]
    diagonal = [(i, i, "diag") for i in range(n)]
    body = stretched(0, 0, 100, n * CELL, *cells([*places, *diagonal], n, n))
    shown = [j for j in range(n) if n <= 14 or j % 5 == 4]
    numbers = NOTHING.join(
        text(100 * (j + 0.5) / n, 14, str(j + 1), class_="tick") for j in shown
    )
    rows = [ChartRow(f"{i + 1}  {name}", NOTHING) for i, name in enumerate(names)]
    return lanes(rows, label, body, numbers, CELL, 180 + 26 * n)
