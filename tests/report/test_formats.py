"""The only rounding in the house: every form has a table of cases."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, ROUND_UP

import pytest

from bench.report.values import Value, gain, percent, quantity, score, show
from bench.text import formats
from bench.text.words import measure

M, T, S = formats.MINUS, formats.THIN, "\N{NO-BREAK SPACE}"
ACCURACY, RMSE = measure("accuracy"), measure("rmse")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.9761, "0.976"),
        (1.0, "1.000"),
        (0.9996, "0.9996"),
        (0.00041, "0.0004"),
        (2.6e-11, "< 0.000001"),
        (1 - 1e-9, "> 0.999999"),
        (1e-17, "0.000"),
        (1 - 1e-15, "1.000"),
        (0.99949, "0.999"),
        (0.0, "0.000"),
        (-0.0001, "0.000"),
        (-0.0, "0.000"),
        (-0.1234, f"{M}0.123"),
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "–"),
    ],
)
def test_score(value: float | None, text: str) -> None:
    assert formats.score(value) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "< 0.001"),
        (0.00099, "< 0.001"),
        (0.001, "0.001"),
        (0.0312, "0.031"),
        (0.0994, "0.099"),
        (0.0996, "0.0996"),
        (0.349, "0.35"),
        (0.9999, "> 0.99"),
        (1.0, "1.00"),
        (None, "–"),
    ],
)
def test_p_value(p: float | None, text: str) -> None:
    assert formats.p_value(p) == text


def test_p_in_running_text() -> None:
    assert [formats.p_equals(p) for p in (0.0001, 0.02, 0.9999)] == [
        "p < 0.001",
        "p = 0.020",
        "p > 0.99",
    ]


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, f"1{T}000"),
        (1234567, f"1{T}234{T}567"),
        (None, "–"),
    ],
)
def test_count(n: int | None, text: str) -> None:
    assert formats.count(n) == text


@pytest.mark.parametrize(
    ("value", "printed", "extra", "text"),
    [
        (98.876, "98.9", 0, "98.9"),
        (98.876, "98.90", 0, "98.88"),
        (98.876, "98.9", 1, "98.88"),
        (99.99, "100", 0, "100"),
        (-0.04, "0.1", 0, "0.0"),
        (-0.594, "96.1", 1, f"{M}0.59"),
        (0.125, "0.00", 0, "0.12"),
        (1.6453e-7, "1.7e-7", 1, f"1.65e{M}7"),
        (195751.4, "2.1e5", 0, "2.0e5"),
        (0.135, "0.00", 0, "0.14"),
        (None, "98.9", 0, "–"),
    ],
)
def test_claims_keep_their_printed_decimals(
    value: float | None, printed: str, extra: int, text: str
) -> None:
    assert formats.as_printed(value, printed, extra) == text


@pytest.mark.parametrize(
    ("printed", "n"),
    [("98.90", 2), ("100", 0), ("1e-3", 3), (".5", 1), ("5.", 0), ("1e3", 0)],
)
def test_decimals_of_a_printed_number(printed: str, n: int) -> None:
    assert formats.decimals_of(printed) == n


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (1e-5, f"1e{M}5"),
        (12345.0, f"12{T}345"),
        (2.5e8, "2.5e8"),
        (-2.5, f"{M}2.5"),
        (0.0, "0"),
        (100.0, "100"),
        (None, "–"),
    ],
)
def test_short(value: float | None, text: str) -> None:
    assert formats.short(value) == text


def test_words() -> None:
    assert formats.plural(1, "fold") == "1 fold"
    assert formats.plural(1200, "family", "families") == f"1{T}200 families"
    assert formats.spelled(3) == "three"
    assert formats.spelled(13) == "13"
    assert [formats.listed(list("abc")[:n]) for n in range(4)] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert formats.share(1, 8) == f"12.5{T}%"
    assert formats.share(1, 0) == "–"
    assert formats.interval(0.1, 0.2, formats.score) == "[0.100, 0.200]"
    assert formats.interval(None, 0.2, formats.score) == ""


def test_a_tie_rounds_up_where_a_paper_would_print_it() -> None:
    shown = [
        formats.as_printed(one, "90.6", rounding=ROUND_HALF_UP)
        for one in (90.45, 89.35, 90.35)
    ]
    assert shown == ["90.5", "89.4", "90.4"]


def test_a_tolerance_that_is_needed_is_rounded_up() -> None:
    needed = 25 - 100 * 195 / 846 + 0.05  # 2.0004: a tolerance of 2 is too little
    shown = [
        formats.as_printed(one, "25.0", 1, rounding=ROUND_UP)
        for one in (needed, 0.95 + 0.05, 0.1 + 0.2)
    ]
    assert shown == ["2.01", "1.00", "0.30"]


def test_an_error_rate_and_its_accuracy_add_up() -> None:
    assert (formats.score(0.1065), formats.score(0.8935)) == ("0.106", "0.894")
    assert [formats.share(n, 2000) for n in (1809, 191)] == [f"90.4{T}%", f"9.6{T}%"]


def test_a_tolerance_is_printed_alike_everywhere() -> None:
    assert [
        formats.tolerance(value) for value in (1.65, 0.7, 1.6499999999, 12.345)
    ] == ["1.65", "0.7", "1.65", "12.3"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (quantity(54.3219), "54.32"),
        (quantity(0.0012345), "0.001234"),
        (quantity(0), "0"),
        (quantity(-3.14159), f"{M}3.142"),
        (quantity(1.5e-7), f"1.500e{M}7"),
        (quantity(2.5e10), "2.500e10"),
        (quantity(None), "–"),
        (quantity(99.996, limits=formats.PERCENT), "99.996"),
        (quantity(54.321, "", 54.316, 54.327), "54.321 [54.316, 54.327]"),
        (quantity(123456.79, "", 123456.19, 123457.39), f"123{T}456.8 [123{T}456.2, 123{T}457.4]"),
        (score(ACCURACY, 0.5275), "0.528"),
        (gain(ACCURACY, 0.0004), f"0.0{S}pp"),
        (gain(ACCURACY, -0.0341), f"{M}3.4{S}pp"),
        (gain(ACCURACY, 0.0015), f"+0.2{S}pp"),
        (gain(ACCURACY, 0.02, 0.0001, 0.05), f"+2.0{S}pp [+0.01, +5.0]"),
        (gain(ACCURACY, 0.02, 0.0, 0.05), f"+2.0{S}pp [0.0, +5.0]"),
        (gain(RMSE.beside(54.3), -0.3149), f"{M}0.31"),
        (gain(RMSE.beside(54.3), 1.0, -0.0012, 2.1), f"+1.00 [{M}0.001, +2.10]"),
        (percent(0.001), f"< 1{T}%"),
        (percent(0.995), f"> 99{T}%"),
        (percent(0.0), f"0{T}%"),
    ],
)  # fmt: skip
def test_a_value_has_the_digits_that_its_kind_and_its_interval_need(
    value: Value, text: str
) -> None:
    assert show(value) == text
