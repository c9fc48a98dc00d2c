"""How many trainings a run makes, and how long it takes where fits like its own were timed. Nothing is fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.families.candidates import candidates
from bench.families.seeds import with_seeds
from bench.run.cells import Cell, resolved
from bench.run.pilots import most_repeats
from bench.run.store import Store
from bench.run.variants.extra_fit import wanted_fits
from bench.run.why import Costs, seconds_of_waiting, splits_of
from bench.study import Study
from bench.study.protocol import Tuning
from bench.study.repeats import fewest_repeats, pilots_of


@dataclass(frozen=True)
class RunCounts:
    """What a run of a study makes.

    cells, trainings: of the study's own cells and, where its tables are there, of its diagnostics;
    diagnostics: the trainings among them that diagnostics ask for, None where only the tables can tell;
    at_most: the trainings if every pilot asks for all repeats; stored: the cells that need no training any more;
    seconds: of waiting for the others, None where nothing like one of them was timed.
    """

    cells: int
    trainings: int
    diagnostics: int | None
    at_most: int
    stored: int
    seconds: float | None


def trainings_of(cell: Cell) -> int:
    """The trainings of a cell; candidates that fail are counted too."""
    plan, held = cell.plan, len(cell.fold.held)
    if plan.tuned and not plan.out_of_bag and held:
        return len(plan.candidates) * held + 1
    return plan.trainings


def count_cells(
    study: Study, cells: Sequence[Cell], store: Store, workers: int
) -> RunCounts:
    """What a run makes of these cells."""
    stored = store.known(cell.key for cell in cells)
    costs = Costs(store)
    open_cells = [cell for cell in cells if cell.key not in stored]
    seconds = [costs.of(cell) for cell in open_cells]
    own = [cell for cell in cells if cell.variant == "plain"]
    trainings = sum(map(trainings_of, cells))
    return RunCounts(
        cells=len(cells),
        trainings=trainings,
        diagnostics=trainings - sum(map(trainings_of, own)),
        at_most=trainings + _after_pilots(study, own),
        stored=len(stored),
        seconds=seconds_of_waiting(seconds, workers),
    )


def _after_pilots(study: Study, own: Sequence[Cell]) -> int:
    """The trainings of the study's own cells that pilots may still ask for."""
    more = 0
    for dataset, pilot in pilots_of(study).items():
        cells = [cell for cell in own if cell.plan.dataset == dataset]
        repeats = len({cell.fold.repeat for cell in cells})
        if repeats:
            each = sum(map(trainings_of, cells)) // repeats
            more += each * (most_repeats(pilot, cells) - repeats)
    return more


def seconds_of_repeats(cells: Sequence[Cell], store: Store) -> dict[str, float]:
    """By dataset, the work of one repeat of the study's own cells, where fits like them were timed."""
    costs = Costs(store)
    seconds: dict[str, list[float | None]] = {}
    repeats: dict[str, set[int]] = {}
    for cell in cells:
        if cell.variant == "plain":
            seconds.setdefault(cell.plan.dataset, []).append(costs.of(cell))
            repeats.setdefault(cell.plan.dataset, set()).add(cell.fold.repeat)
    work = {}
    for dataset, each in seconds.items():
        known = [one for one in each if one is not None]
        if len(known) == len(each):
            work[dataset] = sum(known) / len(repeats[dataset])
    return work


def count_before_fetch(study: Study) -> RunCounts | None:
    """What a run makes by the study file alone; None where rows decide how many folds there are."""
    study = with_seeds(study)
    pilots = pilots_of(study)
    cells = trainings = at_most = 0
    for name, spec in study.datasets.items():
        protocol = study.protocol_of(name)
        if protocol is None or spec.external is not None:
            continue
        splits = splits_of(protocol.resampling)
        if splits is None:
            return None
        each = sum(
            _trainings_of_a_split(study, name, family, protocol.tuning)
            for family in study.families or {}
        )
        repeats = fewest_repeats(protocol.resampling)
        pilot = pilots.get(name)
        # How many repeats are cheap is known where the rows are.
        is_bounded = pilot is not None and "at_most" in pilot.model_fields_set
        most = pilot.at_most if pilot is not None and is_bounded else repeats
        cells += splits * len(study.families or {})
        trainings += splits * each
        at_most += splits // repeats * most * each
    diagnostics = None if wanted_fits(study) else 0
    return RunCounts(cells, trainings, diagnostics, at_most, 0, None)


def _trainings_of_a_split(
    study: Study, dataset: str, family: str, tuning: Tuning | None
) -> int:
    assert study.families is not None
    setup, stated, steps = resolved(study, dataset, family)
    tuned = tuning is not None and study.families[family].tune
    tried = len(candidates(setup, stated, tune=tuned, steps=steps))
    if tuning is None or not tuned or tried == 1:
        return 1
    return tried if tuning.by == "oob" else tried * tuning.folds + 1
