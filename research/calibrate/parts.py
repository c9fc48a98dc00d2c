"""All cells of the long form by name. The seed of a trial is made from the name of its cell and its number."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from bench.run.seeds import seed_of
from research.calibrate import halves, many_datasets, many_families, one_dataset, orders, repeats
from research.calibrate.tally import Tally
from research.calibrate.worlds import World

TRIALS = 2000
SIZES, SHARES = (200, 1000, 4000), (0.5, 0.1)

Trial = Callable[[np.random.Generator], Tally]


def _cells() -> dict[str, Trial]:
    """The cells, cheap ones first, so that the page of an interrupted run has most of its rows."""
    cells: dict[str, Trial] = {
        "repeats": partial(repeats.trial, World(200)),
        "orders": partial(orders.trial, World(200, blocks=max(orders.COUNTS))),
    }
    for n in SIZES:
        if n == SIZES[-1]:
            cells["table"] = many_datasets.trial
            cells |= {f"5x2-{m}": partial(one_dataset.five_by_two, World(m)) for m in SIZES[:-1]}
        for share in SHARES:
            cells[f"one-{n}-{share}"] = partial(one_dataset.trial, World(n, share))
            cells[f"halves-{n}-{share}"] = partial(halves.trial, World(n, share))
        cells[f"many-{n}"] = partial(many_families.trial, World(n, blocks=max(many_families.COUNTS)))
    return cells


CELLS = _cells()


def simulated(cell: str, numbers: range) -> Tally:
    """The tally of these trials of a cell; the same in any process."""
    total, seed = Tally(), seed_of("calibrate", cell)
    for number in numbers:
        total.add(CELLS[cell](np.random.default_rng([seed, number])))
    return total
