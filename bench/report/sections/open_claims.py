"""The open claims, and what would decide each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.core.counting import Falsified, is_open
from bench.core.judgements import Settle, VerdictRow
from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.styles import styles_of
from bench.report.text import open_claims as text
from bench.report.text.claim_names import claim_names
from bench.text.marks import MARKS, UNDECIDED
from bench.text.settling import what_settles


@dataclass(frozen=True)
class OpenClaimsShown:
    """Claims that the same things would decide: their ids and names, what is known, and those things."""

    claims: tuple[tuple[str, str], ...]
    agreement: str
    ways: str


@dataclass(frozen=True)
class OpenClaimsTable:
    """Some open claims; `more`: of what they ask for a number: repeats, seeds, draws."""

    title: str
    rows: tuple[OpenClaimsShown, ...]
    more: frozenset[Settle]


@dataclass(frozen=True)
class OpenClaimsView:
    """The section: the claims that count, and apart from them what the author expects or would be falsified by."""

    counted: OpenClaimsTable
    apart: OpenClaimsTable
    head: tuple[str, ...]
    foot: str
    empty: str


def open_claims(bundle: Bundle) -> OpenClaimsView:
    """Every open claim; those that the same things would decide stand together, in the order of the first."""
    count = bundle.counted
    expected = [row for row in count.expected if row.agreement is not None]
    undecided = [
        row
        for row in count.falsifiers
        if bundle.falsified[row.claim] == Falsified.UNDECIDED
    ]
    title = text.apart(
        sum(map(is_open, expected)) + len(undecided),
        len(expected),
        len(count.falsifiers),
    )
    found = _table(
        bundle,
        count.claims,
        text.opening(len(count.open), len(count.attempted), own=count.own),
    )
    beside = _table(bundle, (*expected, *undecided), title)
    foot = text.foot(bundle.study.id, found.more | beside.more)
    return OpenClaimsView(
        found, beside, text.HEADER, foot, "" if found.rows or beside.rows else text.NONE
    )


def _table(bundle: Bundle, claims: Sequence[VerdictRow], title: str) -> OpenClaimsTable:
    names = claim_names(bundle, styles_of(bundle))
    alike: dict[tuple[str, str], list[str]] = {}
    more: set[Settle] = set()
    for row in claims:
        if row.settle is None:
            continue
        said = what_settles(row.settle, row.further)
        word = UNDECIDED
        if row.source != "author":
            word = MARKS[str(row.agreement)].word.lower()
        alike.setdefault((word, said), []).append(row.claim)
        by = Settle(row.settle)
        if by.counted and row.further is not None:
            more.add(by)
    rows = tuple(
        OpenClaimsShown(tuple((claim, names[claim]) for claim in same), agreement, ways)
        for (agreement, ways), same in alike.items()
    )
    return OpenClaimsTable(title, rows, frozenset(more))


SECTION = Section("open_claims", text.TITLE, open_claims, order=25)
