"""Shortcuts of estimators: one file an estimator's kind, each exact, each with its guard."""

from bench.core.registry import Registry
from bench.run.shortcuts.shortcut import Shortcut

SHORTCUTS = Registry("bench.run.shortcuts", Shortcut, "shortcut")

__all__ = ["SHORTCUTS", "Shortcut"]
