"""One statement as one sentence, which page, terminal and exports share.

A statement brings its template, `class Few(Statement, code="few.rows", says="{rows:,} {rows:row|rows}")`, or, where its
sentence depends on more than its fields, a method `sentence(self) -> str`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from string import Formatter
from typing import Any

from bench.core.errors import BenchError
from bench.core.outcomes import Statement
from bench.text.formats import broad_points, count, listed, p_equals, percents, rough

#: Further ways to print a field, by name.
_WAYS: Mapping[str, Callable[[Any], str]] = {
    ",": count,
    "listed": listed,
    "commas": lambda names: ", ".join(map(str, names)),
    "name": lambda name: str(name).replace("_", " "),
    "p": p_equals,
    "points": broad_points,
    "rough": rough,
}


class _Words(Formatter):
    """Templates of sentences: `str.format`, and more ways to print a field.

    `{rows:,}` is a count, `{rows:row|rows}` the first word where the field is 1 or true, else the second;
    `{names:listed}` is `a, b and c`; `{names:commas}` is `a, b, c`; `{metric:name}` is `error rate`; `{p:p}` is
    `p = 0.031`; `{gain:points}` is `1.2 pp`; `{median:rough}` is `0.976`.

    Examples
    --------
    >>> _Words().format("{rows:,} {rows:row|rows} of {names:listed}", rows=1200, names=("a", "b"))
    '1\u202f200 rows of a and b'
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        """A field as the template asks for it."""
        if "|" in format_spec:
            return format_spec.split("|")[0 if value == 1 else 1]
        if (way := _WAYS.get(format_spec)) is not None:
            return way(value)
        return str(super().format_field(value, format_spec))


_WORDS = _Words()


def filled(template: str, statement: Statement) -> str:
    """A template with the fields of a statement."""
    return _WORDS.vformat(template, (), statement.details)


def sentence(statement: Statement) -> str:
    """The sentence of a statement, without a full stop at its end. Texts among its details stand in it as they are.

    Parameters
    ----------
    statement : Statement
        Such as one of `decoded`.

    Returns
    -------
    str

    Raises
    ------
    BenchError
        Where nobody wrote one.

    Examples
    --------
    >>> from bench.text.problems import Twice
    >>> sentence(Twice("toy"))
    'toy ...'
    """
    said, given = (
        _spoken(statement),
        {text for text in _texts(statement.details.values()) if percents(text) != text},
    )
    if not given:
        return percents(said)
    quoted = "|".join(re.escape(text) for text in sorted(given, key=len, reverse=True))
    return "".join(
        part if i % 2 else percents(part)
        for i, part in enumerate(re.split(rf"(?<![\w.,])({quoted})", said))
    )


def _texts(values: Iterable[object]) -> Iterator[str]:
    """The texts among the details of a statement, which it quotes as they are."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple | list):
            yield from _texts(value)


def _spoken(statement: Statement) -> str:
    if statement.template:
        return filled(statement.template, statement)
    own = getattr(statement, "sentence", None)
    if own is None:
        raise BenchError(
            f"{type(statement).__qualname__} has no sentence in bench.text"
        )
    return str(own())


def sentences(statements: Iterable[Statement], separator: str = "; ") -> str:
    """Several statements in one line."""
    return separator.join(sentence(one) for one in statements)
