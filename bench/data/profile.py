"""What a clean table looks like, as small frames: a million rows draw as fast as a thousand."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.core import frames
from bench.core.task import Task
from bench.data.clean import Clean
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
    shown = clean.columns("feature") + (
        clean.columns("target") if task == "regression" else []
    )
    drawn, left_out = shown[:DRAWN], {"shapes": shown[DRAWN:]}
    numeric = [
        c
        for c in shown
        if clean.types[c] == "numeric" and frame[c].drop_nulls().n_unique() > 1
    ]
    left_out["correlations"] = numeric[CORRELATED:]
    classes = _classes(clean, task)
    split = (
        classes
        if classes is not None and len(classes.dtype.categories) <= CLASSES  # type: ignore[attr-defined]
        else None
    )
    summary = _columns(clean)
    rows = {
        "columns": summary,
        "histograms": [
            {"column": c} | row for c in drawn for row in _histogram(clean, c, split)
        ],
        "boxes": [
            {"column": c} | row
            for c in drawn
            if clean.types[c] == "numeric"
            for row in boxes(frame[c], split)
        ],
        "correlations": correlations(frame, numeric[:CORRELATED]),
        "classes": _counts(classes),
        "remarks": remarks(clean, task, summary, left_out),
    }
    made = {
        key: frames.of_rows(
            [{"dataset": name} | row for row in listed],
            frames.PROFILE[key],
            nulls=NULLS,
        )
        for key, listed in rows.items()
    }
    return made | {"duplicates": duplicates(name, clean)}


def _classes(clean: Clean, task: Task | None) -> pl.Series | None:
    return clean.frame[clean.columns("target")[0]] if task == "classification" else None


def _columns(clean: Clean) -> list[dict[str, object]]:
    return [_column(clean, name) for name in clean.frame.columns if name != "row"]


def _histogram(
    clean: Clean, column: str, classes: pl.Series | None
) -> list[dict[str, object]]:
    series = clean.frame[column]
    if clean.types[column] == "numeric":
        return histogram(series, classes)
    if clean.types[column] == "boolean":
        series = as_text(series)
    return bars(series, classes, ordered=clean.types[column] == "ordinal")


def _counts(classes: pl.Series | None) -> list[dict[str, object]]:
    if classes is None:
        return []
    return [
        {"class": label, "count": int((classes == label).sum())}
        for label in classes.dtype.categories  # type: ignore[attr-defined]
    ]


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
        row |= {
            "mean": _digits(values.mean()),
            "minimum": values.min(),
            "maximum": values.max(),
        }
        row["sd"] = _digits(values.std()) if len(values) > 1 else None
    return row


def _digits(value: object) -> float | None:
    """To 12 digits: the last bits of a sum may depend on how polars splits it, the first 12 digits do not."""
    return None if value is None else float(f"{value:.12g}")


#: Rows that are correlated at a time.
_BLOCK = 100_000


def correlations(frame: pl.DataFrame, columns: list[str]) -> list[dict[str, object]]:
    """Pearson correlations: both triangles and the diagonal, a row a pair; `r` over the rows in which both columns have
    a value, null when it is undefined. Order: average linkage on 1 - |r|, leaves ordered optimally."""
    if not columns:
        return []
    r = pearson(frame, columns)
    order = _order(r)
    return [
        {
            "i": i,
            "j": j,
            "a": columns[a],
            "b": columns[b],
            "r": None if np.isnan(r[a, b]) else float(r[a, b]),
        }
        for i, a in enumerate(order)
        for j, b in enumerate(order)
    ]


def pearson(frame: pl.DataFrame, columns: list[str]) -> np.ndarray:
    """(k, k) correlations over pairwise complete rows, NaN where undefined, to 10 decimals (so that the number of
    threads of the linear algebra does not show)."""
    k = len(columns)
    n, sums, squares, products = (np.zeros((k, k)) for _ in range(4))
    centre = np.array(
        [frame[c].mean() if frame[c].count() else 0.0 for c in columns], dtype=float
    )
    reach = np.array(
        [_reach(frame[c], m) for c, m in zip(columns, centre, strict=True)]
    )
    for start in range(0, frame.height, _BLOCK):
        part = frame.slice(start, _BLOCK).select(columns)
        x = np.column_stack(
            [part[c].fill_null(float("nan")).to_numpy() for c in columns]
        )
        there = ~np.isnan(x)
        z = np.where(there, (x - centre) / reach, 0.0)
        present = there.astype(float)
        n += present.T @ present
        sums += z.T @ present
        squares += (z * z).T @ present
        products += z.T @ z
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = squares - sums**2 / n
        r = (products - sums * sums.T / n) / np.sqrt(spread * spread.T)
        # A column that is constant in the shared rows leaves rounding noise where its spread should be 0.
        r[(spread <= 1e-12 * n) | (1e-12 * n >= spread.T)] = np.nan
    r = np.clip(np.round(r, 10), -1, 1)
    r[np.diag_indices(k)] = np.where(np.isnan(np.diag(r)), np.nan, 1.0)
    return r


def _reach(series: pl.Series, centre: float) -> float:
    """The largest distance from the mean: numbers are brought to [-1, 1], so that squares stay finite."""
    largest = (series - centre).abs().max()
    return float(largest) if largest else 1.0  # type: ignore[arg-type]


def _order(r: np.ndarray) -> list[int]:
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(r) < 3:
        return list(range(len(r)))
    distance = 1 - np.abs(np.nan_to_num(r, nan=0.0))
    np.fill_diagonal(distance, 0)
    tree = linkage(
        squareform((distance + distance.T) / 2, checks=False),
        "average",
        optimal_ordering=True,
    )
    return [int(i) for i in leaves_list(tree)]
