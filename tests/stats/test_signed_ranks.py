"""Wilcoxon's signed ranks, signs and wins over datasets: against brute force, the library, and their own promises."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from bench.stats.bayes_ranks import bayes_signed_rank
from bench.stats.shares import sign_test, wilson
from bench.stats.signed_ranks import (
    EXACT_LIMIT,
    decidable,
    sign_patterns,
    signed_rank,
    smallest_p,
)

#: Differences in steps of .01, so that ties and zeros are common.
coarse = arrays(int, st.integers(2, 10), elements=st.integers(-4, 4)).map(
    lambda d: d / 100
)


def by_brute_force(d: np.ndarray) -> float:
    """Two-sided p from all sign patterns, with ranks of the library."""
    zeros = np.flatnonzero(np.round(d, 9) == 0)
    d = np.delete(np.round(d, 9), zeros[: len(zeros) % 2])
    ranks = stats.rankdata(np.abs(d))[d != 0]
    observed = ranks[d[d != 0] > 0].sum()
    sums = [np.dot(signs, ranks) for signs in product((0, 1), repeat=len(ranks))]
    up = np.mean([s >= observed - 1e-9 for s in sums])
    down = np.mean([s <= observed + 1e-9 for s in sums])
    return min(1.0, 2 * min(up, down))


@given(coarse)
@settings(max_examples=100)
def test_exact_p_is_the_share_of_sign_patterns(d: np.ndarray) -> None:
    one = signed_rank(0.5 + d, np.full(len(d), 0.5))
    assert one.p_value == pytest.approx(by_brute_force(d), abs=1e-12)
    assert one.r_plus + one.r_minus == pytest.approx(one.n * (one.n + 1) / 2)
    assert one.n == len(d) - one.dropped
    assert one.p_value >= smallest_p(one.n - one.zeros) - 1e-15
    back = signed_rank(np.full(len(d), 0.5), 0.5 + d)
    assert (back.p_value, back.r_plus) == (one.p_value, one.r_minus)


@pytest.mark.parametrize("n", [2, 5, 14, 30, 50])
def test_equals_the_library_where_nothing_is_tied(n: int) -> None:
    a, b = np.random.default_rng(n).normal(size=(2, n))
    one, other = signed_rank(a, b), stats.wilcoxon(a, b, method="exact")
    assert one.statistic == other.statistic
    assert one.p_value == pytest.approx(other.pvalue, rel=1e-12)
    assert one.p_greater == pytest.approx(
        stats.wilcoxon(a, b, method="exact", alternative="greater").pvalue, rel=1e-12
    )
    assert one.exact


def test_beyond_fifty_it_is_the_normal_approximation_with_ties() -> None:
    generator = np.random.default_rng(3)
    d = generator.integers(1, 20, size=80) * generator.choice([-1, 1], 80) / 100
    one, other = (
        signed_rank(d, np.zeros(80)),
        stats.wilcoxon(d, method="asymptotic", correction=False),
    )
    assert one.p_value == pytest.approx(other.pvalue, rel=1e-12)
    assert not one.exact


def test_the_library_with_zeros_split() -> None:
    """Rank sums are those of zero_method="zsplit" for an even number of zeros; an odd one is left out first."""
    d = np.array([0.0, 0.0, 0.1, -0.2, 0.3, 0.4, 0.5])
    one = signed_rank(d, np.zeros(7))
    assert one.statistic == stats.wilcoxon(d, zero_method="zsplit").statistic
    odd = signed_rank(np.append(d, 0.0), np.zeros(8))
    assert (odd.n, odd.zeros, odd.dropped, odd.statistic) == (7, 2, 1, one.statistic)


def test_nothing_but_zeros() -> None:
    one = signed_rank(np.ones(3), np.ones(3))
    assert (one.p_value, one.p_greater, one.n, one.zeros) == (1, 1, 2, 2)


def test_float_noise_makes_no_order() -> None:
    """Four differences of .1 are one tie, whatever floats say."""
    a, b = np.array([0.81, 0.72, 0.3, 1.1]), np.array([0.71, 0.62, 0.2, 1.0])
    assert len(np.unique(a - b)) > 1
    one = signed_rank(a, b)
    assert (one.r_plus, one.p_value) == (10, 0.125)


def test_counts_of_patterns_are_whole() -> None:
    counts = sign_patterns(np.arange(1, EXACT_LIMIT + 1))
    assert counts.sum() == 2.0**EXACT_LIMIT
    assert (counts == np.floor(counts)).all()
    assert (counts == counts[::-1]).all()
    with pytest.raises(ValueError, match="at most 50"):
        sign_patterns(np.arange(1, EXACT_LIMIT + 2))


def test_error_rate_with_ties() -> None:
    """Conditional on tied ranks the test still holds 5 %: coarse differences, symmetric about zero."""
    generator, rejected, runs = np.random.default_rng(21), 0, 2000
    for _ in range(runs):
        d = generator.integers(-5, 6, size=14) / 100
        rejected += signed_rank(d, np.zeros(14)).p_value < 0.05
    assert 0.025 < rejected / runs < 0.055


class TestWhatCanBeDecided:
    def test_correction_for_five_families(self) -> None:
        assert decidable(9, 5).can_decide
        assert not decidable(8, 5).can_decide
        assert decidable(8, 5).smallest_adjusted == 10 / 128

    def test_at_alpha_itself_nothing_is_rejected(self) -> None:
        assert not decidable(5, 2, alpha=0.0625).can_decide
        assert decidable(5, 2, alpha=0.0626).can_decide

    @given(st.integers(2, 40), st.integers(2, 30), st.sampled_from([0.01, 0.05, 0.1]))
    @settings(max_examples=60)
    def test_it_is_what_the_best_data_would_give(
        self, n: int, k: int, alpha: float
    ) -> None:
        answer = decidable(n, k, alpha=alpha)
        p = signed_rank(np.arange(1.0, n + 1), np.zeros(n)).p_value
        assert answer.smallest_p == p == smallest_p(n)
        assert answer.can_decide == (p * answer.tests < alpha) == (n >= answer.needed)
        assert answer.tests == k * (k - 1) / 2


class TestSigns:
    @given(coarse, st.sampled_from([0.0, 0.01, 0.02]))
    @settings(max_examples=60)
    def test_against_the_binomial_of_the_library(
        self, d: np.ndarray, margin: float
    ) -> None:
        one = sign_test(0.5 + d, np.full(len(d), 0.5), margin=margin)
        assert one.wins == (np.round(d, 9) > margin).sum()
        assert one.ties == (np.abs(np.round(d, 9)) <= margin).sum()
        if one.n:
            expected = stats.binomtest(one.wins + one.ties // 2, one.n)
            assert one.p_value == pytest.approx(expected.pvalue)

    def test_one_tie_alone(self) -> None:
        one = sign_test(np.array([0.5, 0.5, 0.5]), np.array([0.5, 0.5, 0.5]))
        assert (one.n, one.ties, one.p_value) == (2, 3, 1)

    def test_interval_of_wins(self) -> None:
        expected = stats.binomtest(8, 10).proportion_ci(method="wilson")
        assert wilson(0.8, 10) == pytest.approx((expected.low, expected.high))


class TestBayes:
    def test_by_hand_for_two_equal_differences(self) -> None:
        """z = 0, 1, 1: all pairs but (0, 0) are above the rope, so P(greater) = P(w_0^2 < 1/2), w_0 ~ Beta(1/2, 2)."""
        one = bayes_signed_rank(
            np.ones(2), np.zeros(2), rope=0.1, generator=np.random.default_rng(0)
        )
        exact = stats.beta(0.5, 2).cdf(np.sqrt(0.5))
        assert one.p_greater == pytest.approx(exact, abs=0.01)
        assert one.p_less == 0

    def test_against_an_independent_program(self) -> None:
        """Five differences; baycomp 1.0.3, 400 000 draws in four seeds: P(less) .05158 +- .00035."""
        generator = np.random.default_rng(5)
        a = generator.normal(0.8, 0.05, 5)
        b = a - 0.01 + generator.normal(0, 0.02, 5)
        one = bayes_signed_rank(
            a, b, rope=0.01, generator=np.random.default_rng(1), draws=100_000
        )
        assert one.p_less == pytest.approx(0.05158, abs=0.004)

    @given(coarse, st.sampled_from([0.0, 0.01, 0.02]))
    @settings(max_examples=25)
    def test_regions(self, d: np.ndarray, rope: float) -> None:
        """They sum to 1, and swap with the families."""
        b = np.full(len(d), 0.5)
        draw = {"rope": rope, "draws": 2000}
        one = bayes_signed_rank(0.5 + d, b, generator=np.random.default_rng(4), **draw)  # type: ignore[arg-type]
        two = bayes_signed_rank(b, 0.5 + d, generator=np.random.default_rng(4), **draw)  # type: ignore[arg-type]
        assert (one.p_less, one.p_rope) == (two.p_greater, two.p_rope)
        assert one.p_less + one.p_rope + one.p_greater == pytest.approx(1)

    def test_the_edge_belongs_to_the_rope(self) -> None:
        one = bayes_signed_rank(
            np.array([0.81, 0.72]),
            np.array([0.71, 0.62]),
            rope=0.1,
            generator=np.random.default_rng(0),
        )
        assert one.p_rope == 1

    def test_the_same_generator_gives_the_same_answer(self) -> None:
        a, b = np.random.default_rng(2).random((2, 12))
        answers = [
            bayes_signed_rank(a, b, rope=0.05, generator=np.random.default_rng(7))
            for _ in range(2)
        ]
        assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: signed_rank(np.array([1.0]), np.array([1.0])), "at least 2"),
        (lambda: signed_rank(np.zeros(3), np.zeros(2)), "a has 3 values and b 2"),
        (lambda: signed_rank(np.array([np.nan, 1]), np.zeros(2)), "not finite"),
        (lambda: decidable(3, 1), "k >= 2"),
        (lambda: sign_test(np.zeros(2), np.zeros(2), margin=-1), "margin"),
        (lambda: bayes_signed_rank(np.zeros(2), np.zeros(2), rope=-1, generator=np.random.default_rng(0)), "rope"),
        (lambda: bayes_signed_rank(np.zeros(2), np.zeros(2), rope=0, prior=0, generator=np.random.default_rng(0)),
         "prior"),
    ],
)  # fmt: skip
def test_refusals_are_sentences(call: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()  # type: ignore[operator]
