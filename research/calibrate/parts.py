"""All cells of the long form by name. The seed of a trial is made from the name of its cell and its number."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from bench.run.seeds import seed_of
from research.calibrate import (
    compare,
    halves,
    many_datasets,
    many_families,
    numbers,
    one_dataset,
    orders,
    repeats,
    scores,
)
from research.calibrate.tally import Tally
from research.calibrate.worlds import World

TRIALS = 2000
SIZES, SHARES = (200, 1000, 4000), (0.5, 0.1)
#: Sizes where halves are fitted.
HALVED = SIZES[:2]

Trial = Callable[[np.random.Generator], Tally]


def _cells() -> dict[str, Trial]:
    """The cells, cheap ones first, so that the page of an interrupted run has most of its rows."""
    cells: dict[str, Trial] = {
        "orders": partial(orders.trial, World(200, blocks=max(orders.COUNTS)))
    }
    for kind, (trial, worlds) in (
        scores.WORLDS | numbers.WORLDS | compare.WORLDS
    ).items():
        cells |= {
            f"{kind}-{world.n}-{world.share}": partial(trial, world) for world in worlds
        }
    cells["repeats"] = partial(repeats.trial, World(200))
    cells |= {
        f"halves-{n}-{share}": partial(halves.trial, World(n, share))
        for n in HALVED
        for share in SHARES
    }
    cells["table"] = many_datasets.trial
    for n in SIZES:
        cells |= {
            f"one-{n}-{share}": partial(one_dataset.trial, World(n, share))
            for share in SHARES
        }
        cells[f"many-{n}"] = partial(
            many_families.trial, World(n, blocks=max(many_families.COUNTS))
        )
    return cells


CELLS = _cells()


def simulated(cell: str, numbers: range) -> Tally:
    """The tally of these trials of a cell; the same in any process."""
    total, seed = Tally(), seed_of("calibrate", cell)
    for number in numbers:
        total.add(CELLS[cell](np.random.default_rng([seed, number])))
    return total
