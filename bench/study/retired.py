"""The words of earlier forms of the study file, each with the way to write the same now.

A study in an old word is refused, with the new one beside the line: a table of what was renamed is shorter than a
reader that understands two forms, and a study says one thing in one way.
"""

from __future__ import annotations

from collections.abc import Mapping

from bench.study.source_map import Path
from bench.text.problems import RetiredForm, RetiredWord

#: By the block that it stood in (without numbers and names of items) and the word: what to write now.
RETIRED: Mapping[tuple[str, str], str] = {
    ("", "would_change_my_mind"): "falsified_if",
    ("diagnostics.explain", "slips"): "variants",
    ("claims", "or_metric"): "metric_alternatives: [name, ...]",
    ("claims", "or_folds"): "folds_alternatives: [number, ...]",
    ("claims", "said_by"): "source",
    ("claims", "verified"): "read: source | secondary | memory",
    ("claims", "spread_kind"): "spread: {value: ..., kind: ...}",
    ("claims", "spread_over"): "spread: {value: ..., kind: ..., over: ...}",
    ("claims", "spread_n"): "spread: {value: ..., kind: ..., n: ...}",
}
#: By the same and the key: a value, and what to write now.
RETIRED_VALUES: Mapping[tuple[str, str, str], str] = {
    ("claims", "source", "study"): "source: author",
    ("claims", "said_by", "study"): "source: author",
    ("claims", "verified", "True"): "read: source",
    ("claims", "verified", "true"): "read: source",
    ("claims", "verified", "False"): "read: memory, or read: secondary",
    ("claims", "verified", "false"): "read: memory, or read: secondary",
}
#: By the block and the key: a form that a key no longer has.
RETIRED_FORMS: Mapping[tuple[str, str], str] = {
    ("claims", "spread"): "spread: {value: ..., kind: ...}",
    (
        "",
        "expect",
    ): 'expect: [{id: ..., kind: better, family: ..., against: ..., note: "your words"}]',
    (
        "",
        "falsified_if",
    ): 'falsified_if: [{id: ..., kind: better, family: ..., against: ..., note: "your words"}]',
}
#: In a CSV file the keys of a block are columns of their own.
RETIRED_COLUMNS: Mapping[str, str] = {
    "or_metric": "metric_alternatives",
    "or_folds": "folds_alternatives",
    "said_by": "source",
    "verified": "read",
    "spread": "spread.value",
    "spread_kind": "spread.kind",
    "spread_over": "spread.over",
    "spread_n": "spread.n",
}


def retired(block: Path, word: str, value: object = None) -> RetiredWord | None:
    """The statement about an old key in a block, or about an old value of a key; None for a word that never was one."""
    where = _block(block)
    now = RETIRED_VALUES.get((where, word, str(value))) or RETIRED.get((where, word))
    return None if now is None else RetiredWord(word, now)


def retired_form(path: Path) -> RetiredForm | None:
    """The statement about a key whose value is of an old form; None for other keys."""
    now = RETIRED_FORMS.get((_block(path[:-1]), str(path[-1]))) if path else None
    return None if now is None else RetiredForm(str(path[-1]), now)


def _block(path: Path) -> str:
    """The block of a path without numbers; a row of claims.csv stands for the block of claims."""
    where = ".".join(part for part in path if isinstance(part, str))
    return "claims" if where.startswith("line ") else where
