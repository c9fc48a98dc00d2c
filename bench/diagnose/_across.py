"""What stands on both sides of a split: equal or nearly equal rows, and rows of one group."""

from __future__ import annotations

import polars as pl

from bench.core.outcomes import Statement
from bench.diagnose.evidence import DiagnosticEvidence
from bench.scores.design import resampling_of

FOLD = ["repeat", "fold"]
LEAST = 0.001


class LeakGain(
    Statement,
    code="leakage.gain",
    says="without them the accuracy of {family} is {gain:points} lower",
):
    family: str
    gain: float


def copies(evidence: DiagnosticEvidence, dataset: str) -> pl.DataFrame | None:
    """(repeat, fold, row) of test rows with an exact copy in training; None where the dataset has no predictions."""
    predictions = evidence.plain(dataset)
    if predictions.is_empty():
        return None
    tests = (
        predictions.filter(pl.col("side") == "test")
        .select(*FOLD, "row")
        .unique(maintain_order=True)
    )
    return leaked(
        tests,
        predictions,
        evidence.duplicates.filter(pl.col("dataset") == dataset).select(
            "row", "duplicates"
        ),
    )


def leaked(
    tests: pl.DataFrame, predictions: pl.DataFrame, duplicates: pl.DataFrame
) -> pl.DataFrame:
    """(repeat, fold, row) of test rows with a duplicate in training; `duplicates` has `row` and the number of its set.

    Where the stored train predictions are a sample, every row that is not tested in a fold counts as trained on.
    """
    if duplicates.is_empty():
        return tests.clear()
    trained = (
        predictions.filter(pl.col("side") == "train")
        .select(*FOLD, "row")
        .unique(maintain_order=True)
    )
    sizes = trained.group_by(FOLD).len()
    whole = tests.group_by(FOLD).len().join(sizes, on=FOLD, how="left")
    complete = whole.select((pl.col("len_right") + pl.col("len")).min()).item() or 0
    if complete < tests["row"].n_unique():
        rows = tests.select("row").unique(maintain_order=True)
        trained = tests.select(FOLD).unique(maintain_order=True).join(rows, how="cross").join(
            tests, on=[*FOLD, "row"], how="anti"
        )  # fmt: skip
    seen = trained.join(duplicates, on="row").select(*FOLD, "duplicates").unique()
    return (
        tests.join(duplicates, on="row")
        .join(seen, on=[*FOLD, "duplicates"], how="semi")
        .select(*FOLD, "row")
    )


def leak_gain(
    tests: pl.DataFrame, leaked: pl.DataFrame, baselines: tuple[str, ...]
) -> tuple[float, str | None]:
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
        .agg(
            (right.mean() - right.filter(pl.col("leaked").is_null()).mean()).alias(
                "gain"
            )
        )
        .drop_nulls()
        .sort("gain", "family", descending=[True, False])
    )
    if not gains.height or gains["gain"][0] < LEAST:
        return 0.0, None
    return float(gains["gain"][0]), str(gains["family"][0])


def keeps_groups(evidence: DiagnosticEvidence, dataset: str) -> bool:
    """Whether a group is declared and kept on one side: by the kind of split, or by every fold of a given one."""
    resampling = resampling_of(evidence.study, dataset)
    if resampling is None or evidence.study.datasets[dataset].group is None:
        return False
    if resampling.keeps_groups:
        return True
    return resampling.given and crossing(evidence, dataset) == 0


def crossing(evidence: DiagnosticEvidence, dataset: str) -> float | None:
    """The share of test rows whose declared group also has rows that are not tested in that fold."""
    sample = evidence.rows(dataset)
    if sample is None or sample.group is None or dataset not in evidence.tests:
        return None
    groups = pl.DataFrame({"row": sample.row, "group": sample.group.astype(str)})
    tests, crossed, count = evidence.tests[dataset].join(groups, on="row"), 0, 0
    for _, part in tests.group_by("repeat", "fold", maintain_order=True):
        rest = groups.join(part, on="row", how="anti")["group"].unique()
        crossed, count = (
            crossed + int(part["group"].is_in(rest.implode()).sum()),
            count + part.height,
        )
    return crossed / count if count else None
