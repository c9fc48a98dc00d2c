"""Finished cells by content: a killed run repeats nothing, one more family fits only its own cells.

One SQLite file in WAL mode under `.bench/` (outside every DVC out, so that it survives `dvc repro -f`, checkout and
gc). A payload is arrays and JSON, never pickle; its sha256 is verified when it is read, and a damaged cell is set
aside and computed anew. Two runs at once write the same bytes under the same key. `BENCH_STORE=off` keeps results for
this run only, in memory.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from bench.errors import DataError
from bench.run.cells import Cell

FILE = Path(".bench") / "cells.sqlite"


class Store:
    """Results of cells by key, as packed bytes. A context manager."""

    def __init__(self, path: Path = FILE) -> None:
        self._database = _opened(None if os.environ.get("BENCH_STORE", "").lower() == "off" else path)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def known(self, keys: Iterable[str]) -> set[str]:
        """The keys whose results are here and undamaged."""
        return {key for key in keys if self.get(key) is not None}

    def get(self, key: str) -> bytes | None:
        """The bytes under a key, or None when there are none or they are damaged (then they are set aside)."""
        found = self._database.execute("select sha256, content from cells where key = ?", (key,)).fetchone()
        if found is None:
            return None
        if hashlib.sha256(found[1]).hexdigest() == found[0]:
            return bytes(found[1])
        with self._database:
            self._database.execute("insert or replace into damaged select * from cells where key = ?", (key,))
            self._database.execute("delete from cells where key = ?", (key,))
        return None

    def put(self, cell: Cell, content: bytes, seconds: float, peak: int) -> None:
        """Keep a finished cell; durable when this returns. Raises `DataError` when the disk is full or read-only."""
        plan = cell.plan
        row = (cell.key, hashlib.sha256(content).hexdigest(), content, plan.dataset, plan.family, seconds)
        try:
            with self._database:
                self._database.execute("insert or replace into cells values (?, ?, ?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            raise DataError(
                f"{FILE}: a finished cell cannot be kept ({error}); cells kept before are untouched"
            ) from error

    def seconds(self) -> dict[tuple[str, str], float]:
        """The mean seconds of a cell by dataset and family, as far as remembered: for estimates, never for results."""
        rows = self._database.execute("select dataset, family, avg(seconds) from cells group by dataset, family")
        return {(dataset, family): mean for dataset, family, mean in rows}


def _opened(path: Path | None) -> sqlite3.Connection:
    columns = "key text primary key, sha256 text, content blob, dataset text, family text, seconds real"
    try:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(":memory:" if path is None else path, timeout=60)
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
