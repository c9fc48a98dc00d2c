"""Integer arithmetic of printed shares, against every possibility written out."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bench.stats.possible import share_possible, span


@pytest.mark.parametrize(
    ("printed", "ends"),
    [("98.90", (9889, 9891)), ("-1e-2", (-200, 0)), ("1", (0, 20000))],
)
def test_a_span_is_one_unit_either_way(printed: str, ends: tuple[int, int]) -> None:
    whole = 100 if printed == "98.90" else 1
    assert span(printed, whole) == tuple(Fraction(end, 10_000) for end in ends)


@pytest.mark.parametrize("cases", [1, 7, 50])
def test_shares_written_out(cases: int) -> None:
    for thousandth in range(0, 1001, 3):
        within = span(f"{thousandth / 1000:.3f}")
        listed = any(
            within[0] < Fraction(j, cases) < within[1] for j in range(cases + 1)
        )
        assert share_possible(within, cases) == listed, thousandth
