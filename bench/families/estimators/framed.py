"""Described estimators that get a table with named columns, as the caller of `bench.benchmark` gave it.

Inside a fold a table is one matrix of floats. These estimators make of it again the frame that it was: columns in
their order, with their names, types and words. No step of bench comes before them.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from bench.families.estimators.described import (
    DescribedDecisions,
    DescribedLabels,
    DescribedProbabilities,
    DescribedRegressor,
)


def layout_of(X: Any, table: pl.DataFrame) -> str:
    """What `frame_of` needs to make the frame X again, as JSON; `table`: X as polars, its words as text."""
    polars = isinstance(X, pl.DataFrame)
    columns = [
        _column(table[name], X[name] if polars else X.iloc[:, at])
        for at, name in enumerate(table.columns)
    ]
    return json.dumps(
        {"library": "polars" if polars else "pandas", "columns": columns},
        ensure_ascii=False,
    )


def _column(series: pl.Series, given: Any) -> dict[str, Any]:
    """One column: its name and type, the words that its codes stand for, and all that its type allows in order."""
    words = (
        series.drop_nulls().unique().sort().to_list()
        if series.dtype == pl.String
        else None
    )
    column = {"name": series.name, "type": str(given.dtype), "words": words}
    if isinstance(given.dtype, pl.Enum):
        return column | {"type": "Enum", "allowed": given.dtype.categories.to_list()}
    if isinstance(given.dtype, pl.Categorical):
        return column | {"type": "Categorical"}
    if isinstance(given.dtype, pd.CategoricalDtype):
        return column | {
            "allowed": given.dtype.categories.to_list(),
            "ordered": given.dtype.ordered,
        }
    return column


def frame_of(X: np.ndarray, layout: str) -> Any:
    """The matrix as a frame. Columns of words are the last ones of a matrix, each word as its number."""
    about = json.loads(layout)
    columns: list[dict[str, Any]] = about["columns"]
    order = sorted(range(len(columns)), key=lambda at: columns[at]["words"] is not None)
    if X.shape[1] != len(columns):
        raise ValueError(
            f"the matrix has {X.shape[1]} columns, the table {len(columns)}"
        )
    place = {at: position for position, at in enumerate(order)}
    restored = _polars if about["library"] == "polars" else _pandas
    made = {
        column["name"]: restored(X[:, place[at]], column)
        for at, column in enumerate(columns)
    }
    return pl.DataFrame(made) if about["library"] == "polars" else pd.DataFrame(made)


def _cells(values: np.ndarray, column: dict[str, Any]) -> list[Any]:
    """Numbers or words; None is missing."""
    words = column["words"]
    return [
        None if value != value else value if words is None else words[int(value)]
        for value in values.tolist()
    ]


def _polars(values: np.ndarray, column: dict[str, Any]) -> pl.Series:
    series = pl.Series(
        _cells(values, column),
        dtype=pl.Float64 if column["words"] is None else pl.String,
    )
    named = getattr(pl, column["type"], None)
    dtype = pl.Enum(column["allowed"]) if column["type"] == "Enum" else named
    return series if dtype is None else series.cast(dtype)


def _pandas(values: np.ndarray, column: dict[str, Any]) -> pd.Series:
    series = pd.Series(values if column["words"] is None else _cells(values, column))
    if "allowed" in column:
        words = (
            [str(one) for one in column["allowed"]]
            if column["words"] is not None
            else column["allowed"]
        )
        return series.astype(pd.CategoricalDtype(words, ordered=column["ordered"]))
    return (
        series
        if column["type"] == "object" and column["words"] is None
        else series.astype(column["type"])
    )


class _Framed:
    """A described estimator that gets a frame; `layout` as `layout_of` makes it."""

    takes_tables = True

    def __init__(
        self, description: str = "", layout: str = "", random_state: int | None = None
    ) -> None:
        self.description = description
        self.layout = layout
        self.random_state = random_state

    def fit(self, X: np.ndarray, y: np.ndarray) -> Any:
        """Fit the estimator that the description stands for."""
        return super().fit(frame_of(X, self.layout), y)  # type: ignore[misc]

    def predict(self, X: np.ndarray) -> Any:
        """Predictions of the fitted estimator."""
        return super().predict(frame_of(X, self.layout))  # type: ignore[misc]


class FramedRegressor(_Framed, DescribedRegressor):
    """A described estimator that predicts numbers from a frame."""


class FramedLabels(_Framed, DescribedLabels):
    """A described classifier of a frame that gives labels alone."""


class FramedDecisions(_Framed, DescribedDecisions):
    """A described classifier of a frame with decision values."""

    def decision_function(self, X: np.ndarray) -> Any:
        """Decision values of the fitted estimator."""
        return super().decision_function(frame_of(X, self.layout))


class FramedProbabilities(_Framed, DescribedProbabilities):
    """A described classifier of a frame with probabilities."""

    def predict_proba(self, X: np.ndarray) -> Any:
        """Probabilities of the fitted estimator, in the order of its classes."""
        return super().predict_proba(frame_of(X, self.layout))
