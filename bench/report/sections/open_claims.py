"""The claims that are consistent or unclear, and what would decide each; absent where every claim is decided."""

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
class OpenClaimShown:
    """A claim of the table: its link, what is known of it, and each thing that would decide it with how many there
    are."""

    id: str
    name: str
    agreement: str
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OpenClaimsView:
    """The section."""

    opening: str
    head: tuple[str, ...]
    rows: tuple[OpenClaimShown, ...]
    foot: str


def open_claims(bundle: Bundle) -> OpenClaimsView:
    """Every open claim, in the order of the study."""
    names, found = claim_names(bundle, styles_of(bundle)), dict[str, list[OpenClaim]]()
    for one in _open(bundle):
        found.setdefault(one.claim, []).append(one)
    attempted = sum(row.status == Status.ATTEMPTED for row in bundle.verdicts)
    rows = tuple(
        OpenClaimShown(
            id=claim,
            name=names[claim],
            agreement=text.AGREEMENT[Agreement(ways[0].agreement)],
            ways=tuple((sentence(one.settle), "" if one.now is None else formats.count(one.now)) for one in ways),
        )
        for claim, ways in found.items()
    )
    return OpenClaimsView(text.opening(len(rows), attempted), text.HEADER, rows, text.foot(bundle.study.id))


def _open(bundle: Bundle) -> tuple[OpenClaim, ...]:
    return open_claims_of(bundle.verdicts, bundle.datasets, bundle.setting)


SECTION = Section("open_claims", text.TITLE, open_claims, order=25, needed=lambda bundle: bool(_open(bundle)))
