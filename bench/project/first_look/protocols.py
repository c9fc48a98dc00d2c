"""The protocol of a new study: the strongest that a table of its size allows, so that its first page takes minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from bench.core.task import Task
from bench.study.protocol import RESAMPLINGS

#: What is stated of a family: a fixed value, or a list of candidates.
Stated = Mapping[str, float | list[float]]
INNER_FOLDS = 3
#: Rows that a training costs besides its own, and classes that cost as much as one target of numbers.
ROWS_MORE, CLASSES_FREE = 1_000, 3
#: The few candidates of a table on which all are too dear.
_FEW: Mapping[str, Stated] = {
    "logistic_regression": {"C": [0.01, 1, 100]},
    "ridge": {"alpha": [0.1, 1, 10]},
    "random_forest": {"min_samples_leaf": [1, 5]},
    "xgboost": {"max_depth": [3, 6]},
}


@dataclass(frozen=True, kw_only=True)
class FirstProtocol:
    """What a new study writes, up to a size of its table; `stronger`: what would make it so."""

    most: float
    repeats: int = 1
    trees: str = "random_forest"
    tuned: bool = True
    stated: Mapping[str, Stated]
    learning: bool = True
    inspect: bool = True
    stronger: tuple[str, ...]


#: The strongest first. Sizes are of two free cores and 200 seconds; none has fewer folds: with one or two no test tells
#: even a good model from a guess.
PROTOCOLS = (
    FirstProtocol(most=2e4, repeats=10, stated={}, stronger=("repeats: 20",)),
    FirstProtocol(most=1.2e5, repeats=2, stated={}, stronger=("repeats: 10",)),
    FirstProtocol(most=5e5, stated=_FEW, stronger=("repeats: 2", "random_forest: {}")),
    FirstProtocol(
        most=2e6,
        trees="xgboost",
        stated=_FEW,
        stronger=("repeats: 2", "random_forest: {}"),
    ),
    FirstProtocol(
        most=8e6,
        trees="xgboost",
        tuned=False,
        stated={},
        learning=False,
        stronger=("tuning: {folds: 3}", "learning: {}"),
    ),
    FirstProtocol(
        most=inf,
        trees="xgboost",
        tuned=False,
        stated={"xgboost": {"n_estimators": 20}},
        learning=False,
        inspect=False,
        stronger=("tuning: {folds: 3}", "xgboost: {}", "inspect: {}"),
    ),
)


class TableSize(NamedTuple):
    """Rows, the columns that features become once encoded, and classes (1: the target is a number)."""

    rows: int
    columns: int
    classes: int

    @property
    def work(self) -> float:
        """What a protocol costs on such a table, up to a factor."""
        times = max(1, self.classes / CLASSES_FREE)
        return (self.rows + ROWS_MORE) * self.columns * times


def protocol_for(size: TableSize) -> FirstProtocol:
    """The strongest protocol that a table of this size allows.

    >>> protocol_for(TableSize(200, 10, 2)).repeats
    10
    >>> protocol_for(TableSize(100_000, 10, 2)).trees
    'xgboost'
    """
    return next(made for made in PROTOCOLS if size.work <= made.most)


def families_of(protocol: FirstProtocol, task: Task) -> dict[str, Stated]:
    """The families of a study, with what is stated of them."""
    linear = "logistic_regression" if task == "classification" else "ridge"
    names = ("baseline", linear, protocol.trees)
    return {name: protocol.stated.get(name, {}) for name in names}


def resampling_of(
    protocol: FirstProtocol, kind: str, folds: int
) -> dict[str, str | int]:
    """How rows are split, as a study writes it."""
    split: dict[str, str | int] = {"kind": kind, "folds": folds}
    if RESAMPLINGS[kind].takes_repeats:
        split["repeats"] = protocol.repeats
    return split
