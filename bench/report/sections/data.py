"""The data: a card a table, what a careful look finds, distributions, correlations, classes, the cleaning log."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bench.core import remarks  # noqa: F401  (their statements stand in the profile)
from bench.core.outcomes import decoded
from bench.report.bundle import Bundle
from bench.report.charts.distributions import Bars, Box, boxes, class_counts, histogram
from bench.report.charts.matrices import correlation
from bench.report.charts.svg import Figure, Table
from bench.report.section import Section, keys
from bench.report.styles import Styles, styles_of
from bench.report.text import data as text
from bench.report.text import external as given
from bench.scores.design import is_external
from bench.text import formats
from bench.text.sentences import sentences
from bench.text.words import terms

MOST_COLUMNS = 24  # histograms, boxes and rows of the heat map a data set
MOST_HUES = 4  # classes drawn in colours of their own
MOST_CLASSES = 30  # rows of the figure of classes: two hundred are longer than any screen or sheet
MOST_PAIRS = 8
MOST_LISTED = 300  # features in the table of columns: thousands of rows make a page of megabytes


def data(bundle: Bundle) -> dict[str, Any]:
    styles = styles_of(bundle)
    return {
        "places": [_place(bundle, styles, name) for name in bundle.datasets if not is_external(bundle.study, name)]
        + _given_places(bundle, styles),
        "terms": terms("box", "pearson", "fingerprint"),
    }


def _of(bundle: Bundle, frame: str, dataset: str) -> pl.DataFrame:
    return bundle.frame(frame).filter(pl.col("dataset") == dataset)


def _place(bundle: Bundle, styles: Styles, dataset: str) -> dict[str, Any]:
    columns = _of(bundle, "columns", dataset)
    drawn = _drawn(columns)
    total = columns.filter(pl.col("role") == "feature").height
    return {
        "key": keys(bundle).get(dataset, ""),
        "title": styles.dataset(dataset),
        "given": "",
        "card": _card(bundle, dataset),
        "missing": _missing(columns),
        "remarks": [
            formats.thousands(sentences(decoded(details))) for details in _of(bundle, "remarks", dataset)["details"]
        ],
        "classes": _classes(bundle, styles, dataset),
        "legend": _legend(bundle, dataset),
        "histograms": _histograms(bundle, dataset, drawn),
        "cut": text.drawn(MOST_COLUMNS, total) if total > len(drawn) > 0 else "",
        "boxes": _boxes(bundle, styles, dataset, drawn),
        "correlation": _correlation(bundle, styles, dataset),
        "pairs": _strongest(bundle, dataset),
        "columns": [_column(row) for row in _listed(columns).iter_rows(named=True)],
        "listed": text.listed(MOST_LISTED, total) if total > MOST_LISTED else text.EVERY_COLUMN,
        "cleaning": [_step(row) for row in _of(bundle, "cleaning", dataset).sort("order").iter_rows(named=True)],
    }


def _given_places(bundle: Bundle, styles: Styles) -> list[dict[str, Any]]:
    """A card for each external table, whatever number of data sets it is about."""
    tables: dict[str, list[str]] = {}
    for name in bundle.datasets:
        if is_external(bundle.study, name):
            tables.setdefault("".join(_of(bundle, "tables", name)["raw_sha256"].head(1)), []).append(name)
    return [_given_place(bundle, styles, names) for names in tables.values()]


def _given_place(bundle: Bundle, styles: Styles, names: list[str]) -> dict[str, Any]:
    rows = bundle.frame("tables").filter(pl.col("dataset").is_in(names))
    spec = bundle.study.datasets[names[0]]
    predicted = spec.predictions is not None
    classes = list(rows["classes"].to_list()[0] or []) if rows.height else []
    found = [
        ("Data sets", formats.count(len(names)) if len(names) > 1 else ""),
        ("Rows predicted" if predicted else "Rows of scores", formats.count(int(rows["rows"].sum() or 0))),
        ("Classes", ", ".join(classes)),
        ("Positive class", (rows["positive"][0] or "") if rows.height else ""),
        ("Design", given.design_words(bundle, names[0]) if len(names) == 1 else ""),
        ("Source", (rows["source"][0] or "") if rows.height else ""),
        ("Made by", (spec.external.made_by if spec.external else None) or text.MAKER_UNKNOWN),
        ("Fingerprint", (rows["fingerprint"][0] or "")[:12] if rows.height else ""),
    ]
    return {
        "key": keys(bundle).get(names[0], "") if len(names) == 1 else "",
        "title": formats.listed([styles.dataset(name) for name in names[:3]])
        if len(names) <= 3
        else text.several(len(names)),
        "given": text.external(predicted),
        "card": [{"label": label, "text": words} for label, words in found if words],
        "cleaning": [_step(row) for row in _of(bundle, "cleaning", names[0]).sort("order").iter_rows(named=True)],
    }


def _drawn(columns: pl.DataFrame) -> list[str]:
    return columns.filter(pl.col("role") == "feature")["column"].to_list()[:MOST_COLUMNS]


def _listed(columns: pl.DataFrame) -> pl.DataFrame:
    """Every column, of very many features the first."""
    feature = pl.col("role") == "feature"
    return columns.filter(~feature | (feature.cum_sum() <= MOST_LISTED))


def _card(bundle: Bundle, dataset: str) -> list[dict[str, str]]:
    rows = _of(bundle, "tables", dataset)
    spec = bundle.study.datasets[dataset]
    if not rows.height:
        return [{"label": "Table", "text": text.NO_TABLE}]
    row = rows.row(0, named=True)
    classes = row["classes"] or []
    found = [
        ("Rows", formats.count(row["rows"])),
        ("Features", formats.count(row["features"])),
        ("Target", spec.target or "–"),
        ("Classes", formats.count(len(classes)) if classes else ""),
        ("Positive class", row["positive"] or ""),
        ("Draws", formats.count(row["draws"]) if row["draws"] else ""),
        ("Source", row["source"] or ""),
        ("Fingerprint", (row["fingerprint"] or "")[:12]),
    ]
    return [{"label": label, "text": words} for label, words in found if words]


def _missing(columns: pl.DataFrame) -> str:
    """The good news, or which columns have gaps."""
    features = columns.filter(pl.col("role") == "feature")
    cells, gone = int(features["rows"].sum() or 0), int(features["missing"].sum() or 0)
    worst = features.filter(pl.col("missing") > 0).sort(["missing", "column"], descending=[True, False])
    return text.missing(cells, gone, list(worst.select("column", "missing").iter_rows()))


def _classes(bundle: Bundle, styles: Styles, dataset: str) -> Figure | None:
    rows = _of(bundle, "classes", dataset)
    if not rows.height:
        return None
    order = {name: i for i, name in enumerate(bundle.classes(dataset))}
    counts = sorted(
        rows.select("class", "count").iter_rows(), key=lambda item: (order.get(item[0], len(order)), str(item[0]))
    )
    total = sum(n for _, n in counts)
    drawn = set(sorted(counts, key=lambda item: -item[1])[:MOST_CLASSES])
    shown = [item for item in counts if item in drawn]
    label = text.classes_label(styles.dataset(dataset), shown)
    table = Table(("Class", "Rows", "Share"), tuple((c, formats.count(n), formats.share(n, total)) for c, n in counts))
    note = text.classes_note(total, len(shown), len(counts))
    return Figure(f"classes-{dataset}", "Class balance", note, class_counts(shown, label), table)


def _legend(bundle: Bundle, dataset: str) -> list[dict[str, str]]:
    classes = bundle.classes(dataset)
    return [{"hue": f"c{i}", "name": name} for i, name in enumerate(classes)] if 2 <= len(classes) <= MOST_HUES else []


def _histograms(bundle: Bundle, dataset: str, drawn: list[str]) -> list[dict[str, Any]]:
    frame, classes = _of(bundle, "histograms", dataset), bundle.classes(dataset)
    split = 2 <= len(classes) <= MOST_HUES
    found = []
    for name in drawn:
        rows = frame.filter(pl.col("column") == name).sort("bin")
        bars = _bars(name, rows, classes if split else [])
        if bars is None:
            continue
        n = sum(map(sum, bars.counts))
        ends = (
            f"{formats.short(bars.edges[0])} to {formats.short(bars.edges[-1])}"
            if bars.edges
            else formats.listed(bars.labels)
        )
        totals = [sum(column) for column in zip(*bars.counts, strict=True)]
        label = text.histogram_label(name, n, ends, totals)
        found.append(
            {"name": name, "plot": histogram(bars, label), "ends": ends, "counts": " · ".join(map(str, totals))}
        )
    return found


def _bars(name: str, rows: pl.DataFrame, classes: list[str]) -> Bars | None:
    """A histogram by class where classes are drawn and counted, else of all rows together."""
    whole = rows.filter(pl.col("class").is_null())
    parts = [rows.filter(pl.col("class") == c) for c in classes]
    if not parts or not any(part.height for part in parts):
        parts = [whole]
    bins = sorted(set(rows["bin"]))
    if not bins:
        return None
    counts = []
    for part in parts:
        by = dict(part.group_by("bin").agg(pl.col("count").sum()).iter_rows())
        counts.append(tuple(by.get(b, 0) for b in bins))
    first = rows.unique("bin", keep="first", maintain_order=True).sort("bin")
    numeric = first["low"].null_count() == 0
    edges = (*first["low"].to_list(), first["high"][-1]) if numeric else ()
    labels = tuple("" if label is None else label for label in first["label"])
    return Bars(name, tuple(counts), edges, () if numeric else labels)


def _boxes(bundle: Bundle, styles: Styles, dataset: str, drawn: list[str]) -> Figure | None:
    frame, classes = _of(bundle, "boxes", dataset), bundle.classes(dataset)
    split = 2 <= len(classes) <= MOST_HUES and frame["class"].is_not_null().any()
    columns, rows = [], []
    for name in drawn:
        here = frame.filter(pl.col("column") == name, pl.col("median").is_not_null())
        here = here.filter(pl.col("class").is_not_null() if split else pl.col("class").is_null())
        found = [_box(row, classes if split else []) for row in here.iter_rows(named=True)]
        found.sort(key=lambda box: -1 if box.klass is None else box.klass)
        if found:
            columns.append((name, found))
            rows += [_box_row(row) for row in here.iter_rows(named=True)]
    if not columns:
        return None
    outliers = int(frame.filter(pl.col("class").is_null())["outliers"].sum() or 0)
    label = text.boxes_label(len(columns), styles.dataset(dataset), outliers)
    head = ("Column", "Class", "Whisker", "Quartile", "Median", "Quartile", "Whisker", "Beyond")
    return Figure(
        f"boxes-{dataset}", "Box plots", text.boxes_note(outliers), boxes(columns, label), Table(head, tuple(rows))
    )


def _box(row: dict[str, Any], classes: list[str]) -> Box:
    klass = classes.index(row["class"]) if row["class"] in classes else None
    beyond = tuple(row["outlier_values"] or ())[:20]
    return Box(row["low_whisker"], row["q1"], row["median"], row["q3"], row["high_whisker"], beyond, klass)


def _box_row(row: dict[str, Any]) -> tuple[str, ...]:
    numbers = (formats.short(row[name]) for name in ("low_whisker", "q1", "median", "q3", "high_whisker"))
    return (row["column"], row["class"] or "all", *numbers, formats.count(row["outliers"]))


def _correlation(bundle: Bundle, styles: Styles, dataset: str) -> Figure | None:
    frame = _of(bundle, "correlations", dataset).filter(pl.col("r").is_not_null())
    if frame.height < 2:
        return None
    order = frame.sort("i").unique("i", keep="first", maintain_order=True)
    names = order["a"].to_list()[:MOST_COLUMNS]
    place = {i: k for k, i in enumerate(order["i"].to_list()[:MOST_COLUMNS])}
    r = np.zeros((len(names), len(names)))
    for i, j, value in frame.select("i", "j", "r").iter_rows():
        if i in place and j in place:
            r[place[i], place[j]] = value
    pairs = _strongest(bundle, dataset)
    strongest = (pairs[0]["a"], pairs[0]["b"], pairs[0]["r"]) if pairs else None
    label = text.correlation_label(len(names), styles.dataset(dataset), strongest)
    return Figure(
        f"correlations-{dataset}",
        "Correlations, clustered",
        text.correlation_note(MOST_COLUMNS, order.height),
        correlation(names, r, label),
        None,
    )


def _strongest(bundle: Bundle, dataset: str) -> list[dict[str, str]]:
    frame = _of(bundle, "correlations", dataset).filter(pl.col("i") < pl.col("j"), pl.col("r").is_not_null())
    top = (
        frame.with_columns(size=pl.col("r").abs())
        .sort(["size", "i", "j"], descending=[True, False, False])
        .head(MOST_PAIRS)
    )
    return [{"a": a, "b": b, "r": formats.signed(r)} for a, b, r in top.select("a", "b", "r").iter_rows()]


def _column(row: dict[str, Any]) -> dict[str, str]:
    numbers = {name: formats.short(row[name]) for name in ("mean", "sd", "minimum", "maximum")}
    counts = {name: formats.count(row[name]) for name in ("missing", "unique")}
    return (
        {"column": row["column"], "role": row["role"], "type": row["type"], "example": row["example"] or ""}
        | counts
        | numbers
    )


def _step(row: dict[str, Any]) -> dict[str, str]:
    parameters = "" if row["parameters"] in (None, "", "{}") else row["parameters"]
    before, after = row["rows_before"], row["rows_after"]
    rows = formats.count(after) if before == after else f"{formats.count(before)} → {formats.count(after)}"
    before, after = row["columns_before"], row["columns_after"]
    columns = formats.count(after) if before == after else f"{formats.count(before)} → {formats.count(after)}"
    cells, example = formats.count(row["cells_changed"]), row["example"] or ""
    return {
        "step": row["step"],
        "parameters": parameters,
        "rows": rows,
        "columns": columns,
        "cells": cells,
        "example": example,
    }


SECTION = Section("data", "Data", data, "each", order=70)
