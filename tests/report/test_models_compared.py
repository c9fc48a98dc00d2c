"""Where a model stands beside the best, and what the table of all scores holds."""

from __future__ import annotations

from typing import Any

import pytest

from bench.report.blocks import Value, find_tables
from bench.report.bundle import Bundle
from bench.report.sections.families import Standing, families, rank_models
from bench.stats.shares import wilson
from bench.text.words import measure
from tests.helpers import bundles

BEST, OPEN = Standing.BEST, Standing.OPEN


def two_models(difference: float, **pair: Any) -> Bundle:
    """Forest is better than SVM by a difference."""
    made = bundles.study(tolerance={"accuracy": 0.01, "why": "w"})
    key = {"dataset": "wine", "metric": "accuracy", "fallbacks": 0}
    means = {"random_forest": 0.9, "svm": 0.9 - difference}
    rows = [key | {"family": family, "mean": mean} for family, mean in means.items()]
    pairs = [
        key | {"family": "svm", "against": "random_forest", "difference": -difference, "test": "corrected_t"} | pair
    ]  # fmt: skip
    return bundles.made_of(made, estimates=rows, pairs=pairs)


@pytest.mark.parametrize(
    ("difference", "p", "same", "standing"),
    [
        (0.005, 0.4, 0.95, Standing.AS_GOOD),
        (0.005, 0.4, 0.949, OPEN),
        (0.005, 0.049, 0.99, Standing.WORSE),
        (0.05, 0.051, None, OPEN),
        (0.05, None, None, Standing.UNTESTED),
        (0.0, 0.9, 0.5, BEST),
    ],
)
def test_where_a_model_stands_beside_the_best(
    difference: float, p: float | None, same: float | None, standing: Standing
) -> None:
    chances = {"p_less": 0.0, "p_rope": same, "p_greater": 0.0}
    bundle = two_models(difference, p_adjusted=p, **chances)
    ranked = {one.family: one.standing for one in rank_models(bundle, "wine", measure("accuracy"))}  # fmt: skip
    assert ranked == {"random_forest": BEST, "svm": standing}


def test_a_share_of_rows_tested_once_has_the_interval_of_a_share() -> None:
    bundle = bundles.leave_one_out()
    (table,) = find_tables(families(bundle))
    value = table.rows[0][1]
    rows = bundle.of("folds", "wine")["test_rows"].sum()
    assert isinstance(value, Value) and value.number is not None
    assert (value.low, value.high) == pytest.approx(wilson(value.number, rows))
