"""What a shortcut is: the answers of several estimators of one class, trained together for less than one fit each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

import numpy as np

#: What may be asked: `predict` of a classifier, `predict_proba`, `decision_function`, `predict` of a regressor.
Wanted = Literal["label", "p", "decision", "value"]


class ShortcutAnswer(TypedDict, total=False):
    """What one fitted estimator says of m rows, exactly as its own methods return it."""

    label: np.ndarray
    p: np.ndarray
    decision: np.ndarray
    value: np.ndarray


@dataclass(frozen=True, eq=False)
class Lesson:
    """One prepared training set and the rows that are asked about.

    X       (n, p) float64, C order, finite, the training rows after every step of the fold
    y       (n,) int64 codes 0..k-1 that all occur, or float64 for regression
    held    (m, p) float64, C order, finite, prepared by the steps that were fitted on X
    wanted  what every answer must hold
    """

    X: np.ndarray
    y: np.ndarray
    held: np.ndarray
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True)
class Shortcut:
    """One way to train many estimators of one class on one training set for less.

    name        unique; of the file, where it holds one
    estimators  the import paths that it serves, as families and studies write them
    answers     (unfitted estimators of one of these classes, lesson) -> one answer each, None for an estimator that the
                shortcut's guard turns away; the caller then fits that one in the plain way. It may raise: then all are
                fitted in the plain way. It changes none of its arguments and starts no thread.
    refits      its answers are those of `estimator.fit` bit by bit whichever rows stand together and in whatever order
                of memory, as trees' are: the chosen candidate may be refitted by it. Sums done by BLAS depend on both
    self_test   None: public interfaces only. Otherwise it leans on a library's inside: called once a process, before
                the first use; False, or any exception, switches the shortcut off
    """

    name: str
    estimators: tuple[str, ...]
    answers: Callable[[Sequence[Any], Lesson], list[ShortcutAnswer | None]]
    refits: bool = False
    self_test: Callable[[], bool] | None = None
