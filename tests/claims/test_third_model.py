"""What is said of two models depends on no third one, and on no unit of the target."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.comparisons import comparisons
from tests.helpers.judge_cases import (
    a_study,
    claim,
    folds_of,
    judge,
    scores_of_arrays,
    tables_of,
)

FAMILIES = ("ridge", "lasso", "knn", "extra_trees", "random_forest", "mlp")
KEYS = (
    "agreement",
    "ours",
    "difference",
    "low",
    "high",
    "low_refute",
    "high_refute",
    "p",
    "p_shown",
    "tolerance_used",
)
PAIR = {"family": "ridge", "against": "lasso"}


def _errors() -> dict[str, np.ndarray]:
    """Three models, the first of them the best, on ten repeats of ten folds."""
    draw = np.random.default_rng(5)
    shared = draw.normal(size=(10, 10))
    return {
        name: mean * (1 + 0.02 * shared + 0.01 * draw.normal(size=(10, 10)))
        for name, mean in (("ridge", 0.1), ("lasso", 0.3), ("knn", 0.301))
    }


def _claims(size: int = 0) -> str:
    """One of every kind that reads scores of a dataset, in a unit of 10^size."""

    def printed(text: str) -> str:
        return f'"{Decimal(text).scaleb(size):E}"'

    ours = {"family": "ridge"}
    tolerance = {"tolerance": f"{0.05 * 10.0**size!r}"}
    each: list[tuple[str, dict[str, str]]] = [
        ("better", PAIR),
        ("better", {"family": "lasso", "against": "knn"}),
        ("equivalent", {"family": "lasso", "against": "knn"}),
        ("equivalent", PAIR),
        ("order", {"order": "[ridge, lasso, knn]"}),
        ("value", ours | {"value": printed("0.30"), **tolerance}),
        ("value", ours | {"value": printed("0.10"), **tolerance}),
        (
            "value",
            ours | {"value": printed("0.10"), "splits": "other_sample", **tolerance},
        ),
    ]
    return "".join(
        claim(kind, id=f"c{i}", **fields) for i, (kind, fields) in enumerate(each)
    )


def _verdicts(
    folder: Path, errors: dict[str, np.ndarray], size: int = 0
) -> dict[str, dict[str, Any]]:
    families = "{" + ", ".join(f"{name}: {{}}" for name in errors) + "}"
    more = f'\ntolerance: {{rmse: {0.05 * 10.0**size!r}, why: "by hand"}}\n'
    text = _claims(size)
    study = a_study(
        folder, text, families=families, task="regression", primary="rmse", more=more
    )
    return judge(study, scores_of_arrays(errors, metric="rmse"), folds_of())


def _diverged(scale: float, models: int) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(6)
    return {
        name: scale * draw.uniform(1, 2, size=(10, 10))
        for name in FAMILIES[3 : 3 + models]
    }


@pytest.mark.parametrize("models", [1, 3])
@pytest.mark.parametrize("scale", [1e3, 1e8, 1e15, 0.0])
def test_models_that_diverged_or_are_exact_change_no_verdict_of_others(
    scale: float, models: int, tmp_path: Path
) -> None:
    alone, beside = (
        _verdicts(tmp_path, _errors() | more) for more in ({}, _diverged(scale, models))
    )
    assert {name: [row[key] for key in KEYS] for name, row in alone.items()} == {
        name: [row[key] for key in KEYS] for name, row in beside.items()
    }
    said = [row["agreement"] for row in alone.values()]
    assert (
        said.count("reproduced") > 3 and said.count("differs") > 1 and None not in said
    )


@pytest.mark.parametrize("scale", [1e3, 1e8, 1e15])
def test_models_that_diverged_change_no_number_of_a_pair(
    scale: float, tmp_path: Path
) -> None:
    found = []
    for errors in (_errors(), _errors() | _diverged(scale, 3)):
        families = "{" + ", ".join(f"{name}: {{}}" for name in errors) + "}"
        study = a_study(tmp_path, families=families, task="regression", primary="rmse")
        compared = comparisons(
            study, tables_of(), folds_of(), scores_of_arrays(errors, metric="rmse")
        )
        ours = pl.col("family").is_in([*_errors()])
        pairs = compared.pairs.filter(ours & pl.col("against").is_in([*_errors()]))
        found.append(
            (
                pairs.select(
                    "family", "against", "difference", "low", "high", "p"
                ).rows(),
                compared.estimates.filter(ours).rows(),
            )
        )
    assert found[0] == found[1]


@pytest.mark.parametrize("size", [-9, -6, -3, 3, 6, 9])
def test_the_unit_of_the_target_changes_no_verdict(size: int, tmp_path: Path) -> None:
    errors = _errors()
    plain = _verdicts(tmp_path, errors)
    scaled = _verdicts(
        tmp_path, {name: one * 10.0**size for name, one in errors.items()}, size
    )
    assert [row["agreement"] for row in scaled.values()] == [
        row["agreement"] for row in plain.values()
    ]
    for key in ("p", "p_shown"):
        ours, other = (
            [row[key] or 0.0 for row in one.values()] for one in (plain, scaled)
        )
        assert ours == pytest.approx(other, rel=1e-5, abs=1e-12)


def test_models_that_are_equal_but_for_float_noise_are_so_among_nearly_exact_ones(
    tmp_path: Path,
) -> None:
    """Their differences of 1e-16 are no draws, however small the errors of others are."""
    p = 0.5 + 0.01 * np.random.default_rng(7).normal(size=(2, 10))
    errors = {"ridge": p, "lasso": p * (1 + 2.3e-16 * np.tile([1, 2, 1, 1, 3], (2, 2)))}
    near = dict.fromkeys(FAMILIES[2:], 1e-08 * (2 + 0.1 * p))
    families = "{" + ", ".join(f"{name}: {{}}" for name in (errors | near)) + "}"
    text = claim("better", **PAIR) + claim("equivalent", id="e", **PAIR)
    more = '\ntolerance: {rmse: 1.0e-9, why: "by hand"}\n'
    study = a_study(
        tmp_path, text, families=families, task="regression", primary="rmse", more=more
    )
    found = judge(
        study, scores_of_arrays(errors | near, metric="rmse"), folds_of(repeats=2)
    )
    assert {row["agreement"] for row in found.values()} <= {"fits", "off"}
