"""What the statistics must hold on any input, at their edges, and as error rates."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

import bench.stats
from bench.stats.adjust import holm
from bench.stats.bayes import correlated_t
from bench.stats.equivalence import tost
from bench.stats.intervals import corrected_mean
from bench.stats.paired import corrected_t
from bench.stats.ranks import critical_difference, friedman, nemenyi, rank_rows

scores = arrays(float, st.integers(2, 30), elements=st.floats(0, 1, width=32))
probabilities = st.integers(2, 6).flatmap(
    lambda k: st.tuples(
        st.just(k), arrays(float, k * (k - 1) // 2, elements=st.floats(0, 1))
    )
)


@given(scores, st.floats(0, 2), st.randoms())
@settings(max_examples=60)
def test_swapping_the_families_turns_everything(
    a: np.ndarray, ratio: float, random: object
) -> None:
    b = a[::-1].copy()
    one, two = (
        corrected_t(a, b, test_train_ratio=ratio),
        corrected_t(b, a, test_train_ratio=ratio),
    )
    assert one.p_value == pytest.approx(two.p_value)
    assert (one.low, one.high) == pytest.approx((-two.high, -two.low), abs=1e-12)
    assert 0 <= one.p_value <= 1
    left = correlated_t(a, b, test_train_ratio=ratio, rope=0.01)
    right = correlated_t(b, a, test_train_ratio=ratio, rope=0.01)
    assert left.p_less == pytest.approx(right.p_greater)
    assert left.p_less + left.p_rope + left.p_greater == pytest.approx(1)


@given(scores, st.floats(0, 2))
@settings(max_examples=60)
def test_with_no_rope_the_posterior_is_the_one_sided_test(
    a: np.ndarray, ratio: float
) -> None:
    b = np.zeros(len(a))
    test = corrected_t(a, b, test_train_ratio=ratio)
    if test.se > 0:
        assert correlated_t(
            a, b, test_train_ratio=ratio, rope=0
        ).p_less == pytest.approx(test.p_greater, abs=1e-12)


@given(scores)
@settings(max_examples=60)
def test_without_overlap_it_is_the_plain_paired_t(a: np.ndarray) -> None:
    b = np.linspace(0, 1, len(a))
    if np.ptp(a - b) > 1e-6:
        expected = stats.ttest_rel(a, b)
        test = corrected_t(a, b, test_train_ratio=0)
        assert test.statistic == pytest.approx(expected.statistic)
        assert test.p_value == pytest.approx(expected.pvalue)
        interval = expected.confidence_interval(0.95)
        assert (test.low, test.high) == pytest.approx((interval.low, interval.high))


@given(scores, st.floats(0.001, 1), st.floats(0, 1))
@settings(max_examples=60)
def test_equivalence_is_the_ninety_percent_interval_inside(
    a: np.ndarray, margin: float, ratio: float
) -> None:
    answer = tost(a, np.full(len(a), 0.5), margin=margin, test_train_ratio=ratio)
    inside = -margin < answer.low and answer.high < margin
    if min(abs(margin - abs(answer.low)), abs(margin - abs(answer.high))) > 1e-9:
        assert inside == (answer.p_value < 0.05)


@given(probabilities)
@settings(max_examples=60)
def test_adjustments_are_ordered(case: tuple[int, np.ndarray]) -> None:
    """Holm <= Bonferroni, none below the raw p, all in the order of the raw p."""
    _, p = case
    step, slack = holm(p), 1e-12
    assert (p <= step + slack).all()
    assert (step <= np.minimum(1, p * len(p)) + slack).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(step[order]) >= 0).all()


@given(
    arrays(
        float,
        st.tuples(st.integers(2, 8), st.integers(2, 6)),
        elements=st.floats(0, 1, width=16),
    )
)
@settings(max_examples=60)
def test_ranks(table: np.ndarray) -> None:
    ranks = rank_rows(table, higher_is_better=True)
    expected = stats.rankdata(np.round(-table, 9), axis=1)
    assert (ranks == expected).all()
    answer = friedman(table, higher_is_better=True)
    assert sum(answer.mean_ranks) == pytest.approx(
        table.shape[1] * (table.shape[1] + 1) / 2
    )
    assert answer.chi2 >= 0
    assert not np.isnan(answer.f)


def test_friedman_equals_the_library_without_ties() -> None:
    table = np.random.default_rng(2).random((12, 5))
    answer, expected = (
        friedman(table, higher_is_better=True),
        stats.friedmanchisquare(*table.T),
    )
    assert answer.chi2 == pytest.approx(expected.statistic)
    assert answer.p_chi2 == pytest.approx(expected.pvalue)


def test_float_noise_makes_no_ranks() -> None:
    """0.81 - 0.71 and 0.72 - 0.62 are equal, whatever floats say."""
    row = np.array([0.81 - 0.71, 0.72 - 0.62, 0.2])
    assert row[0] != row[1]
    assert rank_rows(np.array([row, row]), higher_is_better=True)[0].tolist() == [
        2.5,
        2.5,
        1,
    ]


def test_every_dataset_agrees() -> None:
    answer = friedman(np.tile([3.0, 2.0, 1.0], (4, 1)), higher_is_better=True)
    assert answer.mean_ranks == (1, 2, 3)
    assert answer.chi2 == pytest.approx(8)
    assert answer.f == float("inf")
    assert answer.p_f == answer.p_value == 6 / 6**4


class TestConstantDifferences:
    def test_zero(self) -> None:
        a = np.array([0.81 - 0.71, 0.3])
        test = corrected_t(a, np.array([0.72 - 0.62, 0.3]), test_train_ratio=0.1)
        assert (test.p_value, test.difference, test.low, test.high) == (
            1.0,
            0.0,
            0.0,
            0.0,
        )
        chances = correlated_t(a, a, test_train_ratio=0.1, rope=0.01)
        assert (chances.p_less, chances.p_rope, chances.p_greater) == (0, 1, 0)
        assert tost(a, a, margin=0.01, test_train_ratio=0.1).p_value == 0

    def test_not_zero(self) -> None:
        a, b = np.array([0.5, 0.6, 0.7]), np.array([0.4, 0.5, 0.6])
        test = corrected_t(a, b, test_train_ratio=0.1)
        assert test.p_value == 0
        assert test.p_greater == 0
        assert (test.low, test.high) == pytest.approx((0.1, 0.1))
        assert correlated_t(a, b, test_train_ratio=0.1, rope=0.01).p_greater == 1
        assert tost(a, b, margin=0.01, test_train_ratio=0.1).p_value == 1


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: corrected_t(np.array([1.0]), np.array([1.0]), test_train_ratio=0),
            "at least 2",
        ),
        (
            lambda: corrected_t(
                np.array([1.0, np.nan]), np.zeros(2), test_train_ratio=0
            ),
            "not finite",
        ),
        (
            lambda: corrected_t(np.zeros(3), np.zeros(2), test_train_ratio=0),
            "a has 3 values and b 2",
        ),
        (
            lambda: corrected_t(np.zeros(2), np.zeros(2), test_train_ratio=-1),
            "n_test / n_train",
        ),
        (
            lambda: corrected_t(np.zeros(2), np.zeros(2), test_train_ratio=0, level=95),
            "between 0 and 1",
        ),
        (lambda: corrected_mean(np.zeros((2, 2)), test_train_ratio=0), "one row"),
        (
            lambda: correlated_t(np.zeros(2), np.zeros(2), test_train_ratio=0, rope=-1),
            "rope",
        ),
        (
            lambda: tost(np.zeros(2), np.zeros(2), margin=0, test_train_ratio=0),
            "margin",
        ),
        (
            lambda: friedman(np.zeros((1, 3)), higher_is_better=True),
            "at least 2 datasets",
        ),
        (
            lambda: friedman(np.full((2, 3), np.nan), higher_is_better=True),
            "not finite",
        ),
        (lambda: critical_difference(1, 5, 0.05), "k >= 2"),
        (lambda: holm(np.array([1.2])), "from 0 to 1"),
        (lambda: holm(np.array([np.nan])), "from 0 to 1"),
    ],
)
def test_refusals_are_sentences(call: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()  # type: ignore[operator]


def test_type_one_error_of_the_corrected_test() -> None:
    """Two equally good families on overlapping folds: the naive t rejects far too often, the corrected one does not.

    Fold differences of 5 x 10 folds with correlation rho = 1/10 between any two, the value the correction assumes.
    """
    generator, rejected, naive, runs = np.random.default_rng(11), 0, 0, 2000
    shared = generator.normal(size=(runs, 1)) * np.sqrt(0.1)
    differences = shared + generator.normal(size=(runs, 50)) * np.sqrt(0.9)
    for d in differences:
        rejected += corrected_t(d, np.zeros(50), test_train_ratio=1 / 9).p_value < 0.05
        naive += stats.ttest_1samp(d, 0).pvalue < 0.05
    assert 0.035 < rejected / runs < 0.065
    assert naive / runs > 0.35


def test_coverage_of_the_corrected_interval() -> None:
    generator, covered, runs = np.random.default_rng(12), 0, 2000
    shared = generator.normal(size=(runs, 1)) * np.sqrt(0.1)
    for values in shared + generator.normal(size=(runs, 50)) * np.sqrt(0.9):
        one = corrected_mean(values, test_train_ratio=1 / 9, level=0.90)
        covered += one.low <= 0 <= one.high
    assert 0.88 < covered / runs < 0.92


def test_family_wise_error_of_all_pairs() -> None:
    """Five equal families' pairwise z tests of mean ranks: every adjustment holds 5 %."""
    generator, runs, k, n = np.random.default_rng(13), 400, 5, 30
    first = {"holm": 0, "nemenyi": 0}
    i, j = np.triu_indices(k, 1)
    for _ in range(runs):
        ranks = rank_rows(generator.random((n, k)), higher_is_better=True).mean(axis=0)
        p = 2 * stats.norm.sf(
            np.abs(ranks[i] - ranks[j]) / np.sqrt(k * (k + 1) / (6 * n))
        )
        first["holm"] += holm(p).min() < 0.05
        first["nemenyi"] += np.ptp(ranks) > critical_difference(k, n, 0.05)
    assert all(count / runs < 0.075 for count in first.values()), first


def test_nemenyi_is_the_critical_difference() -> None:
    distance = critical_difference(4, 14, 0.05)
    assert nemenyi(np.array([1.0, 1.0 + distance, 2.0, 2.0]), 14)[0] == pytest.approx(
        0.05, abs=1e-6
    )


def test_importing_the_statistics_is_light() -> None:
    names = ", ".join(
        f"bench.stats.{module.name}"
        for module in pkgutil.iter_modules(bench.stats.__path__)
    )
    code = f"import sys, {names}, bench.core.metrics; "
    code += "print([m for m in ('sklearn', 'pandas', 'scipy.stats', 'xgboost') if m in sys.modules])"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )
