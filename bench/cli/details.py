"""`bench list WHAT --verbose` and `bench explain KEY`: defaults, options and meanings, as blocks of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bench.core.text import json_object, say, wrapped
from bench.project.study_keys import Key, as_code, explained, type_of

#: What is said of one name: a word, and what stands behind it.
Details = list[tuple[str, str]]


def details_of(what: str) -> dict[str, Details]:
    """What a table of `bench list` has no room for, by name: options and defaults; nothing of other lists."""
    return dict(_READERS[what]()) if what in _READERS else {}


def _families() -> Iterator[tuple[str, Details]]:
    from bench.families import FAMILIES

    for name, one in FAMILIES.items():
        said: Details = [("how", one.how), ("fails", one.fails)]
        for task, setup in one.setups.items():
            said.append((task, setup.estimator))
            said += [("  fixed", _values(setup.fixed))] if setup.fixed else []
            said += [("  candidates", _values(setup.grid))] if setup.grid else []
            said += [("  untuned", _values(setup.alone))] if setup.alone else []
        yield name, [*said, *one.knobs.items(), ("source", one.source)]


def _metrics() -> Iterator[tuple[str, Details]]:
    from bench.core.metrics import METRICS

    for name, one in METRICS.items():
        low, high = ("-∞" if one.low is None else f"{one.low:g}", "∞" if one.high is None else f"{one.high:g}")
        yield name, [("range", f"{low} to {high}"), ("source", one.source)]


def _forms(registry: str) -> Iterator[tuple[str, Details]]:
    """Members whose options are a form."""
    from importlib import import_module

    module, _, attribute = registry.partition(":")
    for name, one in getattr(import_module(module), attribute).items():
        form = one.options.model_json_schema()
        keys = {key: entry for key, entry in form.get("properties", {}).items() if key != "kind"}
        yield name, [_option(key, entry, key in form.get("required", ())) for key, entry in keys.items()]


def _option(key: str, entry: Mapping[str, Any], required: bool) -> tuple[str, str]:
    default = "required" if required else f"default {as_code(entry['default'])}" if "default" in entry else ""
    meaning = " ".join(entry.get("description", "").split())
    return key, "; ".join(filter(None, (meaning, type_of(entry, lambda form: form), default)))


def _steps() -> Iterator[tuple[str, Details]]:
    from bench.families.preprocess import PREPROCESS

    yield from _forms("bench.data.steps:STEPS")
    for name, one in PREPROCESS.items():
        said: Details = []
        for kind, path in one.kinds.items():
            said.append((f"kind: {kind}", "; ".join(filter(None, (path, _values(one.defaults.get(kind, {})))))))
        yield name, said + [(word, " or ".join(values) or "any value") for word, values in one.words.items()]


def _values(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {as_code(_plain(value))}" for name, value in values.items())


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


_READERS: dict[str, Callable[[], Iterator[tuple[str, Details]]]] = {
    "families": _families,
    "metrics": _metrics,
    "steps": _steps,
    "sources": lambda: _forms("bench.data.sources:SOURCES"),
    "adapters": lambda: _forms("bench.data.adapters:ADAPTERS"),
}


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


def _together(keys: Sequence[Key]) -> list[tuple[list[str], Key]]:
    """Keys that say the same, with the blocks that they stand in."""
    found: dict[tuple[str, str, str], tuple[list[str], Key]] = {}
    for key in keys:
        found.setdefault((key.meaning, key.type, key.default), ([], key))[0].append(key.block)
    return list(found.values())


def _show(one: tuple[list[str], Key]) -> None:
    blocks, key = one
    wrapped(f"{key.name} (in {', '.join(blocks)})", rest="    ")
    wrapped(f"    {key.meaning}", rest="    ")
    said = [("type", key.type), ("default", key.default or "none: it must be given")]
    for word, text in [*said, ("example", " | ".join(key.examples)), ("words", ", ".join(key.words))]:
        if text:
            wrapped(f"    {word}: {text}", rest="        ")
    say("")
