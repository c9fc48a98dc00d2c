"""`bench remove` and `bench rename`: a renamed study keeps its folds, and no fit is lost."""

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
  judge:
    cmd: python -P -m bench judge toy
"""


def write_lock(root: Path) -> None:
    write_pipeline(Project(root))
    (root / "pipeline" / "toy" / "dvc.lock").write_text(LOCK)


@pytest.mark.parametrize("flow", [False, True])
def test_a_renamed_study_fits_nothing_again(
    project: Callable[..., Path],
    toy: str,
    capsys: pytest.CaptureFixture[str],
    flow: bool,
) -> None:
    text = toy.replace("[roc_auc, log_loss]", "[]")
    if flow:
        block = text[text.index("protocol:") : text.index("families:")]
        text = text.replace(
            block,
            "protocol: {resampling: {kind: kfold, folds: 3}, tuning: {folds: 2}, seed: 0}\n",
        )
    root = project(toy=text, toy_two=text)
    write_lock(root)
    assert [main([stage, "toy"]) for stage in ("fetch", "clean", "run", "judge")] == [
        0
    ] * 4
    before = pl.read_parquet("results/toy/scores.parquet")
    assert main(["rename", "toy", "toy-two"]) == 2  # it exists
    assert main(["rename", "toy", "Toy"]) == 2
    assert main(["rename", "toy", "new"]) == 0
    assert YAML(typ="safe").load((root / "params.yaml").read_text())["studies"] == [
        "new",
        "toy-two",
    ]
    assert (
        YAML(typ="safe").load((root / "studies/new/study.yaml").read_text())[
            "protocol"
        ]["drawn_as"]
        == "toy"
    )
    assert (root / "pipeline/new/dvc.lock").read_text() == LOCK.partition("  judge")[
        0
    ].replace("toy", "new")
    assert "bench judge new" in (root / "pipeline/new/dvc.yaml").read_text()
    assert (
        not list(root.glob("*/toy")) and not (root / ".bench" / "log" / "toy").exists()
    )
    assert main(["show", "new"]) == 0  # the results are still its own
    capsys.readouterr()
    assert main(["why", "new", "--json"]) == 0
    why = json.loads(capsys.readouterr().out)
    assert (why["study"], why["stored"], why["groups"]) == ("new", why["cells"], [])
    assert [main([stage, "new"]) for stage in ("fetch", "clean", "run", "judge")] == [
        0
    ] * 4
    assert pl.read_parquet("results/new/scores.parquet").equals(before)
    capsys.readouterr()
    assert main(["log", "new", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["runs"]) == 2
    assert main(["check", "new"]) == 0
    assert main(["rename", "new", "newer"]) == 0
    assert (
        YAML(typ="safe").load((root / "studies/newer/study.yaml").read_text())[
            "protocol"
        ]["drawn_as"]
        == "toy"
    )


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


def test_a_protocol_that_takes_no_line_is_not_renamed(
    project: Callable[..., Path], toy: str
) -> None:
    """Folds come from the name: without it in the study they would be others."""
    root = project(toy=toy.replace("protocol:\n", '"protocol":\n'))
    assert main(["rename", "toy", "new"]) == 2
    assert (root / "studies" / "toy").is_dir() and "- toy" in (
        root / "params.yaml"
    ).read_text()


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
