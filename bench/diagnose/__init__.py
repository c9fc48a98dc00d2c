"""Diagnostics: what stored results say about overfitting, tuning and data. One file a diagnostic; nothing is fitted."""

from bench.diagnose.by_row import by_row
from bench.diagnose.diagnostic import DIAGNOSTICS, Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.run_all import (
    budgets,
    findings,
    numbers,
    reason,
    statements_of,
    title_of,
)
from bench.diagnose.variance_budget import budget

__all__ = [
    "DIAGNOSTICS", "Diagnostic", "DiagnosticEvidence", "FindingNumber", "budget", "budgets", "by_row", "findings",
    "numbers", "reason", "statements_of", "title_of",
]  # fmt: skip
