"""What a page says, as values: a section yields these blocks, renderers decide how they look.

A section (`bench/report/sections/`) or a panel of a dataset (`bench/report/panels/`) is one function that yields
blocks; with none it is left out. It knows no HTML and formats no number: a number stays a `Value` (`score`, `gain`,
`count`, ... of `bench.report.values`), a name of a model a `Model` (`style.named`), a verdict a `Sign`.

    def fill(bundle: Bundle) -> Iterator[Block]:
        yield Paragraph(("Folds: ", count(12), "."))
        yield Figure("sizes", result=("Largest fold: ", count(40), " rows."), marks="Disc: a fold.", charts=(chart,))
        yield Details("All folds", (Table(("Fold", "Rows"), rows, id="folds"),))

A *piece* is a part of a sentence; a *cell* is a piece, several, or a bare chart. Words stand in the section itself.
Write so that no grammar by rule is needed: `Folds: 12`, not `12 folds`. A name is written as its file writes it.

Renderers: `html.py`, `markdown.py`, `latex.py` (tables), `csv.py` (tables), `plain.py` (one line of text). They know
blocks and no study. A figure and a table with an `id` are exported under it (`figures/<id>.svg`, `tables/<id>.tex`).
The page numbers figures in their order, those in folds too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count as counting

from bench.report.charts.marks import Chart, list_marks
from bench.report.values import Model, Value

#: The kinds of signs, each with its mark. Only these words choose a mark and its colour.
SIGNS = {
    "holds": "●",
    "open": "○",
    "mixed": "◐",
    "off": "◆",
    "untested": "–",
    "warning": "▲",
    "remark": "·",
    "fine": "✓",
}


@dataclass(frozen=True)
class Sign:
    """A verdict: the kind (of `SIGNS`) chooses mark and colour, the words say it.

    `rule`: by which numbers the page's script judges under a tolerance of the reader (`reader.ToleranceRule`), and the
    study's own tolerance; without them the verdict stays.
    """

    kind: str
    words: str
    rule: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Code:
    """Something to be typed; with line breaks it is a block of its own."""

    text: str


@dataclass(frozen=True)
class Term:
    """A word with its explanation, shown at the word itself."""

    word: str
    meaning: str


@dataclass(frozen=True)
class Link:
    """A way out of this place: an address, or `#id` on the page."""

    words: str
    url: str


Piece = str | Value | Model | Sign | Code | Term | Link
Pieces = Piece | tuple[Piece, ...]
Cell = Pieces | Chart


@dataclass(frozen=True)
class Paragraph:
    """One paragraph."""

    pieces: Pieces


@dataclass(frozen=True)
class Listing:
    """A list without order."""

    items: tuple[Cell, ...]


@dataclass(frozen=True)
class Facts:
    """Labelled values, each in a line."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Tile:
    """One question of the reader: a sign, and its reasons in a few words; `grade`: filled discs of four."""

    question: str
    sign: Sign
    reasons: tuple[Pieces, ...] = ()
    grade: int | None = None


@dataclass(frozen=True)
class Table:
    """Rows of cells; columns of numbers are set to the right.

    Parameters
    ----------
    columns
        The head of each column.
    rows
        A row of one cell, in a table of more columns, is a heading of the rows that follow (a dataset).
    caption
        What is in the table.
    notes
        What its marks and columns mean, below it.
    id
        The name of its export; a table without one is not exported by itself.
    """

    columns: tuple[Pieces, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    notes: tuple[Pieces, ...] = ()
    id: str = ""

    def is_heading(self, row: tuple[Cell, ...]) -> bool:
        """Whether a row is a heading of those that follow."""
        return len(row) == 1 < len(self.columns)

    @property
    def full(self) -> list[tuple[Cell, ...]]:
        """The rows that are no headings."""
        return [row for row in self.rows if not self.is_heading(row)]

    @cached_property
    def right(self) -> list[bool]:
        """Which columns are set to the right: those of numbers, but the first."""
        numbers = [
            any(isinstance(cell, Value) for cell in column)
            for column in zip(*self.full)
        ]
        return [False, *numbers[1:]] if numbers else [False] * len(self.columns)


@dataclass(frozen=True)
class Figure:
    """Pictures under one number: first what they show, then how their marks are read.

    Parameters
    ----------
    id
        The name of the figure on the page and of its file.
    result
        The conclusion, with its numbers; it changes with the verdict.
    marks
        What a disc, a line, a band is.
    charts
        One picture, or small multiples with a title each.
    table
        The data behind it; made from the marks where it is left out.
    number
        Given by the page (`number_figures`).
    """

    id: str
    result: Pieces
    marks: Pieces
    charts: tuple[Chart, ...]
    table: Table | None = None
    number: int = 0


@dataclass(frozen=True)
class Note:
    """Words set apart; the kind is `caution` or `remark`."""

    kind: str
    pieces: Pieces


@dataclass(frozen=True)
class Row:
    """Blocks that stand beside each other where there is room."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Stack:
    """Blocks below each other, beside others in a row."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    """A titled part within a section of the page, such as one dataset."""

    title: str
    blocks: tuple[Block, ...]
    id: str = ""


@dataclass(frozen=True)
class Details:
    """A fold."""

    title: str
    blocks: tuple[Block, ...]
    id: str = ""


Block = (
    Paragraph
    | Listing
    | Facts
    | Tile
    | Table
    | Figure
    | Note
    | Row
    | Stack
    | Part
    | Details
)


#: The kinds of blocks that hold others.
NESTS = (Row, Stack, Part, Details)


def inside(block: Block) -> tuple[Block, ...]:
    """The blocks within a block; none in most."""
    return block.blocks if isinstance(block, NESTS) else ()


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """All blocks in their order, each before those within it."""
    for block in blocks:
        yield block
        yield from walk(inside(block))


def find_figures(blocks: Iterable[Block]) -> Iterator[Figure]:
    """All figures in their order, those in folds too."""
    return (block for block in walk(blocks) if isinstance(block, Figure))


def find_tables(blocks: Iterable[Block]) -> Iterator[Table]:
    """The tables that are exported by themselves, those behind figures too."""
    for block in walk(blocks):
        table = block.table if isinstance(block, Figure) else block
        if isinstance(table, Table) and table.id:
            yield table


def number_figures(
    blocks: Iterable[Block], numbers: Iterator[int] | None = None
) -> tuple[Block, ...]:
    """The blocks with their figures numbered in their order.

    Parameters
    ----------
    numbers
        Where several sections are numbered one after the other: `itertools.count(1)`, given to each.
    """
    numbers = counting(1) if numbers is None else numbers
    numbered: list[Block] = []
    for block in blocks:
        if isinstance(block, Figure):
            block = replace(block, number=next(numbers))
        elif isinstance(block, NESTS):
            block = replace(block, blocks=number_figures(block.blocks, numbers))
        numbered.append(block)
    return tuple(numbered)


def data_of(figure: Figure) -> Table:
    """The data behind a figure: its table, or the numbers of its marks."""
    if figure.table is not None:
        return figure.table
    if any(line.number for chart in figure.charts for line in chart.lines):
        return _rows_of(figure)
    rows: list[tuple[Cell, ...]] = []
    for chart in figure.charts:
        if len(figure.charts) > 1:
            rows.append((chart.title,))
        rows += [
            (says, Value(x, digits=4), Value(y, digits=4))
            for says, x, y in list_marks(chart)
            if says
        ]
    axes = (figure.charts[0].x.title or "Across", figure.charts[0].y.title or "Up")
    return Table(("Mark", *axes), tuple(rows))


def _rows_of(figure: Figure) -> Table:
    """The names and numbers of a picture of rows."""
    rows: list[tuple[Cell, ...]] = []
    for chart in figure.charts:
        if len(figure.charts) > 1:
            rows.append((chart.title,))
        for line in chart.lines:
            heads = line.strong and line.number is None
            number = line.number or Value(None)
            rows.append((line.name,) if heads else (line.name, number, line.words))
    return Table(("Row", figure.charts[0].x.title or "Number", "Words"), tuple(rows))
