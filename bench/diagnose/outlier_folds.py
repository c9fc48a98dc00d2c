"""Whether single folds stand apart from all others."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.diagnose.diagnostic import Diagnostic, DiagnosticEvidence, Number, Rows, found, not_applicable, passed

#: Tukey's outer fences: beyond 3 interquartile ranges normal values are one in 400 000.
FENCE = 3.0
FEWEST = 10
#: So many rows of a fold are named.
ROWS = 8


def run(evidence: DiagnosticEvidence) -> Rows:
    """Folds whose primary score lies beyond Tukey's outer fences of its dataset and family."""
    rows, metric = [], evidence.study.metrics.primary
    for subject in evidence.subjects:
        series = evidence.series["test"][(*subject, metric)]
        values = series.defined
        if len(values) < FEWEST or series.pooled:
            why = (
                "scores are pooled over folds"
                if series.pooled
                else f"fewer than {FEWEST} folds cannot say what is usual"
            )
            rows.append(not_applicable(why, subject))
            continue
        low, high = np.quantile(values, [0.25, 0.75])
        if high - low <= 0:
            rows.append(not_applicable("half of the folds have the same score", subject))
            continue
        far = np.flatnonzero((series.value < low - FENCE * (high - low)) | (series.value > high + FENCE * (high - low)))
        if len(far):
            named = [
                f"{series.value[i]:.3g} in repeat {series.repeat[i]} fold {series.fold[i]}"
                f"{_wrong(evidence, subject, int(series.repeat[i]), int(series.fold[i]))}"
                for i in far[:3]
            ]
            more = f"; and {len(far) - len(named)} more" if len(far) > len(named) else ""
            are = "is" if len(far) == 1 else "are"
            usual = f"the usual score is {np.median(values):.3g}"
            said = f"{len(far)} of {len(values)} folds {are} unusual ({usual}): {'; '.join(named)}{more}"
            rows.append(found(subject, "note", said, estimate=len(far) / len(values)))
        else:
            rows.append(passed(subject, f"none of {len(values)} folds stands apart", estimate=0.0))
    return rows


def _wrong(evidence: DiagnosticEvidence, subject: tuple[str, str], repeat: int, fold: int) -> str:
    """Which test rows of a fold were got wrong, ` (2 of 36 rows wrong: 7, 30)`; nothing where no labels are stored."""
    own = evidence.predictions
    if "label" not in own.columns:
        return ""
    own = own.filter(
        (pl.col("dataset") == subject[0])
        & (pl.col("family") == subject[1])
        & (pl.col("variant") == "plain")
        & (pl.col("side") == "test")
        & (pl.col("repeat") == repeat)
        & (pl.col("fold") == fold)
    )
    if own.is_empty():
        return ""
    rows = own.filter(pl.col("label") != pl.col("truth"))["row"].sort().to_list()
    if not rows:
        return f" (none of {own.height} rows wrong)"
    more = ", ..." if len(rows) > ROWS else ""
    return f" ({len(rows)} of {own.height} rows wrong: {', '.join(map(str, rows[:ROWS]))}{more})"


DIAGNOSTIC = Diagnostic(
    name="outlier_folds",
    title="Folds that stand apart",
    code="S3",
    why="One strange fold can carry a mean: a failed convergence, a rare class, a cluster of odd rows.",
    what_to_do="Look at the rows named, by their place in the raw table, and at Limits and failures for a warning of "
    "that cell. Do not drop the fold: where nothing is wrong with it, it is what chance does.",
    run=run,
    number=Number("folds that stand apart", "share"),
)
