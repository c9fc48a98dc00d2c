"""The keys of a study file in words: what each means, its type, default and example. The terminal and the documentation
show the same, from the JSON schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bench.project.json_schema import schema

Schema = Mapping[str, Any]
#: Up to so many allowed words stand in a type; more are listed after it.
FEW = 8
#: How a description ends that has examples.
_EXAMPLES = re.compile(r"\s*Examples?: `(.+)`\.$")
_SEVERAL = ("anyOf", "oneOf", "allOf")
_KINDS = {
    "string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null",
    None: "any",
}  # fmt: skip


@dataclass(frozen=True)
class StudyKey:
    """A key in one block. `default`: empty where it must be given; `words`: those it allows, where they are many."""

    block: str
    name: str
    meaning: str
    examples: tuple[str, ...]
    type: str
    default: str
    words: tuple[str, ...]


def keys_named(word: str) -> list[StudyKey]:
    """Every key of a name; `block.key` names that of one block, in the words of the schema or of the study file.

    >>> [(key.block, key.default) for key in keys_named("test_size")]
    [('Holdout', '0.1')]
    """
    block, _, name = word.rpartition(".")
    found = [key for key in all_keys() if key.name == name]
    named = [
        key
        for key in found
        if block.rpartition(".")[2].lower().replace("_", "") in key.block.lower()
    ]
    return named or found


@cache
def all_keys() -> tuple[StudyKey, ...]:
    """Every key of every block, those at the top of the file first."""
    whole = schema()
    found = _keys_of("study", whole)
    for name, form in whole["$defs"].items():
        found += _keys_of(name, form)
        for variant in form.get("oneOf", ()):
            kind = (
                variant.get("properties", {})
                .get("kind", {})
                .get("const", variant.get("title", ""))
            )
            found += _keys_of(f"{name} {kind}", variant)
    return tuple(dict.fromkeys(found))


def _keys_of(block: str, form: Schema) -> list[StudyKey]:
    return [
        StudyKey(
            block,
            name,
            *told(entry),
            type_of(entry, lambda form: form),
            ""
            if name in form.get("required", ())
            else as_code(entry["default"])
            if "default" in entry
            else "",
            tuple(words) if len(words := words_of(entry)) > FEW else (),
        )
        for name, entry in form.get("properties", {}).items()
    ]


def told(entry: Schema) -> tuple[str, tuple[str, ...]]:
    """What a key means, and its examples: those of its description, else its default or a word that it allows."""
    meaning = " ".join(entry.get("description", "").split())
    if written := _EXAMPLES.search(meaning):
        return meaning[: written.start()], tuple(
            re.split("`(?:,| or| and) `", written[1])
        )
    if entry.get("default"):
        return meaning, (as_code(entry["default"]),)
    words = words_of(entry) or [
        entry[key] for key in ("const", "default") if key in entry
    ]
    return meaning, tuple(map(as_code, words[:1]))


def type_of(
    entry: Schema, link: Callable[[str], str], code: Callable[[Any], str] | None = None
) -> str:
    """The type of a key in words: `text`, `number`, `list of ...`, allowed words, forms by `link`."""
    code = code or as_code
    if "$ref" in entry:
        return link(entry["$ref"].rpartition("/")[2])
    if "const" in entry:
        return code(entry["const"])
    if "enum" in entry:
        return (
            " or ".join(map(code, entry["enum"]))
            if len(entry["enum"]) <= FEW
            else "known word (below)"
        )
    for several in _SEVERAL:
        if several in entry:
            return " or ".join(
                dict.fromkeys(type_of(option, link, code) for option in entry[several])
            )
    kind = entry.get("type")
    if kind == "array":
        return f"list of {type_of(entry.get('items', {}), link, code)}"
    if kind != "object":
        return code(None) if kind == "null" else _KINDS.get(kind, str(kind))
    values = [*entry.get("patternProperties", {}).values()]
    values += (
        [entry["additionalProperties"]]
        if isinstance(entry.get("additionalProperties"), Mapping)
        else []
    )
    return f"name: {type_of(values[0], link, code)}" if values else "block"


def words_of(entry: Schema) -> list[str]:
    """All words that a key allows, wherever in its schema they stand."""
    words: list[str] = [str(word) for word in entry.get("enum", ()) if word is not None]
    for several in _SEVERAL:
        for option in entry.get(several, ()):
            words += words_of(option)
    for inner in ("items", "propertyNames"):
        if isinstance(entry.get(inner), Mapping):
            words += words_of(entry[inner])
    return list(dict.fromkeys(words))


def as_code(value: Any) -> str:
    """A value as a study file has it."""
    return (
        value
        if isinstance(value, str) and re.search(r"\w", value)
        else json.dumps(value, ensure_ascii=False)
    )
