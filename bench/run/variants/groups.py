"""Folds of the other kind, on the same rows: what rows that belong together are worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from bench.run.cells import Cell, Plan
from bench.run.stored_folds import folds_of
from bench.run.variants.context import Asked, DatasetContext, UnavailableError
from bench.run.variants.explanations.splitting import random_folds
from bench.study.models import GroupKFold


def grouping(site: DatasetContext, plans: Sequence[Plan], found: Asked) -> None:
    """What rows that belong together are worth: folds of the other kind, on the same rows."""
    kept = site.protocol.resampling.kind in ("group_kfold", "fixed_split", "given_folds", "time_ordered")
    variant = "random_split" if kept else "grouped_split"
    for plan in plans:
        found.add(plan, variant, _otherwise_grouped(site, plan, variant))


def _otherwise_grouped(site: DatasetContext, plan: Plan, variant: str) -> Iterator[Cell]:
    protocol, dataset = site.protocol, site.dataset
    repeats = getattr(protocol.resampling, "repeats", 1)
    if variant == "random_split":
        other = random_folds(protocol, dataset.n, repeats)
    else:
        groups = 0 if dataset.group is None else len(np.unique(dataset.group))
        if groups < 2:
            raise UnavailableError("the dataset declares no group: nothing is known that belongs together")
        count = min(getattr(protocol.resampling, "folds", 10), groups)
        resampling = GroupKFold(kind="group_kfold", folds=count, repeats=repeats)
        other = protocol.model_copy(update={"resampling": resampling})
    for fold in folds_of(dataset, other, site.study.id, site.store):
        yield Cell(replace(plan, protocol=other, train_rows=1), fold, dataset.fingerprint, variant)
