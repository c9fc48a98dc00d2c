"""Calibration: hand-made errors, its level under perfect calibration, and Murphy's parts of the Brier score."""

from __future__ import annotations

import numpy as np
import pytest

from bench.core.metrics import METRICS, Predicted
from bench.stats.calibration import calibration, draws_at


def forecasts(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Forecasts from 0.5 to 1 that come true as often as they say."""
    generator = np.random.default_rng(seed)
    confidence = generator.uniform(0.5, 1, n)
    return confidence, generator.random(n) < confidence


def test_an_error_by_hand() -> None:
    """Ten forecasts of .95, eight right; ten of .65, six right: (10 * .15 + 10 * .05) / 20."""
    one = calibration(
        np.repeat([0.95, 0.65], 10),
        np.array([1] * 8 + [0] * 2 + [1] * 6 + [0] * 4),
        seed=0,
    )
    assert one.error == pytest.approx(0.1)
    assert one.excess == pytest.approx(0.8 - 0.7)


def test_the_error_is_that_of_the_metric() -> None:
    confidence, right = forecasts(300)
    p = np.column_stack([confidence, 1 - confidence])
    predicted = Predicted(
        truth=np.where(right, 0, 1), k=2, label=np.zeros(300, dtype=int), p=p
    )
    assert calibration(confidence, right, seed=1, draws=9).error == pytest.approx(
        METRICS["ece"].function(predicted)
    )


def test_perfect_calibration_is_seldom_called_sick_and_its_level_is_not_zero() -> None:
    found = [
        calibration(*forecasts(200, seed), seed=seed, draws=199) for seed in range(200)
    ]
    assert 0.05 < np.mean([one.level for one in found]) < 0.08  # about .063 at 200 rows
    assert np.mean([one.error - one.level for one in found]) == pytest.approx(
        0, abs=0.005
    )
    assert np.mean([one.p < 0.05 for one in found]) < 0.05 + 3 * np.sqrt(
        0.05 * 0.95 / 200
    )


def test_overconfidence_is_seen() -> None:
    confidence, right = forecasts(400)
    one = calibration(np.minimum(1, confidence + 0.15), right, seed=0)
    assert one.p == pytest.approx(1 / 1000)
    assert one.excess > 0.1
    assert one.error > one.level + 0.05


@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.002])
def test_an_error_is_above_what_chance_allows_just_where_its_p_is_below_alpha(
    alpha: float,
) -> None:
    found = []
    for seed in range(60):
        confidence, right = forecasts(100, seed)
        bent = np.clip(confidence + 0.004 * seed, 0, 1)
        one = calibration(bent, right, seed=seed, draws=draws_at(alpha), alpha=alpha)
        found.append((one.p < alpha, one.error > one.limit))
        assert one.limit >= one.level
    assert all(rare == above for rare, above in found)
    assert {rare for rare, _ in found} == {True, False}


def test_where_so_few_draws_show_nothing_chance_allows_anything() -> None:
    assert calibration(*forecasts(50), seed=1, draws=9, alpha=0.05).limit == float(
        "inf"
    )


def test_the_same_seed_gives_the_same_answer() -> None:
    assert calibration(*forecasts(100), seed=3) == calibration(*forecasts(100), seed=3)


@pytest.mark.parametrize(
    ("confidence", "right"),
    [
        ([0.5], [1]),
        ([0.5, 0.6], [1]),
        ([0.5, 1.2], [1, 0]),
        ([0.5, np.nan], [1, 0]),
        ([0.5, 0.6], [1, 2]),
    ],
)
def test_what_is_no_forecast_is_refused(
    confidence: list[float], right: list[int]
) -> None:
    with pytest.raises(ValueError, match="forecasts"):
        calibration(np.array(confidence), np.array(right), seed=0)


def test_the_order_of_the_rows_changes_nothing() -> None:
    confidence, right = forecasts(200)
    one, other = (
        calibration(confidence[::step], right[::step], seed=1, draws=99)
        for step in (1, -1)
    )
    assert (one.limit, one.level, one.p) == (other.limit, other.level, other.p)
