"""A project with a small table and estimators that go wrong, run as a user runs it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import psutil
import pytest

from bench.cli.app import main

HERE = Path(__file__).parents[1] / "packages"
#: Whether the long form of tests is run (`make fuzz`).
LONG = bool(os.environ.get("BENCH_FUZZ"))

#: 26 rows in folds a, b, c of 6, 12 and 8 rows: the training rows 20, 14 and 18 tell the fold.
TABLE = "x,z,part,target\n" + "".join(
    f"{i % 5}.{i},{(i * 7) % 11},{'abb'[i % 3] if i < 18 else 'c'},{'yes' if i * 7 % 5 < 2 else 'no'}\n"
    for i in range(26)
)
STUDY = """
title: Faults
task: classification
datasets:
  t: {{source: {{kind: csv, file: data/t.csv}}, target: target}}
clean: null
preprocess: null
protocol: {{resampling: {{kind: given_folds, column: part}}, tuning: null, seed: 0}}
families:
{families}
metrics: {{primary: accuracy}}
diagnostics: {{halves: null}}
"""


@dataclass
class Ran:
    """What a run left: exit code, failures as rows, predictions; and how to look at them."""

    root: Path
    code: int

    @property
    def failures(self) -> list[dict[str, Any]]:
        return pl.read_parquet(
            self.root / "results" / "toy" / "failures.parquet"
        ).to_dicts()

    @property
    def predictions(self) -> pl.DataFrame:
        """The families' own; what stands in for failed cells has a variant of its own."""
        frame = pl.read_parquet(self.root / "results" / "toy" / "predictions.parquet")
        return frame.filter(pl.col("variant") == "plain")

    def told(self, *columns: str) -> set[tuple[Any, ...]]:
        return {tuple(row[column] for column in columns) for row in self.failures}

    def tested(self, family: str) -> int:
        """How many test rows a family predicted."""
        return self.predictions.filter(
            pl.col("family") == family, pl.col("side") == "test"
        ).height


@pytest.fixture
def make(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Path]:
    """`make(families, execution)` writes a project up to its clean table, and steps into it."""
    (tmp_path / "notes").mkdir()
    monkeypatch.setenv("FAULTY_NOTES", str(tmp_path / "notes"))
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    )

    def written(
        families: dict[str, str],
        execution: str = "",
        study: str = STUDY,
        table: str = TABLE,
    ) -> Path:
        lines = "\n".join(f"  {name}: {{{spec}}}" for name, spec in families.items())
        root = project(toy=study.format(families=lines))
        extra = f", {execution}" if execution else ""
        (root / "params.yaml").write_text(
            f"studies: [toy]\nexecution: {{workers: 2{extra}}}\ntrusted: [faulty]\n"
        )
        (root / "studies" / "toy" / "data").mkdir(exist_ok=True)
        (root / "studies" / "toy" / "data" / "t.csv").write_text(table)
        assert main(["fetch", "toy"]) == main(["clean", "toy"]) == 0
        return root

    return written


@pytest.fixture
def ran(make: Callable[..., Path]) -> Callable[..., Ran]:
    """`ran(families, execution)` makes a project and runs it. A healthy family, lda, is always there."""

    def run(families: dict[str, str], execution: str = "", **more: str) -> Ran:
        root = make(families | {"lda": ""}, execution, **more)
        result = Ran(root, main(["run", "toy"]))
        assert result.tested("lda") == 26, "the healthy family is untouched"
        assert {
            row["family"] for row in result.failures if row["status"] != "warning"
        } <= set(families)
        return result

    return run


def faulty(name: str) -> str:
    """A family's entry in the study."""
    return f"estimator: faulty.{name}"


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
