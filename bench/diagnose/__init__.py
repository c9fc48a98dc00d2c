"""Diagnostics: what stored results say about overfitting, tuning and data. One file a diagnostic; nothing is fitted."""

from bench.diagnose.diagnostic import DIAGNOSTICS, Diagnostic, DiagnosticEvidence, Number, findings, numbers
from bench.diagnose.self_check import self_checks
from bench.diagnose.variance_budget import budget

__all__ = ["DIAGNOSTICS", "Diagnostic", "DiagnosticEvidence", "Number", "budget", "findings", "numbers", "self_checks"]
