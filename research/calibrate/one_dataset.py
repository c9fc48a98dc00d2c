"""One sample, two blocks of equal signal, five families: tests of no difference, intervals, and published numbers.

A published number is one cross-validation of the same rows with other folds, printed with three decimals, plus a
shift: the true difference of the paper's implementation.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from bench.claims._noise import noises_of
from bench.claims._numbers import against_printed, mean_of, one_case
from bench.stats.intervals import corrected_mean
from bench.stats.paired import corrected_t
from bench.stats.signed_ranks import signed_rank
from research.calibrate.crossval52 import five_by_two_f, five_by_two_t
from research.calibrate.evidence import DATASET, claim, evidence, outcome
from research.calibrate.learners import LEARNERS
from research.calibrate.scoring import fold_scores
from research.calibrate.tally import Tally
from research.calibrate.worlds import FOLDS, Split, World

ALPHA = 0.05
RATIO = 1 / (FOLDS - 1)
REPEATS = (1, 5, 10)
#: Repeats of a study that judges, tolerances, and true shifts in tolerances.
JUDGING, TOLERANCES, SHIFTS = (5, 10), (0.01, 0.02), (0, 0.5, 1, 2, 3)


def trial(world: World, generator: np.random.Generator, families: tuple[str, ...] = tuple(LEARNERS)) -> Tally:
    """All families on one sample: (2 blocks, 11 repeats, 10 folds) scores; the last repeat is the paper's."""
    X, y = world.sample(generator)
    split = Split.drawn(y, max(REPEATS) + 1, generator)
    tally, first = Tally(), {}
    for family in families:
        for metric, values in fold_scores(LEARNERS[family](X, y, split), y, split).items():
            ours, rival, paper = values[0, :-1], values[1, :-1], values[0, -1]
            tests(tally, (family, metric), ours, rival)
            interval(tally, (family, metric), ours)
            published(tally, (family, metric), ours, paper, world.n)
            leader = first.setdefault(metric, ours)
            if leader is not ours:
                gap = corrected_t(leader.ravel(), ours.ravel(), test_train_ratio=RATIO)
                tally.note((gap.difference, gap.difference - gap.low), "gap", family, metric)
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
            tally.hit(signed_rank(first, second).p_value < ALPHA, "test", *key, "naive_wilcoxon", r)


def interval(tally: Tally, key: tuple[str, ...], scores: np.ndarray) -> None:
    """Note the estimate, and the half-widths of the corrected interval and of one that treats folds as independent."""
    corrected, naive = (corrected_mean(scores.ravel(), test_train_ratio=ratio) for ratio in (RATIO, 0.0))
    halves = (one.high - one.estimate for one in (corrected, naive))
    tally.note((corrected.estimate, *halves), "score", *key)


def published(tally: Tally, key: tuple[str, str], ours: np.ndarray, paper: np.ndarray, n: int) -> None:
    """Count verdicts for every number of repeats, tolerance and shift; ours: (10, K), paper: (K,) fold scores."""
    family, metric = key
    apart = 1.96 * np.hypot(*(corrected_mean(one.ravel(), test_train_ratio=RATIO).se for one in (ours, paper)))
    for r in JUDGING:
        found = evidence({family: ours[:r]}, n, metric)
        mine = found.series["test"][DATASET, family, metric]
        one = claim("value", family=family, metric=metric, value="0", unit="fraction")
        noises, mean, case = noises_of(one, found, mine, family), mean_of(one, found, mine), one_case(one, found)
        tally.note((noises[0].sd or 0.0,), "sd", *key, r)
        for tolerance, shift in product(TOLERANCES, SHIFTS):
            printed = f"{paper.mean() + shift * tolerance:.3f}"
            stated = one.model_copy(update={"value": printed, "tolerance": tolerance})
            answer = against_printed(stated, found, mean, noises, case)
            tally.hit(True, "value", *key, r, tolerance, shift, outcome(answer))
            if r == max(JUDGING):  # rules in use elsewhere, which know two answers: would they say `reproduced`?
                away, where = abs(mean - float(printed)), (*key, tolerance, shift)
                tally.hit(away <= tolerance, "other", *where, "within_tolerance")
                tally.hit(away <= paper.std(ddof=1), "other", *where, "within_sd")
                tally.hit(away <= apart, "other", *where, "prediction_interval")


def five_by_two(world: World, generator: np.random.Generator) -> Tally:
    """Count rejections of Dietterich's and Alpaydın's tests for two equal families on five times two folds."""
    X, y = world.sample(generator)
    split = Split.drawn(y, 5, generator, folds=2)
    tally = Tally()
    for family, learner in LEARNERS.items():
        for metric, (a, b) in fold_scores(learner(X, y, split), y, split).items():
            tally.hit(five_by_two_t(a, b).p_value < ALPHA, "5x2", family, metric, "t")
            tally.hit(five_by_two_f(a, b).p_value < ALPHA, "5x2", family, metric, "f")
    tally.trials = 1
    return tally
