"""The grid: study x datasets x families x folds -> cells, every name resolved before any fit.

A cell is the unit of work, of caching and of failure: one dataset, one family, one outer fold, the tuning inside.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.data.dataset import Dataset, Task
from bench.errors import Misfit
from bench.families import FAMILIES
from bench.families.candidates import candidates, setup_of_path
from bench.families.family import Setup
from bench.families.preprocess import check_steps
from bench.metrics import METRICS
from bench.run.folds import Fold
from bench.run.seeds import seed_of
from bench.study import Protocol, Steps, Study, step_parts

#: Libraries whose version is part of a result's identity.
LIBRARIES = ("numpy", "scipy", "scikit-learn", "xgboost", "xgboost-cpu")
#: Steps of an estimator by import path, when the study names none.
PLAIN_STEPS: Steps = ("impute", "encode")
#: Train predictions are stored for at most this many rows a cell, and this many a dataset and family; above, a sample.
TRAIN_ROWS_PER_CELL, TRAIN_ROWS_IN_ALL = 1_000, 200_000


@dataclass(frozen=True)
class Plan:
    """One row of the comparison on one dataset, settled: what a cell of it fits, whatever its fold.

    `candidates` are flat parameter sets ("C", "select.k"); one candidate means that nothing is tuned.
    `metric` is the tuning metric, None without tuning.
    """

    study: str
    task: Task
    dataset: str
    family: str
    setup: Setup
    steps: tuple[tuple[str, Mapping[str, Any]], ...]
    candidates: tuple[Mapping[str, Any], ...]
    protocol: Protocol
    metric: str | None
    train_rows: int = TRAIN_ROWS_PER_CELL

    @property
    def tuned(self) -> bool:
        return self.protocol.tuning is not None and len(self.candidates) > 1

    @cached_property
    def identity(self) -> dict[str, Any]:
        """All that decides a cell's results besides data and rows, as plain values."""
        return {
            "study": self.study,
            "dataset": self.dataset,
            "family": self.family,
            "estimator": self.setup.estimator,
            "fixed": dict(self.setup.fixed),
            "output": self.setup.output,
            "steps": [[name, dict(parameters)] for name, parameters in self.steps],
            "candidates": [dict(candidate) for candidate in self.candidates],
            "seed": self.protocol.seed,
            "tuning": self.protocol.tuning.model_dump() if self.tuned and self.protocol.tuning else None,
            "inner": self.protocol.resampling.kind if self.tuned else None,
            "metric": self.metric if self.tuned else None,
            "train_rows": self.train_rows,
            "libraries": libraries(),
            "code": code_sha256(self.metric if self.tuned else None),
        }


@dataclass(frozen=True, eq=False)
class Cell:
    """Plan x fold. `key` names its result whatever the machine, the order or the number of workers."""

    plan: Plan
    fold: Fold
    fingerprint: str
    variant: str = "plain"

    @property
    def names(self) -> dict[str, Any]:
        return {
            "dataset": self.plan.dataset,
            "family": self.plan.family,
            "variant": self.variant,
            "repeat": self.fold.repeat,
            "fold": self.fold.fold,
        }

    @property
    def seed(self) -> int:
        plan = self.plan
        return seed_of(
            "cell", plan.study, plan.protocol.seed, plan.dataset, plan.family, self.fold.repeat, self.fold.fold
        )

    @cached_property
    def key(self) -> str:
        parts = [self.plan.identity, self.fingerprint, self.fold.sha256, self.variant, self.fold.repeat, self.fold.fold]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def plans_of(study: Study, dataset: Dataset, folds: int) -> tuple[Plan, ...]:
    """The plans of one dataset, in the order of the study's families.

    Raises `Misfit` when a family cannot take this dataset (categorical columns without an encode step, ...).
    """
    protocol = study.protocol_of(dataset.name)
    assert protocol is not None and study.families is not None
    plans = []
    for name in study.families:
        setup, stated, steps = resolved(study, dataset.name, name)
        complete = not bool((dataset.X != dataset.X).any())
        base = study.families[name].family or (None if study.families[name].estimator else name)
        tolerant = base is not None and FAMILIES[base].takes_missing
        for sentence in check_steps(dataset.columns, steps, needs_complete=not (complete or tolerant)):
            shared = study.families[name].preprocess is None and study.preprocess is not None
            raise Misfit(
                ("preprocess",) if shared else ("families", name, "preprocess"), f"dataset {dataset.name}: {sentence}"
            )
        tuning = protocol.tuning
        chosen = candidates(
            setup,
            stated,
            tune=tuning is not None and study.families[name].tune,
            budget=tuning.budget if tuning else None,
            seed=seed_of("search", study.id, protocol.seed, dataset.name, name),
            steps=steps,
        )
        metric = (tuning.metric if tuning else None) or ("accuracy" if dataset.task == "classification" else "rmse")
        plans.append(
            Plan(
                study=study.id,
                task=dataset.task,
                dataset=dataset.name,
                family=name,
                setup=setup,
                steps=steps,
                candidates=tuple(chosen),
                protocol=protocol,
                metric=metric,
                train_rows=max(50, min(TRAIN_ROWS_PER_CELL, TRAIN_ROWS_IN_ALL // max(folds, 1))),
            )
        )
    return tuple(plans)


def resolved(
    study: Study, dataset: str, name: str
) -> tuple[Setup, dict[str, Any], tuple[tuple[str, dict[str, Any]], ...]]:
    """A family row on one dataset: its setup, the parameters that the study states, and its steps inside the fold."""
    assert study.families is not None and study.task is not None
    spec = study.families[name]
    stated = study.parameters_of(dataset, name)
    if spec.estimator is not None:
        setup, default_steps = setup_of_path(spec.estimator), PLAIN_STEPS
    else:
        family = FAMILIES[spec.family or name]
        setup, default_steps = family.setups[study.task], family.preprocess
    steps = spec.preprocess if spec.preprocess is not None else study.preprocess
    return setup, stated, tuple(step_parts(step) for step in (default_steps if steps is None else steps))


@lru_cache
def libraries() -> dict[str, str]:
    """Versions of the libraries that fit, read without importing them."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@lru_cache
def code_sha256(metric: str | None) -> str:
    """Of the source that fits and scores inside a cell: a change there makes every stored cell stale."""
    here = Path(__file__).parent
    families = here.parent / "families"
    digest = hashlib.sha256()
    for path in (here / "evaluate.py", here / "folds.py", families / "preprocess.py", families / "pipeline.py"):
        digest.update(path.read_bytes())
    if metric is not None:
        digest.update(inspect.getsource(METRICS[metric].function).encode())
    return digest.hexdigest()
