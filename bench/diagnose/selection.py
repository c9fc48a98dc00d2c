"""How much the best of so many candidates, or families, would flatter itself if all were equally good."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.diagnose._names import metric_word
from bench.diagnose.diagnostic import Diagnostic, DiagnosticEvidence, Number, Rows, not_applicable, passed
from bench.stats.selection import expected_max


def run(evidence: DiagnosticEvidence) -> Rows:
    """E[max_k] times the standard error of a candidate's inner mean beside the other candidates', averaged over folds.

    A number to know, printed and never subtracted: what the search would add to its own score if no candidate were
    better than another. Candidates that do alike have small errors beside each other, and so a small number.
    """
    plain = evidence.tuning.filter((pl.col("variant") == "plain") & pl.col("inner_fold").is_not_null())
    rows: Rows = []
    for (dataset, family), part in plain.partition_by("dataset", "family", as_dict=True, maintain_order=True).items():
        sizes = [
            one
            for (_, fold) in part.partition_by("repeat", "fold", as_dict=True, maintain_order=True).items()
            if (one := _inflation(fold)) is not None
        ]
        subject, metric = (str(dataset), str(family)), str(part["metric"][0])
        if not sizes:
            rows.append(not_applicable("fewer than two candidates, or fewer than two inner folds", subject))
            continue
        k, size = part["candidate"].n_unique(), float(np.mean(sizes))
        said = f"the best of {k} equally good candidates would look {size:.3g} better than it is "
        said += f"(inner {metric_word(metric)})"
        rows.append(passed(subject, said, estimate=size))
    return rows or [not_applicable("nothing was tuned in inner folds")]


def _inflation(fold: pl.DataFrame) -> float | None:
    """Of one outer fold, from its (candidates, inner folds) scores; candidates that failed are left out."""
    wide = fold.pivot(on="inner_fold", index="candidate", values="value", maintain_order=True).drop("candidate")
    values = wide.to_numpy().astype(np.float64)
    values = values[np.isfinite(values).all(axis=1)]
    k, folds = values.shape
    if k < 2 or folds < 2:
        return None
    beside = values - values.mean(axis=0)
    # Each candidate is part of the mean it is held against, which takes 1/k of the variance away.
    errors = beside.std(axis=1, ddof=1) / np.sqrt(folds) * np.sqrt(k / (k - 1))
    return expected_max(k) * float(np.sqrt((errors**2).mean()))


DIAGNOSTIC = Diagnostic(
    name="selection",
    title="What the search adds by itself",
    code="O3",
    why="The largest of many noisy scores is too large even where all candidates are equally good.",
    what_to_do="Quote outer scores; read an advantage of this size in the inner ones as nothing.",
    run=run,
    number=Number("what the search adds", "tuning"),
)
