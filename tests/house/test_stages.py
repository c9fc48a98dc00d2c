"""The pipeline files are those that `bench init` writes; params.yaml lists the studies that are there."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bench.core.identity import STAGES
from bench.project.dvc import List, dvc_text
from bench.project.pipeline import JUDGE_FRAMES, RUN_FRAMES, STAGES_IN_ORDER

ROOT = Path(__file__).parents[2]
PARAMS = YAML(typ="safe", pure=True).load((ROOT / "params.yaml").read_text())


def stages(studies: List) -> dict[str, dict]:  # type: ignore[type-arg]
    return YAML(typ="safe", pure=True).load(dvc_text(studies))["stages"]


@pytest.mark.parametrize(
    ("path", "studies"), [("dvc.yaml", "studies"), ("slow/dvc.yaml", "slow"), ("evidence/dvc.yaml", "evidence")]
)
def test_the_pipeline_is_the_one_that_init_writes(path: str, studies: List) -> None:
    assert (ROOT / path).read_text() == dvc_text(studies), "run `bench init --update` and commit the file"


@pytest.mark.parametrize("later", ["slow", "evidence"])
def test_all_lists_have_the_same_stages_but_for_their_place_and_the_index(later: List) -> None:
    quick, slow = stages("studies"), stages(later)
    assert list(quick) == ["versions", *STAGES_IN_ORDER, "index"]
    assert list(slow) == list(STAGES_IN_ORDER)
    for name, block in slow.items():
        assert block.pop("foreach") == f"${{{later}}}" and quick[name].pop("foreach") == "${studies}"
        assert block["do"].pop("wdir") == ".."
        # A summary that were an out would make plain `dvc repro`, whose index reads them all, run the slow studies.
        for stage in (block, quick[name]):
            stage["do"]["outs"] = [out for out in stage["do"]["outs"] if "summaries/${item}.json" not in out]
    assert slow == {name: quick[name] for name in slow}


def test_a_stage_depends_on_the_version_of_its_code_and_on_no_file_of_it() -> None:
    assert set(STAGES) == {*STAGES_IN_ORDER, "index"}
    for name in STAGES:
        block = stages("studies")[name]
        block = block.get("do", block)
        assert {"versions.yaml": [name]} in block["params"]
        assert not [dep for dep in block["deps"] if dep.startswith("bench")]


def test_every_frame_is_an_out_of_its_stage_and_read_by_the_next() -> None:
    made = {name: block["do"]["outs"] for name, block in stages("studies").items() if "do" in block}
    read = {name: block["do"]["deps"] for name, block in stages("studies").items() if "do" in block}
    for name in RUN_FRAMES:
        path = f"results/${{item}}/{name}.parquet"
        assert path in made["run"] and path in read["judge"] and path in read["report"]
    for name in JUDGE_FRAMES:
        path = f"results/${{item}}/{name}.parquet"
        assert path in made["judge"] and path in read["report"]


def test_the_lists_and_the_folders_agree() -> None:
    folders = {path.parent.name for path in (ROOT / "studies").glob("*/study.yaml")}
    listed = [*PARAMS["studies"], *PARAMS["slow"], *PARAMS["evidence"]]
    assert set(listed) == folders
    assert len(set(listed)) == len(listed)


def test_no_file_names_a_package_index() -> None:
    names = ("requirements.lock", "pyproject.toml", "Makefile", "dvc.yaml", "slow/dvc.yaml", ".ci/run", "README.md")
    for name in names:
        text = (ROOT / name).read_text()
        assert "index-url" not in text.replace("--no-emit-index-url", "") and "pypi" not in text.lower(), name


def test_dvc_finds_no_other_pipeline() -> None:
    """DVC reads every `dvc.yaml` of a tree: a template of that name stops it."""
    found = {path.relative_to(ROOT).as_posix() for path in (ROOT / "bench").rglob("dvc.yaml")}
    assert not found
