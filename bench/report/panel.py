"""Part: one question about one data set, answered in sentences, figures and tables; and whom it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from bench.report import facts
from bench.report.bundle import Bundle
from bench.report.charts.lines import head
from bench.report.charts.svg import Figure, Table
from bench.report.styles import Style, Styles

#: Families that are drawn together; beyond that a figure is a thicket.
DRAWN = 6


@dataclass(frozen=True)
class Part:
    """One part of a drill-down: `empty` says in one sentence why there is nothing, and then there is nothing else.

    `confusions` are tables of their own kind, see sections/confusion.py.
    """

    id: str
    title: str
    said: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[tuple[str, Table], ...] = ()
    confusions: tuple[dict[str, Any], ...] = field(default=())
    empty: str = ""


#: A part from a bundle, its looks and a dataset; None where the question cannot be asked of this task.
Maker = Callable[[Bundle, Styles, str], Part | None]


def named(style: Style) -> Markup:
    """A family's mark and short name, for the head of a panel."""
    return head(style.short, style.shape, style.hue)


def drawn(bundle: Bundle, styles: Styles, dataset: str, have: set[str]) -> list[Style]:
    """The families of `have` that look at features, in the order of the study; of more than six, the six best."""
    unit, means = facts.primary(bundle), facts.estimates(bundle, facts.primary(bundle).name)
    names = [f for f in facts.families(bundle) if f in have and not styles.family(f).baseline]
    scored = {f: unit.loss(means[dataset, f].value) for f in names if (dataset, f) in means}
    best = sorted(names, key=lambda f: (scored.get(f, float("inf")), names.index(f)))[:DRAWN]
    return [styles.family(f) for f in names if f in best]
