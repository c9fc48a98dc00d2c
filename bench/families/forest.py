"""Random forests and bagged trees."""

from __future__ import annotations

from bench.families.family import Family, Setup

RANDOM_FOREST = Family(
    name="random_forest",
    title="Random forest",
    short="RF",
    setups={
        "classification": Setup(
            "sklearn.ensemble.RandomForestClassifier",
            fixed={"n_jobs": 1},
            grid={"max_features": ("sqrt", 0.3, 0.6), "min_samples_leaf": (1, 3)},
            alone={"n_estimators": 100, "max_features": "sqrt", "min_samples_leaf": 1},
            seed="random_state",
        ),
        "regression": Setup(
            "sklearn.ensemble.RandomForestRegressor",
            fixed={"n_jobs": 1},
            grid={"max_features": ("sqrt", 0.3333, 1.0), "min_samples_leaf": (1, 5)},
            alone={"n_estimators": 100, "max_features": 0.3333, "min_samples_leaf": 1},
            seed="random_state",
            output="value",
        ),
    },
    preprocess=("encode",),
    source=(
        "Breiman (2001), Random forests: 100 trees, fully grown; Hastie, Tibshirani & Friedman (2009), The elements of "
        "statistical learning, section 15.3: the square root of the number of features for classification, a third "
        "for regression, and leaves of one or five rows; bench: values around them"
    ),
    kind="tree",
    how=(
        "It grows many deep trees, each on rows drawn with replacement and with only some features to choose from "
        "at each split, and lets them vote. What single trees get wrong by chance averages out."
    ),
    fails=(
        "It cannot go beyond the target values it has seen. When few of very many features matter, most splits see "
        "none of them. Its probabilities avoid 0 and 1."
    ),
    knobs={
        "n_estimators": "How many trees: more never overfits, it only takes longer.",
        "max_features": (
            "How many features each split may choose from: few make the trees differ, many make each one stronger."
        ),
        "min_samples_leaf": "The fewest rows a leaf may hold: larger is smoother.",
    },
    oob=True,
    takes_missing=True,
)


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
