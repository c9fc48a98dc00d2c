"""Every command, option and key that a document, template, comment, docstring or page names exists."""

from __future__ import annotations

import html
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from bench.cli.parser import parser
from bench.core.errors import LISTS
from bench.project.listing import name_column, rows_of
from bench.project.settings import Settings
from bench.project.study_keys import all_keys

ROOT = Path(__file__).parents[2]
#: They name what is gone, as the log of changes does.
OF_THE_PAST = {ROOT / "docs" / "gone.md", ROOT / "bench" / "study" / "gone.toml"}
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted({*(ROOT / "docs").rglob("*.md")} - OF_THE_PAST),
]
FILES = [
    ROOT / "params.yaml",
    *sorted((ROOT / "studies").glob("*/*.yaml")),
    *sorted((ROOT / "bench").rglob("*.yaml")),
    *sorted((ROOT / "bench").rglob("*.html")),
    *sorted({*(ROOT / "bench").rglob("*.toml")} - OF_THE_PAST),
]
CODE = sorted((ROOT / "bench").rglob("*.py"))
PAGES = sorted((ROOT / "reports").rglob("*.html"))

#: Names of datasets, columns, models and parameters that examples make up, and keys of other files than a study's.
MADE_UP = frozenset(
    re.findall(
        r"\w+",
        "adult age area california city command copies forest grade groups height high house k key low n_neighbors "
        "noise ours scale_target seeds svm targt theirs values weights wine x",
    )
)
#: Options of pip, dvc and dask that documents name alone.
OF_OTHERS = frozenset(
    ["--drop", "--memory-limit", "--no-deps", "--nthreads", "--nworkers", "--temp"]
)
COMMAND = re.compile(r"bench ([a-z]+)\b(.*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
KEY = re.compile(r"(?:^|[{,] ?)([a-z_]+):(?= |$)")
KEY_IN_WORDS = re.compile(
    r"\b(?:keys?|block) `([a-z_]+)`|`([a-z_]+)` of (?:a|the|its|this) (?:study|dataset|family|claim|source|protocol)\b"
)


def test_the_search_finds_what_is_wrong() -> None:
    text = """
    # Take `limits` of a study, the key `capacity`, `{limited: 3}` or `bench frobnicate --quick`;
    # `bench check --tex` and `make nothing` are as wrong, and `--nothing` alone.

    bench repro --nothing
    """
    assert wrong_words(text) == [
        "bench frobnicate",
        "check --tex",
        "repro --nothing",
        "make nothing",
        "--nothing",
        "key limited",
        "key limits",
        "key capacity",
    ]


@pytest.mark.parametrize("path", [*DOCUMENTS, *FILES], ids=lambda path: path.name)
def test_every_word_of_a_text_exists(path: Path) -> None:
    assert wrong_words(path.read_text(encoding="utf-8")) == []


def test_every_word_of_comments_docstrings_and_messages_exists() -> None:
    assert [(path, wrong) for path in CODE if (wrong := wrong_words(prose(path)))] == []


def test_every_word_of_a_page_exists() -> None:
    found = {path.name: wrong_words(seen(path)) for path in PAGES}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def wrong_words(text: str) -> list[str]:
    """Commands, options and keys in code type that there are not, and keys named as such in a sentence."""
    wrong = []
    snippets = [*re.findall(r"`([^`\n]+)`", text), *lines_of_code(text)]
    for snippet in snippets:
        if command := COMMAND.match(snippet):
            wrong += wrong_command(*command.groups())
    for snippet in snippets:
        if target := re.match(r"make ([a-z][a-z-]*)\b", snippet):
            wrong += [f"make {target[1]}"] * (target[1] not in targets())
    for snippet in snippets:
        if snippet.startswith("--"):
            known = OF_OTHERS.union(*options().values())
            wrong += [word for word in OPTION.findall(snippet) if word not in known]
    named = [word for snippet in snippets for word in KEY.findall(snippet)]
    named += [one or other for one, other in KEY_IN_WORDS.findall(text)]
    wrong += [f"key {word}" for word in named if word not in known_keys()]
    return wrong


def wrong_command(verb: str, rest: str) -> list[str]:
    """The verb that there is not, or the options that it does not have."""
    if verb not in options():
        return [f"bench {verb}"]
    return [
        f"{verb} {word}" for word in OPTION.findall(rest) if word not in options()[verb]
    ]


def lines_of_code(text: str) -> Iterator[str]:
    """Lines of commands: indented by four, or within a fence."""
    commands = re.findall(r"^    ((?:bench|make) .*)$", text, flags=re.MULTILINE)
    for block in re.findall(r"^```[^\n]*\n(.*?)^```", text, flags=re.DOTALL | re.M):
        commands += re.findall(r"^(?:\$ )?((?:bench|make) .*)$", block, flags=re.M)
    yield from (line for line in commands if not line.endswith("."))


def prose(path: Path) -> str:
    """Comments and texts of a module."""
    source = io.StringIO(path.read_text(encoding="utf-8"))
    kinds = (tokenize.COMMENT, tokenize.STRING)
    tokens = tokenize.generate_tokens(source.readline)
    # a docstring alone has the examples of a module, which tests run
    return "\n".join(token.string for token in tokens if token.type in kinds)


def seen(path: Path) -> str:
    """The text of a page with its code in backticks."""
    page = re.sub(
        r"<(script|style)\b.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.S
    )
    code = re.sub(r"</?code[^>]*>", "`", page)
    return html.unescape(re.sub(r"<[^>]+>", " ", code))


@cache
def options() -> dict[str, set[str]]:
    """The options of each command."""
    (action,) = (one for one in parser()._actions if one.dest == "verb")
    return {
        name: {option for one in verb._actions for option in one.option_strings}
        for name, verb in (action.choices or {}).items()
    }


@cache
def targets() -> set[str]:
    """The targets of the Makefile."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, flags=re.MULTILINE))


@cache
def known_keys() -> set[str]:
    """Keys of a study file and of params.yaml, and what `bench list` prints."""
    found = (
        {key.name for key in all_keys()}
        | {one.name for one in fields(Settings)}
        | {"execution", "backend", *MADE_UP}
    )
    for what in LISTS:
        if what != "studies":
            head, rows = rows_of(what)
            found |= {row[name_column(head)] for row in rows}
    return found
