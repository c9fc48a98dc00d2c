"""Diagnostics: what stored results say about overfitting, tuning and data. One file a diagnostic; nothing is fitted."""

from bench.diagnose.diagnostic import DIAGNOSTICS, Diagnostic, findings

__all__ = ["DIAGNOSTICS", "Diagnostic", "findings"]
