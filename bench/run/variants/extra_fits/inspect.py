"""The chosen candidate of the first outer folds, fitted again and inspected: `bench.run.variants.inspection`."""

from __future__ import annotations

from collections.abc import Iterator

from bench.core.outcomes import Statement
from bench.run.cells import Cell
from bench.run.variants.context import DatasetContext, Requested
from bench.run.variants.extra_fit import Chosen, ExtraFit, with_chosen_candidate
from bench.study.models import SHUFFLES, Inspection
from bench.text.refusals import OneRowTestSets, TooManyFeatures


def _refusal(context: DatasetContext, settings: Inspection) -> Statement | None:
    """Why the fits of this dataset cannot be inspected."""
    from bench.run.variants.inspection import MOST_FEATURES

    if len(context.dataset.columns) > MOST_FEATURES:
        return TooManyFeatures(len(context.dataset.columns), MOST_FEATURES)
    if all(len(fold.test) == 1 for fold in context.first_folds(settings.folds)):
        return OneRowTestSets()
    return None


def _at_once(
    context: DatasetContext, settings: Inspection, requested: Requested
) -> None:
    if (reason := _refusal(context, settings)) is not None:
        for plan in context.chosen_plans(settings):
            requested.refuse(plan, "inspected", reason)


def _afterwards(
    context: DatasetContext, settings: Inspection, chosen: Chosen
) -> Iterator[Cell]:
    if _refusal(context, settings) is not None:
        return
    for plan, fold in with_chosen_candidate(context, settings, settings.folds, chosen):
        if (
            len(fold.test) > 1
        ):  # in one row a feature cannot be shuffled: its importance would be 0 by construction
            yield Cell(
                plan,
                fold,
                context.dataset.fingerprint,
                "inspected",
                shuffles=SHUFFLES,
            )


INSPECT = ExtraFit(
    "inspect",
    at_once=_at_once,
    afterwards=_afterwards,
)
