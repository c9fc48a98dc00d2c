"""The panels about one dataset: each file holds one `PANEL`, and is found without registration."""

from __future__ import annotations

from bench.core.registry import Registry
from bench.report.panel import Panel

PANELS = Registry("bench.report.panels", Panel, "panel")


def in_order() -> tuple[Panel, ...]:
    """Every panel, in reading order."""
    return tuple(sorted(PANELS.values(), key=lambda panel: panel.order))
