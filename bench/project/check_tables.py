"""Tables that lie in a study's folder, before any stage: whatever cleaning or a run would refuse, all at once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from bench.core.errors import BenchError, DataError, IncompatibleDataError
from bench.core.outcomes import Statement
from bench.data.step import StepFailedError
from bench.study import CleaningSteps, DatasetSpec, Draft, Study
from bench.study.noted import Problem, Remark, StudyError
from bench.study.source_map import Path as KeyPath
from bench.text.problems import Said, UnknownWord

if TYPE_CHECKING:
    from bench.data.clean import Clean
    from bench.project.folder import ProjectFolder


def table_problems(project: ProjectFolder, draft: Draft) -> list[Problem]:
    """What is wrong with the tables that a study reads from its own folder. Tables of other sources are not read."""
    study, problems = draft.readable, list[Problem]()
    cleans: list[Clean] = []
    for name, spec in study.datasets.items():
        if spec.source.kind == "csv":
            problems += _of_dataset(
                project, draft, name, None if draft.problems else cleans
            )
    if (
        not draft.problems
        and not problems
        and cleans
        and study.families is not None
        and study.task is not None
    ):
        folds: list[pl.DataFrame] = []
        problems += [
            draft.where.problem(path, statement)
            for path, statement in _of_run(study, cleans, folds)
        ]
        if not problems and folds:
            tables = pl.concat([clean.table for clean in cleans])
            problems += list_other_cases(draft, tables, pl.concat(folds))
    if draft.problems or problems:
        return problems
    draft.remarks += _groups_alike(draft, cleans)
    return _of_results(draft, cleans)


def list_other_cases(
    draft: Draft, tables: pl.DataFrame, folds: pl.DataFrame
) -> list[Problem]:
    """Counts that a claim prints out of other cases than its dataset, or a test set, has.

    `tables`, `folds`: rows of frames.TABLES and frames.FOLDS.
    """
    from bench.claims import other_cases

    tested = folds.group_by("dataset").agg(pl.col("test_rows").max())
    both = tables.join(tested, on="dataset").select("dataset", "rows", "test_rows")
    sizes = {name: (rows, largest) for name, rows, largest in both.iter_rows()}
    problems, study = list[Problem](), draft.study()
    for claim, (where, path) in zip(study.judged, draft.claim_places, strict=True):
        wrong = other_cases(claim, study, sizes)
        if wrong is not None:
            problems.append(where.problem((*path, "value"), wrong))
    return problems


def _of_dataset(
    project: ProjectFolder, draft: Draft, name: str, cleans: list[Clean] | None
) -> list[Problem]:
    """The mistakes of one dataset, in their places."""
    study = draft.readable
    try:
        found = list(_of_table(project, study, name, study.datasets[name], cleans))
    except StudyError as error:
        return list(error.problems)
    except StepFailedError as error:
        return [_of_step(draft, name, error)]
    except IncompatibleDataError as error:
        return [
            draft.where.problem(
                study.place_of_protocol(name, error.path), _said(error, name)
            )
        ]
    return [
        draft.where.problem(("datasets", name, *path), statement)
        for path, statement in found
    ]


def _of_step(draft: Draft, name: str, error: StepFailedError) -> Problem:
    """What a cleaning step cannot do, at its place: in the dataset, or in the study, where several may share it."""
    if "clean" not in draft.readable.datasets[name].model_fields_set:
        return draft.where.problem(
            ("clean", *error.place), Said(f"{error.where}: {error.why}")
        )
    return draft.where.problem(
        ("datasets", name, "clean", *error.place), Said(error.why)
    )


def _groups_alike(draft: Draft, cleans: list[Clean]) -> Iterator[Remark]:
    """Groups whose names differ only in case: one patient may be two."""
    from bench.data.remarks import alike

    for clean in cleans:
        name = str(clean.table["dataset"][0])
        for column in clean.columns("group"):
            if clean.types[column] == "categorical":
                for remark in alike(clean.frame[column]):
                    place = ("datasets", name, "group")
                    yield draft.where.remark(place, remark.statement)


def _of_results(draft: Draft, cleans: list[Clean]) -> list[Problem]:
    """What the scores or predictions of each table cannot be judged for: the first of each table."""
    from bench.scores.external import refuse_table

    study, problems = draft.study(), list[Problem]()
    for clean in cleans:
        name = str(clean.table["dataset"][0])
        spec = study.datasets[name]
        if spec.external is None:
            continue
        try:
            refuse_table(study, name, clean.frame)
        except IncompatibleDataError as error:
            problems.append(draft.where.problem(error.path, Said(error.message)))
        except DataError as error:
            block = "scores" if spec.scores is not None else "predictions"
            problems.append(
                draft.where.problem(("datasets", name, block), Said(str(error)))
            )
    return problems


def _read(project: ProjectFolder, study: Study, spec: DatasetSpec) -> pl.DataFrame:
    """A table as its source gives it, within the memory of a cell."""
    from bench.data.room import within
    from bench.data.table import read_table

    with within(project.settings.megabytes_per_cell):
        return read_table(spec, project.paths.study(study.id), project.paths.downloads)


def _of_table(
    project: ProjectFolder,
    study: Study,
    name: str,
    spec: DatasetSpec,
    cleans: list[Clean] | None,
) -> Iterator[tuple[KeyPath, Statement]]:
    """The mistakes of one dataset; a table without any joins the clean ones, where its study has no other mistake."""
    from bench.data.clean import clean_table, misfits
    from bench.data.faults import refuse_ranges

    try:
        raw = _read(project, study, spec)
    except StudyError:
        raise
    except BenchError as error:
        yield ("source",), _said(error, name)
        return
    if (protocol := study.protocol_of(name)) is not None:
        refuse_ranges(
            protocol.resampling,
            raw.height,
            f"dataset {name}",
            ("protocol", "resampling"),
        )
    splits = study.split_columns(name)
    unknown = list(_names(raw, spec, splits, _added(study.clean_of(name), name)))
    yield from unknown
    if unknown:
        return
    about = (name, raw, spec, study.clean_of(name), study.task)
    try:
        wrong = misfits(*about, split_columns=splits)
        for column, message in wrong.items():
            at = (
                ("types", column)
                if column in spec.types
                else ("target",)
                if column == spec.target
                else ("source",)
            )
            yield at, _plain(message, name)
        if not wrong and cleans is not None:
            cleans.append(clean_table(*about, split_columns=splits))
    except IncompatibleDataError as error:
        yield error.path[2:], _said(error, name)
    except (StudyError, StepFailedError):
        raise
    except BenchError as error:
        yield (), _said(error, name)


def _added(steps: CleaningSteps, name: str) -> tuple[str, ...]:
    """The columns that cleaning makes."""
    from bench.data.step import planned

    return tuple(
        column
        for one in planned(steps, f"dataset {name}")
        for column in one.step.adds(one.options)
    )


def _names(
    raw: pl.DataFrame,
    spec: DatasetSpec,
    splits: tuple[str, ...],
    added: tuple[str, ...],
) -> Iterator[tuple[KeyPath, Statement]]:
    """Every column that a dataset names and its table does not have."""
    from bench.data.roles import LAST, free_of_row

    renamed = free_of_row(raw.columns)
    known = tuple(renamed.get(name, name) for name in raw.columns)
    known += (*added, *(raw.columns if spec.external is not None else ()))
    for path, column in _named(spec, splits):
        if column not in known and not (path == ("target",) and column == LAST):
            yield path, UnknownWord("column", column, known, "columns")


def _named(spec: DatasetSpec, splits: tuple[str, ...]) -> Iterator[tuple[KeyPath, str]]:
    """Every column that a dataset names, and where."""
    for key in ("target", "group", "time"):
        if (value := getattr(spec, key)) is not None:
            yield (key,), value
    for key, values in (("drop", spec.drop), ("features", spec.features or ())):
        yield from (((key, place), value) for place, value in enumerate(values))
    yield from ((("types", column), column) for column in spec.types)
    yield from ((("protocol", "resampling", "column"), column) for column in splits)
    if spec.external is not None:
        block = "scores" if spec.scores is not None else "predictions"
        yield from (
            ((block, *key.split(".")), column)
            for key, column in spec.external.columns.items()
        )


def _of_run(
    study: Study, cleans: list[Clean], folds: list[pl.DataFrame]
) -> Iterator[tuple[KeyPath, Statement]]:
    """What a run would refuse before it fits: folds that cannot be made, categories that cannot be encoded.

    The folds of each dataset are added to `folds`.
    """
    from bench.data.load import read_dataset, write_clean
    from bench.run.store import Store
    from bench.run.study import grid_of

    with tempfile.TemporaryDirectory() as folder, Store(None) as store:
        write_clean(Path(folder), cleans)
        for name in (str(clean.table["dataset"][0]) for clean in cleans):
            if study.datasets[name].external is not None:
                continue
            try:
                dataset = read_dataset(Path(folder), name, study.task)
                folds.append(grid_of(study, [dataset], store).folds)
            except IncompatibleDataError as error:
                yield study.place_of_protocol(name, error.path), _said(error, name)


def _said(error: BenchError, name: str) -> Statement:
    return _plain(
        error.message if isinstance(error, IncompatibleDataError) else str(error), name
    )


def _plain(message: str, name: str) -> Statement:
    """A message without the name of the dataset, which the path says."""
    return Said(message.removeprefix(f"dataset {name}: "))
