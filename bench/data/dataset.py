"""Dataset: one clean table, ready to be split: features as numbers, target, groups, a fingerprint of its content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from bench.core.task import Task

Kind = Literal["numeric", "categorical", "ordinal", "boolean"]


@dataclass(frozen=True)
class Column:
    """One feature. `categories` are the texts behind the codes of a categorical or ordinal column, in code order."""

    name: str
    kind: Kind
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Dataset:
    """One clean table, n rows by p features.

    X           (n, p) float64, C order; categorical and ordinal columns hold codes 0, 1, ... (ordinal in the declared
                order), booleans 0 and 1; missing is NaN; never infinite
    y           (n,) int64 codes into `classes`, or float64 for regression; never missing
    row         (n,) int64 row numbers in the raw table, from 0: they name a row in every result
    extra       every column that is no feature, by its name: text or numbers, (n,) each
    group, time (n,) the columns of these roles, or None where the study declares none
    draw        (n,) int64, or None: which draw of a simulation a row belongs to; a fold never crosses draws
    fingerprint sha256 of the content (names, kinds, values, target, roles), independent of any file format
    """

    name: str
    task: Task
    columns: tuple[Column, ...]
    X: np.ndarray
    y: np.ndarray
    row: np.ndarray
    fingerprint: str
    classes: tuple[str, ...] = ()
    positive: str | None = None
    extra: dict[str, np.ndarray] = field(default_factory=dict)
    draw: np.ndarray | None = None
    group: np.ndarray | None = None
    time: np.ndarray | None = None

    @property
    def n(self) -> int:
        return len(self.y)

    def of_kind(self, *kinds: Kind) -> list[int]:
        """The positions of the columns of these kinds."""
        return [i for i, column in enumerate(self.columns) if column.kind in kinds]
