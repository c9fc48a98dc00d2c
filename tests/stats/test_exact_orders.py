"""Friedman's test and Kendall's tau by counting orders: published tables, all orders one by one, and the library."""

from __future__ import annotations

from itertools import permutations, product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.special import gammaln

from bench.stats.agreement import kendall_tau_b, kendall_test
from bench.stats.friedman_exact import exact_p
from bench.stats.ranks import friedman, rank_rows

#: Chi-square and P(at least as large), as the tables print them (Siegel 1956, table N).
PRINTED = {
    (3, 3): {0.667: 0.944, 2.0: 0.528, 2.667: 0.361, 4.667: 0.194, 6.0: 0.028},
    (4, 3): {
        0.5: 0.931,
        1.5: 0.653,
        2.0: 0.431,
        3.5: 0.273,
        4.5: 0.125,
        6.0: 0.069,
        6.5: 0.042,
        8.0: 0.0046,
    },
    (2, 4): {4.8: 0.208, 5.4: 0.167, 6.0: 0.042},
    (3, 4): {7.0: 0.054, 7.4: 0.033, 8.2: 0.017, 9.0: 0.0017},
}


def one_by_one(ranks: np.ndarray) -> float:
    """The share of all orders within rows whose rank sums spread at least as much."""
    seen = ((2 * ranks).sum(axis=0) ** 2).sum()
    orders = [list(permutations(2 * row)) for row in ranks]
    hits = sum((np.sum(rows, axis=0) ** 2).sum() >= seen for rows in product(*orders))
    return float(hits) / prod(map(len, orders))


class TestFriedman:
    @pytest.mark.parametrize("design", PRINTED)
    def test_the_printed_tables(self, design: tuple[int, int]) -> None:
        """Every chi-square of the table occurs, and its p is the printed one."""
        n, k = design
        found = {}
        for rows in product(permutations(range(k)), repeat=n - 1):
            one = friedman(
                np.array([range(k), *rows], dtype=float), higher_is_better=False
            )
            assert one.null == "exact"
            found[round(one.chi2, 3)] = one.p_value
        for chi2, p in PRINTED[design].items():
            assert found[chi2] == pytest.approx(p, abs=0.0006 if p > 0.01 else 0.00006)

    @given(
        arrays(
            float,
            st.tuples(st.integers(2, 4), st.integers(2, 3)),
            elements=st.sampled_from([0.1, 0.2, 0.3]),
        )
    )
    @settings(max_examples=40)
    def test_every_order_one_by_one(self, table: np.ndarray) -> None:
        ranks = rank_rows(table, higher_is_better=True)
        assert exact_p(ranks) == pytest.approx(one_by_one(ranks))

    def test_five_families_with_ties_one_by_one(self) -> None:
        ranks = rank_rows(
            np.array([[1.0, 2, 2, 3, 4], [2, 1, 3, 3, 3]]), higher_is_better=True
        )
        assert exact_p(ranks) == pytest.approx(one_by_one(ranks))

    def test_orders_drawn_at_random(self) -> None:
        """Ten datasets and four families, where 24^10 orders cannot be gone through: the share of 20 000 drawn."""
        generator = np.random.default_rng(4)
        ranks = rank_rows(
            generator.normal([0.6, 0.3, 0, 0], size=(10, 4)), higher_is_better=True
        )
        drawn = generator.permuted(np.tile(ranks, (20_000, 1, 1)), axis=2).sum(axis=1)
        share = ((drawn**2).sum(axis=1) >= (ranks.sum(axis=0) ** 2).sum() - 1e-9).mean()
        p = exact_p(ranks)
        assert p is not None
        assert abs(p - share) < 4 * np.sqrt(p * (1 - p) / 20_000)

    def test_it_holds_its_level(self) -> None:
        """P(p <= alpha) over all tables of four datasets and three families is at most alpha."""
        p = [
            exact_p(np.array([(1.0, 2, 3), *rows]))
            for rows in product(list(permutations((1.0, 2, 3))), repeat=3)
        ]
        for alpha in sorted(set(p)):  # type: ignore[type-var]
            assert np.mean([one <= alpha for one in p]) == pytest.approx(alpha)  # type: ignore[operator]

    def test_columns_and_scores_may_change_places(self) -> None:
        table = np.random.default_rng(6).random((6, 4))
        one = friedman(table, higher_is_better=True)
        for other in (table[:, ::-1], table[::-1], np.exp(table)):
            assert friedman(other, higher_is_better=True).p_value == pytest.approx(
                one.p_value
            )

    def test_many_orders_are_left_to_f(self) -> None:
        table = np.random.default_rng(1).random((30, 8))
        one = friedman(table, higher_is_better=True)
        assert (one.null, one.p_value) == ("iman_davenport", one.p_f)
        assert (
            exact_p(
                rank_rows(
                    np.random.default_rng(1).random((6, 4)), higher_is_better=True
                ),
                most_steps=100,
            )
            is None
        )

    @pytest.mark.parametrize(("n", "k"), [(2, 3), (3, 3), (40, 5), (12, 8)])
    def test_perfect_agreement_is_not_impossible(self, n: int, k: int) -> None:
        """k! of the k!^N orders agree so well."""
        one = friedman(np.tile(np.arange(float(k)), (n, 1)), higher_is_better=True)
        assert (one.f, one.null, one.p_f) == (float("inf"), "exact", one.p_value)
        assert np.log(one.p_value) == pytest.approx((1 - n) * gammaln(k + 1))

    def test_no_family_differs_anywhere(self) -> None:
        one = friedman(np.ones((3, 4)), higher_is_better=True)
        assert (one.chi2, one.p_value, one.null) == (0, 1, "exact")


def all_orders(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Both p-values of Kendall's S, from its value for every order of y."""

    def s(order: tuple[float, ...]) -> float:
        return sum(
            np.sign(x[i] - x[j]) * np.sign(order[i] - order[j])
            for i in range(len(x))
            for j in range(i)
        )

    seen, values = s(tuple(y)), [s(order) for order in permutations(y.tolist())]
    return float(np.mean([abs(v) >= abs(seen) for v in values])), float(
        np.mean([v >= seen for v in values])
    )


class TestKendall:
    @pytest.mark.parametrize(
        ("n", "s", "printed"),
        [
            (4, 6, 0.042),
            (4, 4, 0.167),
            (5, 10, 0.0083),
            (5, 6, 0.117),
            (6, 11, 0.028),
            (8, 16, 0.031),
            (10, 21, 0.036),
        ],
    )
    def test_the_printed_table(self, n: int, s: int, printed: float) -> None:
        """P(S at least as large), Siegel (1956), table Q."""
        order = list(range(n))
        inversions = (n * (n - 1) // 2 - s) // 2
        for last in range(
            n - 1, 0, -1
        ):  # so many inversions, made by moving the largest forward
            moved = min(last, inversions)
            order.insert(last - moved, order.pop(last))
            inversions -= moved
        one = kendall_test(np.arange(n), np.array(order))
        assert one.method == "exact"
        assert one.p_greater == pytest.approx(
            printed, abs=0.0006 if printed > 0.01 else 0.00006
        )
        assert one.p_value == pytest.approx(2 * one.p_greater)

    @given(
        st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=5
        )
    )
    @settings(max_examples=60)
    def test_ties_order_by_order(self, pairs: list[tuple[int, int]]) -> None:
        x, y = np.array(pairs, dtype=float).T
        if len(set(x)) > 1 and len(set(y)) > 1:
            one = kendall_test(x, y)
            assert (one.p_value, one.p_greater) == pytest.approx(all_orders(x, y))
            assert one.tau == pytest.approx(kendall_tau_b(x, y))

    @pytest.mark.parametrize("n", [2, 3, 7, 25, 60])
    def test_the_library_without_ties(self, n: int) -> None:
        generator = np.random.default_rng(n)
        x = generator.random(n)
        y = x + generator.random(n)
        one = kendall_test(x, y)
        for p, side in ((one.p_value, "two-sided"), (one.p_greater, "greater")):
            assert p == pytest.approx(
                stats.kendalltau(x, y, method="exact", alternative=side).pvalue
            )

    def test_the_library_with_ties_and_many_numbers(self) -> None:
        x, y = np.random.default_rng(1).integers(0, 6, size=(2, 40)).astype(float)
        for a, b in ((x, y), np.random.default_rng(2).random((2, 150))):
            one, expected = (
                kendall_test(a, b),
                stats.kendalltau(a, b, method="asymptotic"),
            )
            assert one.method == "normal"
            assert (one.tau, one.p_value) == pytest.approx(
                (expected.statistic, expected.pvalue)
            )

    def test_two_models(self) -> None:
        """Two orders: each is as likely as the other."""
        alike, reversed_ = (
            kendall_test(np.array([1, 2]), np.array([5, 9])),
            kendall_test(np.array([1, 2]), np.array([9, 5])),
        )
        assert (alike.tau, alike.p_greater, alike.p_value) == (1, 0.5, 1)
        assert (reversed_.tau, reversed_.p_greater, reversed_.p_value) == (-1, 1, 1)
