"""The predictions of test rows, by dataset and family."""

from __future__ import annotations

import polars as pl

from bench.core.rows import OWN


def by(frame: pl.DataFrame, column: str) -> dict[str, pl.DataFrame]:
    """The rows of each value; where these stand together, as views: millions of rows are not copied."""
    runs = frame[column].rle().struct.unnest()
    if runs["value"].n_unique() < runs.height:
        return {
            str(key): part
            for (key,), part in frame.partition_by(column, as_dict=True).items()
        }
    starts = [0, *runs["len"].cum_sum()]
    return {
        name: frame[start : start + size]
        for name, size, start in zip(runs["value"], runs["len"], starts)
    }


def tested_rows(predictions: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """By dataset, the study's own predictions of test rows whose truth is known.

    Families and classes are `Enum`s in alphabetical order: millions of rows are counted in a fraction of the time.
    """
    answer = "label" if "label" in predictions.columns else "value"
    known = pl.col("truth").is_not_null() & pl.col(answer).is_not_null()
    rows = predictions.filter(OWN, known, pl.col("side") == "test")
    return {dataset: with_enums(part) for dataset, part in by(rows, "dataset").items()}


def with_enums(rows: pl.DataFrame) -> pl.DataFrame:
    """Predictions with families and classes as `Enum`s in alphabetical order."""
    rows = _coded(rows, ["family"])
    return _coded(rows, ["truth", "label"]) if "label" in rows.columns else rows


def _coded(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    values = pl.concat([rows[column].unique() for column in columns]).unique().sort()
    return rows.with_columns(pl.col(columns).cast(pl.Enum(values)))
