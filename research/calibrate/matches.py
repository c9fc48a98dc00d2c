"""Printed tables beside ours: how often digits match another row by accident, and how often a swapped row is found.

Five models on eight tables of 200 rows; the paper prints means of one ten-fold cross-validation of the same rows, ours
are means of ten. Each of its rows is searched in all other rows of ours.
"""

from __future__ import annotations

import numpy as np

from bench.stats.matches import matches
from research.calibrate.learners import ALL_LEARNERS
from research.calibrate.scoring import fold_scores
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World

ALPHA, TABLES, REPEATS = 0.05, 8, 10
MODELS = ("lda", "naive_bayes", "knn", "one_nn", "stump")
DECIMALS = (2, 3)


def trial(world: World, generator: np.random.Generator) -> Tally:
    """Search every printed row in the others of ours: as printed, and with the first two rows exchanged."""
    each = [_scores(world, generator) for _ in range(TABLES)]
    ours, paper = (np.array([one[place] for one in each]).T for place in (0, 1))
    tally = Tally()
    for decimals in DECIMALS:
        printed = [[f"{value:.{decimals}f}" for value in row] for row in paper.tolist()]
        for row, texts in enumerate(printed):
            tally.hit(_named(texts, ours, row) is not None, "matches", decimals, row)
        exchanged = [
            f"{value:.{decimals}f}" for value in ours[1].tolist()
        ]  # the authors' own scores, one row for another
        tally.hit(_named(exchanged, ours, 0) == 1, "exchanged", decimals)
    tally.trials = 1
    return tally


def _scores(
    world: World, generator: np.random.Generator
) -> tuple[list[float], list[float]]:
    X, y = world.sample(generator)
    split = Split.drawn(y, REPEATS + 1, generator)
    values = [
        fold_scores(ALL_LEARNERS[name](X, y, split), y, split)["accuracy"][0].mean(
            axis=1
        )
        for name in MODELS
    ]
    return [float(one[:-1].mean()) for one in values], [
        float(one[-1]) for one in values
    ]


def _named(printed: list[str], ours: np.ndarray, own: int) -> int | None:
    """The other row of ours whose digits a printed row matches beyond accident, the surest first."""
    others = [row for row in range(len(ours)) if row != own]
    found = {
        row: matches(printed, ours[row], list(ours.T), searched=len(others))
        for row in others
    }
    best = min(found, key=lambda row: found[row].p_searched)
    return best if found[best].p_searched < ALPHA else None


WORLDS = {"matches": (trial, [World(200, blocks=1)])}
