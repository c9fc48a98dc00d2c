"""XGBoost's trees: one quantile sketch for all candidates, and one training for all numbers of trees.

A tree does not know how many will follow it, so the model of 50 trees is the first 50 trees of the model of 200. That
holds where rows or columns are drawn too: XGBoost seeds its generator when a training begins and draws tree after tree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

from bench.run.shortcuts.shortcut import Lesson, Shortcut, ShortcutAnswer

#: Parameters of which any number is served, None (XGBoost's default) too.
_NUMBERS = {
    "learning_rate",
    "gamma",
    "min_child_weight",
    "max_delta_step",
    "reg_alpha",
    "reg_lambda",
    "base_score",
} | {
    "subsample",
    "colsample_bytree",
    "colsample_bylevel",
    "colsample_bynode",
    "scale_pos_weight",
}
_COUNTS = {"n_estimators", "max_depth", "max_leaves", "max_bin", "num_parallel_tree"}
_WORDS: Mapping[str, tuple[Any, ...]] = {
    "booster": (None, "gbtree"),
    "tree_method": (None, "hist"),
    "grow_policy": (None, "depthwise", "lossguide"),
    "device": (None, "cpu"),
    "n_jobs": (1,),  # more threads change the last digits
    "verbosity": (None, 0),
}
_SERVED = sorted(_NUMBERS | _COUNTS | _WORDS.keys() | {"random_state"})


def answers(estimators: Sequence[Any], lesson: Lesson) -> list[ShortcutAnswer | None]:
    """The answers of XGBClassifiers and XGBRegressors, by XGBoost's native interface."""
    found: list[ShortcutAnswer | None] = [None] * len(estimators)
    trainings: dict[tuple[Any, ...], dict[int, int]] = {}
    for number, parameters in enumerate(_served(estimators, lesson)):
        if parameters is not None:
            alike = tuple(
                parameters[name] for name in _SERVED if name != "n_estimators"
            )
            trainings.setdefault(alike, {})[number] = estimators[
                number
            ].get_num_boosting_rounds()
    matrices = _Matrices(lesson)
    for members in trainings.values():
        said = _said(
            estimators[next(iter(members))], sorted(set(members.values())), matrices
        )
        for number, rounds in members.items():
            found[number] = _answer(said[rounds], lesson)
    return found


def _served(
    estimators: Sequence[Any], lesson: Lesson
) -> Iterator[Mapping[str, Any] | None]:
    """The parameters of each estimator, None where equality is not proven."""
    from xgboost import XGBClassifier, XGBRegressor

    answered = {XGBClassifier: {"label", "p"}, XGBRegressor: {"value"}}
    kinds = {type(estimator) for estimator in estimators} & answered.keys()
    plain = {kind: kind().get_params(deep=False) for kind in kinds}
    for estimator in estimators:
        kind = type(estimator)
        # A generator for a seed is not served; `get_params` would draw from it.
        seeded = kind in plain and _number(estimator.random_state, Integral)
        own = estimator.get_params(deep=False) if seeded else {}
        k = int(lesson.y.max()) + 1 if kind is XGBClassifier else 0
        fit = own and k != 1 and answered[kind].issuperset(lesson.wanted)
        weighted = (
            k > 2 and own.get("scale_pos_weight") is not None
        )  # XGBoost warns that it does not use it
        yield own if fit and not weighted and _proven(own, plain[kind]) else None


def _all_numbers(own: Mapping[str, Any], names: Iterable[str], kind: type) -> bool:
    return all(own[name] is None or _number(own[name], kind) for name in names)


def _proven(own: Mapping[str, Any], plain: Mapping[str, Any]) -> bool:
    rest = own.keys() - set(_SERVED) - {"missing"}
    return (
        own.keys() == plain.keys()
        and all(own[name] is plain[name] or own[name] == plain[name] for name in rest)
        and _all_numbers(own, _NUMBERS, Real)
        and _all_numbers(own, _COUNTS, Integral)
        and all(own[name] in words for name, words in _WORDS.items())
        and (own["n_estimators"] is None or own["n_estimators"] >= 1)
        and _is_nan(own["missing"])
    )


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _number(value: Any, kind: type) -> bool:
    return (
        isinstance(value, kind) and not isinstance(value, bool) and math.isfinite(value)  # type: ignore[arg-type]
    )


class _Matrices:
    """A lesson as XGBoost holds it: the training rows once for each number of bins, the held rows once."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self._held: Any = None
        self._trained: dict[int | None, Any] = {}

    @property
    def held(self) -> Any:
        from xgboost import DMatrix

        if self._held is None:
            self._held = DMatrix(self.lesson.held, nthread=1)
        return self._held

    def trained(self, bins: int | None) -> Any:
        from xgboost import QuantileDMatrix

        if bins not in self._trained:
            self._trained[bins] = QuantileDMatrix(
                self.lesson.X, self.lesson.y, nthread=1, max_bin=bins
            )
        return self._trained[bins]


def _said(
    estimator: Any, rounds: Sequence[int], matrices: _Matrices
) -> dict[int, np.ndarray]:
    """What the estimator's objective says of the held rows after each of these numbers of rounds, which ascend."""
    from xgboost import Booster

    parameters = estimator.get_xgb_params()
    if "label" in matrices.lesson.wanted or "p" in matrices.lesson.wanted:
        k = int(matrices.lesson.y.max()) + 1
        if k > 2:
            parameters |= {"objective": "multi:softprob", "num_class": k}
    trained = matrices.trained(parameters["max_bin"])
    booster = Booster(parameters, [trained])
    for iteration in range(rounds[-1]):
        booster.update(trained, iteration)
    # XGBoost keeps the sum of the trees before, so that each tree is asked once.
    return {
        until: booster.predict(matrices.held, iteration_range=(0, until))
        for until in rounds
    }


def _answer(said: np.ndarray, lesson: Lesson) -> ShortcutAnswer:
    """From the objective's output to the wrappers' answers: values (m,), P(class 1) (m,), or p (m, k)."""
    if "value" in lesson.wanted:
        return {"value": said}
    answer: ShortcutAnswer = {}
    if "label" in lesson.wanted:
        answer["label"] = (
            np.argmax(said, axis=1) if said.ndim == 2 else (said > 0.5).astype(np.int64)
        )
    if "p" in lesson.wanted:
        answer["p"] = (
            said if said.ndim == 2 else np.vstack((1.0 - said, said)).transpose()
        )
    return answer


BOOSTING = Shortcut(
    name="boosting",
    estimators=("xgboost.XGBClassifier", "xgboost.XGBRegressor"),
    answers=answers,
    refits=True,
)
