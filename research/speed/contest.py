"""The contest, frozen: tables, outer folds, families with their candidates, and how inner folds are made.

`sha256_of` covers all of it, and a test compares it with `FROZEN`: only figures under one hash are comparable.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from bench.data.dataset import Column, Dataset
from bench.families.family import Setup
from bench.run.folds import Fold

#: Of every fit on both sides; the inner folds' is `seed_of("inner", SEED)`.
SEED = 0
INNER_FOLDS = 5
WORKERS = 2
FROZEN = "e35e80376cab0629bb67a853d79618bbb46bc9bf2f087358eaacd4e3e0e485b4"


@dataclass(frozen=True)
class Entry:
    """A family as it competes.

    `free` are the parameters whose values need no training of their own, each with the value that the one training
    takes (200 trees contain the first 50); the rest of the grid are the distinct trainings.
    """

    name: str
    setup: Setup
    free: Mapping[str, Any] = field(default_factory=dict)

    @property
    def candidates(self) -> tuple[dict[str, Any], ...]:
        """In scikit-learn's order: names sorted, the last varies fastest."""
        names = sorted(self.setup.grid)
        return tuple(
            dict(zip(names, values, strict=True))
            for values in product(*(self.setup.grid[n] for n in names))
        )

    @property
    def trainings(self) -> tuple[dict[str, Any], ...]:
        """The distinct trainings that the candidates need."""
        return tuple(
            {
                json.dumps({**one, **self.free}): {**one, **self.free}
                for one in self.candidates
            }.values()
        )


@dataclass(frozen=True, eq=False)
class Contest:
    """Datasets with their outer folds, and who competes."""

    name: str
    datasets: tuple[tuple[Dataset, tuple[Fold, ...]], ...]
    entries: tuple[Entry, ...]
    metric: str = "accuracy"


def _entry(
    name: str,
    path: str,
    grid: Any,
    fixed: Any = None,
    seed: bool = True,
    free: Any = None,
) -> Entry:
    output: Any = "decision" if name == "svm" else "p"
    setup = Setup(
        path, fixed or {}, grid, seed="random_state" if seed else None, output=output
    )
    return Entry(name, setup, free or {})


_LR = "sklearn.linear_model.LogisticRegression"
_SVM = "sklearn.svm.SVC"
_KNN = "sklearn.neighbors.KNeighborsClassifier"
_FOREST = "sklearn.ensemble.RandomForestClassifier"
_MLP = "sklearn.neural_network.MLPClassifier"
_XGB = "xgboost.XGBClassifier"
_TREE = "sklearn.tree.DecisionTreeClassifier"
_LDA = "sklearn.discriminant_analysis.LinearDiscriminantAnalysis"
_BOOSTED = {"tree_method": "hist", "n_jobs": 1, "verbosity": 0}
_SHAPES = {"max_depth": (3, 6), "learning_rate": (0.1, 0.3)}
_LEAVES = {"max_features": ("sqrt", 0.3), "min_samples_leaf": (1, 3)}
_CS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
_ALPHAS = (0.0, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128)
_SHRINKAGE = (0.0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)

_SAME = (
    _entry("lr", _LR, {"C": _CS}, {"solver": "lbfgs", "max_iter": 1000}),
    _entry(
        "svm",
        _SVM,
        {"C": (0.1, 1.0, 10.0, 100.0), "gamma": (0.001, 0.01, 0.1, 1.0)},
        {"kernel": "rbf"},
        False,
    ),
    _entry(
        "mlp",
        _MLP,
        {"hidden_layer_sizes": ((50,), (100,)), "alpha": (0.0001, 0.001, 0.01, 0.1)},
        {"max_iter": 100},
    ),
    _entry(
        "lda",
        _LDA,
        {"shrinkage": _SHRINKAGE},
        {"solver": "lsqr"},
        False,
        {"shrinkage": 0.1},
    ),
)
MAIN = (
    *_SAME,
    _entry(
        "knn",
        _KNN,
        {
            "n_neighbors": (1, 3, 5, 7, 9, 11, 15, 21),
            "weights": ("uniform", "distance"),
        },
        {"n_jobs": 1},
        False,
        {"n_neighbors": 21, "weights": "uniform"},
    ),
    _entry(
        "rf",
        _FOREST,
        _LEAVES | {"n_estimators": (50, 100, 150, 200)},
        {"n_jobs": 1},
        free={"n_estimators": 200},
    ),
    _entry(
        "xgb",
        _XGB,
        _SHAPES | {"n_estimators": (50, 100, 200)},
        _BOOSTED,
        free={"n_estimators": 200},
    ),
    _entry("tree", _TREE, {"ccp_alpha": _ALPHAS}, free={"ccp_alpha": 0.0}),
)
#: No number of trees, rounds or neighbours and no pruning: each candidate needs a training of its own.
NO_PATHS = (
    *_SAME,
    _entry(
        "knn",
        _KNN,
        {"p": (1, 2), "weights": ("uniform", "distance")},
        {"n_jobs": 1},
        False,
        {"weights": "uniform"},
    ),
    _entry("rf", _FOREST, _LEAVES, {"n_jobs": 1, "n_estimators": 100}),
    _entry("xgb", _XGB, _SHAPES, _BOOSTED | {"n_estimators": 100}),
    _entry(
        "tree", _TREE, {"max_depth": (2, 4, 6, 8, None), "min_samples_leaf": (1, 3)}
    ),
)
#: name -> (dataset and outer folds, entries)
_CONTESTS: Mapping[str, tuple[Mapping[str, int], tuple[Entry, ...]]] = {
    "whole": ({"wine": 5, "breast_cancer": 5, "digits": 2}, MAIN),
    "quick": ({"wine": 5}, MAIN),
    "second": ({"wine": 5, "breast_cancer": 5, "digits": 2}, NO_PATHS),
}
ROWS = {"digits": 900}


def contest_of(name: str) -> Contest:
    """A contest by its name: whole, quick or second."""
    sizes, entries = _CONTESTS[name]
    drawn = tuple(
        (dataset_of(table), folds_of(dataset_of(table), count))
        for table, count in sizes.items()
    )
    return Contest(name, drawn, entries)


@lru_cache
def dataset_of(name: str) -> Dataset:
    """wine, breast_cancer, or the first 900 rows of digits, as bench holds them."""
    from sklearn import datasets

    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    X, y = (
        np.ascontiguousarray(X[: ROWS.get(name)], dtype=np.float64),
        y[: ROWS.get(name)].astype(np.int64),
    )
    columns = tuple(Column(f"x{number}", "numeric") for number in range(X.shape[1]))
    classes = tuple(f"class {code}" for code in range(y.max() + 1))
    fingerprint = hashlib.sha256(X.tobytes() + y.tobytes()).hexdigest()
    return Dataset(
        name, "classification", columns, X, y, np.arange(len(y)), fingerprint, classes
    )


def folds_of(dataset: Dataset, count: int) -> tuple[Fold, ...]:
    """Stratified outer folds."""
    from sklearn.model_selection import StratifiedKFold

    splits = StratifiedKFold(count, shuffle=True, random_state=SEED).split(
        dataset.X, dataset.y
    )
    return tuple(
        Fold(0, number, train, test) for number, (train, test) in enumerate(splits)
    )


def sha256_of(*names: str) -> str:
    """The hash of everything that these contests hold."""
    digest = hashlib.sha256(f"{SEED} {INNER_FOLDS}".encode())
    for contest in map(contest_of, names):
        for dataset, folds in contest.datasets:
            digest.update(
                "".join(
                    [
                        dataset.name,
                        dataset.fingerprint,
                        *(fold.sha256 for fold in folds),
                    ]
                ).encode()
            )
        for entry in contest.entries:
            setup = entry.setup
            told = [
                entry.name,
                setup.estimator,
                dict(setup.fixed),
                setup.seed,
                list(entry.candidates),
            ]
            digest.update(json.dumps(told, sort_keys=True).encode())
    return digest.hexdigest()
