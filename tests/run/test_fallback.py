"""What stands in for a failed cell is, bit by bit, what scikit-learn's featureless estimators say of its fold."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor

from bench.core.explanations import EXPLAINED
from bench.core.frames import empty
from bench.data.dataset import Column, Dataset
from bench.run.cells import Cell, plans_of
from bench.run.fallback import WORDS, answer
from bench.run.folds import Fold, outer_folds
from bench.run.gather import frame_of, gathered
from bench.run.result import CellResult, FoldPrediction, packed
from bench.study.models import Study


def a_dataset(task: str, n: int = 40, classes: int = 3) -> Dataset:
    generator = np.random.default_rng(5)
    y = (
        generator.normal(100, 7, size=n)
        if task == "regression"
        else generator.integers(0, classes, size=n)
    )
    names = () if task == "regression" else tuple("abc"[:classes])
    columns = (Column("x", "numeric"),)
    return Dataset(
        "toy",
        task,
        columns,
        generator.normal(size=(n, 1)),
        y,
        np.arange(n) + 5,
        "f" * 64,
        names,
    )  # type: ignore[arg-type]


def a_study(task: str) -> Study:
    families = (
        {"baseline": {}, "lda": {}}
        if task == "classification"
        else {"baseline": {}, "ridge": {}}
    )
    return Study.model_validate(
        {
            "title": "A toy",
            "task": task,
            "datasets": {
                "toy": {
                    "source": {"kind": "sklearn", "name": "wine"},
                    "target": "target",
                }
            },
            "clean": None,
            "preprocess": None,
            "protocol": {"resampling": {"kind": "kfold", "folds": 4}, "tuning": None},
            "families": families,
            "metrics": {"primary": "accuracy" if task == "classification" else "rmse"},
            "diagnostics": None,
        }
    )


def dummy(dataset: Dataset, fold: Fold) -> DummyClassifier | DummyRegressor:
    estimator = (
        DummyRegressor()
        if dataset.task == "regression"
        else DummyClassifier(strategy="prior")
    )
    return estimator.fit(dataset.X[fold.train], dataset.y[fold.train])


def test_classes_as_the_dummy_says() -> None:
    dataset, study = a_dataset("classification"), a_study("classification")
    assert study.protocol is not None
    for fold in outer_folds(dataset, study.protocol, "toy"):
        said, expected = answer(dataset, fold), dummy(dataset, fold)
        assert said.label is not None and said.p is not None
        assert np.array_equal(said.label, expected.predict(dataset.X[fold.test]))
        assert np.array_equal(said.p, expected.predict_proba(dataset.X[fold.test]))


def test_a_class_that_training_never_saw_has_probability_0() -> None:
    dataset = a_dataset("classification")
    unseen = np.flatnonzero(dataset.y == 1)
    fold = Fold(0, 0, np.flatnonzero(dataset.y != 1), unseen)
    said, expected = answer(dataset, fold), dummy(dataset, fold)
    assert said.p is not None
    assert np.array_equal(said.p[:, [0, 2]], expected.predict_proba(dataset.X[unseen]))
    assert (said.p[:, 1] == 0).all()


def test_numbers_as_the_dummy_says() -> None:
    dataset, study = a_dataset("regression", n=1003), a_study("regression")
    assert study.protocol is not None
    for fold in outer_folds(dataset, study.protocol, "toy"):
        value = answer(dataset, fold).value
        assert value is not None
        assert np.array_equal(value, dummy(dataset, fold).predict(dataset.X[fold.test]))


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_every_failed_cell_has_its_rows_and_nothing_else_changes(task: str) -> None:
    """Of eight cells the second family's first and last fail: in the frame, their test rows under `fallback`."""
    dataset, study = a_dataset(task), a_study(task)
    assert study.protocol is not None
    folds = outer_folds(dataset, study.protocol, "toy")
    cells = [
        Cell(plan, fold, dataset.fingerprint)
        for plan in plans_of(study, dataset, 4)
        for fold in folds
    ]

    def done(cell: Cell) -> bytes:
        train, test = (
            _answered(dataset, cell, rows) for rows in (cell.fold.train, cell.fold.test)
        )
        return packed(CellResult(train, test, np.empty((0, 0)), 0, (), 1))

    lost = {
        cells[4].key: ("failed", "fit", "an error"),
        cells[7].key: ("timeout", "fit", "took longer"),
    }
    here, frames = (
        {dataset.fingerprint: dataset},
        (frame_of(dataset, folds), empty(EXPLAINED)),
    )
    whole = gathered(cells, done, {}, here, *frames).predictions
    results = gathered(
        cells, lambda c: None if c.key in lost else done(c), lost, here, *frames
    )
    frame, family = results.predictions, list(study.families or ())[1]
    assert set(whole["variant"]) == {"plain"}
    own = frame.filter(pl.col("variant") == "plain")
    gone = (pl.col("family") == family) & pl.col("fold").is_in([0, 3])
    assert own.equals(whole.filter(~gone))
    instead = frame.filter(pl.col("variant") == "fallback")
    assert instead.select("family", "repeat", "fold", "side").unique().sort("fold").rows() == [
        (family, 0, 0, "test"), (family, 0, 3, "test")
    ]  # fmt: skip
    places = ["family", "fold", "row", "truth"]
    assert instead.select(places).equals(
        whole.filter(gone, pl.col("side") == "test").select(places)
    )
    baseline = whole.filter(
        pl.col("family") == "baseline",
        pl.col("fold").is_in([0, 3]),
        pl.col("side") == "test",
    )
    said = ["value"] if task == "regression" else ["label", "p"]
    assert instead.select(said).equals(baseline.select(said)), (
        "as the study's own baseline would have answered"
    )
    assert results.failures["policy"].to_list() == [WORDS[task]] * 2  # type: ignore[index]


def _answered(dataset: Dataset, cell: Cell, rows: np.ndarray) -> FoldPrediction:
    """What the baseline says; other families say something else."""
    model = dummy(dataset, cell.fold)
    if dataset.task == "regression":
        return FoldPrediction(
            value=model.predict(dataset.X[rows]) + (cell.plan.family != "baseline")
        )
    p = model.predict_proba(dataset.X[rows])
    return FoldPrediction(
        label=model.predict(dataset.X[rows]),
        p=p if cell.plan.family == "baseline" else p[:, ::-1],
    )
