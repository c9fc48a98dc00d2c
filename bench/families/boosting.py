"""Gradient-boosted trees."""

from __future__ import annotations

from bench.families.family import Family, Setup

#: One thread: more change the last digits of the probabilities.
_FIXED = {"tree_method": "hist", "n_jobs": 1, "verbosity": 0}
_GRID = {"n_estimators": (50, 100, 200), "max_depth": (3, 6), "learning_rate": (0.1, 0.3)}
_ALONE = {"n_estimators": 100, "max_depth": 6, "learning_rate": 0.3}

XGBOOST = Family(
    name="xgboost",
    title="Gradient boosting (XGBoost)",
    short="GB",
    setups={
        "classification": Setup("xgboost.XGBClassifier", _FIXED, _GRID, _ALONE, seed="random_state"),
        "regression": Setup("xgboost.XGBRegressor", _FIXED, _GRID, _ALONE, seed="random_state", output="value"),
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
            "How many trees are added one after another: more fit the training rows better, and at some point too well."
        ),
        "max_depth": "How many questions deep each tree goes: how many features may act together.",
        "learning_rate": "How much of each tree is counted: a smaller rate needs more trees and is safer.",
    },
    takes_missing=True,
)
