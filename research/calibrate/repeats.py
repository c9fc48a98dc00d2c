"""One sample, many repeats of its cross-validation: Stein's two stages.

The repeats of a trial are its population, from which a study's and the paper's are drawn with replacement: so the truth
that an interval over repeats should cover is known exactly.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from bench.stats.intervals import corrected_mean
from bench.stats.two_stage import stein_interval, stein_repeats
from research.calibrate.learners import ALL_LEARNERS
from research.calibrate.scoring import fold_scores
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World

FAMILIES = ("lda", "one_nn", "stump")
POPULATION, PILOT, AT_MOST = 200, 10, 300
PILOTS = (PILOT, 20)
#: Half-widths asked of Stein's interval, in standard deviations of a repeat.
WIDTHS = (0.5, 0.25)


def trial(world: World, generator: np.random.Generator) -> Tally:
    """The mean accuracies (200, 3) of a sample's repeats, by family; the families learn the same features."""
    X, y = world.sample(generator)
    split = Split.drawn(y, POPULATION, generator)
    scores = [
        fold_scores(ALL_LEARNERS[family](X[:1], y, split), y, split)["accuracy"]
        for family in FAMILIES
    ]
    population = np.array(scores).mean(axis=(1, 3)).T
    tally = Tally()
    for family, values in zip(FAMILIES, population.T, strict=True):
        for pilot, width in product(PILOTS, WIDTHS):
            two_stages(tally, (family, pilot, width), values, generator)
    tally.trials = 1
    return tally


def two_stages(
    tally: Tally,
    key: tuple[str, int, float],
    population: np.ndarray,
    generator: np.random.Generator,
) -> None:
    """Count misses of Stein's interval, and of one that takes all repeats' spread as if their number were stated."""
    _, first, width = key
    half_width = width * float(population.std())
    pilot = generator.choice(population, first)
    wanted = stein_repeats(float(pilot.std(ddof=1)), first, half_width=half_width)
    scores = np.concatenate(
        [pilot, generator.choice(population, min(wanted, AT_MOST) - first)]
    )
    stein, naive = (
        stein_interval(scores, first),
        corrected_mean(scores, test_train_ratio=0.0),
    )
    truth = population.mean()
    for name, one in (("stein", stein), ("naive", naive)):
        tally.hit(not one.low <= truth <= one.high, name, *key)
        tally.hit(
            one.high - one.estimate > half_width * (1 + 1e-9), f"{name}_too_wide", *key
        )
    tally.note((len(scores),), "repeats", *key)
