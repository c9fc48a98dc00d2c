"""Resampling -> folds: made once a dataset, shared by all families.

Outer folds follow the protocol as stated; inner folds (for tuning) mirror it: groups stay together, time stays in
order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from bench.core.errors import IncompatibleDataError
from bench.data.dataset import Dataset
from bench.run.seeds import seed_of
from bench.study import Protocol

Splits = Iterator[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Fold:
    """One outer fold: positions (not row numbers) of its train and test rows in the Dataset, ascending.

    `held`: the test rows of the inner folds where these are given; else they are drawn from the training rows.
    """

    repeat: int
    fold: int
    train: np.ndarray
    test: np.ndarray
    held: tuple[np.ndarray, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """Of the positions on both sides: part of every cell's identity."""
        digest = hashlib.sha256(self.train.astype("<i8").tobytes())
        for part in (self.test, *self.held):
            digest.update(b"|" + part.astype("<i8").tobytes())
        return digest.hexdigest()


def outer_folds(dataset: Dataset, protocol: Protocol, study: str) -> tuple[Fold, ...]:
    """The folds of one dataset. A simulation's draws are repeats of their own: no fold crosses two draws.

    Raises `IncompatibleDataError` when the data cannot be split as the protocol says.
    """
    draws = (
        np.zeros(dataset.n, dtype=np.int64) if dataset.draw is None else dataset.draw
    )
    folds: list[Fold] = []
    for draw in np.unique(draws):
        rows = np.flatnonzero(draws == draw)
        first = folds[-1].repeat + 1 if folds else 0
        part = _subset(dataset, rows) if len(rows) < dataset.n else dataset
        seeds = (
            "folds",
            study,
            protocol.seed,
            dataset.name,
            *(() if dataset.draw is None else (int(draw),)),
        )
        for repeat, splits in enumerate(_repeats(part, protocol.resampling, seeds)):
            for number, (train, test) in enumerate(splits):
                train, test = np.sort(rows[train]), np.sort(rows[test])
                _refuse_empty(dataset, train, test)
                folds.append(Fold(first + repeat, number, train, test))
    return tuple(folds)


def inner_folds(
    dataset: Dataset, fold: Fold, protocol: Protocol, seed: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Inner (train, held) positions within the fold's training rows, as positions into the Dataset.

    Those that the fold gives, or `protocol.tuning.folds` of them.
    """
    from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

    assert protocol.tuning is not None
    train = fold.train
    if fold.held:
        return [
            (np.setdiff1d(train, held, assume_unique=True), held) for held in fold.held
        ]
    count, part = protocol.tuning.folds, _subset(dataset, train)
    if protocol.resampling.kind == "time_ordered":
        splits = _time_ordered(part, count)
    elif part.group is not None:
        splits = GroupKFold(count, shuffle=True, random_state=seed).split(
            part.X, groups=part.group
        )
    elif dataset.task == "classification":
        splits = StratifiedKFold(count, shuffle=True, random_state=seed).split(
            part.X, part.y
        )
    else:
        splits = KFold(count, shuffle=True, random_state=seed).split(part.X)
    return [(train[inner], train[held]) for inner, held in splits]


def _subset(dataset: Dataset, rows: np.ndarray) -> Dataset:
    extra = {name: values[rows] for name, values in dataset.extra.items()}
    group, time = (
        None if values is None else values[rows]
        for values in (dataset.group, dataset.time)
    )
    X, y, row = dataset.X[rows], dataset.y[rows], dataset.row[rows]
    return replace(
        dataset, X=X, y=y, row=row, extra=extra, group=group, time=time, draw=None
    )


def _repeats(
    dataset: Dataset, resampling: Any, seeds: tuple[object, ...]
) -> Iterator[Splits]:
    if resampling.kind in ("kfold", "holdout", "group_kfold"):
        make = {"kfold": _kfold, "holdout": _holdout, "group_kfold": _group_kfold}[
            resampling.kind
        ]
        for repeat in range(resampling.repeats):
            yield make(dataset, resampling, seed_of(*seeds, repeat))
    elif resampling.kind == "leave_one_out":
        everything = np.arange(dataset.n)
        yield (
            (np.delete(everything, i), everything[i : i + 1]) for i in range(dataset.n)
        )
    elif resampling.kind == "given_folds":
        values = _column(dataset, resampling.column)
        for _ in range(resampling.repeats):
            yield (
                (np.flatnonzero(values != v), np.flatnonzero(values == v))
                for v in np.unique(values)
            )
    elif resampling.kind == "time_ordered":
        yield _time_ordered(dataset, resampling.folds)
    else:
        for _ in range(resampling.repeats):
            yield iter([_fixed_split(dataset, resampling)])


def _stratified(dataset: Dataset, resampling: Any, smallest: int) -> bool:
    """Whether to stratify; refuses classes too small to be in every fold."""
    wanted = (
        resampling.stratify
        if resampling.stratify is not None
        else dataset.task == "classification"
    )
    if not wanted:
        return False
    if dataset.task == "regression":
        raise IncompatibleDataError(
            ("protocol", "resampling", "stratify"),
            "stratifying needs classes; write `stratify: false`",
        )
    counts = np.bincount(dataset.y, minlength=len(dataset.classes))
    rare = int(counts.argmin())
    if counts[rare] < smallest:
        raise IncompatibleDataError(
            ("protocol", "resampling"),
            f"dataset {dataset.name}: class {dataset.classes[rare]} has {counts[rare]} rows, fewer than the "
            f"{smallest} that this stratified resampling needs; use fewer folds, merge or drop the class in `clean`, "
            "or `stratify: false`",
        )
    return True


def _kfold(dataset: Dataset, resampling: Any, seed: int) -> Splits:
    from sklearn.model_selection import KFold, StratifiedKFold

    if resampling.folds > dataset.n:
        raise IncompatibleDataError(
            ("protocol", "resampling", "folds"),
            f"dataset {dataset.name} has {dataset.n} rows, fewer than {resampling.folds} folds",
        )
    if _stratified(dataset, resampling, resampling.folds):
        value: Splits = StratifiedKFold(
            resampling.folds, shuffle=True, random_state=seed
        ).split(dataset.X, dataset.y)
        return value
    result: Splits = KFold(resampling.folds, shuffle=True, random_state=seed).split(
        dataset.X
    )
    return result


def _holdout(dataset: Dataset, resampling: Any, seed: int) -> Splits:
    from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit

    stratified = _stratified(dataset, resampling, 2)
    splitter = (StratifiedShuffleSplit if stratified else ShuffleSplit)(
        1, test_size=resampling.test_size, random_state=seed
    )
    try:
        yield from splitter.split(dataset.X, dataset.y)
    except ValueError as error:
        raise IncompatibleDataError(
            ("protocol", "resampling", "test_size"), f"dataset {dataset.name}: {error}"
        ) from None


def _group_kfold(dataset: Dataset, resampling: Any, seed: int) -> Splits:
    from sklearn.model_selection import GroupKFold

    if dataset.group is None:
        raise IncompatibleDataError(
            ("datasets", dataset.name, "group"),
            "missing; group_kfold needs the dataset's `group` column",
        )
    groups = dataset.group
    if len(np.unique(groups)) < resampling.folds:
        raise IncompatibleDataError(
            ("protocol", "resampling", "folds"),
            f"dataset {dataset.name} has {len(np.unique(groups))} groups, fewer than {resampling.folds} folds",
        )
    result: Splits = GroupKFold(
        resampling.folds, shuffle=True, random_state=seed
    ).split(dataset.X, groups=groups)
    return result


def _time_ordered(dataset: Dataset, count: int) -> Splits:
    """Expanding window over distinct times, so that rows of one moment are never on both sides."""
    from sklearn.model_selection import TimeSeriesSplit

    if dataset.time is None:
        raise IncompatibleDataError(
            ("datasets", dataset.name, "time"),
            "missing; time_ordered needs the dataset's `time` column",
        )
    moments, rank = np.unique(dataset.time, return_inverse=True)
    if len(moments) <= count:
        raise IncompatibleDataError(
            ("protocol", "resampling", "folds"),
            f"dataset {dataset.name} has {len(moments)} distinct times; {count} folds need at least {count + 1}",
        )
    for past, future in TimeSeriesSplit(count).split(moments):
        yield np.flatnonzero(np.isin(rank, past)), np.flatnonzero(np.isin(rank, future))


def _fixed_split(dataset: Dataset, resampling: Any) -> tuple[np.ndarray, np.ndarray]:
    if resampling.column is None:
        return _in_ranges(dataset, resampling.train), _in_ranges(
            dataset, resampling.test
        )
    values = _column(dataset, resampling.column)
    test = values.astype(str) == resampling.test
    if resampling.train is not None:
        return np.flatnonzero(values.astype(str) == resampling.train), np.flatnonzero(
            test
        )
    return np.flatnonzero(~test), np.flatnonzero(test)


def _in_ranges(dataset: Dataset, ranges: str) -> np.ndarray:
    wanted = np.zeros(dataset.n, dtype=bool)
    for part in ranges.split(","):
        low, high = (int(number) for number in part.split("-"))
        wanted |= (dataset.row + 1 >= low) & (dataset.row + 1 <= high)
    return np.flatnonzero(wanted)


def _column(dataset: Dataset, name: str) -> np.ndarray:
    if name not in dataset.extra:
        raise IncompatibleDataError(
            ("protocol", "resampling", "column"),
            f"dataset {dataset.name} has no column {name}",
        )
    return dataset.extra[name]


def _refuse_empty(dataset: Dataset, train: np.ndarray, test: np.ndarray) -> None:
    if not len(train) or not len(test) or len(np.intersect1d(train, test)):
        raise IncompatibleDataError(
            ("protocol", "resampling"),
            f"dataset {dataset.name}: a fold has {len(train)} train and {len(test)} test rows, "
            f"{len(np.intersect1d(train, test))} of them on both sides; check the column, values or ranges",
        )
