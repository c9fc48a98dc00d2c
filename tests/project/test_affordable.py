"""The protocol of a new study: chosen by the size of its table, and priced as bench prices the study itself."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.cli import environment
from bench.cli.app import main
from bench.project import pipeline
from bench.project.first_look import affordable as rule
from bench.project.first_look.affordable import BUDGET, LADDER, TableSize, affordable
from bench.project.first_look.guess import Wishes, guess
from bench.project.new_study import new_study

SIZES = [
    TableSize(rows, width, width, classes)
    for rows in (50, 1_000, 10_000, 100_000)
    for width in (3, 30, 100)
    for classes in (1, 2)
]


def chosen(size: TableSize, kind: str = "kfold"):
    return affordable(
        size, "regression" if size.classes == 1 else "classification", kind, 5
    )


def test_a_small_table_has_all_and_a_large_one_fewer_repeats_candidates_and_trees():
    small, middle, large, wide = (
        chosen(TableSize(*size))
        for size in (
            (200, 10, 10, 2),
            (10_000, 20, 20, 2),
            (100_000, 20, 20, 2),
            (100_000, 99, 99, 9),
        )
    )
    assert small.resampling == {"kind": "kfold", "folds": 5, "repeats": 2}
    assert (small.tuning, small.learning, small.stronger.changes) == (
        3,
        True,
        ("repeats: 10",),
    )
    assert (
        middle.resampling["repeats"] == 1
        and middle.tuning == 3
        and middle.families == small.families
    )
    assert large.families["logistic_regression"] == {"C": [0.01, 1, 100]}
    assert (
        list(large.families)[-1] == "xgboost"
        and "random_forest: {}" in large.stronger.changes
    )
    assert (wide.tuning, wide.learning, wide.inspect) == (None, False, False)
    assert (
        wide.families["xgboost"] == {"n_estimators": 20}
        and wide.resampling["folds"] == 5
    )


@pytest.mark.parametrize("kind", ["kfold", "group_kfold", "time_ordered"])
def test_up_to_a_hundred_thousand_rows_the_budget_is_kept(kind):
    assert max(chosen(size, kind).work.seconds for size in SIZES) <= BUDGET


def test_each_step_of_the_ladder_costs_less_and_more_rows_choose_no_stronger_one(
    monkeypatch,
):
    size = TableSize(5_000, 30, 30, 2)
    costs = []
    for rung in LADDER:
        monkeypatch.setattr(rule, "LADDER", (rung,))
        costs.append(chosen(size).work.seconds)
    monkeypatch.undo()
    assert sorted(costs, reverse=True) == costs
    places = []
    for rows in (100, 1_000, 10_000, 30_000, 100_000, 1_000_000):
        found = chosen(TableSize(rows, 30, 30, 2))
        places.append(
            (
                "random_forest" in found.families,
                found.resampling.get("repeats", 0),
                found.tuning or 0,
            )
        )
    assert sorted(places, reverse=True) == places


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        *(("kfold", place) for place in range(len(LADDER))),
        ("group_kfold", -1),
        ("time_ordered", 0),
        ("time_ordered", -1),
    ],
)
def test_the_study_that_is_written_makes_as_many_trainings_as_it_says(
    kind: str,
    place: int,
    project: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    toy: str,
) -> None:
    root, rng = project(toy=toy), random.Random(1)
    rows = [
        f"{i},{i // 3},{rng.random()},{rng.random()},{rng.choice('ab')}"
        for i in range(120)
    ]
    (root / "t.csv").write_text("\n".join(["day,unit,x,z,y", *rows]))
    monkeypatch.setattr(rule, "LADDER", (LADDER[0], LADDER[place]))
    monkeypatch.setattr(rule, "BUDGET", 0)
    wishes = Wishes(
        "y",
        group="unit" if kind == "group_kfold" else "",
        time="day" if kind == "time_ordered" else "",
    )
    new_study(environment.project(), "mine", root / "t.csv", wishes)
    work = guess(root / "t.csv", wishes).protocol.work
    assert main(["check", "mine"]) == 0
    assert main(["why", "mine"]) == 0  # cleans the table
    counts = pipeline.counts(environment.project(), "mine")
    assert counts is not None and counts.trainings == work.trainings
