"""What every cleaning step keeps: a strict form, `row` untouched, a log that adds up, the same twice."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from bench.core import frames
from bench.core.errors import DataError
from bench.data.clean import Clean, clean_table
from bench.data.step import CleaningStep
from bench.data.steps import STEPS
from bench.study.models import DatasetSpec
from bench.study.noted import StudyError

EXAMPLES = {name: STEPS[name].example for name in STEPS}


def table() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "x": [1.0, 1.0, None, 4.0, 5.0, 60.0, 7.0],
            "word": ["Rome", "Rome", "rome", " Rome", "Oslo", "Rome", None],
            "price": ["1 EUR", "1 EUR", "2", "3", "4", "5", "6"],
            "day": [
                "2024-01-01",
                "2024-01-01",
                *(f"2024-02-0{i}" for i in range(1, 6)),
            ],
            "when": ["03/02/2024"] * 7,
            "y": ["a", "a", "b", "a", "b", "a", "b"],
        }
    )


def run(name: str) -> Clean:
    steps: tuple[Any, ...] = ({name: EXAMPLES[name]} if EXAMPLES[name] else name,)
    return clean_table("toy", table(), spec(), steps, "classification")


def spec() -> DatasetSpec:
    return DatasetSpec.model_validate(
        {
            "source": {"kind": "csv", "file": "t.csv"},
            "target": "y",
            "drop": ["day", "when"],
        }
    )


@pytest.mark.parametrize("step", STEPS.values(), ids=lambda step: step.name)
def test_form(step: CleaningStep) -> None:
    assert step.title
    assert step.phase in ("text", "values")
    assert not step.keys or step.options.model_config["extra"] == "forbid"
    assert step.options.model_config["frozen"]
    assert step.options.__doc__


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_rows_keep_their_numbers_and_the_log_adds_up(name: str) -> None:
    done = run(name)
    frames.checked(done.log, frames.CLEANING)
    assert done.log["step"].to_list() == [name]
    row = done.log.row(0, named=True)
    assert (row["rows_before"], row["columns_before"]) == (7, 6)
    assert (row["rows_after"], row["columns_after"]) == (
        done.frame.height,
        done.frame.width - 1,
    )
    assert done.frame["row"].is_sorted()
    assert done.frame["row"].n_unique() == done.frame.height
    assert (
        row["rows_after"] < 7 or row["columns_after"] != 6 or row["cells_changed"] > 0
    )
    assert row["example"]
    prices = dict(zip(range(7), table()["price"], strict=True))
    if name != "parse_numbers":
        assert all(
            prices[r].lower() == p.lower()
            for r, p in done.frame.select(
                "row", pl.col("price").cast(pl.String)
            ).iter_rows()
        )


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_the_same_twice(name: str) -> None:
    first, second = run(name), run(name)
    assert first.frame.equals(second.frame)
    assert first.log.equals(second.log)
    assert first.table.equals(second.table)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if STEPS[name].keys])
def test_unknown_parameters_and_columns_name_the_nearest(name: str) -> None:
    wrong = {name: {**EXAMPLES[name], "no_such_option": 1}}
    with pytest.raises(StudyError, match=r"no_such_option: .*unknown"):
        clean_table("toy", table(), spec(), (wrong,), "classification")
    if "columns" in STEPS[name].keys:
        wrong = {name: {**EXAMPLES[name], "columns": ["pricee"]}}
        with pytest.raises(DataError, match=r"no column pricee; did you mean price\?"):
            clean_table("toy", table(), spec(), (wrong,), "classification")
