"""Smaller training sets: the fold with a share of its training rows, each share holding the smaller ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from bench.data.dataset import Dataset
from bench.run.cells import Cell
from bench.run.folds import Fold
from bench.run.seeds import seed_of
from bench.run.variants.context import DatasetContext, Requested
from bench.run.variants.extra_fit import Chosen, ExtraFit, with_chosen_candidate
from bench.study.models import LEARNING_SHARES, Learning
from bench.text.refusals import NoSmallerTrainingSet


def _at_once(context: DatasetContext, settings: Learning, requested: Requested) -> None:
    if any(
        list(smaller(context, fold, LEARNING_SHARES))
        for fold in context.first_folds(settings.folds)
    ):
        return
    for plan in context.chosen_plans(settings):
        requested.refuse(plan, "train_share", NoSmallerTrainingSet())


def _afterwards(
    context: DatasetContext, settings: Learning, chosen: Chosen
) -> Iterator[Cell]:
    for plan, fold in with_chosen_candidate(context, settings, settings.folds, chosen):
        for share, part in smaller(context, fold, LEARNING_SHARES):
            yield Cell(
                plan, part, context.dataset.fingerprint, f"train_share={share:g}"
            )


def smaller(
    context: DatasetContext, fold: Fold, shares: Sequence[float]
) -> Iterator[tuple[float, Fold]]:
    """The fold with each share of its training rows that is smaller than all and holds two classes."""
    dataset = context.dataset
    order = _order(
        dataset,
        fold.train,
        seed_of("learning", context.study.id, dataset.name, fold.repeat, fold.fold),
    )
    for share in sorted(shares):
        train = np.sort(order[: _count(dataset, order, share)])
        if len(train) < len(order) and _teaches(dataset, train):
            yield share, replace(fold, train=train)


def _count(dataset: Dataset, order: np.ndarray, share: float) -> int:
    """How many rows of an order a share holds: groups are whole, and rows of one time stay together."""
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


LEARNING = ExtraFit(
    "learning",
    at_once=_at_once,
    afterwards=_afterwards,
)
