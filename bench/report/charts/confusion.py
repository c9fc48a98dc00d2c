"""Confusion tables: which class was predicted as which, in test rows, averaged over repeats."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bench.report.styles import Style
from bench.text import formats

#: With more classes than this the most frequent confusions are listed in place of a table.
MOST_CLASSES = 6
LISTED = 5


@dataclass(frozen=True)
class Confusion:
    """One family's table; of many classes only `worst`, the most frequent confusions: (truth, predicted, count).

    `rows`: a true class, and for each predicted one the count as shown and its percentage of the row.
    """

    style: Style
    classes: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    worst: tuple[tuple[str, str, str], ...] = ()


def confusions(tests: pl.DataFrame, classes: list[str], families: list[Style]) -> tuple[Confusion, ...]:
    """One table a family, from the predictions of a dataset's test rows."""
    rows = tests.filter(pl.col("family").is_in([style.name for style in families]))
    repeats = max(rows["repeat"].n_unique(), 1)
    counts = {(f, t, p): n for f, t, p, n in rows.group_by("family", "truth", "label").len().iter_rows()}
    return tuple(
        _table(style, classes, [[counts.get((style.name, t, p), 0) / repeats for p in classes] for t in classes])
        for style in families
    )


def _table(style: Style, classes: list[str], grid: list[list[float]]) -> Confusion:
    if len(classes) > MOST_CLASSES:
        wrong = [(n, classes[i], classes[j]) for i, row in enumerate(grid) for j, n in enumerate(row) if i != j and n]
        worst = sorted(wrong, reverse=True)[:LISTED]
        return Confusion(style, worst=tuple((t, p, _count(n)) for n, t, p in worst))
    rows = [
        (truth, tuple((_count(n), f"{100 * n / (sum(row) or 1):.0f}") for n in row))
        for truth, row in zip(classes, grid, strict=True)
    ]
    return Confusion(style, tuple(classes), tuple(rows))


def _count(n: float) -> str:
    return formats.short(round(n, 1))
