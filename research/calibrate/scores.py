"""One sample, two stable families: the interval of a score, with the class mix and on the logit scale.

A trial notes the estimate and the half-widths of every rule, so that coverage is counted from these numbers at the end.
"""

from __future__ import annotations

import numpy as np

from bench.stats.intervals import class_mix, corrected_mean, logit_interval
from research.calibrate.halves import RATIO, REPEATS, STABLE
from research.calibrate.learners import ALL_LEARNERS
from research.calibrate.scoring import fold_scores, row_losses
from research.calibrate.tally import Tally
from research.calibrate.worlds import Split, World


def trial(world: World, generator: np.random.Generator) -> Tally:
    """Ten times ten folds."""
    X, y = world.sample(generator)
    split = Split.drawn(y, REPEATS, generator)
    tally = Tally()
    for family in STABLE:
        held_out = ALL_LEARNERS[family](X, y, split)
        losses = row_losses(held_out, y, split)
        for metric, (scores,) in fold_scores(held_out, y, split).items():
            mix = (
                class_mix(losses[0], y) if metric == "accuracy" else 0.0
            )  # areas lose nothing to the mix
            plain, mixed = (
                corrected_mean(
                    scores.ravel(), test_train_ratio=RATIO, mix_variance=more
                )
                for more in (0.0, mix)
            )
            bent = logit_interval(mixed)
            noted = [
                plain.estimate,
                *(one.high - one.estimate for one in (plain, mixed)),
            ]
            tally.note(
                (*noted, bent.estimate - bent.low, bent.high - bent.estimate),
                "score",
                family,
                metric,
            )
    tally.trials = 1
    return tally


WORLDS = {
    "scores": (
        trial,
        [World(n, share, blocks=1) for n in (200, 1000) for share in (0.5, 0.1)],
    )
}
