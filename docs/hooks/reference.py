"""Parts of the documentation that are made from the code: the keys of a study file, known names, the public API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import bench
from bench.core.errors import LISTS
from bench.core.registry import Registry
from bench.project.json_schema import schema
from bench.project.listing import rows_of
from bench.project.study_keys import FEW, as_code, told, type_of, words_of
from bench.study.gone import read_gone

Schema = Mapping[str, Any]


def study_reference() -> str:
    """The reference of study.yaml in Markdown: every key with meaning, type, default and example."""
    whole = schema()
    forms = whole["$defs"]
    parts = [*_section("study", whole, forms, level=2)]
    for name in sorted(forms, key=lambda name: _heading(name, forms).lower()):
        parts += _section(_heading(name, forms), forms[name], forms, level=2)
    return "\n".join(parts)


def api_reference() -> str:
    """The API page in Markdown for mkdocstrings: one entry for each public name, by what it is for."""
    parts = []
    for title, modules in bench._SECTIONS.items():
        parts.append(f"## {title}\n")
        for name in (name for names in modules.values() for name in names):
            if isinstance(getattr(bench, name), Mapping | Registry):
                parts.append(_registry(name))
            else:
                parts.append(
                    f"::: bench.{name}\n    options:\n      heading_level: 3\n"
                )
    return "\n".join(parts)


def _registry(name: str) -> str:
    """An entry of a registry: its members by name."""
    members = ", ".join(f"`{member}`" for member in getattr(bench, name))
    return f"### `{name}`\n\n{members}\n"


def known_names() -> str:
    """All names that a study may use, in Markdown: the tables that `bench list` prints, without the studies here."""
    parts = []
    for what in LISTS:
        if what != "studies":
            head, rows = rows_of(what)
            parts.append(f"## {what.capitalize()}\n")
            parts.append(_line(head) + "\n" + _line(["---"] * len(head)))
            parts.append(
                "\n".join(
                    _line([_name(cells[0]), *map(_cell, cells[1:])]) for cells in rows
                )
                + "\n"
            )
    return "\n".join(parts)


def gone_keys() -> str:
    """What a study file cannot say any more, in Markdown, with what to write instead."""
    lines = ["| where | key | instead |", "| --- | --- | --- |"]
    for row in read_gone():
        word = row.key if row.value is None else f"{row.key}: {row.value}"
        lines.append(_line([f"`{row.block or 'study'}`", f"`{word}`", row.instead]))
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return (
        f"`{text}`"
        if text.startswith("{")
        else text.replace("|", "\\|").replace("\n", " ")
    )


def _name(value: Any) -> str:
    return f"`{value}`"


def keys(form: Schema, forms: Schema) -> Iterator[tuple[str, Schema]]:
    """The keys of a form with their schemas."""
    yield from form.get("properties", {}).items()


def _section(heading: str, form: Schema, forms: Schema, level: int) -> Iterator[str]:
    yield f"{'#' * level} {heading}\n"
    if text := _prose(form.get("description", "")):
        yield f"{text}\n"
    rows = [
        _row(name, entry, name in form.get("required", ()), forms)
        for name, entry in keys(form, forms)
    ]
    if rows:
        yield "| key | meaning | type | default | example |\n|---|---|---|---|---|"
        yield "\n".join(rows) + "\n"
    variants = form.get("oneOf") or form.get("anyOf") or ()
    for variant in variants:
        if "properties" not in variant:
            continue
        kind = (
            variant["properties"].get("kind", {}).get("const", variant.get("title", ""))
        )
        yield from _section(f"{heading}: {kind}", variant, forms, level + 1)
    if variants and not any("properties" in variant for variant in variants):
        yield f"One of {_type(form, forms)}.\n"
    for name, entry in keys(form, forms):
        words = words_of(entry)
        if len(words) > FEW:
            yield f"`{name}`: {', '.join(f'`{word}`' for word in words)}.\n"


def _row(name: str, entry: Schema, required: bool, forms: Schema) -> str:
    default = (
        "required"
        if required
        else _code(entry["default"])
        if "default" in entry
        else ""
    )
    meaning, examples = told(entry)
    cells = (
        f"`{name}`",
        meaning,
        _type(entry, forms),
        default,
        "<br>".join(map(_code, examples)),
    )
    return (
        "| "
        + " | ".join(cell.replace("\n", " ").replace("|", "\\|") for cell in cells)
        + " |"
    )


def _type(entry: Schema, forms: Schema) -> str:
    """The type of a key in words, with links to forms."""
    return type_of(entry, lambda name: _link(name, forms), _code)


def _heading(name: str, forms: Schema) -> str:
    kind = forms[name].get("properties", {}).get("kind", {}).get("const")
    return f"{name} (`kind: {kind}`)" if kind else name


def _link(name: str, forms: Schema) -> str:
    anchor = (
        re.sub(r"[^\w\- ]", "", _heading(name, forms)).lower().strip().replace(" ", "-")
    )
    return f"[{name}](#{anchor})"


def _code(value: Any) -> str:
    return f"`{as_code(value)}`"


def _prose(text: str) -> str:
    """A docstring as Markdown text: lines of a paragraph joined."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")).strip()
