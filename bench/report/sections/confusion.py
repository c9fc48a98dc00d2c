"""Confusion tables: which class was taken for which, in test rows, averaged over repeats."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.report import formats
from bench.report.bundle import Bundle
from bench.report.looks import Looks

#: More classes than this are told as their commonest confusions instead of as a table.
MOST_CLASSES = 6


def classes_of(bundle: Bundle, dataset: str) -> list[str]:
    """The classes of a data set in class order."""
    rows = bundle.frame("tables").filter(pl.col("dataset") == dataset)
    return list(rows["classes"][0]) if rows.height and rows["classes"][0] is not None else []


def confusions(bundle: Bundle, looks: Looks, dataset: str, most: int) -> list[dict[str, Any]]:
    """One table a family, for the first `most` families that predicted anything here."""
    rows = bundle.plain("predictions").filter(
        pl.col("dataset") == dataset,
        pl.col("side") == "test",
        pl.col("truth").is_not_null(),
        pl.col("label").is_not_null(),
    )
    classes = classes_of(bundle, dataset)
    if rows.height == 0 or not classes:
        return []
    repeats = max(rows["repeat"].n_unique(), 1)
    present = set(rows["family"])
    counts = {(f, t, p): n for f, t, p, n in rows.group_by("family", "truth", "label").len().iter_rows()}
    found = []
    for f in [f for f in bundle.families if f in present][:most]:
        grid = [[counts.get((f, t, p), 0) / repeats for p in classes] for t in classes]
        found.append({"look": looks.family(f)} | _table(classes, grid))
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
