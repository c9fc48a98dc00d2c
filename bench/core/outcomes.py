"""Statements: what judging, diagnosing, running and checking say, as data.

A statement is a frozen dataclass with a code and its details as typed fields. Rooms hand statements to each other and
frames carry them as JSON; only `bench.text` (or the file of an extension that brings its own statement) turns one into
a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, fields
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from string import Formatter
from types import new_class
from typing import Any, ClassVar, NoReturn, dataclass_transform

from bench.core.errors import BenchError, nearest

_KINDS: dict[str, type[Statement]] = {}


@dataclass_transform(frozen_default=True)
class Statement:
    """The base of all statements; a subclass names its code and becomes a frozen dataclass of its fields.

    Fields are plain values: text, numbers, booleans, None, and tuples of these. An extension says its own statement
    with a template of these fields; `bench.text.sentences` tells what a template may hold.

    What a frozen dataclass has stands here once: to have Python write and compile it for each of hundreds of classes
    takes longer than most commands compute.

    Parameters
    ----------
    values, named
        The fields, in their order or by name.

    Examples
    --------
    >>> class Equal(Statement, code="toy.equal", says="{names:listed} are equal"):
    ...     names: tuple[str, ...]
    >>> decoded(encoded([Equal(("a", "b"))]))
    (Equal(names=('a', 'b')),)
    >>> str(Equal(("a", "b")))
    'a and b are equal'
    """

    code: ClassVar[str]
    template: ClassVar[str] = ""
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    __match_args__: ClassVar[tuple[str, ...]]
    _defaults: ClassVar[dict[str, Any]]

    def __init_subclass__(cls, code: str = "", says: str = "") -> None:
        cls.__doc__ = (
            cls.__doc__ or says or code
        )  # else `dataclass` takes its time to write the signature there
        dataclass(init=False, repr=False, eq=False)(cls)
        cls._defaults = {
            field.name: field.default
            for field in fields(cls)
            if field.default is not MISSING
        }
        _check_template(cls, says)
        cls.template = says
        if not code:
            return
        cls.code = code
        known = _KINDS.get(code)
        if known is not None and (known.__module__, known.__qualname__) != (
            cls.__module__,
            cls.__qualname__,
        ):
            raise BenchError(
                f"{cls.__module__}.{cls.__qualname__}: the code {code} is taken by {known.__qualname__}"
            )
        _KINDS[code] = cls

    def __init__(self, *values: Any, **named: Any) -> None:
        given = dict(zip(self.__match_args__, values)) | named
        details = self._defaults | given
        is_clear = len(given) == len(values) + len(named)
        if not is_clear or details.keys() != set(self.__match_args__):
            known = ", ".join(self.__match_args__)
            told = ", ".join([*map(repr, values), *named])
            raise TypeError(
                f"{type(self).__qualname__} takes ({known}), given is ({told})"
            )
        self.__dict__.update(details)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.details == other.details

    def __hash__(self) -> int:
        return hash(tuple(self.details.values()))

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in self.details.items())
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __str__(self) -> str:
        """The sentence."""
        return str(import_module("bench.text.sentences").sentence(self))

    @property
    def details(self) -> dict[str, Any]:
        """The fields by name, as plain values for JSON."""
        return {name: getattr(self, name) for name in self.__match_args__}


def fixed(code: str, says: str) -> type[Statement]:
    """A type of statement whose template is all that it says; the fields of the template are its details.

    Examples
    --------
    >>> Nothing = fixed("toy.nothing", "there is nothing")
    >>> str(Nothing())
    'there is nothing'
    """
    known = _KINDS.get(code)
    if known is not None and known.template != says:
        raise BenchError(f"the code {code} is taken by {known.__qualname__}")
    names = [name for _, name, _, _ in Formatter().parse(says) if name is not None]

    def body(namespace: dict[str, Any]) -> None:
        namespace["__annotations__"] = dict.fromkeys(names, Any)
        namespace["__module__"] = __name__

    return new_class(code, (Statement,), {"code": code, "says": says}, body)


def words(room: str, rows: Mapping[str, str]) -> Callable[..., Statement]:
    """What a module says: a table of sentences, by the last part of their codes.

    Parameters
    ----------
    room : str
        The first part of all codes, such as the name of a diagnostic.
    rows : mapping
        The template of each sentence; its fields are the details of the statement.

    Returns
    -------
    callable
        Makes a statement of the last part of its code and its details by name.

    Examples
    --------
    >>> say = words("toy", {"few": "{rows:,} {rows:row|rows}"})
    >>> str(say("few", rows=1))
    '1 row'
    """
    kinds = {key: fixed(f"{room}.{key}", says) for key, says in rows.items()}

    def say(key: str, **details: Any) -> Statement:
        return kinds[key](**details)

    return say


def kinds() -> tuple[type[Statement], ...]:
    """Every type of statement that an imported module defines, by its code."""
    return tuple(kind for _, kind in sorted(_KINDS.items()))


def _check_template(kind: type[Statement], template: str) -> None:
    """Raises `BenchError` for a template that names what is no field of its statement, with the nearest field."""
    for _, name, _, _ in Formatter().parse(template):
        if name is not None and name not in kind.__match_args__:
            raise BenchError(
                f"the sentence of {kind.__module__}.{kind.__qualname__} names {{{name}}}, which is no field; "
                f"{nearest(name, kind.__match_args__)}"
            )


@cache
def import_texts() -> None:
    """Import every module of `bench.text`: most statements stand there.

    This room lies below the texts and finds them by name, as registries find their members.
    """
    for module in iter_modules(import_module("bench.text").__path__):
        import_module(f"bench.text.{module.name}")


def encoded(statements: Iterable[Statement]) -> str:
    """Statements as one JSON array of objects, each with its `code` first; keys in the order of the fields."""
    return json.dumps(
        [{"code": one.code} | one.details for one in statements], ensure_ascii=False
    )


def decoded(text: str | None) -> tuple[Statement, ...]:
    """The statements of `encoded`.

    Parameters
    ----------
    text : str or None
        A cell such as `reasons` of `Result.verdicts`, or `details` of `Result.findings`.

    Returns
    -------
    tuple of Statement
        Empty for null and for an empty text.

    Raises
    ------
    BenchError
        For a code that no imported module defines, and for missing or unknown details.

    Examples
    --------
    >>> from bench.text.problems import Twice
    >>> decoded(encoded([Twice("toy")]))
    (Twice(word='toy'),)
    """
    found = []
    for entry in json.loads(text) if text else ():
        code = entry.pop("code")
        if code not in _KINDS:
            import_texts()
        if code not in _KINDS:
            raise BenchError(
                f"unknown statement {code}; the module that defines it is not installed"
            )
        try:
            found.append(
                _KINDS[code](**{name: _frozen(value) for name, value in entry.items()})
            )
        except TypeError as error:
            raise BenchError(f"statement {code}: {error}") from None
    return tuple(found)


def codes(text: str | None) -> tuple[str, ...]:
    """The codes of encoded statements, in order, without the modules that define them.

    Parameters
    ----------
    text : str or None
        A cell such as `reasons` of `Result.verdicts`, or `details` of `Result.findings`.

    Returns
    -------
    tuple of str
        Empty for null.

    Examples
    --------
    >>> codes('[{"code": "a.b", "n": 1}]')
    ('a.b',)
    """
    return tuple(entry["code"] for entry in json.loads(text)) if text else ()


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
