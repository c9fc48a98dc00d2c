"""Families on one dataset, over its folds: every pair, what the design can see, and whether the first stays first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from bench.core.metrics import METRICS
from bench.scores.design import draws_chance, level_of, rope_of
from bench.scores.series import Series, Setting, matched, unmoved_by_seeds
from bench.stats.adjust import holm
from bench.stats.bayes import correlated_t
from bench.stats.paired import corrected_t, differences
from bench.stats.precision import repeats_to_tell, resolution
from bench.study import Study

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Pair:
    """Two families on the folds where both have a score: a, b (J,), the values that vary; n_test / n_train."""

    a: np.ndarray
    b: np.ndarray
    ratio: float


def pairs_on_dataset(study: Study, setting: Setting, subject: tuple[str, str], have: dict[str, Series]) -> list[Row]:
    """The rows of one dataset and metric: `corrected_t`, `resolution`, `repeats_to_decide`, `stays_first`."""
    dataset, metric = subject
    key = {"dataset": dataset, "metric": metric}
    rows, pairs = [], {}
    for names in combinations(have, 2):
        pair = _pair(setting, have[names[0]], have[names[1]])
        row: Row = key | {"family": names[0], "against": names[1], "test": "corrected_t"}
        if isinstance(pair, Pair):
            pairs[names] = pair
            row |= _tested(study, metric, pair)
        rows.append(row | ({"estimate": pair} if isinstance(pair, float) else {}))
    tested = [row for row in rows if row.get("p") is not None]
    for row, adjusted in zip(tested, holm(np.array([row["p"] for row in tested])), strict=True):
        row["p_adjusted"] = float(adjusted)
    seen = [row for one in tested for row in _seen(study, setting, one, pairs, len(tested))]
    return rows + seen + [key | row for row in _first(metric, have, pairs)]


def _pair(setting: Setting, first: Series, second: Series) -> Pair | float | None:
    """The pair; its mean difference alone where no error rate exists; None where a fold has no score."""
    if not (setting.complete(first) and setting.complete(second)) or not setting.folds:
        return None
    a, b = matched(first, second)
    if a.mean is None or b.mean is None:
        return None
    one, other = setting.sample(a), setting.sample(b)
    if one is None or other is None or unmoved_by_seeds(setting, one[0], other[0]):
        return a.mean - b.mean
    return Pair(one[0], other[0], one[1])


def _tested(study: Study, metric: str, pair: Pair) -> Row:
    test = corrected_t(pair.a, pair.b, test_train_ratio=pair.ratio, level=level_of(study))
    row = {"estimate": test.difference, "low": test.low, "high": test.high, "p": test.p_value}
    rope = rope_of(study, metric)
    if rope is not None:
        chances = correlated_t(pair.a, pair.b, test_train_ratio=pair.ratio, rope=rope)
        row |= {"p_less": chances.p_less, "p_rope": chances.p_rope, "p_greater": chances.p_greater}
    return row


def _seen(study: Study, setting: Setting, test: Row, pairs: dict[tuple[str, str], Pair], tests: int) -> list[Row]:
    """The smallest difference that is called whatever the other pairs say, and how many repeats would call this one.

    Whatever the others say: at the level of Holm's first step.
    """
    pair = pairs[test["family"], test["against"]]
    sd, alpha = differences(pair.a, pair.b)[1], 1 - level_of(study)
    if sd == 0:
        return []
    level, key = 1 - alpha / tests, {name: test[name] for name in ("dataset", "metric", "family", "against")}
    one = resolution(sd, len(pair.a), test_train_ratio=pair.ratio, level=level)
    rows: list[Row] = [key | {"test": "resolution", "estimate": one.now, "low": one.floor}]
    repeatable = draws_chance(study, test["dataset"]) or setting.repeats_a_draw > 0
    if test["p_adjusted"] >= alpha and repeatable:
        folds = 1 if setting.repeats_a_draw else max(1, setting.folds // setting.repeats)
        repeats = repeats_to_tell(test["estimate"], sd, folds_a_repeat=folds, test_train_ratio=pair.ratio, level=level)
        rows.append(key | {"test": "repeats_to_decide", "estimate": None if repeats is None else float(repeats)})
    return rows


def _first(metric: str, have: dict[str, Series], pairs: dict[tuple[str, str], Pair]) -> list[Row]:
    """Bounds of the probability that the family with the best mean is truly the best of those that were tested.

    From the posteriors of its differences to each other family: at least 1 - the sum of the chances that a rival is
    better, at most the least chance to be better than a rival, however the differences go together. Folds share
    training rows, so a bootstrap over folds would take the place for far too certain.
    """
    turn = 1 if METRICS[metric].higher_is_better else -1
    means = {family: one.mean for family in have if (one := have[family]).mean is not None}
    names = [family for family in means if any(family in pair for pair in pairs)]
    if len(names) < 2:
        return []
    best = max(names, key=lambda family: round(turn * (means[family] or 0.0), 9))
    behind = []
    for (a, b), pair in pairs.items():
        if best in (a, b):
            chances = correlated_t(pair.a, pair.b, test_train_ratio=pair.ratio, rope=0)
            behind.append(chances.p_less if (a == best) == (turn > 0) else chances.p_greater)
    low, high = max(0.0, 1 - sum(behind)), 1 - max(behind)
    return [{"family": best, "test": "stays_first", "low": low, "high": high}]
