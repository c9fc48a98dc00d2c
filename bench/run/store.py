"""Finished cells by content: a killed run repeats nothing, one more family fits only its own cells.

One SQLite file in WAL mode under `.bench/` (outside every DVC out, so that it survives `dvc repro -f`, checkout and
gc). A payload is Arrow IPC and JSON, never pickle; its sha256 is verified when it is read, and a damaged cell is set
aside and computed anew. Two runs at once write the same bytes under the same key. `BENCH_STORE=off` bypasses the
store.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import struct
from pathlib import Path

import polars as pl

from bench.errors import DataError
from bench.run.evaluate import CellResult

FILE = Path(".bench") / "cells.sqlite"


def packed(result: CellResult) -> bytes:
    """A result as bytes: a JSON head, then the two frames as Arrow IPC, each with its length before it."""
    head = json.dumps({"warnings": result.warnings, "fits": result.fits}).encode()
    parts = [head]
    for frame in (result.predictions, result.tuning):
        buffer = io.BytesIO()
        frame.write_ipc(buffer, compression="zstd")
        parts.append(buffer.getvalue())
    return b"".join(struct.pack("<q", len(part)) + part for part in parts)


def unpacked(content: bytes) -> CellResult:
    """The result behind `packed`."""
    parts, at = [], 0
    while at < len(content):
        (length,) = struct.unpack_from("<q", content, at)
        parts.append(content[at + 8 : at + 8 + length])
        at += 8 + length
    head = json.loads(parts[0])
    predictions, tuning = (pl.read_ipc(io.BytesIO(part)) for part in parts[1:])
    return CellResult(predictions, tuning, tuple(head["warnings"]), int(head["fits"]))


def warnings_of(content: bytes) -> tuple[str, ...]:
    """The warnings of a packed result, without reading its frames."""
    (length,) = struct.unpack_from("<q", content, 0)
    return tuple(json.loads(content[8 : 8 + length])["warnings"])


class Store:
    """Results of cells by key, as packed bytes. A context manager; `path` None (or BENCH_STORE=off) keeps nothing."""

    def __init__(self, path: Path | None = FILE) -> None:
        self._database = None if path is None or os.environ.get("BENCH_STORE", "").lower() == "off" else _opened(path)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        if self._database is not None:
            self._database.close()

    def get(self, key: str) -> bytes | None:
        """The bytes under a key, or None when there are none or they are damaged (then they are set aside)."""
        if self._database is None:
            return None
        found = self._database.execute("select sha256, content from cells where key = ?", (key,)).fetchone()
        if found is None:
            return None
        if hashlib.sha256(found[1]).hexdigest() == found[0]:
            return bytes(found[1])
        with self._database:
            self._database.execute("insert or replace into damaged select * from cells where key = ?", (key,))
            self._database.execute("delete from cells where key = ?", (key,))
        return None

    def put(self, key: str, content: bytes, names: dict[str, object], seconds: float) -> None:
        """Keep a finished cell; durable when this returns. Raises `DataError` when the disk is full or read-only."""
        if self._database is None:
            return
        row = (key, hashlib.sha256(content).hexdigest(), content, str(names["dataset"]), str(names["family"]), seconds)
        try:
            with self._database:
                self._database.execute("insert or replace into cells values (?, ?, ?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            raise DataError(
                f"{FILE}: a finished cell cannot be kept ({error}); cells kept before are untouched"
            ) from error

    def seconds(self) -> dict[tuple[str, str], float]:
        """The mean seconds of a cell by dataset and family, as far as remembered: for estimates, never for results."""
        if self._database is None:
            return {}
        rows = self._database.execute("select dataset, family, avg(seconds) from cells group by dataset, family")
        return {(dataset, family): mean for dataset, family, mean in rows}


def _opened(path: Path) -> sqlite3.Connection:
    columns = "key text primary key, sha256 text, content blob, dataset text, family text, seconds real"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, timeout=60)
        database.execute("pragma journal_mode = wal")
        database.execute("pragma synchronous = normal")
        with database:
            for table in ("cells", "damaged"):
                database.execute(f"create table if not exists {table} ({columns})")
    except sqlite3.DatabaseError as error:
        raise DataError(
            f"{path}: the cell store cannot be opened ({error}); delete the file or set BENCH_STORE=off"
        ) from error
    return database
