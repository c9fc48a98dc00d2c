"""Whether a family gives the same answer for every test row."""

from __future__ import annotations

import polars as pl

from bench.diagnose.diagnostic import Diagnostic, Evidence, Rows, found, not_applicable, passed, share


def run(evidence: Evidence) -> Rows:
    """In how many repeats one label (or number) was predicted throughout, though the truth varied."""
    answer = "value" if "value" in evidence.predictions.columns else "label"
    families = [family for family in evidence.study.families or () if family not in evidence.baselines]
    rows_ = evidence.predictions.lazy().filter(
        (pl.col("side") == "test") & (pl.col("variant") == "plain") & pl.col("family").is_in(families)
    )
    # A regressor that predicts each fold's mean is constant within a fold only; of one row nothing is constant.
    by = ["dataset", "family", "repeat", *(["fold"] if answer == "value" else [])]
    groups = (
        rows_.group_by(by)
        .agg(
            pl.col(answer).n_unique().alias("answers"), pl.col("truth").n_unique().alias("truths"), pl.len().alias("n")
        )
        .filter((pl.col("n") > 1) & (pl.col("truths") > 1))
        .group_by("dataset", "family")
        .agg((pl.col("answers") == 1).sum().alias("constant"), pl.len().alias("groups"))
        .sort("dataset", "family")
        .collect()
    )
    what = "folds" if answer == "value" else "repeats"
    rows = []
    for dataset, family, constant, count in groups.iter_rows():
        said = f"the same answer for every test row in {share(constant, count)} {what}"
        numbers = {"estimate": constant / count}
        row = (
            found((dataset, family), "warning", said, **numbers)
            if constant
            else passed((dataset, family), said, **numbers)
        )
        rows.append(row)
    return rows or [not_applicable("there are no predictions of families with features")]


DIAGNOSTIC = Diagnostic(
    name="degenerate",
    title="Constant predictions",
    code="S2",
    why="A family that always answers the same has collapsed: scaling, regularisation and rare classes do that.",
    what_to_do="Check that family's preprocessing and regularisation; weight or resample classes inside the fold.",
    run=run,
)
