"""Whether folds and families agree on the features that matter."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    found,
    not_applicable,
    passed,
    refused,
    share,
)


def run(evidence: DiagnosticEvidence) -> Rows:
    """The mean rank correlation of the importances of two folds; a family and dataset."""
    frame = evidence.importance.filter(pl.col("kind") == "permutation")
    if frame.is_empty():
        said = "nobody looked into the fits: `diagnostics: {inspect: {}}`"
        return refused(evidence, "inspected") or [not_applicable(said)]
    rows: Rows = []
    for (dataset, family), part in frame.partition_by("dataset", "family", as_dict=True, maintain_order=True).items():
        subject, table = (str(dataset), str(family)), _table(part)
        if min(table.shape) < 2:
            rows.append(not_applicable("one fold or one feature cannot disagree", subject))
            continue
        names = part["feature"].unique(maintain_order=True).to_list()
        tops = table.argmax(axis=1)
        best = int(np.bincount(tops).argmax())
        alike = agreement(table)
        said = f"{names[best]} is first in {share(int((tops == best).sum()), len(tops))} folds"
        first = int(table.mean(axis=0).argmax())
        if first != best:
            said += f", more than any other, while by its mean over all folds {names[first]} is first"
        said += f"; importances of two folds correlate by {round(alike, 2) + 0.0:.2f} in rank"
        unstable_families = alike < 0.5
        rows.append(
            found(subject, "note", said, estimate=alike) if unstable_families else passed(subject, said, estimate=alike)
        )
    return rows + refused(evidence, "inspected")


def _table(part: pl.DataFrame) -> np.ndarray:
    """(folds, features) in the order of the frame."""
    wide = part.pivot(on="feature", index=["repeat", "fold"], values="value", maintain_order=True)
    return wide.drop("repeat", "fold").to_numpy().astype(np.float64)


def agreement(table: np.ndarray) -> float:
    """The mean of Spearman's correlations of all pairs of rows of (folds, features); ties get mean ranks.

    >>> round(agreement(np.array([[3.0, 2.0, 1.0], [30.0, 20.0, 10.0], [1.0, 2.0, 3.0]])), 3)
    -0.333
    """
    from scipy.stats import rankdata  # slow to import, and needed for few studies

    ranks = rankdata(table, axis=1)
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    sizes = np.sqrt((ranks**2).sum(axis=1))
    ranks = ranks[sizes > 0] / sizes[sizes > 0, None]
    if len(ranks) < 2:
        return 0.0
    together = ranks @ ranks.T
    return float(together[np.triu_indices(len(ranks), 1)].mean())


DIAGNOSTIC = Diagnostic(
    name="importances",
    title="Stability of importances",
    code="I1",
    why="A feature that matters in one fold and not in the next tells about the fold, not about the world.",
    what_to_do="Do not tell a story about single features; look at groups of correlated ones together.",
    run=run,
    number=Number("mean rank correlation of two folds", "correlation"),
)
