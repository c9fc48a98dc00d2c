"""External results: scores or predictions that somebody else's fits left, as the frames that our own runs leave.

Nothing is fitted here. A table of predictions becomes predictions and folds; a table of scores becomes scores and
folds. The study and frames.TABLES get the datasets and families that the tables name, so that everything behind a run
(scores, comparisons, verdicts, diagnostics, the page) reads them as it reads what was fitted here.

What a table leaves open is reported, never filled in: without the sizes of training sets there is no interval, and
where only seeds vary, what varies is the seed. Families are compared on equal terms: each has every fold, and the same
rows in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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

    study, tables: with every dataset and family that they name; scores (frames.SCORES),
    predictions, folds (frames.FOLDS), missing (frames.MISSING_RUNS): empty where there is no
    such table; names: by dataset of a table, what that calls its repeats, folds and rows.
    """

    study: Study
    tables: pl.DataFrame
    scores: pl.DataFrame
    predictions: pl.DataFrame
    folds: pl.DataFrame
    missing: pl.DataFrame
    names: Mapping[str, PlaceNames] = field(default_factory=dict)


_FACTS = pl.Schema({"dataset": pl.String, "name": pl.String}) | {
    key: TABLES[key] for key in ("rows", "classes", "positive")
}


@dataclass(frozen=True, eq=False)
class _Part:
    """What one table holds; facts: a row for each dataset that it names."""

    table: ExternalTable
    facts: pl.DataFrame
    scores: pl.DataFrame
    predictions: pl.DataFrame
    folds: pl.DataFrame
    missing: pl.DataFrame


def external_results(
    study: Study,
    tables: pl.DataFrame,
    read: Callable[[str], pl.DataFrame],
    *,
    beside_name: bool = False,
) -> ExternalResults:
    """All external tables of a study.

    _part(study, ExternalTable.of(name, spec, read(name), beside_name=beside_name))
    for name, spec in study.datasets.items()
    if spec.external is not None
    """
    parts = [
        _part(study, ExternalTable.of(name, spec, read(name), beside_name=beside_name))
        for name, spec in study.datasets.items()
        if spec.external is not None
    ]
    _refuse_shared(study, parts)
    own = REGRESSION if study.task == "regression" else CLASSIFICATION
    predictions = [part.predictions for part in parts if len(part.predictions)]
    return ExternalResults(
        study=_with_names(study, parts) if parts else study,
        tables=_with_datasets(tables, parts),
        scores=pl.concat([empty(SCORES), *(p.scores for p in parts)], rechunk=True),
        predictions=pl.concat([empty(own), *predictions], rechunk=True),
        folds=pl.concat([empty(FOLDS), *(p.folds for p in parts)], rechunk=True),
        missing=pl.concat(
            [empty(MISSING_RUNS), *(p.missing for p in parts)], rechunk=True
        ),
        names={name: part.table.names for part in parts for name in part.facts["name"]},
    )


def refuse_table(study: Study, name: str, table: pl.DataFrame) -> None:
    """Raise as `external_results` does for what one clean table must not hold; messages do
    not name the dataset."""
    _part(study, ExternalTable.of(name, study.datasets[name], table, beside_name=True))


def _refuse_shared(study: Study, parts: Sequence[_Part]) -> None:
    """Raise where two tables, or a table and the study, are about one dataset."""
    specs = study.datasets.items()
    owners = {name: name for name, spec in specs if spec.external is None}
    for part in parts:
        for name in part.facts["name"]:
            owner = owners.setdefault(name, part.table.name)
            if owner != part.table.name:
                raise IncompatibleDataError(
                    ("datasets", part.table.name),
                    f"names the dataset {name}, which {owner} is about too; "
                    "give one of them another name",
                )


def _part(study: Study, table: ExternalTable) -> _Part:
    groups = table.frame.group_by("dataset", maintain_order=True)
    if table.spec.scores is not None:
        facts = groups.len().select(
            pl.lit(table.name).alias("dataset"),
            pl.col("dataset").alias("name"),
            pl.col("len").alias("rows"),
            pl.lit(None).alias("classes"),
            pl.lit(None).alias("positive"),
        )
        scores, missing = read_scores(table, table.spec.scores, study.metrics.names)
        folds = folds_of_scores(table, table.spec.scores)
        predictions = empty(CLASSIFICATION)
    else:
        assert table.spec.predictions is not None
        if study.task is None:
            raise IncompatibleDataError(
                ("task",), "null, but there are predictions: write `classification`"
            )
        predictions, classes = read_predictions(table, table.spec.predictions)
        folds = folds_of_predictions(table, table.spec.predictions)
        scores, missing = empty(SCORES), empty(MISSING_RUNS)
        rows = list(_facts_of_predictions(table, predictions, classes))
        facts = pl.DataFrame(rows, _FACTS, orient="row")
    return _Part(table, facts.cast(dict(_FACTS)), scores, predictions, folds, missing)  # type: ignore[arg-type]


def _facts_of_predictions(
    table: ExternalTable, predictions: pl.DataFrame, classes: Mapping[str, list[str]]
) -> Iterator[tuple[object, ...]]:
    """The facts of each dataset, in the order of the table."""
    for name, labels in classes.items():
        rows = predictions.filter(dataset=name).unique("row", keep="any")
        truth = rows["truth"].cast(pl.String)
        positive = positive_of(truth, labels, table.spec.positive, table.where)
        yield table.name, name, len(rows), labels, positive


def _with_names(study: Study, parts: Sequence[_Part]) -> Study:
    """The study with the tables' datasets in the place of each table, and with the families
    that they name."""
    datasets: dict[str, DatasetSpec] = {}
    families = dict(study.families or {})
    named = {part.table.name: part for part in parts}
    for name, spec in study.datasets.items():
        if name not in named:
            datasets[name] = spec
            continue
        untitled = spec.model_copy(update={"title": None})
        for dataset in named[name].facts["name"]:
            datasets[dataset] = spec if dataset == name else untitled
        for family in named[name].table.frame["family"].unique(maintain_order=True):
            families.setdefault(family, ExternalFamily())
    return study.model_copy(update={"datasets": datasets, "families": families})


def _with_datasets(tables: pl.DataFrame, parts: Sequence[_Part]) -> pl.DataFrame:
    """frames.TABLES with a row for each dataset that an external table names."""
    facts = pl.concat([empty(_FACTS), *(part.facts for part in parts)])
    both = tables.join(
        facts, on="dataset", how="left", suffix="_there", maintain_order="left_right"
    )
    is_other = pl.col("name") != pl.col("dataset")
    counts = ("rows", "classes", "positive")
    return both.with_columns(
        dataset=pl.coalesce("name", "dataset"),
        title=pl.when(is_other).then("name").otherwise("title"),
        **{key: pl.coalesce(f"{key}_there", key) for key in counts},
    ).select(TABLES.names())
