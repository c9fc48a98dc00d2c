"""The short form of the error rates of explanations: papers of one table each; and the families of papers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from research.calibrate.finder import PRINTS, WORLDS, Size, simulated
from research.calibrate.papers import Recipe, Table, labels


@pytest.mark.parametrize(
    ("recipe", "model"),
    [
        (Recipe("lda"), LinearDiscriminantAnalysis()),
        (Recipe("knn", parameters={"n_neighbors": 3}), KNeighborsClassifier(3)),
        (
            Recipe("knn", parameters={"n_neighbors": 3}, select=3),
            KNeighborsClassifier(3),
        ),
        (
            Recipe(
                "xgboost",
                parameters={"n_estimators": 9, "max_depth": 2, "learning_rate": 0.3},
                scale=None,
            ),
            XGBClassifier(n_estimators=9, max_depth=2, learning_rate=0.3, n_jobs=1),
        ),
    ],
)
def test_papers_fit_what_scikit_learn_fits(recipe: Recipe, model: object) -> None:
    rng = np.random.default_rng(1)
    y = np.arange(80) % 2
    X = rng.standard_normal((80, 8)) + 0.7 * y[:, None]
    steps = [
        StandardScaler(),
        *([SelectKBest(f_classif, k=recipe.select)] if recipe.select else []),
        model,
    ]
    expected = make_pipeline(*steps).fit(X[:60], y[:60]).predict(X[60:])
    assert (labels(recipe, Table(X[:60], y[:60]), X[60:], 0)[0] == expected).all()


# `make calibrate` goes through all worlds; here one runs each time, and another with the slow tests.
@pytest.mark.parametrize(
    "name", ["repeated", pytest.param("grouped", marks=pytest.mark.slow)]
)
def test_a_planted_error_is_in_the_set_and_valid_papers_are_not_accused(
    name: str,
) -> None:
    counts = {
        "as stated": 3,
        "valid": 0,
        "ten folds": 0,
        "error": 3,
        "best_of_splits": 0,
        "unknown": 0,
    }
    assert WORLDS[name].errors[0] in ("duplicates_kept", "random_split")
    rows = simulated(name, Size("", 1, 1, (10,)), 0, counts)
    told = [name for name, (tables, _) in PRINTS.items() if tables <= 1]
    for prints in told:
        mine = [row for row in rows if row["prints"] == prints]
        assert len(mine) == 6
        assert sum(row["found"] for row in mine if row["kind"] == "error") >= 2
        assert sum(row["accuses"] for row in mine if row["kind"] == "valid") <= 1
