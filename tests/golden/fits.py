"""Every family fitted on one small table: the numbers that `fits.json` holds. `python -m tests.golden.fits` writes it.

Write it anew only when results were meant to change, and say why in the commit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from bench.data.dataset import Column, Dataset
from bench.families import FAMILIES, Family
from bench.families.libraries import library_of
from bench.run.cells import Cell, Plan
from bench.run.evaluate import evaluate
from bench.run.folds import Fold
from bench.run.identity import libraries
from bench.study import Protocol, step_parts

FILE = Path(__file__).with_name("fits.json")
#: Without those of an optional library, which few environments have.
MEMBERS = [
    (family, task)
    for family in FAMILIES.values()
    for task, setup in family.setups.items()
    if library_of(setup.estimator) is None
]
PROTOCOL = Protocol.model_validate(
    {
        "resampling": {"kind": "kfold", "folds": 3, "repeats": 1},
        "tuning": {"folds": 3},
        "seed": 5,
    }
)


def table(task: str) -> Dataset:
    """90 rows, five features of which two matter; three classes, or a number."""
    random = np.random.default_rng(17)
    X = random.normal(size=(90, 5))
    signal = X[:, 0] - 0.5 * X[:, 1] + 0.4 * random.normal(size=90)
    classes = ("a", "b", "c") if task == "classification" else ()
    y = np.digitize(signal, [-0.5, 0.5]) if classes else 10 + 3 * signal
    columns = tuple(Column(name, "numeric") for name in "vwxyz")
    return Dataset("table", task, columns, X, y, np.arange(90), "fixed", classes)  # type: ignore[arg-type]


def numbers(family: Family, task: str) -> dict[str, Any]:
    """What one cell leaves: the chosen candidate, its inner scores, and what it says of the test rows."""
    setup = family.setups[task]  # type: ignore[index]
    candidates = (
        {**setup.alone},
        {name: values[-1] for name, values in setup.grid.items()},
    )[: 1 + bool(setup.grid)]
    steps = tuple(step_parts(step) for step in family.preprocess)
    metric = (
        "log_loss"
        if setup.output == "p"
        else "accuracy"
        if task == "classification"
        else "rmse"
    )
    plan = Plan(
        "golden", task, "table", family.name, setup, steps, candidates, PROTOCOL, metric
    )  # type: ignore[arg-type]
    result = evaluate(
        table(task), Cell(plan, Fold(0, 0, np.arange(60), np.arange(60, 90)), "fixed")
    )
    inner = result.inner.mean(axis=1) if plan.tuned else np.array([])
    found: dict[str, Any] = {"chosen": result.chosen, "inner": inner.round(9).tolist()}
    for name in ("label", "p", "decision", "value"):
        values = getattr(result.test, name)
        if values is not None:
            found[name] = (
                values.tolist() if name == "label" else values[:4].round(9).tolist()
            )
    return found


def recorded() -> dict[str, Any]:
    members = {
        f"{family.name}, {task}": numbers(family, task) for family, task in MEMBERS
    }
    return {"libraries": libraries(), "fits": members}


if __name__ == "__main__":
    new = recorded()
    lines = ",\n".join(
        f"    {json.dumps(name)}: {json.dumps(fit)}"
        for name, fit in new["fits"].items()
    )
    FILE.write_text(
        f'{{\n  "libraries": {json.dumps(new["libraries"])},\n  "fits": {{\n{lines}\n  }}\n}}\n'
    )
