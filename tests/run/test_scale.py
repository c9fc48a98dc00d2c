"""Size: a large table is mapped, not copied; many small cells cost little and no memory. Minutes: `pytest -m slow`."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bench.cli.app import main
from bench.data.arrays import read_arrays, write_arrays
from bench.data.dataset import Column, Dataset
from bench.families import FAMILIES
from bench.families.pipeline import pipeline
from bench.run.cells import Cell, Plan
from bench.run.folds import outer_folds
from bench.run.workers.dispatch import CellTask, outcomes
from bench.run.workers.limits import Limits
from bench.run.workers.pool import supervised
from bench.study import Protocol

pytestmark = pytest.mark.slow
ROWS, FEATURES = 100_000, 50
TRIED = {
    "logistic_regression": ({"C": 0.1}, {"C": 1.0}),
    "xgboost": (
        {"n_estimators": 20, "max_depth": 6},
        {"n_estimators": 10, "max_depth": 6},
    ),
    "random_forest": (
        {"n_estimators": 4, "min_samples_leaf": 5},
        {"n_estimators": 2, "min_samples_leaf": 5},
    ),
}


def large() -> Dataset:
    generator = np.random.default_rng(0)
    X = generator.normal(size=(ROWS, FEATURES))
    y = (X[:, 0] + X[:, 1] * X[:, 2] + generator.normal(size=ROWS) > 0).astype(np.int64)
    columns = tuple(Column(f"x{j}", "numeric") for j in range(FEATURES))
    return Dataset(
        "large", "classification", columns, X, y, np.arange(ROWS), "large", ("a", "b")
    )


def plan_of(name: str) -> Plan:
    family = FAMILIES[name]
    steps = tuple(
        (step, {}) if isinstance(step, str) else next(iter(step.items()))
        for step in family.preprocess
    )
    protocol = Protocol.model_validate(
        {"resampling": {"kind": "kfold", "folds": 5}, "tuning": {"folds": 2}, "seed": 0}
    )
    setup = family.setups["classification"]
    return Plan(
        "s",
        "classification",
        "large",
        name,
        setup,
        steps,
        TRIED[name],
        protocol,
        "accuracy",
    )


def plain_fit(task: CellTask) -> tuple[int, int]:
    """Bytes: of the process with the training rows in it, and the peak of a plain fit on them. Runs in a worker."""
    cell = task.cell
    dataset, train = read_arrays(Path(task.arrays)), cell.fold.train
    model = pipeline(
        dataset.columns,
        "classification",
        cell.plan.setup,
        cell.plan.steps,
        cell.plan.candidates[0],
        cell.seed,
    )
    X, y = np.array(dataset.X[train]), dataset.y[train]
    Path("/proc/self/clear_refs").write_text("5")
    before = resident("VmRSS")
    model.fit(X, y)
    return before, resident("VmHWM")


def resident(what: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(what))


def nothing(_: object) -> int:
    return resident("VmRSS")


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(),
    reason="peaks are read from Linux's /proc",
)
@pytest.mark.parametrize("name", TRIED)
def test_a_worker_needs_no_more_than_two_tables_and_the_fit(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Above the imports, the mapped table (its pages are shared by all workers) and what a plain fit needs itself."""
    dataset, plan = large(), plan_of(name)
    folder = write_arrays(tmp_path, dataset)
    fold = outer_folds(dataset, plan.protocol, "s")[0]
    task = CellTask(Cell(plan, fold, "large"), str(folder))
    (outcome,) = outcomes([task], Limits(1))
    assert outcome.failure is None
    preload = ["bench.run.workers.preload"]
    ((_, empty),) = supervised([0], nothing, Limits(1), preload=preload)
    ((_, plain),) = supervised([task], plain_fit, Limits(1), preload=preload)
    before, peak = plain.value
    own, table = peak - before, dataset.X.nbytes
    above = outcome.peak - empty.value - table - own
    with capsys.disabled():
        print(
            f"\n{name}: peak {outcome.peak >> 20} MiB = imports {empty.value >> 20} + mapped table {table >> 20}"
            f" + the fit's own {own >> 20} + {above >> 20} ({above / table:.2f} tables)"
        )
    assert above <= 2 * table


MANY = """
title: Many small cells
task: classification
datasets:
{datasets}
clean: null
preprocess: null
protocol: {{resampling: {{kind: kfold, folds: 10, repeats: 50}}, tuning: null, seed: 0}}
families: {{naive_bayes: {{}}}}
metrics: {{primary: accuracy}}
diagnostics: {{halves: null}}
"""


def test_fifty_thousand_cells(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """100 datasets x 500 folds: everything finishes; seconds and memory are told, the memory while fitting is flat."""
    source = "{{source: {{kind: synthetic, name: twonorm, rows: 100, seed: {0}}}, target: target}}"
    datasets = "\n".join(
        f"  d{number}: " + source.format(number) for number in range(100)
    )
    root = project(toy=MANY.format(datasets=datasets))
    assert main(["fetch", "toy"]) == main(["clean", "toy"]) == 0
    watched: list[int] = []
    from bench.project import pipeline as stages
    from bench.project.project import Project
    from bench.run.study import Silent

    class Watching(Silent):
        def finished(self, cell: object, outcome: object) -> None:
            watched.append(resident("VmRSS") if len(watched) % 500 == 0 else 0)

    start = time.perf_counter()
    results = stages.run(Project.here(), "toy", Watching())
    seconds = time.perf_counter() - start
    assert results is not None
    assert results.failures.is_empty()
    assert results.folds.height == 50_000
    seen = [value for value in watched if value]
    with capsys.disabled():
        print(
            f"\n50,000 cells: {seconds:.0f} s, {1000 * seconds / 50_000:.2f} ms of wall a cell on 2 workers, fits"
            f" included; the run's process held {seen[1] >> 20} MiB after 500 cells, {seen[-1] >> 20} after all,"
            f" {resident('VmHWM') >> 20} at most while the frames of 5 million rows were made;"
            f" the store has {(root / '.bench' / 'cells.sqlite').stat().st_size >> 20} MiB"
        )
    assert seen[-1] - seen[1] < 200 << 20
