"""Panel: one question about one dataset, answered in blocks; and whom it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.core.by_row import DRAWN, best_drawn
from bench.report import facts
from bench.report.blocks import Block
from bench.report.bundle import Bundle
from bench.report.styles import Style, Styles


@dataclass(frozen=True)
class Panel:
    """A panel of the diagnostics of a dataset.

    Parameters
    ----------
    fill
        Yields the blocks of one dataset: none where the question does not fit the task. What it yields as `Details`
        comes into the fold of the dataset.
    order
        Sorts the panels of a dataset.
    folded
        Whether all of it comes into that fold.
    """

    id: str
    title: str
    fill: Callable[[Bundle, Styles, str], Iterable[Block]]
    order: int = 0
    folded: bool = False

    @property
    def name(self) -> str:
        """The id, by which the registry knows it."""
        return self.id


def fill_panel(
    panel: Panel, bundle: Bundle, styles: Styles, dataset: str
) -> tuple[Block, ...]:
    """The blocks of a panel; raises what it raises."""
    return tuple(panel.fill(bundle, styles, dataset))


def drawn(
    bundle: Bundle, styles: Styles, dataset: str, scored: set[str], most: int = DRAWN
) -> list[Style]:
    """Those of the `scored` families that are compared and use features, in the order of the study; of more than `most`,
    the best."""
    unit = facts.primary(bundle)
    means = facts.estimates(bundle, unit.name)
    names = [
        name
        for name in facts.families(bundle)
        if name in scored and not styles.family(name).baseline
    ]
    losses = {
        name: unit.loss(means[dataset, name].value)
        for name in names
        if (dataset, name) in means
    }
    return [styles.family(name) for name in best_drawn(names, losses, most)]


def drawn_by_row(bundle: Bundle, styles: Styles, dataset: str) -> list[Style]:
    """The families whose predictions row by row are drawn, in the order of the study."""
    regression = bundle.study.task == "regression"
    frame = bundle.frame("regression_fits" if regression else "confusions")
    found = set(frame.filter(dataset=dataset)["family"])
    return [styles.family(name) for name in facts.families(bundle) if name in found]
