"""What stands behind the names that a study may use: options, defaults, sources, for `bench list WHAT --verbose`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bench.core.metrics import METRICS
from bench.core.registry import Registry
from bench.data.adapters import ADAPTERS
from bench.data.sources import SOURCES
from bench.data.steps import STEPS
from bench.families import FAMILIES
from bench.families.preprocess import PREPROCESS
from bench.project.study_keys import as_code, type_of
from bench.study.described import schema_of

#: What is said of one name: a word, and what stands behind it.
Details = list[tuple[str, str]]


def details_of(what: str) -> dict[str, Details]:
    """What a table of `bench list` has no room for, by name: options and defaults; nothing of other lists."""
    return dict(_READERS[what]()) if what in _READERS else {}


def _families() -> Iterator[tuple[str, Details]]:
    for name, one in FAMILIES.items():
        said: Details = [("how", one.how), ("fails", one.fails)]
        for task, setup in one.setups.items():
            said.append((task, setup.estimator))
            said += [("  fixed", _values(setup.fixed))] if setup.fixed else []
            said += [("  candidates", _values(setup.grid))] if setup.grid else []
            said += [("  untuned", _values(setup.alone))] if setup.alone else []
        yield name, [*said, *one.knobs.items(), ("source", one.source)]


def _metrics() -> Iterator[tuple[str, Details]]:
    for name, one in METRICS.items():
        low, high = ("-∞" if one.low is None else f"{one.low:g}", "∞" if one.high is None else f"{one.high:g}")
        yield name, [("range", f"{low} to {high}"), ("source", one.source)]


def _forms(members: Registry[Any]) -> Iterator[tuple[str, Details]]:
    """Members whose options are a form."""
    for name, one in members.items():
        form = schema_of(one.options)
        keys = {key: entry for key, entry in form.get("properties", {}).items() if key != "kind"}
        yield name, [_option(key, entry, key in form.get("required", ())) for key, entry in keys.items()]


def _option(key: str, entry: Mapping[str, Any], required: bool) -> tuple[str, str]:
    default = "required" if required else f"default {as_code(entry['default'])}" if "default" in entry else ""
    meaning = " ".join(entry.get("description", "").split())
    return key, "; ".join(filter(None, (meaning, type_of(entry, lambda form: form), default)))


def _steps() -> Iterator[tuple[str, Details]]:
    yield from _forms(STEPS)
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
    "sources": lambda: _forms(SOURCES),
    "adapters": lambda: _forms(ADAPTERS),
}
