"""The first repeat of the whole protocol on permuted targets, where there is nothing to learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bench.core.errors import IncompatibleDataError
from bench.core.outcomes import Statement
from bench.run.cells import Cell, Plan
from bench.run.folds import Fold
from bench.run.stored_folds import folds_of
from bench.run.variants.context import (
    DatasetContext,
    Requested,
    UnavailableError,
    repeated,
)
from bench.run.variants.extra_fit import ExtraFit
from bench.run.variants.permuted import permuted
from bench.study.models import Permutations
from bench.text.refusals import Incompatible, RowsInTime


def _at_once(
    context: DatasetContext, settings: Permutations, requested: Requested
) -> None:
    """Folds are drawn anew for each permutation, as they were for the study: else only the true target would be
    stratified, and the two would not be exchangeable."""
    plans = context.chosen_plans(settings)
    try:
        drawn = list(_permuted_folds(context, settings.count))
    except UnavailableError as error:
        _refuse(requested, plans, error.reason)
        return
    except IncompatibleDataError as error:
        _refuse(requested, plans, Incompatible(str(error)))
        return
    for plan in plans:
        small = replace(plan, train_rows=1)
        requested.cells += [
            Cell(
                small,
                fold,
                context.dataset.fingerprint,
                f"permuted={number}",
                permutation=number,
            )
            for number, folds in enumerate(drawn)
            for fold in folds
        ]


def _refuse(requested: Requested, plans: Sequence[Plan], reason: Statement) -> None:
    for plan in plans:
        requested.refuse(plan, "permuted", reason)


def _permuted_folds(context: DatasetContext, count: int) -> Iterator[list[Fold]]:
    protocol = context.protocol
    if protocol.resampling.in_time:
        raise UnavailableError(RowsInTime())
    for number in range(count):
        mixed = permuted(context.dataset, context.study.id, number)
        folds = folds_of(mixed, repeated(protocol, 1), context.study.id, context.store)
        yield [fold for fold in folds if fold.repeat == 0]


PERMUTATIONS = ExtraFit(
    "permutations",
    at_once=_at_once,
)
