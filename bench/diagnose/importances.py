"""Whether folds agree on the features that matter."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, words
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence, by_subject
from bench.diagnose.finding import found, not_applicable, passed, unavailable
from bench.stats.noise import kept_decimals
from bench.stats.ranks import midranks
from bench.text.findings import NotRequested
from bench.text.formats import correlation, listed, plural

say = words(
    "importances",
    {
        "too_few": "with fewer than two folds or features, importances cannot differ",
        "no_correlation": "importances differ in fewer than two folds, so these have no rank correlation",
    },
)


class Top(Statement, code="importances.top"):
    """The features that are first in most folds, each in so many; `by_mean`: another that is first by its mean.

    Without `features` none is ever first alone: in all folds the largest importance is shared.
    """

    features: tuple[str, ...]
    folds: int
    tied: int
    total: int
    by_mean: str | None

    def sentence(self) -> str:
        if not self.features:
            return f"no feature is first: in all {self.total} folds several share the largest importance"
        each = " each" if len(self.features) > 1 else ""
        names, tie = (
            listed([f"“{name}”" for name in self.features], most=4),
            f"; in {plural(self.tied, 'other fold')} the first place is shared"
            * bool(self.tied),
        )
        words = f"most often ranked first: {names} ({self.folds} of {self.total} folds{each}{tie})"
        return (
            words
            if self.by_mean is None
            else f"{words}; highest importance on average: “{self.by_mean}”"
        )


class Correlation(Statement, code="importances.correlation"):
    """The mean rank correlation of the importances of two folds; `folds` whose importances differ (None: of all)."""

    value: float
    folds: int | None

    def sentence(self) -> str:
        words = f"rank correlation between folds {correlation(self.value)}"
        return (
            words
            if self.folds is None
            else f"{words}, of the {self.folds} where importances differ"
        )


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """The mean rank correlation of the importances of two folds; a family and dataset."""
    frame, refused = (
        evidence.importance.filter(pl.col("kind") == "permutation"),
        unavailable(evidence, "inspected"),
    )
    if frame.is_empty():
        return refused
    return [
        *(_judged(subject, part) for subject, part in by_subject(frame).items()),
        *refused,
    ]


def _judged(subject: tuple[str, str], part: pl.DataFrame) -> Finding:
    table = _table(part)
    if min(table.shape) < 2:
        return not_applicable(subject, say("too_few"))
    names = np.array(part["feature"].unique(maintain_order=True).to_list())
    largest = table == table.max(axis=1, keepdims=True)
    alone = largest[largest.sum(axis=1) == 1]
    often, mean = alone.sum(axis=0), table.mean(axis=0).round(kept_decimals(table))
    top = (often == often.max()) & (often > 0)
    by_mean = mean == mean.max()
    other = (
        str(names[by_mean][0])
        if by_mean.sum() == 1 and top.any() and not (by_mean & top).any()
        else None
    )
    differ, value = int((np.ptp(table, axis=1) > 0).sum()), agreement(table)
    first = Top(
        tuple(map(str, names[top])),
        int(often.max()),
        len(table) - len(alone),
        len(table),
        other,
    )
    if value is None:
        return not_applicable(subject, first, say("no_correlation"))
    statements = first, Correlation(value, None if differ == len(table) else differ)
    if value < 0.5:
        return found(subject, Severity.NOTE, *statements, number=value)
    return passed(subject, *statements, number=value)


def _table(part: pl.DataFrame) -> np.ndarray:
    """(folds, features) in the order of the frame, without float noise; folds whose importances are defined."""
    wide = part.pivot(
        on="feature", index=["repeat", "fold"], values="value", maintain_order=True
    )
    values = wide.drop("repeat", "fold").to_numpy().astype(np.float64)
    values = values[np.isfinite(values).all(axis=1)]
    rounded: np.ndarray = values.round(kept_decimals(values))
    return rounded


def agreement(table: np.ndarray) -> float | None:
    """The mean of Spearman's correlations of all pairs of rows of (folds, features); ties get mean ranks.

    A row of equal numbers has no ranks and is left out; None of fewer than two others.

    >>> round(agreement(np.array([[3.0, 2.0, 1.0], [30.0, 20.0, 10.0], [1.0, 2.0, 3.0]])), 3)
    -0.333
    """
    ranks = np.array([midranks(row) for row in table])
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    sizes = np.sqrt((ranks**2).sum(axis=1))
    ranks = ranks[sizes > 0] / sizes[sizes > 0, None]
    if len(ranks) < 2:
        return None
    correlations = ranks @ ranks.T
    return float(correlations[np.triu_indices(len(ranks), 1)].mean())


def _toy(stable: bool) -> Case:
    rng = np.random.default_rng(1)
    names = {"family": "lda", "repeat": 0, "kind": "permutation"}
    rows = [
        names
        | {
            "fold": fold,
            "feature": f"x{i}",
            "value": float(i if stable else rng.normal()),
        }
        for fold in range(5)
        for i in range(6)
    ]
    return Case(more={"importance": rows})


DIAGNOSTIC = Diagnostic(
    name="importances",
    title="Stability of feature importances",
    code="I1",
    why="A feature that matters in one fold and not in the next says more about the fold than about the data.",
    what_to_do="Interpret groups of correlated features, not single ones.",
    question="Would another sample of rows name the same features?",
    run=run,
    nothing=NotRequested("inspect: {}"),
    number=FindingNumber(
        "mean rank correlation of two folds", "correlation", said=True
    ),
    sick=lambda: _toy(stable=False),
    healthy=lambda: _toy(stable=True),
)
