"""Rows by a condition."""

from __future__ import annotations

import polars as pl
from pydantic import ConfigDict, RootModel

from bench.core.errors import DataError
from bench.data.expressions import RowExpression, evaluate, parse
from bench.data.step import CleaningStep, Context


class Options(RootModel[RowExpression]):
    """Keep the rows for which an expression of SQL is true; where a missing value leaves it open, the row goes."""

    model_config = ConfigDict(frozen=True)


def apply(frame: pl.DataFrame, options: Options, context: Context) -> pl.DataFrame:
    kept = evaluate(parse(options.root), frame)
    if kept.dtype != pl.Boolean:
        raise DataError("gives values; expected a condition, such as age > 18")
    return frame.filter(kept)


STEP = CleaningStep(
    "where",
    "Keep rows by a condition, in SQL: `{where: age BETWEEN 18 AND 99}`",
    Options,
    "values",
    apply,
    "x < 50",
)
