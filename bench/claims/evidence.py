"""What was measured for a study: its frames, as claims read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial

import polars as pl

from bench.core.frames import MISSING_RUNS, empty
from bench.core.outcomes import Statement
from bench.core.rows import FAILED, OWN
from bench.scores.class_mix import ClassMeans, class_means
from bench.scores.compute import classes_of
from bench.scores.design import alpha_of, is_external, tables_of
from bench.scores.halves import TestedHalves, tested_halves
from bench.scores.printed_units import printed_units
from bench.scores.series import Series, SeriesKey, series_of
from bench.scores.setting import Setting, origins, setting_of
from bench.study import Study
from bench.study.models import ExternalFamily


class NotTestableError(Exception):
    """A claim cannot be judged; `reasons` are statements of why."""

    def __init__(self, *reasons: Statement) -> None:
        super().__init__(", ".join(str(reason.code) for reason in reasons))
        self.reasons = reasons


@dataclass(frozen=True, eq=False, kw_only=True)
class ClaimEvidence:
    """Everything that was measured.

    Attributes
    ----------
    series : dict
        The scores, by side.
    setting_of : callable
        How the scores of a dataset vary.
    halves_of : callable
        What tests of a dataset and metric use of disjoint halves of the rows.
    mix_of : callable
        The mean scores of a dataset and metric by class; without predictions there are
        none, and no interval holds the class mix.
    lacking : frozenset
        Of external tables, the datasets, families and metrics with missing runs.
    standard_errors : mapping
        Of scores that are estimates with an error of their own.
    """

    study: Study
    tables: pl.DataFrame
    folds: pl.DataFrame
    estimates: pl.DataFrame
    failures: pl.DataFrame
    series: dict[str, dict[SeriesKey, Series]]
    setting_of: Callable[[str], Setting]
    halves_of: Callable[[str, str], TestedHalves]
    mix_of: Callable[[str, str], ClassMeans]
    lacking: frozenset[SeriesKey]
    standard_errors: Mapping[SeriesKey, float]

    @classmethod
    def of(cls, study: Study, frames: Mapping[str, pl.DataFrame]) -> ClaimEvidence:
        """From the frames tables, folds, scores, estimates and failures; predictions,
        missing_runs and standard_errors where they are there."""
        tables, folds, scores = (frames[name] for name in ("tables", "folds", "scores"))
        missing = frames.get("missing_runs", empty(MISSING_RUNS))
        missing = missing.select("dataset", "family", "metric").unique()
        errors = frames.get("standard_errors", pl.DataFrame())
        classes, predictions = classes_of(tables), frames.get("predictions")

        def mix_of(dataset: str, metric: str) -> ClassMeans:
            named = classes.get(dataset)
            return class_means(study, dataset, named, predictions, metric)

        return cls(
            study=study,
            tables=tables,
            folds=folds,
            estimates=frames["estimates"],
            failures=frames["failures"],
            series={
                side: series_of(scores, side) for side in ("train", "inner", "test")
            },
            setting_of=cache(partial(setting_of, study, tables, folds)),
            halves_of=cache(partial(tested_halves, study, scores)),
            mix_of=cache(mix_of),
            lacking=frozenset(missing.iter_rows()),
            standard_errors={row[:3]: row[3] for row in errors.iter_rows()},
        )

    @cached_property
    def alpha(self) -> float:
        """The level of the study's tests."""
        return alpha_of(self.study)

    @cached_property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that are fitted, in the order of the study, then those of tables
        of scores by their names."""
        specs = self.study.datasets.items()
        fitted = [name for name, spec in specs if spec.scores is None]
        scored = {dataset for side in self.series.values() for dataset, _, _ in side}
        return (*fitted, *sorted(scored - set(fitted)))

    @cached_property
    def origin(self) -> dict[str, str]:
        """By dataset, the first one with the same rows."""
        return origins(self.study, self.tables)

    @cached_property
    def failed(self) -> pl.DataFrame:
        """The study's own cells that left no result."""
        return self.failures.filter(OWN & FAILED)

    @cached_property
    def lost(self) -> dict[tuple[str, str], list[tuple[str, ...]]]:
        """Stage and reason of each cell that failed, by dataset and family."""
        lost: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        columns = self.failed.select("dataset", "family", "stage", "reason")
        for dataset, family, *why in columns.iter_rows():
            lost.setdefault((dataset, family), []).append(tuple(why))
        return lost

    def tried(self, datasets: Iterable[str], side: str, metric: str) -> list[str]:
        """The families that have or should have scores of a metric on some of these
        datasets, those of the study first: none that only another table names."""
        here = set(datasets)
        is_fitted = any(not is_external(self.study, name) for name in here)
        cells = [cell for series in self.series.values() for cell in series]
        scored = {family for dataset, family, _ in cells if dataset in here}
        families = []
        for name, spec in (self.study.families or {}).items():
            is_own = is_fitted and not isinstance(spec, ExternalFamily)
            if is_own or name in scored:
                families.append(name)
        for dataset, family, name in (*self.series[side], *sorted(self.lacking)):
            if dataset in here and name == metric:
                families.append(family)
        return list(dict.fromkeys(families))

    def are_printed(self, datasets: Iterable[str]) -> bool:
        """Whether each model has one score on each of these datasets, in a table of
        scores, as a paper prints them."""
        return self.printed.issuperset(datasets)

    @cached_property
    def printed(self) -> frozenset[str]:
        """The datasets of which that holds."""
        again = (pl.col("fold") > 0) | (pl.col("repeat") > 0)
        several = self.folds.filter(again)["dataset"].unique()
        specs = self.study.datasets.items()
        tables = {name for name, spec in specs if spec.scores is not None}
        return frozenset(tables.difference(several))

    @cached_property
    def printed_units(self) -> Callable[[str, str], Mapping[str, float]]:
        """By side and metric, the unit of the last decimal of the scores of each printed
        dataset."""
        tables = tables_of(self.study, self.printed)
        return cache(
            lambda side, metric: printed_units(self.series[side], tables, metric)
        )
