"""The ways to a published number (`bench.run.variants.explanations`), as cells of the families that are to be explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from bench.run.cells import Cell, Plan, resolved, unfit
from bench.run.folds import Fold
from bench.run.stored_folds import folds_of
from bench.run.variants.context import Asked, DatasetContext, UnavailableError, repeated
from bench.run.variants.explanation import (
    EXPLANATIONS,
    STATED,
    ExplanationContext,
    Variation,
    asked,
    plain,
    with_protocol,
)
from bench.study.models import Explain


def _explained(site: DatasetContext) -> Iterator[tuple[Explain, ExplanationContext]]:
    """What is to be explained on this dataset, and where the ways of each family start from."""
    explain = site.study.diagnostics.explain if site.study.diagnostics is not None else None
    if explain is None or site.dataset.name not in (explain.datasets or site.study.datasets):
        return
    for plan in site.plans:
        if plan.family in explain.families:
            yield explain, ground_of(site, plan, explain.repeats)


def explain_at_once(site: DatasetContext, found: Asked) -> None:
    for explain, ground in _explained(site):
        for way, parameters in asked(explain):
            made = way.made(ground, parameters) if way.made is not None else []
            if isinstance(made, str):
                found.refuse(ground.plan, way.variant, made)
                continue
            for one in made if not way.follows else ():
                new = None if one.dataset.fingerprint == site.dataset.fingerprint else one.dataset
                found.add(ground.plan, way.variant, _cells_of(site, one, explain.repeats), new)


def explain_afterwards(site: DatasetContext, chosen: Callable[[Cell], int | None]) -> Iterator[Cell]:
    """The ways that go on from what the family under the study's own protocol chose in a fold."""
    for explain, ground in _explained(site):
        for way, parameters in asked(explain):
            made = way.made(ground, parameters) if way.follows and way.made is not None else []
            for one in made if not isinstance(made, str) else ():
                for cell in _as_stated(site, ground, explain.repeats):
                    if (number := chosen(cell)) is not None:
                        yield _after(cell, cell.plan.candidates[number], one)


def _as_stated(site: DatasetContext, ground: ExplanationContext, repeats: int) -> Iterator[Cell]:
    """The cells of the family under the study's own protocol, in as many repeats as the other ways have."""
    for fold in site.folds:
        if fold.repeat < repeats or site.dataset.draw is not None:
            yield Cell(ground.plan, fold, site.dataset.fingerprint)
    yield from _cells_of(site, plain(ground, EXPLANATIONS[STATED]), repeats)


def _after(cell: Cell, candidate: Mapping[str, object], one: Variation) -> Cell:
    """The cell of a way that changes what this cell chose."""
    plan = replace(one.plan, candidates=tuple({**candidate, **change} for change in one.plan.candidates), train_rows=1)
    return Cell(plan, _judged_by_test(cell.fold), cell.fingerprint, one.variant)


def _judged_by_test(fold: Fold) -> Fold:
    """The fold whose only inner fold is its test rows: the slip itself."""
    return replace(fold, others=(-1,), other_tests=(fold.test,))


def ground_of(site: DatasetContext, plan: Plan, repeats: int) -> ExplanationContext:
    protocol = site.protocol
    _, stated, _ = resolved(site.study, site.dataset.name, plan.family)
    drawn = protocol.resampling.kind in ("kfold", "holdout", "group_kfold") or plan.setup.seed is not None
    name, enough = site.dataset.name, repeated(protocol, repeats) if drawn and site.dataset.draw is None else protocol
    other = partial(site.other, name)
    return ExplanationContext(site.study.id, site.dataset, with_protocol(plan, enough), enough, repeats, stated, other)


def _cells_of(site: DatasetContext, one: Variation, repeats: int) -> Iterator[Cell]:
    """The cells of one variation. Repeats that the study has itself under its own protocol are not fitted again."""
    for sentence in unfit(site.study, one.dataset, one.plan.family, one.plan.steps):
        raise UnavailableError(sentence)
    own = {fold.repeat for fold in site.folds} if one.variant == "explanation=protocol" else set()
    plan = one.plan if one.variant == "explanation=protocol" else replace(one.plan, train_rows=1)
    for fold in _folds_of(site, one):
        if fold.repeat in own or (one.dataset.draw is None and fold.repeat >= repeats):
            continue
        if one.on_test:
            fold = _judged_by_test(fold)
        elif not plan.paired:
            fold = replace(fold, others=(), other_tests=())
        yield Cell(plan, fold, one.dataset.fingerprint, one.variant, draw=one.draw)


def _folds_of(site: DatasetContext, one: Variation) -> Iterator[Fold]:
    """The folds of a variation. Of one repeat alone: its own, or where the protocol draws no more, the same again."""
    folds = folds_of(one.dataset, one.protocol, site.study.id, site.store)
    drawn = 1 + max(fold.repeat for fold in folds)
    for fold in folds:
        if one.repeat is None:
            yield fold
        elif fold.repeat == one.repeat % drawn:
            yield replace(fold, repeat=one.repeat)
