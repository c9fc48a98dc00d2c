"""Scores as the judging rooms read them: the series of one dataset, family and metric, and how it varies."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from bench.core.frames import FALLBACK
from bench.stats.noise import kept_decimals


@dataclass(frozen=True, eq=False)
class Series:
    """The scores of one dataset, family and metric on one side, sorted by repeat and fold.

    repeat, fold (J,): fold is -1 where scores are pooled; value (J,): NaN where the metric is undefined. size: of
    differences, the largest of the scores that they are differences of.
    """

    repeat: np.ndarray
    fold: np.ndarray
    value: np.ndarray
    size: float = field(default=0.0, kw_only=True)

    @property
    def decimals(self) -> int:
        """How many decimals of what is computed from these values are no float noise."""
        return kept_decimals(self.value, self.size)

    @property
    def defined(self) -> np.ndarray:
        """The defined values."""
        defined: np.ndarray = self.value[np.isfinite(self.value)]
        return defined

    @property
    def pooled(self) -> bool:
        return bool((self.fold < 0).all())

    @property
    def mean(self) -> float | None:
        """The mean of repeat means is the mean of all values when every repeat has as many folds."""
        return float(self.defined.mean()) if len(self.defined) else None

    def times(self, factor: float) -> Series:
        """The same series in another unit."""
        return replace(self, value=self.value * factor, size=self.size * abs(factor))

    def minus(self, other: Series) -> Series:
        """The differences from a series on the same folds."""
        sizes = np.abs(
            np.concatenate([self.defined, other.defined, [self.size, other.size]])
        )
        return replace(self, value=self.value - other.value, size=float(sizes.max()))

    @property
    def keys(self) -> list[tuple[int, int]]:
        """The repeat and fold of each value."""
        return list(zip(self.repeat.tolist(), self.fold.tolist(), strict=True))

    @property
    def by_fold(self) -> dict[tuple[int, int], float]:
        """The defined values by repeat and fold."""
        return {
            key: value
            for key, value in zip(self.keys, self.value.tolist(), strict=True)
            if np.isfinite(value)
        }

    def on(self, keys: Container[tuple[int, int]]) -> Series:
        """The same series on these repeats and folds alone."""
        kept = np.array([key in keys for key in self.keys], dtype=bool)
        return replace(
            self, repeat=self.repeat[kept], fold=self.fold[kept], value=self.value[kept]
        )

    def moved(self, places: Mapping[tuple[int, int], tuple[int, int]]) -> Series:
        """The defined values of some repeats and folds, at others."""
        values = self.by_fold
        return _from_folds(
            {there: values[here] for here, there in places.items() if here in values}
        )

    def filled(self, other: Series) -> Series:
        """The same series with another one's values in the places where this one has none."""
        return _from_folds(other.by_fold | self.by_fold)

    def between(self, zero: Series, one: Series) -> Series:
        """Each value as its share of the way from one series to another, where all three are defined."""
        low, high = zero.by_fold, one.by_fold
        widths = {
            fold: high[fold] - low[fold]
            for fold in low.keys() & high.keys()
            if high[fold] != low[fold]
        }
        own = {fold: value for fold, value in self.by_fold.items() if fold in widths}
        return _from_folds(
            {fold: (value - low[fold]) / widths[fold] for fold, value in own.items()}
        )

    def fold_means(self) -> np.ndarray:
        """The mean over repeats of each fold; a fold without a value is left out."""
        means = (
            self.value[(self.fold == one) & np.isfinite(self.value)]
            for one in np.unique(self.fold)
        )
        return np.array([float(values.mean()) for values in means if len(values)])

    def by_repeat(self, repeats_a_draw: int = 1) -> dict[int, float]:
        """The mean over folds of each repeat, or of each draw of a simulation; a repeat without a value is left out."""
        draw = self.repeat // repeats_a_draw
        values = {
            one: self.value[(draw == one) & np.isfinite(self.value)]
            for one in np.unique(draw).tolist()
        }
        return {one: float(its.mean()) for one, its in values.items() if len(its)}

    def repeat_means(self, repeats_a_draw: int = 1) -> np.ndarray:
        """The same means alone, in order."""
        return np.array(list(self.by_repeat(repeats_a_draw).values()))


def _from_folds(values: Mapping[tuple[int, int], float]) -> Series:
    keys = sorted(values)
    repeat, fold = (np.array([key[part] for key in keys], dtype=int) for part in (0, 1))
    return Series(repeat, fold, np.array([values[key] for key in keys], dtype=float))


#: Dataset, family, metric.
SeriesKey = tuple[str, str, str]
SeriesByKey = Mapping[SeriesKey, Series]


def series_of(
    scores: pl.DataFrame, side: str = "test", variants: Iterable[str] = ("plain",)
) -> dict[SeriesKey, Series]:
    """The scores of one side and these variants by (dataset, family, metric), in the order of the frame."""
    chosen = scores.filter(
        (pl.col("side") == side) & pl.col("variant").is_in(list(variants))
    )
    ordered = chosen.with_columns(
        pl.col("fold").fill_null(-1), pl.col("value").fill_null(float("nan"))
    )
    groups = ordered.sort("repeat", "fold", maintain_order=True).group_by(
        "dataset", "family", "metric", maintain_order=True
    )
    parts = groups.agg("repeat", "fold", "value")
    return {
        (d, f, m): Series(*(one.to_numpy() for one in values))
        for d, f, m, *values in zip(*parts, strict=True)
    }


def with_fallback(scores: pl.DataFrame) -> dict[SeriesKey, Series]:
    """The test scores, those of a baseline in the places of failed cells.

    Where no family has a score of its own there is nothing to compare, and nothing stands in. Nor does it for a metric
    that the family never has (log loss without probabilities): a mean of nothing but stand-ins would be no family's.
    """
    own, both = series_of(scores), series_of(scores, variants=("plain", FALLBACK))
    scored = {(dataset, metric) for dataset, _, metric in own}
    undefined = {key for key, one in own.items() if one.mean is None}
    return {
        key: own[key] if key in undefined else one for key, one in both.items() if (key[0], key[2]) in scored
    }  # fmt: skip


def of_subject(
    series: Mapping[SeriesKey, Series],
    dataset: str,
    metric: str,
    order: Collection[str],
) -> dict[str, Series]:
    """The series of one dataset and metric by family."""
    return {
        family: series[key]
        for family in order
        if (key := (dataset, family, metric)) in series
    }


def matched(a: Series, b: Series) -> tuple[Series, Series]:
    """Both series on the folds where both are defined, in the same order."""
    if a.keys != b.keys:
        common = set(a.keys) & set(b.keys)
        a, b = a.on(common), b.on(common)
    both = np.isfinite(a.value) & np.isfinite(b.value)
    return Series(a.repeat[both], a.fold[both], a.value[both]), Series(
        b.repeat[both], b.fold[both], b.value[both]
    )


@dataclass(frozen=True, eq=False)
class MeanTable:
    """Mean scores over datasets, the dataset being the unit: what every test over datasets starts from.

    value (N, k): NaN where a family has no estimate; fallbacks (N, k): how many of the scores behind a mean stand in
    for failed cells.
    """

    datasets: tuple[str, ...]
    families: tuple[str, ...]
    value: np.ndarray
    fallbacks: np.ndarray

    def of(self, families: Sequence[str]) -> MeanTable:
        """These families alone, on the datasets where each of them has a mean."""
        columns = [self.families.index(family) for family in families]
        value, counts = self.value[:, columns], self.fallbacks[:, columns]
        whole = np.isfinite(value).all(axis=1)
        kept = tuple(
            dataset for dataset, good in zip(self.datasets, whole, strict=True) if good
        )
        return MeanTable(kept, tuple(families), value[whole], counts[whole])

    def gaps(self, families: Sequence[str]) -> list[tuple[str, str]]:
        """The datasets and families, of these, that have no mean."""
        columns = [self.families.index(family) for family in families]
        absent = np.argwhere(~np.isfinite(self.value[:, columns])).tolist()
        return [(self.datasets[row], families[column]) for row, column in absent]

    @property
    def complete(self) -> MeanTable:
        """Every family, on the datasets where all have a mean."""
        return self.of(self.families)

    def by_origin(self, origin: Mapping[str, str]) -> MeanTable:
        """The forms of one table as one dataset, under the name of the first, with the mean of their means: the same
        cases are one dataset however often they are looked at."""
        places: dict[str, list[int]] = {}
        for i, name in enumerate(self.datasets):
            places.setdefault(origin.get(name, name), []).append(i)
        if len(places) == len(self.datasets):
            return self
        value = np.array([self.value[rows].mean(axis=0) for rows in places.values()])
        counts = np.array(
            [self.fallbacks[rows].sum(axis=0) for rows in places.values()]
        )
        return MeanTable(tuple(places), self.families, value, counts)


def mean_table(cells: Iterable[tuple[str, str, float | None, int]]) -> MeanTable:
    """The means of one metric from (dataset, family, mean, fallbacks), in their order.

    A family or dataset without any mean is left out.
    """
    known = {
        (dataset, family): (mean, count)
        for dataset, family, mean, count in cells
        if mean is not None
    }
    datasets, families = (
        tuple(dict.fromkeys(key[place] for key in known)) for place in (0, 1)
    )
    value, fallbacks = (
        np.full((len(datasets), len(families)), np.nan),
        np.zeros((len(datasets), len(families)), int),
    )
    for (dataset, family), (mean, count) in known.items():
        place = datasets.index(dataset), families.index(family)
        value[place], fallbacks[place] = mean, count
    return MeanTable(datasets, families, value, fallbacks)
