"""How often the corrected t test errs on the very rows of a study: families exchanged row by row, and one made better.

Nothing is fitted. Under the null, which family gave which answer is drawn anew for every row (the same for all repeats
of a row), so that all families are equally good on average on these rows, with these folds, this class balance and this
agreement between families. What the null does not hold is how training sets differ from sample to sample: families
whose fit hangs on few rows err more often than this shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bench.stats import special
from bench.stats.adjust import holm


@dataclass(frozen=True)
class ErrorRates:
    """Shares of trials, each with its standard error by `se`.

    false_alarm: a pair of equal families is called different, over all pairs; family_wise: any pair is, after Holm;
    power: a family that is better by `shift` is found better than another, one pair, two-sided.
    """

    false_alarm: float
    family_wise: float
    power: float | None
    shift: float
    trials: int

    def se(self, rate: float) -> float:
        return float(np.sqrt(rate * (1 - rate) / self.trials))


def error_rates(
    right: np.ndarray, fold: np.ndarray, *, ratio: float, alpha: float, shift: float, trials: int,
    rng: np.random.Generator,
) -> ErrorRates:  # fmt: skip
    """Error rates of the corrected t test and of Holm over pairs.

    right (n, R, k): 1 where family k was right about row n in repeat R, or any score a row of which larger is better;
    fold (n, R): the fold that tested the row; ratio: n_test / n_train; shift: a share of rows, or in the score's unit.
    `power` is None where scores are no shares of right rows, or where too few are wrong. Raises ValueError for fewer
    than two families or folds.
    """
    n, repeats, k = right.shape
    if k < 2 or repeats * len(np.unique(fold)) < 2:
        raise ValueError("two families and two folds at least")
    weights = _weights(fold)  # (n, R, J): each row's share of its fold's mean
    counts = set(np.unique(right)) <= {0.0, 1.0}
    pairs = list(combinations(range(k), 2))
    alarms = np.zeros(len(pairs))
    any_alarm = found = 0
    possible = counts and shift / max(1e-12, 1 - right.mean()) <= 1
    for _ in range(trials):
        order = np.argsort(rng.random((n, k)), axis=1)
        dealt = np.take_along_axis(right, order[:, np.newaxis, :], axis=2)
        means = np.einsum("nrj,nrk->jk", weights, dealt)
        size = float(np.abs(means).max())
        p = np.array(
            [corrected_p(means[:, a] - means[:, b], ratio, size) for a, b in pairs]
        )
        alarms += p < alpha
        any_alarm += bool((holm(p) < alpha).any())
        if possible:
            found += _finds(
                dealt, weights, shift / (1 - right.mean()), ratio, alpha, rng
            )
    rate = float(alarms.mean() / trials)
    return ErrorRates(
        rate, any_alarm / trials, found / trials if possible else None, shift, trials
    )


def _finds(
    dealt: np.ndarray,
    weights: np.ndarray,
    share: float,
    ratio: float,
    alpha: float,
    rng: np.random.Generator,
) -> bool:
    """Whether the first family is found better once this share of its wrong rows is made right."""
    better = np.where(
        rng.random(len(dealt))[:, np.newaxis] < share, 1.0, dealt[:, :, 0]
    )
    difference = np.einsum("nrj,nr->j", weights, better - dealt[:, :, 1])
    return bool(difference.mean() > 0 and corrected_p(difference, ratio) < alpha)


def _weights(fold: np.ndarray) -> np.ndarray:
    """(n, R, J) with J the pairs of repeat and fold, one column each: 1 over the size of the row's fold, else 0."""
    names = [(r, f) for r in range(fold.shape[1]) for f in np.unique(fold[:, r])]
    weights = np.zeros((*fold.shape, len(names)))
    for column, (r, f) in enumerate(names):
        mine = fold[:, r] == f
        weights[mine, r, column] = 1 / mine.sum()
    return weights


def corrected_p(difference: np.ndarray, ratio: float, size: float = 1.0) -> float:
    """The two-sided p of the Nadeau-Bengio corrected t test of (J,) differences of scores of this size; 1 where all are
    0.

    >>> round(corrected_p(np.array([0.1, 0.2, 0.3]), 0.5), 4)   # t = .2 / (.1 sqrt(1/3 + 1/2)) = 2.1909 on 2 degrees
    0.1598
    """
    sd, count = float(difference.std(ddof=1)), len(difference)
    mean = float(difference.mean())
    noise = 1e-12 * size
    if sd <= noise:
        return 1.0 if abs(mean) <= noise else 0.0
    return float(
        2 * special.stdtr(count - 1, -abs(mean) / (sd * np.sqrt(1 / count + ratio)))
    )
