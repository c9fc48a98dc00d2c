"""What pydantic found wrong, as sentences with file and line and the nearest right word."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from bench.core.errors import Problem, suggested
from bench.study.source_map import Path, SourceMap

_KINDS = {
    "string_type": "expected text; write it in quotes",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "finite_number": "expected a finite number",
    "bool_type": "expected true or false",
    "tuple_type": "expected a list [a, b, ...]",
    "dict_type": "expected a block of `key: value`",
    "mapping_type": "expected a block of `key: value`",
    "model_type": "expected a block of `key: value`",
    "model_attributes_type": "expected a block of `key: value`",
}


#: Errors of the models' own validators: their sentences say all.
_OURS = {"ranges", "target", "file", "budget", "family", "metric", "tolerance", "zero", "elsewhere"}


def validated(form: Any, value: Any, path: Path, where: SourceMap) -> tuple[Any, list[Problem]]:
    """`value` as the frozen form, or None and what is wrong with it; `path` is where the value stands in the file."""
    try:
        return TypeAdapter(form).validate_python(value), []
    except ValidationError as error:
        found: dict[Path, Problem] = {}
        for one in error.errors():
            at, message = _sentence(form, value, dict(one))
            found.setdefault(at, where.problem((*path, *at), message))
        # A union tells of each of its members: where one looks deeper, that one was meant.
        deepest = [at for at in found if not any(other[: len(at)] == at and other != at for other in found)]
        return None, [found[at] for at in deepest]
    except RecursionError:
        return None, [where.problem(path, "is nested too deeply")]


def _sentence(form: Any, value: Any, error: dict[str, Any]) -> tuple[Path, str]:
    """The path inside `value` and the sentence of one pydantic error; tags of unions leave the path."""
    at: list[str | int] = []
    here, annotation, kind = value, form, str(error["type"])
    parts = error["loc"]
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        listed = isinstance(here, list | tuple) and isinstance(part, int) and part < len(here)
        if listed or (isinstance(here, Mapping) and part in here):
            annotation, here = _inside(annotation, part, here), here[part]
            at.append(part)
        elif last and kind == "missing":
            at.append(part)
    path = tuple(at)
    got = f"; got {_shown(error.get('input'))}"
    context = error.get("ctx") or {}
    if kind == "extra_forbidden":
        # `annotation` was narrowed past the unknown key; ask the form that holds it.
        return path, f"unknown; {suggested(str(at[-1]), known_keys(form, value, path[:-1]), 'keys')}"
    if kind == "missing":
        return (
            path,
            f"missing; {'write null when there is none' if nullable(_at(form, value, path)) else 'it must be given'}",
        )
    if kind in ("literal_error", "union_tag_invalid"):
        words = [
            w.strip("' ")
            for w in str(context.get("expected") or context.get("expected_tags")).replace(" or ", ",").split(",")
        ]
        tag = context.get("tag", error.get("input"))
        suffix = ("kind",) if kind == "union_tag_invalid" else ()
        return (*path, *suffix), f"unknown {_shown(tag)}; {suggested(str(tag), words)}"
    if kind == "union_tag_not_found":
        return (*path, "kind"), "missing; it must be given"
    if kind == "string_pattern_mismatch" and path and path[-1] == "value":
        return path, f'expected a number as printed, such as "97.5"; its unit is a key of its own{got}'
    if kind == "string_pattern_mismatch":
        return path, f"{_shown(error.get('input'))} is not of the form {context.get('pattern')}"
    if kind == "string_type" and not isinstance(error.get("input"), dict | list | None):
        return path, f'expected text in quotes, such as "{error.get("input")}"{got}'
    message = _KINDS.get(kind) or str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "expected")
    return path, message[0].lower() + message[1:] + ("" if kind in _OURS else got)


def _shown(value: Any) -> str:
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def known_keys(form: Any, value: Any, path: Path) -> list[str]:
    """The keys that the block at `path` may hold."""
    annotation = _at(form, value, path)
    return sorted(
        {name for model in _models(annotation) for name in model.model_fields if name != "id"}
        | _literal_ids(annotation)
    )


def _literal_ids(annotation: Any) -> set[str]:
    return {"id"} if any(model.__name__ == "Claim" for model in _models(annotation)) else set()


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
            m
            for m in _models(annotation)
            if here["kind"] in get_args(getattr(m.model_fields.get("kind"), "annotation", None))
        ]
        return named[0] if named else annotation
    return annotation


def _inside(annotation: Any, part: str | int, here: Any) -> Any:
    for option in _options(annotation):
        origin, arguments = get_origin(option), get_args(option)
        if isinstance(option, type) and issubclass(option, BaseModel):
            kinds = get_args(getattr(option.model_fields.get("kind"), "annotation", None))
            if kinds and isinstance(here, Mapping) and here.get("kind") not in kinds:
                continue
            if part in option.model_fields:
                return option.model_fields[str(part)].annotation
        elif origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
            return arguments[1]
        elif origin in (tuple, list) and isinstance(part, int):
            return arguments[0]
    return Any


def _options(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        return _options(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [option for one in get_args(annotation) for option in _options(one)]
    return [annotation]


def _models(annotation: Any) -> list[type[BaseModel]]:
    return [one for one in _options(annotation) if isinstance(one, type) and issubclass(one, BaseModel)]


def nullable(annotation: Any) -> bool:
    """Whether null is a value of this annotation."""
    return any(
        option is type(None) or (get_origin(option) is Literal and None in get_args(option))
        for option in _options(annotation)
    )
