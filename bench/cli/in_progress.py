"""Which cells are under way now, since when, and that in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bench.cli.words import whole
from bench.core.text import clean, shortened

if TYPE_CHECKING:
    from bench.run.cells import Cell

#: Dataset, family and variant: what is said once of all its cells.
_Row = tuple[str, str, str]
_Place = tuple[int, int]
#: A cell that has been under way for so many seconds is shown with its time.
LONG = 10.0
#: Where there is work and nobody at it.
STARTING = "workers are starting"
#: The widest name of a dataset, family or variant.
NAME = 24


class Current:
    """The cells that are under way. A fold's number is its place among all folds of its row, repeats included."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.numbers: dict[_Row, dict[_Place, int]] = {}
        self.since: dict[tuple[_Row, _Place], float] = {}
        self.idle = False

    def expect(self, cells: Iterable[Cell]) -> None:
        """Cells that will be under way some time: they number the folds."""
        for cell in cells:
            row, place = _key(cell)
            numbers = self.numbers.setdefault(row, {})
            numbers.setdefault(place, len(numbers) + 1)

    def hold(self, cells: Iterable[Cell]) -> list[Cell]:
        """These are under way now, and no others; those of them that were not before."""
        now, held = self.clock(), {_key(cell): cell for cell in cells}
        began = [cell for key, cell in held.items() if key not in self.since]
        self.since, self.idle = {key: self.since.get(key, now) for key in held}, not held
        return began

    def leave(self, cell: Cell) -> None:
        """It is over."""
        self.since = {key: since for key, since in self.since.items() if key != _key(cell)}

    def words(self, width: int, measure: Callable[[str], int] = len) -> str:
        """`digits/forest fold 4 of 10 for 2 min 05 s · wine/svm folds 7, 8 of 10`; empty when nothing is known.

        What began first stands first; what does not fit into the width is counted.
        """
        rows: dict[_Row, list[_Place]] = {}
        since = dict(sorted(self.since.items(), key=lambda item: item[1]))
        for row, place in since:
            rows.setdefault(row, []).append(place)
        said = [self._words(row, places, self.clock() - since[row, places[0]]) for row, places in rows.items()]
        for shown in range(len(said), 0, -1):
            rest = sum(map(len, list(rows.values())[shown:]))
            line = " · ".join([*said[:shown], *([f"and {rest} more"] if rest else [])])
            if measure(line) <= width:
                return line
        return said[0] if said else STARTING if self.idle else ""

    def _words(self, row: _Row, places: list[_Place], seconds: float) -> str:
        dataset, family, variant = (clean(shortened(name, NAME)) for name in row)
        numbers = self.numbers.get(row, {})
        known = sorted(numbers[place] for place in places if place in numbers)
        folds = f"fold{'s' if len(known) > 1 else ''} {_listed(known)} of {len(numbers)}"
        words = [f"{dataset}/{family}", variant if variant != "plain" else "", folds if len(numbers) > 1 else ""]
        words.append(f"for {whole(int(seconds))}" if seconds >= LONG else "")
        return " ".join(word for word in words if word)


def _key(cell: Cell) -> tuple[_Row, _Place]:
    dataset, family, variant, repeat, fold = cell.names.values()
    return (dataset, family, variant), (repeat, fold)


def _listed(numbers: list[int]) -> str:
    """
    >>> _listed([3]), _listed([3, 4, 9]), _listed([1, 2, 3, 4, 9])
    ('3', '3, 4, 9', '1–4, 9')
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
