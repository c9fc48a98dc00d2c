"""How much too good the best of so many candidates would look if all were equally good."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.core.findings import Finding
from bench.core.outcomes import words
from bench.core.rows import OWN
from bench.diagnose.diagnostic import Diagnostic, FindingNumber, NumberShown
from bench.diagnose.evidence import DiagnosticEvidence, by_subject
from bench.diagnose.finding import not_applicable, passed
from bench.stats.prediction import expected_max

say = words(
    "selection",
    {
        "too_few": "fewer than two candidates, or fewer than two inner folds",
        "no_inner_folds": "nothing was tuned in inner folds",
        "size": "the best of {candidates} equally good candidates would look {size:.3g} better than it is (inner "
        "{metric:name})",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """E[max_k] times the standard error of a candidate's inner mean beside the other candidates', averaged over folds.

    A number to know, printed and never subtracted: what the search would add to its own score if no candidate were
    better than another. Candidates that do alike have small errors beside each other, and so a small number.
    """
    plain = evidence.tuning.filter(OWN & pl.col("inner_fold").is_not_null())
    return [_size(subject, part) for subject, part in by_subject(plain).items()]


def _size(subject: tuple[str, str], part: pl.DataFrame) -> Finding:
    folds = part.partition_by("repeat", "fold", maintain_order=True)
    sizes = [size for fold in folds if (size := _inflation(fold)) is not None]
    if not sizes:
        return not_applicable(subject, say("too_few"))
    size = float(np.mean(sizes))
    return passed(
        subject,
        say(
            "size",
            candidates=part["candidate"].n_unique(),
            size=size,
            metric=str(part["metric"][0]),
        ),
        number=size,
    )


def _inflation(fold: pl.DataFrame) -> float | None:
    """Of one outer fold, from its (candidates, inner folds) scores; candidates that failed are left out."""
    wide = fold.pivot(
        on="inner_fold", index="candidate", values="value", maintain_order=True
    ).drop("candidate")
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
    title="Selection bias of the search",
    code="O3",
    why="The best of many noisy scores is too high on average.",
    what_to_do="Quote the outer test score.",
    run=run,
    nothing=say("no_inner_folds"),
    question="Is the advantage of the best candidate larger than this bias?",
    number=FindingNumber("optimism of the search among equal candidates", "tuning"),
    shown=NumberShown.NUMBERS,
)
