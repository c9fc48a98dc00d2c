"""Families on one dataset, over its folds: every pair, what the design can see, and whether the first stays first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from bench.core.comparisons import PairRow
from bench.core.metrics import METRICS
from bench.scores.design import alpha_of, draws_chance, level_of, rope_of
from bench.scores.series import Series, matched
from bench.scores.setting import Setting, unmoved_by_seeds
from bench.stats.adjust import holm
from bench.stats.bayes import correlated_t
from bench.stats.paired import corrected_t, differences
from bench.stats.precision import repeats_to_tell, resolution
from bench.study import Study


@dataclass(frozen=True, eq=False)
class FoldPair:
    """Two families on the folds where both have a score: a, b (J,), the values that vary; n_test / n_train."""

    a: np.ndarray
    b: np.ndarray
    ratio: float


@dataclass(frozen=True)
class FirstPlace:
    """The family with the best mean, and bounds of the probability that it is truly the best of those tested."""

    family: str
    low: float
    high: float


@dataclass(frozen=True)
class DatasetPairs:
    """Every pair of families on one dataset and metric; `first` is None where nothing was tested."""

    rows: tuple[PairRow, ...]
    first: FirstPlace | None


def pairs_on_dataset(
    study: Study, setting: Setting, subject: tuple[str, str], series: dict[str, Series]
) -> DatasetPairs:
    """The pairs of families on a (dataset, metric); `series` has the scores of each family, `fallbacks` are not set."""
    dataset, metric = subject
    rows, pairs = [], dict[tuple[str, str], FoldPair]()
    for family, against in combinations(series, 2):
        row = PairRow(dataset=dataset, family=family, against=against, metric=metric)
        pair = _pair(setting, series[family], series[against])
        if isinstance(pair, FoldPair):
            pairs[family, against] = pair
            row = _tested(study, row, pair)
        rows.append(row if isinstance(pair, FoldPair) else replace(row, difference=pair))
    adjusted = iter(holm(np.array([row.p for row in rows if row.p is not None])))
    rows = [row if row.p is None else replace(row, p_adjusted=float(next(adjusted))) for row in rows]
    seen = [
        _seen(study, setting, row, pairs[row.family, row.against], len(pairs)) if row.p is not None else row
        for row in rows
    ]
    return DatasetPairs(tuple(seen), _first(metric, series, pairs))


def _pair(setting: Setting, first: Series, second: Series) -> FoldPair | float | None:
    """The pair; its mean difference alone where no error rate exists; None where a fold has no score."""
    if not (setting.complete(first) and setting.complete(second)) or not setting.folds:
        return None
    a, b = matched(first, second)
    if a.mean is None or b.mean is None:
        return None
    sample_a, sample_b = setting.sample(a), setting.sample(b)
    if sample_a is None or sample_b is None or unmoved_by_seeds(setting, sample_a[0], sample_b[0]):
        return a.mean - b.mean
    return FoldPair(sample_a[0], sample_b[0], sample_a[1])


def _tested(study: Study, row: PairRow, pair: FoldPair) -> PairRow:
    test = corrected_t(pair.a, pair.b, test_train_ratio=pair.ratio, level=level_of(study))
    row = replace(row, difference=test.difference, low=test.low, high=test.high, p=test.p_value)
    rope = rope_of(study, row.metric)
    if rope is None:
        return row
    chances = correlated_t(pair.a, pair.b, test_train_ratio=pair.ratio, rope=rope)
    return replace(row, p_less=chances.p_less, p_rope=chances.p_rope, p_greater=chances.p_greater)


def _seen(study: Study, setting: Setting, row: PairRow, pair: FoldPair, tests: int) -> PairRow:
    """The row with the least significant difference, and how many repeats would make this one significant.

    At the level of Holm's first step: whatever the other pairs give.
    """
    sd, alpha = differences(pair.a, pair.b)[1], alpha_of(study)
    if sd == 0:
        return row
    level = 1 - alpha / tests
    least = resolution(sd, len(pair.a), test_train_ratio=pair.ratio, level=level)
    row = replace(row, resolution=least.now, resolution_limit=least.floor)
    repeatable = draws_chance(study, row.dataset) or setting.repeats_a_draw > 0
    if row.p_adjusted is None or row.difference is None or row.p_adjusted < alpha or not repeatable:
        return row
    folds = 1 if setting.repeats_a_draw else max(1, setting.folds // setting.repeats)
    repeats = repeats_to_tell(row.difference, sd, folds_a_repeat=folds, test_train_ratio=pair.ratio, level=level)
    return replace(row, repeats_help=repeats is not None, repeats_to_decide=repeats)


def _first(metric: str, series: Mapping[str, Series], pairs: Mapping[tuple[str, str], FoldPair]) -> FirstPlace | None:
    """Bounds of the probability that the family with the best mean is truly the best of those that were tested.

    From the posteriors of its differences to each other family: at least 1 - the sum of the chances that a rival is
    better, at most the least chance to be better than a rival, however the differences go together. Folds share
    training rows, so a bootstrap over folds would take the place for far too certain.
    """
    turn = 1 if METRICS[metric].higher_is_better else -1
    tested = {family for pair in pairs for family in pair}
    means = {name: mean for name, one in series.items() if name in tested and (mean := one.mean) is not None}
    if len(means) < 2:
        return None
    best = max(means, key=lambda family: round(turn * means[family], 9))
    behind = []
    for (a, b), pair in pairs.items():
        if best in (a, b):
            chances = correlated_t(pair.a, pair.b, test_train_ratio=pair.ratio, rope=0)
            behind.append(chances.p_less if (a == best) == (turn > 0) else chances.p_greater)
    return FirstPlace(best, max(0.0, 1 - sum(behind)), 1 - max(behind))
