"""Simulated papers: a small table and a protocol that gives a number on it, in numpy (trees: scikit-learn, XGBoost).

A paper has its own splits and seeds and prints three decimals. Its protocol is valid, has an error that bench lists,
or has one that it does not list. No line is shared with `bench.run.variants.explanations`; a test compares the
families with scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from xgboost import XGBClassifier

FOLDS = 5
REGRESSION = ("mse", "mae", "r2")
#: Metrics of which less is better.
ERRORS_OF = ("error_rate", "mse", "mae")
Split = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Table:
    """The rows that a paper has, of classes 0 and 1 or of numbers.

    `kept`: the table that an error leaves, by the name of the error.
    """

    X: np.ndarray
    y: np.ndarray
    group: np.ndarray | None = None
    kept: Mapping[str, Table] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return len(self.y)

    def of(self, rows: np.ndarray) -> Table:
        return Table(
            self.X[rows], self.y[rows], None if self.group is None else self.group[rows]
        )


@dataclass(frozen=True)
class Recipe:
    """What the paper says that it did: a family with these parameters, scaling and selection in each fold, a metric.

    grid: the candidates of its one tuned parameter, if it tunes; fixed: how many of the last rows are the test set.
    """

    family: Literal["lda", "knn", "decision_tree", "xgboost", "linear_regression"]
    metric: str = "accuracy"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    grid: tuple[str, tuple[Any, ...]] | None = None
    scale: Literal["standard", "minmax"] | None = "standard"
    select: int | None = None
    stratified: bool = True
    fixed: int = 0
    folds: int = FOLDS

    @property
    def better(self) -> Callable[..., Any]:
        return min if self.metric in ERRORS_OF else max

    @property
    def regression(self) -> bool:
        return self.metric in REGRESSION


def score(metric: str, truth: np.ndarray, said: np.ndarray) -> float:
    if metric in REGRESSION:
        off = truth - said
        squared = float((off**2).mean())
        lost = {"mse": squared, "mae": float(np.abs(off).mean())}
        return lost.get(metric, 1 - squared / float(truth.var()))
    if metric in ("accuracy", "error_rate"):
        return float(
            (truth == said).mean() if metric == "accuracy" else (truth != said).mean()
        )
    hit = np.array([((truth == c) & (said == c)).sum() for c in (0, 1)])
    true, called = (np.bincount(one, minlength=2) for one in (truth, said))
    if metric == "balanced_accuracy":
        return float((hit[true > 0] / true[true > 0]).mean())
    f1 = 2 * hit / np.maximum(true + called, 1)
    return float(f1.mean() if metric == "f1_macro" else f1 @ true / len(truth))


def strongest(X: np.ndarray, y: np.ndarray, k: int) -> np.ndarray:
    """The k columns with the largest absolute correlation with the target: those of the largest F."""
    centred = X - X.mean(axis=0)
    strength = np.abs(centred.T @ (y - y.mean())) / np.maximum(
        np.sqrt((centred**2).sum(axis=0)), 1e-300
    )
    return np.sort(np.argsort(-strength, kind="stable")[:k])


def labels(
    recipe: Recipe, train: Table, X: np.ndarray, seed: int, values: tuple[Any, ...] = ()
) -> np.ndarray:
    """(candidates, m) what each candidate, fitted to the training rows, says of m rows; one without `values`."""
    own = train.X
    if recipe.scale is not None:
        least, most = own.min(axis=0), own.max(axis=0)
        middle, spread = (
            (own.mean(axis=0), own.std(axis=0))
            if recipe.scale == "standard"
            else (least, most - least)
        )
        own, X = (own - middle) / spread, (X - middle) / spread
    if recipe.select:
        columns = strongest(own, train.y, recipe.select)
        own, X = own[:, columns], X[:, columns]
    if recipe.family == "lda":
        return _lda(own, train.y, X)[None]
    if recipe.family == "linear_regression":
        return _linear(own, train.y, X)[None]
    if recipe.family == "knn":
        near = _means if recipe.regression else _neighbours
        return near(own, train.y, X, values or (recipe.parameters["n_neighbors"],))
    if recipe.family == "xgboost":
        return np.asarray(boosted(recipe, seed).fit(own, train.y).predict(X))[None]
    tree = DecisionTreeRegressor if recipe.regression else DecisionTreeClassifier
    name = recipe.grid[0] if recipe.grid else None
    fixed = [
        dict(recipe.parameters) | ({name: value} if name else {})
        for value in values or (None,)
    ]
    return np.stack(
        [tree(random_state=seed, **one).fit(own, train.y).predict(X) for one in fixed]
    )


def boosted(recipe: Recipe, seed: int) -> XGBClassifier:
    return XGBClassifier(
        **recipe.parameters,
        tree_method="hist",
        n_jobs=1,
        verbosity=0,
        random_state=seed,
    )


def _neighbours(
    own: np.ndarray, y: np.ndarray, X: np.ndarray, values: tuple[int, ...]
) -> np.ndarray:
    """Majorities among odd numbers of nearest rows."""
    near = np.argsort(cdist(X, own), axis=1, kind="stable")[:, : max(values)]
    votes = y[near].cumsum(axis=1)
    return np.stack([(2 * votes[:, k - 1] > k).astype(int) for k in values])


def _means(
    own: np.ndarray, y: np.ndarray, X: np.ndarray, values: tuple[int, ...]
) -> np.ndarray:
    """Means over the nearest rows."""
    near = np.argsort(cdist(X, own), axis=1, kind="stable")[:, : max(values)]
    sums = y[near].cumsum(axis=1)
    return np.stack([sums[:, k - 1] / k for k in values])


def _linear(own: np.ndarray, y: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Least squares with an intercept."""
    middle = own.mean(axis=0)
    weight = np.linalg.lstsq(own - middle, y - y.mean(), rcond=None)[0]
    return (X - middle) @ weight + y.mean()


def _lda(own: np.ndarray, y: np.ndarray, X: np.ndarray) -> np.ndarray:
    means = np.stack([own[y == c].mean(axis=0) for c in (0, 1)])
    within = (own - means[y]).T @ (own - means[y]) / len(y)
    weight = np.linalg.solve(within, means[1] - means[0])
    edge = weight @ means.mean(axis=0) - np.log(y.mean() / (1 - y.mean()))
    return (X @ weight > edge).astype(int)


@dataclass(frozen=True)
class Run:
    """One run of a paper's recipe on a table, by a generator of its own."""

    recipe: Recipe
    table: Table
    rng: np.random.Generator

    @property
    def seed(self) -> int:
        return int(self.rng.integers(2**31))

    def splits(self, grouped: bool = True) -> list[Split]:
        """The paper's folds: of whole groups where the rows have any, else stratified unless it says otherwise."""
        n, recipe, group = self.table.n, self.recipe, self.table.group
        rows = np.arange(n)
        if recipe.fixed:
            return [(rows[: -recipe.fixed], rows[-recipe.fixed :])]
        if group is not None and grouped:
            fold = (self.rng.permutation(group.max() + 1) % recipe.folds)[group]
        else:
            by_class = recipe.stratified and not recipe.regression and group is None
            key = self.rng.random(n) + (self.table.y if by_class else 0)
            fold = np.empty(n, dtype=int)
            fold[np.argsort(key)] = rows % recipe.folds
        return [(rows[fold != one], rows[fold == one]) for one in range(recipe.folds)]

    def said(self, train: Table, X: np.ndarray, seed: int) -> np.ndarray:
        """(m,) what the recipe says: of the candidate that is best on inner folds, where it tunes."""
        if self.recipe.grid is None:
            return labels(self.recipe, train, X, seed)[0]
        values, inner = self.recipe.grid[1], replace(self.recipe, folds=3)
        folds = Run(inner, train, np.random.default_rng(seed)).splits()
        means = np.mean([self.each(train, one, seed) for one in folds], axis=0)
        best = means.tolist().index(self.recipe.better(means))
        return labels(self.recipe, train, X, seed, (values[best],))[0]

    def each(self, table: Table, split: Split, seed: int) -> list[float]:
        """The test score of every candidate."""
        assert self.recipe.grid is not None
        train, test = (table.of(rows) for rows in split)
        said = labels(self.recipe, train, test.X, seed, self.recipe.grid[1])
        return [score(self.recipe.metric, test.y, one) for one in said]

    def fold(self, split: Split, seed: int) -> float:
        train, test = (self.table.of(rows) for rows in split)
        return score(self.recipe.metric, test.y, self.said(train, test.X, seed))

    def mean(self, grouped: bool = True) -> float:
        return float(
            np.mean([self.fold(split, self.seed) for split in self.splits(grouped)])
        )

    def on(self, table: Table) -> Run:
        return replace(self, table=table)

    def under(self, **changes: Any) -> Run:
        return replace(self, recipe=replace(self.recipe, **changes))


Number = Callable[[Run], float]

# Errors that bench lists as explanations.


def selection_before_split(run: Run) -> float:
    assert run.recipe.select is not None
    columns = strongest(run.table.X, run.table.y, run.recipe.select)
    return (
        run.on(replace(run.table, X=run.table.X[:, columns])).under(select=None).mean()
    )


def tuned_on_test(run: Run) -> float:
    return float(
        np.mean(
            [
                run.recipe.better(run.each(run.table, one, run.seed))
                for one in run.splits()
            ]
        )
    )


def stopped_on_test(run: Run) -> float:
    """Boosting in each fold as long as was best for its test rows."""
    scores = []
    for train, test in run.splits():
        own, held = run.table.of(train), run.table.of(test)
        model = boosted(run.recipe, run.seed).fit(own.X, own.y)
        after = range(1, run.recipe.parameters["n_estimators"] + 1)
        said = [model.predict(held.X, iteration_range=(0, rounds)) for rounds in after]
        scores.append(
            run.recipe.better(score(run.recipe.metric, held.y, one) for one in said)
        )
    return float(np.mean(scores))


def flat_maximum(run: Run) -> float:
    return float(
        run.recipe.better(
            np.mean(
                [run.each(run.table, one, run.seed) for one in run.splits()], axis=0
            )
        )
    )


def train_score(run: Run) -> float:
    own = [run.table.of(train) for train, _ in run.splits()]
    return float(
        np.mean(
            [
                score(run.recipe.metric, one.y, run.said(one, one.X, run.seed))
                for one in own
            ]
        )
    )


def best_of_splits(run: Run, splits: int) -> float:
    return float(run.recipe.better(run.mean() for _ in range(splits)))


def best_of_seeds(run: Run, seeds: int) -> float:
    folds = run.splits()
    return float(
        run.recipe.better(
            np.mean([run.fold(one, run.seed) for one in folds]) for _ in range(seeds)
        )
    )


ERRORS: Mapping[str, Number] = {
    "selection_before_split": selection_before_split,
    "random_split": lambda run: run.mean(grouped=False),
    "duplicates_kept": lambda run: run.on(run.table.kept["duplicates_kept"]).mean(),
    "tuned_on_test": tuned_on_test,
    "stopped_on_test": stopped_on_test,
    "flat_maximum": flat_maximum,
    "best_of_seeds": lambda run: best_of_seeds(run, 50),
    "best_of_splits": lambda run: best_of_splits(run, 100),
    "train_score": train_score,
}

# Errors that it does not list.


def test_rows_trained_on(run: Run, share: float = 0.3) -> float:
    """A part of each fold's test rows stands among its training rows too."""
    scores = []
    for train, test in run.splits():
        more = run.rng.choice(test, max(1, round(share * len(test))), replace=False)
        scores.append(run.fold((np.concatenate([train, more]), test), run.seed))
    return float(np.mean(scores))


def hardest_dropped(run: Run, share: float = 0.1) -> float:
    """The rows that three first runs most often got wrong were called outliers and left out."""
    wrong = run.rng.random(run.table.n) / 2
    for _ in range(3):
        for train, test in run.splits():
            said = run.said(run.table.of(train), run.table.X[test], run.seed)
            wrong[test] += np.abs(said - run.table.y[test])
    kept = np.sort(np.argsort(-wrong)[round(share * run.table.n) :])
    return run.on(run.table.of(kept)).mean()


def labels_cleaned(run: Run, share: float = 0.4) -> float:
    """A part of the test rows that came out wrong was taken for mislabelled and given the predicted class or number."""
    scores = []
    for train, test in run.splits():
        truth, said = (
            run.table.y[test],
            run.said(run.table.of(train), run.table.X[test], run.seed),
        )
        turned = (said != truth) & (run.rng.random(len(test)) < share)
        scores.append(score(run.recipe.metric, np.where(turned, said, truth), said))
    return float(np.mean(scores))


def best_fold(run: Run) -> float:
    """The score of the best fold was printed."""
    return float(run.recipe.better(run.fold(split, run.seed) for split in run.splits()))


UNKNOWN: Mapping[str, Number] = {
    "a part of the test rows trained on": test_rows_trained_on,
    "the hardest rows dropped": hardest_dropped,
    "wrong test rows relabelled": labels_cleaned,
    "the best fold printed": best_fold,
}
#: Valid protocols: as stated, and variants. The last is no explanation of bench.
VALID: Mapping[str, Number] = {
    "as stated": lambda run: run.mean(),
    "scaled to 0 .. 1": lambda run: run.under(scale="minmax").mean(),
    "not stratified": lambda run: run.under(stratified=False).mean(),
    "ten folds": lambda run: run.under(folds=10).mean(),
}
