"""Bagged trees."""

from __future__ import annotations

from bench.families.family import Family, Setup

_GRID = {"prune": (True, False)}

BAGGING = Family(
    name="bagging",
    title="Bagged trees",
    short="Bag",
    setups={
        "classification": Setup(
            "bench.families.estimators.trees.BaggedTreesClassifier",
            grid=_GRID,
            alone={"n_estimators": 50, "prune": True},
            seed="random_state",
        ),
        "regression": Setup(
            "bench.families.estimators.trees.BaggedTreesRegressor",
            grid=_GRID,
            alone={"n_estimators": 25, "prune": True},
            seed="random_state",
            output="value",
        ),
    },
    preprocess=("encode",),
    source=(
        "Breiman (1996), Bagging predictors: 50 trees for classification and 25 for regression, each pruned on all "
        "training rows; bench: whole trees beside them"
    ),
    kind="tree",
    how=(
        "It grows a tree on each of many samples of the rows, drawn with replacement, and lets the trees vote or takes "
        "the mean of their numbers. What a single tree owes to chance averages out."
    ),
    fails=(
        "Where single trees hardly change with the rows there is nothing to average. The trees look at the same "
        "features and resemble each other, more than those of a random forest, which limits the gain."
    ),
    knobs={
        "n_estimators": "How many trees: more never overfits, it only takes longer.",
        "prune": "Whether each tree is cut back to the part of it that errs least on all training rows.",
    },
    takes_missing=True,
)
