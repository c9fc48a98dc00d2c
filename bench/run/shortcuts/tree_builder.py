"""Trees and forests by scikit-learn's own tree builder: the classes around it cost more than a small tree.

It leans on the modules under `sklearn.tree` and on how a forest draws its bootstrap samples (private). The self-test
compares with the public classes to the last bit.

A splitter, a criterion and a builder are set anew by every `build`, so one of each serves all trees of a plot. A tree
draws twice from its own seed, as if anew each time: its bootstrap sample, and a number that starts the splitter. All
forests of one sowing share both.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from bench.run.shortcuts import forest, tree
from bench.run.shortcuts.shortcut import Lesson, Shortcut, ShortcutAnswer


class _Draw:
    """Stands in for the random state of trees in the one draw that a splitter takes from it, made once a seed."""

    def __init__(self) -> None:
        self._random = np.random.RandomState(0)  # `seed` costs a fiftieth of a new one
        self._seed = 0
        self._number: int | None = None

    def again(self, seed: int) -> np.random.RandomState:
        """A random state as new from a seed, for whoever draws first."""
        self._number, self._seed = None, seed
        self._random.seed(seed)
        return self._random

    def randint(self, low: int, high: int) -> int:
        if self._number is None:
            self._random.seed(self._seed)
            self._number = self._random.randint(low, high)
        return self._number


class _Ground:
    """The rows of a lesson as the builder takes them."""

    def __init__(self, lesson: Lesson) -> None:
        self.X = tree.single(lesson.X)
        self.y = lesson.y.astype(np.float64).reshape(-1, 1)
        self.classify = "value" not in lesson.wanted
        self.classes = np.array(
            [lesson.y.max() + 1 if self.classify else 1], dtype=np.intp
        )

    def weights(self, class_weight: str | None) -> np.ndarray | None:
        from sklearn.utils.class_weight import compute_sample_weight

        return (
            None
            if class_weight is None
            else compute_sample_weight(class_weight, self.y[:, 0])
        )


class _Builder:
    """Grows the trees of one plot and depth limit."""

    def __init__(
        self, ground: _Ground, grown: tree.Growth, depth: int, total: float, draw: _Draw
    ) -> None:
        """`total` is the weight of all rows in each tree."""
        from sklearn.tree import _tree
        from sklearn.tree._classes import CRITERIA_CLF, CRITERIA_REG, DENSE_SPLITTERS

        self._ground, self._new = ground, _tree.Tree
        lightest = grown.min_weight_fraction_leaf * total
        criterion = (
            CRITERIA_CLF[grown.criterion](1, ground.classes)
            if ground.classify
            else CRITERIA_REG[grown.criterion](1, len(ground.y))
        )
        leaf = grown.min_samples_leaf
        splitter = DENSE_SPLITTERS[grown.splitter](
            criterion, grown.max_features, leaf, lightest, draw, None
        )
        limits: tuple[Any, ...] = (
            splitter,
            grown.min_samples_split,
            leaf,
            lightest,
            depth,
        )
        if grown.max_leaf_nodes < 0:
            self._builder = _tree.DepthFirstTreeBuilder(
                *limits, grown.min_impurity_decrease
            )
        else:
            self._builder = _tree.BestFirstTreeBuilder(
                *limits, grown.max_leaf_nodes, grown.min_impurity_decrease
            )

    def grow(self, weights: np.ndarray | None) -> Any:
        """A `sklearn.tree._tree.Tree`."""
        ground = self._ground
        grown = self._new(ground.X.shape[1], ground.classes, 1)
        self._builder.build(grown, ground.X, ground.y, weights, None)
        return grown


def answers(estimators: Sequence[Any], lesson: Lesson) -> list[ShortcutAnswer | None]:
    """As `forest.answers` and `tree.answers`, bit-equal to the estimators' own `fit`."""
    if hasattr(estimators[0], "n_estimators"):
        return _forests(estimators, lesson)
    ground, draw = _Ground(lesson), _Draw()

    def grow(plot: tree.Plot, depth: int, _: Any, lesson: Lesson) -> Any:
        weights = ground.weights(plot.class_weight)
        draw.again(plot.random_state)
        return _Builder(
            ground, plot.growth, depth, _total(weights, len(lesson.X)), draw
        ).grow(weights)

    return tree.answers_by(grow, estimators, lesson)


def _total(weights: np.ndarray | None, n: int) -> float:
    return n if weights is None else np.sum(weights)


def _forests(estimators: Sequence[Any], lesson: Lesson) -> list[ShortcutAnswer | None]:
    found: list[ShortcutAnswer | None] = [None] * len(estimators)
    sowings: dict[forest.Sowing, list[_Stand]] = {}
    ground, draw, held = _Ground(lesson), _Draw(), tree.single(lesson.held)
    for plot, depths in forest.plots(estimators, lesson).items():
        drawn, weights = plot.sowing.drawn, ground.weights(plot.sowing.class_weight)
        total = _total(weights, len(lesson.X)) if drawn is None else drawn
        stands = sowings.setdefault(plot.sowing, [])
        stands.append(
            [
                (
                    depth,
                    _Builder(ground, plot.growth, depth, total, draw),
                    forest.ForestTally(depths[depth], lesson, found),
                )
                for depth in sorted(depths, reverse=True)
            ]
        )
    for sowing, stands in sowings.items():
        largest = max(tally.largest for stand in stands for _, _, tally in stand)
        for number, weights in enumerate(_samples(sowing, largest, ground, draw)):
            for stand in stands:
                _next_tree(stand, number, weights, held)
    return found


#: The forests of one plot, the deepest first: depth limit, builder, tally
_Stand = list[tuple[int, _Builder, forest.ForestTally]]


def _next_tree(
    stand: _Stand, number: int, weights: np.ndarray | None, held: np.ndarray
) -> None:
    """Grow one tree for all forests of a plot that have so many; a limit that a tree does not reach changes nothing."""
    reached = None
    for depth, builder, tally in stand:
        if number < tally.largest:
            if reached is None or reached >= depth:
                grown = builder.grow(weights)
                reached, said = grown.max_depth, grown.predict(held)
            tally.add(said)


def _samples(
    sowing: forest.Sowing, trees: int, ground: _Ground, draw: _Draw
) -> Iterator[np.ndarray | None]:
    """The weights of the rows in each tree of a forest; meanwhile `draw` is as the tree's own random state."""
    from sklearn.ensemble._forest import MAX_INT, _generate_sample_indices

    n, weights = len(ground.y), ground.weights(sowing.class_weight)
    for seed in np.random.RandomState(sowing.random_state).randint(MAX_INT, size=trees):
        random = draw.again(seed)
        if sowing.drawn is None:
            yield weights
        else:
            rows = _generate_sample_indices(random, n, sowing.drawn, weights)
            yield np.bincount(rows, minlength=n).astype(np.float64)


def self_test() -> bool:
    """Each class, criterion and mode on made-up rows: the same bits as from the public classes?"""
    random = np.random.default_rng(0)
    X, held = random.normal(size=(40, 5)).round(1), random.normal(size=(20, 5)).round(1)
    score = X[:, 0] + random.normal(size=40)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return all(
            _same(
                estimators,
                Lesson(X, y, held, ("p",) if y.dtype == np.int64 else ("value",)),
            )
            for y in (np.digitize(score, [0]), np.digitize(score, [-1, 1]), score**2)
            for estimators in _examples(y.dtype == np.int64)
        )


def _examples(classify: bool) -> Iterator[list[Any]]:
    from sklearn import ensemble, tree

    kind = "Classifier" if classify else "Regressor"
    leaves = {
        "min_samples_leaf": 3,
        "min_weight_fraction_leaf": 0.1,
        "max_features": 0.5,
    }
    modes: list[dict[str, Any]] = [
        {"max_depth": 3, "min_impurity_decrease": 0.01},
        {"max_leaf_nodes": 6, "max_features": 2},
        leaves | {"criterion": "entropy" if classify else "absolute_error"},
        {"class_weight": "balanced"} if classify else {"criterion": "poisson"},
    ]
    forest = getattr(ensemble, f"RandomForest{kind}")
    samples: list[dict[str, Any]] = [{}, {"bootstrap": False}, {"max_samples": 0.6}]
    for more in samples + modes:
        yield [forest(2, random_state=3, **more)]
    yield [getattr(ensemble, f"ExtraTrees{kind}")(n_estimators=2, random_state=3)]
    splitters: list[dict[str, Any]] = [{"ccp_alpha": 0.02}, {"splitter": "random"}]
    for more in splitters + modes:
        yield [getattr(tree, f"DecisionTree{kind}")(random_state=2, **more)]


def _same(estimators: Sequence[Any], lesson: Lesson) -> bool:
    for estimator, answer in zip(estimators, answers(estimators, lesson), strict=True):
        estimator.fit(lesson.X, lesson.y)
        own = estimator.predict_proba if "p" in lesson.wanted else estimator.predict
        if answer is None or not np.array_equal(
            own(lesson.held), answer["p" if "p" in lesson.wanted else "value"]
        ):
            return False
    return True


SHORTCUT = Shortcut(
    "tree_builder",
    tree.ESTIMATORS + forest.ESTIMATORS,
    answers,
    refits=True,
    self_test=self_test,
)
