"""The commands of the docstring of the terminal exist, and pages name no machine."""

from __future__ import annotations

from pathlib import Path

from bench.cli.commands import STAGES
from bench.cli.parser import parser
from bench.core.errors import LISTS

ROOT = Path(__file__).parents[2]


def verbs() -> set[str]:
    (action,) = (a for a in parser()._actions if a.dest == "verb")
    return set(action.choices or ())


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
