"""Diagnostics: what stored results say about overfitting, tuning and data. One file a diagnostic; nothing is fitted."""

from bench.diagnose.diagnostic import DIAGNOSTICS, Diagnostic, Evidence, Number, findings, numbers
from bench.diagnose.self_check import self_checks
from bench.diagnose.variance_budget import budget

__all__ = ["DIAGNOSTICS", "Diagnostic", "Evidence", "Number", "budget", "findings", "numbers", "self_checks"]
