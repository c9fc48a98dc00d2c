"""`bench list WHAT --verbose` and `bench explain KEY`: defaults, options and meanings, as blocks of lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bench.core.text import json_object, say, wrapped
from bench.project.name_details import Details
from bench.project.study_keys import StudyKey, explained


def show_details(titles: Mapping[str, str], details: Mapping[str, Details]) -> None:
    """Print each name with its title, and below it what is said of it."""
    for name, title in titles.items():
        wrapped(f"{name}: {title}", rest="    ")
        for word, text in details.get(name, ()):
            wrapped(f"    {word}: {text}", rest="        ")


def explain(word: str, json: bool) -> None:
    """Print what a key means in each block that has it."""
    keys = explained(word)
    if json:
        json_object({"key": word, "found": [asdict(key) for key in keys]})
        return
    for one in _together(keys):
        _show(one)


def _together(keys: Sequence[StudyKey]) -> list[tuple[list[str], StudyKey]]:
    """Keys that say the same, with the blocks that they stand in."""
    found: dict[tuple[str, str, str], tuple[list[str], StudyKey]] = {}
    for key in keys:
        found.setdefault((key.meaning, key.type, key.default), ([], key))[0].append(key.block)
    return list(found.values())


def _show(one: tuple[list[str], StudyKey]) -> None:
    blocks, key = one
    wrapped(f"{key.name} (in {', '.join(blocks)})", rest="    ")
    wrapped(f"    {key.meaning}", rest="    ")
    said = [("type", key.type), ("default", key.default or "none: it must be given")]
    for word, text in [*said, ("example", " | ".join(key.examples)), ("words", ", ".join(key.words))]:
        if text:
            wrapped(f"    {word}: {text}", rest="        ")
    say("")
