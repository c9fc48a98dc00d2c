"""McNemar and DeLong: against the library, against their definitions, and as error rates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize, stats
from sklearn.metrics import roc_auc_score

from bench.stats.instances import accuracy_difference, delong, mcnemar
from bench.stats.ranks import midranks


def by_definition(
    truth: np.ndarray, a: np.ndarray, b: np.ndarray
) -> tuple[float, float]:
    """z's two parts from all pairs of rows: the difference of areas and its variance (DeLong 1988)."""
    scores = np.array([a, b])
    above = (scores[:, truth][:, :, None] > scores[:, ~truth][:, None, :]).astype(float)
    above += 0.5 * (scores[:, truth][:, :, None] == scores[:, ~truth][:, None, :])
    s = (
        np.cov(above.mean(axis=2)) / truth.sum()
        + np.cov(above.mean(axis=1)) / (~truth).sum()
    )
    areas = above.mean(axis=(1, 2))
    return float(areas[0] - areas[1]), float(s[0, 0] + s[1, 1] - 2 * s[0, 1])


def a_sample(
    seed: int, n: int, decimals: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth and two related scores; few decimals make ties."""
    generator = np.random.default_rng(seed)
    truth = generator.random(n) < 0.4
    truth[:4] = [True, True, False, False]
    common = generator.normal(size=n) + truth
    return truth, *np.round(common + generator.normal(size=(2, n)), decimals)


@given(st.integers(0, 10**6), st.integers(6, 40), st.integers(0, 3))
@settings(max_examples=60)
def test_midranks_give_what_all_pairs_give(seed: int, n: int, decimals: int) -> None:
    truth, a, b = a_sample(seed, n, decimals)
    difference, variance = by_definition(truth, a, b)
    if variance > 1e-12:
        one = delong(truth, a, b)
        assert one.auc_a == pytest.approx(roc_auc_score(truth, a))
        assert one.auc_b == pytest.approx(roc_auc_score(truth, b))
        assert one.difference == pytest.approx(difference)
        assert one.se == pytest.approx(np.sqrt(variance))
        assert one.p_value == pytest.approx(
            2 * stats.norm.sf(abs(difference) / np.sqrt(variance))
        )
        back = delong(truth, b, a)
        assert (back.low, back.high, back.p_value) == pytest.approx(
            (-one.high, -one.low, one.p_value)
        )


def test_any_monotone_change_of_scores_changes_nothing() -> None:
    truth, a, b = a_sample(1, 200, 6)
    assert delong(truth, a, b) == delong(truth, np.exp(a), b**3)


def test_equal_scores_and_no_variance() -> None:
    truth, a, _ = a_sample(2, 30, 1)
    one = delong(truth, a, a)
    assert (one.difference, one.p_value, one.low, one.high) == (0, 1, 0, 0)
    with pytest.raises(ValueError, match="without any variance"):
        delong(truth, truth.astype(float), np.zeros(30))


def test_error_rate_of_delong() -> None:
    generator, rejected, runs = np.random.default_rng(31), 0, 1500
    truth = np.arange(150) < 60
    for _ in range(runs):
        common = generator.normal(size=150) + truth
        one = delong(truth, *(common + generator.normal(size=(2, 150))))
        rejected += one.p_value < 0.05
    assert 0.035 < rejected / runs < 0.065


@given(arrays(bool, st.tuples(st.just(2), st.integers(1, 60))))
@settings(max_examples=60)
def test_mcnemar_is_the_binomial_test(right: np.ndarray) -> None:
    one = mcnemar(*right)
    m = one.only_a + one.only_b
    assert one.difference == pytest.approx(right[0].mean() - right[1].mean())
    if m:
        assert one.p_value == pytest.approx(stats.binomtest(one.only_a, m).pvalue)
    else:
        assert one.p_value == 1
    assert mcnemar(right[1], right[0]).p_value == one.p_value


@given(
    arrays(
        float,
        st.integers(1, 40),
        elements=st.sampled_from([0.1, 0.2, 0.30000001, 0.3, 5.0]),
    )
)
@settings(max_examples=60)
def test_midranks(values: np.ndarray) -> None:
    assert (midranks(values) == stats.rankdata(values)).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: mcnemar(np.array([1, 0]), np.array([1, 0])), "booleans"),
        (lambda: mcnemar(np.array([True]), np.array([True, False])), "same rows"),
        (
            lambda: mcnemar(np.array([], dtype=bool), np.array([], dtype=bool)),
            "same rows",
        ),
        (
            lambda: delong(np.array([True, False, False]), np.zeros(3), np.zeros(3)),
            "two of each",
        ),
        (
            lambda: delong(np.array([True, False]), np.zeros(3), np.zeros(3)),
            "of the rows",
        ),
        (lambda: delong(np.array([1, 0]), np.zeros(2), np.zeros(2)), "booleans"),
        (
            lambda: delong(
                np.array([True, True, False, False]), np.full(4, np.nan), np.zeros(4)
            ),
            "finite",
        ),
    ],
)
def test_refusals_are_sentences(call: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()  # type: ignore[operator]


def rows(only_a: int, only_b: int) -> tuple[np.ndarray, np.ndarray]:
    a = np.repeat([True, False], [only_a, only_b])
    return a, ~a


class TestOneTestSet:
    @pytest.mark.parametrize(
        ("only_a", "only_b"), [(0, 1), (5, 0), (7, 1), (12, 12), (30, 45)]
    )
    def test_mcnemar_is_the_binomial_test(self, only_a: int, only_b: int) -> None:
        expected = stats.binomtest(only_a, only_a + only_b).pvalue
        assert mcnemar(*rows(only_a, only_b)).p_value == pytest.approx(expected)

    def test_mcnemar_where_one_wins_nearly_all(self) -> None:
        """1332 against 6: 2 P(X <= 6) is about 1e-386, below the smallest double; it is 0 and nothing else."""
        assert mcnemar(*rows(1332, 6)).p_value == 0
        assert mcnemar(*rows(6, 1332)).p_value == 0
        assert mcnemar(*rows(900, 6)).p_value == pytest.approx(
            stats.binomtest(6, 906).pvalue, rel=1e-9
        )

    @pytest.mark.parametrize(
        ("only_a", "only_b", "n", "level", "printed"),
        [(1, 7, 21, 0.95, (-0.517, -0.026)), (28, 25, 618, 0.9, (-0.0148, 0.0247))],
    )
    def test_the_r_package(
        self,
        only_a: int,
        only_b: int,
        n: int,
        level: float,
        printed: tuple[float, float],
    ) -> None:
        """`PropCIs::scoreci.mp`, whose difference is the second count less the first."""
        assert accuracy_difference(only_a, only_b, n, level=level) == pytest.approx(
            printed, abs=0.0005
        )

    @pytest.mark.parametrize(
        ("only_a", "only_b", "n"), [(12, 2, 50), (4, 0, 9), (0, 0, 10), (1332, 6, 2000)]
    )
    def test_the_likelihood_itself(self, only_a: int, only_b: int, n: int) -> None:
        """At each end the score statistic is 1.96, with q found by a search."""
        for end in accuracy_difference(only_a, only_b, n):

            def unlikely(q: float, end: float = end) -> float:
                cells = np.array([q + end, q, 1 - 2 * q - end])
                return -float(
                    stats.multinomial.logpmf(
                        [only_a, only_b, n - only_a - only_b], n, cells / cells.sum()
                    )
                )

            q = optimize.minimize_scalar(
                unlikely,
                bounds=(max(0, -end), (1 - end) / 2),
                method="bounded",
                options={"xatol": 1e-12},
            ).x
            z = (only_a - only_b - n * end) / np.sqrt(n * (2 * q + end * (1 - end)))
            assert abs(z) == pytest.approx(stats.norm.ppf(0.975), rel=1e-3)

    @given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 40))
    @settings(max_examples=80)
    def test_it_turns_with_the_families_and_holds_the_difference(
        self, only_a: int, only_b: int, more: int
    ) -> None:
        n = only_a + only_b + more
        low, high = accuracy_difference(only_a, only_b, n)
        assert -1 <= low < (only_a - only_b) / n < high <= 1
        assert accuracy_difference(only_b, only_a, n) == pytest.approx((-high, -low))
        if (
            only_a != only_b
        ):  # without 0 exactly when McNemar's z, uncorrected, is beyond 1.96
            beyond = abs(only_a - only_b) / np.sqrt(only_a + only_b) > stats.norm.ppf(
                0.975
            )
            assert (low > 0 or high < 0) == beyond

    @pytest.mark.parametrize(("p_a", "p_b"), [(0.1, 0.1), (0.3, 0.02)])
    def test_it_covers(self, p_a: float, p_b: float) -> None:
        """The chance of all outcomes of 25 rows whose interval holds the truth."""
        covered, n = 0.0, 25
        for a in range(n + 1):
            for b in range(n + 1 - a):
                chance = stats.multinomial.pmf(
                    [a, b, n - a - b], n, [p_a, p_b, 1 - p_a - p_b]
                )
                if chance > 1e-7:
                    low, high = accuracy_difference(a, b, n)
                    covered += chance * (low <= p_a - p_b <= high)
        assert 0.93 < covered < 0.985

    @pytest.mark.parametrize("counts", [(-1, 2, 5), (3, 3, 5), (0, 0, 0)])
    def test_what_are_no_rows(self, counts: tuple[int, int, int]) -> None:
        with pytest.raises(ValueError, match="rows: expected counts"):
            accuracy_difference(*counts)
