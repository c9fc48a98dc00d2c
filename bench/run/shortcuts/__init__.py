"""Shortcuts of estimators: one file an estimator's kind, each exact, each with its guard."""
