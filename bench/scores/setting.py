"""How the scores of one dataset vary, and which datasets are forms of one table."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from bench.core.rows import one_by_one
from bench.scores.series import Series
from bench.stats.noise import without_noise
from bench.study import Study
from bench.study.external import ExternalColumns
from bench.study.repeats import pilot_of


@dataclass(frozen=True)
class Setting:
    """How the scores of one dataset vary.

    ratio: n_test / n_train averaged over folds, None where nothing was split or nobody said how; folds, repeats: how
    many there should be in all; train_rows, test_rows: of one repeat; repeats_a_draw: of a simulation with its
    independent draws, else 0;
    runs: how often the same folds were fitted with new seeds, 1 where every repeat has folds of its own;
    pilot_repeats: how many of the first repeats decided how many there are, None where that was stated beforehand: then
    an error rate rests on the spread of these alone;
    seeds: what varies is the seed alone: runs elsewhere that kept their splits, or runs here on one fixed split;
    one_row: at least half of the test sets are one row.
    """

    ratio: float | None
    folds: int
    repeats: int
    train_rows: int
    test_rows: int
    repeats_a_draw: int
    runs: int = 1
    seeds: bool = False
    one_row: bool = False
    pilot_repeats: int | None = None

    @property
    def drawn(self) -> int:
        """How many repeats there are, or draws of a simulation."""
        return self.repeats // max(1, self.repeats_a_draw)

    @property
    def row_by_row(self) -> bool:
        """Whether a repeat has several test sets of (mostly) one row: predictions of them are scored together."""
        return self.one_row and self.folds > self.repeats

    @property
    def repeats_vary(self) -> bool:
        """Whether more repeats bring more values to a sample: runs of the same several folds do not."""
        return self.seeds or self.repeats_a_draw > 0 or self.runs <= 1

    def complete(self, series: Series) -> bool:
        """Whether every fold has its score: a mean over the folds that happened to work is no estimate."""
        return not self.folds or len(series.value) == (
            self.repeats if series.pooled else self.folds
        )

    def sample(self, series: Series) -> tuple[np.ndarray, float] | None:
        """The values that vary and the ratio that corrects their overlap; None where no error rate exists."""
        if self.seeds:  # given the splits, runs with other seeds are independent: what varies is the seed alone
            means = series.repeat_means()
            return (means, 0.0) if len(means) > 1 else None
        if self.repeats_a_draw:  # draws share no rows, so nothing overlaps
            means = series.repeat_means(self.repeats_a_draw)
            return (means, 0.0) if len(means) > 1 else None
        if self.ratio is None or self.one_row:
            return None
        # Runs on the same rows say nothing of other rows: a fold is what varies.
        values = series.fold_means() if self.runs > 1 else series.defined
        return None if len(values) < 2 or series.pooled else (values, self.ratio)


def setting_of(
    study: Study, tables: pl.DataFrame, folds: pl.DataFrame, dataset: str
) -> Setting:
    """The setting of one dataset; a dataset without folds (a row of a table of scores) has no ratio."""
    part = folds.filter(pl.col("dataset") == dataset)
    if part.is_empty():
        return Setting(None, 0, 0, 0, 0, 0)
    spec = study.datasets.get(dataset)
    external = spec.external if spec is not None else None
    repeats = part["repeat"].n_unique()
    draws = 0
    if external is None:
        draws = int(tables.filter(dataset=dataset)["draws"].sum())
    pilot = pilot_of(study, dataset)
    setting = Setting(
        ratio=_ratio(part, external),
        folds=len(part),
        repeats=repeats,
        train_rows=int(part["train_rows"].sum()) // repeats,
        test_rows=int(part["test_rows"].sum()) // repeats,
        repeats_a_draw=max(1, repeats // draws) if draws else 0,
        one_row=one_by_one(part["test_rows"].fill_null(0).to_list()),
        pilot_repeats=pilot.pilot if pilot is not None else None,
    )
    return _with_runs(setting, part, external)


def _ratio(folds: pl.DataFrame, external: ExternalColumns | None) -> float | None:
    """n_test / n_train: what the study states of folds made elsewhere, else by the sizes, where they are all known."""
    if external is not None and external.test_train_ratio is not None:
        return external.test_train_ratio
    if folds["train_rows"].null_count() or folds["test_rows"].null_count():
        return None
    return float((folds["test_rows"] / folds["train_rows"]).to_numpy().mean())


def _with_runs(
    setting: Setting, folds: pl.DataFrame, external: ExternalColumns | None
) -> Setting:
    """The setting with how often the same folds were fitted, and whether the seed is all that varies."""
    if external is not None:
        seeds = same_folds = external.repeats_are == "seeds"
    else:
        same_folds = folds["rows_sha256"].n_unique() * setting.repeats == len(folds)
        one_split = setting.repeats == len(folds) > 1
        seeds = same_folds and one_split and not setting.repeats_a_draw
    return replace(setting, runs=setting.repeats if same_folds else 1, seeds=seeds)


def unmoved_by_seeds(setting: Setting, a: np.ndarray, b: np.ndarray) -> bool:
    """Whether what varies is the seed, and it changes nothing between these two: then no chance has a part in it."""
    return setting.seeds and float(np.ptp(without_noise(a - b, a, b))) == 0.0


def origins(study: Study, tables: pl.DataFrame) -> dict[str, str]:
    """By dataset that is fitted here, the first one of the study with the same rows: itself, unless it is another form
    of that table.

    Two datasets are forms of one table where what was fetched has equal content (`raw_sha256`) and the same rows are
    kept by a condition: what else differs (features, target, cleaning) makes no other cases of them. Datasets from
    elsewhere are not looked at: one file may hold the scores on many.
    """
    first: dict[tuple[str, ...], str] = {}
    return {
        name: first.setdefault(rows, name)
        for name, rows in rows_of_tables(study, tables).items()
    }


def rows_of_tables(study: Study, tables: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """By dataset that is fitted here, which rows it has: the content of what was fetched, and what drops rows of it."""
    raw = {row["dataset"]: row["raw_sha256"] for row in tables.iter_rows(named=True)}
    return {
        name: (
            raw.get(name) or name,
            *(
                str(step)
                for step in study.clean_of(name)
                if not isinstance(step, str) and "where" in step
            ),
        )
        for name, spec in study.datasets.items()
        if spec.external is None
    }
