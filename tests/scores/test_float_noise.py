"""Errors that are float noise are 0 in every part of a study: of predictions, and of tables of scores."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.comparisons import comparisons
from bench.core import frames
from bench.core.metrics import METRICS
from bench.diagnose.case import Case
from bench.diagnose.first_place import DIAGNOSTIC
from bench.scores.compute import scores_of
from bench.scores.external import external_results
from bench.scores.external.predictions import read_predictions
from bench.scores.external.table import ExternalTable
from bench.scores.float_noise import noise_of, steps_of, without_float_noise
from bench.study import DatasetSpec
from tests.helpers.judge_cases import a_study, scores_of_arrays, tables_of


def _cuts(unit: int) -> st.SearchStrategy[list[int]]:
    """Three printed shares that sum to a unit; of thousandths to one more or less too."""
    off = st.integers(-1, 1) if unit == 1000 else st.just(0)
    pair = st.tuples(st.integers(0, unit), st.integers(0, unit)).map(sorted)
    return st.tuples(pair, off).map(
        lambda one: [
            one[0][0],
            one[0][1] - one[0][0],
            max(0, unit - one[0][1] + one[1]),
        ]
    )


@pytest.mark.parametrize(
    ("metric", "off", "size", "kept"),
    [
        ("rmse", 5e-15, 7.0, False),
        ("rmse", 1e-11, 7.0, True),
        ("rmse", 1e-4, 1e9, False),
        ("rmse", 0.5, 1e9, True),
        ("rmse", 1e-20, 1e-7, False),
        ("rmse", 1e-18, 1e-7, True),
        ("mae", 5e-15, 7.0, False),
        ("mse", 5e-15, 7.0, False),
        ("mse", 1e-5, 7.0, True),
    ],
)
def test_predictions_that_are_right_to_twelve_digits_have_no_error(
    metric: str, off: float, size: float, kept: bool, tmp_path: Path
) -> None:
    truth = size * np.array([1.0, -0.5, 0.25, 0.75])
    rows = {
        "dataset": "toy", "family": "ridge", "variant": "plain", "repeat": 0, "fold": [0, 0, 1, 1], "side": "test",
        "row": range(4), "truth": truth, "value": truth + off,
    }  # fmt: skip
    predictions = pl.DataFrame(rows, schema=dict(frames.REGRESSION))
    study = a_study(tmp_path, families="{ridge: {}}", task="regression", primary=metric)
    scores = scores_of(
        study, tables_of(classes=()), predictions, frames.empty(frames.TUNING)
    )["value"]
    assert (
        len(scores) == 2
        and (scores > 0).all() == kept
        and ((scores == 0).all() or kept)
    )


@pytest.mark.parametrize(
    ("metric", "kept"),
    [
        ("rmse", [0, 0, 2.0, 1e-9]),
        ("mse", [0, 0, 2.0, 1e-9]),
        ("r2", [0, 0, 2.0, 1e-9]),
    ],
)
def test_of_a_table_of_scores_the_largest_gives_the_size(
    metric: str, kept: list[float]
) -> None:
    frame = scores_of_arrays(
        {"a": 3e-25, "b": 9e-25, "c": 2.0, "d": 1e-9}, metric=metric
    )
    assert without_float_noise(frame).sort("family")["value"].to_list() == kept


@pytest.mark.parametrize(
    ("centre", "spread"), [(1.7e9, 1e-4), (1e6, 1e-7), (1.7e18, 1e9)]
)
def test_a_target_far_from_zero_has_errors(centre: float, spread: float) -> None:
    """Seconds since 1970: an error of a tenth of the spread is no float noise."""
    target = centre + spread * np.random.default_rng(1).normal(size=200)
    assert noise_of(METRICS["rmse"], steps_of(target)) < 0.1 * spread


@pytest.mark.parametrize("fill", [1e14, 1e20])
@pytest.mark.parametrize("metric", ["rmse", "mae", "median_ae"])
def test_one_fill_value_in_the_target_takes_no_error_from_other_rows(
    metric: str, fill: float, tmp_path: Path
) -> None:
    truth = np.random.default_rng(2).normal(size=8)
    truth[7] = fill
    rows = {
        "dataset": "toy", "family": "ridge", "variant": "plain", "repeat": 0, "fold": [0] * 4 + [1] * 4, "side": "test",
        "row": range(8), "truth": truth, "value": truth + 0.5,
    }  # fmt: skip
    predictions = pl.DataFrame(rows, schema=dict(frames.REGRESSION))
    study = a_study(tmp_path, families="{ridge: {}}", task="regression", primary=metric)
    first, second = scores_of(
        study, tables_of(classes=()), predictions, frames.empty(frames.TUNING)
    )["value"]
    assert first == pytest.approx(0.5)
    assert (second == pytest.approx(0.5)) == (metric == "median_ae" or fill == 1e14)


@pytest.mark.parametrize("metric", ["rmse", "mse"])
@pytest.mark.parametrize("diverged", [2.0, 3e12, 1e30])
@pytest.mark.parametrize("unit", [1.0, 1e-9])
def test_a_model_that_diverged_takes_no_digit_from_the_others(
    metric: str, diverged: float, unit: float
) -> None:
    errors = {
        "good": 0.1 * unit,
        "mid": 0.49 * unit,
        "worse": 0.8 * unit,
        "div": diverged,
    }
    frame = scores_of_arrays(errors, metric=metric)
    assert metric == "mse" or without_float_noise(frame).equals(frame)


def test_pairs_and_ranks_call_the_same_models_equal(tmp_path: Path) -> None:
    """Twelve datasets: a and b have errors of 1e-15 where c has 2."""
    draw = np.random.default_rng(4)
    rows = [
        {
            "m": name,
            "ds": f"d{i:02d}",
            "f": fold,
            "rmse": size * (1 + 0.1 * draw.uniform()),
        }
        for name, size in (("a", 1.5e-16), ("b", 2e-15), ("c", 2.0))
        for i in range(12)
        for fold in range(3)
    ]
    given = "scores: {family: m, dataset: ds, fold: f, value: {rmse: rmse}, train_rows: 80, test_rows: 20}"
    dataset = f"\n  given: {{source: {{kind: csv, file: a.csv}}, {given}}}"
    made = a_study(
        tmp_path, families="null", task="regression", primary="rmse", datasets=dataset
    )
    made = made.model_copy(
        update={
            "datasets": {"given": made.datasets["given"]},
            "protocol": None,
            "task": None,
        }
    )
    found = external_results(
        made, tables_of("given", classes=()), lambda _: pl.DataFrame(rows)
    )
    compared = comparisons(found.study, found.tables, found.folds, found.scores)
    over = compared.pairs_over_datasets
    (p,) = over.filter(
        pl.col("family").is_in(["a", "b"]) & pl.col("against").is_in(["a", "b"])
    )["p_adjusted"]
    assert p == 1.0
    assert dict(compared.ranks.select("family", "mean_rank").iter_rows()) == {
        "a": 1.5,
        "b": 1.5,
        "c": 3.0,
    }


def test_a_mean_of_zero_is_the_best_error() -> None:
    """The family without any error is first in every repeat."""
    none = np.zeros((10, 5))
    study = {"metrics": {"primary": "error_rate"}}
    made = Case(test={"baseline": none + 0.3, "lda": none}, study=study).evidence()
    (found,) = DIAGNOSTIC.run(
        replace(made, scores=made.scores.with_columns(metric=pl.lit("error_rate")))
    )
    assert (found.family, found.outcome, found.estimate) == ("lda", "passed", 1.0)


@pytest.mark.parametrize("order", [("baseline", "lda"), ("lda", "baseline")])
def test_models_of_one_mean_share_the_first_place(order: tuple[str, str]) -> None:
    """.72 three times and .92, and .77 four times: the means are .77, but for float noise."""
    values = {"lda": [0.72, 0.72, 0.72, 0.92], "baseline": [0.77] * 4}
    scores = {
        name: np.repeat(np.array(values[name])[:, np.newaxis], 5, axis=1)
        for name in order
    }
    (found,) = DIAGNOSTIC.run(Case(test=scores).evidence())
    (said,) = found.statements
    assert said.code == "first_place.shared" and len(said.families) == 2
    assert (said.first, said.total, found.family, found.outcome) == (
        4,
        4,
        None,
        "passed",
    )


@given(
    st.integers(1, 3).flatmap(
        lambda k: st.tuples(
            st.just(10**k), st.lists(_cuts(10**k), min_size=2, max_size=30)
        )
    )
)
def test_probabilities_that_are_printed_alike_are_equal(
    printed: tuple[int, list[list[int]]],
) -> None:
    """Whatever the float sum of their row: of .8, .1 and .1 it is .9999999999999999. What sums to 1 stays as it is."""
    unit, rows = printed
    table = pl.DataFrame(
        [
            {
                "m": "a",
                "i": i,
                "y": "u",
                **{f"p_{c}": n / unit for c, n in zip("uvw", row)},
            }
            for i, row in enumerate(rows)
        ]
    )
    columns = {"family": "m", "row": "i", "truth": "y", "p": "p_"}
    spec = DatasetSpec.model_validate(
        {"source": {"kind": "csv", "file": "a.csv"}, "predictions": columns}
    )
    read = ExternalTable.of("given", spec, table)
    found, _ = read_predictions(read, spec.predictions)
    seen: dict[tuple[int, int], float] = {}
    for row, shares in zip(rows, found.sort("row")["p"].to_list()):
        for n, share in zip(row, shares, strict=True):
            assert seen.setdefault((n, sum(row)), share) == share
            assert sum(row) != unit or share == n / unit
