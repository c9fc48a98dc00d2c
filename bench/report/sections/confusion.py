"""Confusion tables: which class was taken for which, in test rows, averaged over repeats."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.report.bundle import Bundle
from bench.report.styles import Style
from bench.text import formats

#: More classes than this are told as their commonest confusions instead of as a table.
MOST_CLASSES = 6


def classes_of(bundle: Bundle, dataset: str) -> list[str]:
    """The classes of a data set in class order."""
    rows = bundle.frame("tables").filter(pl.col("dataset") == dataset)
    return list(rows["classes"][0]) if rows.height and rows["classes"][0] is not None else []


def confusions(tests: pl.DataFrame, classes: list[str], families: list[Style]) -> list[dict[str, Any]]:
    """One table a family, from the predictions of a data set's test rows."""
    rows = tests.filter(pl.col("family").is_in([style.name for style in families]))
    repeats = max(rows["repeat"].n_unique(), 1)
    counts = {(f, t, p): n for f, t, p, n in rows.group_by("family", "truth", "label").len().iter_rows()}
    found = []
    for style in families:
        grid = [[counts.get((style.name, t, p), 0) / repeats for p in classes] for t in classes]
        found.append({"look": style} | _table(classes, grid))
    return found


def _table(classes: list[str], grid: list[list[float]]) -> dict[str, Any]:
    worst = sorted(
        ((n, classes[i], classes[j]) for i, row in enumerate(grid) for j, n in enumerate(row) if i != j and n > 0),
        reverse=True,
    )
    said = [f"{t} taken for {p}: {formats.short(round(n, 1))}" for n, t, p in worst[:5]]
    if len(classes) > MOST_CLASSES:
        return {"classes": [], "rows": [], "worst": said}
    rows = [
        {"truth": t, "cells": [_cell(n, sum(row), i == j) for j, n in enumerate(row)]}
        for i, (t, row) in enumerate(zip(classes, grid, strict=True))
    ]
    return {"classes": classes, "rows": rows, "worst": []}


def _cell(n: float, total: float, right: bool) -> dict[str, Any]:
    return {"text": formats.short(round(n, 1)), "percent": f"{100 * n / total:.0f}" if total else "0", "right": right}
