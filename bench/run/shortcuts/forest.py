"""Forests: one forest for every `n_estimators`, since the trees of a smaller one are the first of a larger one.

A forest's random state, when it is a number, gives its trees their seeds one after another, and a tree draws from its
own seed only. A forest says the sum over its trees divided by their number, so each size reads off the running sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from bench.run.shortcuts.shortcut import Lesson, Shortcut, ShortcutAnswer
from bench.run.shortcuts.tree import (
    ASKED,
    GROWTH,
    Growth,
    answer,
    deepest,
    growth,
    parameters,
    seed,
    share,
    single,
    whole,
)

ESTIMATORS = (
    "sklearn.ensemble.RandomForestClassifier",
    "sklearn.ensemble.RandomForestRegressor",
    "sklearn.ensemble.ExtraTreesClassifier",
    "sklearn.ensemble.ExtraTreesRegressor",
)

_PLAIN: dict[str, tuple[Any, ...]] = {
    "oob_score": (False,),
    "n_jobs": (None, 1),
    "verbose": (0,),
    "warm_start": (False,),
    "ccp_alpha": (0.0,),
}
_KNOWN = GROWTH - {"splitter"} | _PLAIN.keys()
_KNOWN |= {
    "n_estimators",
    "bootstrap",
    "max_samples",
    "class_weight",
    "random_state",
    "monotonic_cst",
}


class Sowing(NamedTuple):
    """What decides the seeds and the rows of a forest's trees."""

    random_state: int
    drawn: int | None  # rows of a bootstrap sample; None: every tree has all rows
    class_weight: str | None


class ForestPlot(NamedTuple):
    """Forests of one plot differ in their depth limit and size only."""

    sowing: Sowing
    growth: Growth


#: The forests of each plot: depth limit -> place among the estimators -> size
Plots = dict[ForestPlot, dict[int, dict[int, int]]]


class ForestTally:
    """The running sum of the trees of one forest, and what the forest says at each of its sizes."""

    def __init__(
        self,
        sizes: Mapping[int, int],
        lesson: Lesson,
        found: list[ShortcutAnswer | None],
    ) -> None:
        self.largest = max(sizes.values())
        self._sizes, self._wanted, self._found = sizes, lesson.wanted, found
        columns = 1 if "value" in lesson.wanted else int(lesson.y.max()) + 1
        self._sum = np.zeros((len(lesson.held), columns))
        self._trees = 0

    def add(self, said: np.ndarray) -> None:
        """Count in what the next tree says: (m, k) shares of the classes, or (m, 1) values."""
        self._sum += said
        self._trees += 1
        for place, size in self._sizes.items():
            if size == self._trees:
                self._found[place] = answer(self._sum / size, self._wanted)


def answers(estimators: Sequence[Any], lesson: Lesson) -> list[ShortcutAnswer | None]:
    """The answers of forests grown by scikit-learn's own `fit`, bit-equal to those of one fit each."""
    from sklearn.base import clone

    found: list[ShortcutAnswer | None] = [None] * len(estimators)
    held = single(lesson.held)
    for depths in plots(estimators, lesson).values():
        for sizes in depths.values():
            tally = ForestTally(sizes, lesson, found)
            forest = clone(estimators[next(iter(sizes))]).set_params(
                n_estimators=tally.largest
            )
            for tree in forest.fit(lesson.X, lesson.y).estimators_:
                tally.add(tree.tree_.predict(held))
    return found


def plots(estimators: Sequence[Any], lesson: Lesson) -> Plots:
    """The forests that can be grown together; those whose parameters are not served are left out."""
    found: Plots = {}
    for place, own in parameters(estimators, ESTIMATORS):
        plot = _plot(own, type(estimators[place]).__name__, lesson)
        if plot is not None:
            sizes = found.setdefault(plot, {}).setdefault(
                deepest(own["max_depth"], lesson), {}
            )
            sizes[place] = int(own["n_estimators"])
    return found


def _plot(own: Mapping[str, Any], name: str, lesson: Lesson) -> ForestPlot | None:
    """The plot of a forest of the class of this name, None where equality is not proven."""
    classify = name.endswith("Classifier")
    fit = (
        _KNOWN.issuperset(own)
        and ASKED[classify].issuperset(lesson.wanted)
        and all(own[name] in values for name, values in _PLAIN.items())
        and own["monotonic_cst"] is None
        and whole(own["n_estimators"], 1)
        and seed(own["random_state"])
        and own.get("class_weight") in (None, "balanced")
    )
    sowing = _sowing(own, len(lesson.X)) if fit else None
    splitter = "random" if name.startswith("Extra") else "best"
    grown = sowing and growth({**own, "splitter": splitter}, lesson, classify)
    return ForestPlot(sowing, grown) if sowing and grown else None


def _sowing(own: Mapping[str, Any], n: int) -> Sowing | None:
    """None where `max_samples` is refused by scikit-learn, or means more than a number of rows, or is warned of."""
    bootstrap, most, weight = (
        own["bootstrap"],
        own["max_samples"],
        own.get("class_weight"),
    )
    if not isinstance(bootstrap, bool):
        return None
    drawn = n if most is None else None
    if whole(most, 1) and most <= n:
        drawn = int(most)
    elif share(most) and weight is None:
        drawn = int(most * n) if int(most * n) >= max(10, n ** (1 / 3)) else None
    if drawn is None or not (bootstrap or most is None):
        return None
    return Sowing(int(own["random_state"]), drawn if bootstrap else None, weight)


SHORTCUT = Shortcut("forest", ESTIMATORS, answers, refits=True)
