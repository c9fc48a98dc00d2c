"""Scores as the judging rooms read them: the series of one dataset, family and metric, and how it varies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from bench.core.frames import FALLBACK
from bench.stats.ranks import rank_rows
from bench.study import Study


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

    def fold_means(self) -> np.ndarray:
        """The mean over repeats of each fold; a fold without a value is left out."""
        means = (self.value[(self.fold == one) & np.isfinite(self.value)] for one in np.unique(self.fold))
        return np.array([float(values.mean()) for values in means if len(values)])

    def repeat_means(self, repeats_a_draw: int = 1) -> np.ndarray:
        """The mean over folds of each repeat, or of each draw of a simulation; a repeat without a value is left out."""
        draw = self.repeat // repeats_a_draw
        means = (self.value[(draw == one) & np.isfinite(self.value)] for one in np.unique(draw))
        return np.array([float(values.mean()) for values in means if len(values)])


#: Dataset, family, metric.
SeriesKey = tuple[str, str, str]


def series_of(
    scores: pl.DataFrame, side: str = "test", variants: Iterable[str] = ("plain",)
) -> dict[SeriesKey, Series]:
    """The scores of one side and these variants by (dataset, family, metric), in the order of the frame."""
    chosen = scores.filter((pl.col("side") == side) & pl.col("variant").is_in(list(variants)))
    ordered = chosen.with_columns(pl.col("fold").fill_null(-1), pl.col("value").fill_null(float("nan")))
    parts = ordered.sort("repeat", "fold", maintain_order=True).partition_by(
        "dataset", "family", "metric", as_dict=True, maintain_order=True
    )
    return {
        (str(d), str(f), str(m)): Series(*(part[name].to_numpy() for name in ("repeat", "fold", "value")))
        for (d, f, m), part in parts.items()
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


def complete_cases(have: Mapping[str, Series]) -> dict[str, float]:
    """Each family's mean over the folds on which all that have any score have one; empty without such folds."""
    folds = {
        family: {(int(r), int(f)) for r, f, v in zip(one.repeat, one.fold, one.value, strict=True) if np.isfinite(v)}
        for family, one in have.items()
    }
    have = {family: one for family, one in have.items() if folds[family]}
    common = reduce(set.intersection, (folds[family] for family in have)) if have else set()
    if not common:
        return {}

    def mean(one: Series) -> float:
        kept = [(int(r), int(f)) in common for r, f in zip(one.repeat, one.fold, strict=True)]
        return float(one.value[np.array(kept)].mean())

    return {family: mean(one) for family, one in have.items()}


@dataclass(frozen=True)
class Sensitivity:
    """What a choice of policy does to the order of families, where cells failed.

    with_fallback, complete_cases: by family, means on one dataset, or mean ranks over all; a family that finished no
    complete case is not in the second. `reversed`: pairs (a, b), a before b by the first and behind it by the second.
    """

    with_fallback: dict[str, float]
    complete_cases: dict[str, float]
    reversed: tuple[tuple[str, str], ...]


def sensitivities(
    scores: pl.DataFrame, metric: str, higher_is_better: bool, order: Iterable[str]
) -> dict[str | None, Sensitivity]:
    """By dataset with failed cells, and under None over all datasets: what the policy does to the order of families.

    A complete case is a fold that every family finished; over datasets it is a dataset that every family finished, but
    for families that finished none. `order`: the families, as the study has them.
    """
    own, both = series_of(scores), with_fallback(scores)
    found: dict[str | None, Sensitivity] = {}
    whole: dict[str, dict[str, float]] = {}
    finished: dict[str, dict[str, float]] = {}
    for dataset in dict.fromkeys(d for d, _, m in both if m == metric):
        names = [family for family in order if (dataset, family, metric) in both]
        mine = {f: own[dataset, f, metric] for f in names if (dataset, f, metric) in own}
        means = {f: mean for f in names if (mean := both[dataset, f, metric].mean) is not None}
        done = [f for f in mine if len(mine[f].value) == len(both[dataset, f, metric].value)]
        whole[dataset], finished[dataset] = means, {f: means[f] for f in done if f in means}
        if len(done) < len(names):
            found[dataset] = _sensitivity(means, complete_cases(mine), higher_is_better)
    if found and len(whole) > 1:
        first, second = (_mean_ranks(tables, higher_is_better) for tables in (whole, finished))
        found[None] = _sensitivity(first, second, higher_is_better=False)
    return found


def _sensitivity(first: dict[str, float], second: dict[str, float], higher_is_better: bool) -> Sensitivity:
    """Differences beyond the ninth decimal are none."""
    turn = 1 if higher_is_better else -1
    moved = []
    for a, b in combinations([family for family in first if family in second], 2):
        signs = [np.sign(round(turn * (means[a] - means[b]), 9)) for means in (first, second)]
        if signs[0] * signs[1] < 0:
            moved.append((a, b) if signs[0] > 0 else (b, a))
    return Sensitivity(first, second, tuple(moved))


def _mean_ranks(tables: Mapping[str, dict[str, float]], higher_is_better: bool) -> dict[str, float]:
    """Mean ranks over the datasets on which every family has a mean; empty when there is none."""
    families = list(dict.fromkeys(family for means in tables.values() for family in means))
    lines = [[means[f] for f in families] for means in tables.values() if len(means) == len(families)]
    if not lines or not families:
        return {}
    ranks = rank_rows(np.array(lines), higher_is_better=higher_is_better).mean(axis=0)
    return {family: float(rank) for family, rank in zip(families, ranks, strict=True)}


@dataclass(frozen=True)
class Setting:
    """How the scores of one dataset vary.

    ratio: n_test / n_train averaged over folds, None where nothing was split or nobody said how; folds, repeats: how
    many there should be in all; train_rows, test_rows: of one repeat; repeats_a_draw: of a simulation with its
    independent draws, else 0;
    runs: how often the same folds were fitted with new seeds, 1 where every repeat has folds of its own;
    seeds: what varies is the seed alone: runs elsewhere that kept their splits, or runs here on one fixed split;
    one_row: every test set is one row.
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

    def complete(self, series: Series) -> bool:
        """Whether every fold has its score: a mean over the folds that happened to work is no estimate."""
        return not self.folds or len(series.value) == (self.repeats if series.pooled else self.folds)

    def sample(self, series: Series) -> tuple[np.ndarray, float] | None:
        """The values that vary and the ratio that corrects their overlap; None where no error rate exists."""
        if self.seeds:  # given the splits, runs with other seeds are independent: what varies is the seed alone
            means = series.repeat_means()
            return (means, 0.0) if len(means) > 1 else None
        if self.ratio is None or self.one_row:
            return None
        values = series.repeat_means(self.repeats_a_draw) if self.repeats_a_draw else series.defined
        if self.runs > 1:  # runs on the same rows say nothing of other rows: a fold is what varies
            values = series.fold_means()
        if len(values) < 2 or (series.pooled and not self.repeats_a_draw):
            return None
        return values, 0.0 if self.repeats_a_draw else self.ratio


def setting_of(study: Study, tables: pl.DataFrame, folds: pl.DataFrame, dataset: str) -> Setting:
    """The setting of one dataset; a dataset without folds (a row of a table of scores) has no ratio.

    Of folds made elsewhere the sizes may be unknown; then there is a ratio only where the study states it.
    """
    part = folds.filter(pl.col("dataset") == dataset)
    if part.is_empty():
        return Setting(None, 0, 0, 0, 0, 0)
    spec = study.datasets.get(dataset)
    given = spec.external if spec is not None else None
    sizes, repeats = part.drop_nulls(["train_rows", "test_rows"]), part["repeat"].n_unique()
    ratio = float((sizes["test_rows"] / sizes["train_rows"]).to_numpy().mean()) if len(sizes) == len(part) else None
    ratio = given.test_train_ratio if given is not None and given.test_train_ratio is not None else ratio
    draws = tables.filter(pl.col("dataset") == dataset)["draws"].to_list()
    a_draw = max(1, repeats // draws[0]) if draws and draws[0] else 0
    train, test = (int(part[name].sum()) // repeats for name in ("train_rows", "test_rows"))
    told = given is not None and given.repeats_are == "seeds"
    alike = told if given is not None else part["rows_sha256"].n_unique() * repeats == len(part)
    one_split = given is None and alike and repeats == len(part) > 1 and not a_draw
    seeds = told or one_split
    one_row = given is not None and bool((part["test_rows"] == 1).fill_null(False).all())
    return Setting(ratio, len(part), repeats, train, test, a_draw, repeats if alike else 1, seeds, one_row)


def unmoved_by_seeds(setting: Setting, a: np.ndarray, b: np.ndarray) -> bool:
    """Whether what varies is the seed, and it changes nothing between these two: then no chance has a part in it."""
    return setting.seeds and float(np.ptp(np.round(a - b, 9))) == 0.0


def matched(a: Series, b: Series) -> tuple[Series, Series]:
    """Both series on the folds where both are defined; they hold the same folds in the same order."""
    both = np.isfinite(a.value) & np.isfinite(b.value)
    return Series(a.repeat[both], a.fold[both], a.value[both]), Series(b.repeat[both], b.fold[both], b.value[both])


def origins(study: Study, tables: pl.DataFrame) -> dict[str, str]:
    """By dataset that is fitted here, the first one of the study with the same rows: itself, unless it is another form
    of that table.

    Two datasets are forms of one table where what was fetched has equal content (`raw_sha256`) and the same rows are
    dropped by a condition: what else differs (features, target, cleaning) makes no other cases of them. Datasets from
    elsewhere are not looked at: one file may hold the scores on many.
    """
    raw = {row["dataset"]: row["raw_sha256"] for row in tables.iter_rows(named=True)}
    first: dict[tuple[Any, ...], str] = {}
    found = {}
    for name, spec in study.datasets.items():
        if spec.external is None:
            chosen = [str(step) for step in study.clean_of(name) if not isinstance(step, str) and "drop_rows" in step]
            key = (raw.get(name) or name, *chosen)
            found[name] = first.setdefault(key, name)
    return found


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
        kept = tuple(dataset for dataset, good in zip(self.datasets, whole, strict=True) if good)
        return MeanTable(kept, tuple(families), value[whole], counts[whole])

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
        counts = np.array([self.fallbacks[rows].sum(axis=0) for rows in places.values()])
        return MeanTable(tuple(places), self.families, value, counts)


def mean_table(cells: Iterable[tuple[str, str, float | None, int]]) -> MeanTable:
    """The means of one metric from (dataset, family, mean, fallbacks), in their order.

    A family or dataset without any mean is left out.
    """
    known = {(dataset, family): (mean, count) for dataset, family, mean, count in cells if mean is not None}
    datasets, families = (tuple(dict.fromkeys(key[place] for key in known)) for place in (0, 1))
    value, fallbacks = np.full((len(datasets), len(families)), np.nan), np.zeros((len(datasets), len(families)), int)
    for (dataset, family), (mean, count) in known.items():
        place = datasets.index(dataset), families.index(family)
        value[place], fallbacks[place] = mean, count
    return MeanTable(datasets, families, value, fallbacks)
