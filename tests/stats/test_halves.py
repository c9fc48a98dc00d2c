"""Tests on disjoint halves: against the authors' own code, against the likelihood itself, and as error rates."""

from __future__ import annotations

import numpy as np
import pytest
import sharp_cv
from scipy import optimize, stats

from bench.stats.halves import MOST_RHO, carried, conservative_z, sharp, wider
from bench.stats.intervals import corrected_mean


def drawn(
    generator: np.random.Generator, repetitions: int, rho: float, mean: float = 0.0
) -> np.ndarray:
    """(J, 2) values of SHARP's model: correlation rho between repetitions, none within one."""
    return generator.multivariate_normal(
        np.full(2 * repetitions, mean), covariance(repetitions, rho), method="cholesky"
    ).reshape(repetitions, 2)


def covariance(repetitions: int, rho: float) -> np.ndarray:
    matrix = np.full((2 * repetitions, 2 * repetitions), rho)
    for j in range(repetitions):
        matrix[2 * j : 2 * j + 2, 2 * j : 2 * j + 2] = np.eye(2)
    return matrix


def by_likelihood(pairs: np.ndarray, mu: float) -> float:
    """The score statistic from the normal density itself, its matrix as it stands, over a fine search of rho."""
    count, values = pairs.size, pairs.ravel() - mu

    def fitted(rho: float) -> tuple[float, float]:
        matrix = covariance(len(pairs), rho)
        v = float(values @ np.linalg.solve(matrix, values)) / count
        return -stats.multivariate_normal(np.zeros(count), v * matrix).logpdf(
            values
        ), v * matrix.mean()

    grid = np.linspace(0, MOST_RHO, 200)
    best = int(np.argmin([fitted(rho)[0] for rho in grid]))
    ends = (grid[max(best - 1, 0)], grid[min(best + 1, 199)])
    found = optimize.minimize_scalar(
        lambda rho: fitted(rho)[0],
        bounds=ends,
        method="bounded",
        options={"xatol": 1e-12},
    )
    rho = min((found.x, *ends), key=lambda one: fitted(one)[0])
    return float((pairs.mean() - mu) / np.sqrt(fitted(rho)[1]))


class TestSharp:
    def test_by_hand(self) -> None:
        """t = 0 in both rows: Q1 = 4 c^2, Q2 = (.2)^2 / 4 = .01, Q3 = 0; at mu = mean rho is 0, v = .01 / 4."""
        pairs = np.array([[0.2, 0.2], [0.3, 0.3]])
        one = sharp(pairs, mu=0.25)
        assert (one.estimate, one.statistic, one.p_value) == (pytest.approx(0.25), 0, 1)
        assert one.se == pytest.approx(np.sqrt(0.0025 / 4))

    @pytest.mark.parametrize(
        ("repetitions", "rho", "mean"),
        [(2, 0.0, 0), (3, 0.3, 1), (6, 0.1, 0.5), (10, 0.45, 0.3)],
    )
    def test_the_likelihood_itself(
        self, repetitions: int, rho: float, mean: float
    ) -> None:
        generator = np.random.default_rng(repetitions)
        for _ in range(4):
            pairs = drawn(generator, repetitions, rho, mean)
            assert sharp(pairs).statistic == pytest.approx(
                by_likelihood(pairs, 0.0), rel=1e-4
            )

    def test_the_authors_code(self) -> None:
        generator = np.random.default_rng(3)
        for _ in range(60):
            pairs = drawn(
                generator,
                int(generator.integers(2, 31)),
                generator.uniform(0, 0.49),
                generator.normal(),
            )
            level = float(generator.choice([0.8, 0.95]))
            one = sharp(pairs, level=level)
            assert (one.statistic, one.p_value) == pytest.approx(
                sharp_cv.sharp_test(pairs), rel=1e-7
            )
            assert (one.low, one.high) == pytest.approx(
                sharp_cv.sharp_confint(pairs, level), rel=1e-7, abs=1e-9
            )

    @pytest.mark.parametrize(
        ("repetitions", "printed"),
        [(5, "1.6e-03"), (10, "7.7e-06"), (20, "2.5e-10"), (30, "9.5e-15")],
    )
    def test_the_smallest_p_as_the_package_prints_it(
        self, repetitions: int, printed: str
    ) -> None:
        one = sharp(np.full((repetitions, 2), 0.03))
        assert f"{one.p_value:.1e}" == printed
        assert (one.estimate, one.low, one.high) == (0.03, 0.03, 0.03)

    def test_a_level_out_of_reach(self) -> None:
        one = sharp(np.array([[0.1, 0.2], [0.3, 0.2]]), level=0.99)
        assert (one.low, one.high) == (float("-inf"), float("inf"))

    def test_interval_and_p_agree_and_turn_with_the_data(self) -> None:
        pairs = drawn(np.random.default_rng(8), 10, 0.3, 0.4)
        one = sharp(pairs)
        for mu in (one.low, one.high):
            assert sharp(pairs, mu=mu).p_value == pytest.approx(0.05, abs=1e-6)
        turned, scaled = sharp(-pairs[:, ::-1]), sharp(1000 * pairs - 7, mu=-7)
        assert (turned.low, turned.high, turned.p_greater) == pytest.approx(
            (-one.high, -one.low, 1 - one.p_greater)
        )
        assert (scaled.statistic, scaled.low) == pytest.approx(
            (one.statistic, 1000 * one.low - 7)
        )

    def test_error_rate(self) -> None:
        """Under the model a true mean of zero is rejected at most about as often as stated."""
        generator = np.random.default_rng(5)
        hits = [
            sharp(drawn(generator, 10, rho)).p_value < 0.05
            for rho in (0.1, 0.3, 0.45)
            for _ in range(200)
        ]
        assert 0.01 < np.mean(hits) < 0.065


class TestConservativeZ:
    def test_equal_halves(self) -> None:
        pairs = np.full((3, 2), 0.7)
        assert conservative_z(0.8, pairs, mu=0.8).p_value == 1
        one = conservative_z(0.8, pairs)
        assert (one.p_value, one.p_greater, one.low, one.high) == (0, 0, 0.8, 0.8)

    def test_the_mean_of_variances_of_two(self) -> None:
        """(a - b)^2 / 2 is the variance of two values: se^2 is the mean of the pairs' variances."""
        generator = np.random.default_rng(1)
        pairs = generator.normal(size=(10, 2))
        one = conservative_z(1.0, pairs, level=0.9)
        assert one.se == pytest.approx(np.sqrt(pairs.var(axis=1, ddof=1).mean()))
        assert one.p_value == pytest.approx(2 * stats.norm.sf(1 / one.se))
        assert (one.low, one.high) == pytest.approx(
            stats.norm.interval(0.9, 1.0, one.se)
        )

    def test_it_covers_more_than_stated(self) -> None:
        """A mean of n values, its variance taken from means of n / 2."""
        generator = np.random.default_rng(2)
        covered = []
        for _ in range(300):
            values = generator.normal(size=100)
            halves = np.array(
                [
                    generator.permutation(values).reshape(2, 50).mean(axis=1)
                    for _ in range(10)
                ]
            )
            one = conservative_z(values.mean(), halves)
            covered.append(one.low <= 0 <= one.high)
        assert np.mean(covered) > 0.95


def test_the_wider_interval_is_taken() -> None:
    folds = corrected_mean(np.array([0.8, 0.82, 0.79]), test_train_ratio=0.5)
    narrow = conservative_z(folds.estimate, np.array([[0.8, 0.8001]]))
    wide = conservative_z(folds.estimate, np.array([[0.5, 0.9]]))
    assert wider(folds, narrow) == folds
    assert (wider(folds, wide).low, wider(folds, wide).df) == (wide.low, float("inf"))


@pytest.mark.parametrize(
    "halves", [np.zeros(4), np.zeros((3, 3)), np.array([[0.1, np.nan], [0.1, 0.2]])]
)
def test_what_is_no_pair_of_halves(halves: np.ndarray) -> None:
    with pytest.raises(ValueError, match="halves of shape"):
        sharp(halves)
    with pytest.raises(ValueError, match="halves of shape"):
        conservative_z(0.5, halves)
    with pytest.raises(ValueError, match="at least 2"):
        sharp(np.array([[0.1, 0.2]]))


class TestCarried:
    PAIRS = np.random.default_rng(5).normal(0.3, 0.02, (10, 2))

    def test_a_large_difference_has_the_small_p_that_few_halves_cannot_give(
        self,
    ) -> None:
        se = conservative_z(0.3, self.PAIRS).se
        one = carried(0.3, self.PAIRS, se=se / 2, level=0.999)
        assert one.p_value == pytest.approx(2 * stats.t.sf(0.3 / se, 10))
        assert one.p_value < 1e-6 < sharp(self.PAIRS).p_value
        assert one.high - 0.3 == pytest.approx(stats.t.ppf(0.9995, 10) * se)
        assert one.high < sharp(self.PAIRS, level=0.999).high
        assert carried(0.3, self.PAIRS, se=2 * se).p_value == pytest.approx(
            2 * stats.t.sf(0.15 / se, 10)
        ), "never less"

    def test_a_small_one_has_sharps(self) -> None:
        pairs = self.PAIRS - 0.29
        one, test = carried(0.01, pairs, se=0.02), sharp(pairs)
        assert one.p_value == test.p_value < 2 * stats.t.sf(0.5, 10)
        assert one.high - 0.01 == pytest.approx(test.high - test.estimate)
        moved = carried(0.01, pairs, se=0.2, mu=-0.03)
        assert moved.p_greater == pytest.approx(
            sharp(pairs - pairs.mean() + 0.01, mu=-0.03).p_greater
        )

    def test_halves_on_the_other_side_show_nothing(self) -> None:
        assert carried(-0.3, self.PAIRS, se=0.01).p_value == 1.0
        assert carried(0.0, np.zeros((10, 2)), se=0.0).p_value == 1.0

    def test_equal_families_are_hardly_more_often_called_different(self) -> None:
        generator = np.random.default_rng(8)
        drawn_halves = [
            drawn(generator, 10, rho) for rho in (0.1, 0.3, 0.45) for _ in range(200)
        ]
        hits = [
            carried(float(halves.mean()), halves, se=0.0).p_value < 0.05
            for halves in drawn_halves
        ]
        assert 0.02 < np.mean(hits) < 0.065
