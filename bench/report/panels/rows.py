"""The hardest rows of a data set: how many models get them wrong, and what stands in the raw table."""

from __future__ import annotations

import math
from typing import Any, Literal

import polars as pl

from bench.report.bundle import Bundle
from bench.report.charts.svg import ChartRow, Figure, Table, bar, lanes
from bench.report.panel import Panel, View, drawn
from bench.report.row_errors import missed_by, missed_rows, with_duplicates, wrong_rows
from bench.report.styles import Styles
from bench.report.text import rows as text
from bench.text import formats

#: Rows listed: the hardest.
LISTED = 10
#: Why a row has one prediction a model; empty where it has more.
OnePrediction = Literal["once", "drawn", ""]


def hardest(bundle: Bundle, styles: Styles, dataset: str) -> View | None:
    """The rows that most models get wrong, with equal rows of the table; of a regression, the furthest off."""
    tests = bundle.tested(dataset)
    shown = drawn(bundle, styles, dataset, set(tests["family"].unique()))
    tests = tests.filter(pl.col("family").is_in([style.name for style in shown]))
    if tests.is_empty():
        return View(empty=text.NO_PREDICTIONS)
    duplicates = bundle.frame("duplicates").filter(pl.col("dataset") == dataset).select("row", "duplicates")
    if bundle.study.task == "regression":
        return _far_rows(tests, duplicates)
    by = missed_by(tests)
    rows = wrong_rows(tests, by)
    wrong = rows.filter(pl.col("wrong") > 0)
    if wrong.is_empty():
        return View((text.ALL_RIGHT,))
    table = _wrong_table(with_duplicates(wrong.head(LISTED), tests, duplicates))
    reason = _one_prediction(bundle, by.height == tests.height, dataset)
    said, figure = _how_many(rows, _alone(by), dataset, styles.dataset(dataset), reason)
    return View((said,), (figure,), ((text.listed(len(table.rows), rows.height), table),))


def _wrong_table(listed: pl.DataFrame) -> Table:
    head = ("Row", "Truth", "Said instead", "Wrong", "Models wrong", "Equal rows")
    lines = (
        (
            formats.count(row["row"]),
            row["truth"],
            f"{row['said']} ({formats.probability(row['source'])})",
            formats.probability(row["wrong"]),
            f"{row['families']} of {row['of']}",
            _equals(row, "label"),
        )
        for row in listed.iter_rows(named=True)
    )
    return Table(head, tuple(lines))


def _equals(row: dict[str, Any], target: str) -> str:
    return text.equal_rows(row["equal"], row["other"], target)


def _alone(by: pl.DataFrame) -> dict[str, float]:
    """By family, the share of rows that it gets wrong more often than not."""
    shares = by.group_by("family").agg((pl.col("wrong") > 0.5).mean()).sort("family")
    return {str(family): float(share) for family, share in shares.iter_rows()}


def _one_prediction(bundle: Bundle, once: bool, dataset: str) -> OnePrediction:
    if once:
        return "once"
    draws = bundle.frame("tables").filter(pl.col("dataset") == dataset)["draws"].to_list()
    return "drawn" if any(draws) else ""


def _how_many(
    rows: pl.DataFrame, alone: dict[str, float], dataset: str, place: str, reason: OnePrediction
) -> tuple[str, Figure]:
    """How many rows are got wrong by how many models, beside the number if models erred independently."""
    models, total = len(alone), rows.height
    counts: dict[int, int] = dict(rows.group_by("families").len().iter_rows())
    order = range(models, -1, -1)
    names = {models: "all", 0: "none"}
    bars = [
        ChartRow(
            f"{names.get(n, n)} wrong",
            bar(0, 100 * counts.get(n, 0) / total, 11, 12, "c-all"),
            note=f"{formats.count(counts.get(n, 0))} · {formats.share(counts.get(n, 0), total)}",
        )
        for n in order
    ]
    every, independent = counts.get(models, 0), total * math.prod(alone.values())
    # A row with one prediction a model: its kind cannot be told from chance.
    common = not reason and every > independent + 2 * math.sqrt(max(independent, 1.0))
    said = text.missed(every, total, models, independent, repeated=not reason, common=common)
    table = Table(("Models wrong", "Rows"), tuple((str(n), formats.count(counts.get(n, 0))) for n in order))
    body = lanes(bars, text.wrong_label(place, said), height=22, widest=620)
    return said, Figure(f"wrong-{dataset}", "How many models get a row wrong", text.wrong_note(reason), body, table)


def _far_rows(tests: pl.DataFrame, duplicates: pl.DataFrame) -> View:
    listed = with_duplicates(missed_rows(tests).head(LISTED), tests, duplicates)
    head = ("Row", "Truth", "Predicted, least to most", "Median error", "Equal rows")
    lines = tuple(
        (
            formats.count(row["row"]),
            formats.quantity(row["truth"]),
            f"{formats.quantity(row['low'])} to {formats.quantity(row['high'])}",
            formats.quantity(row["error"]),
            _equals(row, "value"),
        )
        for row in listed.iter_rows(named=True)
    )
    title = text.listed(len(lines), tests["row"].n_unique())
    return View((text.REGRESSION,), tables=((title, Table(head, lines)),))


PANEL = Panel("rows", "The hardest rows", hardest, order=60)
