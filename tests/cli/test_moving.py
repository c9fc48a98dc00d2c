"""`bench remove` and `bench rename`: a renamed study keeps its folds, and no fit is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML

from bench.cli.app import main
from bench.project.dvc import write_pipeline
from bench.project.project import Project

LOCK = """schema: '2.0'
stages:
  clean:
    cmd: python -m bench clean toy
    deps:
    - path: data/toy/raw
  judge:
    cmd: python -m bench judge toy
"""


def write_lock(root: Path) -> None:
    write_pipeline(Project(root))
    (root / "pipeline" / "toy" / "dvc.lock").write_text(LOCK)


@pytest.mark.parametrize("flow", [False, True])
def test_a_renamed_study_fits_nothing_again(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str], flow: bool
) -> None:
    text = toy.replace("[roc_auc, log_loss]", "[]")
    if flow:
        block = text[text.index("protocol:") : text.index("families:")]
        text = text.replace(block, "protocol: {resampling: {kind: kfold, folds: 3}, tuning: {folds: 2}, seed: 0}\n")
    root = project(toy=text, toy_two=text)
    write_lock(root)
    assert [main([stage, "toy"]) for stage in ("fetch", "clean", "run", "judge")] == [0] * 4
    before = pl.read_parquet("results/toy/scores.parquet")
    assert main(["rename", "toy", "toy-two"]) == 2  # it exists
    assert main(["rename", "toy", "Toy"]) == 2
    assert main(["rename", "toy", "new"]) == 0
    assert YAML(typ="safe").load((root / "params.yaml").read_text())["studies"] == ["new", "toy-two"]
    assert YAML(typ="safe").load((root / "studies/new/study.yaml").read_text())["protocol"]["drawn_as"] == "toy"
    assert (root / "pipeline/new/dvc.lock").read_text() == LOCK.partition("  judge")[0].replace("toy", "new")
    assert "bench judge new" in (root / "pipeline/new/dvc.yaml").read_text()
    assert not list(root.glob("*/toy")) and not (root / ".bench" / "log" / "toy").exists()
    assert main(["show", "new"]) == 0  # the results are still its own
    capsys.readouterr()
    assert main(["why", "new", "--json"]) == 0
    why = json.loads(capsys.readouterr().out)
    assert (why["study"], why["stored"], why["groups"]) == ("new", why["cells"], [])
    assert [main([stage, "new"]) for stage in ("fetch", "clean", "run", "judge")] == [0] * 4
    assert pl.read_parquet("results/new/scores.parquet").equals(before)
    capsys.readouterr()
    assert main(["log", "new", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["runs"]) == 2
    assert main(["check", "new"]) == 0
    assert main(["rename", "new", "newer"]) == 0
    assert YAML(typ="safe").load((root / "studies/newer/study.yaml").read_text())["protocol"]["drawn_as"] == "toy"


@pytest.mark.parametrize(
    ("params", "left"),
    [
        ("studies:\n  - toy  # this\n  - toy-two\nslow: []\n", {"studies": ["toy-two"], "slow": []}),
        ("studies:\n  - toy-two\n# kept\nslow:\n  - toy\n", {"studies": ["toy-two"], "slow": []}),
        ("studies: [toy-two, toy]\n", {"studies": ["toy-two"]}),
        ("studies: [toy, toy-two]\n", {"studies": ["toy-two"]}),
    ],
)
def test_a_removed_study_leaves_nothing(
    project: Callable[..., Path], toy: str, params: str, left: dict[str, list[str]]
) -> None:
    root = project(toy=toy, toy_two=toy)
    (root / "params.yaml").write_text(params)
    write_lock(root)
    assert main(["fetch", "toy"]) == 0
    assert main(["remove", "toy"]) == 2  # nobody agreed
    assert (root / "studies" / "toy").exists()
    assert main(["remove", "toy", "--yes"]) == 0
    assert YAML(typ="safe").load((root / "params.yaml").read_text()) == left
    assert "# kept" not in params or "# kept" in (root / "params.yaml").read_text()
    assert not list(root.glob("*/toy")) and (root / "studies" / "toy-two").exists()
    assert main(["remove", "toy", "--yes"]) == 2
