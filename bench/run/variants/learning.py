"""Smaller training sets: the fold with a share of its training rows, each share holding the smaller ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from bench.data.dataset import Dataset
from bench.run.folds import Fold
from bench.run.seeds import seed_of
from bench.run.variants.context import DatasetContext


def smaller(site: DatasetContext, fold: Fold, shares: Sequence[float]) -> Iterator[tuple[float, Fold]]:
    """The fold with each share of its training rows that is one, and that something can be learnt from."""
    dataset = site.dataset
    order = _order(dataset, fold.train, seed_of("learning", site.study.id, dataset.name, fold.repeat, fold.fold))
    for share in sorted(shares):
        train = np.sort(order[: _count(dataset, order, share)])
        if len(train) < len(order) and _teaches(dataset, train):
            yield share, replace(fold, train=train, others=(), other_tests=())


def _count(dataset: Dataset, order: np.ndarray, share: float) -> int:
    """How many rows of an order a share holds: groups are whole, and those of one moment stay together."""
    wanted = max(2, round(share * len(order)))
    unit = dataset.time if dataset.time is not None else dataset.group
    if unit is None:
        return wanted
    ends = np.flatnonzero(np.append(unit[order[1:]] != unit[order[:-1]], True)) + 1
    return int(ends[np.abs(ends - wanted).argmin()])


def _teaches(dataset: Dataset, train: np.ndarray) -> bool:
    return dataset.task == "regression" or len(np.unique(dataset.y[train])) > 1


def _order(dataset: Dataset, train: np.ndarray, seed: int) -> np.ndarray:
    """Training rows in an order whose every beginning is a fair smaller training set, so that each share holds the
    smaller ones: groups whole, classes in their proportions; of ordered times the latest rows first."""
    rng = np.random.default_rng(seed)
    if dataset.time is not None:
        return train[np.argsort(dataset.time[train], kind="stable")[::-1]]
    if dataset.group is not None:
        names, where = np.unique(dataset.group[train], return_inverse=True)
        return train[np.argsort(rng.permutation(len(names))[where], kind="stable")]
    mixed = rng.permutation(train)
    if dataset.task == "regression":
        return mixed
    place = np.empty(len(mixed))
    for code in np.unique(dataset.y[mixed]):
        mine = np.flatnonzero(dataset.y[mixed] == code)
        place[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
    return mixed[np.argsort(place, kind="stable")]
