"""The answer for the paper as a whole: a sentence a metric, and a table of its models."""

from __future__ import annotations

from dataclasses import dataclass

from bench.core.answers import AnswerRow
from bench.report.bundle import Bundle
from bench.report.charts.svg import Table
from bench.report.styles import Styles
from bench.report.text import answer as text


@dataclass(frozen=True)
class Whole:
    """What is said of one metric; the table has no rows where nothing is said of its models."""

    sentence: str
    table: Table
    note: str


def whole(bundle: Bundle, styles: Styles) -> tuple[Whole, ...]:
    """What is said of each metric for which the paper prints numbers."""
    return tuple(
        _of_metric(bundle, styles, row) for row in bundle.whole if row.family is None
    )


def _of_metric(bundle: Bundle, styles: Styles, row: AnswerRow) -> Whole:
    if row.answer is None:
        return Whole(text.sentence(row), Table(text.HEAD, ()), "")
    place = row.metric, row.side, row.unit, row.why_not
    lines = [text.cells(row, text.EVERY)]
    for other in bundle.whole:
        beside = other.metric, other.side, other.unit, other.why_not
        if other.family is not None and beside == place:
            lines.append(text.cells(other, styles.families[other.family].title))
    return Whole(text.sentence(row), Table(text.HEAD, tuple(lines)), text.note(row))
