"""Fits that failed.

A study cannot leave this diagnostic out; where nothing failed it says nothing.
"""

from __future__ import annotations

import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement
from bench.core.rows import FAILED, OWN
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import found
from bench.text.formats import plural


class Lost(Statement, code="failed_cells.lost"):
    """How many of a family's fits failed; `no_scores`: so did all others, and nothing stands in."""

    failed: int
    total: int
    no_scores: bool = False

    def sentence(self) -> str:
        instead = (
            "no model has a score here"
            if self.no_scores
            else "the baseline's score takes their place"
        )
        return f"{self.failed} of {plural(self.total, 'fit')} failed; {instead}"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a dataset and family with failed fits."""
    failed = evidence.failures.filter(OWN & FAILED)
    counts = failed.group_by("dataset", "family", maintain_order=True).len()
    return [
        _lost(evidence, (dataset, family), count)
        for dataset, family, count in counts.iter_rows()
    ]


def _lost(
    evidence: DiagnosticEvidence, subject: tuple[str, str], count: int
) -> Finding:
    total = evidence.folds.filter(pl.col("dataset") == subject[0]).height
    severity = Severity.SERIOUS if count == total else Severity.WARNING
    lost = Lost(count, total, no_scores=subject[0] not in evidence.split_here)
    return found(subject, severity, lost, number=count / total)


DIAGNOSTIC = Diagnostic(
    name="failed_cells",
    title="Failed fits",
    code="S4",
    why="Folds that failed may be the hard ones.",
    what_to_do="Read the reasons under Limits and failures, and repeat these fits with more time or memory.",
    question="Would the conclusion stand if these fits had finished?",
    run=run,
    number=FindingNumber("fits that failed", "share"),
    fact=True,
    required=True,
)
