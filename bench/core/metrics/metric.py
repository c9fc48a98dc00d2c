"""What a metric is: a function of predictions, and all that others must know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Literal

import numpy as np


@dataclass(frozen=True, eq=False)
class Predicted:
    """n predictions of one model.

    Attributes
    ----------
    truth : ndarray of shape (n,)
        Class codes, or numbers.
    label : ndarray of shape (n,), optional
        Class codes.
    p : ndarray of shape (n, k), optional
        Probabilities of the classes.
    decision : ndarray of shape (n,), (n, 1) or (n, k), optional
        Decision values; one column is of the second of two classes.
    value : ndarray of shape (n,), optional
        Predicted numbers, in regression.
    k : int
        How many classes there are.
    positive : int, optional
        The code of the positive class; None: the second of two.
    """

    truth: np.ndarray
    label: np.ndarray | None = None
    p: np.ndarray | None = None
    decision: np.ndarray | None = None
    value: np.ndarray | None = None
    k: int = 0
    positive: int | None = None

    @property
    def positive_code(self) -> int | None:
        """The positive class: as declared, the second of two classes, None for more classes without a declared one."""
        return (
            self.positive if self.positive is not None else 1 if self.k == 2 else None
        )

    def scores(self) -> np.ndarray | None:
        """(n, k) scores of each class, higher means more likely, from p or the decision function; None without both."""
        if self.p is not None:
            return np.asarray(self.p, dtype=float)
        if self.decision is None:
            return None
        decision = np.asarray(self.decision, dtype=float).reshape(len(self.truth), -1)
        return np.hstack([-decision, decision]) if decision.shape[1] == 1 else decision


MetricValue = float | None


@dataclass(frozen=True)
class Oracle:
    """A function elsewhere that gives the same value, by its import path: the tests compare the two.

    It is called as scikit-learn's are, by what the metric needs: with truth and labels or values; with truth,
    probabilities and `labels`; of scores, with whether each row is positive and its score, or with one column a class.
    """

    path: str
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Example:
    """Predictions small enough to be worked by hand, and the value that comes out."""

    predicted: Predicted
    value: float


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric.

    Attributes
    ----------
    name, title, short : str
        Its name in a study, on the page, and in narrow columns.
    task : {"classification", "regression"}
        The task that it is of.
    higher_is_better : bool
        Its direction.
    low, high : float or None
        The limits of its range; None: unbounded.
    needs : {"label", "score", "p", "value"}
        What it is computed from.
    function : callable
        From a `Predicted` to a float, or None where the metric is undefined.
    source : str
        Where its definition is from.
    oracle : Oracle or Example
        What the tests hold it against.
    per_row : bool
        It is a mean over rows, so that pooling rows and weighting folds by their rows give the same number.
    needs_positive : bool
        It is of one class: undefined for more than two classes of which none is declared positive.
    over_classes : str, optional
        The name of its counterpart that is defined for any number of classes.
    complement : str, optional
        The name of the metric that is 1 - this one: how close is close is the same of both.
    compares_rows : bool
        It compares the scores of different rows: pooled over models of different folds it means nothing.
    """

    name: str
    title: str
    short: str
    task: Literal["classification", "regression"]
    higher_is_better: bool
    low: float | None
    high: float | None
    needs: Literal["label", "score", "p", "value"]
    function: Callable[[Predicted], MetricValue]
    source: str
    oracle: Oracle | Example
    per_row: bool = False
    needs_positive: bool = False
    over_classes: str | None = None
    complement: str | None = None
    compares_rows: bool = False

    @property
    def sign(self) -> int:
        """1 where a higher score is better, else -1."""
        return 1 if self.higher_is_better else -1

    @property
    def bounded(self) -> bool:
        """Whether both ends of the range are known, so that an absolute tolerance has a meaning."""
        return self.low is not None and self.high is not None

    @property
    def range(self) -> tuple[float, float]:
        """The least and the largest score that it can be; infinite where nothing bounds it."""
        return (
            -inf if self.low is None else self.low,
            inf if self.high is None else self.high,
        )

    @property
    def fraction(self) -> bool:
        """Whether papers print it as a share or in percent: its best or worst value is 1."""
        return self.high == 1.0
