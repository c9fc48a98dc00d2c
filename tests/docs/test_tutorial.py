"""The tutorial, run as it stands: its commands in order in an empty folder, its files written where it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.cli import verbs
from tests.docs.test_pages import DOCS, FENCE

pytestmark = pytest.mark.skipif(not hasattr(verbs, "init_"), reason="`bench init` is being written")
TUTORIAL = (DOCS / "tutorial.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after every command of the tutorial; `bench` and `python` are those of the tests."""
    folder = tmp_path_factory.mktemp("tutorial")
    programs = folder / "programs"
    programs.mkdir()
    for name, call in (("bench", f'"{sys.executable}" -m bench'), ("python", f'"{sys.executable}"')):
        (programs / name).write_text(f'#!/bin/sh\nexec {call} "$@"\n')
        (programs / name).chmod(0o755)
    place = folder / "project"
    place.mkdir()
    root = str(Path(__file__).parents[2])
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": root}
    for language, about, text in FENCE.findall(TUTORIAL):
        if language == "sh":
            command = ["sh", "-e", "-c", text]
            done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        elif title := re.search(r'title="([^"]+)"', about):
            (place / title.group(1)).write_text(text, encoding="utf-8")
    return place


def test_the_tutorial_ends_in_a_page(project: Path) -> None:
    page = (project / "reports" / "cultivars" / "index.html").read_text(encoding="utf-8")
    assert "Two models on wines" in page


def test_the_study_was_frozen_before_it_ran(project: Path) -> None:
    assert (project / "studies" / "cultivars" / "frozen.json").is_file()
