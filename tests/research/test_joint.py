"""Several published numbers together: arithmetic, the library, and error rates under dependence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bench.stats.paired import corrected_t
from research.calibrate.joint import common_shift, merged_p

#: Ten splits of three families on one table, which go together from split to split.
SHIFTED = (
    np.random.default_rng(7).normal(size=(10, 1)) * 0.02
    + np.random.default_rng(8).normal(size=(10, 3)) * 0.02
)


class TestCommonShift:
    def test_three_numbers_decide_what_one_does_not(self) -> None:
        """All are off by the same amount: alone p is .07 to .12, together .016."""
        published = SHIFTED.mean(axis=0) + 0.04
        alone = [
            common_shift(SHIFTED[:, [j]], published[[j]]).p_value for j in range(3)
        ]
        together = common_shift(SHIFTED, published)
        assert together.difference == pytest.approx(-0.04)
        assert together.p_value < 0.02 < 0.07 < min(alone)
        assert together.p_less == pytest.approx(together.p_value / 2)
        assert together.p_greater == pytest.approx(1 - together.p_less)

    def test_one_number_of_which_we_know_the_noise(self) -> None:
        """With a published mean of ever more repeats it is the one-sample t test of the row means."""
        one = common_shift(SHIFTED, np.full(3, 0.015), repeats_published=10**12)
        expected = stats.ttest_1samp(SHIFTED.mean(axis=1), 0.015)
        assert one.p_value == pytest.approx(expected.pvalue, rel=1e-6)
        assert (one.low + 0.015, one.high + 0.015) == pytest.approx(
            tuple(expected.confidence_interval()), rel=1e-6
        )

    def test_as_the_paired_test_has_it(self) -> None:
        """A ratio of 1 / r_p is what the published repeats add."""
        one = common_shift(SHIFTED, np.full(3, 0.01), repeats_published=5, level=0.9)
        test = corrected_t(
            SHIFTED.mean(axis=1), np.full(10, 0.01), test_train_ratio=1 / 5, level=0.9
        )
        assert (one.p_value, one.low, one.high, one.se) == pytest.approx(
            (test.p_value, test.low, test.high, test.se)
        )

    def test_rounding_is_given_to_the_paper(self) -> None:
        plain, wide = (
            common_shift(SHIFTED, np.full(3, 0.1), half=half) for half in (0.0, 0.005)
        )
        assert wide.p_value > plain.p_value
        assert (wide.low, wide.high) == pytest.approx(
            (plain.low - 0.005, plain.high + 0.005)
        )
        near = common_shift(SHIFTED, SHIFTED.mean(axis=0) + 0.004, half=0.005)
        assert near.p_value == 1

    @pytest.mark.parametrize(("away", "p"), [(0.0, 1), (0.0004, 1), (0.002, 0)])
    def test_what_never_varies(self, away: float, p: float) -> None:
        assert (
            common_shift(
                np.full((3, 2), 0.7), np.full(2, 0.7 + away), half=0.0005
            ).p_value
            == p
        )

    @pytest.mark.parametrize("shared", [0.0, 0.5, 0.95])
    def test_error_rate(self, shared: float) -> None:
        """Scores that go together by any amount, the published ones of one split of their own."""
        generator = np.random.default_rng(3)
        mix = np.sqrt([shared, 1 - shared])
        hits = []
        for _ in range(1500):
            table = mix[0] * generator.normal(size=(11, 1)) + mix[1] * generator.normal(
                size=(11, 3)
            )
            hits.append(common_shift(table[1:], table[0]).p_value < 0.05)
        assert np.mean(hits) == pytest.approx(0.05, abs=0.017)  # three standard errors

    @pytest.mark.parametrize(
        ("ours", "published", "more", "says"),
        [
            (np.zeros((1, 2)), np.zeros(2), {}, "r >= 2"),
            (np.zeros((3, 2)), np.zeros(3), {}, "k numbers"),
            (np.full((3, 2), np.nan), np.zeros(2), {}, "finite"),
            (np.zeros((3, 2)), np.zeros(2), {"half": -1.0}, "half from 0"),
            (
                np.zeros((3, 2)),
                np.zeros(2),
                {"repeats_published": 0},
                "one repeat or more",
            ),
        ],
    )
    def test_what_is_refused(
        self, ours: np.ndarray, published: np.ndarray, more: dict[str, int], says: str
    ) -> None:
        with pytest.raises(ValueError, match=says):
            common_shift(ours, published, **more)


class TestMergedP:
    @given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
    def test_it_is_a_p_value_that_grows_with_each(self, p: list[float]) -> None:
        one = merged_p(np.array(p))
        assert min(p) <= one <= 1
        assert merged_p(np.minimum(1, np.array(p) + 0.1)) >= one

    def test_the_worst_dependence(self) -> None:
        """p and .05 - p where p is below .05 (Rüschendorf): their mean is always .025 then, twice it exactly .05."""
        u = np.random.default_rng(1).random(20_000)
        other = np.where(u < 0.05, 0.05 - u, u)
        assert stats.kstest(other, "uniform").pvalue > 0.001
        hits = [
            merged_p(np.array(pair)) <= 0.05 + 1e-12
            for pair in zip(u, other, strict=True)
        ]
        assert np.mean(hits) == pytest.approx(0.05, abs=0.005)

    @pytest.mark.parametrize("rho", [-0.45, 0.0, 0.9])
    def test_normal_dependence(self, rho: float) -> None:
        matrix = np.full((3, 3), rho)
        np.fill_diagonal(matrix, 1)
        p = stats.norm.sf(
            np.random.default_rng(2).multivariate_normal(
                np.zeros(3), matrix, size=20_000
            )
        )
        assert np.mean([merged_p(row) <= 0.05 for row in p]) <= 0.05

    @pytest.mark.parametrize(
        "p", [np.array([]), np.array([0.5, 1.2]), np.array([np.nan])]
    )
    def test_what_is_no_p(self, p: np.ndarray) -> None:
        with pytest.raises(ValueError, match="from 0 to 1"):
            merged_p(p)
