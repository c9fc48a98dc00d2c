"""The simulation of answers for a paper: the truth of its papers, and what counts as wrong."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from bench.core.answers import AsAWhole
from research.calibrate.whole import (
    SCENARIOS,
    TOLERANCE,
    Bank,
    Scenario,
    section,
    simulate,
    wrong_of,
)


def bank(spread: float) -> Bank:
    """Three tables, three models, 300 repeats; a leak is worth two points to one model."""
    fits = 80 + np.random.default_rng(1).normal(0, spread, (3, 3, 300))
    leak = fits + np.array([0.0, 2.0, 0.0])[:, None]
    return Bank({"ours": fits, "other": fits - 1.0, "leak": leak})


@pytest.mark.parametrize(
    ("scenario", "truth"),
    [
        (Scenario("as it is"), [0.0, 0.0, 0.0]),
        (Scenario("off", aim=-1.0), [-1.0, -1.0, -1.0]),
        (Scenario("others", ("other",) * 3), [1.0, 1.0, 1.0]),
        (Scenario("others, on average 0", ("other",) * 3, aim=0.0), [0.0, 0.0, 0.0]),
        (Scenario("leak", ("ours", "leak", "ours")), [0.0, -2.0, 0.0]),
        (Scenario("one model", shifts=(-3.0, 0.0, 0.0)), [-3.0, 0.0, 0.0]),
    ],
)
def test_the_truth_of_a_paper(scenario: Scenario, truth: list[float]) -> None:
    assert scenario.truth(bank(1.0)).tolist() == pytest.approx(truth)


@pytest.mark.parametrize(
    ("truth", "wrong"), [(0.0, 3), (-TOLERANCE, 5), (-2.0, 5), (TOLERANCE, 5)]
)
def test_what_is_wrong(truth: float, wrong: int) -> None:
    said: Counter[AsAWhole | None] = Counter(
        {AsAWhole.HOLDS: 5, AsAWhole.DIFFERS: 3, AsAWhole.OPEN: 9}
    )
    assert wrong_of(said, truth) == wrong


def test_papers_without_noise_are_all_told_right() -> None:
    quiet = bank(0.0)
    for scenario in (SCENARIOS[0], SCENARIOS[3]):
        rates = simulate(scenario, quiet, 5, 10)
        assert (rates.wrong, rates.wrong_model) == (0, 0)
        assert (rates.holds, rates.differs) in ((10, 0), (0, 10))
    assert section([simulate(SCENARIOS[0], quiet, 3, 2)]).startswith("## The answer")
