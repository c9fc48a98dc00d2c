"""Each dataset up close: how models learn, rank, say how sure they are, and err there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.core.by_row import DRAWN, NotCounted
from bench.core.spare import lost
from bench.report import facts
from bench.report.blocks import Block, Details, Facts, Paragraph, Part
from bench.report.bundle import Bundle
from bench.report.panel import Panel, fill_panel
from bench.report.panels import in_order
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.text.undrawn import undrawn


def drilldown(bundle: Bundle) -> Iterator[Block]:
    """The panels of the only dataset, its further ones in one fold; or all datasets in one fold."""
    styles = styles_of(bundle)
    found = {name: examine(bundle, styles, name) for name in bundle.datasets}
    found = {name: one for name, one in found.items() if one.all}
    models = sum(not styles.family(name).baseline for name in facts.families(bundle))
    if found and models > DRAWN:
        yield Paragraph(f"Models in most panels: the {DRAWN} best of {models}.")
    if len(bundle.datasets) == 1:
        for one in found.values():
            yield from one.shown
            if one.folded:
                yield Details("More pictures and tables", one.folded, "more")
            yield from one.missing
    elif found:
        parts = [
            Part(styles.dataset(name), one.all, f"drilldown-{name}")
            for name, one in found.items()
        ]
        yield Details(f"Pictures and tables of each dataset: {len(parts)}", tuple(parts))  # fmt: skip


@dataclass(frozen=True)
class Panels:
    """One dataset's panels: those in sight, those in a fold, and which could not be made."""

    shown: tuple[Block, ...]
    folded: tuple[Block, ...]
    missing: tuple[Block, ...]

    @property
    def all(self) -> tuple[Block, ...]:
        """All of them, in this order."""
        return (*self.shown, *self.folded, *self.missing)


def examine(bundle: Bundle, styles: Styles, dataset: str) -> Panels:
    """One dataset's panels, with the reasons of those that could not be made."""
    not_counted = {
        one.panel: one.error
        for one in bundle.rows("not_counted", NotCounted, dataset=dataset)
    }
    shown: list[Block] = []
    folded: list[Block] = []
    missing = []
    for panel in in_order():
        blocks, error = _fill(panel, bundle, styles, dataset, not_counted)
        if error:
            missing.append((panel.title, undrawn(error)))
        name = f"{panel.id}-{dataset}"
        opened = [one for one in blocks if not isinstance(one, Details)]
        if opened:
            kept = folded if panel.folded else shown
            kept.append(Part(panel.title, tuple(opened), name))
        folded += [
            Part(one.title, one.blocks) for one in blocks if isinstance(one, Details)
        ]
    lost_ones = (Part("Could not be made", (Facts(tuple(missing)),)),)
    return Panels(tuple(shown), tuple(folded), lost_ones if missing else ())


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
