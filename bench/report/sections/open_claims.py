"""The claims that are consistent or unclear, and what would decide each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.claims.open_claims import OpenClaim
from bench.claims.open_claims import open_claims as open_claims_of
from bench.core.counting import Falsified, is_open
from bench.core.judgements import Agreement, VerdictRow
from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.styles import styles_of
from bench.report.text import open_claims as text
from bench.report.text.claim_names import claim_names
from bench.text import formats
from bench.text.judgements import Settle
from bench.text.sentences import sentence


@dataclass(frozen=True)
class OpenClaimsShown:
    """Claims that the same things would decide: their ids and names, what is known, and each thing with how many there
    are."""

    claims: tuple[tuple[str, str], ...]
    agreement: str
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OpenClaimsTable:
    """Some open claims; the last column is left out where it has no content."""

    title: str
    head: tuple[str, ...]
    rows: tuple[OpenClaimsShown, ...]


@dataclass(frozen=True)
class OpenClaimsView:
    """The section: the claims that count, and apart from them what the author expects or would be falsified by."""

    counted: OpenClaimsTable
    apart: OpenClaimsTable
    foot: str
    empty: str


def open_claims(bundle: Bundle) -> OpenClaimsView:
    """Every open claim; those that the same things would decide stand together, in the order of the first."""
    count = bundle.counted
    expected = [row for row in count.expected if row.agreement is not None]
    undecided = [row for row in count.falsifiers if bundle.falsified[row.claim] == Falsified.UNDECIDED]
    title = text.apart(sum(map(is_open, expected)) + len(undecided), len(expected) + len(count.falsifiers))
    found = _table(bundle, count.claims, text.opening(len(count.open), len(count.attempted)))
    beside = _table(bundle, (*expected, *undecided), title)
    counts = any(len(one.head) == len(text.HEADER) for one in (found, beside) if one.rows)
    return OpenClaimsView(
        found, beside, text.foot(bundle.study.id, counts=counts), "" if found.rows or beside.rows else text.NONE
    )


def _table(bundle: Bundle, claims: Sequence[VerdictRow], title: str) -> OpenClaimsTable:
    names, found = claim_names(bundle, styles_of(bundle)), dict[str, list[OpenClaim]]()
    for one in open_claims_of(claims, bundle.datasets, bundle.setting):
        found.setdefault(one.claim, []).append(one)
    alike: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for claim, ways in found.items():
        shown = tuple(map(_way, ways))
        alike.setdefault((text.AGREEMENT[Agreement(ways[0].agreement)], shown), []).append(claim)
    for row in claims:
        if row.falsifier and row.claim not in found:
            alike.setdefault((text.UNDECIDED, ((_why_undecided(row), ""),)), []).append(row.claim)
    rows = tuple(
        OpenClaimsShown(tuple((claim, names[claim]) for claim in same), agreement, shown)
        for (agreement, shown), same in alike.items()
    )
    counted = any(now for row in rows for _, now in row.ways)
    return OpenClaimsTable(title, text.HEADER if counted else text.HEADER[:-1], rows)


def _why_undecided(row: VerdictRow) -> str:
    """Why a falsifier is undecided of which nothing is known that would decide it."""
    if row.agreement is None:
        return text.NOT_JUDGED
    return text.NOT_AFTER_HOLM if row.holds else sentence(Settle("nothing"))


def _way(one: OpenClaim) -> tuple[str, str]:
    return sentence(one.settle), "" if one.now is None else formats.count(one.now)


SECTION = Section("open_claims", text.TITLE, open_claims, order=25)
