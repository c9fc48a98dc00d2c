"""What stays open, and what would decide it: further runs, something of the paper, or nothing with these data."""

from __future__ import annotations

from collections.abc import Iterator

from bench.core.judgements import Settle, VerdictRow
from bench.report.blocks import Block, Cell, Code, Paragraph, Table
from bench.report.bundle import Bundle
from bench.report.claim_names import claim_names
from bench.report.first.tiles import open_rows
from bench.report.section import Section
from bench.report.styles import styles_of
from bench.report.values import count
from bench.text.settling import what_settles

#: Under one heading, what would decide a claim; the rest stays open with these data.
_OF_THE_PAPER = (Settle.SOURCE, Settle.SCORES, Settle.METHOD, Settle.RIVALS)
RUNS, PAPER, EVER = (
    "Further runs decide it",
    "Something else than runs decides it",
    "It stays open with these data",
)


def open_claims(bundle: Bundle) -> Iterator[Block]:
    """A row for each thing that would decide claims, under three headings; then the command."""
    rows = open_rows(bundle)
    if not rows:
        return
    names = claim_names(bundle, styles_of(bundle))
    cells: list[tuple[Cell, ...]] = []
    for heading in (RUNS, PAPER, EVER):
        alike: dict[str, list[str]] = {}
        for row in rows:
            way = Settle(row.settle or Settle.UNKNOWN)
            if _heading(way) == heading:
                alike.setdefault(what_settles(way, row.further), []).append(row.claim)
        if alike:
            cells.append((heading,))
        cells += [
            (way, count(len(same)), "; ".join(names[one] for one in same))
            for way, same in alike.items()
        ]
    yield Table(("What would decide it", "Claims", "Which"), tuple(cells), id="open")
    if any(map(_is_counted, rows)):
        yield Paragraph((
            "The numbers assume that difference and spread stay the same. Computing time: ",
            Code(f"bench settle {bundle.study.id}"),
            ". Choose the number in advance: runs added until an answer comes are no test.",
        ))  # fmt: skip


def _heading(way: Settle) -> str:
    if way.counted:
        return RUNS
    return PAPER if way in _OF_THE_PAPER else EVER


def _is_counted(row: VerdictRow) -> bool:
    return Settle(row.settle or Settle.UNKNOWN).counted and row.further is not None


SECTION = Section("open_claims", "What stays open", open_claims, order=16)
