"""Random scores in memory and in files: a sentence, or the numbers that stand there, each in its place."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bench
from bench.core.errors import BenchError
from bench.project.score_files import read_scores
from tests.fuzz import strategies as draw
from tests.fuzz.test_fuzz import cases

NUMBERS = st.floats(0, 1) | st.sampled_from(
    [0, 1, True, False, None, math.nan, math.inf, -0.5, 2, "0.5", "x", 10**400]
)
CELLS = NUMBERS | st.sampled_from(
    ["a", "b", 0.5, 1, 2, 3, "test", "train", "accuracy", "roc_auc", [1], {}]
)
COLUMNS = (
    "value",
    "fold",
    "repeat",
    "dataset",
    "family",
    "variant",
    "side",
    "metric",
    "accuracy",
    "other",
    "score",
)


@st.composite
def columns(draw_: st.DrawFn) -> dict[str, list[Any]]:
    """Columns of one length; those of most tables are as they should be."""
    rows = draw_(st.integers(0, 6))
    names = draw_(st.lists(st.sampled_from(COLUMNS), unique=True, max_size=5))
    right = {
        "value": st.floats(0, 1),
        "fold": st.integers(0, 3),
        "repeat": st.integers(0, 2),
    }
    cells = {
        name: draw_(
            st.sampled_from([right.get(name, st.sampled_from(["a", "b"])), CELLS])
        )
        for name in names
    }
    return {
        name: draw_(st.lists(cells[name], min_size=rows, max_size=rows))
        for name in names
    }


def as_frame(made: dict[str, list[Any]], library: str) -> Any:
    return (
        pd.DataFrame(made) if library == "pandas" else pl.DataFrame(made, strict=False)
    )


@st.composite
def scores(draw_: st.DrawFn) -> Any:
    kind = draw_(st.sampled_from(["list", "grid", "array", "pandas", "polars"]))
    if kind in ("pandas", "polars"):
        made = draw_(columns())
        try:
            return as_frame(made, kind)
        except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
            return made
    row = st.lists(draw_(st.sampled_from([st.floats(0, 1), NUMBERS])), max_size=6)
    if kind == "array":
        return np.array(
            draw_(st.lists(st.floats(0, 1), min_size=4, max_size=4))
        ).reshape(2, 2)
    return draw_(row if kind == "list" else st.lists(row, max_size=3))


@cases(60, 4000)
@given(
    ours=scores(),
    theirs=scores(),
    ratio=NUMBERS,
    rope=st.none() | NUMBERS,
    level=st.sampled_from([0.95, 0.5, 0, "x"]),
)
@example(
    ours=[0.0, 0.0], theirs=[0.9702305681114927] * 2, ratio=0.0, rope=None, level=0.95
)
def test_scores_are_compared_or_told(
    ours: Any, theirs: Any, ratio: Any, rope: Any, level: Any
) -> None:
    for given_to in ({"ours": ours, "theirs": theirs}, {"ours": ours, "theirs": ours}):
        try:
            found = bench.compare(
                **given_to, test_train_ratio=ratio, rope=rope, level=level
            )
        except BenchError as refused:
            assert len(str(refused)) > 15
            continue
        assert math.isfinite(found.difference) and found.folds >= 2
        if found.p is None:  # few differences, all equal
            assert found.low is found.high is None
        else:
            assert found.low is not None and found.high is not None
            assert 0 <= found.p <= 1 and found.low <= found.difference <= found.high
        if not any(hasattr(one, "columns") for one in given_to.values()):
            first, second = (
                np.asarray(one, dtype=float).ravel() for one in given_to.values()
            )
            # Equal differences are rounded to the digits that are no float noise.
            near = 1e-9 if np.ptp(first - second) < 1e-9 else 1e-12
            assert found.difference == pytest.approx(
                np.mean(first) - np.mean(second), abs=near
            )


@cases(3, 150)
@given(
    ours=scores(),
    published=st.sampled_from(["0.5", "50", "", "x", 0.5]),
    more=st.sampled_from(
        [
            {},
            {"unit": "percent"},
            {"spread": "0.1"},
            {"repeats_are": "seeds"},
            {"tolerance": 0.1},
        ]
    ),
)
def test_a_number_is_judged_or_told(
    ours: Any, published: Any, more: dict[str, Any]
) -> None:
    try:
        found = bench.judge(published, scores=ours, **more)
    except BenchError as refused:
        assert len(str(refused)) > 15
        return
    assert found.ours is None or math.isfinite(found.ours)


@st.composite
def files(draw_: st.DrawFn) -> bytes:
    """A file of scores, in every form, and one that is nearly right."""
    made = draw_(columns())
    rows = [
        dict(zip(made, cells, strict=True))
        for cells in zip(*made.values(), strict=True)
    ]
    grid = draw_(st.lists(st.lists(NUMBERS, max_size=4), max_size=4))
    kind = draw_(st.sampled_from(["columns", "rows", "grid", "csv", "soup"]))
    if kind == "csv":
        return draw.as_csv(
            [list(made), *([str(cell) for cell in row.values()] for row in rows)]
        ).encode()
    if kind == "soup":
        return draw_(draw.soups).encode("utf-8", "surrogatepass")
    return json.dumps({"columns": made, "rows": rows, "grid": grid}[kind]).encode()


@cases(80, 5000)
@given(content=files(), metric=st.sampled_from(["accuracy", "rmse"]))
def test_a_file_of_scores_is_read_or_told(content: bytes, metric: str) -> None:
    """What is read are numbers of the file, and as many as it has of this metric at most."""
    try:
        found = read_scores(content, "s", metric)
    except BenchError as refused:
        assert str(refused).startswith("s: ")
        return
    text = content.decode("utf-8", "replace")
    assert (
        found["value"].is_finite().all()
        and not found.select("dataset", "family", "repeat", "fold")
        .is_duplicated()
        .any()
    )
    if text.lstrip()[:1] in "[{":
        there = [
            float(one)
            for one in _leaves(json.loads(text))
            if type(one) in (int, float, str) and _number(one)
        ]
        assert all(value in there for value in found["value"])


def _leaves(value: Any) -> list[Any]:
    inside = (
        value.values()
        if isinstance(value, dict)
        else value
        if isinstance(value, list)
        else None
    )
    return (
        [value] if inside is None else [leaf for one in inside for leaf in _leaves(one)]
    )


def _number(cell: Any) -> bool:
    try:
        return math.isfinite(float(cell))
    except (ValueError, OverflowError):
        return False
