"""Columns from other columns of the same row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import polars as pl
from pydantic import ConfigDict, Field, RootModel

from bench.core.errors import DataError
from bench.data.expressions import RowExpression, evaluate, parse
from bench.data.step import CleaningStep, Context
from bench.study.fields import Text


class Options(RootModel[Annotated[Mapping[Text, RowExpression], Field(min_length=1)]]):
    """Each column is an expression of SQL of other columns, and may use those above it. A column that is there already
    is replaced. The target may be made, but no feature may be made of the target, nor the target of a feature.
    """

    model_config = ConfigDict(frozen=True)


def apply(frame: pl.DataFrame, options: Options, context: Context) -> pl.DataFrame:
    behind: dict[str, frozenset[str]] = {}
    for name, text in options.root.items():
        expression = parse(text)
        read = [behind.get(one, frozenset((one,))) for one in expression.columns]
        behind[name] = frozenset().union(*read)
        try:
            made = evaluate(expression, frame)
            _refuse_answers(name, behind[name], context)
        except DataError as error:
            raise DataError(f"{name}: {error}") from None
        old = frame.schema.get(name)
        frame = frame.with_columns(_column(made, old).alias(name))
    return frame


def _column(made: pl.Series, old: pl.DataType | None) -> pl.Series:
    """Texts as categories: those of the column that is replaced, as long as they hold all; the rest as it is."""
    if made.dtype == pl.Null:
        return made.cast(pl.Float64)
    if made.dtype != pl.String:
        return made
    words = made.drop_nulls().unique().sort()
    if isinstance(old, pl.Enum) and words.is_in(old.categories.implode()).all():
        return made.cast(old)
    return made.cast(pl.Enum(words))


def _refuse_answers(name: str, read: frozenset[str], context: Context) -> None:
    """Raises `DataError` where a feature would hold the target, or the target be made of a feature."""
    if context.target in read and name != context.target:
        raise DataError(
            f"is made of the target {context.target}: a feature may not hold the answer"
        )
    others = (*context.kept, *context.aside, name)
    features = sorted(one for one in read if one not in others)
    if name == context.target and features:
        raise DataError(
            f"the target is made of {features[0]}, a feature, which would give it away:"
            " name it in `drop`"
        )


STEP = CleaningStep(
    "derive",
    "Columns from columns, by SQL: `{derive: {area: width * height}}`",
    Options,
    "values",
    apply,
    {"double": "x * 2"},
    adds=lambda options: tuple(options.root),
)
