"""Blocks as Markdown: one function a kind of block. Names are text, whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import singledispatch

from bench.core.text import one_line
from bench.report.blocks import (
    SIGNS,
    Block,
    Cell,
    Code,
    Details,
    Facts,
    Figure,
    Link,
    Listing,
    Note,
    Paragraph,
    Part,
    Row,
    Sign,
    Stack,
    Table,
    Term,
    Tile,
)
from bench.report.plain import plain

#: What means something to Markdown, to HTML inside it, to the mathematics or the templates of those who show it.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~$&!^])")
#: At the beginning of a line.
_FIRST = re.compile(r"^([-+=]+|\d+[.)])(?=\s|$)")


def escaped(text: object) -> str:
    """One line of text that Markdown shows as it is.

    >>> escaped("a_b | <i>"), escaped("- 1")
    ('a\\\\_b \\\\| \\\\<i\\\\>', '\\\\- 1')
    """
    flat = one_line(text)
    return _FIRST.sub(
        lambda found: f"{found[1][:-1]}\\{found[1][-1]}", _SIGNS.sub(r"\\\1", flat)
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_markdown(blocks: Iterable[Block]) -> str:
    """Blocks as text, an empty line between them."""
    return "\n\n".join(map(write, blocks))


def inline(cell: Cell) -> str:
    """A cell as one line."""
    match cell:
        case tuple():
            return "".join(map(inline, cell))
        case Sign():
            return f"{SIGNS[cell.kind]} {_escaped_within(cell.words)}"
        case Code():
            return f"`{one_line(cell.text)}`"
        case Link() if not cell.url.startswith("#"):
            url = one_line(cell.url).replace("<", "%3C").replace(">", "%3E")
            return f"[{_escaped_within(cell.words)}](<{url}>)"
        case Term():
            return f"{_escaped_within(cell.word)} ({_escaped_within(cell.meaning)})"
        case _:
            return _escaped_within(plain(cell))


def _escaped_within(text: str) -> str:
    """Text within a line; spaces at its ends stay."""
    start, end = (
        text[: len(text) - len(text.lstrip(" "))],
        text[len(text.rstrip(" ")) :],
    )
    return start + escaped(text) + end if text.strip(" ") else text


@singledispatch
def write(block: object) -> str:
    """One block."""
    raise TypeError(f"no way to write {block!r}")


@write.register
def _paragraph(block: Paragraph) -> str:
    if isinstance(block.pieces, Code) and "\n" in block.pieces.text:
        return f"```\n{block.pieces.text}\n```"
    return inline(block.pieces)


@write.register
def _listing(block: Listing) -> str:
    return "\n".join(f"- {inline(item)}" for item in block.items)


@write.register
def _facts(block: Facts) -> str:
    return "\n".join(
        f"- **{escaped(name)}**: {inline(cell)}" for name, cell in block.rows
    )


@write.register
def _tile(block: Tile) -> str:
    grade = "" if block.grade is None else f" ({block.grade} of 4)"
    head = f"**{escaped(block.question)}** {inline(block.sign)}{grade}"
    return "\n".join([head, *(f"- {inline(reason)}" for reason in block.reasons)])


@write.register
def _table(block: Table) -> str:
    rows = []
    for row in block.rows:
        cells = [inline(cell) for cell in row]
        if block.is_heading(row):
            cells = [f"**{cells[0]}**", *[""] * (len(block.columns) - 1)]
        rows.append(cells)
    parts = [escaped(block.caption)] if block.caption else []
    parts.append(table([inline(column) for column in block.columns], rows))
    parts += [" ".join(map(inline, block.notes))] if block.notes else []
    return "\n\n".join(parts)


@write.register
def _figure(block: Figure) -> str:
    number = f"**Figure {block.number}.** " if block.number else ""
    return f"{number}{inline(block.result)} *{inline(block.marks)}*"


@write.register
def _note(block: Note) -> str:
    return f"> {inline(block.pieces)}"


@write.register
def _row(block: Row | Stack) -> str:
    return write_markdown(block.blocks)


@write.register
def _part(block: Part | Details) -> str:
    return f"### {escaped(block.title)}\n\n{write_markdown(block.blocks)}"
