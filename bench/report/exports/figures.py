"""Every figure of a page, found where the sections put it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from bench.report.charts.svg import Figure
from bench.report.exports.names import distinct, slug


@dataclass(frozen=True)
class DrawnFigure:
    """A figure, and the colours that the page explains beside it: (class of the style, name)."""

    figure: Figure
    legend: tuple[tuple[str, str], ...] = ()


def figures(sections: Mapping[str, Any]) -> dict[str, DrawnFigure]:
    """Every figure by file name (without ending), each once, in the order of the page."""
    found: dict[str, DrawnFigure] = {}
    for one in _inside(sections, ()):
        found.setdefault(one.figure.id, one)
    return dict(zip(distinct(map(slug, found)), found.values(), strict=True))


def _inside(value: Any, legend: tuple[tuple[str, str], ...]) -> Iterator[DrawnFigure]:
    """The figures within what a section shows."""
    if isinstance(value, Figure):
        yield DrawnFigure(value, legend)
        return
    named = _named(value)
    legend = _legend(named.get("legend")) or legend
    for part in value if isinstance(value, list | tuple) else named.values():
        yield from _inside(part, legend)


def _named(value: Any) -> Mapping[str, Any]:
    """The parts of what a section shows by their names; none of a list or a text."""
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value if isinstance(value, Mapping) else {}


def _legend(entries: Any) -> tuple[tuple[str, str], ...]:
    """The colours that entries of a legend explain; a legend of verdicts explains none."""
    named = map(_named, entries if isinstance(entries, list | tuple) else ())
    return tuple(
        (str(one["hue"]), str(one["name"]))
        for one in named
        if {"hue", "name"} <= set(one)
    )
