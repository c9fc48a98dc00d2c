"""Tables that a function of the study draws: the same rows from the same seed, and trust by name alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench import Project
from bench.core.errors import DataError
from bench.data.clean import clean_table
from bench.data.table import read_table
from bench.project.trust import allow
from bench.study.models import DatasetSpec
from bench.text.problems import NotTrusted

CODE = """
import numpy as np


def halves(rng, rows, shift=1.0):
    y = rng.integers(0, 2, rows)
    return {"x": rng.normal(size=rows) + shift * y, "target": np.where(y == 0, "a", "b")}


def clock(rng, rows):
    return {"x": np.random.default_rng().normal(size=rows), "target": ["a"] * rows}


def short(rng, rows):
    return {"x": rng.normal(size=rows - 1), "target": ["a"] * (rows - 1)}


def taken(rng, rows):
    return {"draw": rng.normal(size=rows), "target": ["a"] * rows}


def broken(rng, rows):
    return 1 / 0
"""


def spec(**options: Any) -> DatasetSpec:
    source = {
        "kind": "generated",
        "file": "simulate.py",
        "function": "halves",
        "rows": 20,
    } | options
    return DatasetSpec.model_validate({"source": source, "target": "target"})


def read(folder: Path, **options: Any) -> pl.DataFrame:
    (folder / "simulate.py").write_text(options.pop("code", CODE))
    return read_table(spec(**options), folder, folder / "downloads")


def test_the_rows_follow_from_seed_draw_and_name(tmp_path: Path) -> None:
    one = read(tmp_path, draws=3)
    assert one.equals(read(tmp_path, draws=3))
    assert one.height == 60
    fewer = read(tmp_path, draws=2)
    assert one.filter(pl.col("draw") < 2).equals(fewer)
    assert not read(tmp_path, seed=1).equals(read(tmp_path, seed=2))
    x = one.partition_by("draw", include_key=False)
    assert not x[0].equals(x[1])


def test_parameters_and_test_rows(tmp_path: Path) -> None:
    far = read(tmp_path, parameters={"shift": 100.0}, test_rows=10)
    assert far["split"].to_list() == ["train"] * 20 + ["test"] * 10
    assert (far["x"] > 50).to_list() == (far["target"] == "b").to_list()
    done = clean_table("d", far, spec(), (), "classification")
    assert done.roles == {"x": "feature", "target": "target", "split": "split"}


#: Functions whose columns hang on chance or on the number of rows.
OTHER_TYPES = "def halves(rng, rows):\n    return {'x': [1 if rng.random() < 0.4 else 1.5] * rows}\n"
BY_ROWS = "def halves(rng, rows):\n    return {'x': [1 if rows > 25 else 1.5] * rows}\n"
OTHER_NAMES = "def halves(rng, rows):\n    return {'x' if rng.random() < 0.4 else 'y': [1] * rows}\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"function": "halvse"}, "there is no function halvse; did you mean halves?"),
        ({"function": "clock"}, "other rows from the same rng"),
        ({"function": "short"}, "asked for 20 rows and gave 19"),
        ({"function": "taken"}, "a column draw, which is bench's own"),
        ({"function": "broken"}, "broken: line 23: ZeroDivisionError"),
        ({"parameters": {"shfit": 1}}, "TypeError"),
        ({"code": "def halves(:\n"}, "line 1: SyntaxError"),
        ({"code": "import sys\nsys.exit(0)\n"}, "line 2: SystemExit"),
        (
            {"code": "def halves(rng, rows):\n    raise SystemExit(0)\n"},
            "halves: line 2: SystemExit",
        ),
        ({"code": OTHER_TYPES, "draws": 8}, "another call: x"),
        ({"code": BY_ROWS, "test_rows": 30}, "another call: x"),
        ({"code": OTHER_NAMES, "draws": 8}, "another call: "),
    ],
)
def test_mistakes_are_sentences(
    tmp_path: Path, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, **options)
    assert said in str(error.value)
    assert str(tmp_path) not in str(error.value)


@pytest.mark.parametrize(
    "file", ["../simulate.py", "data/simulate.py", "simulate.sh", "/tmp/s.py"]
)
def test_the_file_stands_in_the_folder_of_the_study(tmp_path: Path, file: str) -> None:
    from bench.study.noted import StudyError

    with pytest.raises(StudyError):
        read(tmp_path, file=file)


STUDY = """
title: Own simulation
task: classification
datasets:
  sim:
    source: {kind: generated, file: simulate.py, function: halves, rows: 40, draws: 3}
    target: target
clean: null
preprocess: null
protocol: {resampling: {kind: kfold, folds: 2}, tuning: null}
families: {baseline: {}, lda: {}}
metrics: {primary: accuracy}
diagnostics: {halves: null}
"""


def test_nothing_runs_before_params_yaml_trusts_the_file(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor before the user allowed it as it is. The check is made again whenever the study is used."""
    root = project(toy=STUDY)
    trace = root / "trace"
    code = CODE + f"\nopen({str(trace)!r}, 'w').close()\n"
    (root / "studies" / "toy" / "simulate.py").write_text(code)
    (draft,) = Project(root).check(["toy"])
    assert [(one.path, one.statement) for one in draft.problems] == [
        ("datasets.sim.source.file", NotTrusted("studies/toy/simulate.py"))
    ]
    with pytest.raises(Exception, match="not trusted"):
        Project(root).fetch("toy")
    assert not trace.exists()
    params = root / "params.yaml"
    trusted = params.read_text() + "\ntrusted: [studies/toy/simulate.py]\n"
    before = params.read_text()
    params.write_text(trusted)
    monkeypatch.setenv("XDG_STATE_HOME", str(root / "state"))
    with pytest.raises(Exception, match="bench trust studies/toy"):
        Project(root).fetch("toy")
    assert not trace.exists()
    assert allow(Project(root), "studies/toy/simulate.py") == 1
    result = Project(root).run("toy", progress=False)
    assert trace.exists()
    assert result.scores.filter(family="lda", side="test")["repeat"].n_unique() == 3
    params.write_text(before)
    with pytest.raises(Exception, match="not trusted"):
        Project(root).fetch("toy")
