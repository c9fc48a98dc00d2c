"""The page counts the runs that tables of other people lack, and says whose scores stand in."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bench.comparisons import comparisons
from bench.report.bundle import Bundle
from bench.report.page import render
from bench.report.sections.limits import limits
from bench.report.styles import styles_of
from bench.report.text.advice import use
from bench.report.text.headline import headline
from tests.scores.test_missing_runs import NOTHING, TABLE, read


def a_page(
    folder: Path, table: pl.DataFrame, policy: str = "{fallback: constant}"
) -> Bundle:
    """Three models on one dataset; some runs of b are missing."""
    _, found = read(folder, f", missing_runs: {policy}", table)
    frames = {
        "tables": found.tables,
        "folds": found.folds,
        "scores": found.scores,
        "missing_runs": found.missing,
    }
    compared = comparisons(found.study, found.tables, found.folds, found.scores)
    return Bundle(found.study, frames | compared.frames)


def test_runs_are_counted_of_the_metric_of_the_table(tmp_path: Path) -> None:
    """The constant lacks no accuracy, whatever else it lacks."""
    bundle = a_page(tmp_path, TABLE)
    missing = bundle.frame("missing_runs")
    other = missing.head(1).with_columns(
        family=pl.lit("constant"), metric=pl.lit("rmse")
    )
    (one,) = limits(
        Bundle(
            bundle.study, bundle.frames | {"missing_runs": pl.concat([missing, other])}
        )
    ).policies
    assert {row[0]: row[1] for row in one.table.rows} == {
        "a": "0",
        "b": "2",
        "constant": "0",
    }


def test_a_model_that_lacks_a_run_has_no_part_in_the_headline(tmp_path: Path) -> None:
    """Left out, b and the constant lack a run each: a alone has a score; then a lacks one as well."""
    lacks = (pl.col("m") == "constant") & (pl.col("f") == "0")
    one = a_page(tmp_path, TABLE.filter(~lacks), "leave_out")
    assert headline(one, styles_of(one)) == "a: accuracy 0.800 on x"
    none = a_page(
        tmp_path,
        TABLE.filter(~lacks, (pl.col("m") != "a") | (pl.col("f") != "1")),
        "leave_out",
    )
    assert headline(none, styles_of(none)) == "No model has a score on every fold of x"
    assert (
        use(none, styles_of(none)) == "Nothing on x: runs of every model are missing."
    )
    assert render(one) and render(none)


@pytest.mark.parametrize("policy", ["{fallback: constant}", "leave_out"])
def test_a_model_without_any_run_is_not_advised(tmp_path: Path, policy: str) -> None:
    bundle = a_page(tmp_path, NOTHING, policy)
    said = use(bundle, styles_of(bundle))
    assert (
        said.endswith("Not recommended, as runs are missing: b.")
        and "baseline" not in said
    )
    assert render(bundle)
