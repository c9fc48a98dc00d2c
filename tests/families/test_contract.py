"""What every family promises, tried on each member and each of its tasks."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.base import clone, is_classifier, is_regressor

from bench.families import FAMILIES
from bench.families.candidates import candidates
from bench.families.checks import (
    REFUSED,
    check_estimator_path,
    check_parameters,
    check_step_parameters,
)
from bench.families.family import Family, Setup, imported
from bench.families.libraries import missing_library
from bench.families.pipeline import estimator_of, pipeline
from bench.families.preprocess import check_steps

#: Without those whose library is not installed: `make test-torch` has it.
MEMBERS = [
    (family, task)
    for family in FAMILIES.values()
    for task in family.tasks
    if missing_library(family.setups[task].estimator) is None
]


@dataclass(frozen=True)
class Col:
    name: str
    kind: str = "numeric"
    categories: tuple[str, ...] = ()


COLUMNS = (
    Col("a"),
    Col("b"),
    Col("yes", "boolean"),
    Col("size", "ordinal", ("s", "m", "l")),
    Col("c"),
)
MIXED = (
    *COLUMNS,
    Col("colour", "categorical", ("red", "green", "blue")),
    Col("shape", "categorical", ("x", "y")),
)


def table(
    task: str, classes: int = 3, mixed: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """120 rows with a signal in a and b; mixed: with two categorical columns and a tenth of the cells missing."""
    generator = np.random.default_rng(4)
    X = generator.normal(size=(120, 7 if mixed else 5))
    X[:, 2], X[:, 3] = generator.integers(0, 2, 120), generator.integers(0, 3, 120)
    if mixed:
        X[:, 5], X[:, 6] = generator.integers(0, 3, 120), generator.integers(0, 2, 120)
    signal = X[:, 0] + 0.5 * X[:, 1] + 0.1 * generator.normal(size=120)
    y = (
        50 + 20 * signal
        if task == "regression"
        else np.digitize(signal, np.quantile(signal, np.arange(1, classes) / classes))
    )
    if mixed:
        X[generator.random(X.shape) < 0.1] = np.nan
    return X, y


def steps_of(family: Family) -> list[tuple[str, dict]]:
    return [
        (step, {}) if isinstance(step, str) else next(iter(step.items()))
        for step in family.preprocess
    ]


def fitted(
    family: Family,
    task: str,
    X: np.ndarray,
    y: np.ndarray,
    columns: tuple[Col, ...],
    seed: int = 7,
):
    setup = family.setups[task]
    (alone,) = candidates(setup, {}, tune=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pipeline(columns, task, setup, steps_of(family), alone, seed).fit(X, y)


def answers(model, X: np.ndarray) -> list[np.ndarray]:
    methods = [
        name
        for name in ("predict", "predict_proba", "decision_function")
        if hasattr(model, name)
    ]
    return [getattr(model, name)(X) for name in methods]


@pytest.mark.parametrize(
    ("family", "task"), MEMBERS, ids=lambda one: getattr(one, "name", one)
)
class TestMember:
    def test_learns_what_a_baseline_does_not(self, family: Family, task: str) -> None:
        X, y = table(task)
        score = fitted(family, task, X[:80], y[:80], COLUMNS).score(X[80:], y[80:])
        assert score < 0.45 if family.name == "baseline" else score > 0.5

    @pytest.mark.parametrize("classes", [2, 3])
    def test_answers_in_the_declared_shape_and_class_order(
        self, family: Family, task: str, classes: int
    ) -> None:
        X, y = table(task, classes)
        # Not as many rows of each class: there scikit-learn's nearest centroid labels by another distance.
        model = fitted(family, task, X[:-1], y[:-1], COLUMNS)
        output = family.setups[task].output
        label = model.predict(X)
        assert label.shape == (120,)
        assert (output == "value") == (task == "regression")
        if task == "regression":
            assert is_regressor(model) and np.isfinite(label).all()
            return
        assert is_classifier(model)
        assert model.classes_.tolist() == list(range(classes))
        assert hasattr(model, "predict_proba") == (output == "p")
        if output == "p":
            p = model.predict_proba(X)
            assert p.shape == (120, classes)
            np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-5)
            np.testing.assert_array_equal(model.classes_[p.argmax(axis=1)], label)
        else:
            decision = model.decision_function(X)
            assert decision.shape == ((120,) if classes == 2 else (120, classes))
            if classes == 2:
                np.testing.assert_array_equal(decision > 0, label == 1)

    def test_same_seed_same_bits_in_a_clone_and_a_pickle(
        self, family: Family, task: str
    ) -> None:
        X, y = table(task, mixed=True)
        model = fitted(family, task, X, y, MIXED)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            again = clone(model).fit(X, y)
        for other in (
            again,
            fitted(family, task, X, y, MIXED),
            pickle.loads(pickle.dumps(model)),
        ):
            for one, two in zip(answers(model, X), answers(other, X), strict=True):
                assert np.array_equal(one, two)

    def test_missing_and_categorical_values_pass_through_the_default_steps(
        self, family: Family, task: str
    ) -> None:
        X, y = table(task, mixed=True)
        steps = steps_of(family)
        assert check_steps(MIXED, steps, needs_complete=not family.takes_missing) == []
        assert [
            said
            for name, parameters in steps
            for said in check_step_parameters(name, parameters)
        ] == []
        model = fitted(family, task, X[:80], y[:80], MIXED)
        unseen = X[80:].copy()
        unseen[0, 5] = 17  # a category that training never held
        for answer in answers(model, unseen):
            assert np.isfinite(answer).all()

    def test_takes_missing_is_true(self, family: Family, task: str) -> None:
        X, y = table(task)
        X[::7, 0] = np.nan
        estimator = estimator_of(family.setups[task], {}, 1)
        if family.takes_missing:
            estimator.fit(X, y).predict(X)
        else:
            with pytest.raises(ValueError, match="NaN"):
                estimator.fit(X, y)

    def test_every_default_candidate_fits(self, family: Family, task: str) -> None:
        X, y = table(task)
        setup = family.setups[task]
        tried = candidates(setup, {}, tune=True)
        assert 1 <= len(tried) <= 20
        assert len({repr(one) for one in tried}) == len(tried)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for candidate in tried:
                model = pipeline(
                    COLUMNS, task, setup, steps_of(family), candidate, 1
                ).fit(X, y)
                assert np.isfinite(model.predict(X)).all()

    def test_default_names_and_values_are_real(self, family: Family, task: str) -> None:
        setup = family.setups[task]
        known = set(imported(setup.estimator)().get_params())
        assert set(setup.fixed) - {"scale_target"} <= known
        assert set(setup.grid) | set(setup.alone) <= known
        grid = {
            key: [list(v) if isinstance(v, tuple) else v for v in values]
            for key, values in setup.grid.items()
        }
        assert check_parameters(family, task, grid) == []
        alone = {
            key: [list(v)] if isinstance(v, tuple) else v
            for key, v in setup.alone.items()
        }
        assert check_parameters(family, task, alone) == []
        assert not (set(setup.grid) | set(setup.alone)) & set(REFUSED)

    def test_what_it_says_of_itself_is_true(self, family: Family, task: str) -> None:
        """Seed, threads, card, out-of-bag estimate and path."""
        setup = family.setups[task]
        assert (
            setup.seed is None or setup.seed in imported(setup.estimator)().get_params()
        )
        estimator = estimator_of(setup, {}, 5)
        assert setup.seed is None or getattr(estimator, setup.seed) == 5
        parameters = estimator_of(setup, setup.alone, 0).get_params()
        assert parameters.get("n_jobs") in (None, 1)
        if setup.estimator.startswith("xgboost."):
            assert parameters["n_jobs"] == 1 and parameters["tree_method"] == "hist"
        assert {*setup.grid, *setup.alone} <= set(family.knobs)
        for text in (family.how, family.fails, family.source, *family.knobs.values()):
            assert len(text) > 10 and "  " not in text
        for text in (family.how, family.fails, *family.knobs.values()):
            assert (text[-1] == "." and text[0] == text[0].upper()) or ":" in text
        assert len(family.short) <= 8
        assert family.oob == ("oob_score" in imported(setup.estimator)().get_params())
        assert check_estimator_path(setup.estimator, task) == []

    def test_a_small_fit_is_quick(self, family: Family, task: str) -> None:
        """A wide bound on processor time: a default that takes longer on 120 rows is a mistake, not a slow machine."""
        X, y = table(task)
        before = time.process_time()
        fitted(family, task, X, y, COLUMNS)
        assert time.process_time() - before < 5


def test_names() -> None:
    assert [family.name for family in FAMILIES.values()] == list(FAMILIES)
    assert len({family.title for family in FAMILIES.values()}) == len(FAMILIES)
    assert len({family.short for family in FAMILIES.values()}) == len(FAMILIES)
    assert all(
        isinstance(s, Setup)
        for family in FAMILIES.values()
        for s in family.setups.values()
    )


def test_the_registry_imports_no_heavy_library() -> None:
    code = (
        "import sys; from bench.families import FAMILIES; import bench.families.checks, bench.families.pipeline; "
        "list(FAMILIES); print([m for m in ('sklearn', 'xgboost', 'pandas', 'torch') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
