"""Probes: what diagnostics ask of the engine beyond the study's own cells, as cells of other variants.

    learning      train_share=0.5     the chosen candidate, fitted on a share of each fold's training rows
    inspect       inspected           the chosen candidate, fitted again and looked into
    permutations  permuted=3          the first repeat of the whole protocol, on a permuted target
    overtuning    untuned             the defaults of a tuned family
    variance      model_seed=3, tuning_seed=3, split_seed=3      the first repeat, one seed changed
    grouping      random_split, grouped_split                    folds that ignore groups, folds that keep them
    explain       explanation=..., explanation=...                           `bench.run.variants.explanations`

The first two, and the ways that change what a fold chose, need to know the choice: they follow when the study's own
cells are done. All are stored, limited and retried as any cell is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from bench.data.dataset import Dataset
from bench.run.cells import Cell, Plan, resolved
from bench.run.folds import Fold
from bench.run.variants.context import Asked, DatasetContext, UnavailableError
from bench.run.variants.explained import explain_afterwards, explain_at_once
from bench.run.variants.explanations.choosing import untuned
from bench.run.variants.groups import grouping
from bench.run.variants.learning import smaller
from bench.run.variants.seeds import SEEDS, variance
from bench.run.variants.targets import permutations
from bench.study.models import Diagnostics, ExtraFits


def requested_at_once(site: DatasetContext) -> Asked:
    """The cells of all probes that need not know what the study's own cells chose, and every probe's refusals."""
    wanted, found = site.study.diagnostics or Diagnostics(), Asked()
    if wanted.permutations is not None:
        permutations(site, wanted.permutations.count, site.chosen_plans(wanted.permutations), found)
    for plan in site.chosen_plans(wanted.overtuning) if wanted.overtuning is not None else ():
        found.add(plan, "untuned", _overtuning(site, plan))
    for plan in site.chosen_plans(wanted.variance) if wanted.variance is not None else ():
        for source in SEEDS:
            found.add(plan, source, variance(site, plan, source, wanted.variance.draws if wanted.variance else 0))
    if wanted.grouping is not None:
        grouping(site, site.chosen_plans(wanted.grouping), found)
    explain_at_once(site, found)
    if wanted.learning is not None and not any(
        list(smaller(site, fold, wanted.learning.shares)) for fold in site.first_folds(wanted.learning.folds)
    ):
        for plan in site.chosen_plans(wanted.learning):
            found.refuse(plan, "train_share", "no smaller training set holds whole groups and two classes")
    if wanted.inspect is not None and (reason := _not_inspected(site, wanted.inspect.folds)):
        for plan in site.chosen_plans(wanted.inspect):
            found.refuse(plan, "inspected", reason)
    return found


def requested_afterwards(site: DatasetContext, chosen: Callable[[Cell], int | None]) -> list[Cell]:
    """The cells of the probes that go on from each fold's chosen candidate; none where a fold has no result."""
    wanted = site.study.diagnostics or Diagnostics()
    found: list[Cell] = []
    if wanted.learning is not None:
        for plan, fold, shared in _settled(site, wanted.learning, wanted.learning.folds, chosen):
            for share, part in smaller(site, fold, wanted.learning.shares):
                one = Cell(plan, part, site.dataset.fingerprint, f"train_share={share:g}")
                found.append(replace(one, of_repeat=shared))
    if wanted.inspect is not None and not _not_inspected(site, wanted.inspect.folds):
        for plan, fold, shared in _settled(site, wanted.inspect, wanted.inspect.folds, chosen):
            if len(fold.test) > 1:  # in one row a feature cannot be shuffled: its importance would be 0 by construction
                one = Cell(plan, fold, site.dataset.fingerprint, "inspected", shuffles=wanted.inspect.shuffles)
                found.append(replace(one, of_repeat=shared))
    return found + list(explain_afterwards(site, chosen))


def _settled(
    site: DatasetContext, probe: ExtraFits, folds: int, chosen: Callable[[Cell], int | None]
) -> Iterator[tuple[Plan, Fold, bool]]:
    """Each plan with the candidate alone that a fold chose, the fold, and whether its cell had the repeat's seed."""
    for plan in site.chosen_plans(probe):
        for fold in site.first_folds(folds):
            number = chosen(Cell(plan, fold, site.dataset.fingerprint))
            if number is not None:
                yield replace(plan, candidates=(plan.candidates[number],)), fold, plan.paired


def _not_inspected(site: DatasetContext, folds: int) -> str | None:
    """Why nobody can look into the fits of this dataset."""
    from bench.run.variants.inspection import MOST_FEATURES

    if len(site.dataset.columns) > MOST_FEATURES:
        return f"{len(site.dataset.columns)} features are more than the {MOST_FEATURES} that are looked at"
    if all(len(fold.test) == 1 for fold in site.first_folds(folds)):
        return "every test set is one row: a feature cannot be shuffled in it"
    return None


def _overtuning(site: DatasetContext, plan: Plan) -> Iterator[Cell]:
    if not plan.tuned:
        raise UnavailableError("nothing is tuned here")
    _, stated, _ = resolved(site.study, site.dataset.name, plan.family)
    alone = untuned(plan, stated)
    for fold in site.folds:
        yield Cell(alone, replace(fold, others=(), other_tests=()), site.dataset.fingerprint, "untuned")


def by_fingerprint(datasets: Iterable[Dataset], more: Mapping[str, Dataset]) -> dict[str, Dataset]:
    return {one.fingerprint: one for one in datasets} | dict(more)
