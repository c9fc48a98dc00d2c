"""One sample, two blocks of equal signal, in whole and in disjoint halves: what halves and the class mix add.

A trial notes the estimate and the half-widths of every rule. A test rejects where 0 lies outside of its interval, so
that level, power and coverage are all counted from these numbers at the end.
"""

from __future__ import annotations

import numpy as np

from bench.stats.halves import HalvesTest, conservative_z, sharp, wider
from bench.stats.intervals import Interval, class_mix, corrected_mean
from research.calibrate.learners import ALL_LEARNERS
from research.calibrate.scoring import fold_scores, row_losses
from research.calibrate.tally import Tally
from research.calibrate.worlds import FOLDS, Split, World

RATIO = 1 / (FOLDS - 1)
#: Repeats of the whole table, and so many times two halves; of small tables, where that is cheap, more of them too.
REPEATS, PAIRS, MORE_PAIRS, SMALL = 10, 10, 30, 200
#: Cheap to fit; two stable families, and the two whose fit hangs on the fewest rows.
STABLE, UNSTABLE = ("lda", "naive_bayes"), ("one_nn", "stump")
FAMILIES = (*STABLE, *UNSTABLE)
#: Rules of one score (`score`: without halves, see `scores`) and of a pair, each with the positions of its estimate and
#: of its half-widths below and above it in what is noted: SHARP has an estimate of its own, the mean of the halves.
RULES = {
    "score": {"corrected": (0, 1, 1), "mix": (0, 2, 2), "logit": (0, 3, 4)},
    "one": {"corrected": (0, 1, 1), "mix": (0, 2, 2), "wider": (0, 3, 3)},
    "pair": {
        "corrected": (0, 1, 1), "mix": (0, 2, 2), "conservative_z": (0, 3, 3), "wider": (0, 4, 4), "sharp": (5, 6, 6),
        "sharp_30": (7, 8, 8),
    },
}  # fmt: skip


def inner_folds(world: World) -> int:
    """Folds inside a half: ten, or five where a class would have too few rows for ten."""
    return (
        FOLDS
        if world.n * min(world.share, 1 - world.share) >= 4 * FOLDS
        else FOLDS // 2
    )


def trial(
    world: World, generator: np.random.Generator, families: tuple[str, ...] = FAMILIES
) -> Tally:
    """Note what every rule says of the score of each family, and of its difference from an equal one."""
    X, y = world.sample(generator)
    whole = Split.drawn(y, REPEATS, generator)
    pairs = MORE_PAIRS if world.n <= SMALL else PAIRS
    halved = Split.drawn(y, pairs, generator, folds=inner_folds(world), parts=2)
    tally = Tally()
    for family in families:
        held_out = ALL_LEARNERS[family](X, y, whole)
        inside = fold_scores(ALL_LEARNERS[family](X, y, halved), y, halved)
        losses = row_losses(held_out, y, whole)
        for metric, scores in fold_scores(held_out, y, whole).items():
            halves = inside[metric].reshape(len(X), pairs, 2, -1).mean(axis=-1)
            mix = (
                metric == "accuracy"
            )  # what an area under the curve loses to the mix is 0
            tally.note(
                of_one(scores[0], halves[0], class_mix(losses[0], y) if mix else 0.0),
                "one",
                family,
                metric,
            )
            between = class_mix(losses[0] - losses[1], y) if mix else 0.0
            tally.note(
                of_pair(scores[0] - scores[1], halves[0] - halves[1], between),
                "pair",
                family,
                metric,
            )
    tally.trials = 1
    return tally


def of_one(scores: np.ndarray, halves: np.ndarray, mix: float) -> tuple[float, ...]:
    """What is noted of a score, see `RULES`; scores: (R, K) of folds, halves: (J, 2), mix: a variance."""
    plain, mixed, widest, _ = _of_folds(scores, halves[:PAIRS], mix)
    return (
        plain.estimate,
        *(one.high - one.estimate for one in (plain, mixed, widest)),
    )


def of_pair(scores: np.ndarray, halves: np.ndarray, mix: float) -> tuple[float, ...]:
    """What is noted of a difference, see `RULES`; halves: (10 or 30, 2)."""
    plain, mixed, widest, own = _of_folds(scores, halves[:PAIRS], mix)
    noted = [
        plain.estimate,
        *(one.high - one.estimate for one in (plain, mixed, own, widest)),
    ]
    for some in (halves[:PAIRS], halves)[: 1 + (len(halves) > PAIRS)]:
        by_halves = sharp(some)
        noted += [by_halves.estimate, by_halves.high - by_halves.estimate]
    return tuple(noted)


def _of_folds(
    scores: np.ndarray, halves: np.ndarray, mix: float
) -> tuple[Interval, Interval, Interval, HalvesTest]:
    """The corrected interval without and with the mix, the wider of this and conservative z, and conservative z."""
    plain, mixed = (
        corrected_mean(scores.ravel(), test_train_ratio=RATIO, mix_variance=more)
        for more in (0.0, mix)
    )
    own = conservative_z(plain.estimate, halves)
    return plain, mixed, wider(mixed, own), own
