"""The bootstrap over datasets, groups of families, shares that cluster by dataset."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from bench.stats.bootstrap import bootstrap_ranks
from bench.stats.groups import tie_groups
from bench.stats.ranks import rank_rows
from bench.stats.shares import wilson

undecided = st.integers(2, 7).flatmap(
    lambda k: st.tuples(arrays(float, k * (k - 1) // 2, elements=st.sampled_from([0.01, 0.9])),
                        st.permutations(range(k)))
)  # fmt: skip


def resampled(scores: np.ndarray, **options: object) -> object:
    return bootstrap_ranks(
        scores, higher_is_better=True, generator=np.random.default_rng(3), **options
    )  # type: ignore[arg-type]


class TestBootstrap:
    def test_three_datasets_against_all_resamples(self) -> None:
        """27 equally likely resamples, counted one by one."""
        scores = np.array([[0.9, 0.8, 0.1], [0.2, 0.8, 0.9], [0.7, 0.6, 0.8]])
        ranks = rank_rows(scores, higher_is_better=True)
        first = np.zeros(3)
        for draw in product(range(3), repeat=3):
            means = np.round(ranks[list(draw)].mean(axis=0), 9)
            first += (means == means.min()) / (means == means.min()).sum() / 27
        one = bootstrap_ranks(
            scores,
            higher_is_better=True,
            generator=np.random.default_rng(0),
            draws=40_000,
        )
        assert one.p_first == pytest.approx(first, abs=0.012)
        assert one.mean_ranks == pytest.approx(ranks.mean(axis=0))
        assert one.first == (2,)
        assert one.p_stays >= one.p_first[2]

    def test_one_family_always_wins(self) -> None:
        scores = np.column_stack(
            [
                np.linspace(0.8, 0.9, 6),
                np.linspace(0.5, 0.6, 6),
                np.linspace(0.6, 0.5, 6),
            ]
        )
        one = bootstrap_ranks(
            scores, higher_is_better=True, generator=np.random.default_rng(0), draws=500
        )
        assert (one.p_first, one.first, one.p_stays, one.low[0], one.high[0]) == (
            (1, 0, 0),
            (0,),
            1,
            1,
            1,
        )
        worst = bootstrap_ranks(
            scores,
            higher_is_better=False,
            generator=np.random.default_rng(0),
            draws=500,
        )
        assert worst.p_first[0] == 0

    @given(
        arrays(
            float,
            st.tuples(st.integers(2, 8), st.integers(2, 5)),
            elements=st.floats(0, 1, width=16),
        )
    )
    @settings(max_examples=40)
    def test_shares_and_intervals(self, scores: np.ndarray) -> None:
        one = bootstrap_ranks(
            scores, higher_is_better=True, generator=np.random.default_rng(3), draws=200
        )
        assert sum(one.p_first) == pytest.approx(1)
        assert all(
            1 <= low <= high <= scores.shape[1] for low, high in zip(one.low, one.high)
        )
        assert sum(one.p_first[i] for i in one.first) <= one.p_stays + 1e-12

    def test_identical_families_share_the_first_place(self) -> None:
        one = bootstrap_ranks(
            np.tile([[0.5], [0.7]], (1, 4)),
            higher_is_better=True,
            generator=np.random.default_rng(0),
            draws=50,
        )
        assert (one.p_first, one.first, one.p_stays) == ((0.25,) * 4, (0, 1, 2, 3), 1)

    def test_interval_is_near_the_normal_one(self) -> None:
        scores = np.random.default_rng(4).normal(size=(60, 3)) + np.array([0, 0.3, 0.6])
        ranks = rank_rows(scores, higher_is_better=True)
        one = bootstrap_ranks(
            scores, higher_is_better=True, generator=np.random.default_rng(1), level=0.9
        )
        half = 1.645 * ranks.std(axis=0) / np.sqrt(60)
        assert np.subtract(one.high, one.low) / 2 == pytest.approx(half, rel=0.1)

    def test_refusals(self) -> None:
        with pytest.raises(ValueError, match="at least 2 datasets"):
            resampled(np.zeros((1, 3)))
        with pytest.raises(ValueError, match="draws"):
            resampled(np.zeros((3, 3)), draws=0)
        with pytest.raises(ValueError, match="level"):
            resampled(np.zeros((3, 3)), level=95)


class TestGroups:
    @given(undecided)
    @settings(max_examples=100)
    def test_groups_are_the_largest_sets_of_undecided_pairs(
        self, case: tuple[np.ndarray, list[int]]
    ) -> None:
        p, order = case
        k = len(order)
        pairs = list(combinations(range(k), 2))
        joined = {pair for pair, one in zip(pairs, p) if one >= 0.05}
        whole = [
            set(some)
            for size in range(1, k + 1)
            for some in combinations(range(k), size)
            if all(pair in joined for pair in combinations(some, 2))
        ]
        largest = [one for one in whole if not any(one < other for other in whole)]
        answer = tie_groups(p, order, alpha=0.05)
        assert sorted(map(sorted, answer.groups)) == sorted(map(sorted, largest))
        place = {family: at for at, family in enumerate(order)}
        for group in answer.groups:
            assert [place[f] for f in group] == sorted(place[f] for f in group)
        assert [place[g[0]] for g in answer.groups] == sorted(
            place[g[0]] for g in answer.groups
        )
        best = order[0]
        near = {best} | {i + j - best for i, j in joined if best in (i, j)}
        assert answer.with_best == tuple(f for f in order if f in near)

    def test_at_alpha_itself_nothing_differs_significantly(self) -> None:
        assert tie_groups(np.array([0.05]), [1, 0], alpha=0.05).groups == ((1, 0),)
        assert tie_groups(np.array([0.049]), [1, 0], alpha=0.05).groups == ((1,), (0,))

    def test_many_families_take_no_time(self) -> None:
        assert (
            len(tie_groups(np.ones(40 * 39 // 2), list(range(40)), alpha=0.05).groups)
            == 1
        )

    def test_refusals(self) -> None:
        with pytest.raises(ValueError, match="3 pairs"):
            tie_groups(np.ones(2), [0, 1, 2], alpha=0.05)
        with pytest.raises(ValueError, match="best first"):
            tie_groups(np.ones(3), [0, 1, 1], alpha=0.05)
        with pytest.raises(ValueError, match="from 0 to 1"):
            tie_groups(np.array([np.nan]), [0, 1], alpha=0.05)


class TestShares:
    @given(st.integers(0, 30), st.integers(1, 30), st.sampled_from([0.8, 0.95]))
    @settings(max_examples=60)
    def test_wilson_of_the_library(self, hits: int, n: int, level: float) -> None:
        hits = min(hits, n)
        expected = stats.binomtest(hits, n).proportion_ci(level, method="wilson")
        assert wilson(hits / n, n, level=level) == pytest.approx(
            (expected.low, expected.high), abs=1e-12
        )

    def test_refusals(self) -> None:
        with pytest.raises(ValueError, match="above 0"):
            wilson(0.5, 0)
