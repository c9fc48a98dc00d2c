"""`bench import`: what an adapter understands of files, before a study names them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import polars as pl

from bench.core.errors import DataError, UsageError
from bench.core.text import broken, say
from bench.data.adapter import Adapter, AdapterOptions, Files
from bench.data.adapters import ADAPTERS
from bench.data.from_folder import MOST_FILES
from bench.data.preview import Pair, Preview, preview
from bench.study.noted import StudyError
from bench.study.problems import validated
from bench.study.source_map import parse
from bench.text.formats import count, listed, plural

_WIDTH, _HEAD = 80, 12


def imported(
    paths: Sequence[Path], name: str, settings: Sequence[str]
) -> tuple[Preview, dict[str, str]]:
    """What the adapter understood, and the columns by the keys that `scores` of a dataset has for them.

    Raises `UsageError` for an unknown adapter, `StudyError` for options, `DataError` for files that are not of its
    form; the last names the adapters that read them as they are.
    """
    adapter, files = ADAPTERS[name], _files(paths)
    options = _options(adapter, settings)
    try:
        table = adapter.table(files, options)
    except DataError as error:
        if not (
            others := [
                other
                for other in ADAPTERS.values()
                if other is not adapter and _reads(other, files)
            ]
        ):
            raise
        hint = f"`--as {others[0].name}` reads these files as they are"
        raise DataError(f"{error}\n{hint}") from None
    return preview(table, len(files)), _columns(table)


def _files(paths: Sequence[Path]) -> Files:
    """Contents by path: of a folder all files below it, by their paths in it."""
    found: dict[str, Path] = {}
    for path in paths:
        if path.is_dir():
            below = (
                Path(here) / name
                for here, _, names in os.walk(path)
                for name in names
                if name[0] != "."
            )
            named = {
                file.relative_to(path).as_posix(): file
                for file in islice(below, MOST_FILES + 1)
            }
            if len(named) > MOST_FILES:
                raise DataError(
                    f"{path}: more than {count(MOST_FILES)} files; name those of scores. Nothing was read"
                )
        else:
            named = {path.name if path.is_absolute() else path.as_posix(): path}
        if twice := sorted(found.keys() & named.keys()):
            raise DataError(
                f"{named[twice[0]]}: {found[twice[0]]} has the same name, {twice[0]}; import the folder above both, or "
                "one at a time; nothing was read"
            )
        found |= named
    if not found:
        raise DataError(f"{paths[0]}: holds no file; nothing was read")
    return {name: _content(file) for name, file in found.items()}


def _content(file: Path) -> bytes:
    try:
        if file.exists() and not file.is_file():
            raise DataError(
                f"{file}: is no file but a pipe or device; nothing was read"
            )
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise DataError(
            f"{file}: cannot be read ({getattr(error, 'strerror', error)}); nothing was read"
        ) from None


def _options(adapter: Adapter, settings: Sequence[str]) -> AdapterOptions:
    if wrong := [setting for setting in settings if "=" not in setting]:
        raise UsageError(
            f"--set {wrong[0]}: expected KEY=VALUE, such as metric_is=accuracy"
        )
    lines = [
        f"{key}: {_as_yaml(value)}"
        for key, value in (setting.split("=", 1) for setting in settings)
    ]
    values, where = parse("\n".join(lines) or "{}", "--set")
    options, problems = validated(
        adapter.options, {"kind": adapter.name} | values, (), where
    )
    if problems:
        raise StudyError(problems)
    made: AdapterOptions = options
    return made


def _as_yaml(value: str) -> str:
    """Lists, blocks and truth values as they are; all else is text, `{model}/{dataset}` too."""
    return (
        value
        if re.fullmatch(r"true|false|\[.*\]|\{.*: .*\}", value)
        else json.dumps(value)
    )


def _reads(adapter: Adapter, files: Files) -> bool:
    try:
        adapter.table(files, adapter.options.model_validate({"kind": adapter.name}))
    except (DataError, ValueError):
        return False
    return True


def _columns(table: pl.DataFrame) -> dict[str, str]:
    """The block `scores` of a dataset that reads this table."""
    given = {"family": "model", "dataset": "dataset"}
    given |= {
        key: key for key in ("repeat", "fold") if table[key].null_count() < table.height
    }
    given |= {"repeats_are": "seeds"} if "repeat" in given else {}
    return given | {"metric": "metric", "side": "split", "value": "score"}


def shown(name: str, found: Preview, columns: dict[str, str]) -> None:
    """Print what was understood."""
    say(
        f"{plural(found.scores, 'score')} of {plural(found.files, 'file')}, read by {name}"
    )
    for head, words in (
        ("models", found.models), ("datasets", found.datasets), ("metrics", found.metrics), ("parts", found.splits),
        ("repeats", found.repeats), ("folds", found.folds),
    ):  # fmt: skip
        _line(head, _named(words) if words else "the files do not tell")
    per_cell = (
        f"{found.most}"
        if found.fewest == found.most
        else f"{found.fewest} to {found.most}"
    )
    _line("each", f"{per_cell} scores a model, dataset, metric and part")
    missing = [
        *([f"no score at all: {_pairs(found.without)}"] if found.without else []),
        *(
            [f"fewer scores than other models: {_pairs(found.fewer)}"]
            if found.fewer
            else []
        ),
        *(
            [f"{plural(found.no_number, 'score is', 'scores are')} no number"]
            if found.no_number
            else []
        ),
        *(
            [f"{plural(found.unfinished, 'run')} did not finish"]
            if found.unfinished
            else []
        ),
        *(
            [f"bench has no metric of this name: {', '.join(found.unknown_metrics)}"]
            if found.unknown_metrics
            else []
        ),
    ]
    for number, line in enumerate(missing or ["nothing"]):
        _line("missing" if number == 0 else "", line)
    say("in a study, beside the `source` with this adapter:")
    block = ", ".join(f"{key}: {value}" for key, value in columns.items())
    say(broken(f"scores: {{{block}}}", _WIDTH, "  ", ""))


def _line(head: str, words: str) -> None:
    say(head.ljust(_HEAD) + broken(words, _WIDTH, " " * _HEAD, "")[_HEAD:])


def _named(words: Sequence[str]) -> str:
    """How many there are, and which."""
    if all(word.isdecimal() for word in words) and len(words) > 1:
        return f"{len(words)}: {words[0]} to {words[-1]}"
    return f"{len(words)}: {listed(words, most=8)}"


def _pairs(pairs: Sequence[Pair]) -> str:
    return f"{len(pairs)} of model and dataset, {listed([f'{model} on {dataset}' for model, dataset in pairs], most=3)}"
