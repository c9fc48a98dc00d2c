"""The pages of the documentation: links, YAML blocks against the schema of a study, the pages made from the code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

import bench
from bench.core.errors import LISTS
from bench.diagnose.diagnostic import DIAGNOSTICS
from bench.families import FAMILIES
from bench.project.json_schema import schema
from bench.project.study_keys import told
from docs.hooks import reference

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
]
#: Pages of the site that are files of the root.
GENERATED = {
    "index.md",
    "contributing.md",
    "changelog.md",
    "notebooks/bench-in-a-notebook.md",
}
FENCE = re.compile(r"^```(\w+)?([^\n]*)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
SCHEMA = schema()


def slug(heading: str) -> str:
    """The anchor of a heading, as Python-Markdown makes it."""
    return re.sub(
        r"[-\s]+",
        "-",
        re.sub(r"[^\w\s-]", "", heading.replace("`", "")).strip().lower(),
    )


def anchors(page: Path) -> set[str]:
    return {
        slug(line.lstrip("#"))
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_pages_and_headings(page: Path) -> None:
    for link in re.findall(
        r"\]\((?!https?:)([^)\s]+)\)", FENCE.sub("", page.read_text(encoding="utf-8"))
    ):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


def test_every_page_is_in_the_navigation() -> None:
    names = set(
        re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text().split("\nnav:")[1])
    )
    assert names == GENERATED | {
        page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")
    }


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """The code blocks in a language, with the page of each."""
    for page in PAGES:
        for name, _, text in FENCE.findall(page.read_text(encoding="utf-8")):
            if name == language:
                yield page.name, text


@pytest.mark.parametrize(("page", "text"), list(blocks("yaml")))
def test_a_block_of_yaml_is_a_part_of_a_study(page: str, text: str) -> None:
    """Each key at the top is one of a study (or of params.yaml), with a value that the schema allows."""
    block: Any = YAML(typ="safe", pure=True).load(text)
    if isinstance(block, list):
        block = {"claims": block}
    if set(block) <= {"execution", "trusted"}:
        return
    assert isinstance(block, Mapping) and set(block) <= set(SCHEMA["properties"]), page
    assert not [
        error.message
        for error in Draft202012Validator(open_ended(SCHEMA)).iter_errors(block)
    ], page


def open_ended(part: Any) -> Any:
    """The schema for a part of a study: no key is required."""
    if isinstance(part, Mapping):
        return {
            key: open_ended(value) for key, value in part.items() if key != "required"
        }
    return [open_ended(value) for value in part] if isinstance(part, list) else part


@pytest.mark.parametrize(("page", "text"), list(blocks("python")))
def test_a_block_of_python_compiles(page: str, text: str) -> None:
    compile(text, page, "exec")


RUN = [
    text
    for page in PAGES
    for _, about, text in FENCE.findall(page.read_text(encoding="utf-8"))
    if 'title="run"' in about
]


@pytest.mark.parametrize("text", RUN)
def test_a_block_that_is_complete_runs(text: str) -> None:
    exec(compile(text, "documentation", "exec"), {})


def test_the_overview_of_the_study_file_has_every_part() -> None:
    page = (DOCS / "study-file.md").read_text(encoding="utf-8")
    assert {
        key
        for row in re.findall(r"^\| (`.*?) \|", page, flags=re.MULTILINE)
        for key in re.findall(r"\w+", row)
    } == set(SCHEMA["properties"])


def test_the_reference_has_every_key_and_every_form() -> None:
    page = reference.study_reference()
    assert all(f"| `{name}` |" in page for name in SCHEMA["properties"])
    for name, form in SCHEMA["$defs"].items():
        assert f"\n## {name}" in page, name
        assert all(f"| `{key}` |" in page for key in form.get("properties", ())), name
    for link in re.findall(r"\]\(#([\w-]+)\)", page):
        assert f"## {link}" in page.lower().replace("`", "").replace(
            " (kind: ", "-kind-"
        ) or link in {
            slug(line.lstrip("#")) for line in page.splitlines() if line.startswith("#")
        }, link


def _entries(form: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from form.get("properties", {}).items()
    for variant in form.get("oneOf", ()):
        yield from _entries(variant)


def test_every_key_has_an_example_that_it_allows() -> None:
    forms = [SCHEMA, *SCHEMA["$defs"].values()]
    entries = {
        f"{name} {entry}": (name, entry)
        for form in forms
        for name, entry in _entries(form)
    }
    for name, entry in entries.values():
        meaning, examples = told(entry)
        assert meaning and examples and "Example" not in meaning, name
        allowed = Draft202012Validator({**entry, "$defs": SCHEMA["$defs"]})
        for example in examples:
            allowed.validate(YAML(typ="safe", pure=True).load(example))


def test_the_names_are_those_of_the_registries() -> None:
    page = reference.known_names()
    assert all(f"## {what.capitalize()}" in page for what in LISTS if what != "studies")
    assert all(f"| `{name}` |" in page for name in FAMILIES)


def test_the_api_page_names_everything_public() -> None:
    page = reference.api_reference()
    assert all(
        f"::: bench.{name}\n" in page or f"### `{name}`" in page
        for name in bench.__all__
    )


def test_the_table_of_diagnostics_has_their_codes_and_titles() -> None:
    text = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    section = text.split("\n## Diagnostics from stored results\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([A-Z]\d?n?) ([^|]+?) \|", section, flags=re.MULTILINE)
    assert sorted(rows) == sorted(
        (diagnostic.code, diagnostic.title) for diagnostic in DIAGNOSTICS.values()
    )


def test_every_list_that_a_page_names_exists() -> None:
    for page in PAGES:
        for what in re.findall(r"`bench list (\w+)", page.read_text(encoding="utf-8")):
            assert what in (*LISTS, "WHAT"), (page.name, what)
    named = re.findall(r"`(\w+)`", (DOCS / "names.md").read_text(encoding="utf-8"))
    assert set(named) == set(LISTS)
