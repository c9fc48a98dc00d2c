"""What the tests of this room share: short ways to write a table and to clean it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.data.clean import Clean, clean_table
from bench.data.table import read_table
from bench.study.models import DatasetSpec


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., pl.DataFrame]:
    """`read(kind="csv", ...)` reads from a study's folder; `text=` or `raw=` is first written to data.csv."""

    def _read(text: str | None = None, raw: bytes | None = None, **source: Any) -> pl.DataFrame:
        folder = tmp_path / "study"
        folder.mkdir(exist_ok=True)
        if text is not None or raw is not None:
            (folder / "data.csv").write_bytes(raw if raw is not None else str(text).encode())
            source = {"kind": "csv", "file": "data.csv"} | source
        spec = DatasetSpec.model_validate({"source": source, "target": "last"})
        return read_table(spec, folder, tmp_path / "downloads")

    return _read


@pytest.fixture
def clean() -> Callable[..., Clean]:
    """`clean(raw, steps, task=..., split_columns=..., **spec)` cleans a frame or a dict of columns."""

    def _clean(
        raw: Any,
        steps: tuple[Any, ...] = (),
        task: Any = "classification",
        split_columns: tuple[str, ...] = (),
        **spec: Any,
    ) -> Clean:
        source = spec.pop("source", {"kind": "csv", "file": "data.csv"})
        if "scores" not in spec:
            spec.setdefault("target", "last")
        made = DatasetSpec.model_validate({"source": source, **spec})
        frame = raw if isinstance(raw, pl.DataFrame) else pl.DataFrame(raw)
        return clean_table("toy", frame, made, steps, task, split_columns=split_columns)

    return _clean
