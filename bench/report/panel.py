"""Panel: one question about one dataset, answered in blocks; and whom it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bench.core.by_row import best_drawn
from bench.report import facts
from bench.report.blocks import Block
from bench.report.bundle import Bundle
from bench.report.charts.confusion import Confusion
from bench.report.charts.svg import Figure, Table
from bench.report.styles import Style, Styles


@dataclass(frozen=True)
class View:
    """What a panel shows of one dataset that is not made of blocks yet; with `empty` it shows nothing.

    `counted`: what is counted in the confusion tables.
    """

    said: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[tuple[str, Table], ...] = ()
    confusions: tuple[Confusion, ...] = ()
    counted: str = ""
    empty: str = ""


@dataclass(frozen=True)
class OldPanel:
    """A block that holds such a view; it goes with the last of them."""

    dataset: str
    view: View


@dataclass(frozen=True)
class Panel:
    """A panel of the diagnostics of a dataset.

    Parameters
    ----------
    fill
        Yields the blocks of one dataset: none where the question does not fit the task.
    order
        Sorts the panels of a dataset.
    """

    id: str
    title: str
    fill: Callable[[Bundle, Styles, str], Iterable[Block] | View | None]
    order: int = 0

    @property
    def name(self) -> str:
        """The id, by which the registry knows it."""
        return self.id


def fill_panel(
    panel: Panel, bundle: Bundle, styles: Styles, dataset: str
) -> tuple[Block, ...]:
    """The blocks of a panel; raises what it raises."""
    found = panel.fill(bundle, styles, dataset)
    if isinstance(found, View):
        old: Any = OldPanel(styles.dataset(dataset), found)
        return () if found.empty else (old,)
    return tuple(found or ())


def drawn(
    bundle: Bundle, styles: Styles, dataset: str, scored: set[str]
) -> list[Style]:
    """Those of the `scored` families that are compared and use features, in the order of the study; of more than six,
    the six best."""
    unit, means = (
        facts.primary(bundle),
        facts.estimates(bundle, facts.primary(bundle).name),
    )
    names = [
        f
        for f in facts.families(bundle)
        if f in scored and not styles.family(f).baseline
    ]
    losses = {
        f: unit.loss(means[dataset, f].value) for f in names if (dataset, f) in means
    }
    return [styles.family(f) for f in best_drawn(names, losses)]


def drawn_by_row(bundle: Bundle, styles: Styles, dataset: str) -> list[Style]:
    """The families whose predictions row by row are drawn, in the order of the study."""
    frame = bundle.frame(
        "regression_fits" if bundle.study.task == "regression" else "confusions"
    )
    found = set(frame.filter(dataset=dataset)["family"])
    return [styles.family(f) for f in facts.families(bundle) if f in found]
