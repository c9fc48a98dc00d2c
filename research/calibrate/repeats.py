"""One sample, many repeats of its cross-validation: Stein's two stages, and several published numbers taken together.

The repeats of a trial are its population, from which a study's and the paper's are drawn with replacement: so the truth
that an interval over repeats should cover is known exactly.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from bench.stats.intervals import corrected_mean
from bench.stats.two_stage import stein_interval, stein_repeats
from research.calibrate.joint import common_shift, merged_p
from research.calibrate.learners import ALL_LEARNERS
from research.calibrate.scoring import fold_scores
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World

ALPHA = 0.05
FAMILIES = ("lda", "one_nn", "stump")
POPULATION, PILOT, AT_MOST = 200, 10, 300
PILOTS = (PILOT, 20)
#: Half-widths asked of Stein's interval, in standard deviations of a repeat.
WIDTHS = (0.5, 0.25)
#: Common shifts of all published numbers, in standard deviations of a mean over families.
SHIFTS = (0, 2, 4)
#: Half a unit of the third decimal, to which papers print.
HALF = 0.0005


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
    together(tally, population, generator)
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


def together(
    tally: Tally, population: np.ndarray, generator: np.random.Generator
) -> None:
    """Count answers on k published numbers at once: of one split, and of splits drawn for each number anew."""
    ours, sd = generator.choice(population, PILOT), float(population.mean(axis=1).std())
    apart = np.array([generator.choice(values) for values in population.T])
    for name, paper in (
        ("one_split", generator.choice(population)),
        ("own_splits", apart),
    ):
        for shift in SHIFTS:
            printed = np.round(paper + shift * sd, 3)
            one = common_shift(ours, printed, half=HALF)
            each = np.array(
                [
                    common_shift(ours[:, [i]], printed[[i]], half=HALF).p_value
                    for i in range(len(printed))
                ]
            )
            tally.hit(one.p_value < ALPHA, "joint", name, shift, "common_shift")
            tally.hit(merged_p(each) < ALPHA, "joint", name, shift, "merged")
            tally.hit(float(each.min()) < ALPHA, "joint", name, shift, "smallest")
