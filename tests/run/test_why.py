"""Why cells would be run: every change is told by its name and grouped, and the time comes from what was remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.families.family import Setup
from bench.run.cells import Cell, Plan
from bench.run.folds import Fold
from bench.run.store import Store
from bench.run.why import Why, changes, why
from bench.study import Protocol

KNN = Setup("sklearn.neighbors.KNeighborsClassifier", {"n_jobs": 1})
LDA = Setup("sklearn.discriminant_analysis.LinearDiscriminantAnalysis")


def protocol(**changed: Any) -> Protocol:
    values: dict[str, Any] = {
        "resampling": {"kind": "kfold", "folds": 2},
        "tuning": {"folds": 4},
        "seed": 0,
    }
    return Protocol.model_validate(values | changed)


def plan(dataset: str = "d", family: str = "knn", **changed: Any) -> Plan:
    candidates = ({"n_neighbors": 1}, {"n_neighbors": 3})
    one = Plan(
        "s",
        "classification",
        dataset,
        family,
        KNN,
        (("scale", {}),),
        candidates,
        protocol(),
        "accuracy",
    )
    return replace(one, **changed)


def cells(*plans: Plan, rows: int = 10, **changed: Any) -> list[Cell]:
    folds = [
        Fold(0, number, np.arange(rows), np.arange(rows, rows + 5))
        for number in range(2)
    ]
    return [
        replace(Cell(one, fold, "data"), **changed) for one in plans for fold in folds
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "cells.sqlite") as opened:
        yield opened


def put(store: Store, kept: list[Cell], seconds: float = 2.0) -> None:
    for cell in kept:
        store.put(cell, b"result", seconds, 1)


def asked(
    store: Store,
    wanted: list[Cell],
    failed: dict[Any, str] | None = None,
    workers: int = 2,
) -> Why:
    return why("s", wanted, store, failed or {}, workers)


def test_nothing_to_do_has_no_group(store: Store) -> None:
    put(store, cells(plan()))
    found = asked(store, cells(plan()))
    assert (found.cells, found.stored, found.groups, found.seconds) == (2, 2, (), 0.0)


CHANGES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    (
        {"candidates": ({"n_neighbors": 1}, {"n_neighbors": 3}, {"n_neighbors": 5})},
        ("parameter n_neighbors was [1, 3], is [1, 3, 5]",),
    ),
    (
        {"candidates": ({"n_neighbors": 7},)},
        ("parameter n_neighbors was [1, 3], is 7", "it was tuned, and is not"),
    ),
    (
        {"setup": replace(KNN, fixed={"n_jobs": 1, "p": 1})},
        ("parameter p was not set, is 1",),
    ),
    (
        {"candidates": ({"n_neighbors": 3}, {"n_neighbors": 1})},
        ("parameter n_neighbors was [1, 3], is [3, 1]",),
    ),
    ({"steps": ()}, ("steps was scale, is none",)),
    ({"protocol": protocol(seed=4)}, ("seed was 0, is 4",)),
    ({"protocol": protocol(tuning={"folds": 5})}, ("tuning.folds was 4, is 5",)),
    (
        {"protocol": protocol(resampling={"kind": "holdout", "test_size": 0.5})},
        ("inner folds was kfold, is holdout",),
    ),
    ({"metric": "roc_auc"}, ("tuning metric was accuracy, is roc_auc",)),
    ({"protocol": protocol(tuning=None)}, ("it was tuned, and is not",)),
]


@pytest.mark.parametrize(
    ("changed", "said"),
    CHANGES,
    ids=lambda value: "|".join(value) if value is tuple else None,
)
def test_what_changed_in_a_plan_is_named(
    changed: dict[str, Any], said: tuple[str, ...], store: Store
) -> None:
    put(store, cells(plan()))
    (group,) = asked(store, cells(plan(**changed))).groups
    assert (
        tuple(one for one in group.reasons if not one.startswith("code changed"))
        == said
    )
    assert (group.datasets, group.families, group.cells) == (("d",), ("knn",), 2)


def test_another_estimator_engine_or_metric_brings_other_code(store: Store) -> None:
    put(store, cells(plan()))
    (group,) = asked(store, cells(plan(engine="reference"))).groups
    assert group.reasons == ("engine was fast, is reference",)
    (group,) = asked(store, cells(plan(setup=LDA))).groups
    assert group.reasons[0] == f"estimator was {KNN.estimator}, is {LDA.estimator}"


def test_versions_and_code_are_named() -> None:
    old = {
        "libraries": {"numpy": "1", "scipy": "2"},
        "code": [f"{name} as before" for name in "abcde"],
    }
    new = {"libraries": {"numpy": "3", "scipy": "2"}}
    code = [("a.py", "a as before"), *((f"{name}.py", "new") for name in "bcde")]
    assert list(changes(old, new, code)) == [
        "numpy was 1, is 3",
        "code changed: b.py, c.py, d.py and 1 more",
    ]


def test_data_rows_and_kept_predictions_are_named(store: Store) -> None:
    put(store, cells(plan()))
    (group,) = asked(store, cells(plan(), fingerprint="other")).groups
    assert group.reasons == ("data changed",)
    (group,) = asked(store, cells(plan(), rows=9)).groups
    assert group.reasons == ("rows of the fold changed: the resampling is another",)
    (group,) = asked(store, cells(plan(train_rows=5))).groups
    assert group.reasons == ("train predictions kept: were 10, are 5",)
    (group,) = asked(store, cells(plan(protocol=protocol(seed=1)), rows=9)).groups
    assert group.reasons == ("seed was 0, is 1",)


def test_of_several_remembered_the_nearest_is_compared(store: Store) -> None:
    put(store, cells(plan(protocol=protocol(seed=1))))
    put(store, cells(plan(protocol=protocol(seed=2), steps=())))
    (group,) = asked(store, cells(plan())).groups
    assert group.reasons == ("seed was 1, is 0",)


def test_never_computed_failed_and_damaged_are_distinguished(store: Store) -> None:
    put(store, cells(plan("damaged")))
    store._database.execute("update cells set content = x'00'")
    failed = {
        ("failed", "knn", "plain", 0, 0): "timeout",
        ("failed", "knn", "plain", 0, 1): "timeout",
    }
    found = asked(store, cells(plan("damaged"), plan("failed"), plan("never")), failed)
    said = {group.datasets: group.reasons for group in found.groups}
    assert said == {
        ("damaged",): ("its stored result was damaged",),
        ("failed",): ("failed in the last run (timeout)",),
        ("never",): ("never computed",),
    }


def test_equal_reasons_stand_together_when_every_dataset_has_every_family(
    store: Store,
) -> None:
    grid = [plan(d, f) for d in ("a", "b") for f in ("knn", "other")] + [
        plan("c", "knn")
    ]
    put(store, cells(*grid))
    found = asked(
        store, cells(*(replace(one, protocol=protocol(seed=9)) for one in grid))
    )
    assert {(one.datasets, one.families, one.cells) for one in found.groups} == {
        (("a", "b"), ("knn", "other"), 8),
        (("c",), ("knn",), 2),
    }


def test_the_cost_is_predicted_from_the_nearest_remembered_thing(store: Store) -> None:
    """A cell of 2 candidates x 4 inner folds + 1 is 9 fits on 10 rows: 2 s, so 1/45 s a fit and row."""
    put(store, cells(plan()), seconds=2.0)

    def cost(one: Plan, rows: int = 10) -> float | None:
        return asked(store, cells(one, rows=rows), workers=1).seconds

    three = tuple({"n_neighbors": k} for k in (1, 3, 5))
    assert cost(plan(protocol=protocol(seed=1))) == pytest.approx(2 * 2.0)
    assert cost(plan(candidates=three)) == pytest.approx(2 * 2.0 * 13 / 9)
    assert cost(plan("elsewhere"), rows=30) == pytest.approx(2 * 6.0)
    put(store, cells(plan("d", "lda", setup=LDA)), seconds=0.2)
    assert cost(plan("elsewhere", "lda", setup=LDA)) == pytest.approx(2 * 0.2)
    assert cost(plan("d", "svm", setup=Setup("sklearn.svm.SVC"))) is None, (
        "fits of other estimators tell nothing"
    )


def test_the_waiting_time_is_divided_over_workers_but_no_cell_is(store: Store) -> None:
    put(store, cells(plan(), plan("e")), seconds=3.0)
    wanted = cells(*(plan(d, protocol=protocol(seed=1)) for d in "de"))
    assert asked(store, wanted, workers=1).seconds == pytest.approx(12.0)
    assert asked(store, wanted, workers=2).seconds == pytest.approx(6.0)
    assert asked(store, wanted, workers=100).seconds == pytest.approx(3.0)


def test_an_unknown_cost_is_none_not_nothing(store: Store) -> None:
    found = asked(store, cells(plan()))
    assert found.seconds is None
