"""What was decided before the results, if it was recorded, and what changed since, declared or not."""

from __future__ import annotations

from typing import Any

from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.report.text import preregistration as text
from bench.study.preregistration import Change, Frozen

#: A value longer than this is cut in the table; the record in the study's folder has it whole.
LONGEST = 160


def preregistration(bundle: Bundle) -> dict[str, Any]:
    record = bundle.provenance.get("frozen")
    if not isinstance(record, Frozen):
        return {"state": text.NOT_PREREGISTERED, "changes": [], "said": "", "data": ""}
    return {
        "state": text.state(record.hashes, changed=bool(record.changes)),
        "said": text.changes(len(record.changes), len(record.undeclared)),
        "changes": [_change(change, len(record.hashes)) for change in record.changes],
        "data": text.WHAT_IT_SHOWS,
    }


def _change(change: Change, records: int) -> dict[str, str]:
    return {
        "path": change.path,
        "was": _cut(change.was),
        "now": _cut(change.now),
        "why": change.why or "",
        "when": text.when(change.since, records),
    }


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"


SECTION = Section("preregistration", "Preregistration", preregistration, order=130)
