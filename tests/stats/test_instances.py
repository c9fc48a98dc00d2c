"""McNemar and DeLong: against the library, against their definitions, and as error rates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from sklearn.metrics import roc_auc_score

from bench.stats.instances import delong, mcnemar
from bench.stats.ranks import midranks


def by_definition(truth: np.ndarray, a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """z's two parts from all pairs of rows: the difference of areas and its variance (DeLong 1988)."""
    scores = np.array([a, b])
    above = (scores[:, truth][:, :, None] > scores[:, ~truth][:, None, :]).astype(float)
    above += 0.5 * (scores[:, truth][:, :, None] == scores[:, ~truth][:, None, :])
    s = np.cov(above.mean(axis=2)) / truth.sum() + np.cov(above.mean(axis=1)) / (~truth).sum()
    areas = above.mean(axis=(1, 2))
    return float(areas[0] - areas[1]), float(s[0, 0] + s[1, 1] - 2 * s[0, 1])


def a_sample(seed: int, n: int, decimals: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth and two related scores; few decimals make ties."""
    generator = np.random.default_rng(seed)
    truth = generator.random(n) < 0.4
    truth[:4] = [True, True, False, False]
    common = generator.normal(size=n) + truth
    return truth, *np.round(common + generator.normal(size=(2, n)), decimals)


@given(st.integers(0, 10**6), st.integers(6, 40), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_midranks_give_what_all_pairs_give(seed: int, n: int, decimals: int) -> None:
    truth, a, b = a_sample(seed, n, decimals)
    difference, variance = by_definition(truth, a, b)
    if variance > 1e-12:
        one = delong(truth, a, b)
        assert one.auc_a == pytest.approx(roc_auc_score(truth, a))
        assert one.auc_b == pytest.approx(roc_auc_score(truth, b))
        assert one.difference == pytest.approx(difference)
        assert one.se == pytest.approx(np.sqrt(variance))
        assert one.p_value == pytest.approx(2 * stats.norm.sf(abs(difference) / np.sqrt(variance)))
        back = delong(truth, b, a)
        assert (back.low, back.high, back.p_value) == pytest.approx((-one.high, -one.low, one.p_value))


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
@settings(max_examples=60, deadline=None)
def test_mcnemar_is_the_binomial_test(right: np.ndarray) -> None:
    one = mcnemar(*right)
    m = one.only_a + one.only_b
    assert one.difference == pytest.approx(right[0].mean() - right[1].mean())
    if m:
        assert one.p_value == pytest.approx(stats.binomtest(one.only_a, m).pvalue)
    else:
        assert one.p_value == 1
    assert mcnemar(right[1], right[0]).p_value == one.p_value


@given(arrays(float, st.integers(1, 40), elements=st.sampled_from([0.1, 0.2, 0.30000001, 0.3, 5.0])))
@settings(max_examples=60, deadline=None)
def test_midranks(values: np.ndarray) -> None:
    assert (midranks(values) == stats.rankdata(values)).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: mcnemar(np.array([1, 0]), np.array([1, 0])), "booleans"),
        (lambda: mcnemar(np.array([True]), np.array([True, False])), "same rows"),
        (lambda: mcnemar(np.array([], dtype=bool), np.array([], dtype=bool)), "same rows"),
        (lambda: delong(np.array([True, False, False]), np.zeros(3), np.zeros(3)), "two of each"),
        (lambda: delong(np.array([True, False]), np.zeros(3), np.zeros(3)), "of the rows"),
        (lambda: delong(np.array([1, 0]), np.zeros(2), np.zeros(2)), "booleans"),
        (lambda: delong(np.array([True, True, False, False]), np.full(4, np.nan), np.zeros(4)), "finite"),
    ],
)
def test_refusals_are_sentences(call: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()  # type: ignore[operator]
