"""Published numbers against ours, drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bench.claims import judged_by
from bench.claims.claim import shape_of
from bench.core.judgements import VerdictRow
from bench.report.bundle import Bundle
from bench.report.charts.intervals import ClaimMark, published_vs_reproduced
from bench.report.charts.svg import Figure, Table
from bench.report.counts import held, mark
from bench.report.points import ours_words
from bench.report.sections.claim_rows import (
    difference_interval,
    side,
    whose_numbers,
    without_interval,
)
from bench.report.styles import Styles
from bench.report.text import claims as text
from bench.report.text.claim_names import claim_names
from bench.text import formats
from bench.text.marks import MARKS
from bench.text.words import in_unit_of_target, measure

#: Published numbers spread over more than this many tolerances are drawn as differences, or no bar could be seen.
WIDE = 4


@dataclass(frozen=True)
class ClaimGroup:
    """Claims that are drawn together: their metric, unit, dataset if it has a scale of its own, and rows."""

    metric: str
    unit: str | None
    dataset: str | None
    rows: tuple[VerdictRow, ...]


def claim_figures(bundle: Bundle, styles: Styles) -> list[Figure]:
    """Published against ours, one figure for each metric and unit with a value claim, in the order of the claims.

    Errors in the unit of the target have a scale for each dataset.
    """
    return [_figure(bundle, styles, group) for group in _groups(bundle)]


def _groups(bundle: Bundle) -> list[ClaimGroup]:
    """The claims that are drawn together."""
    groups: dict[tuple[str, str | None, str | None], list[VerdictRow]] = {}
    for row in bundle.counted.attempted:
        score = shape_of(row.kind).number == "score"
        if score and row.published is not None and row.metric is not None:
            alone = len(bundle.study.datasets) > 1 and in_unit_of_target(row.metric)
            groups.setdefault(
                (row.metric, row.unit, row.dataset if alone else None), []
            ).append(row)
    return [ClaimGroup(*group, tuple(rows)) for group, rows in groups.items()]


def _figure(bundle: Bundle, styles: Styles, group: ClaimGroup) -> Figure:
    """Published against ours of claims that share metric and unit."""
    rows = list(group.rows)
    relative, percent, names = (
        _is_relative(rows),
        group.unit == "percent",
        claim_names(bundle, styles),
    )
    whose = whose_numbers(rows)
    words = text.FigureWords(
        measure=measure(group.metric),
        whose=whose,
        dataset=styles.dataset(group.dataset) if group.dataset else None,
        percent=percent,
        relative=relative,
        claims=tuple(_line(names[row.claim], row, whose) for row in rows),
        held=held(rows),
        has_interval=any(judged_by.has_interval(row) for row in rows),
        no_interval=without_interval(bundle, rows),
    )
    marks = _told_apart(
        [_mark(bundle, styles, row, relative) for row in rows], rows, names
    )
    name = "-".join(
        word for word in ("published", group.metric, group.unit, group.dataset) if word
    )
    body = published_vs_reproduced(
        marks, words.label, None if relative else _roof(group.metric, percent)
    )
    return Figure(name, words.title, words.note, body, _table(names, rows, whose))


def _roof(metric: str, percent: bool) -> float | None:
    """Where the scale ends: at the highest score of a metric whose scores end at 1."""
    return (100.0 if percent else 1.0) if measure(metric).high == 1 else None


def _is_relative(rows: Sequence[VerdictRow]) -> bool:
    """Whether the published numbers are so far apart that only differences from them can be drawn."""
    published = [float(row.published or 0) for row in rows]
    widest = max((row.tolerance or 0 for row in rows), default=0)
    return bool(widest > 0 and max(published) - min(published) > WIDE * widest)


def _mark(bundle: Bundle, styles: Styles, row: VerdictRow, relative: bool) -> ClaimMark:
    published, many = float(row.published or 0), len(styles.study.datasets) > 1
    centre, interval = 0.0 if relative else published, judged_by.has_interval(row)
    return ClaimMark(
        id=row.claim,
        label=styles.family(row.family).short if row.family else row.claim,
        sub=", ".join(
            ([styles.dataset(row.dataset)] if many else []) + side(bundle, row)
        ),
        shown=mark(row),
        published=centre,
        ours=None if row.ours is None else centre + row.ours - published,
        low=centre + row.low if interval and row.low is not None else None,
        high=centre + row.high if interval and row.high is not None else None,
        tolerance=row.tolerance,
    )


def _told_apart(
    marks: list[ClaimMark], rows: Sequence[VerdictRow], names: Mapping[str, str]
) -> list[ClaimMark]:
    """Marks of one label each with what tells their claims apart at the end of their names."""
    labels = Counter((mark.label, mark.sub) for mark in marks)
    return [
        replace(mark, sub=text.beside(mark.sub, names[row.claim]))
        if labels[mark.label, mark.sub] > 1
        else mark
        for mark, row in zip(marks, rows, strict=True)
    ]


def _line(name: str, row: VerdictRow, whose: str) -> str:
    ours = None if row.ours is None else ours_words(row)
    return text.claim_line(name, whose, row.published or "", ours, mark(row))


def _table(names: dict[str, str], rows: Sequence[VerdictRow], whose: str) -> Table:
    body = tuple(
        (
            names[row.claim],
            row.published or "",
            ours_words(row),
            difference_interval(row) or formats.NONE,
            formats.NONE if row.tolerance is None else formats.tolerance(row.tolerance),
            MARKS[mark(row)].word,
        )
        for row in rows
    )
    return Table(
        tuple(name.format(whose=whose.capitalize()) for name in text.TABLE_HEAD), body
    )
