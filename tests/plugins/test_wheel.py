"""What somebody gets who installs the wheel: commands, hooks and action, without anything of this tree."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML

from tests.helpers.forks import ROOT, programs

pytestmark = pytest.mark.long

#: A module of an older version, as its build left it.
MOVED = Path("build/lib/bench/families/moved.py")
SCORES = [0.90, 0.80, 0.95, 0.85, 0.90]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of the wheel, made where an older one was built."""
    made, target = (
        tmp_path_factory.mktemp("wheel"),
        tmp_path_factory.mktemp("installed"),
    )
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in listed.split("\0"):
        if name.startswith("bench/") or name in (
            "pyproject.toml",
            "setup.py",
            "README.md",
            "LICENSE",
        ):
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes((ROOT / name).read_bytes())
    (made / MOVED).parent.mkdir(parents=True)
    (made / MOVED).touch()
    build = "from setuptools import build_meta; print(build_meta.build_wheel('.'))"
    done = subprocess.run(
        [sys.executable, "-c", build],
        cwd=made,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(made.glob("*.whl"))) as wheel:
        wheel.extractall(target)
        entry = next(
            name for name in wheel.namelist() if name.endswith("entry_points.txt")
        )
        assert "bench = bench.cli.app:main" in wheel.read(entry).decode()
    return target


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    pl.DataFrame({"fold": range(5), "value": SCORES}).write_parquet("ours.parquet")
    pl.DataFrame(
        {
            "fold": range(5),
            "value": [one - 0.3 - 0.01 * (n % 2) for n, one in enumerate(SCORES)],
        }
    ).write_csv("worse.csv")
    return tmp_path


def environment(installed: Path) -> dict[str, str]:
    path = f"{programs(str(installed))}{os.pathsep}{os.environ['PATH']}"
    return {name: one for name, one in os.environ.items() if name != "PYTHONPATH"} | {
        "PATH": path, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1",
    }  # fmt: skip


def test_a_module_of_an_older_build_is_left_out(installed: Path) -> None:
    families = {path.name for path in (installed / "bench" / "families").glob("*.py")}
    assert families == {
        path.name for path in (ROOT / "bench" / "families").glob("*.py")
    }


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (
            "bench judge --published '88 %' --scores ours.parquet --tolerance '5 %' --json",
            0,
            '"agreement": "',
        ),
        (
            "cat worse.csv | bench compare - ours.parquet --strict",
            5,
            "outcome      worse",
        ),
        ("bench judge --published '97.5 %' --scores no.csv", 3, "no.csv"),
        (
            "bench judge --published 0.9 --scores worse.csv --tolerance ' -1 %'",
            2,
            "--tolerance is",
        ),
    ],
)
def test_commands(installed: Path, here: Path, line: str, code: int, said: str) -> None:
    done = subprocess.run(
        line,
        shell=True,
        env=environment(installed),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr


def test_hooks_run(installed: Path, here: Path) -> None:
    """The entries of the hooks as pre-commit calls them: in the root, with the files that they match."""
    hooks = YAML(typ="safe", pure=True).load(
        (ROOT / ".pre-commit-hooks.yaml").read_text()
    )
    entries = {hook["id"]: hook["entry"] for hook in hooks}
    (here / "params.yaml").write_text("studies: []\n")
    lines = {
        "bench-check": "",
        "bench-compare": "ours.parquet worse.csv",
    }
    assert lines.keys() == entries.keys()
    for name, words in lines.items():
        line = f"{entries[name]} {words}"
        done = subprocess.run(
            line,
            shell=True,
            env=environment(installed),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"


@pytest.mark.parametrize("fails", [False, True])
def test_the_action_comments_what_changed(
    installed: Path, here: Path, fails: bool
) -> None:
    """Its step `compare`, with a `gh` of our own that keeps what it is given."""
    action = YAML(typ="safe", pure=True).load((ROOT / "action.yml").read_text())
    step = next(one for one in action["runs"]["steps"] if one["name"] == "compare")
    (here / "gh").write_text(
        '#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/calls"\n[ "$4" != --edit-last ]\n'
    )
    (here / "gh").chmod(0o755)
    given = {
        "OURS": "worse.csv",
        "THEIRS": "ours.parquet",
        "COMMAND": "compare",
        "OPTIONS": "--strict" if fails else "",
    }
    given |= {
        "COMMENT": "true",
        "PULL_REQUEST": "7",
        "GH_TOKEN": "t",
        "RUNNER_TEMP": str(here),
    }
    assert set(step["env"]) <= given.keys()
    variables = (
        environment(installed) | given | {"GITHUB_STEP_SUMMARY": str(here / "summary")}
    )
    variables["PATH"] = f"{here}{os.pathsep}{variables['PATH']}"
    ended = subprocess.run(
        ["bash", "-c", step["run"]],
        env=variables,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == (5 if fails else 0), ended.stderr
    assert "worse" in (here / "summary").read_text()
    said = [line.split()[:4] for line in (here / "calls").read_text().splitlines()]
    assert said == [
        ["pr", "comment", "7", "--edit-last"],
        ["pr", "comment", "7", "--body-file"],
    ]
