"""Scores as the judging rooms read them: the series of one dataset, family and metric, and how it varies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True, eq=False)
class Series:
    """The scores of one dataset, family and metric on one side, sorted by repeat and fold.

    repeat, fold (J,): fold is -1 where scores are pooled; value (J,): NaN where the metric is undefined.
    """

    repeat: np.ndarray
    fold: np.ndarray
    value: np.ndarray

    @property
    def defined(self) -> np.ndarray:
        """The defined values."""
        return self.value[np.isfinite(self.value)]

    @property
    def pooled(self) -> bool:
        return bool((self.fold < 0).all())

    @property
    def mean(self) -> float | None:
        """The mean of repeat means is the mean of all values when every repeat has as many folds."""
        return float(self.defined.mean()) if len(self.defined) else None

    def times(self, factor: float) -> Series:
        """The same series in another unit."""
        return Series(self.repeat, self.fold, self.value * factor)

    def repeat_means(self, repeats_a_draw: int = 1) -> np.ndarray:
        """The mean over folds of each repeat, or of each draw of a simulation; a repeat without a value is left out."""
        draw = self.repeat // repeats_a_draw
        means = (self.value[(draw == one) & np.isfinite(self.value)] for one in np.unique(draw))
        return np.array([float(values.mean()) for values in means if len(values)])


Key = tuple[str, str, str]


def series_of(scores: pl.DataFrame, side: str = "test") -> dict[Key, Series]:
    """The plain scores of one side by (dataset, family, metric), in the order of the frame."""
    plain = scores.filter((pl.col("side") == side) & (pl.col("variant") == "plain"))
    ordered = plain.with_columns(pl.col("fold").fill_null(-1), pl.col("value").fill_null(float("nan")))
    parts = ordered.sort("repeat", "fold", maintain_order=True).partition_by(
        "dataset", "family", "metric", as_dict=True, maintain_order=True
    )
    return {
        (str(d), str(f), str(m)): Series(*(part[name].to_numpy() for name in ("repeat", "fold", "value")))
        for (d, f, m), part in parts.items()
    }


@dataclass(frozen=True)
class Setting:
    """How the scores of one dataset vary.

    ratio: n_test / n_train averaged over folds, None where nothing was split; folds, repeats: how many there should be
    in all; train_rows, test_rows: of one repeat; repeats_a_draw: of a simulation with its independent draws, else 0.
    """

    ratio: float | None
    folds: int
    repeats: int
    train_rows: int
    test_rows: int
    repeats_a_draw: int

    def complete(self, series: Series) -> bool:
        """Whether every fold has its score: a mean over the folds that happened to work is no estimate."""
        return self.ratio is None or len(series.value) == (self.repeats if series.pooled else self.folds)

    def sample(self, series: Series) -> tuple[np.ndarray, float] | None:
        """The values that vary and the ratio that corrects their overlap; None where no error rate exists."""
        if self.ratio is None:
            return None
        values = series.repeat_means(self.repeats_a_draw) if self.repeats_a_draw else series.defined
        if len(values) < 2 or (series.pooled and not self.repeats_a_draw):
            return None
        return values, 0.0 if self.repeats_a_draw else self.ratio


def setting_of(tables: pl.DataFrame, folds: pl.DataFrame, dataset: str) -> Setting:
    """The setting of one dataset; a dataset without folds (a row of a table of scores) has no ratio."""
    part = folds.filter(pl.col("dataset") == dataset)
    if part.is_empty():
        return Setting(None, 0, 0, 0, 0, 0)
    ratio, repeats = float((part["test_rows"] / part["train_rows"]).to_numpy().mean()), part["repeat"].n_unique()
    draws = tables.filter(pl.col("dataset") == dataset)["draws"].to_list()
    a_draw = max(1, repeats // draws[0]) if draws and draws[0] else 0
    train, test = (int(part[name].sum()) // repeats for name in ("train_rows", "test_rows"))
    return Setting(ratio, len(part), repeats, train, test, a_draw)


def matched(a: Series, b: Series) -> tuple[Series, Series]:
    """Both series on the folds where both are defined; they hold the same folds in the same order."""
    both = np.isfinite(a.value) & np.isfinite(b.value)
    return Series(a.repeat[both], a.fold[both], a.value[both]), Series(b.repeat[both], b.fold[both], b.value[both])
