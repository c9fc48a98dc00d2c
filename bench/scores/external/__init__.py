"""External results: scores or predictions that somebody else's fits left, as the frames that our own runs leave.

Nothing is fitted here. A table of predictions becomes predictions and folds; a table of scores becomes scores and
folds. The study and frames.TABLES get the datasets and families that the tables name, so that everything behind a run
(scores, comparisons, verdicts, diagnostics, the page) reads them as it reads what was fitted here.

What a table leaves open is reported, never filled in: without the sizes of training sets there is no interval, and
where only seeds vary, what varies is the seed. Families are compared on equal terms: each has every fold, and the same
rows in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from bench.core.errors import IncompatibleDataError
from bench.core.frames import (
    CLASSIFICATION,
    FOLDS,
    MISSING_RUNS,
    REGRESSION,
    SCORES,
    TABLES,
    empty,
)
from bench.data.target import positive_of
from bench.scores.external.place_names import PlaceNames
from bench.scores.external.predictions import folds_of_predictions, read_predictions
from bench.scores.external.scores import folds_of_scores, read_scores
from bench.scores.external.table import ExternalTable
from bench.study import DatasetSpec, Study
from bench.study.models import ExternalFamily


@dataclass(frozen=True, eq=False)
class ExternalResults:
    """The content of the external tables.

    `study`, `tables`: with every dataset and family that they name. `scores` (frames.SCORES), `predictions`
    (frames.CLASSIFICATION or REGRESSION), `folds` (frames.FOLDS), `missing` (frames.MISSING_RUNS): empty where there is
    no such table. `names`: by dataset of a table, what that calls its repeats, folds and rows.
    """

    study: Study
    tables: pl.DataFrame
    scores: pl.DataFrame
    predictions: pl.DataFrame
    folds: pl.DataFrame
    missing: pl.DataFrame
    names: Mapping[str, PlaceNames] = field(default_factory=dict)


@dataclass(frozen=True)
class _NamedDataset:
    """A dataset that a table names: how many rows it has, and its classes; None where the table holds scores."""

    name: str
    rows: int
    classes: list[str] | None = None
    positive: str | None = None


@dataclass(frozen=True, eq=False)
class _Part:
    """What one table holds."""

    table: ExternalTable
    datasets: tuple[_NamedDataset, ...]
    scores: pl.DataFrame
    predictions: pl.DataFrame
    folds: pl.DataFrame
    missing: pl.DataFrame


def external_results(
    study: Study, tables: pl.DataFrame, read: Callable[[str], pl.DataFrame]
) -> ExternalResults:
    """All external tables of a study; `read` gives the clean table of a dataset, `tables` is frames.TABLES.

    Raises `DataError` with table and row for what a table must not hold, `IncompatibleDataError` where the study is at
    fault.
    """
    external = {
        name: spec for name, spec in study.datasets.items() if spec.external is not None
    }
    parts = [
        _part(study, ExternalTable.of(name, spec, read(name)))
        for name, spec in external.items()
    ]
    _refuse_shared(study, parts)
    return ExternalResults(
        _with_names(study, parts) if parts else study,
        _with_datasets(tables, parts),
        pl.concat([empty(SCORES), *(part.scores for part in parts)], rechunk=True),
        pl.concat(
            [_no_predictions(study), *(part.predictions for part in parts)],
            rechunk=True,
        ),
        pl.concat([empty(FOLDS), *(part.folds for part in parts)], rechunk=True),
        pl.concat(
            [empty(MISSING_RUNS), *(part.missing for part in parts)], rechunk=True
        ),
        {one.name: part.table.names for part in parts for one in part.datasets},
    )


def _refuse_shared(study: Study, parts: Sequence[_Part]) -> None:
    """Raise `IncompatibleDataError` where two tables, or a table and the study, are about one dataset."""
    owners = {
        name: name for name, spec in study.datasets.items() if spec.external is None
    }
    for part in parts:
        for one in part.datasets:
            if (
                owner := owners.setdefault(one.name, part.table.name)
            ) != part.table.name:
                raise IncompatibleDataError(
                    ("datasets", part.table.name),
                    f"names the dataset {one.name}, which {owner} is about too; give one of them another name",
                )


def refuse_table(study: Study, name: str, table: pl.DataFrame) -> None:
    """Raise as `external_results` does for what one clean table must not hold; messages do not name the dataset."""
    _part(study, ExternalTable.of(name, study.datasets[name], table, beside_name=True))


def _no_predictions(study: Study) -> pl.DataFrame:
    return empty(REGRESSION if study.task == "regression" else CLASSIFICATION)


def _part(study: Study, table: ExternalTable) -> _Part:
    if table.spec.scores is not None:
        rows = table.frame.group_by("dataset", maintain_order=True).len()
        scores, missing = read_scores(table, table.spec.scores, study.metrics.names)
        folds = folds_of_scores(table, table.spec.scores)
        named = tuple(_NamedDataset(*row) for row in rows.iter_rows())
        return _Part(table, named, scores, _no_predictions(study), folds, missing)
    assert table.spec.predictions is not None
    if study.task is None:
        raise IncompatibleDataError(
            ("task",), "null, but there are predictions: classification or regression?"
        )
    predictions, classes = read_predictions(table, table.spec.predictions)
    rows = table.frame.group_by("dataset", maintain_order=True).agg(
        pl.col("row").n_unique()
    )
    named = tuple(
        _NamedDataset(
            name,
            count,
            classes.get(name),
            _positive(table, name, predictions, classes.get(name)),
        )
        for name, count in rows.iter_rows()
    )
    folds = folds_of_predictions(table, table.spec.predictions)
    return _Part(table, named, empty(SCORES), predictions, folds, empty(MISSING_RUNS))


def _positive(
    table: ExternalTable,
    dataset: str,
    predictions: pl.DataFrame,
    classes: list[str] | None,
) -> str | None:
    """The positive class of a dataset; None for a regression and for more than two classes."""
    if classes is None:
        return None
    rows = predictions.filter(pl.col("dataset") == dataset).unique("row", keep="any")
    return positive_of(
        rows["truth"].cast(pl.String), classes, table.spec.positive, table.where
    )


def _with_names(study: Study, parts: Sequence[_Part]) -> Study:
    """The study with the tables' datasets in the place of each table, and with the families that they name."""
    datasets: dict[str, DatasetSpec] = {}
    families = dict(study.families or {})
    named = {part.table.name: part for part in parts}
    for name, spec in study.datasets.items():
        if name not in named:
            datasets[name] = spec
            continue
        for one in named[name].datasets:
            datasets[one.name] = (
                spec if one.name == name else spec.model_copy(update={"title": None})
            )
        there = named[name].table.frame["family"].unique(maintain_order=True)
        families |= {
            family: ExternalFamily() for family in there if family not in families
        }
    return study.model_copy(update={"datasets": datasets, "families": families})


def _with_datasets(tables: pl.DataFrame, parts: Sequence[_Part]) -> pl.DataFrame:
    """frames.TABLES with a row for each dataset that an external table names."""
    facts = {"dataset": pl.String, "name": pl.String} | {
        key: TABLES[key] for key in ("rows", "classes", "positive")
    }
    rows = [
        (part.table.name, one.name, one.rows, one.classes, one.positive)
        for part in parts
        for one in part.datasets
    ]
    both = tables.join(
        pl.DataFrame(rows, facts, orient="row"),
        on="dataset",
        how="left",
        suffix="_there",
        maintain_order="left_right",
    )
    return both.with_columns(
        dataset=pl.coalesce("name", "dataset"),
        title=pl.when(pl.col("name") != pl.col("dataset"))
        .then("name")
        .otherwise("title"),
        **{
            key: pl.coalesce(f"{key}_there", key)
            for key in ("rows", "classes", "positive")
        },
    ).select(TABLES.names())
