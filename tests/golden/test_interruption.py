"""A run that is killed loses only the cells in flight; one that is interrupted says so; its children are gone."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from bench.cli.app import main

SLOW = """
title: Slow enough to be killed
task: classification
datasets:
  toy: {source: {kind: synthetic, name: twonorm, rows: 200, seed: 1}, target: target}
clean: null
preprocess: null
protocol: {resampling: {kind: kfold, folds: 10, repeats: 3}, tuning: null, seed: 0}
families:
  forest: {family: random_forest, n_estimators: 150}
metrics: {primary: accuracy}
diagnostics: null
"""


def cells(root: Path) -> int:
    path = root / ".bench" / "cells.sqlite"
    if not path.exists():
        return 0
    try:
        with sqlite3.connect(path) as database:
            return int(database.execute("select count(*) from cells").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def started(root: Path) -> subprocess.Popen[bytes]:
    """`bench run toy` in a process group of its own, once its first cells are kept."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench", "run", "toy"], cwd=root, start_new_session=True, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while cells(root) < 3:
        assert process.poll() is None, process.stderr.read().decode() if process.stderr else ""
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


def alive(session: int) -> list[int]:
    """The processes of a session that are no zombies."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(entry.name))
    return found


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_run_goes_on_where_it_was(sign: signal.Signals, project: Callable[..., Path]) -> None:
    root = project(toy=SLOW)
    assert main(["fetch", "toy"]) == main(["clean", "toy"]) == 0
    process = started(root)
    os.kill(process.pid, sign)
    code = process.wait(timeout=30)
    assert code == (-9 if sign == signal.SIGKILL else 130)
    deadline = time.monotonic() + 5
    while alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert alive(process.pid) == []
    kept = cells(root)
    assert 3 <= kept < 30
    with sqlite3.connect(root / ".bench" / "cells.sqlite") as database:
        first = dict(database.execute("select key, seconds from cells").fetchall())
    assert main(["run", "toy"]) == 0
    with sqlite3.connect(root / ".bench" / "cells.sqlite") as database:
        after = dict(database.execute("select key, seconds from cells").fetchall())
    assert len(after) == 30
    assert {key: after[key] for key in first} == first, "a finished cell was computed again"
    whole = (root / "results" / "toy" / "predictions.parquet").read_bytes()
    (root / ".bench" / "cells.sqlite").unlink()
    assert main(["run", "toy"]) == 0
    assert (root / "results" / "toy" / "predictions.parquet").read_bytes() == whole


def test_a_worker_that_dies_costs_its_cell_alone(
    project: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code from elsewhere that kills its own process in one fold."""
    package = tmp_path / "elsewhere" / "mortal.py"
    package.parent.mkdir()
    package.write_text(
        "import os\n"
        "from sklearn.neighbors import KNeighborsClassifier\n"
        "class Mortal(KNeighborsClassifier):\n"
        "    def fit(self, X, y):\n"
        "        if len(X) == 14:\n"
        "            os.kill(os.getpid(), 9)\n"
        "        return super().fit(X, y)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    monkeypatch.syspath_prepend(str(package.parent))
    text = SLOW.replace("rows: 200", "rows: 21").replace("folds: 10, repeats: 3", "folds: 3")
    text = text.replace("{kind: kfold, folds: 3}", "{kind: given_folds, column: part}")
    text = text.replace(
        "forest: {family: random_forest, n_estimators: 150}", "mortal: {estimator: mortal.Mortal}\n  lda: {}"
    )
    text = text.replace("{kind: synthetic, name: twonorm, rows: 200, seed: 1}", "{kind: csv, file: data/t.csv}")
    text = text.replace("{kind: synthetic, name: twonorm, rows: 21, seed: 1}", "{kind: csv, file: data/t.csv}")
    root = project(toy=text)
    (root / "params.yaml").write_text("studies: [toy]\nexecution: {workers: 2}\ntrusted: [mortal]\n")
    data = root / "studies" / "toy" / "data"
    data.mkdir()
    rows = ["x,part,target"] + [
        f"{i % 5}.{i},{'abb'[i % 3] if i < 18 else 'c'},{'no' if i % 2 else 'yes'}" for i in range(26)
    ]
    (data / "t.csv").write_text("\n".join(rows) + "\n")
    assert main(["fetch", "toy"]) == main(["clean", "toy"]) == 0
    assert main(["run", "toy"]) == 4
    failures = pl.read_parquet(root / "results" / "toy" / "failures.parquet")
    assert failures.select("family", "status").rows() == [("mortal", "crash")]
    assert "signal 9" in failures["reason"][0]
    done = pl.read_parquet(root / "results" / "toy" / "predictions.parquet").filter(pl.col("side") == "test")
    assert done.filter(pl.col("family") == "lda").height == 26
