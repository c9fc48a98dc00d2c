"""Families on one dataset: every pair, what the design can see, and whether the first stays first.

The test of a pair is SHARP's where disjoint halves of the rows were fitted, and one of the two is
unstable or the study requests it; else the corrected t; where nothing is drawn, it is one on the
rows of the test set. A pair without a test says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import isnan, nan

import numpy as np

from bench.contrasts import Contrast, HalvesLaw, RowsLaw, WhyNot, compare
from bench.contrasts.one_test_set import TestSet, why_rows_say_nothing
from bench.core.comparisons import PairRow, SampleKind
from bench.core.metrics import METRICS
from bench.scores.class_mix import ClassMeans
from bench.scores.design import alpha_of, level_of, rope_of
from bench.scores.halves import TestedHalves
from bench.scores.series import Series
from bench.scores.setting import Setting
from bench.stats.adjust import holm_where_tested
from bench.stats.noise import kept_decimals
from bench.study import Study

#: Two families with what the first is above the second.
Contrasts = Mapping[tuple[str, str], Contrast]


@dataclass(frozen=True, eq=False)
class ComparedPlace:
    """A dataset and metric, and what is known there beside the scores of folds.

    mix: for the variance of the class mix; halves: those that its tests use; test_set: the rows
    that one fit of each family predicted, None where those of several folds are all there is.
    """

    dataset: str
    metric: str
    setting: Setting
    mix: ClassMeans = field(default_factory=ClassMeans)
    halves: TestedHalves = field(default_factory=TestedHalves)
    test_set: TestSet | None = None


@dataclass(frozen=True)
class FirstPlace:
    """The family with the best mean, and bounds of the probability that it is truly the best of all."""

    family: str
    low: float
    high: float


def contrast_pairs(
    study: Study, place: ComparedPlace, series: Mapping[str, Series]
) -> Contrasts:
    """Every pair of families there, in the unit of the metric."""
    return {
        pair: _contrast(study, place, {family: series[family] for family in pair})
        for pair in combinations(series, 2)
    }


def _contrast(
    study: Study, place: ComparedPlace, pair: Mapping[str, Series]
) -> Contrast:
    """The test over folds, else that on the rows of one test set, or why there is neither."""
    setting = place.setting
    if not setting.folds:
        return Contrast(gain=nan, why_not=WhyNot.NO_FOLDS)
    first, second = pair.values()
    contrast = compare(
        first,
        second,
        setting,
        mix=place.mix.variance(*pair),
        halves=place.halves.of(*pair),
    )
    if contrast.law is not None or contrast.why_not is not None:
        return contrast
    why_not = why_rows_say_nothing(study, setting, place.dataset, pair, place.test_set)
    if why_not is not None or place.test_set is None:
        return replace(contrast, why_not=why_not)
    on_rows = place.test_set.compare(place.metric, *pair)
    return replace(on_rows, gain=contrast.gain)


def rows_of_pairs(
    study: Study, place: ComparedPlace, contrasts: Contrasts
) -> list[PairRow]:
    """A row a pair, p adjusted by Holm over those that are tested; `fallbacks` are not set."""
    rows = [_row(study, place, pair, contrast) for pair, contrast in contrasts.items()]
    adjusted = holm_where_tested([row.p for row in rows])
    # The level of Holm's first step: whatever the other pairs give.
    strictest = alpha_of(study) / max(1, sum(row.p is not None for row in rows))
    return [
        replace(
            row,
            p_adjusted=p,
            resolution=None if p is None else _find_resolution(contrast, strictest),
        )
        for row, p, contrast in zip(rows, adjusted, contrasts.values(), strict=True)
    ]


def _row(
    study: Study, place: ComparedPlace, pair: tuple[str, str], contrast: Contrast
) -> PairRow:
    row = PairRow(
        dataset=place.dataset,
        family=pair[0],
        against=pair[1],
        metric=place.metric,
        difference=None if isnan(contrast.gain) else contrast.gain,
        test=contrast.test,
        cause=contrast.why_not,
    )
    if contrast.why_not is not None:
        return row
    row = replace(row, p=contrast.p())
    ends = contrast.interval(level_of(study))
    if ends is not None and np.isfinite(ends).all():
        row = replace(row, low=ends[0], high=ends[1])
    rope = rope_of(study, place.metric)
    chances = None if rope is None else contrast.chances(rope)
    if chances is None:
        return row
    return replace(
        row, p_less=chances.p_less, p_rope=chances.p_rope, p_greater=chances.p_greater
    )


def _find_resolution(contrast: Contrast, alpha: float) -> float | None:
    """The least difference that would be significant; None where it is constant."""
    if isinstance(contrast.law, RowsLaw):
        return contrast.law.needed(alpha)
    varies = contrast.growth is not None or isinstance(contrast.law, HalvesLaw)
    if varies or contrast.sample is SampleKind.ROWS:
        return contrast.reach(1 - alpha)
    return None


def find_first(
    place: ComparedPlace, series: Mapping[str, Series], contrasts: Contrasts
) -> FirstPlace | None:
    """Bounds of the probability that the family with the best mean is truly the best.

    From the posteriors of its differences to each other family: at least 1 - the sum of the
    chances that a rival is better, at most the least chance to be better than a rival, however
    the differences go together. Folds share training rows, so a bootstrap over folds would take
    the place for far too certain. None unless it was tested against every other family with all
    its scores; where another has the same score on every fold, for then neither is first; and
    where seeds are all that varies: they say nothing of other rows.
    """
    turn = METRICS[place.metric].sign
    means = {}
    for family, scores in series.items():
        mean = scores.mean
        if place.setting.complete(scores) and mean is not None:
            means[family] = turn * round(mean, kept_decimals(mean))
    if len(means) < 2 or place.setting.seeds:
        return None
    best = max(means, key=lambda family: means[family])
    rivals_ahead = []
    for (family, against), contrast in contrasts.items():
        if best not in (family, against) or not means.keys() >= {family, against}:
            continue
        chances = contrast.chances(0.0)
        if chances is None or contrast.is_tied:
            return None
        is_less_behind = (family == best) == (turn > 0)
        rivals_ahead.append(chances.p_less if is_less_behind else chances.p_greater)
    low, high = 1 - sum(rivals_ahead), 1 - max(rivals_ahead)
    return FirstPlace(best, max(0.0, low), high)
