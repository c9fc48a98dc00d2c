"""Words that were given up for those of the field are gone from what a user reads.

Read here: documents, templates, every string of the code that is no docstring, the help of every command, and the
schema of a study. Comments and docstrings of the code are not. `tests/report` reads whole pages.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.cli.parser import parser
from bench.project.json_schema import schema
from research import structure

ROOT = Path(__file__).parents[2]
#: A retired word as a pattern, and what stands in its place.
RETIRED = {
    r"slips?": "explanation, protocol error",
    r"honest(ly)?": "valid",
    r"probes?": "extra fits",
    r"from elsewhere": "external results",
    r"yardsticks?": "design",
    r"twins?": "duplicates",
    r"settled beforehand": "preregistered",
    r"said_by": "source",
    r"told (apart|from)": "significantly different",
    r"mute|unsteady|sighted": "cannot refute, unstable, with sensitivity",
    r"or_metric|or_folds": "metric_alternatives, folds_alternatives",
    r"would_change_my_mind": "falsified_if",
    r"Misfit|NotReproduced\b|CellsFailed\b": "an exception whose name ends in Error",
    r"ways? to (a|the) (published|printed) numbers?": "explanations",
    r"ways\.parquet": "unavailable",
    r"owed": "leak gain",
    r"arms?": "explanation",
}
WORDS = re.compile(r"(?<![\w-])(" + "|".join(RETIRED) + r")(?![\w-])", re.IGNORECASE)
#: Names that are no words: studies.
NAMES = re.compile(r"boosters-elsewhere")
#: The module that holds retired words to refuse them in studies.
REFUSES = "bench/study/retired.py"


def documents() -> Iterator[Path]:
    yield from (ROOT / "README.md", ROOT / "CONTRIBUTING.md")
    yield from sorted((ROOT / "docs").rglob("*.md"))
    yield from sorted((ROOT / "bench" / "report" / "templates").rglob("*.*"))


def strings(path: Path) -> Iterator[str]:
    """Every text of a module that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def retired(text: str) -> list[str]:
    return sorted({match.group(0).lower() for match in WORDS.finditer(NAMES.sub("", text))})


@pytest.mark.parametrize("path", list(documents()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_has_no_retired_word(path: Path) -> None:
    assert not retired(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("module", list(structure.modules()))
def test_no_string_of_the_code_has_a_retired_word(module: str) -> None:
    path = structure.modules()[module]
    if path != ROOT / REFUSES:
        assert not retired("\n".join(strings(path))), path


def test_the_help_and_the_schema_have_no_retired_word() -> None:
    (verbs,) = (action for action in parser()._actions if action.dest == "verb")
    helps = [parser().format_help(), *(verb.format_help() for verb in (verbs.choices or {}).values())]  # type: ignore[union-attr]
    assert not retired("\n".join(helps))
    assert not retired(json.dumps(schema()))
