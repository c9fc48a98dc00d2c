"""Whether folds agree on the features that matter."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, fixed
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence, by_subject
from bench.diagnose.finding import Estimate, found, not_applicable, passed, unavailable
from bench.stats.ranks import midranks
from bench.text.findings import NotRequested
from bench.text.formats import correlation

OneFoldOrFeature = fixed("importances.too_few", "with one fold or one feature, importances cannot differ")


class Top(Statement, code="importances.top"):
    """In how many folds the feature that is first most often is first; `by_mean`: another that is first by its mean."""

    feature: str
    folds: int
    total: int
    by_mean: str | None

    def sentence(self) -> str:
        words = f"{self.feature} is first most often, in {self.folds} of {self.total} folds"
        return words if self.by_mean is None else f"{words}; first by mean importance: {self.by_mean}"


class Correlation(Statement, code="importances.correlation"):
    """The mean rank correlation of the importances of two folds."""

    value: float

    def sentence(self) -> str:
        return f"rank correlation between folds {correlation(self.value, 2)}"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """The mean rank correlation of the importances of two folds; a family and dataset."""
    frame, refused = evidence.importance.filter(pl.col("kind") == "permutation"), unavailable(evidence, "inspected")
    if frame.is_empty():
        return refused
    return [*(_judged(subject, part) for subject, part in by_subject(frame).items()), *refused]


def _judged(subject: tuple[str, str], part: pl.DataFrame) -> Finding:
    table = _table(part)
    if min(table.shape) < 2:
        return not_applicable(subject, OneFoldOrFeature())
    names = part["feature"].unique(maintain_order=True).to_list()
    firsts = table.argmax(axis=1)
    top, by_mean = int(np.bincount(firsts).argmax()), int(table.mean(axis=0).argmax())
    correlation = agreement(table)
    statements = (
        Top(names[top], int((firsts == top).sum()), len(firsts), None if by_mean == top else names[by_mean]),
        Correlation(correlation),
    )
    if correlation < 0.5:
        return found(subject, Severity.NOTE, *statements, number=Estimate(correlation))
    return passed(subject, *statements, number=Estimate(correlation))


def _table(part: pl.DataFrame) -> np.ndarray:
    """(folds, features) in the order of the frame."""
    wide = part.pivot(on="feature", index=["repeat", "fold"], values="value", maintain_order=True)
    return wide.drop("repeat", "fold").to_numpy().astype(np.float64)


def agreement(table: np.ndarray) -> float:
    """The mean of Spearman's correlations of all pairs of rows of (folds, features); ties get mean ranks.

    >>> round(agreement(np.array([[3.0, 2.0, 1.0], [30.0, 20.0, 10.0], [1.0, 2.0, 3.0]])), 3)
    -0.333
    """
    ranks = np.array([midranks(row) for row in table])
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    sizes = np.sqrt((ranks**2).sum(axis=1))
    ranks = ranks[sizes > 0] / sizes[sizes > 0, None]
    if len(ranks) < 2:
        return 0.0
    correlations = ranks @ ranks.T
    return float(correlations[np.triu_indices(len(ranks), 1)].mean())


def _toy(stable: bool) -> Case:
    rng = np.random.default_rng(1)
    names = {"family": "lda", "repeat": 0, "kind": "permutation"}
    rows = [
        names | {"fold": fold, "feature": f"x{i}", "value": float(i if stable else rng.normal())}
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
    number=FindingNumber("mean rank correlation of two folds", "correlation", said=True),
    sick=lambda: _toy(stable=False),
    healthy=lambda: _toy(stable=True),
)
