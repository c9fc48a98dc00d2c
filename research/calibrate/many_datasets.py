"""Tables of N datasets and k equal families (LDA on blocks of equal signal), each of its own size and signal."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np

from bench.stats.adjust import holm
from bench.stats.ranks import critical_difference, friedman
from bench.stats.signed_ranks import signed_rank
from research.calibrate.learners import lda
from research.calibrate.many_families import COUNTS
from research.calibrate.one_dataset import ALPHA
from research.calibrate.scoring import fold_scores
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World

DATASETS = (10, 20)
SIZES, BALANCES, DISTANCES = (100, 200, 400), (0.5, 0.3), (1.0, 3.0)


def trial(generator: np.random.Generator) -> Tally:
    """One table of (20, 10) mean accuracies, and its first 10 rows."""
    table = np.array([_row(generator) for _ in range(max(DATASETS))])
    tally = Tally()
    for n in DATASETS:
        places = list(combinations(range(table.shape[1]), 2))
        p = np.array(
            [signed_rank(table[:n, i], table[:n, j]).p_value for i, j in places]
        )
        for k in COUNTS:
            inside = [max(pair) < k for pair in places]
            tally.hit(
                (holm(p[inside]) < ALPHA).any(), "table", n, k, "signed_rank_holm"
            )
            tally.hit((p[inside] < ALPHA).any(), "table", n, k, "unadjusted")
            found = friedman(table[:n, :k], higher_is_better=True)
            tally.hit(found.p_f < ALPHA, "table", n, k, "friedman_f")
            tally.hit(
                np.ptp(found.mean_ranks) >= _critical(k, n), "table", n, k, "nemenyi"
            )
        tally.hit(p[0] < ALPHA, "table", n, 2, "unadjusted")
    tally.trials = 1
    return tally


def _row(generator: np.random.Generator) -> np.ndarray:
    n, share = int(generator.choice(SIZES)), float(generator.choice(BALANCES))
    X, y = World(
        n, share, blocks=max(COUNTS), distance=generator.uniform(*DISTANCES)
    ).sample(generator)
    split = Split.drawn(y, 1, generator)
    return np.asarray(
        fold_scores(lda(X, y, split), y, split)["accuracy"].mean(axis=(1, 2))
    )


@cache
def _critical(k: int, n: int) -> float:
    return critical_difference(k, n, ALPHA)
