"""Made-up training sets, and what every shortcut promises: the answers of each estimator's own fit, to the last bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.base import clone

from bench.run.shortcuts.shortcut import Lesson, ShortcutAnswer

Serve = Callable[[Sequence[Any], Lesson], list[ShortcutAnswer | None]]
#: name -> rows, features, shares of the classes after the first.
SHAPES: dict[str, tuple[int, int, tuple[float, ...]]] = {
    "two": (90, 5, (0.5,)),
    "three": (150, 17, (0.3, 0.6)),
    "rare": (70, 4, (0.5, 0.8, 0.97)),
    "wide": (30, 90, (0.4,)),
    "tiny": (4, 2, (0.5,)),
    "ten": (200, 8, tuple(np.arange(0.1, 1, 0.1))),
    "one feature": (40, 1, (0.4, 0.8)),
    "wide and many": (40, 60, (0.3, 0.7)),
    "long": (700, 3, (0.2,)),
    "large": (3000, 30, (0.3,)),
}


def drawn(name: str, wanted: tuple[Any, ...], m: int = 33) -> Lesson:
    """Rows of one of the SHAPES: a constant feature, ties, a row that is there twice, a held row from training."""
    n, p, shares = SHAPES[name]
    random = np.random.default_rng(len(name))
    X, held = random.normal(size=(n, p)), random.normal(size=(m, p))
    if p > 3:
        X[:, 1] = held[:, 1] = 0.0
        X[: n // 3] = np.round(X[: n // 3])
        X[n // 2] = X[0]
        held[0] = X[0]
    score = X[:, 0] + X[:, -1] + random.normal(size=n)
    return Lesson(
        X,
        score if "value" in wanted else np.digitize(score, np.quantile(score, shares)),
        held,
        wanted,
    )


def mixed(kind: str, seed: int = 0) -> Lesson:
    """Rows of one kind: binary, three, wide, large, `two rows`, `one class`, `rare ties`, or a regression, with ties or
    a constant target."""
    random = np.random.default_rng([seed, *kind.encode()])
    n, p = {"wide": (14, 30), "two rows": (2, 3), "large": (400, 6)}.get(kind, (60, 5))
    X, held = random.normal(size=(n, p)), random.normal(size=(25, p))
    if "ties" in kind:
        X, held = X.round(), held.round()
        X[:, 2] = 1.5
        X[n // 2 :] = X[: n - n // 2]
    score = X[:, 0] + X[:, 1] ** 2 + random.normal(size=n)
    if kind.startswith("regression"):
        y = (
            np.zeros(n)
            if "constant" in kind
            else score.round()
            if "ties" in kind
            else score
        )
        return Lesson(X, y, held, ("value",))
    edges = {"three": [0, 2], "rare ties": [-1, 0, 0.5, 1.5]}.get(
        kind, [np.median(score)]
    )
    y = (
        np.zeros(n, int)
        if kind == "one class"
        else np.unique(np.digitize(score, edges), return_inverse=True)[1]
    )
    return Lesson(X, y, held, ("label", "p"))


def own(estimator: Any, lesson: Lesson) -> dict[str, np.ndarray]:
    """What the estimator says after a fit of its own."""
    model = clone(estimator).fit(lesson.X, lesson.y)
    asked = {
        "label": "predict",
        "value": "predict",
        "p": "predict_proba",
        "decision": "decision_function",
    }
    return {name: getattr(model, asked[name])(lesson.held) for name in lesson.wanted}


def same(serve: Serve, estimators: list[Any], lesson: Lesson) -> None:
    """Every estimator is served: values, dtypes and shapes of its own fit; the arguments are left as they were."""
    before = lesson.X.copy(), lesson.y.copy(), lesson.held.copy()
    answers = serve(estimators, lesson)
    for array, kept in zip((lesson.X, lesson.y, lesson.held), before, strict=True):
        np.testing.assert_array_equal(array, kept)
    for estimator, answer in zip(estimators, answers, strict=True):
        assert not [name for name in vars(estimator) if name.endswith("_")], (
            "it was fitted itself"
        )
        assert answer is not None and set(answer) == set(lesson.wanted), estimator
        for name, value in own(estimator, lesson).items():
            given = answer[name]  # type: ignore[literal-required]
            assert (given.dtype, given.shape) == (value.dtype, value.shape), (
                estimator,
                name,
            )
            np.testing.assert_array_equal(given, value, err_msg=f"{estimator} {name}")
