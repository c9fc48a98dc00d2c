"""Permuted targets: the whole protocol where there is nothing to learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bench.core.errors import IncompatibleDataError
from bench.run.cells import Cell, Plan
from bench.run.folds import Fold
from bench.run.stored_folds import folds_of
from bench.run.variants.context import Asked, DatasetContext, UnavailableError, repeated
from bench.run.variants.permuted import permuted


def permutations(site: DatasetContext, count: int, plans: Sequence[Plan], found: Asked) -> None:
    """Folds are drawn anew for each permutation, as they were for the study: else only the true target would be
    stratified, and the two would not be exchangeable."""
    try:
        drawn = list(_permuted_folds(site, count))
    except (IncompatibleDataError, UnavailableError) as error:
        for plan in plans:
            found.refuse(plan, "permuted", str(error))
        return
    for plan in plans:
        small = replace(plan, train_rows=1)
        found.cells += [
            Cell(small, fold, site.dataset.fingerprint, f"permuted={number}", permutation=number)
            for number, folds in enumerate(drawn)
            for fold in folds
        ]


def _permuted_folds(site: DatasetContext, count: int) -> Iterator[list[Fold]]:
    protocol = site.protocol
    if protocol.resampling.kind == "time_ordered":
        raise UnavailableError("rows in order of time cannot be dealt anew: neighbours in time are alike")
    for number in range(count):
        mixed = permuted(site.dataset, site.study.id, number)
        folds = folds_of(mixed, repeated(protocol, 1), site.study.id, site.store)
        yield [fold for fold in folds if fold.repeat == 0]
