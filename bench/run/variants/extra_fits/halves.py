"""Disjoint halves of the rows, the protocol inside each: what no folds of one sample show, other rows, is seen there.

Families whose fit hangs on few rows choose alike in almost all folds of one sample, and otherwise in another one. Two
halves share no row, so their means differ by all that chance does (Nadeau & Bengio 2003, Inference for the
generalization error, Machine Learning 52, section 4: the conservative z).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from bench.core.errors import IncompatibleDataError
from bench.core.outcomes import Statement
from bench.data.dataset import Dataset
from bench.families.instability import instability, unstable_families
from bench.run.cells import Cell, Plan
from bench.run.folds import Fold
from bench.run.pilots import CHEAP, ROWS_A_TRAINING
from bench.run.seeds import seed_of
from bench.run.stored_folds import folds_of
from bench.run.variants.context import DatasetContext, Requested, UnavailableError
from bench.run.variants.extra_fit import ExtraFit
from bench.run.variants.permuted import fingerprint_of
from bench.study import Study
from bench.study.models import Halves
from bench.study.protocol import DrawnFolds, Resampling, fold_once
from bench.study.repeats import fewest_repeats
from bench.text.refusals import (
    HalfTooSmall,
    HalfUnit,
    HalvesTooDear,
    Incompatible,
    NoDrawnFolds,
    OtherRowsDrawn,
    RowsInTime,
)

#: What is fitted unless a study writes the key: so many pairs of halves, with as many folds as keep the price below a
#: limit. With three folds a fit has a third of all rows; fewer would say little of fits on all.
PAIRS, MOST_FOLDS, FEWEST_FOLDS = 10, 5, 3
#: The limit is this multiple of what the study's own fits cost on the same dataset, or where no folds keep below that,
#: a number of rows over all trainings, so that a small study has halves however few its own fits are.
LIMIT = 1.5


@dataclass(frozen=True, eq=False)
class _Half:
    """One half of the rows: the variant of its cells, what sets their seeds apart, its rows, and the folds inside."""

    variant: str
    draw: int
    rows: np.ndarray
    folds: Sequence[Fold]


def _at_once(context: DatasetContext, settings: Halves, requested: Requested) -> None:
    if settings.datasets is not None and context.dataset.name not in settings.datasets:
        return
    plans, reason = (
        context.chosen_plans(settings, featureless=settings.families is None),
        None,
    )
    asked = (
        context.study.diagnostics is not None
        and context.study.diagnostics.halves is not None
    )
    try:
        if context.dataset.draw is not None:
            raise UnavailableError(OtherRowsDrawn())
        halves = list(
            _halves(
                context, settings if asked else _within_limits(context, settings, plans)
            )
        )
    except UnavailableError as error:
        reason = error.reason
    except IncompatibleDataError as error:
        reason = Incompatible(str(error))
    for plan in plans:
        if reason is None:
            requested.add(plan, "half", _cells(context.dataset, plan, halves))
        elif asked or instability(context.study, plan.family) is not None:
            requested.refuse(plan, "half", reason)


def _within_limits(
    context: DatasetContext, settings: Halves, plans: Sequence[Plan]
) -> Halves:
    """The settings with the most folds that keep the price below a limit. Raises `UnavailableError` where none do."""
    own = context.protocol.resampling
    first = [fold for fold in context.folds if fold.repeat < fewest_repeats(own)]
    spent = sum(len(fold.train) + ROWS_A_TRAINING for fold in first)
    trainings = sum(plan.trainings for plan in plans)
    prices = _prices(context, settings)
    for limit in (LIMIT * spent, CHEAP / trainings):
        for folds, price in prices.items():
            if price <= limit:
                return settings.model_copy(update={"folds": folds})
    fewest = min(prices.values())
    raise UnavailableError(HalvesTooDear(ceil(10 * fewest / spent) / 10, LIMIT))


def _prices(context: DatasetContext, settings: Halves) -> dict[int, float]:
    """What all halves cost for each number of folds inside them, the most folds first; in rows of one training each."""
    dataset, n = context.dataset, context.dataset.n
    counts = _counts(dataset, np.arange(n), dataset.task == "classification")
    room = min(counts.values()) // 2
    stated = _inside(context.protocol.resampling, settings).folds
    most = min(MOST_FOLDS, stated, max(room, FEWEST_FOLDS))
    prices = {}
    for folds in range(most, min(most, FEWEST_FOLDS) - 1, -1):
        rows = n / 2 * (folds - 1) / folds
        prices[folds] = 2 * settings.repeats * folds * (rows + ROWS_A_TRAINING)
    return prices


def _cells(dataset: Dataset, plan: Plan, halves: Sequence[_Half]) -> Iterator[Cell]:
    """The cells of one plan. Raises `UnavailableError` where its inner folds are more than a half can fill."""
    tuning = plan.protocol.tuning
    if tuning is not None and plan.tuned and not plan.out_of_bag:
        for half in halves:
            _refuse_small(
                dataset, half.rows, tuning.folds, dataset.task == "classification"
            )
    small = replace(plan, train_rows=1)
    for half in halves:
        for fold in half.folds:
            yield Cell(small, fold, dataset.fingerprint, half.variant, draw=half.draw)


def _halves(context: DatasetContext, settings: Halves) -> Iterator[_Half]:
    """Both halves of every split, with the folds inside. Raises `UnavailableError` where these data have none."""
    dataset, resampling = (
        context.dataset,
        _inside(context.protocol.resampling, settings),
    )
    protocol = context.protocol.model_copy(update={"resampling": resampling})
    for number in range(settings.repeats):
        seed = seed_of("halves", context.study.id, protocol.seed, dataset.name, number)
        for which, rows in enumerate(halved(dataset, seed)):
            _refuse_small(
                dataset, rows, resampling.folds, dataset.task == "classification"
            )
            variant = f"half={number}{'ab'[which]}"
            folds = folds_of(
                _part(dataset, rows, variant), protocol, context.study.id, context.store
            )
            yield _Half(
                variant, which, rows, [_in_whole(fold, rows, number) for fold in folds]
            )


def _inside(own: Resampling, settings: Halves) -> DrawnFolds:
    """The folds inside a half, once. Raises `UnavailableError` where the protocol draws none."""
    if (reason := undrawn(own)) is not None:
        raise UnavailableError(reason)
    return fold_once(own, settings.folds)


def undrawn(own: Resampling) -> Statement | None:
    """Why a protocol has no halves; None where it draws folds."""
    if own.in_time:
        return RowsInTime()
    return None if own.draws else NoDrawnFolds()


def halved(dataset: Dataset, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions of two disjoint halves, ascending: groups whole, every class in equal parts as far as that goes."""
    unit = np.arange(dataset.n)
    if dataset.group is not None:
        unit = np.unique(dataset.group, return_inverse=True)[1]
    sizes = np.bincount(unit)
    mixed = np.random.default_rng(seed).permutation(len(sizes))
    # Units of one class and one size stand together, in random order, and go to the two sides in turn.
    order = mixed[np.lexsort((-sizes[mixed], _classes(dataset, unit)[mixed]))]
    second = np.zeros(len(sizes), dtype=bool)
    second[order[1::2]] = True
    return np.flatnonzero(~second[unit]), np.flatnonzero(second[unit])


def _classes(dataset: Dataset, unit: np.ndarray) -> np.ndarray:
    """The most frequent class of each unit; one for all where the target is a number."""
    if dataset.task == "regression":
        return np.zeros(unit.max() + 1, dtype=np.int64)
    counts = np.zeros((unit.max() + 1, len(dataset.classes)), dtype=np.int64)
    np.add.at(counts, (unit, dataset.y), 1)
    most: np.ndarray = counts.argmax(axis=1)
    return most


def _refuse_small(
    dataset: Dataset, rows: np.ndarray, folds: int, classes: bool
) -> None:
    """Raise `UnavailableError` where a half has fewer rows, groups or rows of some class than folds."""
    for unit, count in _counts(dataset, rows, classes).items():
        if count < folds:
            raise UnavailableError(HalfTooSmall(unit, count, folds))


def _counts(dataset: Dataset, rows: np.ndarray, classes: bool) -> dict[HalfUnit, int]:
    """How many rows, groups and rows of the rarest class there are among some rows."""
    counts: dict[HalfUnit, int] = {"rows": len(rows)}
    if dataset.group is not None:
        counts["groups"] = len(np.unique(dataset.group[rows]))
    if classes:
        counts["class"] = int(
            np.bincount(dataset.y[rows], minlength=len(dataset.classes)).min()
        )
    return counts


def _part(dataset: Dataset, rows: np.ndarray, variant: str) -> Dataset:
    """A half as a dataset of its own, whose folds are drawn by its own name."""
    group = None if dataset.group is None else dataset.group[rows]
    return replace(
        dataset,
        name=f"{dataset.name} {variant}",
        X=dataset.X[rows],
        y=dataset.y[rows],
        row=dataset.row[rows],
        extra={},
        group=group,
        time=None,
        fingerprint=fingerprint_of(dataset.fingerprint, variant, rows),
    )


def _in_whole(fold: Fold, rows: np.ndarray, number: int) -> Fold:
    """A fold of a half, its positions those of the whole table."""
    return Fold(number, fold.fold, rows[fold.train], rows[fold.test])


def default_halves(study: Study) -> Halves | None:
    """The halves of a study that does not write the key: of all its families where one of them is unstable, since each
    is compared with each. Datasets whose protocol draws no folds are asked too, for the reason why they have none,
    unless all are such.
    """
    families = study.families or {}
    protocols = {name: study.protocol_of(name) for name in study.datasets}
    fitted = {
        name: one.resampling for name, one in protocols.items() if one is not None
    }
    if (
        len(families) < 2
        or not unstable_families(study, families)
        or all(map(undrawn, fitted.values()))
    ):
        return None
    return Halves(datasets=tuple(fitted), repeats=PAIRS)


HALVES = ExtraFit(
    "halves",
    at_once=_at_once,
    by_default=default_halves,
)
