"""A table of external results under plain names, and how what it must not hold is reported."""

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
WORDS = ("dataset", "family", "repeat", "fold", "row", "label", "metric", "side")


@dataclass(frozen=True)
class BadRows:
    """Rows that a table must not hold: where the first one stands, its values by column, and how many there are."""

    where: str
    first: Mapping[str, Any]
    count: int

    def error(self, sentence: str) -> DataError:
        """The error that says so of the first one."""
        return DataError(
            f"{self.where}: {sentence}"
            + (f" ({self.count} such rows)" if self.count > 1 else "")
        )


@dataclass(frozen=True, eq=False)
class ExternalTable:
    """One clean table under plain names."""

    #: name, spec: the dataset of the study that it is
    name: str
    spec: DatasetSpec
    columns: Mapping[str, str]  # the column behind each key of the study file
    #: What the table calls its repeats and its folds, in their order; a key that it has no column for is absent
    labels: Mapping[str, list[str]]
    #: `at` (the row in the raw table, from 0), `dataset`, `family`, `repeat` and `fold` from 0 (`fold` null in a table
    #: of scores without repeats and folds), and the others under their keys
    frame: pl.DataFrame
    raw: pl.DataFrame  # the table as it was read
    where: str  # what a message about it begins with

    @classmethod
    def of(
        cls,
        name: str,
        spec: DatasetSpec,
        raw: pl.DataFrame,
        *,
        beside_name: bool = False,
    ) -> ExternalTable:
        """The table under plain names; raises `IncompatibleDataError` for a column that it does not have.

        beside_name: whether messages stand where the dataset is named already.
        """
        assert spec.external is not None
        file = spec.source.parameters.get("file")
        whose = () if beside_name else (f"dataset {name}",)
        where = ", ".join([*whose, *([str(file)] if file else [])]) or "the table"
        columns = spec.external.columns
        place = (
            pl.col("row")
            if "row" in raw.columns
            else pl.int_range(pl.len(), dtype=pl.Int64)
        )
        named = [
            _column(name, spec, key, column, raw).alias(key)
            for key, column in columns.items()
        ]
        frame = raw.select(place.alias("at"), *named)
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

    def at(self, row: int) -> str:
        """A row in a message."""
        return f"{self.where}: row {row_number(row)}"

    def fold(self, repeat: int, fold: int | None) -> str:
        """A fold in the words of the table."""
        codes = {"repeat": repeat, "fold": fold}
        known = (
            (key, self.labels[key], code)
            for key, code in codes.items()
            if key in self.labels
        )
        parts = [
            f"{key} {labels[code]}" for key, labels, code in known if code is not None
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

    def bad(self, rows: pl.DataFrame) -> BadRows | None:
        """What is to be said of some bad rows; None without any."""
        if rows.is_empty():
            return None
        first = rows.sort("at").row(0, named=True)
        return BadRows(self.at(first["at"]), first, rows.height)

    def check_sizes(self, key: str) -> None:
        """Raise `DataError` unless a column of numbers of rows holds whole numbers from 1."""
        if bad := self.bad(
            self.frame.filter((pl.col(key) < 1) | (pl.col(key) != pl.col(key).floor()))
        ):
            raise bad.error(
                f"{bad.first[key]:g} in {self.columns[key]} is no number of rows"
            )

    def check_equal_terms(
        self, frame: pl.DataFrame, key: Literal["metric", "row"]
    ) -> None:
        """Raise `DataError` unless every family of a dataset has the same metrics, or rows, in the same folds."""
        for (dataset,), part in frame.partition_by(
            "dataset", as_dict=True, maintain_order=True
        ).items():
            families = part["family"].unique(maintain_order=True).to_list()
            counts = (
                part.group_by("repeat", "fold", key)
                .agg(pl.col("family"), pl.col("at").min())
                .sort("at")
            )
            lacking = counts.filter(pl.col("family").list.n_unique() < len(families))
            if lacking.is_empty():
                continue
            row = lacking.row(0, named=True)
            lost = next(family for family in families if family not in row["family"])
            what = f"row {row[key]}" if key == "row" else row[key]
            side = (
                " on training rows"
                if key == "metric" and part["side"][0] == "train"
                else ""
            )
            raise DataError(
                f"{self.at(row['at'])}: {row['family'][0]} has {what}{side} in "
                f"{self.fold(row['repeat'], row['fold'])} on {dataset}, {lost} has not ({lacking.height} such in all): "
                f"families are compared on the same {'rows' if key == 'row' else 'scores'} only; complete the table, "
                + (
                    "or drop the rows in `clean`"
                    if key == "row"
                    else "or say what becomes of such runs: `missing_runs`"
                )
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
