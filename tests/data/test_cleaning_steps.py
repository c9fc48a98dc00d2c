"""Every cleaning step on tables small enough to work by hand, with what the log says of it."""

from __future__ import annotations

import datetime

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


def test_spelling_may_make_a_cell_missing(clean):
    raw = {"s": ["u", "?", "v", "u"], "y": Y}
    done = clean(raw, ({"spelling": {"columns": {"s": {"?": ""}}}},))
    assert done.frame["s"].cast(str).to_list() == ["u", None, "v", "u"]


def test_a_missing_target_conflicts_with_none(clean):
    raw = {"a": [1.0, 1, 2, 2, 3, 4, 5], "y": ["a", None, "a", "b", "a", "b", "a"]}
    labelled = {"drop_missing_rows": {"columns": ["y"]}}
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


def test_spelling_changes_whole_cells_and_says_so(clean):
    done = clean(
        {"country": ["Itlay", "Italy", "ITA", None], "y": Y},
        ({"spelling": {"columns": {"country": {"Itlay": "Italy", "ITA": "Italy"}}}},),
    )
    assert done.frame["country"].to_list() == ["Italy"] * 3 + [None]
    assert log(done) == [
        ("spelling", 4, 4, 2, 2, 2, 'country, row 1: "Itlay" -> "Italy"')
    ]
    assert (
        done.log["parameters"][0]
        == '{"columns": {"country": {"ITA": "Italy", "Itlay": "Italy"}}}'
    )


def test_trim_and_normalise_text(clean):
    raw = {"t": [" A  b", "a b ", "é", "e\u0301"], "u": ["x", " ", "y", "z"], "y": Y}
    done = clean(raw, ("trim",))
    assert done.frame["t"].to_list() == ["A  b", "a b", "é", "e\u0301"]
    assert done.frame["u"].to_list() == ["x", None, "y", "z"]
    done = clean(raw, ({"normalise_text": {"columns": ["t"], "case": "lower"}},))
    assert done.frame["t"].to_list() == ["a b", "a b", "é", "é"]
    assert done.frame["u"].to_list() == ["x", " ", "y", "z"]
    assert log(done)[0][5] == 3


def test_replace_text(clean):
    raw = {"t": ["1.a", "2.a", "x", "..a"], "y": Y}
    assert clean(
        raw, ({"replace_text": {"old": ".", "new": "", "columns": ["t"]}},)
    ).frame["t"].to_list() == [
        "1a",
        "2a",
        "x",
        "a",
    ]
    regex = {
        "replace_text": {"old": r"^\d\.", "new": "", "regex": True, "columns": ["t"]}
    }
    assert clean(raw, (regex,)).frame["t"].to_list() == ["a", "a", "x", "..a"]
    with pytest.raises(
        StudyError,
        match=r"clean\[0\].replace_text.old: \( is no regular expression: unclosed group$",
    ):
        clean(
            raw,
            (
                {
                    "replace_text": {
                        "old": "(",
                        "new": "",
                        "regex": True,
                        "columns": ["t"],
                    }
                },
            ),
        )


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


def test_set_missing_by_value_and_by_text(clean):
    raw = {"g": [0.0, 1.0, 2.0, 0.0], "k": ["u", "none", "v", "u"], "y": Y}
    done = clean(raw, ({"set_missing": {"columns": {"g": [0], "k": ["none"]}}},))
    assert done.frame["g"].to_list() == [None, 1.0, 2.0, None]
    assert done.frame["k"].to_list() == ["u", None, "v", "u"]
    assert done.frame.schema["k"] == pl.Enum(["u", "v"])
    assert log(done) == [("set_missing", 4, 4, 3, 3, 3, "g, row 1: 0 -> missing")]
    with pytest.raises(DataError, match="column g is numeric"):
        clean(raw, ({"set_missing": {"columns": {"g": ["none"]}}},))


def test_drop_missing_rows_keeps_raw_row_numbers(clean):
    raw = {
        "a": [1.0, None, 3, 4, 5, 6],
        "b": ["x", "y", None, "x", "y", "x"],
        "y": [*Y, "a", "b"],
    }
    done = clean(raw, ("drop_missing_rows",))
    assert done.frame["row"].to_list() == [0, 3, 4, 5]
    assert log(done) == [("drop_missing_rows", 6, 4, 3, 3, 0, "row 2 was dropped")]
    assert clean(raw, ({"drop_missing_rows": {"columns": ["a"]}},)).frame[
        "row"
    ].to_list() == [0, 2, 3, 4, 5]


def test_drop_missing_rows_does_not_look_at_dropped_columns(clean):
    done = clean(
        {"a": [1.0, 2, 3, 4], "b": [None] * 4, "y": Y},
        ("drop_missing_rows",),
        drop=["b"],
    )
    assert done.frame.height == 4


def test_drop_missing_columns(clean):
    raw = {
        "a": [1.0, None, None, 4],
        "b": [None, None, None, 1.0],
        "c": [1.0, 2, 3, 4],
        "y": Y,
    }
    done = clean(raw, ({"drop_missing_columns": {"share": 0.5}},))
    assert done.frame.columns == ["row", "a", "c", "y"]
    assert log(done) == [("drop_missing_columns", 4, 4, 4, 3, 0, "b was dropped")]


def test_range(clean):
    raw = {"age": [-1.0, 0, 120, 121, None], "x": [1.0, 2, 3, 4, 5], "y": [*Y, "a"]}
    step = {"columns": {"age": [0, 120]}}
    assert clean(raw, ({"range": step | {"outside": "missing"}},)).frame[
        "age"
    ].to_list() == [None, 0, 120, None, None]
    twice = clean(
        {k: v + v for k, v in raw.items()}, ({"range": step | {"outside": "drop"}},)
    )
    assert twice.frame["row"].to_list() == [1, 2, 4, 6, 7, 9]
    with pytest.raises(
        DataError,
        match=r"column age holds -1 in row 1, outside \[0.0, 120.0\] \(2 such cells\)",
    ):
        clean(raw, ({"range": step | {"outside": "error"}},))


def test_range_takes_infinities_out(clean):
    raw = {"x": [1.0, float("inf"), -float("inf"), 4], "y": Y}
    with pytest.raises(DataError, match="column x is infinite in rows 2 and 3"):
        clean(raw)
    done = clean(
        raw, ({"range": {"columns": {"x": [None, None]}, "outside": "missing"}},)
    )
    assert done.frame["x"].to_list() == [1.0, None, None, 4.0]


def test_unit(clean):
    raw = {"height": [1.0, 70, 2, None], "unit": ["m", "in", "m", "in"], "y": Y}
    done = clean(
        raw,
        (
            {
                "unit": {
                    "columns": ["height"],
                    "multiply": 0.0254,
                    "where": {"unit": "in"},
                }
            },
        ),
    )
    assert done.frame["height"].to_list() == [1.0, pytest.approx(1.778), 2.0, None]
    done = clean(raw, ({"unit": {"columns": ["height"], "multiply": 1.8, "add": 32}},))
    assert done.frame["height"].to_list() == pytest.approx([33.8, 158.0, 35.6, None])
    with pytest.raises(DataError, match="column unit is not numeric"):
        clean(raw, ({"unit": {"columns": ["unit"], "add": 1}},))


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


def test_drop_rows_and_columns(clean):
    raw = {
        "a": [1.0, 2, 3, 4, 5, 6],
        "k": ["u", "v", None, "u", "w", "w"],
        "y": [*Y, "a", "b"],
    }
    assert clean(raw, ({"drop_rows": {"where": {"k": "v"}}},)).frame[
        "row"
    ].to_list() == [0, 2, 3, 4, 5]
    assert clean(
        raw, ({"drop_rows": {"where": {"k": ["u", "w"], "a": [4, 6]}}},)
    ).frame["row"].to_list() == [
        0,
        1,
        2,
        4,
    ]
    done = clean(raw, ({"drop_columns": {"columns": ["k"]}},))
    assert done.frame.columns == ["row", "a", "y"]
    assert done.roles == {"a": "feature", "y": "target"}
    with pytest.raises(DataError, match="y has a role"):
        clean(raw, ({"drop_columns": {"columns": ["y"]}},))


def test_date_parts(clean):
    raw = {"day": ["2024-02-29", "2023-12-31", None, "2024-01-01"], "y": Y}
    parts = [
        "year",
        "month",
        "day",
        "weekday",
        "day_of_year",
        "days",
        "week",
        "quarter",
    ]
    done = clean(raw, ({"date_parts": {"columns": ["day"], "parts": parts}},))
    assert done.frame.row(0)[2:] == (
        2024,
        2,
        29,
        4,
        60,
        (datetime.date(2024, 2, 29) - datetime.date(1970, 1, 1)).days,
        9,
        1,
    )
    assert done.frame["day_weekday"].to_list() == [4, 7, None, 1]
    assert "day" not in done.frame.columns
    with pytest.raises(DataError, match="holds no dates"):
        clean({"x": [1.0, 2, 3, 4], "y": Y}, ({"date_parts": {"columns": ["x"]}},))


def test_a_date_with_a_role_stays(clean):
    raw = {"day": ["2024-02-29", "2023-12-31", "2023-01-01", "2024-01-01"], "y": Y}
    done = clean(
        raw,
        ({"date_parts": {"columns": ["day"], "parts": ["hour", "minute"]}},),
        time="day",
    )
    assert done.roles == {
        "day": "time",
        "y": "target",
        "day_hour": "feature",
        "day_minute": "feature",
    }
    assert done.frame["day_hour"].to_list() == [0.0] * 4


def test_text_steps_run_before_types_and_value_steps_after(clean):
    raw = {"x": ["1 kg", "999 kg", "2 kg", "3 kg"], "y": Y}
    steps = (
        {"set_missing": {"columns": {"x": [999]}}},
        {"parse_numbers": {"columns": ["x"], "suffixes": ["kg"]}},
    )
    done = clean(raw, steps)
    assert done.frame["x"].to_list() == [1.0, None, 2.0, 3.0]
    assert [row[0] for row in log(done)] == ["parse_numbers", "set_missing"]
    assert done.log["order"].to_list() == [0, 1]


def test_all_mistakes_in_steps_at_once_with_the_nearest_word(clean):
    with pytest.raises(StudyError) as error:
        clean(
            {"x": [1.0, 2, 3, 4], "y": Y},
            ("trmi", {"range": {"column": {}}}, {"drop_rows": {"were": {"x": 1}}}),
        )
    text = str(error.value)
    assert "clean[0]: unknown cleaning step trmi; did you mean trim?" in text
    assert "did you mean columns?" in text
    assert "did you mean where?" in text
    with pytest.raises(
        StudyError,
        match=r"where\.x: expected a value such as a number or text, or a list of values; got",
    ):
        clean(
            {"x": [1.0, 2, 3, 4], "y": Y},
            ({"drop_rows": {"where": {"x": {"above": 3}}}},),
        )
    with pytest.raises(
        DataError, match=r"there is no column hieght; did you mean height\?"
    ):
        clean(
            {"height": [1.0, 2, 3, 4], "y": Y},
            ({"unit": {"columns": ["hieght"], "add": 1}},),
        )
    with pytest.raises(DataError, match="column x holds Float64, not text"):
        clean({"x": [1.0, 2, 3, 4], "y": Y}, ({"trim": {"columns": ["x"]}},))


def test_why_a_step_fails_stands_apart_from_where(clean):
    """A column may be called as its step, whose name the place of the mistake says already."""
    with pytest.raises(StepFailedError) as error:
        clean(
            {"x": [1.0, 2, 3, 4], "y": Y}, ({"derive": {"make": {"derive": "zz + 1"}}},)
        )
    failed = error.value
    assert str(failed) == f"{failed.where}: derive: {failed.why}" and failed.place == (
        0,
        "derive",
    )
    assert failed.why.startswith("derive: at character 1: there is no column zz")
