"""Nearest neighbours: the training rows are the model."""

from __future__ import annotations

from bench.families.family import Family, Instability, Setup

_GRID = {"n_neighbors": (1, 3, 5, 7, 9, 11, 15, 21), "weights": ("uniform", "distance")}
_ALONE = {"n_neighbors": 5, "weights": "uniform"}

KNN = Family(
    name="knn",
    title="k nearest neighbours",
    short="kNN",
    setups={
        "classification": Setup(
            "sklearn.neighbors.KNeighborsClassifier", {"n_jobs": 1}, _GRID, _ALONE
        ),
        "regression": Setup(
            "sklearn.neighbors.KNeighborsRegressor",
            {"n_jobs": 1},
            _GRID,
            _ALONE,
            output="value",
        ),
    },
    preprocess=("impute", "encode", "scale"),
    source="bench: eight odd numbers from 1 to 21, so that two classes rarely tie",
    kind="neighbors",
    how=(
        "It keeps all training rows. A new row gets the most frequent class, or the mean target, of the k "
        "training rows that are nearest to it."
    ),
    fails=(
        "Features that do not matter count in the distance as much as those that do, so many of them drown the "
        "signal. Features on a large scale dominate the distance unless all are scaled."
    ),
    knobs={
        "n_neighbors": "How many neighbours are asked: 1 follows every single row, many give a smooth answer.",
        "weights": "uniform: all neighbours count alike; distance: nearer ones count more.",
    },
    instability=Instability(
        "each answer hangs on a handful of rows",
        "the simulation alone: Breiman (1996) counts nearest neighbours as stable",
        errs=0.118,
        measured_on="rules of one nearest neighbour",
    ),
)
