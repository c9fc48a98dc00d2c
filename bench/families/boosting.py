"""Boosted trees: by gradients, and AdaBoost."""

from __future__ import annotations

from bench.families.family import Family, Setup

#: One thread: more change the last digits of the probabilities.
_FIXED = {"tree_method": "hist", "n_jobs": 1, "verbosity": 0}
_GRID = {
    "n_estimators": (50, 100, 200),
    "max_depth": (3, 6),
    "learning_rate": (0.1, 0.3),
}
_ALONE = {"n_estimators": 100, "max_depth": 6, "learning_rate": 0.3}

XGBOOST = Family(
    name="xgboost",
    title="Gradient boosting (XGBoost)",
    short="GB",
    setups={
        "classification": Setup(
            "xgboost.XGBClassifier",
            _FIXED,
            _GRID,
            _ALONE,
            seed="random_state",
            rounds="n_estimators",
        ),
        "regression": Setup(
            "xgboost.XGBRegressor",
            _FIXED,
            _GRID,
            _ALONE,
            seed="random_state",
            output="value",
            rounds="n_estimators",
        ),
    },
    preprocess=("encode",),
    source="XGBoost's defaults (depth 6, learning rate 0.3) with shallower trees and a smaller rate beside them; the "
    "numbers of trees are bench's",
    kind="boosting",
    how=(
        "Small trees are added one after another, each fitted to what the sum of the earlier ones still gets "
        "wrong, and each counted only in part."
    ),
    fails=(
        "With too many trees or too large a learning rate it follows noise. On a few hundred rows it often gains "
        "nothing over simpler models, and it cannot go beyond the target values it has seen."
    ),
    knobs={
        "n_estimators": (
            "How many trees are added one after another: with more trees the training rows are fitted better, and "
            "at some point too well."
        ),
        "max_depth": "How many questions deep each tree goes: how many features may act together.",
        "learning_rate": "How much of each tree is counted: a smaller rate needs more trees and is safer.",
    },
    takes_missing=True,
)


ADABOOST = Family(
    name="adaboost",
    title="AdaBoost (trees)",
    short="Ada",
    setups={
        "classification": Setup(
            "bench.families.estimators.trees.AdaBoostTreesClassifier",
            grid={"max_depth": (1, 3, 6)},
            alone={"n_estimators": 100, "max_depth": 1},
            seed="random_state",
            rounds="n_estimators",
        )
    },
    preprocess=("encode",),
    source=(
        "Freund & Schapire (1996), Experiments with a new boosting algorithm: 100 rounds, of single tests and of "
        "trees; the depths of the trees are bench's"
    ),
    kind="boosting",
    how=(
        "Trees are grown one after another. Rows that a tree gets wrong weigh more for the next one, and a tree that "
        "errs less has more votes in the end."
    ),
    fails=(
        "Rows with wrong labels are never predicted right, weigh ever more, and draw the trees to them. Trees that fit "
        "the training rows without error leave nothing to boost."
    ),
    knobs={
        "n_estimators": "How many trees at most: the rounds end early when a tree is perfect or no better than chance.",
        "max_depth": "How many questions deep each tree goes: 1 is a single test of one feature.",
    },
    takes_missing=True,
)
