"""The claims that are consistent or unclear, and what would decide each."""

from __future__ import annotations

from dataclasses import dataclass

from bench.claims.open_claims import OpenClaim
from bench.claims.open_claims import open_claims as open_claims_of
from bench.core.judgements import Agreement, Status
from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.styles import styles_of
from bench.report.text import open_claims as text
from bench.report.text.claim_names import claim_names
from bench.text import formats
from bench.text.sentences import sentence


@dataclass(frozen=True)
class OpenClaimsShown:
    """Claims that the same things would decide: their ids and names, what is known, and each thing with how many there
    are."""

    claims: tuple[tuple[str, str], ...]
    agreement: str
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OpenClaimsView:
    """The section."""

    opening: str
    head: tuple[str, ...]
    rows: tuple[OpenClaimsShown, ...]
    foot: str
    empty: str


def open_claims(bundle: Bundle) -> OpenClaimsView:
    """Every open claim; those that the same things would decide stand together, in the order of the first."""
    names, found = claim_names(bundle, styles_of(bundle)), dict[str, list[OpenClaim]]()
    for one in _open(bundle):
        found.setdefault(one.claim, []).append(one)
    attempted = sum(row.status == Status.ATTEMPTED for row in bundle.verdicts)
    alike: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for claim, ways in found.items():
        shown = tuple((sentence(one.settle), "" if one.now is None else formats.count(one.now)) for one in ways)
        alike.setdefault((text.AGREEMENT[Agreement(ways[0].agreement)], shown), []).append(claim)
    rows = tuple(
        OpenClaimsShown(tuple((claim, names[claim]) for claim in same), agreement, shown)
        for (agreement, shown), same in alike.items()
    )
    empty = "" if found else text.NONE
    return OpenClaimsView(text.opening(len(found), attempted), text.HEADER, rows, text.foot(bundle.study.id), empty)


def _open(bundle: Bundle) -> tuple[OpenClaim, ...]:
    return open_claims_of(bundle.verdicts, bundle.datasets, bundle.setting)


SECTION = Section("open_claims", text.TITLE, open_claims, order=25)
