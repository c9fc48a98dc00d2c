"""The cell store: what goes in comes out, damage is noticed, off means off."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bench.errors import DataError
from bench.frames import CLASSIFICATION, TUNING, of_rows
from bench.run.evaluate import CellResult
from bench.run.store import Store, packed, unpacked

NAMES = {"dataset": "d", "family": "f", "variant": "plain", "repeat": 0, "fold": 0}
RESULT = CellResult(
    of_rows([NAMES | {"side": "test", "row": 3, "truth": "a", "label": "b", "p": [0.25, 0.75]}], CLASSIFICATION),
    of_rows(
        [NAMES | {"candidate": 0, "parameters": "{}", "inner_fold": 0, "metric": "accuracy", "value": 0.5}], TUNING
    ),
    ("ConvergenceWarning: too few steps",),
    7,
)


def test_packed_results_come_out_as_they_were() -> None:
    out = unpacked(packed(RESULT))
    assert out.predictions.equals(RESULT.predictions)
    assert out.tuning.equals(RESULT.tuning)
    assert (out.warnings, out.fits) == (RESULT.warnings, RESULT.fits)
    assert packed(out) == packed(RESULT)


def test_a_cell_is_kept_across_openings(tmp_path: Path) -> None:
    with Store(tmp_path / "cells.sqlite") as store:
        assert store.get("k") is None
        store.put("k", packed(RESULT), NAMES, 1.5)
    with Store(tmp_path / "cells.sqlite") as store:
        assert store.get("k") == packed(RESULT)
        assert store.seconds() == {("d", "f"): 1.5}


def test_a_damaged_cell_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "cells.sqlite"
    with Store(path) as store:
        store.put("k", packed(RESULT), NAMES, 1.0)
    with sqlite3.connect(path) as database:
        database.execute("update cells set content = ?", (packed(RESULT)[:-1] + b"\x00",))
    with Store(path) as store:
        assert store.get("k") is None
        store.put("k", packed(RESULT), NAMES, 1.0)
        assert store.get("k") == packed(RESULT)
    assert sqlite3.connect(path).execute("select count(*) from damaged").fetchone() == (1,)


def test_two_stores_at_once_converge(tmp_path: Path) -> None:
    with Store(tmp_path / "cells.sqlite") as one, Store(tmp_path / "cells.sqlite") as two:
        one.put("k", b"x", NAMES, 1.0)
        two.put("k", b"x", NAMES, 1.0)
        assert one.get("k") == two.get("k") == b"x"


def test_off_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCH_STORE", "off")
    with Store(tmp_path / "cells.sqlite") as store:
        store.put("k", b"x", NAMES, 1.0)
        assert store.get("k") is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "cells.sqlite").write_text("not a database, but long enough to be looked at as one " * 20)
    with pytest.raises(DataError, match="BENCH_STORE=off"):
        Store(tmp_path / "cells.sqlite")
