"""Each dataset up close: how models learn, rank, say how sure they are, and err there."""

from __future__ import annotations

from collections.abc import Iterator

from bench.core.by_row import DRAWN, NotCounted
from bench.core.spare import lost
from bench.report import facts, panels
from bench.report.blocks import Block, Details, Facts, Paragraph, Part
from bench.report.bundle import Bundle
from bench.report.panel import Panel, fill_panel
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.text.undrawn import undrawn


def drilldown(bundle: Bundle) -> Iterator[Block]:
    """A fold a panel of the only dataset, or a fold a dataset."""
    styles = styles_of(bundle)
    found = {name: examine(bundle, styles, name) for name in bundle.datasets}
    found = {name: folds for name, folds in found.items() if folds}
    models = sum(not styles.family(name).baseline for name in facts.families(bundle))
    if found and models > DRAWN:
        yield Paragraph(f"Models in each panel: the {DRAWN} best of {models}.")
    if len(bundle.datasets) == 1:
        for folds in found.values():
            yield from folds
        return
    for name, folds in found.items():
        parts = tuple(Part(fold.title, fold.blocks, fold.id) for fold in folds)
        yield Details(styles.dataset(name), parts, f"drilldown-{name}")


def examine(bundle: Bundle, styles: Styles, dataset: str) -> list[Details]:
    """One dataset's panels, and last those that could not be made, each with its reason."""
    not_counted = {
        one.panel: one.error
        for one in bundle.rows("not_counted", NotCounted, dataset=dataset)
    }
    made, missing = [], []
    for panel in panels.in_order():
        blocks, error = _fill(panel, bundle, styles, dataset, not_counted)
        if error:
            missing.append((panel.title, undrawn(error)))
        elif blocks:
            made.append(Details(panel.title, blocks, f"{panel.id}-{dataset}"))
    if missing:
        made.append(Details("Could not be made", (Facts(tuple(missing)),)))
    return made


def _fill(
    panel: Panel,
    bundle: Bundle,
    styles: Styles,
    dataset: str,
    not_counted: dict[str, str],
) -> tuple[tuple[Block, ...], str]:
    """A panel's blocks, or the mistake of bench that left none."""
    if panel.id in not_counted:
        return (), not_counted[panel.id]
    try:
        return fill_panel(panel, bundle, styles, dataset), ""
    except Exception as error:
        return (), lost(f"{panel.title} of {dataset}", error)


SECTION = Section("drilldown", "Diagnostics", drilldown, "each", order=60)
