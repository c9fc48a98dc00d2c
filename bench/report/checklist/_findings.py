"""The evidence of an item that diagnostics answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bench.core.findings import FindingRow, Outcome
from bench.diagnose import reason
from bench.report.bundle import Bundle
from bench.report.checklist.item import ItemEvidence
from bench.report.styles import Styles, styles_of
from bench.report.text.evidence import more_findings, other_leaks, settled
from bench.text import formats

#: What settles an item: checked and passed, or guaranteed by design.
_WHOLE = (Outcome.PASSED, Outcome.BY_CONSTRUCTION)
#: Reasons, and datasets of one reason, beyond these are counted.
MOST = 3


def diagnosed(
    *codes: str, others: Mapping[str, str] | None = None
) -> Callable[[Bundle], ItemEvidence | None]:
    """The evidence of the diagnostics with these codes: whole where every dataset passed, else what they say.

    others: by code, the items of other leaks, which are named where a diagnostic found one.
    """

    def evidence(bundle: Bundle) -> ItemEvidence | None:
        rows = [row for row in bundle.findings if row.code in codes]
        if not rows:
            return None
        places = len({row.dataset for row in rows})
        parts = [
            words if len(at) == places else f"{formats.listed(at, most=MOST)}: {words}"
            for words, at in _datasets(rows, styles_of(bundle)).items()
        ]
        more = [more_findings(len(parts) - MOST)] if len(parts) > MOST else []
        words = "; ".join([*parts[:MOST], *more])
        whole = all(row.outcome in _WHOLE for row in rows)
        said = (
            settled(sum(row.outcome == Outcome.PASSED for row in rows))
            if whole
            else words
        )
        leaks = [
            item for code, item in (others or {}).items() if _is_raised(bundle, code)
        ]
        return ItemEvidence(
            f"{said[:1].upper()}{said[1:]}.{other_leaks(leaks)}", "findings", whole
        )

    return evidence


def _is_raised(bundle: Bundle, code: str) -> bool:
    return any(row.code == code and row.is_alarm for row in bundle.findings)


def _datasets(rows: Iterable[FindingRow], styles: Styles) -> dict[str, list[str]]:
    """The datasets of each reason, of what was found first."""
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: row.outcome != Outcome.FOUND):
        found.setdefault(reason(row.details), []).append(
            styles.dataset(row.dataset) if row.dataset else ""
        )
    return found
