"""The recipes of CONTRIBUTING.md, followed as written on a copy of the tree."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_pages import FENCE, ROOT

pytestmark = pytest.mark.long

COPIED = (
    "bench",
    "tests",
    "research",
    "docs",
    "pyproject.toml",
    "params.yaml",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "mkdocs.yml",
    "Makefile",
)
#: Compiled files come along: their sources keep their times.
UNNEEDED = shutil.ignore_patterns("*.png", "build")
SECTIONS = {
    part.partition("\n")[0]: FENCE.findall(part)
    for part in (ROOT / "CONTRIBUTING.md")
    .read_text(encoding="utf-8")
    .split("\n## ")[1:]
}
RECIPES = {
    name: blocks
    for name, blocks in SECTIONS.items()
    if any(language == "sh" for language, _, _ in blocks)
}


#: Runs pytest for each list of words in a fork of one process, which has the libraries and the bench of the tree, of
#: which nothing has been looked up; prints exit code and output.
FORKED = """
import json, os, sys, tempfile
import hypothesis, numpy, polars, pydantic, pytest, sklearn.ensemble, sklearn.model_selection, sklearn.pipeline
import bench.cli.app, bench.claims, bench.comparisons, bench.diagnose, bench.report.page, bench.run.study
found = []
for words in json.load(sys.stdin):
    with tempfile.TemporaryFile() as said:
        pid = os.fork()
        if not pid:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            code = pytest.main(words)
            sys.stdout.flush()
            os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        said.seek(0)
        found.append([code, said.read().decode()])
json.dump(found, sys.stdout)
"""


def copied(folder: Path) -> Path:
    """A copy of what the recipes change and test."""
    folder.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=UNNEEDED)
        else:
            shutil.copy(source, folder / name)
    return folder


def written(about: str, folder: Path) -> Path | None:
    """The file that a block is, if it has a title."""
    title = re.search(r'title="([^"]+)"', about)
    return folder / title.group(1) if title else None


def test_recipes_pass_the_linter_and_work_as_written(tmp_path: Path) -> None:
    """All in one copy of the tree, as if one contributor had followed one after the other."""
    tree, python, commands = copied(tmp_path / "tree"), [], {}
    for name, blocks in RECIPES.items():
        for language, about, text in blocks:
            if target := written(about, tree):
                assert not target.exists(), f"{target} exists already"
                target.write_text(text, encoding="utf-8")
                python += [str(target)] if language == "python" else []
            elif language == "diff":
                ran(["git", "apply", "--recount", "-"], tree, text)
            elif language == "sh":
                commands[name] = text
    assert len(python) > 10
    ran([sys.executable, "-m", "ruff", "check", *python], tree)
    ran([sys.executable, "-m", "ruff", "format", "--check", *python], tree)
    words = [shlex.split(text) for text in commands.values()]
    assert {first for first, *_ in words} == {"pytest"} and len(words) == len(RECIPES)
    given = json.dumps([["-p", "no:cacheprovider", *rest] for _, *rest in words])
    ends = zip(
        commands,
        json.loads(ran([sys.executable, "-c", FORKED], tree, given)),
        strict=True,
    )
    assert {
        name: said[-4000:]
        for name, (code, said) in ends
        if code or "passed" not in said
    } == {}


def ran(command: list[str], tree: Path, given: str = "") -> str:
    """What a command prints in the copy; it must succeed."""
    environment = os.environ | {
        "PYTHONPATH": str(tree),
        "PYTEST_ADDOPTS": "",
        "GIT_DIR": os.devnull,
    }
    done = subprocess.run(
        command,
        cwd=tree,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-2000:]}"
    return done.stdout
