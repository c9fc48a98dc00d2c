"""Every cleaning step on tables small enough to work by hand, with what the log says of it."""

from __future__ import annotations

import polars as pl
import pytest

from bench.core.errors import DataError
from bench.data.step import StepFailedError
from bench.data.steps.parse_dates import iso
from bench.study.noted import StudyError

Y = ["a", "b", "a", "b"]


def log(done) -> list[tuple[object, ...]]:
    keys = (
        "step",
        "rows_before",
        "rows_after",
        "columns_before",
        "columns_after",
        "cells_changed",
        "example",
    )
    return [tuple(row[key] for key in keys) for row in done.log.iter_rows(named=True)]


def test_a_missing_target_conflicts_with_none(clean):
    raw = {"a": [1.0, 1, 2, 2, 3, 4, 5], "y": ["a", None, "a", "b", "a", "b", "a"]}
    labelled = {"drop_missing": {"columns": ["y"]}}
    done = clean(raw, ({"drop_duplicates": {"conflicting": "drop"}}, labelled))
    assert done.frame["row"].to_list() == [0, 4, 5, 6]


def test_dates_without_a_time_are_at_midnight_where_others_have_one():
    dates = pl.Series("d", ["31/12/2023 23:59", "1.2.2024", None])
    assert iso(dates, "day_month_year").to_list() == [
        "2023-12-31 23:59",
        "2024-02-01 00:00",
        None,
    ]


def test_a_year_with_a_month_is_its_first_day():
    months = pl.Series("d", ["2023-02", "2024/11", "2023-13", "2023-02-01", None])
    assert iso(months, "year_month").to_list() == [
        "2023-02-01",
        "2024-11-01",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("cells", "options", "numbers"),
    [
        (
            ["1.234,5", "-7", ",5", None],
            {"decimal": ",", "thousands": "."},
            [1234.5, -7, 0.5, None],
        ),
        (
            ["1,234,567.25", "12", "1e3", "+4"],
            {"thousands": ","},
            [1234567.25, 12, 1000, 4],
        ),
        (["3 kg", "4kg", "5", " 6.5 g "], {"suffixes": ["g", "kg"]}, [3, 4, 5, 6.5]),
        (["12 %", "0.5%", "3", "1e1%"], {"percent": True}, [0.12, 0.005, 3, 0.1]),
        (["1 000", "2 500 000", "3", "4"], {"thousands": " "}, [1000, 2500000, 3, 4]),
    ],
)
def test_parse_numbers(clean, cells, options, numbers):
    done = clean(
        {"x": cells, "y": Y}, ({"parse_numbers": {"columns": ["x"], **options}},)
    )
    assert done.types["x"] == "numeric"
    assert done.frame["x"].to_list() == numbers


@pytest.mark.parametrize("cell", ["1.23,4", "12.34.5", "x", "1,2,3", "kg", "%"])
def test_parse_numbers_refuses_what_is_not_so_written(clean, cell):
    step = {"parse_numbers": {"columns": ["x"], "decimal": ",", "thousands": "."}}
    with pytest.raises(DataError, match="in row 3"):
        clean({"x": ["1", "2", cell, "3"], "y": Y}, (step,))


def test_drop_missing_keeps_raw_row_numbers(clean):
    raw = {
        "a": [1.0, None, 3, 4, 5, 6],
        "b": ["x", "y", None, "x", "y", "x"],
        "y": [*Y, "a", "b"],
    }
    done = clean(raw, ("drop_missing",))
    assert done.frame["row"].to_list() == [0, 3, 4, 5]
    assert log(done) == [("drop_missing", 6, 4, 3, 3, 0, "row 2 was dropped")]
    assert clean(raw, ({"drop_missing": {"columns": ["a"]}},)).frame[
        "row"
    ].to_list() == [0, 2, 3, 4, 5]


def test_drop_missing_does_not_look_at_dropped_columns(clean):
    done = clean(
        {"a": [1.0, 2, 3, 4], "b": [None] * 4, "y": Y},
        ("drop_missing",),
        drop=["b"],
    )
    assert done.frame.height == 4


def test_drop_duplicates(clean):
    raw = {
        "a": [1.0, 1, 1, 2, 2, None, None],
        "k": ["u", "u", "u", "v", "w", "u", "u"],
        "y": ["a", "a", "b", "a", "b", "b", "b"],
    }
    done = clean(raw, ("drop_duplicates",))
    assert done.frame["row"].to_list() == [0, 2, 3, 4, 5]
    done = clean(
        {**raw, "a": [1.0, 1, 1, 2, 2, 3, 4]},
        ({"drop_duplicates": {"conflicting": "drop"}},),
    )
    assert done.frame["row"].to_list() == [3, 4, 5, 6]
    done = clean(raw, ({"drop_duplicates": {"columns": ["k", "y"]}},))
    assert done.frame["row"].to_list() == [0, 2, 3, 4]
    with pytest.raises(
        DataError, match=r"drop_duplicates: .* name one beside the target"
    ):
        clean(raw, ({"drop_duplicates": {"columns": ["y"], "conflicting": "drop"}},))


def test_duplicates_are_found_though_an_identifier_is_set_aside(clean):
    raw = {
        "id": ["1", "2", "3", "4", "5"],
        "a": [1.0, 1, 2, 3, 4],
        "y": ["a", "a", "b", "a", "b"],
    }
    assert clean(raw, ("drop_duplicates",), drop=["id"]).frame.height == 4
    assert clean(raw, ("drop_duplicates",)).frame.height == 5


def test_trim(clean):
    raw = {"t": [" A  b", "a b ", "c", "d"], "u": ["x", " ", "y", "z"], "y": Y}
    done = clean(raw, ("trim",))
    assert done.frame["t"].to_list() == ["A  b", "a b", "c", "d"]
    assert done.frame["u"].to_list() == ["x", None, "y", "z"]
    assert log(done) == [("trim", 4, 4, 3, 3, 3, 't, row 1: " A  b" -> "A  b"')]
    some = clean(raw, ({"trim": {"columns": ["u"]}},))
    assert some.frame["t"].to_list() == raw["t"]
    with pytest.raises(DataError, match="column x holds Float64, not text"):
        clean({"x": [1.0, 2, 3, 4], "y": Y}, ({"trim": {"columns": ["x"]}},))


def test_infinite_numbers_can_be_taken_out(clean):
    raw = {"x": [1.0, float("inf"), -float("inf"), 4], "y": Y}
    with pytest.raises(DataError, match="column x is infinite in rows 2 and 3") as said:
        clean(raw)
    assert "CASE WHEN ABS(x) <= 1e+75 THEN x END" in str(said.value)
    done = clean(raw, ({"derive": {"x": "CASE WHEN ABS(x) <= 1e+75 THEN x END"}},))
    assert done.frame["x"].to_list() == [1.0, None, None, 4.0]


def test_text_steps_run_before_types_and_value_steps_after(clean):
    raw = {"x": ["1 kg", "999 kg", "2 kg", "3 kg"], "y": Y}
    steps = (
        {"derive": {"x": "NULLIF(x, 999)"}},
        {"parse_numbers": {"columns": ["x"], "suffixes": ["kg"]}},
    )
    done = clean(raw, steps)
    assert done.frame["x"].to_list() == [1.0, None, 2.0, 3.0]
    assert [row[0] for row in log(done)] == ["parse_numbers", "derive"]
    assert done.log["order"].to_list() == [0, 1]


def test_all_mistakes_in_steps_at_once_with_the_nearest_word(clean):
    raw = {"x": [1.0, 2, 3, 4], "y": Y}
    steps = (
        "trmi",
        {"drop_missing": {"column": ["x"]}},
        {"where": "AVG(x) > 1"},
        {"derive": {"a": "lgo(x)"}},
        {"range": {"columns": {"x": [0, 1]}}},
    )
    with pytest.raises(StudyError) as error:
        clean(raw, steps)
    text = str(error.value)
    assert "clean[0]: unknown cleaning step trmi; did you mean trim?" in text
    assert "did you mean columns?" in text
    assert "clean[2].where: uses Agg" in text
    assert "clean[3].derive.a: there is no function LGO" in text
    assert "clean[4]: range is gone" in text


def test_why_a_step_fails_stands_apart_from_where(clean):
    """A column may be called as its step, whose name the place of the mistake says already."""
    raw = {"x": [1.0, 2, 3, 4], "y": Y}
    with pytest.raises(StepFailedError) as error:
        clean(raw, ({"derive": {"derive": "zz + 1"}},))
    failed = error.value
    assert str(failed) == f"{failed.where}: derive: {failed.why}"
    assert failed.place == (0, "derive")
    assert failed.why.startswith("derive: there is no column zz")
