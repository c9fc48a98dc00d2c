"""One seed at a time: of the model, of the folds of tuning, of the outer folds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bench.run.cells import Cell, Plan, resolved
from bench.run.folds import Fold, inner_folds
from bench.run.result import short
from bench.run.seeds import seed_of
from bench.run.stored_folds import folds_of
from bench.run.variants.context import DatasetContext, UnavailableError, repeated
from bench.run.variants.explanation import with_protocol
from bench.run.variants.explanations.choosing import judged_by_given_folds

#: What one seed at a time is changed of.
SEEDS = ("model_seed", "tuning_seed", "split_seed")


def variance(site: DatasetContext, plan: Plan, source: str, draws: int) -> Iterator[Cell]:
    """The first repeat with one seed changed at a time; the folds of tuning are laid down, so that they stay."""
    protocol, tuned = site.protocol, plan.tuned and not plan.out_of_bag
    if reason := _not_drawn(site, plan, source):
        raise UnavailableError(reason)
    settled = with_protocol(plan, judged_by_given_folds(protocol)) if tuned else plan
    settled = replace(settled, train_rows=1)
    drawn: Sequence[Fold] = site.folds
    if source == "split_seed":
        drawn = folds_of(site.dataset, repeated(protocol, draws), site.study.id, site.store)
    for number in range(draws):
        for fold in drawn:
            if fold.repeat == (number if source == "split_seed" else 0):
                yield _changed(site, settled, replace(fold, repeat=0), source, number)


def _not_drawn(site: DatasetContext, plan: Plan, source: str) -> str | None:
    """Why a seed decides nothing here, or cannot be told from the rest."""
    kind = site.protocol.resampling.kind
    if kind == "time_ordered":
        return "rows in order of time are split in one way: no seed is drawn for their folds"
    if site.dataset.draw is not None:
        return "every repeat has data of its own: no seed alone can be changed"
    if source == "model_seed" and (plan.setup.seed is None or idle_seed(site, plan)):
        return "the family's fit takes no seed"
    if source == "tuning_seed" and not (plan.tuned and not plan.out_of_bag):
        return "no inner folds are drawn here"
    if source == "split_seed" and kind not in ("kfold", "holdout", "group_kfold"):
        return "the protocol draws no folds"
    return None


def idle_seed(site: DatasetContext, plan: Plan) -> bool:
    """Whether the family's seed does nothing with what the study states of it."""
    _, stated, _ = resolved(site.study, site.dataset.name, plan.family)
    return plan.setup.seed_idle_unless is not None and plan.setup.seed_idle_unless not in stated


def _changed(site: DatasetContext, plan: Plan, fold: Fold, source: str, number: int) -> Cell:
    """One cell with one seed changed; without that change it is the same for every source."""
    laid = replace(fold, others=(), other_tests=())
    if plan.paired:
        changed = (number,) if source == "tuning_seed" else ()
        seed = seed_of("inner", Cell(plan, fold, site.dataset.fingerprint).seed, fold.fold, *changed)
        laid = _laid_down(site, fold, seed)
    draw = number if source == "model_seed" else 0
    return Cell(plan, laid, site.dataset.fingerprint, f"{source}={number}", draw=draw)


def _laid_down(site: DatasetContext, fold: Fold, seed: int) -> Fold:
    """The fold with its inner folds inside it; their numbers are below 0, so that no two cells share a fit."""
    protocol = site.protocol
    assert protocol.tuning is not None
    drawn = protocol.model_copy(update={"tuning": protocol.tuning.model_copy(update={"paired": False})})
    try:
        inner = inner_folds(site.dataset, fold, drawn, seed)
    except ValueError as error:
        raise UnavailableError(f"the folds of tuning cannot be drawn: {short(str(error))}") from None
    return replace(fold, others=tuple(-1 - i for i in range(len(inner))), other_tests=tuple(held for _, held in inner))
