"""One sample, ten equal families (LDA on blocks of equal signal): all pairs, with Holm."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from bench.stats.adjust import holm
from bench.stats.paired import corrected_t
from research.calibrate.learners import lda
from research.calibrate.one_dataset import ALPHA, RATIO
from research.calibrate.scoring import fold_scores
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World

COUNTS = (3, 5, 10)
REPEATS = (1, 10)


def trial(world: World, generator: np.random.Generator) -> Tally:
    """The scores of all families are (10, 10, 10): blocks, repeats, folds."""
    X, y = world.sample(generator)
    split = Split.drawn(y, max(REPEATS), generator)
    tally = Tally()
    scores = fold_scores(lda(X, y, split), y, split)
    for metric, values in scores.items():
        for r in REPEATS:
            pairs(tally, (metric, r), values[:, :r].reshape(len(values), -1))
    tally.trials = 1
    return tally


def pairs(tally: Tally, key: tuple[object, ...], values: np.ndarray) -> None:
    """Count whether any pair of k equal families is called different; values: (10, J)."""
    places = list(combinations(range(len(values)), 2))
    p = {
        name: np.array(
            [
                corrected_t(values[i], values[j], test_train_ratio=ratio).p_value
                for i, j in places
            ]
        )
        for name, ratio in (("corrected", RATIO), ("naive_t", 0.0))
    }
    for k in COUNTS:
        inside = [max(pair) < k for pair in places]
        tally.hit(
            (holm(p["corrected"][inside]) < ALPHA).any(), "family", *key, k, "holm"
        )
        tally.hit(
            (p["corrected"][inside] < ALPHA).any(), "family", *key, k, "unadjusted"
        )
        tally.hit(
            (holm(p["naive_t"][inside]) < ALPHA).any(),
            "family",
            *key,
            k,
            "naive_t_holm",
        )
