"""What pydantic found wrong, as statements with file and line."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from bench.core.outcomes import Statement
from bench.core.text import shortened
from bench.study.gone import find_gone
from bench.study.noted import Problem
from bench.study.printed_numbers import PRINTED, PRINTED_SCORE
from bench.study.source_map import Path, SourceMap
from bench.text import problems as p

#: What is expected of a printed number, by its pattern.
_PRINTED = {PRINTED: "printed", PRINTED_SCORE: "printed score"}
_TYPES = {
    "string_type": "text",
    "int_type": "integer",
    "int_from_float": "integer",
    "float_type": "number",
    "finite_number": "finite",
    "bool_type": "boolean",
    "tuple_type": "list",
    "dict_type": "block",
    "mapping_type": "block",
    "model_type": "block",
    "model_attributes_type": "block",
}
_BOUNDS = {
    "greater_than_equal": "ge",
    "greater_than": "gt",
    "less_than_equal": "le",
    "less_than": "lt",
    "too_short": "min_length",
    "too_long": "max_length",
}


def validated(
    form: Any, value: Any, path: Path, where: SourceMap
) -> tuple[Any, list[Problem]]:
    """`value` as the frozen form, or None and what is wrong with it; `path` is where the value stands in the file."""
    try:
        return TypeAdapter(form).validate_python(value), []
    except ValidationError as error:
        statements: dict[Path, list[Statement]] = {}
        for details in error.errors():
            inner, statement = _Failure(form, value, dict(details), path).noted()
            statements.setdefault(inner, []).append(statement)
        problems = {
            at: where.problem((*path, *at), _of_all(those))
            for at, those in statements.items()
        }
        # A union tells of each of its members: where one looks deeper, that one was meant.
        deepest = [
            at
            for at in problems
            if not any(other[: len(at)] == at and other != at for other in problems)
        ]
        return None, [problems[at] for at in deepest]
    except RecursionError:
        return None, [where.problem(path, p.Broken(p.Rule.NESTED))]


def _of_all(statements: Sequence[Statement]) -> Statement:
    """What is said of one place: the first statement, or that a value of any type was expected."""
    wrong = [one for one in statements if isinstance(one, p.WrongType)]
    anything = {"boolean", "text"} <= {one.expected for one in wrong}
    return p.WrongType("value", wrong[0].got) if anything else statements[0]


class _Failure:
    """One pydantic error: where it is inside `value`, and what it says."""

    def __init__(
        self, form: Any, value: Any, details: dict[str, Any], outer: Path
    ) -> None:
        self.form, self.value, self.outer = form, value, outer
        self.kind, self.input = str(details["type"]), details.get("input")
        self.context: dict[str, Any] = details.get("ctx") or {}
        self.message = str(details["msg"])
        self.path = self._path(details["loc"])

    def _path(self, parts: tuple[str | int, ...]) -> Path:
        """The path without the tags of unions."""
        found: list[str | int] = []
        here = self.value
        for index, part in enumerate(parts):
            listed = (
                isinstance(here, list | tuple)
                and isinstance(part, int)
                and part < len(here)
            )
            if listed or (isinstance(here, Mapping) and part in here):
                here = here[part]
                found.append(part)
            elif index == len(parts) - 1 and self.kind == "missing":
                found.append(part)
        return tuple(found)

    def noted(self) -> tuple[Path, Statement]:
        """The path inside the value, and the statement."""
        for read in _READERS:
            if (noted := read(self)) is not None:
                return noted
        message = self.message.removeprefix("Value error, ").replace(
            "Input should be", "expected"
        )
        return self.path, p.Said(message[0].lower() + message[1:])

    def own(self) -> tuple[Path, Statement] | None:
        """The statement that a validator of the models refused with."""
        if self.kind != "statement":
            return None
        return (*self.path, *self.context["path"]), self.context["statement"]

    def unknown_key(self) -> tuple[Path, Statement] | None:
        """A key that the block does not have."""
        if self.kind != "extra_forbidden":
            return None
        block, key = self.path[:-1], str(self.path[-1])
        gone = find_gone((*self.outer, *block), key, self.input)
        known = tuple(known_keys(self.form, self.value, block))
        return self.path, gone or self._further_out(key, block) or p.UnknownKey(
            key, known
        )

    def _further_out(self, key: str, block: Path) -> Statement | None:
        """The block around this one that has the key, where it was indented too far."""
        for depth in range(len(block) - 1, -1, -1):
            if key in known_keys(self.form, self.value, block[:depth]):
                return p.Elsewhere(key, tuple(map(str, (*self.outer, *block[:depth]))))
        return None

    def missing(self) -> tuple[Path, Statement] | None:
        """A key that must be there."""
        if self.kind == "union_tag_not_found":
            return (*self.path, "kind"), p.Missing()
        return (
            (self.path, p.Missing(nullable(_at(self.form, self.value, self.path))))
            if self.kind == "missing"
            else None
        )

    def unknown_word(self) -> tuple[Path, Statement] | None:
        """A value that is none of a few words."""
        if self.kind not in ("literal_error", "union_tag_invalid"):
            return None
        listed = str(
            self.context.get("expected") or self.context.get("expected_tags")
        ).replace(" or ", ",")
        word = self.context.get("tag", self.input)
        path = (*self.path, "kind") if self.kind == "union_tag_invalid" else self.path
        gone = None
        if path:
            gone = find_gone((*self.outer, *path[:-1]), str(path[-1]), word)
        return path, gone or p.UnknownWord(
            "", str(word), tuple(one.strip("' ") for one in listed.split(","))
        )

    def wrong_form(self) -> tuple[Path, Statement] | None:
        """Text of another pattern."""
        if self.kind != "string_pattern_mismatch":
            return None
        pattern = str(self.context.get("pattern"))
        if pattern in _PRINTED:
            return self.path, p.WrongType(_PRINTED[pattern], shown(self.input))
        return self.path, p.WrongForm(shown(self.input), pattern)

    def wrong_type(self) -> tuple[Path, Statement] | None:
        """A value of another type."""
        if self.kind == "tuple_type" and isinstance(self.input, str):
            ordered = bool(self.path) and self.path[-1] == "order"
            return self.path, p.ListAsText(
                self.input, as_list(self.input, ordered=ordered)
            )
        if self.kind == "string_type" and not isinstance(
            self.input, dict | list | None
        ):
            return self.path, p.WrongType("quotes", str(self.input))
        if self.kind == "model_type" and isinstance(self.input, str):
            return self.path, p.WrongType("block", shown(self.input))
        expected = _TYPES.get(self.kind)
        return (
            None
            if expected is None
            else (self.path, p.WrongType(expected, shown(self.input)))
        )

    def out_of_range(self) -> tuple[Path, Statement] | None:
        """A number, or a number of entries, out of bounds."""
        relation = _BOUNDS.get(self.kind)
        if relation is None:
            return None
        return self.path, p.OutOfRange(
            relation, self.context[relation], shown(self.input)
        )


_READERS: tuple[Callable[[_Failure], tuple[Path, Statement] | None], ...] = (
    _Failure.own, _Failure.unknown_key, _Failure.missing, _Failure.unknown_word, _Failure.wrong_form,
    _Failure.wrong_type, _Failure.out_of_range,
)  # fmt: skip


def listed(text: str) -> tuple[str, ...]:
    """The entries of a list that stands in one cell, or was written as text.

    >>> listed("f1_weighted, f1_binary")
    ('f1_weighted', 'f1_binary')
    """
    return tuple(
        part.strip() for part in text.replace(">", ",").split(",") if part.strip()
    )


def as_list(text: str, *, ordered: bool) -> str:
    """A list that was written as text, as YAML; ordered: by the signs of an order, tied ones in a list of their own.

    >>> as_list("a, b>", ordered=False), as_list("a > b = c", ordered=True)
    ('[a, b>]', '[a, [b, c]]')
    """
    if not ordered:
        return f"[{', '.join(part.strip() for part in text.split(','))}]"
    tied = [[name.strip() for name in part.split("=")] for part in listed(text)]
    parts = [names[0] if len(names) == 1 else f"[{', '.join(names)}]" for names in tied]
    return f"[{', '.join(parts)}]"


def shown(value: Any) -> str:
    """A value as YAML writes it, cut to a line."""
    text = (
        "null"
        if value is None
        else str(value).lower()
        if isinstance(value, bool)
        else repr(value)
    )
    return shortened(text, 60)


def known_keys(form: Any, value: Any, path: Path) -> list[str]:
    """The keys that the block at `path` may hold."""
    return sorted(
        {
            name
            for model in _models(_at(form, value, path))
            for name in model.model_fields
        }
    )


def _at(form: Any, value: Any, path: Path) -> Any:
    annotation, here = form, value
    for part in path:
        annotation = _inside(annotation, part, here)
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            here = None
    # A union with a `kind` is narrowed to the member that the file names.
    if isinstance(here, Mapping) and "kind" in here:
        named = [
            model for model in _models(annotation) if here["kind"] in _kinds(model)
        ]
        return named[0] if named else annotation
    return annotation


def _kinds(model: type[BaseModel]) -> tuple[Any, ...]:
    return get_args(getattr(model.model_fields.get("kind"), "annotation", None))


def _inside(annotation: Any, part: str | int, here: Any) -> Any:
    for option in _options(annotation):
        origin, arguments = get_origin(option), get_args(option)
        if isinstance(option, type) and issubclass(option, BaseModel):
            kinds = _kinds(option)
            if kinds and isinstance(here, Mapping) and here.get("kind") not in kinds:
                continue
            if part in option.model_fields:
                return option.model_fields[str(part)].annotation
        elif origin in (dict, Mapping) or (
            isinstance(origin, type) and issubclass(origin, Mapping)
        ):
            return arguments[1]
        elif origin in (tuple, list) and isinstance(part, int):
            return arguments[0]
    return Any


def _options(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        return _options(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [
            option for member in get_args(annotation) for option in _options(member)
        ]
    return [annotation]


def _models(annotation: Any) -> list[type[BaseModel]]:
    return [
        option
        for option in _options(annotation)
        if isinstance(option, type) and issubclass(option, BaseModel)
    ]


def nullable(annotation: Any) -> bool:
    """Whether null is a value of this annotation."""
    return any(
        option is type(None)
        or (get_origin(option) is Literal and None in get_args(option))
        for option in _options(annotation)
    )
