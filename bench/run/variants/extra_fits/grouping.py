"""All repeats on folds of the other kind: random where the study keeps groups together, grouped where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bench.run.cells import Cell, Plan
from bench.run.stored_folds import folds_of
from bench.run.variants.context import DatasetContext, Requested, UnavailableError
from bench.run.variants.explanations.splitting import may_keep_together, random_folds
from bench.run.variants.extra_fit import ExtraFit
from bench.study.models import Grouping
from bench.study.protocol import draw_grouped_folds
from bench.text.refusals import NoGroups


def _at_once(context: DatasetContext, settings: Grouping, requested: Requested) -> None:
    kept = may_keep_together(context.protocol)
    variant = "random_split" if kept else "grouped_split"
    for plan in context.chosen_plans(settings):
        requested.add(plan, variant, _cells(context, plan, variant))


def _cells(context: DatasetContext, plan: Plan, variant: str) -> Iterator[Cell]:
    protocol, dataset = context.protocol, context.dataset
    repeats = getattr(protocol.resampling, "repeats", 1)
    if variant == "random_split":
        other = random_folds(protocol, dataset.n, repeats)
    else:
        groups = 0 if dataset.group is None else len(np.unique(dataset.group))
        if groups < 2:
            raise UnavailableError(NoGroups())
        count = min(getattr(protocol.resampling, "folds", 10), groups)
        resampling = draw_grouped_folds(count, repeats)
        other = protocol.model_copy(update={"resampling": resampling})
    for fold in folds_of(dataset, other, context.study.id, context.store):
        yield Cell(
            replace(plan, protocol=other, train_rows=1),
            fold,
            dataset.fingerprint,
            variant,
        )


GROUPING = ExtraFit(
    "grouping",
    at_once=_at_once,
)
