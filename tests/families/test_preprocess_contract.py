"""What every step inside the fold promises."""

from __future__ import annotations

import pickle
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression, Ridge

from bench.families.checks import check_step_parameters
from bench.families.family import imported
from bench.families.preprocess import PREPROCESS, FoldStep, build, check_steps


@dataclass(frozen=True)
class Col:
    name: str
    kind: str = "numeric"
    categories: tuple[str, ...] = ()


COLUMNS = (
    Col("a"),
    Col("b"),
    Col("colour", "categorical", ("red", "green", "blue")),
    Col("c"),
)
KINDS = [(step, kind) for step in PREPROCESS.values() for kind in step.kinds]


def table(missing: bool = True) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(2)
    X = generator.normal(size=(90, 4))
    X[:, 2] = generator.integers(0, 3, 90)
    y = (X[:, 0] + 0.3 * generator.normal(size=90) > 0).astype(int)
    if missing:
        X[generator.random(X.shape) < 0.1] = np.nan
    return X, y


def steps_with(step: FoldStep, kind: str) -> list[tuple[str, dict]]:
    """The step where it belongs, among those that make a complete numeric matrix."""
    around: list[tuple[str, dict]] = [("impute", {}), ("encode", {})]
    if step.name == "target_encode":
        around.pop()
    return [
        *(one for one in around if one[0] != step.name),
        (step.name, {"kind": kind}),
    ]


@pytest.mark.parametrize(
    ("step", "kind"), KINDS, ids=lambda one: getattr(one, "name", one)
)
class TestStep:
    @pytest.mark.parametrize("task", ["classification", "regression"])
    def test_fits_repeatably_clones_and_pickles(
        self, step: FoldStep, kind: str, task: str
    ) -> None:
        X, y = table()
        steps = steps_with(step, kind)
        if step.name == "impute":
            steps = steps[::-1]
        assert check_steps(COLUMNS, steps, needs_complete=True) == []
        target = y if task == "classification" else y * 3.0 + np.arange(90)
        estimator = LogisticRegression() if task == "classification" else Ridge()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = build(COLUMNS, steps, estimator, seed=3).fit(X, target)
            again = clone(build(COLUMNS, steps, clone(estimator), seed=3)).fit(
                X, target
            )
        expected = model.predict(X)
        assert np.isfinite(expected).all()
        assert np.array_equal(model[:-1].transform(X), again[:-1].transform(X))
        assert np.array_equal(expected, pickle.loads(pickle.dumps(model)).predict(X))

    def test_only_training_rows_are_seen(self, step: FoldStep, kind: str) -> None:
        """A row is transformed the same, whatever rows stand beside it."""
        X, y = table()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = build(
                COLUMNS,
                sorted(steps_with(step, kind), key=_order),
                LogisticRegression(),
                3,
            ).fit(X[:60], y[:60])
        whole = model[:-1].transform(X[60:])
        single = np.vstack([model[:-1].transform(X[i : i + 1]) for i in range(60, 90)])
        np.testing.assert_allclose(whole, single, rtol=1e-12, atol=1e-12)

    def test_defaults_are_real_parameters(self, step: FoldStep, kind: str) -> None:
        assert set(step.defaults) <= set(step.kinds)
        assert set(step.defaults.get(kind, {})) <= set(
            imported(step.kinds[kind])().get_params()
        )
        assert step.title and not step.title.endswith(".")
        assert check_step_parameters(step.name, {"kind": kind}) == []

    def test_needs_complete_is_true(self, step: FoldStep, kind: str) -> None:
        if step.on in ("categorical", "both"):
            assert not step.needs_complete
            return
        X, y = table()
        columns = tuple(Col(column.name) for column in COLUMNS)
        model = build(columns, [(step.name, {"kind": kind})], LogisticRegression(), 3)[
            :-1
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if step.needs_complete:
                with pytest.raises(ValueError, match="NaN"):
                    model.fit_transform(X, y)
            else:
                model.fit_transform(X, y)


def _order(step: tuple[str, dict]) -> int:
    return 0 if step[0] == "impute" else 2 if PREPROCESS[step[0]].on == "all" else 1


def test_names_are_sorted_and_their_own() -> None:
    assert list(PREPROCESS) == sorted(PREPROCESS)
    assert all(name == step.name for name, step in PREPROCESS.items())
