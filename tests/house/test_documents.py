"""What the documents say is true: commands exist, names of rooms exist, no word of a machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.cli.commands import STAGES
from bench.cli.parser import parser
from bench.core.errors import LISTS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def verbs() -> set[str]:
    (action,) = (a for a in parser()._actions if a.dest == "verb")
    return set(action.choices or ())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_a_document_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^    |`)bench ([a-z]+)", text, flags=re.MULTILINE))
    assert named <= verbs(), named - verbs()
    for target in re.findall(r"(?:^    |`)make ([a-z]+)", text, flags=re.MULTILINE):
        assert re.search(
            rf"^{target}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE
        ), target


def test_every_command_stands_in_the_cli_docstring() -> None:
    import bench.cli.app

    assert all(verb in (bench.cli.app.__doc__ or "") for verb in verbs())
    assert set(STAGES) <= verbs()
    assert all(what in (bench.cli.app.__doc__ or "") for what in LISTS)


def test_shipped_pages_name_no_machine() -> None:
    for page in [
        *(ROOT / "reports").rglob("*.html"),
        *(ROOT / "summaries").glob("*.json"),
    ]:
        text = page.read_text(encoding="utf-8")
        assert str(ROOT) not in text, page
        assert "/home/" not in text, page
        assert "/root/" not in text, page
