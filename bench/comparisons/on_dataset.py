"""Families on one dataset, over its folds: every pair, what the design can see, and whether the first stays first.

The test of a pair is SHARP's where disjoint halves of the rows were fitted, and one of the two is unstable or the study
requests it; else the corrected t; where nothing is drawn, it is one on the rows of the test set. A pair without a test
says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from bench.comparisons.one_test_set import TestSet, settled
from bench.core.comparisons import Method, PairRow, TestSetPairRow, WhyNot
from bench.core.metrics import METRICS
from bench.scores.class_mix import ClassMeans
from bench.scores.design import alpha_of, draws_chance, level_of, rope_of
from bench.scores.halves import TestedHalves
from bench.scores.series import Series, matched
from bench.scores.setting import Setting, unmoved_by_seeds
from bench.stats.adjust import holm
from bench.stats.bayes import Posterior, correlated_t
from bench.stats.halves import HalvesTest, carried, sharp_chances
from bench.stats.noise import kept_decimals, without_noise
from bench.stats.paired import (
    PairedTest,
    corrected_t,
    differences,
    error_known,
    few_equal,
)
from bench.stats.precision import repeats_to_tell, resolution
from bench.study import Study


@dataclass(frozen=True, eq=False)
class ComparedPlace:
    """A dataset and metric, and what is known there beside the scores of folds.

    mix: for the variance of the class mix; halves: those that its tests use; test_set: the rows that one fit of each
    family predicted, None where those of several folds are all there is.
    """

    dataset: str
    metric: str
    setting: Setting
    mix: ClassMeans = field(default_factory=ClassMeans)
    halves: TestedHalves = field(default_factory=TestedHalves)
    test_set: TestSet | None = None

    def halves_of(self, *families: str) -> np.ndarray | None:
        """The halves' means of a family, or the differences of two, where a test of halves is the one to make."""
        return None if self.setting.repeats_a_draw else self.halves.of(*families)

    def mix_of(self, *families: str) -> float:
        """The variance of the class mix, where folds of one sample are what varies."""
        return (
            0.0
            if self.setting.seeds or self.setting.repeats_a_draw
            else self.mix.variance(*families)
        )

    def method(self, mix: float) -> Method:
        """The method of what varies here: seeds, independent draws, or folds."""
        if self.setting.seeds:
            return Method.T_OVER_SEEDS
        if self.setting.repeats_a_draw:
            return Method.T_OVER_DRAWS
        return Method.CORRECTED_T_MIX if mix else Method.CORRECTED_T


@dataclass(frozen=True, eq=False)
class FoldPair:
    """Two families on the folds where both have a score: a, b (J,), the values that vary; n_test / n_train.

    mix: the variance of the class mix; halves: (J, 2) differences on disjoint halves of the rows, where there are any.
    """

    a: np.ndarray
    b: np.ndarray
    ratio: float
    mix: float = 0.0
    halves: np.ndarray | None = None

    @property
    def error_known(self) -> bool:
        """Whether a standard error is known, of the folds or of the halves; differences of 0 need none."""
        return self.halves is not None or error_known(self.a, self.b)

    @property
    def few_equal(self) -> bool:
        """Whether a few differences are all equal, so that no interval is known."""
        return self.halves is None and few_equal(self.a, self.b)

    @property
    def tied(self) -> bool:
        """Whether both have the same score on every fold."""
        return not without_noise(self.a - self.b, self.a, self.b).any()

    def chances(self, rope: float) -> Posterior:
        """How probable a true difference below, inside and above the ROPE is."""
        if self.halves is None:
            return correlated_t(
                self.a,
                self.b,
                test_train_ratio=self.ratio,
                rope=rope,
                mix_variance=self.mix,
            )
        return sharp_chances(self.halves, rope)

    def by_folds(self, level: float) -> PairedTest:
        """The corrected t."""
        return corrected_t(
            self.a,
            self.b,
            test_train_ratio=self.ratio,
            level=level,
            mix_variance=self.mix,
        )

    def by_halves(self, level: float) -> HalvesTest | None:
        """The test on halves of the rows; None where there are none."""
        if self.halves is None:
            return None
        test = self.by_folds(level)
        is_noise = round(test.difference, kept_decimals(self.a, self.b)) == 0
        gain = 0.0 if is_noise else test.difference
        return carried(gain, self.halves, se=test.se, level=level)

    def reach(self, level: float) -> float | None:
        """How far from the estimate the test on halves rejects; None where so few never do."""
        test = self.by_halves(level)
        return (
            test.high - test.estimate
            if test is not None and np.isfinite(test.high)
            else None
        )


@dataclass(frozen=True)
class FirstPlace:
    """The family with the best mean, and bounds of the probability that it is truly the best of all."""

    family: str
    low: float
    high: float


@dataclass(frozen=True)
class DatasetPairs:
    """Every pair of families on one dataset and metric; `first` is None where its rivals were not all tested."""

    rows: tuple[PairRow, ...]
    first: FirstPlace | None


def pairs_on_dataset(
    study: Study, place: ComparedPlace, series: dict[str, Series]
) -> DatasetPairs:
    """The pairs of families there; `series` has the scores of each family, `fallbacks` are not set."""
    rows, pairs = [], dict[tuple[str, str], FoldPair]()
    for family, against in combinations(series, 2):
        row = PairRow(
            dataset=place.dataset, family=family, against=against, metric=place.metric
        )
        both = {family: series[family], against: series[against]}
        pair = _over_folds(place, both)
        if isinstance(pair, FoldPair) and not pair.error_known:
            gap = pair.by_folds(level_of(study)).difference
            rows.append(replace(row, difference=gap, cause=WhyNot.EQUAL_DIFFERENCES))
        elif isinstance(pair, FoldPair):
            pairs[family, against] = pair
            rows.append(_tested(study, place, row, pair))
        else:
            rows.append(_on_rows(study, place, replace(row, difference=pair), both))
    adjusted = iter(holm(np.array([row.p for row in rows if row.p is not None])))
    rows = [
        row if row.p is None else replace(row, p_adjusted=float(next(adjusted)))
        for row in rows
    ]
    tests = sum(row.p is not None for row in rows)
    seen = [
        _seen(study, place.setting, row, pairs[row.family, row.against], tests)
        if (row.family, row.against) in pairs
        else row
        for row in rows
    ]
    return DatasetPairs(tuple(seen), _first(place, series, pairs))


def _over_folds(
    place: ComparedPlace, both: Mapping[str, Series]
) -> FoldPair | float | None:
    """The pair; its mean difference alone where folds have no error rate; None where a fold has no score."""
    setting, (first, second) = place.setting, both.values()
    if not (setting.complete(first) and setting.complete(second)) or not setting.folds:
        return None
    a, b = matched(first, second)
    if a.mean is None or b.mean is None:
        return None
    sample_a, sample_b = setting.sample(a), setting.sample(b)
    if (
        sample_a is None
        or sample_b is None
        or unmoved_by_seeds(setting, sample_a[0], sample_b[0])
    ):
        return a.mean - b.mean
    return FoldPair(
        sample_a[0],
        sample_b[0],
        sample_a[1],
        place.mix_of(*both),
        place.halves_of(*both),
    )


def _on_rows(
    study: Study, place: ComparedPlace, row: PairRow, both: Mapping[str, Series]
) -> PairRow:
    """The row with the test on the rows of one test set, or with the cause why there is none."""
    if row.difference is None:
        return replace(
            row, cause=WhyNot.NO_SCORE if place.setting.folds else WhyNot.NO_FOLDS
        )
    found = settled(study, place.setting, place.dataset, both, place.test_set)
    if found is None and place.test_set is not None:
        test = place.test_set.compare(study, place.metric, row.family, row.against)
        if isinstance(test, TestSetPairRow):
            return replace(row, test=test.test, low=test.low, high=test.high, p=test.p)
        found = test
    return replace(row, cause=found)


def _tested(
    study: Study, place: ComparedPlace, row: PairRow, pair: FoldPair
) -> PairRow:
    level = level_of(study)
    test = pair.by_folds(level)
    if pair.few_equal:
        return replace(
            row, test=place.method(pair.mix), difference=test.difference, p=test.p_value
        )
    gap = (
        test.difference
        if round(test.difference, kept_decimals(pair.a, pair.b))
        else 0.0
    )
    row = replace(
        row,
        test=place.method(pair.mix),
        difference=gap,
        low=test.low,
        high=test.high,
        p=test.p_value,
    )
    if (halves := pair.by_halves(level)) is not None:
        low, high = (
            (halves.low, halves.high) if np.isfinite(halves.high) else (None, None)
        )
        row = replace(row, test=Method.SHARP, low=low, high=high, p=halves.p_value)
    rope = rope_of(study, row.metric)
    if rope is None:
        return row
    chances = pair.chances(rope)
    return replace(
        row, p_less=chances.p_less, p_rope=chances.p_rope, p_greater=chances.p_greater
    )


def _seen(
    study: Study, setting: Setting, row: PairRow, pair: FoldPair, tests: int
) -> PairRow:
    """The row with the least significant difference, and how many repeats would make this one significant.

    At the level of Holm's first step: whatever the other pairs give. More repeats add nothing to the halves.
    """
    sd, alpha = differences(pair.a, pair.b)[1], alpha_of(study)
    level = 1 - alpha / tests
    if pair.halves is not None:
        reach = pair.reach(level)
        return replace(row, resolution=reach, resolution_limit=reach)
    if sd == 0:
        return row
    least = resolution(
        sd, len(pair.a), test_train_ratio=pair.ratio, level=level, mix_variance=pair.mix
    )
    row = replace(row, resolution=least.now, resolution_limit=least.floor)
    repeatable = draws_chance(study, row.dataset) or setting.repeats_a_draw > 0
    if (
        row.p_adjusted is None
        or row.difference is None
        or row.p_adjusted < alpha
        or not repeatable
    ):
        return row
    one_each = setting.seeds or setting.repeats_a_draw
    folds = 1 if one_each else max(1, setting.folds // setting.repeats)
    repeats = repeats_to_tell(
        row.difference,
        sd,
        folds_a_repeat=folds,
        test_train_ratio=pair.ratio,
        level=level,
        mix_variance=pair.mix,
    )
    return replace(row, repeats_help=repeats is not None, repeats_to_decide=repeats)


def _first(
    place: ComparedPlace,
    series: Mapping[str, Series],
    pairs: Mapping[tuple[str, str], FoldPair],
) -> FirstPlace | None:
    """Bounds of the probability that the family with the best mean is truly the best; None unless it was tested against
    every other family with all its scores. None, too, where another has the same score on every fold, for then neither
    is first, and where seeds are all that varies: they say nothing of other rows.

    From the posteriors of its differences to each other family: at least 1 - the sum of the chances that a rival is
    better, at most the least chance to be better than a rival, however the differences go together. Folds share
    training rows, so a bootstrap over folds would take the place for far too certain.
    """
    turn, complete = METRICS[place.metric].sign, place.setting.complete
    means = {
        name: mean
        for name, one in series.items()
        if complete(one) and (mean := one.mean) is not None
    }
    if len(means) < 2 or place.setting.seeds:
        return None
    best = max(
        means,
        key=lambda family: turn * round(means[family], kept_decimals(means[family])),
    )
    behind = []
    for (a, b), pair in pairs.items():
        if best in (a, b):
            if pair.tied:
                return None
            chances = pair.chances(0)
            behind.append(
                chances.p_less if (a == best) == (turn > 0) else chances.p_greater
            )
    if len(behind) < len(means) - 1:
        return None
    return FirstPlace(best, max(0.0, 1 - sum(behind)), 1 - max(behind))
