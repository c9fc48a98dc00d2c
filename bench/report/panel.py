"""Panel: one question about one dataset, answered in sentences, figures and tables; and whom it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.core.by_row import NotCounted, best_drawn
from bench.core.spare import lost
from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.confusion import Confusion
from bench.report.charts.svg import Figure, Table
from bench.report.styles import Style, Styles
from bench.report.text.undrawn import undrawn


@dataclass(frozen=True)
class View:
    """What a panel shows of one dataset; where `empty` gives the reason for nothing, there is nothing else.

    `counted`: what is counted in the confusion tables. `lost`: whether it could not be made.
    """

    said: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[tuple[str, Table], ...] = ()
    confusions: tuple[Confusion, ...] = ()
    counted: str = ""
    empty: str = ""
    lost: bool = False


def view_of(panel: Panel, bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """What a panel shows, or why it could not be made."""
    for one in bundle.rows("not_counted", NotCounted, dataset=dataset):
        if one.panel == panel.id:
            return View(empty=undrawn(one.error), lost=True)
    try:
        return panel.fill(bundle, styles, dataset)
    except Exception as error:
        return View(
            empty=undrawn(lost(f"{panel.title} of {dataset}", error)), lost=True
        )


@dataclass(frozen=True)
class Panel:
    """A panel of the diagnostics of a dataset: `fill` answers None where the question does not fit the task.

    `order` sorts the panels of a dataset.
    """

    id: str
    title: str
    fill: Callable[[Bundle, Styles, str], View | None]
    order: int = 0

    @property
    def name(self) -> str:
        """The id, by which the registry knows it."""
        return self.id


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
