"""What a cleaning step is, and how one is run and logged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel

from bench.core.errors import DataError, row_number, suggested
from bench.core.outcomes import Statement
from bench.core.registry import Registry
from bench.study.gone import find_gone
from bench.study.models import CleaningEntry, cleaning_parts
from bench.study.noted import StudyError
from bench.study.problems import validated
from bench.study.source_map import SourceMap
from bench.text.problems import UnknownWord

Phase = Literal["text", "values"]


@dataclass(frozen=True)
class Context:
    """What a step may know of the dataset: its target, its features, and columns that must stay.

    `kept` are columns with a role (target, group, time, ...); `aside` are dropped ones, which a step must be
    told of by name before it looks at them.
    """

    target: str | None = None
    kept: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()

    def chosen(self, frame: pl.DataFrame, columns: Iterable[str] | None) -> list[str]:
        """The named columns, checked; None: all but `row` and those set aside. Raises `DataError`."""
        known = dict.fromkeys(name for name in frame.columns if name != "row")
        if columns is None:
            aside = set(self.aside)
            return [name for name in known if name not in aside]
        for name in columns:
            if name not in known:
                raise DataError(
                    f"there is no column {name}; {suggested(name, known, 'columns')}"
                )
        return list(dict.fromkeys(columns))

    def texts(self, frame: pl.DataFrame, columns: Iterable[str] | None) -> list[str]:
        """The same for text columns; a named column that holds no text is an error."""
        chosen = self.chosen(frame, columns)
        schema = frame.schema
        wrong = [name for name in chosen if schema[name] != pl.String]
        if columns is not None and wrong:
            raise DataError(f"column {wrong[0]} holds {schema[wrong[0]]}, not text")
        return [name for name in chosen if name not in wrong]

    def rewritten(
        self,
        frame: pl.DataFrame,
        columns: Iterable[str],
        read: Callable[[pl.Series], pl.Series],
        what: str,
    ) -> pl.DataFrame:
        """The table with text columns as `read` reads them; what it gives null for is no `what`, and an error."""
        for name in self.texts(frame, columns):
            made = read(frame[name])
            bad = frame[name].is_not_null() & made.is_null()
            if bad.any():
                first = int(bad.arg_max() or 0)
                raise DataError(
                    f"column {name} holds {shown(frame[name][first])} in row"
                    f" {row_number(frame['row'][first])}, which is no {what} so written ({int(bad.sum())} such cells)"
                )
            frame = frame.with_columns(made)
        return frame


@dataclass(frozen=True)
class CleaningStep:
    """A cleaning step: a pure function of the table, with its options in the study file.

    Steps of phase `text` run before columns are typed (text columns are String), those of phase `values` after
    (numbers are Float64, categories Enum). `apply(frame, options, context)` may change cells, drop rows, and drop or
    add columns; it never changes `row`, the raw row number. It raises `DataError` with what is wrong,
    before which stand the names of dataset and step. `example`: parameters with which it changes the table of
    `tests/data/test_steps_contract.py`. `adds`: names of columns that it makes and that may have a role, such as the
    target.
    """

    name: str
    title: str
    options: type[BaseModel]
    phase: Phase
    apply: Callable[[pl.DataFrame, Any, Context], pl.DataFrame]
    example: Mapping[str, Any] | str = field(default_factory=dict)
    adds: Callable[[Any], tuple[str, ...]] = lambda options: ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of its options; none where its option is one value without a name."""
        return tuple(name for name in self.options.model_fields if name != "root")


STEPS: Registry[CleaningStep] = Registry(
    "bench.data.steps", CleaningStep, "cleaning step"
)


class StepFailedError(DataError):
    """What a cleaning step cannot do with its table: `where` it is and the step's name, then why.

    place: the keys of the step, under `clean`; why: by itself, for who says the place otherwise.
    """

    def __init__(self, where: str, step: Planned, why: str) -> None:
        super().__init__(f"{where}: {step.step.name}: {why}")
        self.where, self.place, self.why = where, step.place, why


@dataclass(frozen=True)
class Planned:
    """A step with its validated options and the JSON of its parameters as the study states them; `place`: its keys
    under `clean`."""

    step: CleaningStep
    options: Any
    parameters: str
    place: tuple[int | str, ...]


def unknown_step(name: str) -> Statement:
    """A word that is no cleaning step: one that is gone, or the nearest step."""
    return find_gone(("clean",), name) or UnknownWord(
        "cleaning step", name, tuple(STEPS), "cleaning steps"
    )


def planned(entries: Iterable[CleaningEntry], where: str) -> list[Planned]:
    """The steps of a study, checked. Raises `StudyError` with every mistake."""
    plan, problems = [], []
    place = SourceMap(where)
    for index, entry in enumerate(entries):
        name, parameters = cleaning_parts(entry)
        if name not in STEPS:
            problems.append(place.problem(("clean", index), unknown_step(name)))
            continue
        options, found = validated(
            STEPS[name].options, parameters, ("clean", index, name), place
        )
        problems += found
        stated = json.dumps(parameters, ensure_ascii=False, sort_keys=True, default=str)
        plan.append(
            Planned(
                STEPS[name],
                options,
                stated,
                (index,) if isinstance(entry, str) else (index, name),
            )
        )
    if problems:
        raise StudyError(problems)
    return plan


@dataclass
class Log:
    """The rows of frames.CLEANING, in the order in which the steps ran."""

    dataset: str
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(
        self, step: str, parameters: str, before: pl.DataFrame, after: pl.DataFrame
    ) -> None:
        cells, example = difference(before, after)
        self.rows.append(
            {
                "dataset": self.dataset,
                "order": len(self.rows),
                "step": step,
                "parameters": parameters,
                "rows_before": before.height,
                "rows_after": after.height,
                "columns_before": before.width - 1,
                "columns_after": after.width - 1,
                "cells_changed": cells,
                "example": example,
            }
        )


def difference(before: pl.DataFrame, after: pl.DataFrame) -> tuple[int, str | None]:
    """How many cells differ in the rows and columns that both tables have, and an example of what changed.

    Both hold `row` in rising order.
    """
    kept = (
        before
        if before.height == after.height
        else before.filter(before["row"].is_in(after["row"].implode()))
    )
    cells, example, old_names = 0, None, set(kept.columns)
    for name in after.columns:
        if name not in old_names:
            continue
        old, new = kept[name], after[name]
        if isinstance(old.dtype, pl.Enum) or old.dtype != new.dtype:
            old, new = old.cast(pl.String), new.cast(pl.String)
        changed = old.ne_missing(new)
        count = int(changed.sum())
        if count and example is None:
            first = int(changed.arg_max() or 0)
            example = f"{name}, row {row_number(after['row'][first])}: {shown(old[first])} -> {shown(new[first])}"
        cells += count
    return cells, example or _of_shape(before, after)


def _of_shape(before: pl.DataFrame, after: pl.DataFrame) -> str | None:
    """A row or a column that is gone, or a column that is new."""
    if before.height > after.height:
        gone = before.filter(~before["row"].is_in(after["row"].implode()))["row"][0]
        return f"row {row_number(gone)} was dropped"
    lost = [f"{one} was dropped" for one in before.columns if one not in after.columns]
    return next(
        iter(
            [
                *lost,
                *(
                    f"{one} was added"
                    for one in after.columns
                    if one not in before.columns
                ),
            ]
        ),
        None,
    )


def shown(value: object) -> str:
    """A cell in a message: text in quotes, missing as such."""
    if value is None:
        return "missing"
    return (
        f'"{value[:60]}"'
        if isinstance(value, str)
        else f"{value:.12g}"
        if isinstance(value, float)
        else str(value)
    )
