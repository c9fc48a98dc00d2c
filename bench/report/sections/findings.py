"""What the diagnostics found, what passed, and what could not be asked: three different things."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.report import formats
from bench.report.bundle import Bundle
from bench.report.looks import Looks, looks_of

_ORDER = {"serious": 0, "warning": 1, "note": 2}
_SIGNS = {"serious": "‼", "warning": "!", "note": "i"}
#: Each finding ends in a question worth asking, by its diagnostic.
_QUESTIONS = {
    "train_test_gap": "Would more rows, or a simpler candidate, close the gap?",
    "tuning_optimism": "How many candidates were tried, and would fewer have been enough?",
    "grid_edge": "Would the choice move on if the candidates reached further?",
    "calibration": "Would a decision that weighs costs by these probabilities be the right one?",
    "first_place": "Which families would another seed put first?",
    "selection": "Is the advantage of the best candidate larger than what the search adds by itself?",
    "leakage": "Could a row of the test set have been known, in part, before it was predicted?",
    "twins_across": "Are equal rows the same case measured twice, or two cases that look alike?",
    "candidate_stability": "Is one candidate better, or do they all do equally well?",
    "beats_baseline": "Do the features say anything about the target in these rows?",
    "degenerate": "What made one answer to every row the best that could be found?",
    "outlier_folds": "Which rows are in that fold, and do they differ from the rest?",
    "failed_cells": "Would the conclusion stand if these cells had finished?",
    "data_remarks": "Would the conclusion stand without these rows or columns?",
}


def findings(bundle: Bundle) -> dict[str, Any]:
    looks, frame = looks_of(bundle), bundle.frame("findings")
    found = [_finding(looks, row) for row in frame.filter(pl.col("outcome") == "found").iter_rows(named=True)]
    found.sort(key=lambda f: (_ORDER.get(f["severity"], 3), f["code"], f["where"]))
    passed = frame.filter(pl.col("outcome") == "passed")
    skipped = frame.filter(pl.col("outcome") == "not_applicable")
    return {
        "found": _groups(found),
        "passed": [f"{_words(name)} ({formats.plural(n, 'check')})" for name, n in _counted(passed)],
        "skipped": [
            {"name": _words(name).capitalize(), "reason": reason or ""}
            for name, reason in skipped.select(_name(), "reason").unique(maintain_order=True).iter_rows()
        ],
        "empty": "" if frame.height else "No diagnostic was run for this study.",
        "healthy": f"None. {formats.plural(passed.height, 'check')} passed." if frame.height and not found else "",
    }


def _groups(found: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Findings of one diagnostic together, the gravest first, under the question that they raise."""
    groups: dict[str, dict[str, Any]] = {}
    for one in found:
        head = {"title": one["title"], "code": one["code"], "question": one["question"], "items": []}
        groups.setdefault(one["title"], head)["items"].append(one)
    return list(groups.values())


def _name() -> pl.Expr:
    return pl.coalesce("diagnostic", "code").alias("name")


def _counted(frame: pl.DataFrame) -> list[tuple[str, int]]:
    return list(frame.group_by(_name()).len().sort("name").iter_rows())


def _words(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")


def _finding(looks: Looks, row: dict[str, Any]) -> dict[str, str]:
    where = [looks.dataset(row["dataset"])] if row["dataset"] else []
    where += [looks.family(row["family"]).title] if row["family"] else []
    interval = formats.interval(row["low"], row["high"], formats.signed)
    size = "" if row["estimate"] is None else f"{formats.signed(row['estimate'])} {interval}".strip()
    name = row["diagnostic"] or row["code"]
    return {
        "code": row["code"],
        "title": _words(name).capitalize(),
        "where": ", ".join(where),
        "severity": row["severity"],
        "sign": _SIGNS.get(row["severity"], "i"),
        "reason": row["reason"] or "",
        "size": size,
        "question": _QUESTIONS.get(name, ""),
    }
