"""The shift between two families over datasets: a printed example, and what it promises beside the test."""

from __future__ import annotations

import numpy as np
import pytest

from bench.stats.signed_ranks import shift, signed_rank

#: Depression scores of nine patients before and after therapy (Hollander & Wolfe 1973, table 3.1).
BEFORE = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
AFTER = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])


def test_hollander_and_wolfe() -> None:
    one = shift(BEFORE, AFTER, level=0.95)
    assert one.estimate == pytest.approx(0.46)
    assert (one.low, one.high) == pytest.approx((0.01, 0.786))


@pytest.mark.parametrize("n", [6, 12, 60])
def test_the_interval_leaves_zero_out_where_the_test_rejects(n: int) -> None:
    generator = np.random.default_rng(n)
    agreed = {True: 0, False: 0}
    for _ in range(60):
        d = generator.normal(0.6 * 2 / np.sqrt(n), 1, n)
        one = shift(d, np.zeros(n), level=0.95)
        assert one.low is not None
        assert one.high is not None
        rejects = signed_rank(d, np.zeros(n)).p_value < 0.05
        assert (one.low > 0 or one.high < 0) == rejects
        agreed[rejects] += 1
    assert min(agreed.values()) > 0


def test_too_few_have_no_interval() -> None:
    one = shift(np.array([0.3, 0.2, 0.4]), np.zeros(3))
    assert one.estimate == pytest.approx(0.3)
    assert one.low is None


def test_no_difference_anywhere() -> None:
    one = shift(np.full(8, 0.5), np.full(8, 0.5))
    assert (one.estimate, one.low, one.high) == (0, 0, 0)
