"""Trees that prune themselves, bagged trees and boosted trees, as the papers that introduced them have them.

All grow scikit-learn's decision trees and take missing values as those do. Labels may be anything that sorts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from bench.families.estimators.pruning import PrunableTree

#: The error that a tree without errors is given credit for, so that its vote is finite.
LEAST_ERROR = 1e-10


#: What each parameter may be, for scikit-learn's own validation.
_OF_TREES = {
    "cv": [Interval(Integral, 2, None, closed="left")],
    "standard_errors": [Interval(Real, 0, None, closed="left")],
    "n_estimators": [Interval(Integral, 1, None, closed="left")],
    "prune": ["boolean"],
    "algorithm": [StrOptions({"m1", "samme"})],
    "resample": ["boolean"],
}
_OF_CLASSIFIERS = DecisionTreeClassifier._parameter_constraints | _OF_TREES
_OF_REGRESSORS = DecisionTreeRegressor._parameter_constraints | _OF_TREES


class _Trees(BaseEstimator):
    """What grows trees from its own parameters `criterion`, `max_depth` and `min_samples_leaf`, one seed a tree."""

    def _grown(
        self,
        random: np.random.RandomState,
        X: np.ndarray,
        y: np.ndarray,
        **weights: Any,
    ) -> Any:
        maker = (
            DecisionTreeClassifier
            if isinstance(self, ClassifierMixin)
            else DecisionTreeRegressor
        )
        own = {
            name: getattr(self, name)
            for name in ("criterion", "max_depth", "min_samples_leaf")
        }
        return maker(**own, random_state=random.randint(2**31 - 1)).fit(X, y, **weights)

    def _coded(self, y: np.ndarray) -> np.ndarray:
        """The target as a tree learns it: codes of the classes, which it notes, or the numbers."""
        if isinstance(self, ClassifierMixin):
            self.classes_, codes = np.unique(y, return_inverse=True)
            return codes
        return np.asarray(y, dtype=float)


class _PrunedTree(_Trees):
    """One tree, cut back to the subtree whose price of a leaf does best in cross-validation.

    Breiman et al. (1984), section 3.4: each subtree of the tree of all rows stands for the geometric mean of its price
    and the next one's; `cv` trees, each grown without one part of the rows, are cut at these prices and judged on the
    part that they lack. `standard_errors`: the smallest subtree is taken that errs no more than the best one and so
    many standard errors of its error: 0 is the best one itself (the smallest of equals), 1 the book's rule.
    """

    def fit(self, X: Any, y: Any) -> Any:
        """Grow and prune. X (n, p), y (n,). Raises `ValueError` for a parameter out of range."""
        self._validate_params()
        X, y = np.asarray(X), self._coded(np.asarray(y))
        random = check_random_state(self.random_state)
        self.pruned_ = tree = PrunableTree(self._grown(random, X, y))
        part = _parts(random, y, min(self.cv, len(y)))
        tried = np.append(np.sqrt(tree.prices[:-1] * tree.prices[1:]), np.inf)
        losses = np.empty((part.max() + 1, len(tried)))
        for number in range(len(losses)):
            held = part == number
            other = PrunableTree(self._grown(random, X[~held], y[~held]))
            places = np.searchsorted(other.prices, tried, side="right") - 1
            losses[number] = other.losses(_single(X[held]), y[held])[places]
        self.subtree_ = _chosen(losses, np.bincount(part), float(self.standard_errors))
        self.ends_ = tree.ends_of(self.subtree_)
        return self

    def _reached(self, X: Any) -> np.ndarray:
        return np.asarray(self.ends_[self.pruned_.tree.apply(_single(X))])


class PrunedTreeClassifier(ClassifierMixin, _PrunedTree):
    __doc__ = _PrunedTree.__doc__
    _parameter_constraints: ClassVar[dict[str, list[Any]]] = _OF_CLASSIFIERS

    def __init__(
        self,
        cv: int = 10,
        standard_errors: float = 0.0,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_leaf: int | float = 1,
        random_state: int | None = None,
    ) -> None:
        self.cv, self.standard_errors, self.criterion = cv, standard_errors, criterion
        self.max_depth, self.min_samples_leaf, self.random_state = (
            max_depth,
            min_samples_leaf,
            random_state,
        )

    def predict_proba(self, X: Any) -> np.ndarray:
        """(m, k) The shares of the classes among the training rows of a row's leaf."""
        return np.asarray(self.pruned_.tree.value[self._reached(X), 0, :])

    def predict(self, X: Any) -> np.ndarray:
        """(m,) The class of most training rows in a row's leaf."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])


class PrunedTreeRegressor(RegressorMixin, _PrunedTree):
    __doc__ = _PrunedTree.__doc__
    _parameter_constraints: ClassVar[dict[str, list[Any]]] = _OF_REGRESSORS

    def __init__(
        self,
        cv: int = 10,
        standard_errors: float = 0.0,
        criterion: str = "squared_error",
        max_depth: int | None = None,
        min_samples_leaf: int | float = 1,
        random_state: int | None = None,
    ) -> None:
        self.cv, self.standard_errors, self.criterion = cv, standard_errors, criterion
        self.max_depth, self.min_samples_leaf, self.random_state = (
            max_depth,
            min_samples_leaf,
            random_state,
        )

    def predict(self, X: Any) -> np.ndarray:
        """(m,) The mean of the training rows in a row's leaf."""
        return np.asarray(self.pruned_.answers[self._reached(X)])


@dataclass(frozen=True, eq=False)
class _Member:
    """A tree of a committee: what it says by the leaf that a row reaches, and the weight of its vote."""

    tree: Any
    answers: np.ndarray
    weight: float = 1.0

    def said(self, rows: np.ndarray) -> np.ndarray:
        return np.asarray(self.answers[self.tree.apply(rows)])


class _Votes(ClassifierMixin, BaseEstimator):
    """A committee whose members vote for classes; `members_` are set by `fit`, with answers in class codes."""

    members_: list[_Member]

    def predict_proba(self, X: Any) -> np.ndarray:
        """(m, k) The shares of the votes."""
        return _shares(self.members_, _single(X), len(self.classes_))

    def predict(self, X: Any) -> np.ndarray:
        """(m,) The class with most votes, the first of equals."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])


class _BaggedTrees(_Trees):
    """Trees grown on bootstrap samples of the rows, whose votes are counted or whose numbers are averaged.

    Breiman (1996), Bagging predictors, Machine Learning 24, 123-140. `prune`: each tree is cut back to the subtree that
    errs least on all training rows, the smallest of equals (his section 4.3); about a third of them did not grow it.
    """

    def fit(self, X: Any, y: Any) -> Any:
        """Grow the trees. X (n, p), y (n,). Raises `ValueError` for a parameter out of range."""
        self._validate_params()
        X, y = np.asarray(X), self._coded(np.asarray(y))
        self.members_ = list(self._members(X, y))
        return self

    def _members(self, X: np.ndarray, y: np.ndarray) -> Iterator[_Member]:
        random = check_random_state(self.random_state)
        for _ in range(self.n_estimators):
            drawn = random.choice(len(y), len(y))
            fitted = self._grown(random, X[drawn], y[drawn])
            if self.prune:
                tree = PrunableTree(fitted)
                losses = tree.losses(_single(X), y)
                yield _Member(
                    tree.tree, tree.answers_of(_smallest(losses, losses.min()))
                )
            else:
                yield _Member(fitted.tree_, _answers(fitted))


class BaggedTreesClassifier(_Votes, _BaggedTrees):
    __doc__ = _BaggedTrees.__doc__
    _parameter_constraints: ClassVar[dict[str, list[Any]]] = _OF_CLASSIFIERS

    def __init__(
        self,
        n_estimators: int = 50,
        prune: bool = True,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_leaf: int | float = 1,
        random_state: int | None = None,
    ) -> None:
        self.n_estimators, self.prune, self.criterion = n_estimators, prune, criterion
        self.max_depth, self.min_samples_leaf, self.random_state = (
            max_depth,
            min_samples_leaf,
            random_state,
        )


class BaggedTreesRegressor(RegressorMixin, _BaggedTrees):
    __doc__ = _BaggedTrees.__doc__
    _parameter_constraints: ClassVar[dict[str, list[Any]]] = _OF_REGRESSORS

    def __init__(
        self,
        n_estimators: int = 25,
        prune: bool = True,
        criterion: str = "squared_error",
        max_depth: int | None = None,
        min_samples_leaf: int | float = 1,
        random_state: int | None = None,
    ) -> None:
        self.n_estimators, self.prune, self.criterion = n_estimators, prune, criterion
        self.max_depth, self.min_samples_leaf, self.random_state = (
            max_depth,
            min_samples_leaf,
            random_state,
        )

    def predict(self, X: Any) -> np.ndarray:
        """(m,) The mean of what the trees say."""
        rows = _single(X)
        return np.asarray(
            np.mean([member.said(rows) for member in self.members_], axis=0)
        )


class AdaBoostTreesClassifier(_Votes, _Trees):
    """Trees that are grown one after another, each on rows that weigh more the more often they were got wrong.

    algorithm  "m1": Freund & Schapire (1996), Experiments with a new boosting algorithm, figure 1: a tree of error e
               has a vote of log((1 - e) / e), rows that it gets wrong gain as much weight, and it must err less than
               half. "samme": Zhu, Zou, Rosset & Hastie (2009), Multi-class AdaBoost: log(k - 1) more for k classes,
               and it must err less than a guess does, 1 - 1/k. For two classes both are one.
    resample   a tree grows on rows drawn by their weights, not on weighted rows; its error is on the weighted rows

    A tree that errs too much ends the rounds and has no vote (the first one stays: nothing else can answer). A tree
    without error ends them too, since no weight would change (Quinlan 1996, Bagging, boosting, and C4.5).
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = _OF_CLASSIFIERS

    def __init__(
        self,
        n_estimators: int = 100,
        algorithm: str = "samme",
        resample: bool = False,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_leaf: int | float = 1,
        random_state: int | None = None,
    ) -> None:
        self.n_estimators, self.algorithm, self.resample, self.criterion = (
            n_estimators,
            algorithm,
            resample,
            criterion,
        )
        self.max_depth, self.min_samples_leaf, self.random_state = (
            max_depth,
            min_samples_leaf,
            random_state,
        )

    def fit(self, X: Any, y: Any) -> AdaBoostTreesClassifier:
        """Grow the trees. X (n, p), y (n,). Raises `ValueError` for a parameter out of range."""
        self._validate_params()
        X, y = np.asarray(X), self._coded(np.asarray(y))
        self.members_ = list(self._members(X, y))
        return self

    def _members(self, X: np.ndarray, y: np.ndarray) -> Iterator[_Member]:
        random, rows, k = (
            check_random_state(self.random_state),
            _single(X),
            len(self.classes_),
        )
        most, more = (
            (1 - 1 / k, np.log(k - 1))
            if self.algorithm == "samme" and k > 2
            else (0.5, 0.0)
        )
        weight = np.full(len(y), 1 / max(len(y), 1))
        for number in range(self.n_estimators):
            fitted = self._round(random, X, y, weight)
            answers = _answers(fitted)
            wrong = answers[fitted.tree_.apply(rows)] != y
            error = float(weight[wrong].sum())
            if error >= most:
                if number == 0:
                    yield _Member(fitted.tree_, answers)
                return
            error = max(error, LEAST_ERROR)
            vote = float(np.log((1 - error) / error) + more)
            yield _Member(fitted.tree_, answers, vote)
            if not wrong.any():
                return
            weight = np.where(wrong, weight * np.exp(vote), weight)
            weight /= weight.sum()

    def _round(
        self,
        random: np.random.RandomState,
        X: np.ndarray,
        y: np.ndarray,
        weight: np.ndarray,
    ) -> Any:
        if self.resample:
            drawn = random.choice(len(y), len(y), p=weight)
            return self._grown(random, X[drawn], y[drawn])
        return self._grown(random, X, y, sample_weight=weight)


def _single(X: Any) -> np.ndarray:
    """The rows in single precision, in which trees compare."""
    return np.asarray(X, dtype=np.float32)


def _answers(fitted: Any) -> np.ndarray:
    """(t,) What a row is told that ends in a node: a class of the fit, or a number."""
    values = fitted.tree_.value[:, 0, :]
    return np.asarray(
        fitted.classes_[values.argmax(axis=1)]
        if hasattr(fitted, "classes_")
        else values[:, 0]
    )


def _shares(members: list[_Member], rows: np.ndarray, k: int) -> np.ndarray:
    votes, places = np.zeros((len(rows), k)), np.arange(len(rows))
    for member in members:
        votes[places, member.said(rows)] += member.weight
    return np.asarray(votes / votes.sum(axis=1, keepdims=True))


def _parts(random: np.random.RandomState, y: np.ndarray, count: int) -> np.ndarray:
    """(n,) The part of each row: the parts differ by at most one row, and by at most one of each class."""
    order = random.permutation(len(y))
    order = order[np.argsort(y[order], kind="stable")]
    part = np.empty(len(y), dtype=np.int64)
    part[order] = np.arange(len(y)) % count
    return part


def _smallest(losses: np.ndarray, most: float) -> int:
    """The smallest subtree, the last one, that loses no more than so much."""
    return int(np.flatnonzero(losses <= most)[-1])


def _chosen(losses: np.ndarray, sizes: np.ndarray, errors: float) -> int:
    """The subtree by its losses (parts, s) on parts of these sizes (parts,)."""
    means = losses.sum(axis=0) / sizes.sum()
    best = int(means.argmin())
    spread = (losses[:, best] / sizes).std(ddof=1) / np.sqrt(len(sizes))
    return _smallest(means, float(means[best] + errors * spread))
