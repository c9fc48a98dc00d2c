"""Everything a diagnostic may look at: the study, and what running and judging left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial

import polars as pl

from bench.core.explanations import EXPLAINED
from bench.core.frames import IMPORTANCE, UNAVAILABLE, VARIANCE, empty
from bench.core.rows import OWN
from bench.data.dataset import Dataset
from bench.diagnose._rows import Sample, sample_of
from bench.families import FAMILIES
from bench.scores.design import is_baseline, is_external
from bench.scores.external.place_names import PlaceNames
from bench.scores.series import Series, SeriesKey, series_of
from bench.scores.setting import Setting, setting_of
from bench.study import Study
from bench.study.models import ExternalFamily, FamilySpec


@dataclass(eq=False)
class DiagnosticEvidence:
    """The study and its frames; what is derived from them is made once, when it is first asked for.

    Attributes
    ----------
    study
        The study.
    tables, folds, scores, tuning, predictions, remarks, failures, duplicates
        The frames of these names in `bench.core.frames`; predictions are CLASSIFICATION or REGRESSION.
    read
        Gives the clean table of a dataset, or None where there is none.
    importance, explanations, variance, unavailable
        Frames that a study has only if it asks for them.
    names
        By dataset of an external table, what that calls its repeats, folds and rows.
    """

    study: Study
    tables: pl.DataFrame
    folds: pl.DataFrame
    scores: pl.DataFrame
    tuning: pl.DataFrame
    predictions: pl.DataFrame
    remarks: pl.DataFrame
    failures: pl.DataFrame
    duplicates: pl.DataFrame
    read: Callable[[str], Dataset | None] = lambda name: None
    importance: pl.DataFrame = field(default_factory=partial(empty, IMPORTANCE))
    explanations: pl.DataFrame = field(default_factory=partial(empty, EXPLAINED))
    variance: pl.DataFrame = field(default_factory=partial(empty, VARIANCE))
    unavailable: pl.DataFrame = field(default_factory=partial(empty, UNAVAILABLE))
    names: Mapping[str, PlaceNames] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Callable[[str], Sample | None]:
        """A function from a dataset to its clean rows (of many a seeded sample), or None where they are not here."""

        @cache
        def rows_of(dataset: str) -> Sample | None:
            table = None if is_external(self.study, dataset) else self.read(dataset)
            return None if table is None else sample_of(table, self.study.id)

        return rows_of

    @cached_property
    def samples(self) -> dict[str, Sample]:
        """The rows of every dataset that was split here and whose features are at hand, in the order of the study."""
        return {
            name: rows
            for name in self.split_here
            if (rows := self.rows(name)) is not None
        }

    @cached_property
    def split_here(self) -> tuple[str, ...]:
        """The datasets with scores of the primary metric, in the order of the study."""
        return tuple(dict.fromkeys(dataset for dataset, _ in self.subjects))

    @cached_property
    def tests(self) -> dict[str, pl.DataFrame]:
        """By dataset, the (repeat, fold, row) that were tested, in the order of the study."""
        chosen = self.predictions.lazy().filter((pl.col("side") == "test") & OWN)
        rows = (
            chosen.select("dataset", "repeat", "fold", "row")
            .unique()
            .sort("dataset", "repeat", "fold", "row")
        )
        parts = rows.collect().partition_by(
            "dataset", as_dict=True, include_key=False, maintain_order=True
        )
        return {name: parts[name,] for name in self.study.datasets if (name,) in parts}

    @cached_property
    def series(self) -> dict[str, dict[SeriesKey, Series]]:
        """The plain scores by side."""
        return {
            side: series_of(self.scores, side) for side in ("train", "inner", "test")
        }

    @cached_property
    def settings(self) -> dict[str, Setting]:
        """What the design of each dataset says about its scores."""
        return {
            name: setting_of(self.study, self.tables, self.folds, name)
            for name in self.study.datasets
        }

    @cached_property
    def subjects(self) -> list[tuple[str, str]]:
        """(dataset, family) with test scores of the primary metric, in the order of the study."""
        metric, series = self.study.metrics.primary, self.series["test"]
        families = self.study.families or {}
        return [
            (d, f)
            for d in self.study.datasets
            for f in families
            if (d, f, metric) in series
        ]

    @property
    def baselines(self) -> tuple[str, ...]:
        """The families that look at no feature."""
        return tuple(
            name for name in self.study.families or () if is_baseline(self.study, name)
        )

    def plain(self, dataset: str, side: str | None = None) -> pl.DataFrame:
        """The predictions of the study's own protocol on a dataset; of both sides, or of one."""
        rows = (pl.col("dataset") == dataset) & OWN
        return self.predictions.filter(
            rows if side is None else rows & (pl.col("side") == side)
        )

    def remarked(self, dataset: str, code: str) -> list[str]:
        """The columns of a dataset with a remark of this code."""
        rows = self.remarks.filter(
            (pl.col("dataset") == dataset) & (pl.col("code") == code)
        )
        return [str(column) for column in rows["column"].to_list()]

    def title(self, family: str) -> str:
        """The title that the study gives a family, else that of the registry; its id where two rows are of one."""
        rows = self.study.families or {}
        if family in rows and rows[family].title:
            return str(rows[family].title)
        keys = {name: _registered(name, spec) for name, spec in rows.items()}
        key = keys.get(family)
        alone = key == family or list(keys.values()).count(key) == 1
        return FAMILIES[key].title if key is not None and alone else family


def _registered(name: str, spec: FamilySpec | ExternalFamily) -> str | None:
    """The registered family of a row, if it is one."""
    if isinstance(spec, ExternalFamily) or spec.estimator is not None:
        return None
    key = spec.family or name
    return key if key in FAMILIES else None


def by_subject(frame: pl.DataFrame) -> dict[tuple[str, str], pl.DataFrame]:
    """The rows of each dataset and family, in the order of the frame."""
    parts = frame.partition_by("dataset", "family", as_dict=True, maintain_order=True)
    return {
        (str(dataset), str(family)): part for (dataset, family), part in parts.items()
    }
