"""The tables of a page as sheets: text as the page prints it, from the sections themselves, every mark explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.core.outcomes import decoded
from bench.report.bundle import Bundle
from bench.report.charts.svg import Table
from bench.report.sections.claim_rows import ClaimShown
from bench.report.sections.claims import ClaimsView
from bench.report.text import sheets as text
from bench.text.judgements import SeedsOnly
from bench.text.marks import FOLLOWS


@dataclass(frozen=True)
class Sheet:
    """A table for print.

    A cell of `table` may have lines below the first (an interval); `notes` explain every mark in it; `remarks` say more
    about some rows, each with its first cell.
    """

    id: str
    title: str
    table: Table
    notes: tuple[str, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()


def numeric_columns(sheet: Sheet) -> list[bool]:
    """Which columns are set to the right: all but the first, whose cells begin with numbers, bounds, or are empty."""
    rows = sheet.table.rows
    return [
        i > 0 and all(row[i].split("\n")[0][:1] in "0123456789+−<>–[" for row in rows)
        for i in range(len(sheet.table.head))
    ]


def sheets(bundle: Bundle, sections: Mapping[str, Any]) -> list[Sheet]:
    """Claims of the paper, and those of the author.

    `sections`: what the sections of the page show, by their ids.
    """
    return list(_claims(bundle, sections["claims"]))


def _cell(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _claims(bundle: Bundle, found: ClaimsView) -> Iterator[Sheet]:
    notes = [text.mark_note(entry.word, entry.meaning) for entry in found.legend]
    notes += [found.foot] if found.foot else []
    notes += [found.intervals] if found.intervals else []
    notes += [found.own] if found.own else []
    notes += [text.left_out(found.left_out)] if found.left else []
    notes += [text.no_interval_note(found.no_interval)] if found.no_interval else []
    notes += _over_seeds(bundle, found.rows)
    if found.rows:
        title = text.EXPECTED if found.own else text.REPRODUCED
        yield Sheet(
            "claims",
            title,
            _claim_table(found.rows, found.whose),
            tuple(notes),
            _remarks(found.rows),
        )
    if found.apart:
        table = _claim_table(found.apart, found.apart_whose)
        yield Sheet(
            "expectations",
            text.EXPECTATIONS,
            table,
            tuple(
                filter(
                    None,
                    (
                        f"{found.apart_title}.",
                        found.falsifiers,
                        *_over_seeds(bundle, found.apart),
                    ),
                )
            ),
            _remarks(found.apart),
        )


def _over_seeds(bundle: Bundle, rows: Sequence[ClaimShown]) -> list[str]:
    """A note on the claims whose interval covers seeds only."""
    seeds = {
        row.claim
        for row in bundle.verdicts
        if any(isinstance(one, SeedsOnly) for one in decoded(row.reasons))
    }
    names = [row.name for row in rows if row.id in seeds and row.interval]
    return [text.seeds_note(names)] if names else []


def _claim_table(rows: Sequence[ClaimShown], whose: str) -> Table:
    """Claims of the paper, or of the author, which follow none."""
    head, follows = (
        ("Claim", whose, "Ours", f"Ours − {whose.lower()}", "Agreement"),
        any(row.follows for row in rows),
    )
    cells = (_claim(row) if follows else _claim(row)[:-1] for row in rows)
    return Table((*head, FOLLOWS) if follows else head, tuple(cells))


def _remarks(rows: Sequence[ClaimShown]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (row.name, reason)
        for row in rows
        if (reason := "; ".join(filter(None, (row.unseen, row.reason))))
    )


def _claim(row: ClaimShown) -> tuple[str, ...]:
    return (
        _cell(row.name, row.what),
        row.published,
        row.ours,
        _cell(row.difference, row.of, row.interval),
        row.word,
        row.follows,
    )
