"""Columns made of columns: the language, its refusals with their place, and what may not be made."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.core.errors import DataError
from bench.data.clean import Clean, clean_table
from bench.data.expressions import FUNCTIONS, ExpressionError, parsed
from bench.study.models import DatasetSpec


def raw() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "price": [100.0, 10.0, None, 1000.0, 1.0],
            "rooms": [4, 1, 2, 9, 0],
            "city": ["Rome", "Oslo", "Rome", None, "Bonn"],
            "blood pressure": [1.0, 2.0, 3.0, 4.0, 5.0],
            "day": ["2024-01-31", "2024-02-29", "1970-01-02", None, "2023-12-31"],
            "delay": [0.0, 20.0, 16.0, 15.0, 3.0],
            "y": ["a", "b", "a", "b", "a"],
        }
    )


def cleaned(
    columns: dict[str, str], task: Any = "classification", **spec: Any
) -> Clean:
    whole = {
        "source": {"kind": "csv", "file": "t.csv"},
        "target": "y",
        "types": {"day": "date"},
        "drop": ["day"],
    } | spec
    return clean_table(
        "toy",
        raw(),
        DatasetSpec.model_validate(whole),
        ({"derive": {"make": columns}},),
        task,
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("log10(price) / (rooms + 1)", [0.4, 0.5, None, 0.3, 0.0]),
        ("floor(log10(price))", [2.0, 1.0, None, 3.0, 0.0]),
        ("-(rooms ** 2 % 5)", [-1.0, -1.0, -4.0, -1.0, 0.0]),
        ("price // 3", [33.0, 3.0, None, 333.0, 0.0]),
        ("1 < rooms <= 4", [True, False, True, False, False]),
        (
            'city in ["Rome", "Bonn"] and not rooms > 2',
            [False, False, True, False, True],
        ),
        ("is_null(price) or rooms == 9", [False, False, True, True, False]),
        ('when(city == "Rome", rooms, 0)', [4.0, 0.0, 2.0, None, 0.0]),
        ("when(log10(0 - price) > 0, 1, 0)", [None] * 5),
        ("max(price, rooms) + min(price, 0)", [100.0, 10.0, None, 1000.0, 1.0]),
        ("(rooms - rooms) / (rooms - rooms) > 1", [None] * 5),
        ("fill_null(price, 7) + max(rooms, 2)", [104.0, 12.0, 9.0, 1009.0, 3.0]),
        (
            "year(day) * 100 + month(day)",
            [202401.0, 202402.0, 197001.0, None, 202312.0],
        ),
        ("days(day)", [19753.0, 19782.0, 1.0, None, 19722.0]),
        ('col("blood pressure") * 2', [2.0, 4.0, 6.0, 8.0, 10.0]),
        (
            "day_of_year(day) * day(day) * 9 ** 1",
            [31 * 31 * 9.0, 60 * 29 * 9.0, 2 * 2 * 9.0, None, 365 * 31 * 9.0],
        ),
        ("day(day) * day(day)", [961.0, 841.0, 4.0, None, 961.0]),
        ("abs(1 - length(city)) - length(city)", [-1.0, -1.0, -1.0, None, -1.0]),
        (
            "length(city) - length(lower(city)) - length(city)",
            [-4.0, -4.0, -4.0, None, -4.0],
        ),
        (
            "days(day) * days(day) * days(day)",
            [19753.0**3, 19782.0**3, 1.0, None, 19722.0**3],
        ),
        ("month(day) ** month(day)", [1.0, 4.0, 1.0, None, 12.0**12]),
        ("-(rooms > 2) - (price > 50)", [-2.0, 0.0, None, -2.0, 0.0]),
        ("is_null(price) - is_null(city)", [0.0, 0.0, 1.0, -1.0, 0.0]),
        ("lower(city)", ["rome", "oslo", "rome", None, "bonn"]),
        ('length(city) + when(contains(city, "o"), 1, 0)', [5.0, 5.0, 5.0, None, 5.0]),
    ],
)
def test_numbers_by_hand(text: str, wanted: list[object]) -> None:
    """Of missing cells the answer is missing, but for `is_null` and `fill_null`; so is that of log(-1)."""
    found = cleaned({"new": text}).frame["new"]
    found = found.cast(pl.String) if isinstance(found.dtype, pl.Enum) else found
    for got, value in zip(found, wanted, strict=True):
        if text.startswith("city in") and got is None:
            continue
        assert got == (pytest.approx(value) if isinstance(value, float) else value)


def test_it_is_row_by_row() -> None:
    """Whatever the other rows are: each row alone gives the same."""
    texts = [
        "log(price)",
        "year(day)",
        'when(city == "Rome", 1, 2)',
        "min(rooms, price)",
        "rooms % 3 == 1",
    ]
    frame = raw().with_columns(
        pl.col("day").str.to_date(), pl.col("rooms").cast(pl.Float64)
    )
    for text in texts:
        whole = frame.select(new=parsed(text).made)["new"].to_list()
        assert whole == [
            frame[i].select(new=parsed(text).made)["new"][0]
            for i in range(frame.height)
        ]


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("log(price", 4, "expression"),
        ("price + lgo(rooms)", 9, "did you mean log"),
        ("price + mean(rooms)", 9, "other rows"),
        ("price.abs()", 1, "function"),
        ("__import__('os')", 1, "no function"),
        ("price if rooms else 1", 1, "not part"),
        ("[price for x in rooms]", 1, "not part"),
        ("(lambda: 1)()", 1, "function"),
        ("rooms[0]", 1, "not part"),
        ("when(rooms, 1)", 1, "when(c, x, y)"),
        ("price is None", 1, "is_null"),
        ("city in rooms", 9, "list"),
        ("log(x=price)", 1, "plain arguments"),
        ("price ** " + "9" * 400, 10, "too large"),
        ('f"{price}"', 1, "not part"),
        ("(" * 300 + "price" + ")" * 300, 0, ""),
        ("price" + " + price" * 200, 1001, "longer"),
        ("", 1, "expression"),
    ],
)
def test_what_is_no_expression_says_where(text: str, place: int, word: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parsed(text)
    assert not place or error.value.statement.place == place
    assert word in error.value.statement.reason


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_every_function_gives_a_value_a_row(name: str) -> None:
    texts, dates = (
        {"length", "lower", "contains", "starts_with"},
        {"year", "quarter", "month", "day", "weekday"},
    )
    dates |= {"day_of_year", "hour", "days"}
    one = (
        pl.lit("ab") if name in texts else pl.col("d") if name in dates else pl.col("x")
    )
    function = FUNCTIONS[name]
    frame = pl.DataFrame(
        {"x": [1.0, 0.5], "d": [dt.datetime(2024, 1, 2, 3), dt.datetime(2023, 1, 1)]}
    )
    first = pl.col("x") > 0 if name == "when" else one
    made = frame.with_columns(new=function.make(first, *[one] * (function.least - 1)))
    assert made.height == 2
    assert made["new"].null_count() == 0
    assert function.arguments


@pytest.mark.parametrize(
    ("columns", "spec", "word"),
    [
        ({"a": "prise + 1"}, {}, "did you mean price?"),
        ({"a": "1", "b": "a + prise"}, {}, "at character 5"),
        ({"a": 'y == "a"'}, {}, "may not hold the answer"),
        (
            {"a": 'when(y == "a", 1, 0)', "y": "lower(y)", "b": "a + 1"},
            {},
            "may not hold the answer",
        ),
        ({"late": "delay > 15"}, {"target": "late"}, "which would give it away"),
        ({"a": "city + 1"}, {}, "derive: a"),
        ({"a": "day - day"}, {}, "days(a) - days(b)"),
        (
            {"a": "sqrt(city)"},
            {},
            "at character 6: sqrt takes numbers, and this is text",
        ),
        (
            {"a": "1 + days(rooms)"},
            {},
            "at character 10: days takes dates, and this is numbers",
        ),
        ({"a": "contains(city, 1)"}, {}, "at character 16: contains takes text"),
        ({"a": 'when(rooms > 1, "a", 1)'}, {}, "mixes numbers and text"),
        ({"a": 'fill_null(price, "none")'}, {}, "mixes numbers and text"),
        ({"a": "when(rooms > 1, day, price)"}, {}, "mixes dates and numbers"),
        ({"a": "max(1, day)"}, {}, "mixes dates and numbers"),
        ({"a": "day < 1"}, {}, "mixes dates and numbers"),
    ],
)
def test_what_may_not_be_made(
    columns: dict[str, str], spec: dict[str, Any], word: str
) -> None:
    with pytest.raises(DataError, match=r"dataset toy: (clean: )?derive") as error:
        cleaned(columns, **spec)
    assert word in str(error.value)


def test_the_target_may_be_made() -> None:
    """Of columns that are no features; a number too."""
    done = cleaned({"late": "delay > 15"}, target="late", drop=["day", "delay"])
    assert done.table["classes"].to_list() == [["false", "true"]]
    assert done.frame["late"].cast(pl.String).to_list() == [
        "false",
        "true",
        "true",
        "false",
        "false",
    ]
    assert done.roles["y"] == "feature"
    made = cleaned(
        {"price": "log10(fill_null(price, 1))"}, "regression", target="price"
    )
    assert made.frame["price"].to_list() == pytest.approx([2, 1, 0, 3, 0])


def test_check_names_the_line_and_the_character(tmp_path: Path) -> None:
    from bench.data.step import planned
    from bench.study.noted import StudyError

    with pytest.raises(StudyError) as error:
        planned(({"derive": {"make": {"a": "lgo(x)"}}},), "dataset toy")
    (problem,) = error.value.problems
    assert (problem.path, str(problem.statement.code)) == (
        "clean[0].derive.make.a",
        "problem.expression",
    )
