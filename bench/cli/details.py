"""`bench list WHAT --verbose` and `bench explain WORD`: defaults, options and meanings, as blocks of lines."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bench.cli.environment import project_if_any
from bench.core.errors import UsageError
from bench.core.text import json_object, say, wrapped
from bench.project.explained import Details, FindingKind, explained
from bench.project.study_keys import StudyKey


def show_details(titles: Mapping[str, str], details: Mapping[str, Details]) -> None:
    """Print each name with its title, and below it what is said of it."""
    for name, title in titles.items():
        wrapped(f"{name}: {title}", rest="    ")
        for word, text in details.get(name, ()):
            wrapped(f"    {word}: {text}", rest="        ")


def explain(options: argparse.Namespace) -> None:
    """Print what a word means: a key in each block that has it, a name, a finding, a term, a statement."""
    try:
        found = explained(options.word)
    except (
        UsageError
    ):  # only now: a word of bench needs no params.yaml without a mistake
        found = explained(options.word, project_if_any())
    if options.json:
        json_object({"word": options.word} | asdict(found))
        return
    for one in _together(found.keys):
        _show(one)
    for name in found.names:
        show_details(
            {name.name: f"one of `bench list {name.list}`"}, {name.name: name.said}
        )
        say("")
    for kind in found.findings:
        _show_finding(kind)
    for term in found.terms:
        wrapped(f"{term.title} (a term of the pages)", rest="    ")
        wrapped(f"    {term.words}", rest="    ")
        say("")
    for code, sentence in found.statements:
        wrapped(f"{code} (the code of a statement)", rest="    ")
        wrapped(f"    {sentence}", rest="    ")
        say("")


def _show_finding(one: FindingKind) -> None:
    wrapped(
        f"{one.code} {one.title} (a finding of the diagnostic {one.diagnostic})",
        rest="    ",
    )
    said = [
        ("asks", one.question),
        ("why it matters", one.why),
        ("what to do", one.what_to_do),
        ("number", one.number),
    ]
    for word, text in said:
        if text:
            wrapped(f"    {word}: {text}", rest="        ")
    say("")


def _together(keys: Sequence[StudyKey]) -> list[tuple[list[str], StudyKey]]:
    """Keys that say the same, with the blocks that they stand in."""
    found: dict[tuple[str, str, str], tuple[list[str], StudyKey]] = {}
    for key in keys:
        found.setdefault((key.meaning, key.type, key.default), ([], key))[0].append(
            key.block
        )
    return list(found.values())


def _show(one: tuple[list[str], StudyKey]) -> None:
    blocks, key = one
    wrapped(f"{key.name} (in {', '.join(blocks)})", rest="    ")
    wrapped(f"    {key.meaning}", rest="    ")
    said = [("type", key.type), ("default", key.default or "none: it must be given")]
    for word, text in [
        *said,
        ("example", " | ".join(key.examples)),
        ("words", ", ".join(key.words)),
    ]:
        if text:
            wrapped(f"    {word}: {text}", rest="        ")
    say("")
