"""Neural networks: all penalties of one architecture are trained as one stack."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from bench.run.shortcuts import _stacked_mlp as stacked
from bench.run.shortcuts.shortcut import Lesson, Shortcut, ShortcutAnswer

#: Numbers (of 8 bytes) that one stack may hold: 256 MB.
_LARGEST = 2**25


def answers(estimators: Sequence[Any], lesson: Lesson) -> list[ShortcutAnswer | None]:
    """As `Shortcut.answers`, for `MLPClassifier` or `MLPRegressor` with adam and without early stopping."""
    found: list[ShortcutAnswer | None] = [None] * len(estimators)
    groups: dict[stacked.NetworkSettings, list[int]] = {}
    for number, estimator in enumerate(estimators):
        settings = _settings(estimator, lesson)
        if settings is not None:
            groups.setdefault(settings, []).append(number)
    for settings, members in groups.items():
        room = _LARGEST // _size(settings, lesson)
        for start in range(0, len(members) if room else 0, max(room, 1)):
            part = members[start : start + room]
            alphas = [float(estimators[number].alpha) for number in part]
            for number, answer in zip(part, _stack_answers(settings, alphas, lesson)):
                found[number] = answer
    return found


def _stack_answers(
    settings: stacked.NetworkSettings, alphas: list[float], lesson: Lesson
) -> list[ShortcutAnswer | None]:
    """Of one stack. None where scikit-learn would warn of numbers or refuse the weights: it says so itself."""
    from sklearn.exceptions import ConvergenceWarning

    output = _output(lesson)
    try:
        networks = stacked.fit(lesson.X, lesson.y, output, settings, alphas)
    except FloatingPointError:
        return [None] * len(alphas)
    found: list[ShortcutAnswer | None] = []
    for network in networks:
        if not network.finite:
            found.append(None)
            continue
        if not network.converged:
            said = f"Stochastic Optimizer: Maximum iterations ({settings.max_iter}) reached and the optimization "
            warnings.warn(
                said + "hasn't converged yet.", ConvergenceWarning, stacklevel=2
            )
        found.append(
            _answer(
                network.outputs(lesson.held, settings.activation, output),
                output,
                lesson,
            )
        )
    return found


def _answer(
    values: np.ndarray, output: stacked.Output, lesson: Lesson
) -> ShortcutAnswer:
    """The last layer's values (m, outputs), said as the estimator's own methods say it."""
    answer: ShortcutAnswer = {}
    if output == "identity":
        answer["value"] = values.ravel()
        return answer
    if "label" in lesson.wanted:
        answer["label"] = (
            values.argmax(axis=1)
            if output == "softmax"
            else (values.ravel() > 0.5).astype(np.int64)
        )
    if "p" in lesson.wanted:
        answer["p"] = (
            values
            if output == "softmax"
            else np.vstack([1 - values.ravel(), values.ravel()]).T
        )
    return answer


def _output(lesson: Lesson) -> stacked.Output:
    if "value" in lesson.wanted:
        return "identity"
    return "softmax" if lesson.y.max() > 1 else "logistic"


def _settings(estimator: Any, lesson: Lesson) -> stacked.NetworkSettings | None:
    """What the estimator shares with its stack; None unless every parameter is one whose equality is tested."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    classifies = type(estimator) is MLPClassifier
    if not classifies and type(estimator) is not MLPRegressor:
        return None
    if not set(lesson.wanted) <= ({"label", "p"} if classifies else {"value"}):
        return None
    if classifies and not _plain_classes(lesson.y):
        return None
    return _read(dict(vars(estimator)), vars(type(estimator)()), len(lesson.X))


def _read(
    given: dict[str, Any], usual: dict[str, Any], n: int
) -> stacked.NetworkSettings | None:
    """The settings among parameters (`vars` of an unfitted estimator, sooner than `get_params`), if all are served.

    `usual` holds the parameters of an estimator without arguments; n: the number of training rows.
    """
    batch = given["batch_size"]
    hidden = given["hidden_layer_sizes"]
    read: dict[str, Any] = {
        "hidden": tuple(hidden) if isinstance(hidden, list | tuple) else (hidden,),
        "batch_size": min(200, n)
        if isinstance(batch, str) and batch == "auto"
        else batch,
    }
    names = [
        name
        for name in stacked.NetworkSettings.__dataclass_fields__
        if name not in read
    ]
    read |= {name: given.pop(name) for name in names}
    alpha = given.pop("alpha")
    del given["batch_size"], given["hidden_layer_sizes"]
    rest = given.keys() < usual.keys() and all(
        type(value) is type(usual[name]) and value == usual[name]
        for name, value in given.items()
    )
    return (
        stacked.NetworkSettings(**read)
        if rest and _real(alpha) and alpha >= 0 and _served(read, n)
        else None
    )


def _served(read: dict[str, Any], n: int) -> bool:
    """Whether the parameters are of the kinds and in the ranges that scikit-learn takes without a word."""
    wholes = [
        *read["hidden"],
        *(read[name] for name in ("batch_size", "max_iter", "n_iter_no_change")),
    ]
    reals = [
        read[name]
        for name in ("learning_rate_init", "tol", "beta_1", "beta_2", "epsilon")
    ]
    seed = read["random_state"]
    if not all(_whole(value) and value >= 1 for value in wholes) or not all(
        _real(value) for value in reals
    ):
        return False
    activation = read["activation"]
    return (
        len(read["hidden"]) > 0
        and isinstance(activation, str)
        and activation in stacked.ACTIVATIONS
        and read["batch_size"] <= n
        and _whole(seed)
        and 0 <= seed < 2**32
        and _optimises(read)
    )


def _optimises(read: dict[str, Any]) -> bool:
    """Whether the numbers of the optimiser are in the ranges that scikit-learn accepts."""
    return bool(
        read["learning_rate_init"] > 0
        and read["tol"] >= 0
        and 0 <= read["beta_1"] < 1
        and 0 <= read["beta_2"] < 1
        and read["epsilon"] > 0
    )


def _plain_classes(y: np.ndarray) -> bool:
    """At least two classes, and not so many that scikit-learn asks whether it is a regression."""
    k = int(y.max()) + 1
    return k >= 2 and 2 * k < len(y)


def _size(settings: stacked.NetworkSettings, lesson: Lesson) -> int:
    """Numbers that one network of a stack needs while it is trained."""
    units = (
        lesson.X.shape[1],
        *settings.hidden,
        int(lesson.y.max()) + 1 if _output(lesson) == "softmax" else 1,
    )
    weights = sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(units))
    result: int = 6 * weights + 4 * settings.batch_size * sum(units[1:])
    return result


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _real(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
    )


NEURAL = Shortcut(
    name="neural",
    estimators=(
        "sklearn.neural_network.MLPClassifier",
        "sklearn.neural_network.MLPRegressor",
    ),
    answers=answers,
    self_test=stacked.agrees,
)
