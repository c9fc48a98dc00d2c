"""Whether test rows have twins among the rows that were trained on: the same features, word for word."""

from __future__ import annotations

import polars as pl

from bench.diagnose.diagnostic import Diagnostic, Evidence, Rows, Severity, found, not_applicable, passed
from bench.yardstick import from_elsewhere, tolerance_of

_FOLD = ["repeat", "fold"]


def run(evidence: Evidence) -> Rows:
    """The share of test rows with a twin in training, and how much the accuracy of labels owes to them, a dataset."""
    rows: Rows = []
    for dataset in evidence.study.datasets:
        own = evidence.predictions.filter((pl.col("dataset") == dataset) & (pl.col("variant") == "plain"))
        if own.is_empty() or from_elsewhere(evidence.study, dataset):
            continue
        tests = own.filter(pl.col("side") == "test")
        twins = evidence.twins.filter(pl.col("dataset") == dataset).select("row", "twins")
        leaked = _leaked(tests.select(*_FOLD, "row").unique(maintain_order=True), own, twins)
        every = tests.select(*_FOLD, "row").n_unique()
        if leaked.is_empty():
            rows.append(passed((dataset, None), f"no test row of {every:,} has a twin in training", estimate=0.0))
            continue
        share = leaked.height / every
        gain, family = _owed(tests, leaked)
        said = f"{leaked.height:,} of {every:,} test rows ({share:.1%}) have a twin among their training rows"
        if family is not None:
            said += f"; without them the accuracy of {family} would be {gain:.3g} lower"
        tolerance = tolerance_of(evidence.study, "accuracy").value if family is not None else None
        severity: Severity = "serious" if tolerance is not None and gain > tolerance else "warning"
        severity = "note" if share < 0.01 and severity == "warning" else severity
        rows.append(found((dataset, None), severity, said, estimate=share))
    return rows or [not_applicable("there are no predictions of rows whose data are here")]


def _leaked(tests: pl.DataFrame, own: pl.DataFrame, twins: pl.DataFrame) -> pl.DataFrame:
    """(repeat, fold, row) of test rows with a twin in training.

    Where the stored train predictions are a sample, every row that is not tested in a fold counts as trained on.
    """
    if twins.is_empty():
        return tests.clear()
    trained = own.filter(pl.col("side") == "train").select(*_FOLD, "row").unique(maintain_order=True)
    sizes = trained.group_by(_FOLD).len()
    whole = tests.group_by(_FOLD).len().join(sizes, on=_FOLD, how="left")
    complete = whole.select((pl.col("len_right") + pl.col("len")).min()).item() or 0
    if complete < tests["row"].n_unique():
        rows = tests.select("row").unique(maintain_order=True)
        trained = tests.select(_FOLD).unique(maintain_order=True).join(rows, how="cross").join(
            tests, on=[*_FOLD, "row"], how="anti"
        )  # fmt: skip
    seen = trained.join(twins, on="row").select(*_FOLD, "twins").unique()
    return tests.join(twins, on="row").join(seen, on=[*_FOLD, "twins"], how="semi").select(*_FOLD, "row")


def _owed(tests: pl.DataFrame, leaked: pl.DataFrame) -> tuple[float, str | None]:
    """By how much the accuracy of the family that profits most falls without the leaked rows; labels only."""
    if "label" not in tests.columns:
        return 0.0, None
    marked = tests.join(leaked.with_columns(leaked=True), on=[*_FOLD, "row"], how="left")
    right = (pl.col("label") == pl.col("truth")).cast(pl.Float64)
    gains = (
        marked.group_by("family", maintain_order=True)
        .agg((right.mean() - right.filter(pl.col("leaked").is_null()).mean()).alias("gain"))
        .drop_nulls()
        .sort("gain", "family", descending=[True, False])
    )
    return (float(gains["gain"][0]), str(gains["family"][0])) if gains.height and gains["gain"][0] > 0 else (0.0, None)


DIAGNOSTIC = Diagnostic(
    name="twins_across",
    title="Twins across the split",
    code="L4",
    why="Who has seen a row's twin in training need only remember it: the score is one of memory.",
    what_to_do="Drop exact duplicates in `clean`, or keep twins on one side with a `group`; say which in the study.",
    run=run,
)
