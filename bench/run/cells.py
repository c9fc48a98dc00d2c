"""The grid: study x datasets x families x folds -> cells, every name resolved before any fit.

A cell is the unit of work, of caching and of failure: one dataset, one family, one outer fold, the tuning inside.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from bench.core.errors import IncompatibleDataError
from bench.core.identity import package_sha256
from bench.core.metrics import TUNING_METRIC
from bench.core.registry import Extension
from bench.core.task import Task
from bench.data.dataset import Dataset
from bench.families import FAMILIES
from bench.families.candidates import candidates, setup_of_path
from bench.families.family import Setup, imported
from bench.families.preprocess import check_steps
from bench.run.folds import Fold
from bench.run.identity import (
    behind,
    code_of,
    code_of_extra_fits,
    extensions_of,
    libraries_of,
    packages_of,
)
from bench.run.seeds import seed_of
from bench.study import Protocol, Steps, Study, step_parts

#: Who fits: plain scikit-learn, or the same by shortcuts.
Engine = Literal["reference", "fast"]
#: Steps of an estimator by import path, when the study names none.
PLAIN_STEPS: Steps = ("impute", "encode")
#: Train predictions are stored for at most this many rows a cell, and this many a dataset and family; above, a sample.
TRAIN_ROWS_PER_CELL, TRAIN_ROWS_IN_ALL = 1_000, 200_000


@dataclass(frozen=True)
class Plan:
    """One row of the comparison on one dataset, settled: what a cell of it fits, whatever its fold.

    `candidates` are flat parameter sets ("C", "select.k"); one candidate means that nothing is tuned.
    `metric` is the tuning metric, None without tuning. `registered` is the registered family behind the row, None for
    an estimator by import path. `pilot`: how many repeats are run first, where they decide how many there are in all.
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
    engine: Engine = "fast"
    registered: str | None = None
    pilot: int | None = None
    later_train_rows: int = TRAIN_ROWS_PER_CELL

    def on(self, fold: Fold) -> Plan:
        """The plan of the study's own cell on a fold: after a pilot a cell keeps fewer predictions of train rows."""
        return (
            self
            if self.pilot is None or fold.repeat < self.pilot
            else self._after_pilot
        )

    @cached_property
    def _after_pilot(self) -> Plan:
        return replace(self, train_rows=self.later_train_rows)

    @property
    def tuned(self) -> bool:
        return self.protocol.tuning is not None and len(self.candidates) > 1

    @property
    def out_of_bag(self) -> bool:
        """Whether candidates are judged by the rows that a forest's trees have not seen."""
        return (
            self.tuned
            and self.protocol.tuning is not None
            and self.protocol.tuning.by == "oob"
        )

    @property
    def trainings(self) -> int:
        """The trainings on one fold by the protocol; candidates that fail are counted too."""
        if not self.tuned:
            return 1
        if self.out_of_bag:
            return len(self.candidates)
        assert self.protocol.tuning is not None
        return len(self.candidates) * self.protocol.tuning.folds + 1

    @cached_property
    def identity(self) -> dict[str, Any]:
        """All that decides a cell's results besides data and rows, as plain values.

        How the outer rows were chosen is not in it: the rows themselves are in the cell's key.
        """
        metric = self.metric if self.tuned else None
        return {
            "study": self.study,
            "dataset": self.dataset,
            "family": self.family,
            "estimator": self.setup.estimator,
            "fixed": dict(self.setup.fixed),
            "output": self.setup.output,
            "seeded": self.setup.seed,
            "steps": [[name, dict(parameters)] for name, parameters in self.steps],
            "candidates": [dict(candidate) for candidate in self.candidates],
            "seed": self.protocol.seed,
            "tuning": self._tuning(),
            "inner": self.protocol.resampling.kind if self.tuned else None,
            "metric": metric,
            "libraries": libraries_of(
                self.setup.estimator, [*self.packages, *behind(self.packages)[1]]
            )
            | {one.distribution: one.version for one in self.extensions},
            "code": sorted(sha256 for _, sha256 in self.code),
            "engine": self.engine,
        }

    @property
    def code(self) -> tuple[tuple[str, str], ...]:
        """The source that fits and scores: names for people, and the hashes that are part of the identity."""
        code = code_of(
            self.setup.estimator,
            self.metric if self.tuned else None,
            self.engine == "reference",
        )
        return tuple((dict(code) | self.foreign_code).items())

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages of others whose code a fit runs."""
        return packages_of(self.setup.estimator, self.candidates[0].get("description"))

    @property
    def foreign_code(self) -> dict[str, str]:
        """The sha256 of these packages, of the files that these import and nobody installed, and of the packages that
        extend bench with the family or the tuning metric."""
        own = {
            package: package_sha256(package)
            for package in (*self.packages, *behind(self.packages)[0])
        }
        return own | {one.package: one.sha256 for one in self.extensions}

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """What installed packages brought of it: the family, the tuning metric."""
        return extensions_of(self.registered, self.metric if self.tuned else None)

    def _tuning(self) -> dict[str, Any] | None:
        """How candidates are judged; which there are, and on what metric, is told beside it."""
        tuning = self.protocol.tuning
        return (
            tuning.model_dump(include={"by", "folds"})
            if self.tuned and tuning
            else None
        )

    @cached_property
    def identity_json(self) -> str:
        return json.dumps(self.identity, sort_keys=True, default=str)

    @cached_property
    def identity_sha256(self) -> str:
        return hashlib.sha256(self.identity_json.encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class Cell:
    """Plan x fold. `key` names its result whatever the machine, the order or the number of workers.

    A cell of extra fits has a `variant` of its own, and does otherwise what its plan and fold say, or:
    draw         takes another seed: what differs from the cell without it is the seed alone
    permutation  is fitted to this permutation of the target (`bench.run.variants.permuted`)
    shuffles     leaves no predictions, but what its fit leans on (`bench.run.variants.inspection`)
    """

    plan: Plan
    fold: Fold
    fingerprint: str
    variant: str = "plain"
    draw: int | None = None
    permutation: int | None = None
    shuffles: int = 0

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
        """Of every fit of the cell. Where the inner folds are given, all folds of a repeat have one seed."""
        plan, fold = self.plan, self.fold
        place: tuple[object, ...] = (
            (fold.repeat,) if fold.held else (fold.repeat, fold.fold)
        )
        place += () if self.draw is None else ("draw", self.draw)
        return seed_of(
            "cell", plan.study, plan.protocol.seed, plan.dataset, plan.family, *place
        )

    @property
    def kept(self) -> int:
        """Of how many train rows predictions are kept."""
        return min(self.plan.train_rows, len(self.fold.train))

    @cached_property
    def key(self) -> str:
        where = list(self.names.values())[2:]
        parts = [
            self.plan.identity_sha256,
            self.fingerprint,
            self.fold.sha256,
            self.seed,
            self.kept,
            *where,
        ]
        if self.permutation is not None or self.shuffles:
            parts += [self.permutation, self.shuffles, code_of_extra_fits()]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def plans_of(
    study: Study, dataset: Dataset, folds: int, engine: Engine = "fast"
) -> tuple[Plan, ...]:
    """The plans of one dataset, in the order of the study's families.

    Raises `IncompatibleDataError` when a family cannot take this dataset (such as text without an encode step).
    """
    protocol = study.protocol_of(dataset.name)
    assert protocol is not None and study.families is not None
    plans = []
    for name in study.families:
        setup, stated, steps = resolved(study, dataset.name, name)
        for sentence in unfit(study, dataset, name, steps):
            path, _ = study.preprocess_of(dataset.name, name)
            raise IncompatibleDataError(path, f"dataset {dataset.name}: {sentence}")
        tuning = protocol.tuning
        chosen = candidates(
            setup,
            stated,
            tune=tuning is not None and study.families[name].tune,
            steps=steps,
        )
        metric = (tuning.metric if tuning else None) or TUNING_METRIC[dataset.task]
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
                train_rows=train_rows_kept(folds),
                engine=engine,
                registered=study.families[name].family
                or (None if study.families[name].estimator else name),
            )
        )
    return tuple(plans)


def train_rows_kept(folds: int) -> int:
    """Of how many train rows a cell keeps predictions, where a family has so many folds."""
    return max(50, min(TRAIN_ROWS_PER_CELL, TRAIN_ROWS_IN_ALL // max(folds, 1)))


def unfit(
    study: Study,
    dataset: Dataset,
    name: str,
    steps: Sequence[tuple[str, Mapping[str, Any]]],
) -> list[str]:
    """Why a family with these steps cannot take this dataset, as sentences."""
    assert study.families is not None
    estimator = study.families[name].estimator
    if estimator is not None and getattr(imported(estimator), "takes_tables", False):
        return []
    complete = not bool((dataset.X != dataset.X).any())
    base = study.families[name].family or (
        None if study.families[name].estimator else name
    )
    tolerant = base is not None and FAMILIES[base].takes_missing
    return check_steps(
        dataset.columns, steps, needs_complete=not (complete or tolerant)
    )


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
    _, steps = study.preprocess_of(dataset, name)
    return (
        setup,
        stated,
        tuple(step_parts(step) for step in (default_steps if steps is None else steps)),
    )
