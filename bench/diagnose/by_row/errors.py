"""Whose errors stand where: confusions, pairs of families on the same rows, and the rows that are hardest.

A row may be predicted in several repeats: a family gets it wrong when more than half of its predictions are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import polars as pl

from bench.core.by_row import ConfusionCount, FarRow, PairByRow, WrongCount, WrongRow
from bench.core.frames import records
from bench.diagnose.by_row.tested import by
from bench.stats.misses import alike, disagreement

CELL = ["repeat", "fold", "row"]
#: The hardest rows that are listed.
LISTED = 10


def confusions(dataset: str, tests: pl.DataFrame) -> Iterator[ConfusionCount]:
    """Each family's predictions by truth and label, in this order."""
    rows = tests.group_by("family", "truth").agg(
        pl.col("row").n_unique().cast(pl.Int64).alias("rows")
    )
    counts = tests.group_by("family", "truth", "label").agg(
        pl.len().cast(pl.Int64).alias("predictions")
    )
    both = counts.join(rows, on=["family", "truth"]).sort("family", "truth", "label")
    for family, truth, label, predictions, of_class in both.iter_rows():
        yield ConfusionCount(dataset, family, truth, label, predictions, of_class)


def pairs(
    dataset: str, tests: pl.DataFrame, families: Sequence[str]
) -> Iterator[PairByRow]:
    """Every pair on the rows that all of the families predicted; none with fewer than two such rows."""
    numbers = "value" in tests.columns
    answers = residuals(tests, families) if numbers else side_by_side(tests, families)
    if len(families) < 2 or len(answers) < 2:
        return
    values = alike(answers) if numbers else disagreement(answers)
    for i, j in combinations(range(len(families)), 2):
        value = float(values[i, j])
        yield PairByRow(
            dataset, families[i], families[j], None if np.isnan(value) else value
        )


def hard_rows(
    dataset: str, tests: pl.DataFrame, duplicates: pl.DataFrame
) -> dict[str, Sequence[object]]:
    """By frame, the hardest rows of a dataset, and how many rows are got wrong by how many families.

    duplicates: row, duplicates of this dataset.
    """
    if "value" in tests.columns:
        rows = missed_rows(tests)
        listed = with_duplicates(rows.head(LISTED), tests, duplicates)
        listed = listed.with_columns(dataset=pl.lit(dataset), rows=pl.lit(rows.height))
        return {"far_rows": records(listed, FarRow)}
    missed = missed_by(tests)
    rows = wrong_rows(tests, missed)
    listed = with_duplicates(
        rows.filter(pl.col("wrong") > 0).head(LISTED), tests, duplicates
    )
    models, repeated = missed["family"].n_unique(), missed.height < tests.height
    counts = [
        WrongCount(dataset, families, count, models, repeated)
        for families, count in rows.group_by("families")
        .len()
        .sort("families")
        .iter_rows()
    ]
    return {
        "wrong_rows": records(listed.with_columns(dataset=pl.lit(dataset)), WrongRow),
        "wrong_counts": counts,
    }


def missed_by(tests: pl.DataFrame) -> pl.DataFrame:
    """One line a row and family of a classification: row, family, truth, and `wrong`, the share of its predictions that
    are."""
    place = pl.col("family").rank("dense").cast(pl.Int64)
    cell = (
        pl.col("row") * (place.max() + 1) + place
    )  # one number is grouped faster than two keys
    wrong = (pl.col("label") != pl.col("truth")).mean().alias("wrong")
    return tests.group_by(cell.alias("cell")).agg(
        pl.col("row", "family", "truth").first(), wrong
    )


def wrong_rows(tests: pl.DataFrame, by: pl.DataFrame) -> pl.DataFrame:
    """One line a row of a classification, hardest first; `by`: what `missed_by` gives.

    row, truth; wrong: the share of its predictions that are wrong, each family counting alike; families: how many get
    it wrong; of: how many predicted it; said: the wrong label named most often, and `source`, the share of the wrong
    predictions that name it.
    """
    rows = by.group_by("row").agg(
        pl.col("truth").first(),
        pl.col("wrong")
        .mean()
        .round(
            9
        ),  # sums of threads differ in their last digits, and with them the order
        (pl.col("wrong") > 0.5).sum().cast(pl.Int64).alias("families"),
        pl.len().cast(pl.Int64).alias("of"),
    )
    named = (
        tests.filter(pl.col("label") != pl.col("truth")).group_by("row", "label").len()
    )
    most = named.sort("row", "len", "label", descending=[False, True, False]).group_by(
        "row", maintain_order=True
    )
    said = most.agg(
        pl.col("label").first().alias("said"),
        (pl.col("len").first() / pl.col("len").sum()).alias("source"),
    )
    return rows.join(said, on="row", how="left").sort(
        "families", "wrong", "row", descending=[True, True, False]
    )


def missed_rows(tests: pl.DataFrame) -> pl.DataFrame:
    """One line a row of a regression, hardest first.

    row, truth; error: the median over families of the size of their mean residual; low, high: the least and the
    greatest mean prediction of a family; of: how many families predicted it.
    """
    by = tests.group_by("row", "family").agg(
        pl.col("truth").first(), pl.col("value").mean()
    )
    rows = by.group_by("row").agg(
        pl.col("truth").first(),
        (pl.col("truth") - pl.col("value"))
        .abs()
        .median()
        .round_sig_figs(9)
        .alias("error"),
        pl.col("value").min().alias("low"),
        pl.col("value").max().alias("high"),
        pl.len().cast(pl.Int64).alias("of"),
    )
    return rows.sort("error", "row", descending=[True, False])


def with_duplicates(
    rows: pl.DataFrame, tests: pl.DataFrame, duplicates: pl.DataFrame
) -> pl.DataFrame:
    """The rows with `equal`: how many other rows have the same features, and `other`: how many of those, among the
    tested, have another truth; 0 for a row without duplicates. `duplicates` are those of this dataset.
    """
    known = (
        tests.select("row", "truth")
        .filter(pl.col("row").is_in(duplicates["row"].implode()))
        .unique()
    )
    like = (
        pl.when(pl.col("truth").is_null())
        .then(0)
        .otherwise(pl.len().over("duplicates", "truth"))
    )
    equals = duplicates.join(known, on="row", how="left").with_columns(
        equal=pl.len().over("duplicates").cast(pl.Int64) - 1,
        other=pl.col("truth").count().over("duplicates").cast(pl.Int64) - like,
    )
    joined = rows.join(
        equals.select("row", "equal", "other"),
        on="row",
        how="left",
        maintain_order="left",
    )
    return joined.with_columns(pl.col("equal", "other").fill_null(0))


def side_by_side(tests: pl.DataFrame, families: Sequence[str]) -> np.ndarray:
    """(n, f): what each family said of every row that all of them predicted: class codes, or values."""
    said = "value" if "value" in tests.columns else "label"
    part = (
        tests.with_columns(pl.col("label").to_physical().cast(pl.Int64))
        if said == "label"
        else tests
    )
    found = by(part, "family")
    each = [found.get(family, part.clear()) for family in families]
    if each and all(
        one[CELL].equals(each[0][CELL]) for one in each[1:]
    ):  # the same rows in the same order: no join
        return np.column_stack([one[said].to_numpy() for one in each])
    wide = part.filter(pl.col("family").is_in(families)).pivot(
        "family", index=CELL, values=said, aggregate_function="first"
    )
    if any(family not in wide.columns for family in families):
        return np.empty((0, len(families)))
    return wide.select(families).drop_nulls().to_numpy()


def residuals(tests: pl.DataFrame, families: Sequence[str]) -> np.ndarray:
    """(n, f): truth less prediction of every family on the rows that all of them predicted."""
    part = tests.filter(pl.col("family").is_in(families)).with_columns(
        value=pl.col("truth") - pl.col("value")
    )
    return side_by_side(part, families)
