"""Printed numbers and spreads: rounding against decimal arithmetic, accidents against enumeration."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bench.stats.matches import decimals, matches, rounded


class TestRounded:
    @given(st.integers(-(10**6), 10**6), st.integers(0, 3))
    def test_decimal_arithmetic(self, thousandths: int, places: int) -> None:
        exact, unit = Decimal(thousandths) / 1000, Decimal(1).scaleb(-places)
        value = thousandths / 1000
        for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN):
            assert rounded(str(exact.quantize(unit, rounding=rule)), value)
        for off in (-2, 2):
            assert not rounded(str(exact.quantize(unit) + off * unit), value)

    @pytest.mark.parametrize(
        ("printed", "places"),
        [("0.93", 2), ("93", 0), ("93.", 0), (".930", 3), ("-1e-2", 2), ("2E3", 0)],
    )
    def test_decimals(self, printed: str, places: int) -> None:
        assert decimals(printed) == places

    @pytest.mark.parametrize("printed", ["", "n/a", "nan", "inf", "0,93"])
    def test_what_is_no_number(self, printed: str) -> None:
        with pytest.raises(ValueError, match="no printed number"):
            rounded(printed, 0.93)


class TestMatches:
    def test_by_hand(self) -> None:
        """Shares 1/3 and 1: one match for sure, a second with 1/3."""
        one = matches(
            ["0.9", "0.5"],
            np.array([0.7, 0.5]),
            [np.array([0.9, 0.7, 0.1]), np.array([0.5, 0.52])],
            searched=2,
        )
        assert (one.matches, one.n) == (1, 2)
        assert (one.expected, one.p_value, one.p_searched) == pytest.approx(
            (4 / 3, 1, 1)
        )
        both = matches(
            ["0.9", "0.5"],
            np.array([0.9, 0.5]),
            [np.array([0.9, 0.7, 0.1]), np.array([0.5, 0.52])],
            searched=2,
        )
        assert (both.matches, both.p_value, both.p_searched) == (
            2,
            pytest.approx(1 / 3),
            pytest.approx(2 / 3),
        )

    @given(
        st.lists(
            st.lists(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=5
        ),
        st.integers(0, 9),
    )
    @settings(max_examples=40)
    def test_every_draw(self, pools: list[list[int]], printed: int) -> None:
        text, tens = (
            [f"0.{printed}"] * len(pools),
            [np.array(pool) / 10 for pool in pools],
        )
        ours = np.array([pool[0] for pool in tens])
        one = matches(text, ours, tens)
        counts = [sum(value == printed for value in drawn) for drawn in product(*pools)]
        assert one.expected == pytest.approx(np.mean(counts))
        assert one.p_value == pytest.approx(
            np.mean([count >= one.matches for count in counts])
        )

    def test_equal_shares_are_a_binomial(self) -> None:
        pools = [np.array([0.5, 0.1, 0.2, 0.3])] * 8
        one = matches(["0.5"] * 8, np.array([0.5] * 3 + [0.1] * 5), pools)
        assert one.p_value == pytest.approx(stats.binom.sf(2, 8, 0.25))

    @pytest.mark.parametrize(
        "pools", [[], [np.array([0.1])], [np.array([0.1]), np.array([])]]
    )
    def test_what_is_refused(self, pools: list[np.ndarray]) -> None:
        with pytest.raises(ValueError, match="expected one number and a pool"):
            matches(["0.1", "0.2"], np.array([0.1, 0.2]), pools)
