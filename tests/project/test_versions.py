"""The versions of the stages are remembered by the bytes of the code, and found anew where these are others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.core.identity import stage_versions
from bench.project import versions
from bench.project.folder import ProjectFolder
from bench.project.versions import versions_of_stages


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The project has remembered its versions; what is found anew stands in the list, each time another."""
    found: list[dict[str, str]] = []

    def anew() -> dict[str, str]:
        found.append(dict.fromkeys(versions.STAGES, str(len(found))))
        return found[-1]

    monkeypatch.setattr(versions, "stage_versions", anew)
    assert versions_of_stages(ProjectFolder(tmp_path)) == found[0]
    return found


def test_versions_are_those_of_the_code(tmp_path: Path) -> None:
    assert versions_of_stages(ProjectFolder(tmp_path)) == stage_versions()
    assert versions_of_stages(ProjectFolder(tmp_path)) == stage_versions()


def test_the_same_code_has_the_versions_that_are_remembered(
    tmp_path: Path, made: list[dict[str, str]]
) -> None:
    assert versions_of_stages(ProjectFolder(tmp_path)) == made[0]
    assert len(made) == 1


@pytest.mark.parametrize("part", ["bytes_sha256", "extension_versions"])
def test_other_code_is_looked_at(
    part: str,
    tmp_path: Path,
    made: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        versions, part, lambda _: "f" * 64 if part == "bytes_sha256" else ["another"]
    )
    assert versions_of_stages(ProjectFolder(tmp_path)) == made[1]


@pytest.mark.parametrize("content", ["", "[]", '{"code": 1}', "damaged"])
def test_what_is_no_memory_is_found_anew(
    content: str, tmp_path: Path, made: list[dict[str, str]]
) -> None:
    (tmp_path / ".bench" / "versions.json").write_text(content)
    assert versions_of_stages(ProjectFolder(tmp_path)) == made[1]


def test_a_memory_that_lacks_a_stage_is_found_anew(
    tmp_path: Path, made: list[dict[str, str]]
) -> None:
    file = tmp_path / ".bench" / "versions.json"
    whole = json.loads(file.read_text())
    file.write_text(json.dumps(whole | {"versions": {"fetch": "0"}}))
    assert versions_of_stages(ProjectFolder(tmp_path)) == made[1]


def test_nothing_is_remembered_where_the_store_is_off(tmp_path: Path) -> None:
    versions_of_stages(ProjectFolder(tmp_path, keep=False))
    assert not (tmp_path / ".bench").exists()
