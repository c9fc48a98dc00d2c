"""The statistics behind the leak detectors: by hand, against slow independent code, and at their level."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import kstest

from bench.stats.file_order import file_order
from bench.stats.nearest import nearest, too_near, two_nn_dimension
from bench.stats.one_feature import beside, binned, dealt, square_errors, wrong_labels
from bench.stats.permutation import permutation_test, shuffled_within
from bench.stats.two_samples import apart, place_and_spread


class TestPermutation:
    def test_positions_stay_in_their_stratum(self) -> None:
        label = np.array([2, 0, 1, 0, 2, 2])
        order = shuffled_within(label, np.random.default_rng(1))
        assert sorted(order) == list(range(6))
        assert (label[order] == label).all()

    def test_all_orders_are_as_likely(self) -> None:
        rng = np.random.default_rng(2)
        seen = [
            tuple(shuffled_within(np.zeros(3, dtype=int), rng)) for _ in range(1200)
        ]
        counts = [seen.count(one) for one in set(seen)]
        assert len(counts) == 6 and min(counts) > 150  # 200 expected each, sd 13

    def test_p_by_enumeration(self) -> None:
        """Of the 24 orders of 4 numbers one is sorted: sum of i x_i is as large in 1/24."""
        x = np.array([1.0, 2, 3, 4])
        one = permutation_test(
            lambda o: float(x[o] @ np.arange(4)), np.zeros(4), permutations=4000, seed=3
        )
        assert one.statistic == 20 and one.usual == pytest.approx(15, abs=0.2)
        assert one.p_value == pytest.approx(1 / 24, abs=0.012)

    def test_equal_values_are_no_finding(self) -> None:
        assert (
            permutation_test(
                lambda o: 0.1 + 0.2, np.zeros(5), permutations=19, seed=1
            ).p_value
            == 1.0
        )


class TestNearest:
    X = np.random.default_rng(4).normal(size=(700, 4)) + 100

    def test_against_all_distances(self) -> None:
        query = np.arange(0, 700, 7)
        found = nearest(self.X, query, 3)
        every = cdist(self.X[query], self.X)
        every[np.arange(len(query)), query] = np.inf
        assert found.row.tolist() == np.argsort(every, axis=1)[:, :3].tolist()
        assert found.distance == pytest.approx(np.sort(every, axis=1)[:, :3], abs=1e-12)

    def test_a_copy_too_near_for_a_matrix_product(self) -> None:
        X = np.vstack([self.X, self.X[5] + 1e-9])
        assert nearest(X, np.array([5]), 2).distance[0, 0] == pytest.approx(
            2e-9, rel=1e-3
        )

    @pytest.mark.parametrize("d", [1, 3, 6])
    def test_dimension(self, d: int) -> None:
        """Rows in a plane of d dimensions, turned into ten; near the edges the estimate is low for d > 3."""
        rng = np.random.default_rng(d)
        X = rng.random((1500, d)) @ rng.normal(size=(d, 10))
        found = nearest(X, np.arange(1500), 2).distance
        # Less two standard errors, and low where most rows are near an edge.
        assert d * 0.75 < two_nn_dimension(found[:, 0], found[:, 1]) <= d * 1.02

    def test_copies_lower_the_dimension_by_a_little(self) -> None:
        """Two rows in ten have a copy: all ratios together would say 1."""
        X = np.random.default_rng(5).random((1000, 4))
        X[900:] = X[:100] + 1e-6
        found = nearest(X, np.arange(1000), 2).distance
        assert 2.4 < two_nn_dimension(found[:, 0], found[:, 1]) < 4.1

    @pytest.mark.parametrize("k", [2, 3, 5])
    def test_uniform_where_rows_are_independent(self, k: int) -> None:
        X = np.random.default_rng(6).random((3000, 2))
        inner = np.flatnonzero((np.abs(X - 0.5) < 0.45).all(axis=1))[::6]
        found = nearest(X, inner, k).distance
        assert (
            kstest(too_near(found[:, 0], found[:, k - 1], k, 2.0), "uniform").pvalue
            > 0.01
        )


class TestOneFeature:
    def test_bins_by_hand(self) -> None:
        X = np.array(
            [[3.0, 1.0], [1.0, 2.0], [1.0, np.nan], [2.0, 3.0], [5.0, 4.0], [4.0, 4.0]]
        )
        assert binned(X, 3).T.tolist() == [[1, 0, 0, 1, 2, 2], [0, 0, -1, 1, 1, 1]]
        assert binned(X[:, [1]], 4).ravel().tolist() == [0, 1, -1, 2, 3, 3]

    def test_votes_against_a_loop(self) -> None:
        rng = np.random.default_rng(7)
        bins, y, fold = (
            rng.integers(-1, 4, (60, 3)),
            rng.integers(0, 3, 60),
            dealt(60, 1),
        )
        slow = np.empty((60, 3), dtype=bool)
        for i in range(60):
            others = fold != fold[i]
            for j in range(3):
                mine = y[others & (bins[:, j] == bins[i, j])]
                mine = mine if len(mine) else y[others]
                slow[i, j] = np.bincount(mine).argmax() != y[i]
        assert (wrong_labels(bins, y, fold) == slow).all()

    def test_means_against_a_loop(self) -> None:
        rng = np.random.default_rng(8)
        bins, y, fold = rng.integers(0, 4, (50, 2)), rng.normal(size=50), dealt(50, 1)
        slow = [[(y[(fold != fold[i]) & (bins[:, j] == bins[i, j])].mean() - y[i]) ** 2 for j in (0, 1)]
                for i in range(50)]  # fmt: skip
        assert square_errors(bins, y, fold) == pytest.approx(np.array(slow))


class TestBeside:
    def test_by_hand(self) -> None:
        """In order 1, 2, 4, 4.5, 9: the neighbours are 2, 1, 4.5, 4, 4.5; the row without a value has none."""
        values, y = (
            np.array([4.0, 1.0, 9.0, 2.0, 4.5, np.nan]),
            np.array([0, 1, 1, 0, 0, 1]),
        )
        assert beside(values, y, 1, labels=True).tolist() == [0, 1, 1, 1, 0, 1]
        numbers = np.array([0.0, 1.0, 3.0, 5.0, 2.0, 1.0])
        assert beside(values, numbers, 1, labels=False).tolist() == [
            2.0,
            8.0,
            0.5,
            8.0,
            2.0,
            1.0,
        ]

    def test_no_lower_than_the_best_rule(self) -> None:
        """Two normals 2.33 apart: the best rule errs in 12.2 %; a line with noise of variance 1: halves of 1."""
        rng = np.random.default_rng(2)
        y = np.arange(20_000) % 2
        x = rng.normal(size=y.size) + 2.33 * y
        assert 0.12 < beside(x, y, 1, labels=True).mean() < 0.244
        assert beside(
            x, x + rng.normal(size=y.size), 1, labels=False
        ).mean() == pytest.approx(1, abs=0.03)


class TestFileOrder:
    def test_level(self) -> None:
        rng = np.random.default_rng(9)
        p = [
            one.p_value
            for i in range(200)
            if (
                one := file_order(
                    rng.normal(size=(40, 3)),
                    rng.integers(2, size=40),
                    permutations=99,
                    seed=i,
                )
            )
        ]
        assert len(p) == 200
        assert 0.01 <= np.mean(np.array(p) <= 0.05) <= 0.1
        assert np.mean(p) == pytest.approx(0.5, abs=0.08)

    def test_size_is_the_share_that_neighbours_have_in_common(self) -> None:
        rng = np.random.default_rng(10)
        X = np.sqrt(0.5) * (
            rng.normal(size=(200, 2)).repeat(10, axis=0) + rng.normal(size=(2000, 2))
        )
        one = file_order(X, np.zeros(2000), permutations=99, seed=1)
        assert one is not None and one.p_value == 0.01
        # Half of the variance in nine of ten steps.
        assert one.closer == pytest.approx(0.45, abs=0.04)
        assert one.by_feature == pytest.approx([0.45, 0.45], abs=0.08)

    def test_nothing_to_shuffle(self) -> None:
        assert file_order(np.zeros((9, 2)), np.zeros(9), seed=1) is None
        assert file_order(np.eye(4), np.array([0, 0, 1, 1]), seed=1) is None


class TestTwoSamples:
    def test_level_over_many_columns(self) -> None:
        rng, p = np.random.default_rng(11), []
        for i in range(200):
            scores, _ = place_and_spread(rng.normal(size=(60, 8)))
            one = apart(
                scores, np.arange(60) < 20, np.arange(60), permutations=99, seed=i
            )
            assert one is not None
            p.append(one.p_value)
        assert 0.01 <= np.mean(np.array(p) <= 0.05) <= 0.1

    def test_place_spread_and_gaps_are_seen(self) -> None:
        rng = np.random.default_rng(12)
        for column in range(3):
            X = rng.normal(size=(200, 3))
            X[:100, 0] += 2 * (column == 0)
            X[:100, 1] *= 6 if column == 1 else 1
            X[:40, 2] = np.nan if column == 2 else X[:40, 2]
            scores, of = place_and_spread(X)
            one = apart(scores, np.arange(200) < 100, np.arange(200), seed=1)
            assert one is not None and one.p_value == 0.001
            assert of[one.p_of_column.argmin()] == column

    def test_groups_change_sides_whole(self) -> None:
        """Six groups, three on each side, 20 ways to divide them: rows as units would find what is no difference."""
        rng = np.random.default_rng(13)
        X = (rng.normal(size=(6, 1)) * 3).repeat(30, axis=0) + rng.normal(size=(180, 1))
        scores, second, group = (
            place_and_spread(X)[0],
            np.arange(180) >= 90,
            np.arange(180) // 30,
        )
        rows, groups = (
            apart(scores, second, units, seed=1) for units in (np.arange(180), group)
        )
        assert rows is not None and groups is not None
        assert rows.p_value <= 0.01 and groups.p_value > 0.04

    def test_too_few_units(self) -> None:
        assert (
            apart(
                np.ones((4, 1)),
                np.array([True, True, False, False]),
                np.arange(4),
                seed=1,
            )
            is None
        )
        assert (
            apart(np.eye(3), np.array([True, False, False]), np.arange(3), seed=1)
            is None
        )
