"""The first repeat with one seed changed at a time: of the model, of the inner folds, of the outer folds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bench.core.outcomes import Statement
from bench.families.seeds import draws_in_steps
from bench.run.cells import Cell, Plan, resolved
from bench.run.folds import Fold, inner_folds
from bench.run.result import short
from bench.run.seeds import seed_of
from bench.run.stored_folds import folds_of
from bench.run.variants.context import (
    DatasetContext,
    Requested,
    UnavailableError,
    repeated,
)
from bench.run.variants.extra_fit import ExtraFit
from bench.study.models import Variance
from bench.text.refusals import (
    InnerFoldsFail,
    NoDrawnFolds,
    NoInnerFolds,
    NoSeed,
    RowsInTime,
    Simulated,
)

#: The seeds that are changed, one at a time.
SEEDS = ("model_seed", "tuning_seed", "split_seed")


def _at_once(context: DatasetContext, settings: Variance, requested: Requested) -> None:
    for plan in context.chosen_plans(settings):
        for source in SEEDS:
            requested.add(plan, source, cells(context, plan, source, settings.draws))


def cells(
    context: DatasetContext, plan: Plan, source: str, draws: int
) -> Iterator[Cell]:
    """The first repeat with one seed changed at a time; the inner folds are fixed, so that they stay."""
    protocol = context.protocol
    if (reason := _refusal(context, plan, source)) is not None:
        raise UnavailableError(reason)
    settled = replace(plan, train_rows=1)
    drawn: Sequence[Fold] = context.folds
    if source == "split_seed":
        drawn = folds_of(
            context.dataset, repeated(protocol, draws), context.study.id, context.store
        )
    for number in range(draws):
        for fold in drawn:
            if fold.repeat == (number if source == "split_seed" else 0):
                yield _changed(
                    context, settled, replace(fold, repeat=0), source, number
                )


def _refusal(context: DatasetContext, plan: Plan, source: str) -> Statement | None:
    """Why a seed decides nothing here, or cannot be changed alone."""
    resampling = context.protocol.resampling
    if resampling.in_time:
        return RowsInTime()
    if context.dataset.draw is not None:
        return Simulated()
    if source == "model_seed" and idle_seed(context, plan):
        return NoSeed()
    if source == "tuning_seed" and not (plan.tuned and not plan.out_of_bag):
        return NoInnerFolds()
    if source == "split_seed" and not resampling.draws:
        return NoDrawnFolds()
    return None


def idle_seed(context: DatasetContext, plan: Plan) -> bool:
    """Whether a seed does nothing in the fits of the family with what the study states of it."""
    _, stated, _ = resolved(context.study, context.dataset.name, plan.family)
    needs = plan.setup.seed_idle_unless
    idle = plan.setup.seed is None or (needs is not None and needs not in stated)
    return idle and not draws_in_steps(plan.steps)


def _changed(
    context: DatasetContext, plan: Plan, fold: Fold, source: str, number: int
) -> Cell:
    """One cell with one seed changed; without that change it is the same for every source."""
    if plan.tuned and not plan.out_of_bag:
        fixed = Cell(
            plan, replace(fold, held=(fold.test,)), context.dataset.fingerprint
        )
        changed = (number,) if source == "tuning_seed" else ()
        seed = seed_of("inner", fixed.seed, fold.fold, *changed)
        fold = _with_inner_folds(context, fold, seed)
    draw = number if source == "model_seed" else 0
    return Cell(
        plan, fold, context.dataset.fingerprint, f"{source}={number}", draw=draw
    )


def _with_inner_folds(context: DatasetContext, fold: Fold, seed: int) -> Fold:
    """The fold with its inner folds inside it."""
    try:
        inner = inner_folds(context.dataset, fold, context.protocol, seed)
    except ValueError as error:
        raise UnavailableError(InnerFoldsFail(short(str(error)))) from None
    return replace(fold, held=tuple(held for _, held in inner))


VARIANCE = ExtraFit(
    "variance",
    at_once=_at_once,
)
