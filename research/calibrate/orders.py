"""Orders of families: Kendall's test between two samples, and Friedman's exact test on few of them.

LDA on blocks of equal signal, so that orders of equal families are unrelated; a step adds to every block's score.
"""

from __future__ import annotations

import numpy as np

from bench.stats.agreement import kendall_test
from bench.stats.noise import DECIMALS
from bench.stats.ranks import friedman
from research.calibrate.learners import lda
from research.calibrate.scoring import fold_scores
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World

ALPHA = 0.05
#: Families in an order, and by how much each is ahead of the next.
COUNTS, STEPS = (4, 5, 10), (0, 0.01, 0.03)
DATASETS, FAMILIES = (3, 4, 5), 3


def trial(world: World, generator: np.random.Generator) -> Tally:
    """Five samples of ten families: the first is the paper's, printed with three decimals."""
    table = np.stack([_means(world, generator) for _ in range(max(DATASETS))])
    tally = Tally()
    for step in STEPS:
        ahead = table[:2] - step * np.arange(world.blocks)
        for k in COUNTS:
            paper, ours = np.round(ahead[0, :k], 3), ahead[1, :k]
            ordered = (
                np.ptp(paper) > 0 and np.ptp(np.round(ours, DECIMALS)) > 0
            )  # all alike is no order
            tally.hit(
                ordered and kendall_test(paper, ours).p_greater < ALPHA,
                "kendall",
                k,
                step,
            )
    for n in DATASETS:
        found = friedman(table[:n, :FAMILIES], higher_is_better=True)
        for name, p in (
            ("exact", found.p_value),
            ("f", found.p_f),
            ("chi2", found.p_chi2),
        ):
            tally.hit(p < ALPHA, "friedman", n, name)
    tally.trials = 1
    return tally


def _means(world: World, generator: np.random.Generator) -> np.ndarray:
    X, y = world.sample(generator)
    split = Split.drawn(y, 1, generator)
    return np.asarray(
        fold_scores(lda(X, y, split), y, split)["accuracy"].mean(axis=(1, 2))
    )
