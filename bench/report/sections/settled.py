"""What was settled before the results, if it was frozen, and what was changed since, declared or not."""

from __future__ import annotations

from typing import Any

from bench.report.bundle import Bundle
from bench.report.section import Section
from bench.study.preregistration import Change, Frozen
from bench.text import formats

#: A value longer than this is cut in the table; the record in the study's folder has it whole.
LONGEST = 160


def settled(bundle: Bundle) -> dict[str, Any]:
    found = bundle.provenance.get("frozen")
    if not isinstance(found, Frozen):
        return {
            "state": "This study was not frozen: nothing but the history of its files shows that its protocol, tests, "
            "tolerances and claims stood before its results.",
            "changes": [], "said": "", "data": "",
        }  # fmt: skip
    n, undeclared = len(found.changes), len(found.undeclared)
    said = "" if not n else f"{formats.plural(n, 'value')} changed, "
    said += "" if not n else "each declared with its reason." if not undeclared else f"{undeclared} of them undeclared."
    return {
        "state": _state(found),
        "said": said,
        "changes": [_change(one, len(found.hashes)) for one in found.changes],
        "data": "Freezing shows what was settled, not that nobody had looked: with data that were there before it is "
        "no preregistration.",
    }


def _state(found: Frozen) -> str:
    hashes = formats.listed([sha[:12] for sha in found.hashes])
    times = "Frozen" if len(found.hashes) == 1 else f"Frozen {formats.spelled(len(found.hashes))} times"
    since = "" if found.changes else " Since then nothing that decides was changed."
    return f"{times}, as {hashes}.{since}"


def _change(one: Change, records: int) -> dict[str, str]:
    between = f"record {one.since} and the next" if one.since < records else "the last record and this page"
    return {
        "path": one.path,
        "was": _cut(one.was),
        "now": _cut(one.now),
        "why": one.why or "",
        "when": f"between {between}" if records > 1 else "",
    }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


SECTION = Section("settled", "Preregistration", settled, order=130)
