"""What a clean table looks like, as small frames: a million rows draw as fast as a thousand."""

from __future__ import annotations

import polars as pl

from bench.core import frames
from bench.core.task import Task
from bench.data.clean import Clean
from bench.data.correlation import correlations
from bench.data.remarks import duplicates, remarks
from bench.data.shapes import bars, boxes, histogram
from bench.data.types import as_text

#: So many columns get histograms and boxes, and so many numeric ones correlations; a remark says what was left out.
DRAWN = 200
CORRELATED = 60
#: With more classes than this, shapes are not split by class.
CLASSES = 10

#: Columns of the profile that some rows have no value for: a bin has edges or a label, text has no mean.
NULLS = ("low", "high", "label", "mean", "sd", "minimum", "maximum")


def profile(name: str, clean: Clean, task: Task | None) -> dict[str, pl.DataFrame]:
    """The frames of frames.PROFILE of one clean table.

    Missing values count as such in `columns` and nowhere else. Rows of all draws of a simulation are taken together.
    """
    frame = clean.frame
    shown = clean.columns("feature") + (clean.columns("target") if task == "regression" else [])
    drawn, left_out = shown[:DRAWN], {"shapes": shown[DRAWN:]}
    numeric = [c for c in shown if clean.types[c] == "numeric" and frame[c].drop_nulls().n_unique() > 1]
    left_out["correlations"] = numeric[CORRELATED:]
    classes = _classes(clean, task)
    split = classes if classes is not None and len(classes.dtype.categories) <= CLASSES else None  # type: ignore[attr-defined]
    summary = _columns(clean)
    rows = {
        "columns": summary,
        "histograms": [{"column": c} | row for c in drawn for row in _histogram(clean, c, split)],
        "boxes": [{"column": c} | row for c in drawn if clean.types[c] == "numeric" for row in boxes(frame[c], split)],
        "correlations": correlations(frame, numeric[:CORRELATED]),
        "classes": _counts(classes),
        "remarks": remarks(clean, task, summary, left_out),
    }
    made = {
        key: frames.of_rows([{"dataset": name} | row for row in listed], frames.PROFILE[key], nulls=NULLS)
        for key, listed in rows.items()
    }
    return made | {"duplicates": duplicates(name, clean)}


def _classes(clean: Clean, task: Task | None) -> pl.Series | None:
    return clean.frame[clean.columns("target")[0]] if task == "classification" else None


def _histogram(clean: Clean, column: str, classes: pl.Series | None) -> list[dict[str, object]]:
    series = clean.frame[column]
    if clean.types[column] == "numeric":
        return histogram(series, classes)
    if clean.types[column] == "boolean":
        series = as_text(series)
    return bars(series, classes, ordered=clean.types[column] == "ordinal")


def _counts(classes: pl.Series | None) -> list[dict[str, object]]:
    if classes is None:
        return []
    return [{"class": label, "count": int((classes == label).sum())} for label in classes.dtype.categories]  # type: ignore[attr-defined]


def _columns(clean: Clean) -> list[dict[str, object]]:
    return [_column(clean, name) for name in clean.frame.columns if name != "row"]


def _column(clean: Clean, name: str) -> dict[str, object]:
    series = clean.frame[name]
    values = series.drop_nulls()
    row: dict[str, object] = {
        "column": name,
        "role": clean.roles.get(name, "none"),
        "type": clean.types[name],
        "rows": len(series),
        "missing": series.null_count(),
        "unique": values.n_unique(),
        "example": as_text(values.head(1))[0] if len(values) else None,
    }
    if clean.types[name] == "numeric" and len(values):
        row |= {"mean": _digits(values.mean()), "minimum": values.min(), "maximum": values.max()}
        row["sd"] = _digits(values.std()) if len(values) > 1 else None
    return row


def _digits(value: object) -> float | None:
    """To 12 digits: the last bits of a sum may depend on how polars splits it, the first 12 digits do not."""
    return None if value is None else float(f"{value:.12g}")
