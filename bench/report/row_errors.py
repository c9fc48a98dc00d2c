"""Predictions row by row, counted before anything is drawn: which rows are hard, who disagrees with whom.

A row may be predicted in several repeats: a family gets it wrong when more than half of its predictions are wrong.
"""

from __future__ import annotations

import numpy as np
import polars as pl

CELL = ["repeat", "fold", "row"]


def those_of(frame: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
    """The rows that meet a condition; the frame itself where all do, for millions of rows are slow to copy."""
    met = frame.select(condition.alias("met"))["met"]
    return frame if met.all(ignore_nulls=False) else frame.filter(met)


def by(frame: pl.DataFrame, column: str) -> dict[str, pl.DataFrame]:
    """The rows of each value; where these stand together, as views: millions of rows are not copied."""
    runs = frame[column].rle().struct.unnest()
    if runs["value"].n_unique() < runs.height:
        return {str(key): part for (key,), part in frame.partition_by(column, as_dict=True).items()}
    starts = [0, *runs["len"].cum_sum()]
    return {name: frame[start : start + size] for name, size, start in zip(runs["value"], runs["len"], starts)}


def tested_rows(predictions: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """By dataset, the predictions of test rows whose truth is known; `predictions`: the study's own rows.

    Families and classes are `Enum`s in alphabetical order: millions of rows are counted in a fraction of the time.
    """
    answer = "label" if "label" in predictions.columns else "value"
    known = pl.col("truth").is_not_null() & pl.col(answer).is_not_null()
    rows = those_of(predictions, (pl.col("side") == "test") & known)
    return {dataset: with_enums(part) for dataset, part in by(rows, "dataset").items()}


def with_enums(rows: pl.DataFrame) -> pl.DataFrame:
    """Predictions with families and classes as `Enum`s in alphabetical order."""
    rows = _coded(rows, ["family"])
    return _coded(rows, ["truth", "label"]) if "label" in rows.columns else rows


def _coded(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    values = pl.concat([rows[column].unique() for column in columns]).unique().sort()
    return rows.with_columns(pl.col(columns).cast(pl.Enum(values)))


def missed_by(tests: pl.DataFrame) -> pl.DataFrame:
    """One line a row and family of a classification: row, family, truth, and `wrong`, the share of its predictions that
    are."""
    place = pl.col("family").rank("dense").cast(pl.Int64)
    cell = pl.col("row") * (place.max() + 1) + place  # one number is grouped faster than two keys
    wrong = (pl.col("label") != pl.col("truth")).mean().alias("wrong")
    return tests.group_by(cell.alias("cell")).agg(pl.col("row", "family", "truth").first(), wrong)


def wrong_rows(tests: pl.DataFrame, by: pl.DataFrame) -> pl.DataFrame:
    """One line a row of a classification, hardest first; `by`: what `missed_by` gives.

    row, truth; wrong: the share of its predictions that are wrong, each family counting alike; families: how many get
    it wrong; of: how many predicted it; said: the wrong label named most often, and `source`, the share of the wrong
    predictions that name it.
    """
    rows = by.group_by("row").agg(
        pl.col("truth").first(),
        pl.col("wrong").mean().round(9),  # sums of threads differ in their last digits, and with them the order
        (pl.col("wrong") > 0.5).sum().cast(pl.Int64).alias("families"),
        pl.len().cast(pl.Int64).alias("of"),
    )
    named = tests.filter(pl.col("label") != pl.col("truth")).group_by("row", "label").len()
    most = named.sort("row", "len", "label", descending=[False, True, False]).group_by("row", maintain_order=True)
    said = most.agg(
        pl.col("label").first().alias("said"), (pl.col("len").first() / pl.col("len").sum()).alias("source")
    )
    return rows.join(said, on="row", how="left").sort("families", "wrong", "row", descending=[True, True, False])


def missed_rows(tests: pl.DataFrame) -> pl.DataFrame:
    """One line a row of a regression, hardest first.

    row, truth; error: the median over families of the size of their mean residual; low, high: the least and the
    greatest mean prediction of a family; of: how many families predicted it.
    """
    by = tests.group_by("row", "family").agg(pl.col("truth").first(), pl.col("value").mean())
    rows = by.group_by("row").agg(
        pl.col("truth").first(),
        (pl.col("truth") - pl.col("value")).abs().median().round_sig_figs(9).alias("error"),
        pl.col("value").min().alias("low"),
        pl.col("value").max().alias("high"),
        pl.len().cast(pl.Int64).alias("of"),
    )
    return rows.sort("error", "row", descending=[True, False])


def with_duplicates(rows: pl.DataFrame, tests: pl.DataFrame, duplicates: pl.DataFrame) -> pl.DataFrame:
    """The rows with `equal`: how many other rows have the same features, and `other`: how many of those, among the
    tested, have another truth; 0 for a row without duplicates. `duplicates` are those of this dataset.
    """
    known = tests.select("row", "truth").filter(pl.col("row").is_in(duplicates["row"].implode())).unique()
    like = pl.when(pl.col("truth").is_null()).then(0).otherwise(pl.len().over("duplicates", "truth"))
    equals = duplicates.join(known, on="row", how="left").with_columns(
        equal=pl.len().over("duplicates").cast(pl.Int64) - 1,
        other=pl.col("truth").count().over("duplicates").cast(pl.Int64) - like,
    )
    joined = rows.join(equals.select("row", "equal", "other"), on="row", how="left", maintain_order="left")
    return joined.with_columns(pl.col("equal", "other").fill_null(0))


def side_by_side(tests: pl.DataFrame, families: list[str]) -> np.ndarray:
    """(n, f): what each family said of every row that all of them predicted: class codes, or values."""
    said = "value" if "value" in tests.columns else "label"
    part = tests.with_columns(pl.col("label").to_physical().cast(pl.Int64)) if said == "label" else tests
    found = by(part, "family")
    each = [found.get(family, part.clear()) for family in families]
    if each and all(one[CELL].equals(each[0][CELL]) for one in each[1:]):  # the same rows in the same order: no join
        return np.column_stack([one[said].to_numpy() for one in each])
    wide = part.filter(pl.col("family").is_in(families)).pivot(
        "family", index=CELL, values=said, aggregate_function="first"
    )
    if any(family not in wide.columns for family in families):
        return np.empty((0, len(families)))
    return wide.select(families).drop_nulls().to_numpy()


def residuals(tests: pl.DataFrame, families: list[str]) -> np.ndarray:
    """(n, f): truth less prediction of every family on the rows that all of them predicted."""
    part = tests.filter(pl.col("family").is_in(families)).with_columns(value=pl.col("truth") - pl.col("value"))
    return side_by_side(part, families)
