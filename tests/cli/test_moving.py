"""`bench remove` and `bench rename`: files move with their study, and a renamed one is fitted anew."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML

from bench.cli.app import main
from bench.project.dvc import write_pipeline
from bench.project.project import Project

pytestmark = pytest.mark.long

LOCK = """schema: '2.0'
stages:
  clean:
    cmd: python -P -m bench clean toy
    deps:
    - path: data/toy/raw
  run:
    cmd: python -P -m bench run toy
"""


def write_lock(root: Path) -> None:
    write_pipeline(Project(root))
    (root / "pipeline" / "toy" / "dvc.lock").write_text(LOCK)


def test_a_renamed_study_keeps_its_data_and_is_fitted_anew(
    project: Callable[..., Path], toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = toy.replace("[roc_auc, log_loss]", "[]")
    root = project(toy=text, toy_two=text)
    write_lock(root)
    stages = ("fetch", "clean", "run", "judge")
    assert [main([stage, "toy"]) for stage in stages] == [0] * 4
    table = (root / "data/toy/clean/toy.parquet").read_bytes()
    before = pl.read_parquet("results/toy/folds.parquet")
    assert main(["rename", "toy", "toy-two"]) == 2  # it exists
    assert main(["rename", "toy", "Toy"]) == 2
    assert main(["rename", "toy", "new"]) == 0
    params = YAML(typ="safe").load((root / "params.yaml").read_text())
    assert params["studies"] == ["new", "toy-two"]
    assert (root / "studies/new/study.yaml").read_text() == text
    kept = LOCK.partition("  run")[0].replace("toy", "new")
    assert (root / "pipeline/new/dvc.lock").read_text() == kept
    assert "bench judge new" in (root / "pipeline/new/dvc.yaml").read_text()
    assert not list(root.glob("*/toy"))
    assert not (root / ".bench" / "log" / "toy").exists()
    assert (root / "data/new/clean/toy.parquet").read_bytes() == table
    capsys.readouterr()
    assert main(["why", "new", "--json"]) == 0
    why = json.loads(capsys.readouterr().out)
    assert (why["study"], why["stored"]) == ("new", 0)
    assert main(["judge", "new"]) != 0  # what is stored was fitted under another name
    assert [main([stage, "new"]) for stage in stages] == [0] * 4
    assert not pl.read_parquet("results/new/folds.parquet").equals(before)
    capsys.readouterr()
    assert main(["log", "new", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["runs"]) == 2


@pytest.mark.parametrize(
    ("params", "left"),
    [
        (
            "studies:\n  - toy  # this\n  - toy-two\nslow: []\n",
            {"studies": ["toy-two"], "slow": []},
        ),
        (
            "studies:\n  - toy-two\n# kept\nslow:\n  - toy\n",
            {"studies": ["toy-two"], "slow": []},
        ),
        ("studies: [toy-two, toy]\n", {"studies": ["toy-two"]}),
        ("studies: [toy, toy-two]\n", {"studies": ["toy-two"]}),
        (
            "studies: [toy-two, my-toy, toy]\ntrusted: [toy]\n",
            {"studies": ["toy-two", "my-toy"], "trusted": ["toy"]},
        ),
        (
            "studies: ['toy', \"toy-two\"]\nslow:\n  - toy\nexecution: {workers: 2}\n",
            {"studies": ["toy-two"], "slow": [], "execution": {"workers": 2}},
        ),
        (
            "studies:\n  # first\n  - toy\n  # second\n  - toy-two\ntrusted:\n  - toy\n",
            {"studies": ["toy-two"], "trusted": ["toy"]},
        ),
        ("studies: [\n  toy-two,\n  toy,\n]\n", {"studies": ["toy-two"]}),
    ],
)
def test_a_removed_study_leaves_nothing(
    project: Callable[..., Path], toy: str, params: str, left: dict[str, list[str]]
) -> None:
    root = project(toy=toy, toy_two=toy)
    (root / "params.yaml").write_text(params)
    write_lock(root)
    if "my-toy" in params:
        shutil.copytree(root / "studies" / "toy", root / "studies" / "my-toy")
    assert main(["fetch", "toy"]) == 0
    assert main(["remove", "toy"]) == 2  # nobody agreed
    assert (root / "studies" / "toy").exists()
    assert main(["remove", "toy", "--yes"]) == 0
    assert YAML(typ="safe").load((root / "params.yaml").read_text()) == left
    assert "# kept" not in params or "# kept" in (root / "params.yaml").read_text()
    assert not list(root.glob("*/toy")) and (root / "studies" / "toy-two").exists()
    assert main(["remove", "toy", "--yes"]) == 2


def test_a_name_of_one_letter_renames_no_ending(
    project: Callable[..., Path], toy: str
) -> None:
    """`s` stands in `s.json` twice."""
    root = project(toy=toy)
    (root / "params.yaml").write_text(
        "studies: [toy]\nslow: [s-two, s]\n# s\ntrusted: [s]\n"
    )
    shutil.copytree(root / "studies" / "toy", root / "studies" / "s")
    shutil.copytree(root / "studies" / "toy", root / "studies" / "s-two")
    (root / "summaries").mkdir()
    (root / "summaries" / "s.json").write_text("{}")
    assert main(["rename", "s", "new"]) == 0
    assert [path.name for path in (root / "summaries").iterdir()] == ["new.json"]
    assert (
        root / "params.yaml"
    ).read_text() == "studies: [toy]\nslow: [s-two, new]\n# s\ntrusted: [s]\n"


@pytest.mark.parametrize(
    "new", ["new\n", "../new", "", "con", "New", "a b", "x" * 65, "-new", "toy"]
)
def test_what_is_no_id_renames_nothing(
    project: Callable[..., Path], toy: str, new: str
) -> None:
    root = project(toy=toy)
    assert (
        main(
            ["rename", "toy", "--", new]
            if new.startswith("-")
            else ["rename", "toy", new]
        )
        == 2
    )
    assert [path.name for path in (root / "studies").iterdir()] == ["toy"]


def test_links_that_leave_the_project_are_not_followed(
    project: Callable[..., Path], toy: str, tmp_path: Path
) -> None:
    root = project(toy=toy)
    for folder in ("results", "summaries", ".bench", "studies/toy/data"):
        elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere" / folder
        for part in ("toy", "log/toy"):
            (elsewhere / part).mkdir(parents=True)
            (elsewhere / part / "precious").write_text("")
        (elsewhere / "toy.json").write_text("{}")
        (root / folder).symlink_to(elsewhere)
        code = main(["remove", "toy", "--yes"])
        inside = folder.startswith(
            "studies"
        )  # a link within the study goes, and what it leads to stays
        assert code == (0 if inside else 3)
        assert (
            len(list(elsewhere.rglob("precious"))) == 2
            and (elsewhere / "toy.json").is_file()
        )
        assert (root / "studies" / "toy").exists() != inside
        if not inside:
            assert main(["rename", "toy", "new"]) == 3
            assert (root / "studies" / "toy").is_dir() and not (
                root / "studies" / "new"
            ).exists()
            (root / folder).unlink()
