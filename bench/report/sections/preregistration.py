"""What was decided before the results, if it was recorded, and what changed since, declared or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.core.text import shortened
from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.text import preregistration as text
from bench.study.preregistration import ABSENT, Change

#: A value longer than this is cut in the table; the record in the study's folder has it whole.
LONGEST = 160


@dataclass(frozen=True)
class ChangeShown:
    """A value that changed since it was recorded."""

    path: str
    was: str
    now: str
    why: str


@dataclass(frozen=True)
class PreregistrationView:
    """The section; `added`, `renamed`: keys that came, and keys with the one before, by the reason."""

    state: str = ""
    said: str = ""
    added: tuple[tuple[str, tuple[str, ...]], ...] = ()
    changes: tuple[ChangeShown, ...] = ()
    renamed: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    data: str = ""
    empty: str = ""


def preregistration(bundle: Bundle) -> PreregistrationView:
    """The record, if there is one, and what changed since."""
    record = bundle.provenance.frozen
    if record is None:
        return PreregistrationView(empty=text.NOT_PREREGISTERED)
    return PreregistrationView(
        text.state(record.sha256, changed=bool(record.changes)),
        text.changes(record),
        _added(record.meant),
        tuple(_change(change) for change in record.meant if change.was != ABSENT),
        _renamed(record.moved),
        text.WHAT_IT_SHOWS,
    )


def _added(changes: Iterable[Change]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The keys that were not set before, those of one reason together."""
    found: dict[str, list[str]] = {}
    for one in changes:
        if one.was == ABSENT:
            found.setdefault(one.why or "", []).append(one.path)
    return tuple((why, tuple(paths)) for why, paths in found.items())


def _renamed(
    moved: Iterable[tuple[Change, Change]],
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The keys before and now, those of one reason together."""
    found: dict[str, list[tuple[str, str]]] = {}
    for gone, came in moved:
        found.setdefault(gone.why or "", []).append((gone.path, came.path))
    return tuple((why, tuple(pairs)) for why, pairs in found.items())


def _change(one: Change) -> ChangeShown:
    return ChangeShown(
        one.path,
        shortened(one.was, LONGEST),
        shortened(one.now, LONGEST),
        one.why or "",
    )


SECTION = Section("preregistration", "Preregistration", preregistration, order=130)
