"""Clean tables on disk, and from there to the arrays that are fitted.

A folder holds `<dataset>.parquet` each, `tables.parquet`, `cleaning.parquet`, and `roles.json`: per dataset the roles
and kinds of its columns, the task and the positive class. The same tables give the same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.core import frames
from bench.core.errors import DataError, nearest
from bench.core.task import Task
from bench.data.clean import Clean, fingerprint
from bench.data.dataset import Column, Dataset

_ROLES = "roles.json"


def write_clean(folder: Path, cleans: list[Clean]) -> None:
    """Write the clean tables of one study, each file whole or not at all. Raises `DataError` when it cannot."""
    about = {}
    for clean in cleans:
        name = str(clean.table["dataset"][0])
        frames.write(clean.frame, folder / f"{name}.parquet")
        about[name] = {"roles": clean.roles, "types": clean.types}
    frames.write(
        pl.concat([clean.table for clean in cleans]),
        folder / "tables.parquet",
        frames.TABLES,
    )
    frames.write(
        pl.concat([clean.log for clean in cleans]),
        folder / "cleaning.parquet",
        frames.CLEANING,
    )
    text = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
    frames.write_bytes(folder / _ROLES, text.encode())


def read_clean(folder: Path, name: str) -> pl.DataFrame:
    """One clean table as it was written: `row` and typed columns. Raises `DataError` when it is absent or damaged."""
    return frames.read(folder / f"{name}.parquet")


def read_dataset(folder: Path, name: str, task: Task | None) -> Dataset:
    """One clean table as arrays, its fingerprint computed anew.

    Raises `DataError` when the files are absent, or when the content is not the one that was cleaned.
    """
    frame, about, table = (
        read_clean(folder, name),
        _about(folder, name),
        _table(folder, name),
    )
    roles, types = about["roles"], about["types"]
    actual = fingerprint(frame, roles, types, task, table["positive"])
    if actual != table["fingerprint"]:
        raise DataError(
            f"{folder / name}.parquet: its content has the fingerprint {actual[:12]}, recorded is"
            f" {table['fingerprint'][:12]}; it was changed after cleaning: run `dvc repro` to make it anew"
        )
    if task is None:
        raise DataError(
            f"dataset {name}: is a table of scores; there is nothing to fit"
        )
    features = [c for c, role in roles.items() if role == "feature"]
    columns = tuple(Column(c, types[c], _categories(frame[c])) for c in features)
    target = next(c for c, role in roles.items() if role == "target")
    return Dataset(
        name=name,
        task=task,
        columns=columns,
        X=_matrix(frame, features),
        y=_codes(frame[target])
        if task == "classification"
        else frame[target].to_numpy().astype(np.float64),
        row=frame["row"].to_numpy().astype(np.int64),
        fingerprint=actual,
        classes=tuple(table["classes"]),
        positive=table["positive"],
        extra=(extra := _extra(frame, roles)),
        group=next((extra[c] for c, role in roles.items() if role == "group"), None),
        time=next((extra[c] for c, role in roles.items() if role == "time"), None),
        draw=next(
            (
                frame[c].to_numpy().astype(np.int64)
                for c, r in roles.items()
                if r == "draw"
            ),
            None,
        ),
    )


def _about(folder: Path, name: str) -> dict[str, Any]:
    try:
        about = json.loads((folder / _ROLES).read_text(encoding="utf-8"))
        return dict(about[name])
    except KeyError:
        raise DataError(
            f"{folder / _ROLES}: there is no dataset {name}; {nearest(name, about)}"
        ) from None
    except (OSError, ValueError) as error:
        raise DataError(
            f"{folder / _ROLES}: cannot be read ({error}); run `dvc repro` to make it"
        ) from None


def _table(folder: Path, name: str) -> dict[str, Any]:
    tables = frames.read(folder / "tables.parquet", frames.TABLES)
    found = tables.filter(pl.col("dataset") == name)
    if not found.height:
        raise DataError(
            f"{folder / 'tables.parquet'}: there is no dataset {name}; {nearest(name, tables['dataset'])}"
        )
    return found.row(0, named=True)


def _categories(series: pl.Series) -> tuple[str, ...]:
    return tuple(series.dtype.categories) if isinstance(series.dtype, pl.Enum) else ()


def _matrix(frame: pl.DataFrame, features: list[str]) -> np.ndarray:
    """(n, p) float64 in C order: codes of categories, 0 and 1 of booleans, NaN for missing."""
    x = np.empty((frame.height, len(features)), dtype=np.float64)
    for j, name in enumerate(features):
        series = frame[name]
        codes = series.to_physical() if isinstance(series.dtype, pl.Enum) else series
        x[:, j] = codes.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return x


def _codes(series: pl.Series) -> np.ndarray:
    return series.to_physical().to_numpy().astype(np.int64)


def _extra(frame: pl.DataFrame, roles: dict[str, str]) -> dict[str, np.ndarray]:
    """Columns that are no features, by name; an ordinal time as ordered codes."""
    extra: dict[str, np.ndarray] = {}
    for name, role in roles.items():
        if role in ("feature", "target", "draw"):
            continue
        ordered = role == "time" and isinstance(frame.schema[name], pl.Enum)
        extra[name] = _codes(frame[name]) if ordered else _plain(frame[name])
    return extra


def _plain(series: pl.Series) -> np.ndarray:
    """Numbers as float64, dates as int64 (days, or microseconds with a time of day), all else as text ("" missing)."""
    if series.dtype == pl.Float64:
        return series.fill_null(float("nan")).to_numpy()
    if series.dtype.is_temporal():
        return (
            series.to_physical()
            .fill_null(np.iinfo(np.int32).min)
            .to_numpy()
            .astype(np.int64)
        )
    return np.array(series.cast(pl.String).fill_null("").to_list(), dtype=np.str_)
