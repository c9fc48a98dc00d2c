"""Columns from other columns of the same row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import polars as pl
from pydantic import AfterValidator, Field

from bench.core.errors import DataError, suggested
from bench.data.expressions import (
    CellKind,
    Expression,
    ExpressionError,
    parsed,
    refuse_kinds,
)
from bench.data.step import CleaningStep, Context
from bench.study.fields import Form, Text, refused


def _readable(text: str) -> str:
    try:
        parsed(text)
    except ExpressionError as error:
        raise refused(error.statement) from None
    return text


class Options(Form):
    """Each column of `make` is an expression of other columns, and may use those above it. A column that is there
    already is replaced. The target may be made, but no feature may be made of the target, nor the target of a feature.
    """

    make: Annotated[
        Mapping[Text, Annotated[Text, AfterValidator(_readable)]], Field(min_length=1)
    ]
    """The expressions, by the name of the new column: arithmetic, comparisons, `and`, `or`, `not`, `in` and functions
    of one row. A name that is no word is written `col("blood pressure")`. Example: `{age: year(visit) - born}`."""


def apply(frame: pl.DataFrame, options: Options, context: Context) -> pl.DataFrame:
    behind: dict[str, frozenset[str]] = {}
    for name, text in options.make.items():
        truths = frozenset(
            column for column, dtype in frame.schema.items() if dtype == pl.Boolean
        )
        expression = parsed(text, truths)
        for column, place in expression.columns.items():
            if column not in frame.columns or column == "row":
                known = [one for one in frame.columns if one != "row"]
                raise DataError(
                    f"{name}: at character {place}: there is no column {column}; {suggested(column, known, 'columns')}"
                )
        _refuse_kinds(name, text, frame)
        read = (behind.get(one, frozenset((one,))) for one in expression.columns)
        behind[name] = frozenset().union(*read)
        _refuse_answers(name, behind[name], frame, context)
        frame = frame.with_columns(_column(frame, name, expression))
    return frame


def _column(frame: pl.DataFrame, name: str, expression: Expression) -> pl.Series:
    """The new column: numbers, truth values or dates as they are, texts as categories."""
    plain = (
        pl.col(one).cast(pl.String if isinstance(dtype, pl.Enum) else pl.Float64)
        for one, dtype in frame.schema.items()
        if isinstance(dtype, pl.Enum) or dtype.is_integer()
    )
    texts = frame.with_columns(plain)
    try:
        made = texts.select(expression.made.alias(name))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise DataError(f"{name}: {str(error).splitlines()[0]}") from None
    series = (
        made[name]
        if made.height == frame.height
        else pl.Series(name, [made[name][0]] * frame.height)
    )
    if series.dtype == pl.String:
        return series.cast(pl.Enum(series.drop_nulls().unique().sort().to_list()))
    if series.dtype.is_numeric() or series.dtype == pl.Null:
        return series.cast(pl.Float64).fill_nan(None)
    if isinstance(series.dtype, pl.Duration):
        raise DataError(f"{name}: gives a time span; write days(a) - days(b)")
    return series


def _refuse_kinds(name: str, text: str, frame: pl.DataFrame) -> None:
    """Raises `DataError` where numbers, texts and dates are mixed."""
    kinds: dict[str, CellKind] = {}
    for column, dtype in frame.schema.items():
        if dtype != pl.Null:
            kinds[column] = (
                "dates"
                if dtype.is_temporal()
                else "numbers"
                if dtype.is_numeric() or dtype == pl.Boolean
                else "text"
            )
    try:
        refuse_kinds(text, kinds)
    except ExpressionError as error:
        raise DataError(
            f"{name}: at character {error.statement.place}: {error.statement.reason}"
        ) from None


def _refuse_answers(
    name: str, read: frozenset[str], frame: pl.DataFrame, context: Context
) -> None:
    """Raises `DataError` where a feature would hold the target, or the target be made of a feature."""
    if context.target in read and name != context.target:
        raise DataError(
            f"{name}: is made of the target {context.target}: a feature may not hold the answer"
        )
    others = (*context.kept, *context.aside, name)
    if name == context.target and (
        features := sorted(one for one in read if one not in others)
    ):
        raise DataError(
            f"{name}: the target is made of {features[0]}, a feature, which would give it away: name it in `drop`"
        )


STEP = CleaningStep(
    "derive", "Columns from columns", Options, "values", apply, {"make": {"double": "x * 2"}},
    adds=lambda options: tuple(options.make),
)  # fmt: skip
