"""The printed numbers under each reading of the protocol."""

from __future__ import annotations

from dataclasses import dataclass

from bench.claims.by_reading import JudgedReading
from bench.core.judgements import VerdictRow
from bench.report.bundle import Bundle
from bench.report.counts import mark
from bench.report.points import in_points, number_unit, ours_words
from bench.report.section import Section
from bench.report.styles import styles_of
from bench.report.text import readings as text
from bench.report.text.claim_names import claim_names
from bench.report.text.claims import published
from bench.text import formats
from bench.text.marks import MARKS


@dataclass(frozen=True)
class ReadingCell:
    """A number of ours under a reading, its mark and the word of the mark."""

    ours: str
    mark: str
    word: str


@dataclass(frozen=True)
class ReadingRow:
    """A claim, what is published, and a cell for each reading."""

    id: str
    name: str
    published: str
    cells: tuple[ReadingCell, ...]


@dataclass(frozen=True)
class ReadingsView:
    """The section: the sentence, the readings with what allows them, and a row for each claim."""

    said: str
    readings: tuple[JudgedReading, ...]
    head: tuple[str, ...]
    rows: tuple[ReadingRow, ...]
    foot: str
    empty: str


def readings(bundle: Bundle) -> ReadingsView:
    """Every reading with the claims that some reading changes."""
    found = bundle.readings
    if not found:
        return ReadingsView("", (), (), (), "", text.NONE)
    names = claim_names(bundle, styles_of(bundle))
    rows = tuple(
        _row(bundle, names[same[0].claim], same)
        for same in zip(*(one.rows for one in found), strict=True)
    )
    head = (*text.HEAD, *(one.title for one in found))
    return ReadingsView(
        text.fits(found) + ".", found, head, rows, text.tried(found), ""
    )


def _row(bundle: Bundle, name: str, same: tuple[VerdictRow, ...]) -> ReadingRow:
    shown = [in_points(row) for row in same]
    said = next(
        (one for row in shown if (one := published(row, number_unit(row)))),
        formats.NONE,
    )
    return ReadingRow(same[0].claim, name, said, tuple(map(_cell, shown)))


def _cell(row: VerdictRow) -> ReadingCell:
    if row.agreement is None:
        return ReadingCell("", "", text.NOT_JUDGED)
    return ReadingCell(
        ours_words(row) + number_unit(row), mark(row), MARKS[mark(row)].word
    )


SECTION = Section("readings", text.TITLE, readings, order=22)
