"""What a word of bench means: a key of study.yaml, a diagnostic by its name or code, a term of the pages;
and what stands behind the names that a study may use, for `bench list WHAT --verbose`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.core.errors import UsageError, plain_word, suggested
from bench.core.metrics import METRICS
from bench.core.registry import Registry
from bench.data.adapters import ADAPTERS
from bench.data.sources import SOURCES
from bench.data.steps import STEPS
from bench.diagnose import DIAGNOSTICS, Diagnostic
from bench.families import FAMILIES
from bench.families.preprocess import PREPROCESS
from bench.project.study_keys import StudyKey, all_keys, as_code, keys_named, type_of
from bench.study.described import schema_of
from bench.text.glossary import GLOSSARY, Term


@dataclass(frozen=True)
class FindingKind:
    """What a finding of a diagnostic means, as a page says it; `number`: what its number is and its unit."""

    code: str
    diagnostic: str
    title: str
    question: str
    why: str
    what_to_do: str
    number: str


@dataclass(frozen=True)
class Explained:
    """All that a word means."""

    keys: tuple[StudyKey, ...]
    findings: tuple[FindingKind, ...]
    terms: tuple[Term, ...]


def explained(word: str) -> Explained:
    """What a word means: `block.key` is one key of one block, `L1` or `leakage` a diagnostic, `Holm` a term.

    Raises `UsageError` with the nearest word, where it means nothing.

    >>> [one.title for one in explained("T1").findings]
    ['Best setting at the edge of the grid']
    >>> found = explained("rope")
    >>> [key.block for key in found.keys], [term.title for term in found.terms]
    (['Compare'], ['ROPE'])
    """
    kinds = [
        _kind(one, part) for one in DIAGNOSTICS.values() for part in ("", *one.parts)
    ]
    findings = tuple(kind for kind in kinds if _is(word, kind.code, kind.title))
    name = word.partition(".")[0]  # grid_edge.edge is a code of what grid_edge says
    findings = findings or tuple(
        _kind(one) for one in DIAGNOSTICS.values() if _is(name, one.name)
    )
    terms = tuple(one for one in GLOSSARY.values() if _is(word, one.name, one.title))
    found = Explained(tuple(keys_named(word)), findings, terms)
    if found == Explained((), (), ()):
        raise UsageError(
            f"{word}: is no key of a study, no finding and no term; {suggested(word, _known(), 'words')}"
        )
    return found


def _is(word: str, *names: str) -> bool:
    return plain_word(word) in map(plain_word, names)


def _kind(one: Diagnostic, part: str = "") -> FindingKind:
    """The finding of a diagnostic, or of one of its parts."""
    number = "" if one.number is None else f"{one.number.name} ({one.number.unit})"
    code, title = (
        (f"{one.code}.{part}", one.parts[part]) if part else (one.code, one.title)
    )
    return FindingKind(
        code, one.name, title, one.question, one.why, one.what_to_do, number
    )


def _known() -> list[str]:
    """Every word that means something."""
    of_findings = (
        name for one in DIAGNOSTICS.values() for name in (one.name, one.code)
    )
    return list(
        dict.fromkeys([*(key.name for key in all_keys()), *of_findings, *GLOSSARY])
    )


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
        low, high = (
            "-∞" if one.low is None else f"{one.low:g}",
            "∞" if one.high is None else f"{one.high:g}",
        )
        yield name, [("range", f"{low} to {high}"), ("source", one.source)]


def _forms(members: Registry[Any]) -> Iterator[tuple[str, Details]]:
    """Members whose options are a form."""
    for name, one in members.items():
        form = schema_of(one.options)
        keys = {
            key: entry
            for key, entry in form.get("properties", {}).items()
            if key != "kind"
        }
        yield (
            name,
            [
                _option(key, entry, key in form.get("required", ()))
                for key, entry in keys.items()
            ],
        )


def _option(key: str, entry: Mapping[str, Any], required: bool) -> tuple[str, str]:
    default = (
        "required"
        if required
        else f"default {as_code(entry['default'])}"
        if "default" in entry
        else ""
    )
    meaning = " ".join(entry.get("description", "").split())
    return key, "; ".join(
        filter(None, (meaning, type_of(entry, lambda form: form), default))
    )


def _steps() -> Iterator[tuple[str, Details]]:
    yield from _forms(STEPS)
    for name, one in PREPROCESS.items():
        said: Details = []
        for kind, path in one.kinds.items():
            said.append(
                (
                    f"kind: {kind}",
                    "; ".join(
                        filter(None, (path, _values(one.defaults.get(kind, {}))))
                    ),
                )
            )
        yield (
            name,
            said
            + [
                (word, " or ".join(values) or "any value")
                for word, values in one.words.items()
            ],
        )


def _values(values: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name}: {as_code(_plain(value))}" for name, value in values.items()
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


_READERS: dict[str, Callable[[], Iterator[tuple[str, Details]]]] = {
    "families": _families,
    "metrics": _metrics,
    "steps": _steps,
    "sources": lambda: _forms(SOURCES),
    "adapters": lambda: _forms(ADAPTERS),
}
