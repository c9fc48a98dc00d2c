"""Confusion tables: which class was predicted as which, in test rows, averaged over repeats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.core.by_row import ConfusionCount
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


def confusion(
    style: Style, counts: Iterable[ConfusionCount], classes: list[str], repeats: int
) -> Confusion:
    """The table of a family, from its counts on the test rows of a dataset in so many repeats."""
    mean = {(one.truth, one.label): one.predictions / repeats for one in counts}
    grid = [[mean.get((truth, label), 0.0) for label in classes] for truth in classes]
    if len(classes) > MOST_CLASSES:
        wrong = [
            (n, classes[i], classes[j])
            for i, row in enumerate(grid)
            for j, n in enumerate(row)
            if i != j and n
        ]
        worst = sorted(wrong, reverse=True)[:LISTED]
        return Confusion(style, worst=tuple((t, p, _count(n)) for n, t, p in worst))
    rows = [
        (truth, tuple((_count(n), f"{100 * n / (sum(row) or 1):.0f}") for n in row))
        for truth, row in zip(classes, grid, strict=True)
    ]
    return Confusion(style, tuple(classes), tuple(rows))


def _count(n: float) -> str:
    return formats.short(round(n, 1))
