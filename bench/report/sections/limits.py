"""What to hold against this page: deviations from the paper, limits of the design, cells that failed or warned."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.report import facts, formats
from bench.report.bundle import Bundle
from bench.report.looks import Looks, looks_of

MOST_ROWS = 200


def limits(bundle: Bundle) -> dict[str, Any]:
    looks, rows = looks_of(bundle), _failures(bundle)
    return {
        "deviations": list(bundle.study.deviations),
        "limits": _limits(bundle, looks),
        "failures": [_failure(looks, row) for row in rows.head(MOST_ROWS).iter_rows(named=True)],
        "cut": f"The first {MOST_ROWS} of {formats.count(rows.height)} are shown." if rows.height > MOST_ROWS else "",
        "none": "" if rows.height else _good_news(bundle),
        "left_out": list(bundle.study.diagnostics.leave_out) if bundle.study.diagnostics else [],
        "left_out_why": (bundle.study.diagnostics.why if bundle.study.diagnostics else None) or "",
    }


def _good_news(bundle: Bundle) -> str:
    cells = bundle.frame("folds").height * len(bundle.families)
    return f"None. All {formats.count(cells)} cells are present." if cells else "None: nothing was to be fitted."


def _failures(bundle: Bundle) -> pl.DataFrame:
    """Failures by cause, with how many folds each struck: the same reason is one row."""
    keys = ["dataset", "family", "variant", "status", "stage", "reason", "policy"]
    grouped = bundle.frame("failures").group_by(keys, maintain_order=True).agg(pl.len().alias("folds"))
    return grouped.with_columns(pl.col("status").eq("warning").alias("mild")).sort(
        ["mild", "dataset", "family", "variant", "reason"]
    )


def _failure(looks: Looks, row: dict[str, Any]) -> dict[str, str]:
    return {
        "family": looks.family(row["family"]).title,
        "dataset": looks.dataset(row["dataset"]),
        "variant": "" if row["variant"] == "plain" else row["variant"],
        "status": (row["status"] or "").replace("_", " "),
        "stage": row["stage"] or "",
        "folds": formats.count(row["folds"]),
        "reason": row["reason"] or "",
        "policy": row["policy"] or "",
    }


def _limits(bundle: Bundle, looks: Looks) -> list[str]:
    """What the design itself leaves open, each as a sentence, from the study and its verdicts."""
    said, verdicts = [], bundle.frame("verdicts")
    n = len(bundle.datasets)
    if len(bundle.families) > 1 and not facts.can_decide(bundle, n):
        said.append(
            f"{formats.spelled(n).capitalize()} data set{'s' if n > 1 else ''}: what holds here says "
            "little about which family is better elsewhere."
        )
    still = [looks.dataset(d) for d in bundle.datasets if facts.without_chance(bundle, d)]
    if still:
        said.append(
            f"The protocol on {formats.listed(still)} draws nothing at random: numbers can be equal "
            "or not, but have no error rate."
        )
    for fidelity, words in (
        ("not_attempted", "not attempted"),
        ("substituted", "tested with another method in the paper's place"),
        ("approximated", "tested with an approximation of the paper's method"),
    ):
        if count := verdicts.filter(pl.col("fidelity") == fidelity).height:
            said.append(f"{formats.plural(count, 'claim')} {'was' if count == 1 else 'were'} {words}.")
    if unverified := [c for c in bundle.claims.values() if not c.verified]:
        verb = "was" if len(unverified) == 1 else "were"
        said.append(
            f"{formats.plural(len(unverified), 'published number')} {verb} not checked against the "
            "source, and cannot refute the paper."
        )
    if n := verdicts.filter(pl.col("protocol_match").is_not_null() & (pl.col("protocol_match") != "same")).height:
        said.append(
            f"{formats.plural(n, 'claim')} {'was' if n == 1 else 'were'} tested under a protocol that "
            "differs from the paper's."
        )
    return said
