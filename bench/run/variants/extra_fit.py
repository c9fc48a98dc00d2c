"""Extra fits: the cells that a key of `diagnostics` requests beside the study's own.

    learning      train_share=0.5     the chosen candidate, fitted to a share of each fold's training rows
    inspect       inspected           the chosen candidate, fitted again and inspected
    permutations  permuted=3          the first repeat of the whole protocol, on a permuted target
    overtuning    untuned             the defaults of a tuned model
    variance      model_seed=3, tuning_seed=3, split_seed=3      the first repeat, one seed changed
    grouping      random_split, grouped_split                    folds that ignore groups, folds that keep them
    halves        half=3a, half=3b    the protocol inside each of two disjoint halves of the rows (some by default)
    explain       explanation=...                                `bench.run.variants.explanations`

Learning curves, inspections and the explanations that change what a fold chose need that choice: their cells follow
when the study's own cells are done. All are stored, limited and retried as any cell is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bench.core.registry import Registry
from bench.data.dataset import Dataset
from bench.run.cells import Cell, Plan
from bench.run.folds import Fold
from bench.run.variants.context import DatasetContext, Requested
from bench.study import Study
from bench.study.models import ExtraFits

#: The number of the candidate that a cell chose; None where the cell has no result.
Chosen = Callable[[Cell], int | None]


@dataclass(frozen=True)
class ExtraFit:
    """One key of `diagnostics` that costs fits: the cells it requests."""

    name: str  # the key
    #: Adds the cells that need no result of another cell, and all refusals, to a `Requested`
    at_once: Callable[[DatasetContext, Any, Requested], None] | None = None
    #: Yields the cells that start from each fold's chosen candidate; none where a fold has no result
    afterwards: Callable[[DatasetContext, Any, Chosen], Iterator[Cell]] | None = None
    #: The settings of a study that does not write the key; None where nothing is fitted then
    by_default: Callable[[Study], Any] = lambda study: None


EXTRA_FITS = Registry("bench.run.variants.extra_fits", ExtraFit, "key of diagnostics")


def wanted_fits(study: Study) -> list[tuple[ExtraFit, Any]]:
    """The extra fits that a study requests, or that are made unless it writes `null`, each with its settings."""
    defaults = fits_by_default(study)
    settings = [
        (
            extra,
            getattr(study.diagnostics, extra.name, None) or defaults.get(extra.name),
        )
        for extra in EXTRA_FITS.values()
    ]
    return [(extra, block) for extra, block in settings if block is not None]


def fits_by_default(study: Study) -> dict[str, Any]:
    """The keys of `diagnostics` that a study does not write and that are fitted all the same, with their settings."""
    written = (
        study.diagnostics.model_fields_set if study.diagnostics is not None else ()
    )
    found = {
        extra.name: extra.by_default(study)
        for extra in EXTRA_FITS.values()
        if extra.name not in written
    }
    return {name: settings for name, settings in found.items() if settings is not None}


def requested_at_once(context: DatasetContext) -> Requested:
    """The cells of all extra fits that need no result of the study's own cells, and every refusal."""
    requested = Requested()
    for extra, settings in wanted_fits(context.study):
        if extra.at_once is not None:
            extra.at_once(context, settings, requested)
    return requested


def requested_afterwards(context: DatasetContext, chosen: Chosen) -> list[Cell]:
    """The cells of the extra fits that start from each fold's chosen candidate; none where a fold has no result."""
    cells: list[Cell] = []
    for extra, settings in wanted_fits(context.study):
        if extra.afterwards is not None:
            cells += extra.afterwards(context, settings, chosen)
    return cells


def with_chosen_candidate(
    context: DatasetContext, settings: ExtraFits, folds: int, chosen: Chosen
) -> Iterator[tuple[Plan, Fold]]:
    """Each plan with the one candidate that a fold chose, and the fold."""
    for plan in context.chosen_plans(settings):
        for fold in context.first_folds(folds):
            number = chosen(Cell(plan.on(fold), fold, context.dataset.fingerprint))
            if number is not None:
                yield replace(plan, candidates=(plan.candidates[number],)), fold


def by_fingerprint(
    datasets: Iterable[Dataset], more: Mapping[str, Dataset]
) -> dict[str, Dataset]:
    """Datasets by their fingerprint."""
    return {dataset.fingerprint: dataset for dataset in datasets} | dict(more)
