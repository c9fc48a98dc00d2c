"""The untuned defaults of each tuned model, on the same outer folds."""

from __future__ import annotations

from collections.abc import Iterator

from bench.run.cells import Cell, Plan, resolved
from bench.run.variants.context import DatasetContext, Requested, UnavailableError
from bench.run.variants.explanations.choosing import untuned
from bench.run.variants.extra_fit import ExtraFit
from bench.study.models import Overtuning
from bench.text.refusals import TuningNeeded


def _at_once(
    context: DatasetContext, settings: Overtuning, requested: Requested
) -> None:
    for plan in context.chosen_plans(settings):
        requested.add(plan, "untuned", _cells(context, plan))


def _cells(context: DatasetContext, plan: Plan) -> Iterator[Cell]:
    if not plan.tuned:
        raise UnavailableError(TuningNeeded())
    _, stated, _ = resolved(context.study, context.dataset.name, plan.family)
    defaults = untuned(plan, stated)
    for fold in context.folds:
        yield Cell(
            defaults,
            fold,
            context.dataset.fingerprint,
            "untuned",
        )


OVERTUNING = ExtraFit(
    "overtuning",
    at_once=_at_once,
)
