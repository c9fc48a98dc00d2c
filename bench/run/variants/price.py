"""What extra fits add to a study before anything runs: cells, fits, and estimated seconds where similar cells were run.

Nothing is fitted. Which candidate a fold will choose is not known yet, and does not matter: any is one fit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from bench.core.outcomes import decoded
from bench.run.cells import Cell
from bench.run.gather import kind_of
from bench.run.store import Store
from bench.run.study import CellGrid
from bench.run.variants.extra_fit import EXTRA_FITS, requested_afterwards, wanted_fits
from bench.run.why import Costs
from bench.study import Study
from bench.text.refusals import HalvesTooDear


@dataclass(frozen=True)
class CellCosts:
    """The cells of one key of `diagnostics`, or the study's own: their number, their fits by the protocol, and seconds
    of work of one worker, in all and of the longest cell; None where nothing similar was ever run."""

    cells: int
    fits: int
    seconds: float | None
    longest: float | None

    def waiting(self, workers: int) -> float | None:
        """How long so many workers take, as `bench why` tells it where no cell is stored."""
        return (
            None
            if self.seconds is None or self.longest is None
            else max(self.seconds / workers, self.longest)
        )


@dataclass(frozen=True)
class Price:
    """The costs of the study's own cells, and those of each key of `diagnostics` that requests fits.

    repeats: by dataset, seconds of work of one repeat of the study's own cells, all models together; None where nothing
    similar was ever run. at_most: of the study's own cells where a pilot decides how many there are; then the other
    costs are the pilot's. too_dear: by dataset without halves, how many times what its own fits cost they would;
    cheap_after_pilot: those of them that may get halves if more repeats follow the pilot; seeds: by dataset whose fixed
    split is run several times unasked, how often.
    """

    own: CellCosts
    extra_fits: Mapping[str, CellCosts]
    repeats: Mapping[str, float | None]
    at_most: CellCosts | None = None
    too_dear: Mapping[str, float] = field(default_factory=dict)
    cheap_after_pilot: tuple[str, ...] = ()
    seeds: Mapping[str, int] = field(default_factory=dict)

    @property
    def added(self) -> CellCosts:
        """All extra fits together."""
        parts = list(self.extra_fits.values())
        return together(parts)


def together(parts: Sequence[CellCosts]) -> CellCosts:
    """Costs of several kinds of cells in one."""
    known = [
        (part.seconds, part.longest)
        for part in parts
        if part.seconds is not None and part.longest is not None
    ]
    cells, fits = sum(part.cells for part in parts), sum(part.fits for part in parts)
    if len(known) < len(parts):
        return CellCosts(cells, fits, None, None)
    return CellCosts(
        cells,
        fits,
        sum(seconds for seconds, _ in known),
        max((one for _, one in known), default=0.0),
    )


def price_of(grid: CellGrid, store: Store, largest: CellGrid | None = None) -> Price:
    """The price of a grid; what follows finished cells is counted as if every fold had a result. `largest`: the grid
    with all repeats that may follow a pilot."""
    costs, cells_by = Costs(store), defaultdict[str, list[Cell]](list)
    keys = {
        variant: extra.name
        for extra in EXTRA_FITS.values()
        for variant in extra.variants
    }
    later = (
        cell
        for context in grid.contexts
        for cell in requested_afterwards(context, lambda _: 0)
    )
    for cell in [*grid.cells, *later]:
        kind = kind_of(cell.variant).partition("=")[0]
        cells_by["own" if kind == "plain" else keys[kind]].append(cell)
    own = _costs(cells_by.pop("own", []), costs)
    added = {name: _costs(cells, costs) for name, cells in cells_by.items()}
    most = (
        None
        if largest is None
        else _costs((c for c in largest.cells if c.variant == "plain"), costs)
    )
    too_dear = _too_dear(grid.unavailable)
    still = too_dear if largest is None else _too_dear(largest.unavailable)
    return Price(
        own,
        added,
        _of_a_repeat(grid, costs),
        most,
        too_dear,
        tuple(name for name in too_dear if name not in still),
    )


def _too_dear(unavailable: pl.DataFrame) -> dict[str, float]:
    rows = (
        unavailable.select("dataset", "reasons").unique(maintain_order=True).iter_rows()
    )
    reasons = [(dataset, reason) for dataset, text in rows for reason in decoded(text)]
    return {
        dataset: reason.times
        for dataset, reason in reasons
        if isinstance(reason, HalvesTooDear)
    }


def _of_a_repeat(grid: CellGrid, costs: Costs) -> dict[str, float | None]:
    """By dataset, the seconds of one repeat of the study's own cells."""
    found = {}
    for (dataset,), folds in grid.folds.partition_by("dataset", as_dict=True).items():
        own = (
            cell
            for cell in grid.cells
            if cell.variant == "plain" and cell.plan.dataset == dataset
        )
        seconds = _costs(own, costs).seconds
        found[str(dataset)] = (
            None if seconds is None else seconds / folds["repeat"].n_unique()
        )
    return found


def _costs(cells: Iterable[Cell], costs: Costs) -> CellCosts:
    listed = list(cells)
    each = [costs.of(cell) for cell in listed]
    known = [seconds for seconds in each if seconds is not None]
    fits = sum(map(fits_of, listed))
    if len(known) < len(each):
        return CellCosts(len(listed), fits, None, None)
    return CellCosts(len(listed), fits, sum(known), max(known, default=0.0))


def fits_of(cell: Cell) -> int:
    """The fits of a cell by its protocol; candidates that fail are counted too."""
    plan = cell.plan
    if not plan.tuned:
        return 1
    inner = len(cell.fold.others) if plan.paired else plan.protocol.tuning.folds  # type: ignore[union-attr]
    return len(plan.candidates) if plan.out_of_bag else len(plan.candidates) * inner + 1


def price_phrases(study: Study) -> dict[str, str]:
    """By key of `diagnostics`, what is known of its fits without the data, as a phrase."""
    return {extra.name: extra.price(settings) for extra, settings in wanted_fits(study)}
