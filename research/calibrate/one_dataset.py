"""One sample, two blocks of equal signal, five families: tests of no difference, and intervals."""

from __future__ import annotations

import numpy as np

from bench.stats.intervals import corrected_mean
from bench.stats.paired import corrected_t
from bench.stats.signed_ranks import signed_rank
from research.calibrate.learners import LEARNERS
from research.calibrate.scoring import fold_scores
from research.calibrate.tally import Tally
from research.calibrate.worlds import FOLDS, Split, World

ALPHA = 0.05
RATIO = 1 / (FOLDS - 1)
REPEATS = (1, 5, 10)


def trial(
    world: World,
    generator: np.random.Generator,
    families: tuple[str, ...] = tuple(LEARNERS),
) -> Tally:
    """All families on one sample: (2 blocks, 10 repeats, 10 folds) scores."""
    X, y = world.sample(generator)
    split = Split.drawn(y, max(REPEATS), generator)
    tally, first = Tally(), {}
    for family in families:
        for metric, values in fold_scores(
            LEARNERS[family](X, y, split), y, split
        ).items():
            ours, rival = values
            tests(tally, (family, metric), ours, rival)
            interval(tally, (family, metric), ours)
            leader = first.setdefault(metric, ours)
            if leader is not ours:
                gap = corrected_t(leader.ravel(), ours.ravel(), test_train_ratio=RATIO)
                tally.note(
                    (gap.difference, gap.difference - gap.low), "gap", family, metric
                )
    tally.trials = 1
    return tally


def tests(tally: Tally, key: tuple[str, ...], a: np.ndarray, b: np.ndarray) -> None:
    """Count whether each test rejects equality of two equal families; a, b: (10, K)."""
    for r in REPEATS:
        first, second = a[:r].ravel(), b[:r].ravel()
        for name, ratio in (("corrected", RATIO), ("naive_t", 0.0)):
            p = corrected_t(first, second, test_train_ratio=ratio).p_value
            tally.hit(p < ALPHA, "test", *key, name, r)
        if r in (1, 10):
            tally.hit(
                signed_rank(first, second).p_value < ALPHA,
                "test",
                *key,
                "naive_wilcoxon",
                r,
            )


def interval(tally: Tally, key: tuple[str, ...], scores: np.ndarray) -> None:
    """Note the estimate, and the half-widths of the corrected interval and of one that treats folds as independent."""
    corrected, naive = (
        corrected_mean(scores.ravel(), test_train_ratio=ratio) for ratio in (RATIO, 0.0)
    )
    halves = (one.high - one.estimate for one in (corrected, naive))
    tally.note((corrected.estimate, *halves), "score", *key)
