"""What probes add to a study, before anything runs: cells, fits, and about how long where the like was run before.

Nothing is fitted. Which candidate a fold will choose is not known yet, and does not matter: any is one fit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bench.run.cells import Cell
from bench.run.gather import kind_of
from bench.run.store import Store
from bench.run.study import Grid
from bench.run.variants.requested import requested_afterwards
from bench.run.why import Costs
from bench.study.models import Diagnostics

#: The word of `diagnostics` that asks for a kind of variant.
_ASKED_BY = {
    "train_share": "learning",
    "inspected": "inspect",
    "permuted": "permutations",
    "untuned": "overtuning",
    "model_seed": "variance",
    "tuning_seed": "variance",
    "split_seed": "variance",
    "random_split": "grouping",
    "grouped_split": "grouping",
}


@dataclass(frozen=True)
class Part:
    """The cells of one probe, or the study's own: how many, how many fits they are by the protocol, and seconds of work
    before it is divided over workers, None where nothing like it was ever run."""

    cells: int
    fits: int
    seconds: float | None


@dataclass(frozen=True)
class Price:
    """The study's own cells, and those of each probe that it asks for."""

    own: Part
    probes: Mapping[str, Part]

    @property
    def added(self) -> Part:
        """All probes together."""
        parts = list(self.probes.values())
        known = [part.seconds for part in parts if part.seconds is not None]
        seconds = sum(known) if len(known) == len(parts) else None
        return Part(sum(part.cells for part in parts), sum(part.fits for part in parts), seconds)


def price_of(grid: Grid, store: Store) -> Price:
    """The price of a grid; what follows finished cells is counted as if every fold had a result."""
    costs, found = Costs(store), defaultdict[str, list[Cell]](list)
    for cell in [*grid.cells, *(cell for site in grid.sites for cell in requested_afterwards(site, lambda _: 0))]:
        kind = kind_of(cell.variant)
        found["own" if kind == "plain" else _ASKED_BY.get(kind, "explain")].append(cell)
    own = _part(found.pop("own", []), costs)
    return Price(own, {name: _part(cells, costs) for name, cells in found.items()})


def _part(cells: Iterable[Cell], costs: Costs) -> Part:
    listed = list(cells)
    each = [costs.of(cell) for cell in listed]
    known = [seconds for seconds in each if seconds is not None]
    return Part(len(listed), sum(map(fits_of, listed)), sum(known) if len(known) == len(each) else None)


def fits_of(cell: Cell) -> int:
    """The fits of a cell by its protocol; candidates that fail are counted too."""
    plan, tuning = cell.plan, cell.plan.protocol.tuning
    if not plan.tuned or tuning is None:
        return 1
    inner = len(cell.fold.others) if plan.paired else tuning.folds
    return len(plan.candidates) if plan.out_of_bag else len(plan.candidates) * inner + 1


def asked_probes(wanted: Diagnostics | None) -> dict[str, str]:
    """What is known of the price of each probe that is asked for without looking at any data, a phrase each."""
    if wanted is None:
        return {}
    return {name: said(getattr(wanted, name)) for name, said in _SAID.items() if getattr(wanted, name) is not None}


_SAID: Mapping[str, Callable[..., str]] = {
    "learning": lambda one: f"fits on {len(one.shares)} smaller training sets in each of the first {one.folds} folds",
    "inspect": lambda one: f"one more fit in each of the first {one.folds} folds",
    "permutations": lambda one: f"{one.count} times the first repeat",
    "overtuning": lambda one: "one more fit in each fold of a tuned family",
    "variance": lambda one: f"{one.draws} times the first repeat for each seed that is drawn",
    "grouping": lambda one: "all repeats once more on other folds",
    "explain": lambda one: (
        f"{one.repeats} repeats of {', '.join(one.families)} for each way (`bench list explanations`), "
        "and where the test rows choose a fit for each candidate and fold"
    ),
}
