"""The evidence of an item that diagnostics answer."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from bench.report.bundle import Bundle
from bench.report.checklist.item import ItemEvidence
from bench.report.styles import styles_of
from bench.text import formats

#: Reasons, and data sets of one reason, beyond these are counted.
MOST = 3


def _few(names: list[str]) -> str:
    more = [f"{formats.count(len(names) - MOST)} more"] if len(names) > MOST else []
    return formats.listed([*names[:MOST], *more])


def diagnosed(*codes: str) -> Callable[[Bundle], ItemEvidence | None]:
    """The evidence of the diagnostics with these codes: whole where every data set passed, else what they say."""

    def evidence(bundle: Bundle) -> ItemEvidence | None:
        rows = bundle.frame("findings").filter(pl.col("code").is_in(codes))
        if rows.is_empty():
            return None
        styles, places = styles_of(bundle), rows["dataset"].n_unique()
        said: dict[str, list[str]] = {}
        for dataset, reason in (
            rows.sort(pl.col("outcome") != "found", maintain_order=True).select("dataset", "reason").iter_rows()
        ):
            said.setdefault(formats.thousands(reason or ""), []).append(styles.dataset(dataset) if dataset else "")
        parts = [reason if len(at) == places else f"{_few(at)}: {reason}" for reason, at in said.items()]
        more = [f"{formats.count(len(parts) - MOST)} more under Findings"] if len(parts) > MOST else []
        text = "; ".join([*parts[:MOST], *more])
        return ItemEvidence(f"{text[:1].upper()}{text[1:]}.", "findings", bool((rows["outcome"] == "passed").all()))

    return evidence
