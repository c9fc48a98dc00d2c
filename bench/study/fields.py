"""What all blocks of a study file are made of: strict types of values, and the two forms of a block.

Types are strict: a number where text is meant (an unquoted class label or published value) is an error, because YAML
would otherwise lose what was printed ("98.90" -> 98.9). The description of a field is the text under it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from bench.core.outcomes import Statement
from bench.text.problems import Broken, Rule

Text = Annotated[str, Strict(), StringConstraints(max_length=5000)]
Int = Annotated[int, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Bool = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=1, le=100_000)]
Rows = Annotated[int, Strict(), Field(ge=1)]
Share = Annotated[float, Strict(), Field(gt=0, lt=1)]
Name = Annotated[str, Strict(), StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Unit = Literal["percent", "fraction"]


def _https(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise refused(Rule.LINK)
    return url


Link = Annotated[str, Strict(), AfterValidator(_https)]


def refused(what: Statement | Rule, *path: str | int) -> PydanticCustomError:
    """The error that a validator of a model raises; `path`: the keys inside the block that are at fault."""
    statement = Broken(what) if isinstance(what, Rule) else what
    return PydanticCustomError(
        "statement",
        "{code}",
        {"code": str(statement.code), "statement": statement, "path": path},
    )


class Form(BaseModel):
    """A block of the study file: unknown keys are errors, nothing can be changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OpenForm(BaseModel):
    """A block whose further keys are parameters; `parameters` holds them in the order of the file."""

    model_config = ConfigDict(extra="allow", frozen=True)

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(self.model_extra or {})
