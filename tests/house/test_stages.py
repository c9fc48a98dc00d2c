"""The pipeline files are those that `bench init` writes; params.yaml lists the studies that are there."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bench.core.identity import STAGES
from bench.project.dvc import pipeline_files
from bench.project.folder import ProjectFolder
from bench.project.ledger import JUDGE, RUN
from bench.project.pipeline import JUDGE_FRAMES, RUN_FRAMES, STAGES_IN_ORDER

ROOT = Path(__file__).parents[2]
PARAMS = YAML(typ="safe", pure=True).load((ROOT / "params.yaml").read_text())


FILES = pipeline_files(ProjectFolder(ROOT))


def stages(path: str) -> dict[str, dict]:  # type: ignore[type-arg]
    return YAML(typ="safe", pure=True).load(FILES[ROOT / path])["stages"]


QUICK, SLOW = (
    stages(f"pipeline/{PARAMS[key][0]}/dvc.yaml") for key in ("studies", "slow")
)


@pytest.mark.parametrize("path", [path.relative_to(ROOT).as_posix() for path in FILES])
def test_the_pipeline_is_the_one_that_init_writes(path: str) -> None:
    assert (ROOT / path).read_text() == FILES[ROOT / path], (
        "run `bench init` and commit the file"
    )


def test_all_studies_have_the_same_stages_but_for_the_summary() -> None:
    assert list(stages("dvc.yaml")) == ["versions", "index"]
    # A summary that were an out would make plain `dvc repro`, whose index reads them all, run the slow studies.
    quick = [
        out
        for stage in QUICK.values()
        for out in stage["outs"]
        if "summaries" in str(out)
    ]
    assert len(quick) == 1 and "summaries" not in str(SLOW)
    for made in (QUICK, SLOW):
        assert list(made) == list(STAGES_IN_ORDER) and {
            stage["wdir"] for stage in made.values()
        } == {"../.."}


def test_a_stage_depends_on_the_version_of_its_code_and_on_no_file_of_it() -> None:
    every = QUICK | stages("dvc.yaml")
    assert set(STAGES) == {*STAGES_IN_ORDER, "index"}
    for name in STAGES:
        assert {"versions.yaml": [name]} in every[name]["params"]
        assert not [dep for dep in every[name]["deps"] if dep.startswith("bench")]


def test_every_frame_is_an_out_of_its_stage_and_its_seal_is_read_by_the_next() -> None:
    folder = f"results/{PARAMS['studies'][0]}"
    for stage, seal, names, after in (
        ("run", RUN, RUN_FRAMES, "judge"),
        ("judge", JUDGE, JUDGE_FRAMES, "report"),
    ):
        assert {f"{folder}/{name}.parquet" for name in names} | {
            f"{folder}/{seal}"
        } <= {out for out in QUICK[stage]["outs"] if isinstance(out, str)}
        assert f"{folder}/{seal}" in QUICK[after]["deps"]


def test_the_lists_and_the_folders_agree() -> None:
    folders = {path.parent.name for path in (ROOT / "studies").glob("*/study.yaml")}
    listed = [*PARAMS["studies"], *PARAMS["slow"], *PARAMS["evidence"]]
    assert set(listed) == folders
    assert len(set(listed)) == len(listed)


def test_no_file_names_a_package_index() -> None:
    names = (
        "requirements.lock",
        "pyproject.toml",
        "Makefile",
        "dvc.yaml",
        ".ci/run",
        "README.md",
    )
    for name in names:
        text = (ROOT / name).read_text()
        assert (
            "index-url" not in text.replace("--no-emit-index-url", "")
            and "pypi" not in text.lower()
        ), name


def test_dvc_finds_no_other_pipeline() -> None:
    """DVC reads every `dvc.yaml` of a tree: a template of that name stops it."""
    found = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "bench").rglob("dvc.yaml")
    }
    assert not found
