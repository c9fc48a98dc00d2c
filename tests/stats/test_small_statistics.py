"""Agreement of two columns, selection, what a design can see, five times two folds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from bench.stats.agreement import kendall_tau_b
from bench.stats.paired import corrected_t
from bench.stats.permutation import permutation_p
from bench.stats.precision import MOST_REPEATS, noise_floor, repeats_needed, resolution
from bench.stats.prediction import expected_max

steps = arrays(int, st.integers(2, 25), elements=st.integers(0, 6)).map(
    lambda x: x / 10
)


class TestAgreement:
    @given(steps, st.integers(0, 1000))
    @settings(max_examples=60)
    def test_tau_of_the_library(self, x: np.ndarray, seed: int) -> None:
        y = np.round(x + np.random.default_rng(seed).integers(-3, 4, len(x)) / 10, 6)
        if np.ptp(x) > 0 and np.ptp(y) > 0:
            assert kendall_tau_b(x, y) == pytest.approx(
                stats.kendalltau(np.round(x, 9), y).statistic
            )

    def test_equal_columns(self) -> None:
        x = np.array([0.81 - 0.71, 0.72 - 0.62, 0.3])
        y = np.array([0.1, 0.1, 0.3])
        assert kendall_tau_b(x, y) == 1

    @pytest.mark.parametrize(
        ("call", "sentence"),
        [
            (lambda: kendall_tau_b(np.ones(3), np.arange(3)), "no order"),
            (lambda: kendall_tau_b(np.arange(3), np.arange(4)), "pairs"),
            (lambda: kendall_tau_b(np.array([np.nan, 1]), np.ones(2)), "not finite"),
        ],
    )  # fmt: skip
    def test_refusals(self, call: object, sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            call()  # type: ignore[operator]


class TestSelection:
    @pytest.mark.parametrize("k", [2, 7, 100])
    def test_by_simulation(self, k: int) -> None:
        largest = np.random.default_rng(k).normal(size=(20_000, k)).max(axis=1)
        assert expected_max(k) == pytest.approx(
            largest.mean(), abs=4 * largest.std() / np.sqrt(20_000)
        )

    def test_by_the_library(self) -> None:
        """The mean of an order statistic by adaptive quadrature of its distribution function."""
        from scipy.integrate import quad

        for k in (1, 4, 37, 5000):
            above, _ = quad(
                lambda x, k=k: -np.expm1(k * stats.norm.logcdf(x)), 0, 12, epsabs=1e-13
            )
            below, _ = quad(lambda x, k=k: stats.norm.cdf(x) ** k, -40, 0, epsabs=1e-13)
            assert expected_max(k) == pytest.approx(above - below, abs=1e-10)

    def test_it_grows_however_many(self) -> None:
        values = [expected_max(k) for k in (1, 2, 3, 10, 10**3, 10**6, 10**9)]
        assert values == sorted(values)
        assert values[0] == 0
        assert values[-1] == pytest.approx(
            6.08, abs=0.02
        )  # sqrt(2 ln k) less the usual correction

    def test_permutation_p_holds_its_level(self) -> None:
        """On noise the rank of the real score is uniform, so P(p <= alpha) <= alpha."""
        generator = np.random.default_rng(5)
        counts = generator.integers(
            0, 20, size=4000
        )  # b of m = 19, uniform under the null
        p = np.array([permutation_p(int(b), 19) for b in counts])
        assert p.min() == 0.05
        assert (p <= 0.05).mean() == pytest.approx(0.05, abs=0.015)

    def test_refusals(self) -> None:
        for b, m in ((0, 0), (5, 4), (-1, 4)):
            with pytest.raises(ValueError, match="0 <= b <= m"):
                permutation_p(b, m)
        with pytest.raises(ValueError, match="k = 0"):
            expected_max(0)


class TestPrecision:
    @given(
        st.floats(1e-4, 0.05),
        st.floats(1e-3, 0.1),
        st.floats(-2, 2),
        st.integers(1, 20),
        st.sampled_from([0.0, 0.0005]),
    )
    @settings(max_examples=100)
    def test_the_fewest_repeats(
        self, sd: float, tolerance: float, share: float, published: int, half: float
    ) -> None:
        theirs, room = sd / np.sqrt(published), abs(abs(share) - 1) * tolerance
        needed = repeats_needed(
            sd, tolerance=tolerance, difference=share * tolerance, published_se=theirs, half=half
        )  # fmt: skip
        q = 0.975 if abs(share) > 1 else 0.95

        def reach(r: int) -> float:
            return float(
                stats.t.ppf(q, r - 1) * sd * np.sqrt(1 / published + 1 / r) + half
            )

        if needed is None:
            assert reach(MOST_REPEATS) >= room - 1e-12
            assert share or noise_floor(theirs, half=half) > room * 0.999
        else:
            assert reach(needed) < room + 1e-12
            assert needed == 2 or reach(needed - 1) >= room - 1e-12
            assert noise_floor(theirs, half=half) < room

    def test_the_floor_of_small_data(self) -> None:
        """200 rows: repeat means vary by .0087, so one printed to three decimals cannot be matched to .01."""
        assert noise_floor(0.0087, half=0.0005) == pytest.approx(0.0148, abs=5e-5)
        assert (
            repeats_needed(0.0087, tolerance=0.01, published_se=0.0087, half=0.0005)
            is None
        )
        assert repeats_needed(0.0, tolerance=0.01, half=0.0005) == 2

    def test_resolution_is_the_edge_of_the_test(self) -> None:
        d = np.random.default_rng(1).normal(size=50)
        d = (d - d.mean()) / d.std(ddof=1) * 0.03
        edge = resolution(0.03, 50, test_train_ratio=1 / 9)
        for factor, found in ((1.001, True), (0.999, False)):
            test = corrected_t(
                d + factor * edge.now, np.zeros(50), test_train_ratio=1 / 9
            )
            assert (test.p_value < 0.05) is found
        assert edge.floor < edge.now
        assert resolution(0.03, 10**7, test_train_ratio=1 / 9).now == pytest.approx(
            edge.floor, rel=1e-5
        )

    @pytest.mark.parametrize(
        ("call", "sentence"),
        [
            (lambda: repeats_needed(0.1, tolerance=0), "tolerance"),
            (lambda: repeats_needed(-0.1, tolerance=1), "sd"),
            (lambda: noise_floor(-0.1), "published_se"),
            (lambda: resolution(0.1, 1, test_train_ratio=0), "2 folds"),
        ],
    )
    def test_refusals(self, call: object, sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            call()  # type: ignore[operator]
