"""Decision trees: one tree for every pruning strength, and for every depth limit that the tree does not reach.

Minimal cost-complexity pruning looks at a grown tree only (Breiman, Friedman, Olshen and Stone 1984, chapter 3). So one
tree is grown, its weakest links are cut one after another as scikit-learn cuts them, and each `ccp_alpha` reads off
where the rows end after the cuts that it pays for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

from bench.run.shortcuts.shortcut import Lesson, Shortcut, ShortcutAnswer

ESTIMATORS = (
    "sklearn.tree.DecisionTreeClassifier",
    "sklearn.tree.DecisionTreeRegressor",
)

#: What a classifier and a regressor may be asked.
ASKED = {True: frozenset({"label", "p"}), False: frozenset({"value"})}
_CRITERIA = {
    True: ("gini", "entropy", "log_loss"),
    False: ("squared_error", "absolute_error", "poisson"),
}
#: The parameters that `growth` and `deepest` settle; a tree has the splitter too, a forest has not.
GROWTH = frozenset(
    {"criterion", "splitter", "max_depth", "max_features", "max_leaf_nodes"}
)
GROWTH |= {
    "min_samples_split",
    "min_samples_leaf",
    "min_weight_fraction_leaf",
    "min_impurity_decrease",
}
_KNOWN = GROWTH | {"random_state", "class_weight", "ccp_alpha", "monotonic_cst"}


class Growth(NamedTuple):
    """What decides a tree besides rows, weights, random state and depth, as scikit-learn reads its parameters."""

    criterion: str
    splitter: str
    max_features: int
    max_leaf_nodes: int
    min_samples_split: int
    min_samples_leaf: int
    min_weight_fraction_leaf: float
    min_impurity_decrease: float


class Plot(NamedTuple):
    """Trees of one plot differ in their depth limit only."""

    growth: Growth
    random_state: int
    class_weight: str | None


#: (plot, depth limit, an unfitted estimator of this plot and limit, lesson) -> its tree before any pruning, a `Tree` of
#: scikit-learn
Grow = Callable[[Plot, int, Any, Lesson], Any]


def answers(estimators: Sequence[Any], lesson: Lesson) -> list[ShortcutAnswer | None]:
    """The answers of decision trees grown by scikit-learn's own `fit`, bit-equal to those of one fit each."""
    return answers_by(_fitted, estimators, lesson)


def _fitted(plot: Plot, depth: int, estimator: Any, lesson: Lesson) -> Any:
    from sklearn.base import clone

    return clone(estimator).set_params(ccp_alpha=0.0).fit(lesson.X, lesson.y).tree_


def answers_by(
    grow: Grow, estimators: Sequence[Any], lesson: Lesson
) -> list[ShortcutAnswer | None]:
    """The answers by one way to grow a tree; None for an estimator whose parameters are not served."""
    found: list[ShortcutAnswer | None] = [None] * len(estimators)
    plots: dict[Plot, dict[int, list[int]]] = {}
    for place, own in parameters(estimators, ESTIMATORS):
        plot = _plot(own, type(estimators[place]).__name__, lesson)
        if plot is not None:
            plots.setdefault(plot, {}).setdefault(
                deepest(own["max_depth"], lesson), []
            ).append(place)
    held = single(lesson.held)
    for plot, depths in plots.items():
        tree = None
        for depth in sorted(depths, reverse=True):
            places = depths[depth]
            if (
                tree is None or tree.max_depth >= depth
            ):  # a limit that the tree does not reach changes nothing in it
                tree = grow(plot, depth, estimators[places[0]], lesson)
            said = pruned(
                tree, held, [float(estimators[place].ccp_alpha) for place in places]
            )
            for place, values in zip(places, said, strict=True):
                found[place] = answer(values, lesson.wanted)
    return found


def parameters(
    estimators: Sequence[Any], paths: Sequence[str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The place and the parameters of each estimator whose own class, no parent, is one of these import paths."""
    names: dict[type, tuple[str, ...]] = {}
    for path in paths:
        module, _, name = path.rpartition(".")
        names[getattr(import_module(module), name)] = ()
    for place, estimator in enumerate(estimators):
        kind = type(estimator)
        if kind in names:
            # `get_params` reads the signature anew each time, which takes as long as a tenth of a small tree.
            names[kind] = names[kind] or tuple(estimator.get_params(deep=False))
            yield place, {name: getattr(estimator, name) for name in names[kind]}


def answer(values: np.ndarray, wanted: Iterable[str]) -> ShortcutAnswer:
    """What a tree or forest says of m rows, from the (m, k) shares of the classes or the (m, 1) values."""
    said: ShortcutAnswer = {}
    if "label" in wanted:
        said["label"] = np.argmax(values, axis=1)
    if "p" in wanted:
        said["p"] = values
    if "value" in wanted:
        said["value"] = values[:, 0]
    return said


def _plot(own: Mapping[str, Any], name: str, lesson: Lesson) -> Plot | None:
    """The plot of a tree of the class of this name, None where equality is not proven."""
    classify = name.endswith("Classifier")
    fit = (
        _KNOWN.issuperset(own)
        and ASKED[classify].issuperset(lesson.wanted)
        and own["monotonic_cst"] is None
        and seed(own["random_state"])
        and own.get("class_weight") in (None, "balanced")
        and 0 <= number(own["ccp_alpha"]) < math.inf
    )
    grown = growth(own, lesson, classify) if fit else None
    return grown and Plot(grown, int(own["random_state"]), own.get("class_weight"))


def seed(value: Any) -> bool:
    """Is this random state a number, so that every fit draws the same?"""
    return whole(value, 0) and value < 2**32


def whole(value: Any, least: int) -> bool:
    """Is this an integer of at least so much?"""
    return (
        isinstance(value, Integral)
        and not isinstance(value, bool)
        and int(value) >= least
    )


def number(value: Any) -> float:
    """A real number as a float, whatever else it may be as not a number."""
    return float(value) if isinstance(value, Real) else math.nan


def share(value: Any) -> bool:
    """Is this a share of something, more than none of it?"""
    return not isinstance(value, Integral) and 0 < number(value) <= 1


def _accepted(own: Mapping[str, Any], lesson: Lesson, classify: bool) -> bool:
    """Whether scikit-learn accepts these parameters on these rows."""
    criterion = own["criterion"]
    return (
        criterion in _CRITERIA[classify]
        and own.get("splitter", "best") in ("best", "random")
        and 0 <= number(own["min_weight_fraction_leaf"]) <= 0.5
        and 0 <= number(own["min_impurity_decrease"]) < math.inf
        and (own["max_depth"] is None or whole(own["max_depth"], 1))
        and (own["max_leaf_nodes"] is None or whole(own["max_leaf_nodes"], 2))
        and (criterion != "poisson" or bool(lesson.y.min() >= 0 and lesson.y.sum() > 0))
    )


def growth(own: Mapping[str, Any], lesson: Lesson, classify: bool) -> Growth | None:
    """The settled parameters of a tree or forest; None when scikit-learn would refuse one or the rows."""
    n, p = lesson.X.shape
    criterion = own["criterion"]
    leaf, split = (
        _rows(own["min_samples_leaf"], 1, n),
        _rows(own["min_samples_split"], 2, n),
    )
    features = _features(own["max_features"], p)
    fraction, decrease = own["min_weight_fraction_leaf"], own["min_impurity_decrease"]
    if (
        not _accepted(own, lesson, classify)
        or leaf is None
        or split is None
        or features is None
    ):
        return None
    return Growth(
        criterion="entropy" if criterion == "log_loss" else criterion,
        splitter=own.get("splitter", "best"),
        max_features=features,
        max_leaf_nodes=-1
        if own["max_leaf_nodes"] is None
        else int(own["max_leaf_nodes"]),
        min_samples_split=max(split, 2 * leaf),
        min_samples_leaf=leaf,
        min_weight_fraction_leaf=float(fraction),
        min_impurity_decrease=float(decrease),
    )


def deepest(max_depth: int | None, lesson: Lesson) -> int:
    """The depth limit, no more than the number of rows, which no tree reaches."""
    n = len(lesson.X)
    return n if max_depth is None else min(int(max_depth), n)


def _rows(value: Any, least: int, n: int) -> int | None:
    """A number of rows that is given as such or as a share of all n."""
    if whole(value, least):
        return int(value)
    shared = share(value) and (
        value < 1 or least > 1
    )  # a split may ask for all rows, a leaf may not
    return max(least, math.ceil(value * n)) if shared else None


def _features(value: Any, p: int) -> int | None:
    """A number of features that is given as such, as a share of all p, or by name."""
    if value is None:
        return p
    if value in ("sqrt", "log2"):
        return max(1, int(np.sqrt(p) if value == "sqrt" else np.log2(p)))
    if whole(value, 1):
        return min(int(value), p)
    return max(1, int(value * p)) if share(value) else None


def single(X: np.ndarray) -> np.ndarray:
    """The rows in single precision, in which trees compare. Raises `ValueError` when one does not fit into it."""
    with np.errstate(over="ignore"):
        rows = X.astype(np.float32)
    if not np.isfinite(rows).all():
        raise ValueError(
            "a value is too large for single precision, in which trees compare"
        )
    return rows


def pruned(tree: Any, held: np.ndarray, alphas: Sequence[float]) -> list[np.ndarray]:
    """What a grown tree says of m rows after pruning by each alpha: (m, k) shares of the classes or (m, 1) values."""
    ends = tree.apply(held)
    values = tree.value[:, 0, :]
    if not any(alphas):
        return [values[ends] for _ in alphas]
    parent = _parents(tree)
    costs, cuts = _weakest_links(tree, parent, max(alphas))
    # A cut may cost less than one before it; it is made when those before it are paid for. An alpha of 0 cuts nothing.
    paid = np.where(
        np.array(alphas) > 0,
        np.searchsorted(np.maximum.accumulate(costs), alphas, side="right"),
        0,
    )
    since = np.full(
        tree.node_count, len(cuts)
    )  # the first cut after which the node has nothing below it
    since[np.array(cuts, dtype=int)] = np.arange(len(cuts))
    reached = np.tile(ends, (len(alphas), 1))
    above, done = parent[ends], paid[:, None]
    while (above >= 0).any():
        reached = np.where((above >= 0) & (since[above] < done), above, reached)
        above = np.where(above >= 0, parent[above], -1)
    return [values[nodes] for nodes in reached]


def _parents(tree: Any) -> np.ndarray:
    parent = np.full(tree.node_count, -1)
    for children in (tree.children_left, tree.children_right):
        inner = children >= 0
        parent[children[inner]] = np.flatnonzero(inner)
    return parent


def _weakest_links(
    tree: Any, parents: np.ndarray, most: float
) -> tuple[list[float], list[int]]:
    """What each cut costs and the node below which it cuts, in this order, up to the first that costs more than `most`.

    A cut costs (r - R) / (leaves - 1), with r the node's impurity, R its leaves', both weighted by their rows. The sums
    run in scikit-learn's order, since nearly equal costs decide which link is the weakest.
    """
    weights = tree.weighted_n_node_samples
    impurity = weights * tree.impurity / weights[0]
    if not np.isfinite(impurity).all():
        raise ValueError("the impurity of a node is not finite")
    own = impurity.tolist()
    left, right, parent = (
        tree.children_left.tolist(),
        tree.children_right.tolist(),
        parents.tolist(),
    )
    below, leaves = [0.0] * len(own), [0] * len(own)
    for leaf in range(len(own)):
        if left[leaf] < 0:
            below[leaf] = own[leaf]
            for node in _ancestors(leaf, parent):
                below[node] += own[leaf]
                leaves[node] += 1
    price = np.full(len(own), np.inf)
    for node in range(len(own)):
        if left[node] >= 0:
            price[node] = (own[node] - below[node]) / (leaves[node] - 1)
    costs: list[float] = []
    cuts: list[int] = []
    while price[0] < np.inf and price[cut := int(price.argmin())] <= most:
        costs.append(float(price[cut]))
        cuts.append(cut)
        stack = [cut]
        while stack:
            node = stack.pop()
            if price[node] < np.inf:
                price[node] = np.inf
                stack += (left[node], right[node])
        fewer, more = leaves[cut] - 1, own[cut] - below[cut]
        for node in _ancestors(cut, parent):
            leaves[node] -= fewer
            below[node] += more
            price[node] = (own[node] - below[node]) / (leaves[node] - 1)
    return costs, cuts


def _ancestors(node: int, parent: Sequence[int]) -> list[int]:
    found = []
    while (node := parent[node]) >= 0:
        found.append(node)
    return found


SHORTCUT = Shortcut("tree", ESTIMATORS, answers, refits=True)
