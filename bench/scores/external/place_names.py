"""What the repeats, folds and rows of a dataset are called: by an external table, else by their numbers from 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.core.errors import row_number


@dataclass(frozen=True)
class PlaceNames:
    """What the repeats, folds and rows of one dataset are called.

    >>> PlaceNames().fold(0), PlaceNames().row(0)
    ('1', 1)
    """

    def repeat(self, repeat: int) -> str | None:
        """The name of a repeat; None where a dataset has no more than one."""
        return str(repeat + 1)

    def fold(self, fold: int) -> str | None:
        """The name of a fold; None where a repeat has no more than one."""
        return str(fold + 1)

    def row(self, row: int) -> int | str:
        """The name of a row: a number where it is one."""
        return row_number(row)


@dataclass(frozen=True)
class ExternalNames(PlaceNames):
    """The names of an external table, in the order of the numbers in frames.

    `repeats`, `folds`: None where it has no column for them; `rows`: None where they are whole numbers, which frames
    hold themselves.

    >>> named = ExternalNames(folds=["a", "b"])
    >>> named.repeat(0), named.fold(1), named.row(17)
    (None, 'b', 17)
    """

    repeats: Sequence[str] | None = None
    folds: Sequence[str] | None = None
    rows: Sequence[str] | None = None

    def repeat(self, repeat: int) -> str | None:
        return None if self.repeats is None else self.repeats[repeat]

    def fold(self, fold: int) -> str | None:
        return None if self.folds is None else self.folds[fold]

    def row(self, row: int) -> int | str:
        return row if self.rows is None else self.rows[row]
