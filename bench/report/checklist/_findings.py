"""The evidence of an item that diagnostics answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from bench.core.findings import Outcome, is_alarm
from bench.diagnose import reason
from bench.report.bundle import Bundle
from bench.report.checklist.item import ItemEvidence
from bench.report.styles import styles_of
from bench.report.text.evidence import more_findings, other_leaks, settled
from bench.text import formats

#: What settles an item: checked and passed, or guaranteed by design.
_WHOLE = (Outcome.PASSED.value, Outcome.BY_CONSTRUCTION.value)
#: Reasons, and datasets of one reason, beyond these are counted.
MOST = 3


def diagnosed(*codes: str, others: Mapping[str, str] | None = None) -> Callable[[Bundle], ItemEvidence | None]:
    """The evidence of the diagnostics with these codes: whole where every dataset passed, else what they say.

    others: by code, the items of other leaks, which are named where a diagnostic found one.
    """

    def evidence(bundle: Bundle) -> ItemEvidence | None:
        rows = bundle.frame("findings").filter(pl.col("code").is_in(codes))
        if rows.is_empty():
            return None
        styles, places = styles_of(bundle), rows["dataset"].n_unique()
        datasets: dict[str, list[str]] = {}
        ordered = rows.sort(pl.col("outcome") != Outcome.FOUND.value, maintain_order=True)
        for dataset, details in ordered.select("dataset", "details").iter_rows():
            sentence = reason(details)
            datasets.setdefault(sentence, []).append(styles.dataset(dataset) if dataset else "")
        parts = [
            words if len(at) == places else f"{formats.listed(at, most=MOST)}: {words}"
            for words, at in datasets.items()
        ]
        more = [more_findings(len(parts) - MOST)] if len(parts) > MOST else []
        words = "; ".join([*parts[:MOST], *more])
        whole = bool(rows["outcome"].is_in(_WHOLE).all())
        said = settled(int((rows["outcome"] == Outcome.PASSED.value).sum())) if whole else words
        alarms = set(bundle.frame("findings").filter(is_alarm(), pl.col("code").is_in(list(others or ())))["code"])
        leaks = [item for code, item in (others or {}).items() if code in alarms]
        return ItemEvidence(f"{said[:1].upper()}{said[1:]}.{other_leaks(leaks)}", "findings", whole)

    return evidence
