"""A table of external results under plain names, and how what it must not hold is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import polars as pl

from bench.core.errors import DataError, IncompatibleDataError, row_number, suggested
from bench.data.roles import held_as
from bench.data.target import as_number
from bench.scores.external.place_names import ExternalNames, PlaceNames
from bench.study import DatasetSpec

#: Columns of words, whatever they look like.
WORDS = ("dataset", "family", "repeat", "fold", "row", "label", "metric")


@dataclass(frozen=True, eq=False)
class ExternalTable:
    """One clean table under plain names.

    name, spec: the dataset of the study that it is; columns: the column behind each key of
    the study file; labels: what the table calls its repeats and its folds, in order, where
    it has columns of them; raw: the table as it was read; where: what a message about it
    begins with. frame: `at` (the row in the raw table, from 0), `dataset`, `family`,
    `repeat` and `fold` from 0 (`fold` null in a table of scores without repeats and folds),
    and the others under their keys.
    """

    name: str
    spec: DatasetSpec
    columns: Mapping[str, str]
    labels: Mapping[str, list[str]]
    frame: pl.DataFrame
    raw: pl.DataFrame
    where: str

    @classmethod
    def of(
        cls,
        name: str,
        spec: DatasetSpec,
        raw: pl.DataFrame,
        *,
        beside_name: bool = False,
    ) -> ExternalTable:
        """The table under plain names; raises `IncompatibleDataError` for a column that it
        does not have.

        beside_name: whether messages stand where the dataset is named already.
        """
        assert spec.external is not None
        file = spec.source.parameters.get("file")
        whose = () if beside_name else (f"dataset {name}",)
        where = ", ".join([*whose, *([str(file)] if file else [])]) or "the table"
        columns = spec.external.columns
        if "row" not in raw.columns:
            raw = raw.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
        named = [
            _column(name, spec, key, column, raw).alias(key)
            for key, column in columns.items()
        ]
        frame = raw.select(pl.col("row").alias("at"), *named)
        if "dataset" not in columns:
            frame = frame.with_columns(dataset=pl.lit(name))
        labels: dict[str, list[str]] = {
            key: in_order(frame[key]) for key in ("repeat", "fold") if key in columns
        }
        one_fold = spec.predictions is not None or bool(labels)
        frame = frame.with_columns(
            _code("repeat", labels.get("repeat"), 0),
            _code("fold", labels.get("fold"), 0 if one_fold else None),
        )
        return cls(name, spec, columns, labels, frame, raw, where)

    def fold(self, repeat: int, fold: int | None) -> str:
        """A fold in the words of the table."""
        codes = {"repeat": repeat, "fold": fold}
        parts = [
            f"{key} {labels[code]}"
            for key, labels in self.labels.items()
            if (code := codes[key]) is not None
        ]
        return ", ".join(parts) or "its test set"

    @cached_property
    def names(self) -> PlaceNames:
        """What the table calls its repeats, folds and rows."""
        rows = in_order(self.frame["row"]) if "row" in self.columns else []
        return ExternalNames(
            self.labels.get("repeat"),
            self.labels.get("fold"),
            None if are_whole(rows) else rows,
        )

    def refuse(self, rows: pl.DataFrame, sentence: str, **more: Any) -> None:
        """Raise `DataError` for bad rows, if there are any.

        sentence: what is to be said of the first of them, with its columns in braces, `where`
        (its fold) and whatever else is given.
        """
        if rows.is_empty():
            return
        first = rows.sort("at").row(0, named=True)
        where = self.fold(first["repeat"], first["fold"])
        said = sentence.format_map(first | {"where": where} | more)
        several = f" ({rows.height} such rows)" if rows.height > 1 else ""
        raise DataError(f"{self.where}: row {row_number(first['at'])}: {said}{several}")

    def check_equal_terms(
        self, frame: pl.DataFrame, key: Literal["metric", "row"]
    ) -> None:
        """Raise `DataError` unless every family of a dataset has the same metrics, or rows,
        in the same folds."""
        for part in frame.partition_by("dataset", maintain_order=True):
            families = part["family"].unique(maintain_order=True).to_list()
            present = pl.col("family").over(
                "repeat", "fold", key, mapping_strategy="join"
            )
            part = part.with_columns(present.alias("present"))
            lacking = part.filter(pl.col("present").list.n_unique() < len(families))
            if lacking.is_empty():
                continue
            first = lacking.sort("at").row(0, named=True)
            lost = next(name for name in families if name not in first["present"])
            self.refuse(
                lacking.unique(["repeat", "fold", key], keep="first"),
                "{family} has {what} in {where} on {dataset}, {lost} has not: families are "
                "compared on equal terms only; complete the table, or {instead}",
                what=f"row {first['row']}" if key == "row" else first["metric"],
                lost=lost,
                instead="drop the rows in `clean`"
                if key == "row"
                else "say what becomes of such runs: `missing_runs`",
            )


def _column(
    name: str, spec: DatasetSpec, key: str, column: str, raw: pl.DataFrame
) -> pl.Expr:
    held = held_as(column, raw.columns)
    if held not in raw.columns:
        block = "scores" if spec.scores is not None else "predictions"
        raise IncompatibleDataError(
            ("datasets", name, block, *key.split(".")),
            f"there is no column {column}; {suggested(column, raw.columns, 'columns')}",
        )
    return pl.col(held).cast(pl.String) if key in WORDS else pl.col(held)


def in_order(column: pl.Series) -> list[str]:
    """The observed words, as numbers if all are, else alphabetical."""
    words = column.unique().to_list()
    numbers = {word: as_number(word) for word in words}
    numeric = all(number is not None for number in numbers.values())
    return sorted(words, key=lambda word: (numbers[word] if numeric else 0, word))


def are_whole(words: Sequence[str]) -> bool:
    """Whether all words are whole numbers from 0, so written that each number is one word."""
    return all(word.isdecimal() and str(int(word)) == word for word in words)


def _code(key: str, labels: list[str] | None, without: int | None) -> pl.Expr:
    """The place of each label, or one number for all rows of a table that has none."""
    if labels is None:
        return pl.lit(without, dtype=pl.Int32).alias(key)
    return pl.col(key).replace_strict(
        labels, list(range(len(labels))), return_dtype=pl.Int32
    )
