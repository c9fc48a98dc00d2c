"""Are probabilities right? The calibration error beside the level that perfect calibration has at this n.

Sources: Guo, Pleiss, Sun & Weinberger (2017) for the error; Broecker & Smith (2007) and Vaicenavicius et al. (2019) for
its level under calibration, by drawing outcomes from the forecasts.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from bench.stats import special
from bench.stats.intervals import checked_level
from bench.stats.misses import equal_mass
from bench.stats.permutation import permutation_p

BINS = 15
#: From so many forecasts on the null outcomes are drawn as counts of cells this many times finer than the bins.
MANY, FINER = 20_000, 100
#: So many numbers are drawn at once.
AT_ONCE = 2_000_000
#: So many sets of outcomes are drawn at most.
MOST = 4_999


@dataclass(frozen=True)
class Calibration:
    """The calibration error of n forecasts, and what it would be if each were right as often as it says.

    error       sum over bins of n_b / n |share right - mean confidence|
    level       the mean error of `draws` sets of outcomes drawn from the forecasts themselves: never 0 at finite n
    p           how often such a set has an error at least as large, counted so that it is never 0
    limit       what chance allows at `alpha`: an error above it, and no other, has p below alpha
    draws       how many sets were drawn
    excess      mean confidence - share right: above 0 is overconfident
    """

    n: int
    error: float
    level: float
    p: float
    excess: float
    limit: float
    draws: int


@dataclass(frozen=True)
class Reliability:
    """Forecasts in bins of equal mass: said (b,) mean forecast, came (b,) share that came true, n (b,) forecasts.

    low, high (b,): between these the share would lie, were each forecast right as often as it says.
    """

    said: np.ndarray
    came: np.ndarray
    n: np.ndarray
    low: np.ndarray
    high: np.ndarray


def draws_at(alpha: float) -> int:
    """How many draws make a p below alpha possible, with room: 999 at least, `MOST` at most.

    >>> draws_at(0.05), draws_at(0.001)
    (999, 4999)
    """
    return int(min(MOST, max(999, np.ceil(5 / alpha) - 1)))


def calibration(
    confidence: np.ndarray,
    right: np.ndarray,
    *,
    seed: int,
    draws: int = 999,
    alpha: float = 0.05,
) -> Calibration:
    """The calibration of n forecasts, 15 bins of equal width.

    confidence (n,) probabilities of what was forecast; right (n,) whether it came true. Forecasts must be of different
    rows: a row that is forecast twice counts twice, and the level is too low. The same seed gives the same answer.
    Raises ValueError for fewer than two rows, unequal lengths, and confidences outside 0 to 1.
    """
    confidence, hits = _checked(confidence, right)
    bins = _bin_of(confidence)
    total = np.bincount(bins, confidence, BINS)

    def error(came_true: np.ndarray) -> float:
        return float(
            np.abs(np.bincount(bins, came_true, BINS) - total).sum() / len(confidence)
        )

    null = np.sort(_null(confidence, np.random.default_rng(seed), draws))
    own = error(hits)
    at_least = int((null >= own - 1e-12).sum())
    return Calibration(
        n=len(confidence),
        error=own,
        level=float(null.mean()),
        p=permutation_p(at_least, draws),
        excess=float(confidence.mean() - hits.mean()),
        limit=_limit(null, alpha),
        draws=draws,
    )


def _limit(null: np.ndarray, alpha: float) -> float:
    """The smallest of the ascending null errors above which p is below alpha; infinite where so few draws give none."""
    larger = (
        int(np.ceil(alpha * (len(null) + 1))) - 2
    )  # (larger + 1) / (draws + 1) < alpha
    return float(null[len(null) - 1 - larger]) + 1e-12 if larger >= 0 else float("inf")


def _drawn(
    confidence: np.ndarray, generator: np.random.Generator, draws: int
) -> np.ndarray:
    """The errors of so many drawn outcomes, all at once."""
    bins = _bin_of(confidence)
    order, counts = np.argsort(bins, kind="stable"), np.bincount(bins, minlength=BINS)
    came = (generator.random((draws, len(confidence))) < confidence)[:, order]
    held = np.flatnonzero(counts)
    hits = np.zeros((draws, BINS))
    hits[:, held] = np.add.reduceat(
        came,
        np.concatenate([[0], np.cumsum(counts[held])[:-1]]),
        axis=1,
        dtype=np.int64,
    )
    return np.asarray(
        np.abs(hits - np.bincount(bins, confidence, BINS)).sum(axis=1) / len(confidence)
    )


def _null(
    confidence: np.ndarray, generator: np.random.Generator, draws: int
) -> np.ndarray:
    """The errors of outcomes drawn from the forecasts themselves, in whatever order these are given.

    Of many forecasts, how many come true in a narrow cell is one binomial number with the cell's mean: the variance
    within a cell, at most 1 / (4 * 1500^2), is nothing beside it, and a million forecasts cost what a thousand do.
    """
    confidence = np.sort(confidence)
    if len(confidence) < MANY:
        step = AT_ONCE // len(confidence)
        return np.concatenate(
            [
                _drawn(confidence, generator, min(step, draws - i))
                for i in range(0, draws, step)
            ]
        )
    fine = BINS * FINER
    cell = np.clip(np.ceil(confidence * fine).astype(np.int64) - 1, 0, fine - 1)
    size = np.bincount(cell, minlength=fine)
    held = np.flatnonzero(size)
    total = np.bincount(cell, confidence, fine)[held]
    came = (
        generator.binomial(
            size[held], np.clip(total / size[held], 0, 1), size=(draws, len(held))
        )
        - total
    )
    sums = np.add.reduceat(
        came, np.flatnonzero(np.diff(held // FINER, prepend=-1)), axis=1
    )
    return np.asarray(np.abs(sums).sum(axis=1) / len(confidence))


def reliability(
    forecast: np.ndarray, happened: np.ndarray, *, bins: int = 10, level: float = 0.95
) -> Reliability:
    """The calibration curve of n forecasts: equal mass, equal forecasts together, bins without a forecast left out.

    The band is binomial at the bin's mean forecast, quantiles (1 - level) / 2 and (1 + level) / 2: forecasts that
    differ within a bin vary less (Hoeffding 1956), so it is never too narrow. Arguments and errors as `calibration`.

    >>> one = reliability(np.full(10, 0.5), np.arange(10) < 7)
    >>> one.came.tolist(), one.low.tolist(), one.high.tolist()   # of 10 fair coins 2 to 8 are heads
    ([0.7], [0.2], [0.8])
    """
    forecast, hits = _checked(forecast, happened)
    checked_level(level)
    place = equal_mass(forecast, bins)
    size = np.bincount(place, minlength=bins)
    held = size > 0
    n = size[held]
    said, came = (
        np.bincount(place, values, bins)[held] / n for values in (forecast, hits)
    )
    ends = [
        [
            _binomial_quantile(q, int(m), float(p)) / m
            for m, p in zip(n, said, strict=True)
        ]
        for q in ((1 - level) / 2, (1 + level) / 2)
    ]
    return Reliability(said, came, n, np.array(ends[0]), np.array(ends[1]))


def _binomial_quantile(q: float, n: int, p: float) -> int:
    """The smallest count whose distribution function is at least q."""
    return bisect_left(range(n), q, key=lambda count: float(special.bdtr(count, n, p)))


def _bin_of(forecast: np.ndarray) -> np.ndarray:
    """The bin of each forecast: equal widths, the upper edge belongs to the bin, 0 to the first."""
    result: np.ndarray = np.clip(
        np.ceil(forecast * BINS).astype(np.int64) - 1, 0, BINS - 1
    )
    return result


def _checked(
    forecast: np.ndarray, happened: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    forecast, hits = (
        np.asarray(forecast, dtype=np.float64),
        np.asarray(happened, dtype=np.float64),
    )
    if forecast.ndim != 1 or forecast.shape != hits.shape or len(forecast) < 2:
        raise ValueError(
            f"forecasts {forecast.shape} and outcomes {hits.shape}: expected two rows of one length, n >= 2"
        )
    if (
        not ((forecast >= 0) & (forecast <= 1)).all()
        or not np.isin(hits, (0.0, 1.0)).all()
    ):
        raise ValueError("forecasts must lie in 0 to 1, and outcomes be true or false")
    return forecast, hits
