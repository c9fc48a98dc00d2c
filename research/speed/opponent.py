"""The usual way: scikit-learn's `cross_validate` around its `GridSearchCV`, two processes."""

from __future__ import annotations

import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from bench.data.dataset import Dataset
from bench.families.family import imported
from bench.run.folds import Fold
from bench.run.seeds import seed_of
from research.speed import gate
from research.speed.contest import INNER_FOLDS, SEED, WORKERS, Contest, Entry
from research.speed.gate import Kept, Key

KEPT = "opponent.npz"


def grid_search(contest: Contest, entry: Entry) -> Any:
    """The unfitted search over a pipeline of scaler and classifier."""
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    inner = StratifiedKFold(
        INNER_FOLDS, shuffle=True, random_state=seed_of("inner", SEED)
    )
    return GridSearchCV(
        Pipeline([("scale", StandardScaler()), ("estimator", estimator(entry))]),
        {
            f"estimator__{name}": list(values)
            for name, values in entry.setup.grid.items()
        },
        cv=inner,
        scoring={"accuracy": "accuracy", "log_loss": "neg_log_loss"}[contest.metric],
    )


def estimator(entry: Entry, **parameters: Any) -> Any:
    """The unfitted classifier of an entry with its fixed parameters, these and the seed."""
    seed = {} if entry.setup.seed is None else {entry.setup.seed: SEED}
    return imported(entry.setup.estimator)(
        **{**entry.setup.fixed, **parameters, **seed}
    )


def searched(contest: Contest, dataset: Dataset, entry: Entry, fold: Fold) -> Kept:
    """One outer fold in this process: search, refit, train accuracy, test labels and probabilities or decisions."""
    X, y, search = (
        dataset.X[fold.train],
        dataset.y[fold.train],
        grid_search(contest, entry),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search.fit(X, y)
    return _kept(
        search,
        entry,
        dataset.X[fold.test],
        float(np.mean(search.predict(X) == y)),
        contest.metric,
    )


def run(contest: Contest, folder: Path) -> dict[str, Any]:
    """Run one `cross_validate` for each dataset and family, and write the results into the folder."""
    from sklearn.model_selection import cross_validate

    kept: dict[Key, Kept] = {}
    seconds = {}
    for dataset, folds in contest.datasets:
        for entry in contest.entries:
            found = cross_validate(
                grid_search(contest, entry),
                dataset.X,
                dataset.y,
                cv=[(fold.train, fold.test) for fold in folds],
                n_jobs=WORKERS,
                scoring=["accuracy", "neg_log_loss"]
                if entry.setup.output == "p"
                else ["accuracy"],
                return_train_score=True,
                return_estimator=True,
                return_indices=True,
            )
            told = zip(
                folds,
                found["estimator"],
                found["indices"]["test"],
                found["train_accuracy"],
                strict=True,
            )
            for fold, search, test, accuracy in told:
                key = (dataset.name, entry.name, fold.fold)
                kept[key] = _kept(
                    search, entry, dataset.X[test], float(accuracy), contest.metric
                )
            seconds[f"{dataset.name}/{entry.name}"] = float(
                (found["fit_time"] + found["score_time"]).sum()
            )
    gate.save(folder / KEPT, kept)
    return {"seconds": seconds}


def _kept(
    search: Any, entry: Entry, X: np.ndarray, train_accuracy: float, metric: str
) -> Kept:
    results = search.cv_results_
    inner = np.column_stack(
        [results[f"split{number}_test_score"] for number in range(search.n_splits_)]
    )
    values = (
        search.predict_proba(X)
        if entry.setup.output == "p"
        else search.decision_function(X)
    )
    label = search.predict(X)
    sign = -1.0 if metric == "log_loss" else 1.0
    return Kept(
        sign * inner,
        int(search.best_index_),
        label,
        np.asarray(values).reshape(len(X), -1),
        train_accuracy,
    )


def floor(dataset: Dataset, entry: Entry, fold: Fold, chosen: int) -> float:
    """CPU seconds of the bare `fit` calls that one cell needs, on prepared arrays.

    Every distinct training on every inner fold, and the chosen candidate on the whole training set. For neighbours it
    is the search for the nearest ones of the held rows.
    """
    from sklearn.model_selection import StratifiedKFold
    from sklearn.preprocessing import StandardScaler

    X, y = dataset.X[fold.train], dataset.y[fold.train]
    splitter = StratifiedKFold(
        INNER_FOLDS, shuffle=True, random_state=seed_of("inner", SEED)
    )
    runs = [
        (train, held, one)
        for train, held in splitter.split(X, y)
        for one in entry.trainings
    ]
    runs.append((np.arange(len(X)), np.arange(len(X)), entry.candidates[chosen]))
    seconds = 0.0
    for train, held, parameters in runs:
        scaler = StandardScaler().fit(X[train])
        prepared, asked, model = (
            scaler.transform(X[train]),
            scaler.transform(X[held]),
            estimator(entry, **parameters),
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            began = time.process_time()
            model.fit(prepared, y[train])
            if entry.name == "knn":
                model.kneighbors(asked)
            seconds += time.process_time() - began
    return seconds
