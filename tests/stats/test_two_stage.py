"""Stein's two stages: arithmetic, and the level in simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bench.stats.intervals import corrected_mean
from bench.stats.two_stage import stein_interval, stein_repeats


@given(
    st.floats(0, 1),
    st.integers(2, 40),
    st.floats(0.01, 1),
    st.sampled_from([0.8, 0.9, 0.95]),
)
def test_the_width_is_kept_and_no_repeat_is_wasted(
    sd: float, pilot: int, width: float, level: float
) -> None:
    r, t = (
        stein_repeats(sd, pilot, half_width=width, level=level),
        stats.t.ppf((1 + level) / 2, pilot - 1),
    )
    assert t * sd / np.sqrt(r) <= width * (1 + 1e-9)
    assert r == pilot or t * sd / np.sqrt(r - 1) > width * (1 - 1e-9)


def test_without_a_second_stage_it_is_the_t_interval() -> None:
    scores = np.random.default_rng(1).normal(size=12)
    one, plain = (
        stein_interval(scores, 12, level=0.9),
        corrected_mean(scores, test_train_ratio=0, level=0.9),
    )
    assert (one.low, one.high, one.df) == pytest.approx(
        (plain.low, plain.high, plain.df)
    )
    assert (one.low, one.high) == pytest.approx(
        stats.t.interval(0.9, 11, scores.mean(), stats.sem(scores))
    )


@pytest.mark.parametrize("most", [10_000, 30])
def test_it_covers_as_stated(most: int) -> None:
    """Exactly the level, with a bound of the repeats too; the t interval that looks at all of them covers less."""
    generator = np.random.default_rng(3)
    covered, naive = [], []
    for _ in range(4000):
        drawn = generator.normal(size=5)
        r = min(most, stein_repeats(drawn.std(ddof=1), 5, half_width=0.5, level=0.9))
        scores = np.concatenate([drawn, generator.normal(size=r - 5)])
        one, other = (
            stein_interval(scores, 5, level=0.9),
            corrected_mean(scores, test_train_ratio=0, level=0.9),
        )
        assert most < 10_000 or (one.high - one.low) / 2 <= 0.5 + 1e-12
        covered.append(one.low <= 0 <= one.high)
        naive.append(other.low <= 0 <= other.high)
    assert np.mean(covered) == pytest.approx(0.9, abs=0.014)  # three standard errors
    assert np.mean(naive) < np.mean(covered)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: stein_repeats(0.1, 1, half_width=0.1), "a pilot of 2 or more"),
        (lambda: stein_repeats(0.1, 5, half_width=0.0), "width above 0"),
        (lambda: stein_repeats(float("nan"), 5, half_width=0.1), "sd >= 0"),
        (lambda: stein_interval(np.array([0.1, 0.2]), 3), "no more than were run"),
    ],
)
def test_what_is_refused(call: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call()  # type: ignore[operator]
