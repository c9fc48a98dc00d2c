"""What a word of bench means: a key of study.yaml, a name that `bench list` prints, a diagnostic by its name or code,
a term or mark of the pages, the code of a statement; and the details of `bench list WHAT --verbose`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import bench
from bench.core.errors import LISTS, UsageError, offer_nearest, plain_word
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement, kinds
from bench.core.registry import Registry
from bench.data.adapters import ADAPTERS
from bench.data.sources import SOURCES
from bench.data.steps import STEPS
from bench.diagnose import DIAGNOSTICS, Diagnostic
from bench.families import FAMILIES
from bench.families.preprocess import PREPROCESS
from bench.project.listing import name_column, rows_of
from bench.project.project import Project
from bench.project.study_keys import StudyKey, all_keys, as_code, keys_named, type_of
from bench.study.described import schema_of
from bench.text.glossary import GLOSSARY, Term
from bench.text.marks import MARKS

#: What is said of one name: a word, and what stands behind it.
Details = list[tuple[str, str]]


@dataclass(frozen=True)
class ListedName:
    """A name that `bench list` prints. `list`: which one; `said`: the other cells of its row, and its details."""

    list: str
    name: str
    said: Details


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
    """All that a word means. `statements`: code and sentence, with its details in braces."""

    keys: tuple[StudyKey, ...]
    names: tuple[ListedName, ...]
    findings: tuple[FindingKind, ...]
    terms: tuple[Term, ...]
    statements: tuple[tuple[str, str], ...] = ()


def explained(word: str, project: Project | None = None) -> Explained:
    """What a word means: `block.key` is one key of one block, `svm` a family, `leakage` a diagnostic, `Holm` a term.

    Raises `UsageError` with the nearest words, where it means nothing; only a project has studies.

    >>> [one.title for one in explained("T1").findings]
    ['Best setting at the edge of the grid']
    >>> found = explained("rope")
    >>> [key.block for key in found.keys], [term.title for term in found.terms]
    (['Compare'], ['ROPE'])
    """
    findings = _explain_finding(word)
    names = tuple(
        one
        for one in _names(project)
        if one.list != "diagnostics" and _is(word, one.name)  # findings explain them
    )
    terms = tuple(one for one in _terms() if _is(word, one.name, one.title))
    keys = tuple(keys_named(word))
    if keys or names or findings or terms:
        return Explained(keys, names, findings, terms)
    if statements := _explain_code(word):
        return Explained((), (), (), (), statements)
    known = _known(project)
    if "." in word:
        known |= {kind.code for kind in kinds()}
    raise UsageError(f"{word}: bench has no such word; {offer_nearest(word, known)}")


def _explain_finding(word: str) -> tuple[FindingKind, ...]:
    """The findings of a code or title; else of a diagnostic, of which `grid_edge.edge` is a statement."""
    found = [
        kind
        for one in DIAGNOSTICS.values()
        for kind in (_kind(one, part) for part in ("", *one.parts))
        if _is(word, kind.code, kind.title)
    ]
    name = word.partition(".")[0]
    return tuple(
        found or [_kind(one) for one in DIAGNOSTICS.values() if _is(name, one.name)]
    )


def _names(project: Project | None) -> Iterator[ListedName]:
    """Every name that `bench list` prints."""
    for what in LISTS:
        head, rows = rows_of(what, project)
        column, details = name_column(head), details_of(what)
        for row in rows:
            cells = [
                (word, str(cell))
                for word, cell in zip(head, row, strict=True)
                if cell and word != head[column]
            ]
            name = row[column]
            yield ListedName(what, name, [*cells, *details.get(name, ())])


def _terms() -> Iterator[Term]:
    """The terms of the pages, and the words that they judge by."""
    yield from GLOSSARY.values()
    for name, mark in MARKS.items():
        yield Term(name, mark.word, mark.meaning)


def _explain_code(word: str) -> tuple[tuple[str, str], ...]:
    """A statement by its code. All modules are imported first: each defines what it says."""
    if "." not in word:
        return ()
    for module in walk_packages(bench.__path__, "bench."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return tuple((kind.code, _sentence(kind)) for kind in kinds() if kind.code == word)


def _sentence(kind: type[Statement]) -> str:
    return kind.template or " ".join((kind.__doc__ or "").split())


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


def _known(project: Project | None) -> set[str]:
    """Every word that means something, but for codes of statements."""
    keys = [key.name for key in all_keys()]
    names = [one.name for one in _names(project)]
    terms = [word for one in _terms() for word in (one.name, one.title)]
    return {*keys, *names, *terms, *(one.code for one in DIAGNOSTICS.values())}


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
