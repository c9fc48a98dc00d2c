"""The recipes of CONTRIBUTING.md, followed as written on a copy of the tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_pages import FENCE, ROOT

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
    for part in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## ")[1:]
}
RECIPES = {name: blocks for name, blocks in SECTIONS.items() if any(language == "sh" for language, _, _ in blocks)}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the recipes change and test."""
    folder = tmp_path / "tree"
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


def test_all_recipes_pass_the_linter(tree: Path) -> None:
    files = []
    for language, about, text in (block for blocks in RECIPES.values() for block in blocks):
        target = written(about, tree)
        if target and language == "python":
            target.write_text(text, encoding="utf-8")
            files.append(str(target))
    assert len(files) > 10
    ran([sys.executable, "-m", "ruff", "check", *files], tree)
    ran([sys.executable, "-m", "ruff", "format", "--check", *files], tree)


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_works_as_written(name: str, tree: Path) -> None:
    for language, about, text in RECIPES[name]:
        if target := written(about, tree):
            assert not target.exists(), f"{target} exists already"
            target.write_text(text, encoding="utf-8")
        elif language == "diff":
            ran(["git", "apply", "--recount", "-"], tree, text)
        elif language == "sh":
            done = ran(
                ["sh", "-e", "-c", text.replace("pytest ", f'"{sys.executable}" -m pytest -p no:cacheprovider ')], tree
            )
            assert "passed" in done, done


def ran(command: list[str], tree: Path, given: str = "") -> str:
    """What a command prints in the copy; it must succeed."""
    environment = os.environ | {"PYTHONPATH": str(tree), "PYTEST_ADDOPTS": "", "GIT_DIR": os.devnull}
    done = subprocess.run(command, cwd=tree, env=environment, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-2000:]}"
    return done.stdout
