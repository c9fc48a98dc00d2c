"""Counts of a study's claims: verdicts, different numbers, shares that hold, causes; and the hash of its results."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import polars as pl

from bench.report import facts
from bench.report.bundle import Bundle
from bench.text.words import HELD, VERDICTS

Counts = dict[str, int]


def verdict_counts(bundle: Bundle) -> Counts:
    """How many claims got each verdict, in the order of the words."""
    found = Counter(facts.counted(bundle)["verdict"].to_list())
    return {word: found[word] for word in VERDICTS}


def with_not_attempted(bundle: Bundle) -> Counts:
    """The same, with what was not attempted apart from what was run and can yet be decided by no test."""
    rows = facts.counted(bundle)
    counts, left = verdict_counts(bundle), rows.filter(verdict="not_testable", fidelity="not_attempted").height
    return counts | {"not_testable": counts["not_testable"] - left, "not_attempted": left}


def sort_of(bundle: Bundle, row: dict[str, Any]) -> str:
    """What a claim is: a published number, read at its source or from memory, or a comparison without a number."""
    if row["published"] is None:
        return "comparison"
    claim = bundle.claims.get(row["claim"])
    return "verified" if claim is None or claim.read == "source" else "from_memory"


def share(bundle: Bundle) -> dict[str, Any]:
    """How many of the judged claims hold; and of those with an error rate, with the interval of that share, if any."""
    whole = bundle.frame("replication_groups").filter(pl.col("kind").is_null())
    row = whole.row(0, named=True) if whole.height else {}
    found = {}
    for name, of, ends in (("held", "judged", ()), ("held_with_error_rate", "with_error_rate", ("low", "high"))):
        claims = row.get(of) or 0
        interval = {end: _nine(row.get(end)) if end in ends else None for end in ("low", "high")}
        found[name] = {"held": round((row.get(name) or 0) * claims), "claims": claims} | interval
    return found


def _nine(value: float | None) -> float | None:
    """Nine significant digits: what lies beyond is noise of the machine."""
    return None if value is None else float(f"{value:.9g}")


def misses(bundle: Bundle) -> Counts:
    """Claims that do not hold, by cause."""
    return dict(bundle.frame("replication_misses").iter_rows())


def results_hash(bundle: Bundle) -> str:
    """A sha256 over the content of verdicts and scores, whatever file format holds them."""
    digest = hashlib.sha256()
    for name in ("verdicts", "scores"):
        frame = bundle.frame(name)
        digest.update(name.encode())
        digest.update(frame.sort(frame.columns).write_csv().encode())
    return digest.hexdigest()


def numbers(bundle: Bundle) -> int:
    """How many different numbers the paper prints for the claims: one number may be claimed in several ways."""
    return len(set(facts.number_of(bundle).values()))


def stand_ins(bundle: Bundle, fidelity: str) -> pl.DataFrame:
    """The claims that hold up although something stands in for the paper's own: less than the paper's own success."""
    return facts.counted(bundle).filter(pl.col("verdict").is_in(HELD), pl.col("fidelity") == fidelity)
