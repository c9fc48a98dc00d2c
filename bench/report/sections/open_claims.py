"""The claims that are consistent or unclear, and what would decide each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.claims.open_claims import OpenClaim
from bench.claims.open_claims import open_claims as open_claims_of
from bench.core.counting import Falsified, is_open
from bench.core.judgements import VerdictRow
from bench.core.outcomes import codes, decoded
from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.styles import styles_of
from bench.report.text import open_claims as text
from bench.report.text.claim_names import claim_names
from bench.text.chance import DrawsAgree
from bench.text.compared import RankLeft
from bench.text.judgements import Settle
from bench.text.marks import MARKS, UNDECIDED
from bench.text.sentences import sentence


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
    more: frozenset[str]


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
    tested = any(map(_by_repeats, (*count.claims, *undecided)))
    foot = text.foot(bundle.study.id, found.more | beside.more, tested=tested)
    return OpenClaimsView(
        found, beside, text.HEADER, foot, "" if found.rows or beside.rows else text.NONE
    )


def _by_repeats(row: VerdictRow) -> bool:
    """Whether more repeats are offered for a comparison, which a p-value decides."""
    ways = (one for one in decoded(row.settle) if isinstance(one, Settle))
    tested = row.published is None or RankLeft.code in codes(row.reasons)
    return tested and is_open(row) and any(one.count is not None for one in ways)


def _table(bundle: Bundle, claims: Sequence[VerdictRow], title: str) -> OpenClaimsTable:
    names, found = claim_names(bundle, styles_of(bundle)), dict[str, list[OpenClaim]]()
    for one in open_claims_of(claims, bundle.datasets, bundle.setting):
        found.setdefault(one.claim, []).append(one)
    alike: dict[tuple[str, str], list[str]] = {}
    for row in claims:
        if not (ways := found.get(row.claim)):
            continue
        equal = DrawsAgree.code in codes(row.reasons)
        ordered = sorted(ways, key=lambda one: one.settle.by != "method")
        said = text.all_of([_way(one, equal) for one in ordered])
        word = (
            UNDECIDED
            if row.source == "author"
            else MARKS[str(row.agreement)].word.lower()
        )
        alike.setdefault((word, said), []).append(row.claim)
    rows = tuple(
        OpenClaimsShown(tuple((claim, names[claim]) for claim in same), agreement, ways)
        for (agreement, ways), same in alike.items()
    )
    counted = (
        one.settle.by for ways in found.values() for one in ways if one.now is not None
    )
    return OpenClaimsTable(title, rows, frozenset(counted))


def _way(one: OpenClaim, equal: bool) -> str:
    """`equal`: whether all draws so far are, so that the number holds if the further ones are too."""
    return text.way(sentence(one.settle), one.now, equal=equal)


SECTION = Section("open_claims", text.TITLE, open_claims, order=25)
