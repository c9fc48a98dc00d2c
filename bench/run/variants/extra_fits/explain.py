"""The explanations of a published number (`bench.run.variants.explanations`), as cells of the models to explain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from bench.core.outcomes import Statement
from bench.families.seeds import draws_in_steps
from bench.run.cells import Cell, Plan, resolved, unfit
from bench.run.folds import Fold
from bench.run.stored_folds import folds_of
from bench.run.variants.context import (
    DatasetContext,
    Requested,
    UnavailableError,
    repeated,
)
from bench.run.variants.explanation import (
    EXPLANATIONS,
    STATED,
    Explanation,
    ExplanationContext,
    Variation,
    Variations,
    plain,
    wanted,
)
from bench.run.variants.extra_fit import Chosen, ExtraFit
from bench.study.models import Explain
from bench.text.refusals import Incompatible


def _starts(context: DatasetContext, settings: Explain) -> Iterator[ExplanationContext]:
    """Where the explanations of each model start from on this dataset."""
    if context.dataset.name not in (settings.datasets or context.study.datasets):
        return
    for plan in context.plans:
        if plan.family in settings.families:
            yield explanation_context(context, plan, settings.repeats)


def _made(
    start: ExplanationContext, settings: Explain
) -> Iterator[tuple[Explanation, Variations]]:
    """Every explanation that needs fits, with its variations or its refusal."""
    for explanation, parameters in wanted(settings):
        if explanation.made is not None:
            yield explanation, explanation.made(start, parameters)


def _at_once(context: DatasetContext, settings: Explain, requested: Requested) -> None:
    for start in _starts(context, settings):
        for explanation, made in _made(start, settings):
            if isinstance(made, Statement):
                requested.refuse(start.plan, explanation.variant, made)
                continue
            for variation in made if not explanation.follows else ():
                known = variation.dataset.fingerprint == context.dataset.fingerprint
                cells = _cells_of(context, variation, settings.repeats)
                requested.add(
                    start.plan,
                    explanation.variant,
                    cells,
                    None if known else variation.dataset,
                )


def _afterwards(
    context: DatasetContext, settings: Explain, chosen: Chosen
) -> Iterator[Cell]:
    """The explanations that start from what the model chose in a fold under the study's own protocol."""
    for start in _starts(context, settings):
        for explanation, made in _made(start, settings):
            for variation in (
                made if explanation.follows and not isinstance(made, Statement) else ()
            ):
                for cell in _as_stated(context, start, settings.repeats):
                    if (number := chosen(cell)) is not None:
                        yield _after(cell, cell.plan.candidates[number], variation)


def _as_stated(
    context: DatasetContext, start: ExplanationContext, repeats: int
) -> Iterator[Cell]:
    """The cells of the model under the study's own protocol, in as many repeats as the other explanations have."""
    for fold in context.folds:
        if fold.repeat < repeats or context.dataset.draw is not None:
            yield Cell(start.plan.on(fold), fold, context.dataset.fingerprint)
    yield from _cells_of(context, plain(start, EXPLANATIONS[STATED]), repeats)


def _after(cell: Cell, candidate: Mapping[str, object], variation: Variation) -> Cell:
    """The cell of an explanation that changes what this cell chose."""
    plan = replace(
        variation.plan,
        candidates=tuple(
            {**candidate, **change} for change in variation.plan.candidates
        ),
        train_rows=1,
    )
    return Cell(plan, _judged_by_test(cell.fold), cell.fingerprint, variation.variant)


def _judged_by_test(fold: Fold) -> Fold:
    """The fold whose only inner fold is its test rows: the protocol error itself."""
    return replace(fold, held=(fold.test,))


def explanation_context(
    context: DatasetContext, plan: Plan, repeats: int
) -> ExplanationContext:
    """Where the explanations of one plan start from: its protocol, with enough repeats where anything is drawn."""
    protocol = context.protocol
    _, stated, _ = resolved(context.study, context.dataset.name, plan.family)
    drawn = protocol.resampling.draws or plan.setup.seed is not None
    drawn = drawn or draws_in_steps(plan.steps)
    name, enough = (
        context.dataset.name,
        repeated(protocol, repeats)
        if drawn and context.dataset.draw is None
        else protocol,
    )
    other = partial(context.other, name)
    return ExplanationContext(
        context.study.id,
        context.dataset,
        replace(plan, protocol=enough),
        enough,
        repeats,
        stated,
        other,
    )


def _cells_of(
    context: DatasetContext, variation: Variation, repeats: int
) -> Iterator[Cell]:
    """The cells of one variation. Repeats that the study has itself under its own protocol are not fitted again."""
    for sentence in unfit(
        context.study, variation.dataset, variation.plan.family, variation.plan.steps
    ):
        raise UnavailableError(Incompatible(sentence))
    own = (
        {fold.repeat for fold in context.folds}
        if variation.variant == "explanation=protocol"
        else set()
    )
    plan = (
        variation.plan
        if variation.variant == "explanation=protocol"
        else replace(variation.plan, train_rows=1)
    )
    for fold in _folds_of(context, variation):
        if fold.repeat in own or (
            variation.dataset.draw is None and fold.repeat >= repeats
        ):
            continue
        if variation.on_test:
            fold = _judged_by_test(fold)
        yield Cell(
            plan,
            fold,
            variation.dataset.fingerprint,
            variation.variant,
            draw=variation.draw,
        )


def _folds_of(context: DatasetContext, variation: Variation) -> Iterator[Fold]:
    """The folds of a variation. Of one repeat alone: its own, or where the protocol draws no more, the same again."""
    folds = folds_of(
        variation.dataset, variation.protocol, context.study.id, context.store
    )
    drawn = 1 + max(fold.repeat for fold in folds)
    for fold in folds:
        if variation.repeat is None:
            yield fold
        elif fold.repeat == variation.repeat % drawn:
            yield replace(fold, repeat=variation.repeat)


EXPLAIN = ExtraFit(
    "explain",
    at_once=_at_once,
    afterwards=_afterwards,
)
