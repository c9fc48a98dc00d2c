"""Where the next number lies, and how often it does: simulated papers."""

from __future__ import annotations

import numpy as np
import pytest

from bench.stats.prediction import Prediction, largest, next_number

TRIALS = 20_000


def covered(r: int, m: int, k: int, level: float = 0.95) -> np.ndarray:
    """(2,) how often the number of a paper lies below and above the interval from r runs.

    A paper averages m runs and prints the best of k such numbers. Runs are normal; the mean is 3 and the spread 2,
    which the interval does not know: it is asked once, for its edges in spreads from the mean.
    """
    random = np.random.default_rng([20260, r, m, k])
    runs = random.normal(3, 2, (TRIALS, r))
    papers = random.normal(3, 2 / np.sqrt(m), (TRIALS, k)).max(axis=1)
    one = next_number(
        np.array([-1.0, 1.0] * (r // 2)), averaged_over=m, best_of=k, level=level
    )
    low, high = (
        edge / np.std([-1.0, 1.0] * (r // 2), ddof=1) for edge in (one.low, one.high)
    )
    middle, spread = runs.mean(axis=1), runs.std(axis=1, ddof=1)
    return np.array(
        [
            (papers < middle + low * spread).mean(),
            (papers > middle + high * spread).mean(),
        ]
    )


@pytest.mark.parametrize("k", [1, 3, 10])
@pytest.mark.parametrize("m", [1, 5])
@pytest.mark.parametrize("r", [2, 10])
def test_each_side_misses_as_often_as_it_says(r: int, m: int, k: int) -> None:
    """.025 on either side, within four binomial errors: by chance one of the 24 strays once in some 700 times."""
    outside = covered(r, m, k)
    assert np.abs(outside - 0.025).max() < 4 * np.sqrt(0.025 * 0.975 / TRIALS)
    assert np.array_equal(outside, covered(r, m, k)), (
        "the same seed gives the same count"
    )


def test_the_interval_moves_with_the_runs_and_grows_with_the_level() -> None:
    """What `covered` leans on: the interval is the mean plus constants times the spread."""
    runs = np.random.default_rng(1).normal(0.8, 0.03, 10)
    for m, k in ((1, 1), (5, 1), (1, 10), (5, 3)):
        one = next_number(runs, averaged_over=m, best_of=k)
        scaled = next_number(100 * runs - 7, averaged_over=m, best_of=k)
        assert [scaled.low, scaled.middle, scaled.high] == pytest.approx(
            [100 * edge - 7 for edge in (one.low, one.middle, one.high)], rel=1e-9
        )
        by_constants = [
            runs.mean() + runs.std(ddof=1) * largest(q, 10, m, k)
            for q in (0.025, 0.975)
        ]
        assert [one.low, one.high] == pytest.approx(by_constants, rel=1e-12)
        wider = next_number(runs, averaged_over=m, best_of=k, level=0.99)
        assert wider.low < one.low < one.high < wider.high


def test_printed_numbers_are_covered_too() -> None:
    """Rounded to two decimals where a spread is .01: half a unit on either side makes good for it, call by call."""
    random = np.random.default_rng(5)
    inside = 0
    for _ in range(2_000):
        one = next_number(random.normal(0.9, 0.01, 5), half_unit=0.005)
        printed = round(float(random.normal(0.9, 0.01)), 2)
        inside += one.low <= printed <= one.high
    assert inside / 2_000 > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 2_000)


def test_beyond_is_uniform_for_a_paper_of_the_same_kind() -> None:
    """A share like a p-value: below .05 in one of twenty papers, below .5 in half."""
    random = np.random.default_rng(6)
    shares = np.array(
        [
            next_number(random.normal(size=6)).beyond(float(random.normal()))
            for _ in range(4_000)
        ]
    )
    for at in (0.05, 0.2, 0.5):
        assert abs((shares < at).mean() - at) < 4 * np.sqrt(at * (1 - at) / 4_000)


def test_runs_without_spread_have_one_number() -> None:
    one = next_number(np.full(4, 0.25), half_unit=0.005)
    assert (one.low, one.middle, one.high) == (0.245, 0.25, 0.255)
    assert (one.beyond(0.2549), one.beyond(0.26)) == (1.0, 0.0)
    assert isinstance(one, Prediction)
