"""Equal or nearly equal rows on both sides of a split, and how much scores gain from them."""

from __future__ import annotations

import polars as pl

from bench.diagnose.evidence import DiagnosticEvidence

FOLD = ["repeat", "fold"]
LEAST = 0.001


def copies(evidence: DiagnosticEvidence, dataset: str) -> pl.DataFrame | None:
    """(repeat, fold, row) of test rows with an exact copy in training; None where the dataset has no predictions."""
    predictions = evidence.plain(dataset)
    if predictions.is_empty():
        return None
    tests = predictions.filter(pl.col("side") == "test").select(*FOLD, "row").unique(maintain_order=True)
    return leaked(
        tests, predictions, evidence.duplicates.filter(pl.col("dataset") == dataset).select("row", "duplicates")
    )


def leaked(tests: pl.DataFrame, predictions: pl.DataFrame, duplicates: pl.DataFrame) -> pl.DataFrame:
    """(repeat, fold, row) of test rows with a duplicate in training; `duplicates` has `row` and the number of its set.

    Where the stored train predictions are a sample, every row that is not tested in a fold counts as trained on.
    """
    if duplicates.is_empty():
        return tests.clear()
    trained = predictions.filter(pl.col("side") == "train").select(*FOLD, "row").unique(maintain_order=True)
    sizes = trained.group_by(FOLD).len()
    whole = tests.group_by(FOLD).len().join(sizes, on=FOLD, how="left")
    complete = whole.select((pl.col("len_right") + pl.col("len")).min()).item() or 0
    if complete < tests["row"].n_unique():
        rows = tests.select("row").unique(maintain_order=True)
        trained = tests.select(FOLD).unique(maintain_order=True).join(rows, how="cross").join(
            tests, on=[*FOLD, "row"], how="anti"
        )  # fmt: skip
    seen = trained.join(duplicates, on="row").select(*FOLD, "duplicates").unique()
    return tests.join(duplicates, on="row").join(seen, on=[*FOLD, "duplicates"], how="semi").select(*FOLD, "row")


def leak_gain(tests: pl.DataFrame, leaked: pl.DataFrame, baselines: tuple[str, ...]) -> tuple[float, str | None]:
    """By how much the accuracy of the family that gains most falls without the leaked rows, and that family.

    Labels only; (0, None) for less than a thousandth. Baselines are left out: they remember no row.
    """
    tests = tests.filter(~pl.col("family").is_in(list(baselines)))
    if "label" not in tests.columns:
        return 0.0, None
    marked = tests.join(leaked.with_columns(leaked=True), on=[*FOLD, "row"], how="left")
    right = (pl.col("label") == pl.col("truth")).cast(pl.Float64)
    gains = (
        marked.group_by("family", maintain_order=True)
        .agg((right.mean() - right.filter(pl.col("leaked").is_null()).mean()).alias("gain"))
        .drop_nulls()
        .sort("gain", "family", descending=[True, False])
    )
    if not gains.height or gains["gain"][0] < LEAST:
        return 0.0, None
    return float(gains["gain"][0]), str(gains["family"][0])
