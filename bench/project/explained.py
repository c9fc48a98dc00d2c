"""What a word of bench means: a key of study.yaml, a diagnostic by its name or code, a term of the pages."""

from __future__ import annotations

from dataclasses import dataclass

from bench.core.errors import UsageError, plain_word, suggested
from bench.diagnose import DIAGNOSTICS, Diagnostic
from bench.project.study_keys import StudyKey, all_keys, keys_named
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
    findings = tuple(kind for one in DIAGNOSTICS.values() for kind in _kinds(one) if _is(word, kind.code, kind.title))
    name = word.partition(".")[0]  # grid_edge.edge is a code of what grid_edge says
    findings = findings or tuple(_kind(one) for one in DIAGNOSTICS.values() if _is(name, one.name))
    terms = tuple(one for one in GLOSSARY.values() if _is(word, one.name, one.title))
    found = Explained(tuple(keys_named(word)), findings, terms)
    if found == Explained((), (), ()):
        raise UsageError(f"{word}: is no key of a study, no finding and no term; {suggested(word, _known(), 'words')}")
    return found


def _is(word: str, *names: str) -> bool:
    return plain_word(word) in map(plain_word, names)


def _kinds(one: Diagnostic) -> list[FindingKind]:
    """The findings of a diagnostic by their codes: one, or one for each of its parts."""
    return [_kind(one), *(_kind(one, part) for part in one.parts)]


def _kind(one: Diagnostic, part: str = "") -> FindingKind:
    number = "" if one.number is None else f"{one.number.name} ({one.number.unit})"
    code, title = (f"{one.code}.{part}", one.parts[part]) if part else (one.code, one.title)
    return FindingKind(code, one.name, title, one.question, one.why, one.what_to_do, number)


def _known() -> list[str]:
    """Every word that means something."""
    of_findings = (name for one in DIAGNOSTICS.values() for name in (one.name, one.code))
    return list(dict.fromkeys([*(key.name for key in all_keys()), *of_findings, *GLOSSARY]))
