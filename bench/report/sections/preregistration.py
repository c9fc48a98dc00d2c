"""What was decided before the results, if it was recorded, and what changed since, declared or not."""

from __future__ import annotations

from collections.abc import Iterator

from bench.core.text import shortened
from bench.report.blocks import Block, Cell, Code, Paragraph, Sign, Table
from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.study.preregistration import ABSENT, Change, Frozen
from bench.text import formats

#: A value longer than this is cut in the table; the record in the study's folder has it whole.
LONGEST = 160
#: Beside claims without a record.
NOT_FROZEN = (
    "Not preregistered: the tolerance may have been chosen after the scores were seen."
)


def preregistration(bundle: Bundle) -> Iterator[Block]:
    """The record, how much changed since, and what it cannot show; nothing without a record."""
    record = bundle.provenance.frozen
    if record is None:
        return
    since = changes(record) or "none"
    yield Paragraph((
        "Preregistered as ", Code(formats.fingerprint(record.sha256)),
        f". Changes since: {since} A preregistration cannot show whether the data were analysed before.",
    ))  # fmt: skip


def list_changes(record: Frozen) -> Table | None:
    """A row for each change since the record, with its reason; None without any."""
    rows = [_change(change.path, change) for change in record.meant]
    rows += [_renamed(gone, came) for gone, came in record.moved]
    if not rows:
        return None
    caption = f"Changes since the preregistration: {len(rows)}"
    return Table(("Key", "Was", "Is", "Why"), tuple(rows), caption, id="changes")


def changes(record: Frozen) -> str:
    """How many values were added, removed and changed, and how many of them without a reason; empty without any."""
    came = [one for one in record.meant if one.was == ABSENT]
    gone = [one for one in record.meant if one.now == ABSENT]
    counts = {
        "falsifiers added": sum(one.section == "falsified_if" for one in came),
        "values added": sum(one.section != "falsified_if" for one in came),
        "values removed": len(gone),
        "values changed": len(record.meant) - len(came) - len(gone),
        "keys renamed": len(record.moved),
        "without a reason": len(record.undeclared),
    }
    said = ", ".join(f"{what}: {number}" for what, number in counts.items() if number)
    return f"{said}." if said else ""


def _change(path: str, one: Change) -> tuple[Cell, ...]:
    was, now = shortened(one.was, LONGEST), shortened(one.now, LONGEST)
    return path, Code(was), Code(now), one.why or Sign("open", "not declared")


def _renamed(gone: Change, came: Change) -> tuple[Cell, ...]:
    why = gone.why or Sign("open", "not declared")
    return f"{gone.path} → {came.path}", "renamed", "", why


SECTION = Section("preregistration", "Preregistration", preregistration, order=130)
