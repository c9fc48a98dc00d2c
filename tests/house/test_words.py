"""Words that were given up for those of the field are gone from what a user reads.

Read here: documents, templates, every string of the code that is no docstring, the help of every command, the
schema of a study, and what the authors of the studies here write. Comments and docstrings of the code are not;
those of tests are, with their names. `tests/report` reads whole pages.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

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
    r"told (apart|from)|tell( \w+)? apart": "significantly different",
    r"mute|unsteady|sighted": "cannot refute, unstable, with sensitivity",
    r"would_change_my_mind": "falsified_if",
    r"Misfit|NotReproduced\b|CellsFailed\b": "an exception whose name ends in Error",
    r"ways? to (a|the) (published|printed) numbers?": "explanations",
    r"ways\.parquet": "unavailable",
    r"owed": "leak gain",
    r"arms?": "explanation",
    r"data sets?": "dataset",
    r"percent points?": "percentage points",
    r"flatter\w*": "optimistic",
}
#: Words of the code, or of no field, in whose place a page says something else: so do the texts of studies.
OF_STUDIES = {
    r"famil(y|ies)": "model",
    r"alarms?": "warning",
    r"(stay(s|ed)?|left) open|inconclusive": "fits or off",
    r"not testable": "not attempted, impossible, failed or missing",
}
#: Texts of a study by their path in its file; whatever is below is read.
TEXTS = (
    "title", "question", "answer", "deviations", "checklist", "paper.summary", "compare.why",
    "tolerance.why",
)  # fmt: skip


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(" + "|".join(words) + r")(?![\w-])", re.IGNORECASE)


WORDS = pattern(RETIRED)
#: Names that are no words: studies, titles, keys of others.
NAMES = re.compile(r"boosters-elsewhere|Multiple Data Sets|data set description")


def documents() -> Iterator[Path]:
    yield from (ROOT / "README.md", ROOT / "CONTRIBUTING.md")
    yield from sorted((ROOT / "docs").rglob("*.md"))
    yield from sorted((ROOT / "bench" / "report" / "templates").rglob("*.*"))


def strings(path: Path) -> Iterator[str]:
    """Every text of a module that is no docstring."""
    notes = {
        id(node.value)
        for node in structure.nodes(path)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
    for node in structure.nodes(path):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in notes
        ):
            yield node.value


def texts_of_a_study(folder: Path) -> Iterator[str]:
    """What its author writes for readers, but for what its claims and datasets say of themselves."""
    content = YAML(typ="safe").load((folder / "study.yaml").read_text(encoding="utf-8"))
    for path in TEXTS:
        found = content
        for key in path.split("."):
            found = (found or {}).get(key)
        yield json.dumps(found or "", ensure_ascii=False)
    if (notes := folder / "notes.md").is_file():
        yield notes.read_text(encoding="utf-8")


def retired(text: str, words: re.Pattern[str] = WORDS) -> list[str]:
    return sorted(
        {match.group(0).lower() for match in words.finditer(NAMES.sub("", text))}
    )


def test_a_document_has_no_retired_word() -> None:
    for path in documents():
        assert not retired(path.read_text(encoding="utf-8")), path


def test_no_string_of_the_code_has_a_retired_word() -> None:
    for path in structure.modules().values():
        assert not retired("\n".join(strings(path))), path


def test_no_test_has_a_retired_word() -> None:
    """Neither in what it says nor in a name; an exception of the code may be named."""
    words = pattern(word for word in RETIRED if "Error" not in RETIRED[word])
    for path in (*ROOT.glob("tests/**/*.py"), *ROOT.glob("research/**/*.py")):
        if path.name not in (
            "test_words.py",
            "test_statements.py",
            "test_mistakes.py",
        ):  # they refuse such words
            assert not retired(
                path.read_text(encoding="utf-8").replace("_", " "), words
            ), path


@pytest.mark.parametrize(
    "study",
    sorted(path.parent for path in ROOT.glob("studies/*/study.yaml")),
    ids=lambda p: p.name,
)
def test_no_text_of_a_study_has_a_retired_word(study: Path) -> None:
    text = re.sub(r"\s+", " ", "\n".join(texts_of_a_study(study)))
    assert not retired(text, pattern([*RETIRED, *OF_STUDIES])), study.name


def test_the_help_and_the_schema_have_no_retired_word() -> None:
    (verbs,) = (action for action in parser()._actions if action.dest == "verb")
    helps = [
        parser().format_help(),
        *(verb.format_help() for verb in (verbs.choices or {}).values()),
    ]  # type: ignore[union-attr]
    assert not retired("\n".join(helps))
    assert not retired(json.dumps(schema()))
