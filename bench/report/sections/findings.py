"""What the diagnostics found, what passed, and what could not be asked: three different things."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.report import formats
from bench.report.bundle import Bundle
from bench.report.looks import Looks, looks_of

_ORDER = {"serious": 0, "warning": 1, "note": 2}
_SIGNS = {"serious": "‼", "warning": "!", "note": "i"}
#: A question worth asking after each kind of finding, by how its code begins.
_QUESTIONS = {
    "train_test_gap": "Would more rows, or a simpler candidate, close the gap?",
    "gap": "Would more rows, or a simpler candidate, close the gap?",
    "optimism": "How many candidates were tried, and would fewer have been enough?",
    "tuning": "How many candidates were tried, and would fewer have been enough?",
    "edge": "Would the choice move on if the candidates reached further?",
    "duplicate": "Do the same rows stand on both sides of a split?",
    "leak": "Would this column be known at the time of prediction?",
    "imbalance": "Is the metric one that the rare class can be heard in?",
}


def findings(bundle: Bundle) -> dict[str, Any]:
    looks, frame = looks_of(bundle), bundle.frame("findings")
    found = [_finding(looks, row) for row in frame.filter(pl.col("outcome") == "found").iter_rows(named=True)]
    found.sort(key=lambda f: (_ORDER.get(f["severity"], 3), f["code"], f["where"]))
    passed = frame.filter(pl.col("outcome") == "passed")
    skipped = frame.filter(pl.col("outcome") == "not_applicable")
    return {
        "found": found,
        "passed": [f"{_words(code)} ({formats.plural(n, 'check')})" for code, n in _by_code(passed)],
        "skipped": [
            {"code": _words(code), "reason": reason or ""}
            for code, reason in skipped.select("code", "reason").unique(maintain_order=True).iter_rows()
        ],
        "empty": "" if frame.height else "No diagnostic was run for this study.",
        "healthy": f"None. {formats.plural(passed.height, 'check')} passed." if frame.height and not found else "",
    }


def _by_code(frame: pl.DataFrame) -> list[tuple[str, int]]:
    return list(frame.group_by("code").len().sort("code").iter_rows())


def _words(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")


def _finding(looks: Looks, row: dict[str, Any]) -> dict[str, str]:
    where = [looks.dataset(row["dataset"])] if row["dataset"] else []
    where += [looks.family(row["family"]).title] if row["family"] else []
    interval = formats.interval(row["low"], row["high"], formats.signed)
    size = "" if row["estimate"] is None else f"{formats.signed(row['estimate'])} {interval}".strip()
    question = next((q for key, q in _QUESTIONS.items() if key in row["code"]), "")
    return {
        "code": row["code"],
        "title": _words(row["code"]),
        "where": ", ".join(where),
        "severity": row["severity"],
        "sign": _SIGNS.get(row["severity"], "i"),
        "reason": row["reason"] or "",
        "size": size,
        "question": question,
    }
