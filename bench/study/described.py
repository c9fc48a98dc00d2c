"""The JSON schema of a block, whose keys are described by the text under each field.

The text is read from the source when a schema is asked for: pydantic would read it for every class of every process.
"""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import ModelSchema

from bench.study.fields import Form, OpenForm


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a block.

    >>> from bench.study.models import Compare
    >>> schema_of(Compare)["properties"]["level"]["description"]
    'The confidence level of all comparisons.'
    """
    found: dict[str, Any] = model.model_json_schema(
        ref_template="#/$defs/{model}", schema_generator=_Described
    )
    return found


def descriptions(model: type[BaseModel]) -> dict[str, str]:
    """What each key of a block means, by name; a block that is made of another one has those of that, too."""
    found: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if issubclass(kind, Form | OpenForm):
            (tree,) = ast.parse(dedent(inspect.getsource(kind))).body
            found |= _under_fields(tree)
    return found


def _under_fields(tree: ast.AST) -> dict[str, str]:
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(getattr(tree, "body", ()))
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


class _Described(GenerateJsonSchema):
    def model_schema(self, schema: ModelSchema) -> dict[str, Any]:
        made = super().model_schema(schema)
        said = descriptions(schema["cls"])
        for name, key in made.get("properties", {}).items():
            if name in said:
                key["description"] = said[name]
        return made
