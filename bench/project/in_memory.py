"""`benchmark`: models on a table that a program holds, by the engine, the statistics and the page of a study."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from numbers import Integral, Real
from typing import Any

import numpy as np
import polars as pl

from bench.core.errors import DataError, UsageError
from bench.core.frames import write, write_bytes
from bench.core.task import Task
from bench.data.target import classes_of
from bench.families.checks import KNOWN_PACKAGES
from bench.project.arrays_in import (
    GROUP,
    TARGET,
    TIME,
    Splitting,
    column_of,
    labels_of,
    out_of_order,
    splitting_of,
    table_of,
    target_of,
    task_from,
)
from bench.project.describe import Block, family_block, packages_of, task_of
from bench.project.project import Project
from bench.project.result import Result
from bench.project.trust import allow, waiting
from bench.study.noted import StudyError
from bench.study.reading import named
from bench.text.arguments import EXPECTED

_HEADER = "# Written by bench.benchmark.\n"
#: The reason of a rope and a tolerance that no study states.
WHY = "chosen in Python"
_METRICS: dict[Task, dict[str, Any]] = {
    "classification": {"primary": "accuracy", "also": []},
    "regression": {"primary": "rmse", "also": ["r2"]},
}


def benchmark(
    X: Any,
    y: Any,
    models: Mapping[str, Any],
    *,
    cv: Any = None,
    groups: Any = None,
    tuning: int | Mapping[str, Any] | None = None,
    metrics: str | Sequence[str] | None = None,
    rope: float | None = None,
    claims: Sequence[Mapping[str, Any]] | None = None,
    tolerance: Mapping[str, Any] | None = None,
    diagnostics: Mapping[str, Any] | None = None,
    task: Task | None = None,
    positive: Any = None,
    seed: int = 0,
    workers: int = 2,
    name: str = "benchmark",
    title: str | None = None,
    folder: str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> Result:
    """Compare models on a table in memory, as a study does.

    Parameters
    ----------
    X : array or frame of shape (n, p)
        Features: numpy, pandas or polars: numbers, truth values, text and categories (also of numbers); missing values
        are None or NaN.
    y : array or series of shape (n,)
        The target.
    models : mapping of str to model
        Small letters, digits, hyphens and underscores name a model. A model is the name of one of bench's families
        (`"random_forest"`), a block of a study file (`{"family": "knn", "n_neighbors": [1, 5]}`), or a scikit-learn
        estimator, a pipeline or search included. Estimators are made anew in other processes from their parameters, so
        their classes must stand in a module.
    cv : int, splitter or iterable of (train, test), optional
        10 folds when left out, 5 folds by group with `groups`; stratified for classes. A splitter of scikit-learn whose
        test sets are a partition gives these very folds; with one row in each it is leave-one-out. Of RepeatedKFold,
        RepeatedStratifiedKFold, ShuffleSplit, StratifiedShuffleSplit and TimeSeriesSplit the scheme is taken, and its
        splits are drawn by bench.
    groups : array of shape (n,), optional
        Rows of one group are never on both sides of a split.
    tuning : int or mapping, optional
        The number of inner folds, or the block `tuning` of a study. Nothing is tuned when left out.
    metrics : str or sequence of str, optional
        The primary metric and others; accuracy, or rmse and r2, when left out.
    rope : float, optional
        Differences up to this, in the primary metric's unit, count as equivalent.
    claims, tolerance, diagnostics : optional
        As a study has them. The dataset is called `data`.
    task : {"classification", "regression"}, optional
        When left out, what the estimators do; else classes for text and for at most 20 whole numbers.
    positive : optional
        The positive class, for metrics of one class.
    seed : int, default 0
        The seed of everything random. The splitter's `random_state` takes its place where it is a number. Seeds, number
        of threads and verbosity of estimators are set by bench.
    workers : int, default 2
        How many fits are made at a time. Results do not depend on it.
    name, title : str, optional
        The id and the title of the study.
    folder : str or path, optional
        Where the study and its finished cells are kept, so that a later call finds them. When left out, all files are
        removed with the result.
    progress : bool, default True
        Whether progress is printed on stderr.

    Returns
    -------
    Result

    Raises
    ------
    UsageError
        For models and splitters that cannot be taken, and a `folder` of another use.
    DataError
        For tables that cannot be read.
    StudyError
        For names, metrics and parameters that bench does not know.

    Notes
    -----
    Missing values are imputed and categories encoded inside each fold before an estimator meets them; it gets an array
    of floats. An estimator that chooses columns of a frame, by a ColumnTransformer or by names among its parameters,
    gets the frame itself, as it was given and with nothing imputed or encoded. Class labels are as they were given
    wherever an estimator can name one, as by a weight of a class or a scorer, and then each fit needs rows of every
    class; XGBoost, which takes no labels, gets codes 0, 1, ... in their order. The page (`Result.report`) says of a
    described estimator what it is made of.

    Examples
    --------
    >>> import bench
    >>> from sklearn.datasets import load_wine
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = load_wine(return_X_y=True)
    >>> models = {"lr": LogisticRegression(max_iter=5000), "base": "baseline"}
    >>> result = bench.benchmark(X, y, models, cv=3, progress=False)
    >>> result.scores.filter(family="lr", side="test").height
    3
    """
    if not isinstance(models, Mapping) or not models:
        raise UsageError(
            'models: give each model a name, such as {"lr": LogisticRegression(), "forest": "random_forest"}; '
            "nothing was fitted"
        )
    check_arguments(
        task=task, name=name, workers=workers, seed=seed, rope=rope, metrics=metrics, tuning=tuning,
        tolerance=tolerance, diagnostics=diagnostics, claims=claims, folder=folder,
    )  # fmt: skip
    if out_of_order(X, y, groups):
        raise DataError(
            "X, y, groups: their indexes hold other rows, or another order; reset them, or give the same rows"
        )
    table, target, labels, task = _tables(X, y, models, task)
    splits = _splits(cv, groups, table, target, task)
    study = {
        "title": title or "A benchmark",
        "task": task,
        "datasets": {"data": _dataset(table, target, labels, splits.columns, positive)},
        "clean": None,
        "preprocess": None,
        "protocol": {
            "resampling": splits.block,
            "tuning": {"folds": tuning}
            if isinstance(tuning, int | Integral)
            else _given(tuning),
            "seed": seed if splits.seed is None else splits.seed,
        },
        "families": _families(models, X, table, labels),
        "metrics": _metrics(metrics, task),
        "compare": None if rope is None else {"rope": rope, "why": WHY},
        "diagnostics": _given(diagnostics),
        "tolerance": _given(tolerance, why=WHY),
        "claims": None if claims is None else [dict(claim) for claim in claims],
    }
    project = _project(folder, name, workers, packages_of(models) - set(KNOWN_PACKAGES))
    home = project.paths.study(name)
    write(table.with_columns(target, *splits.columns.values()), home / "data.parquet")
    write_bytes(home / "study.yaml", (_HEADER + _text(study) + "\n").encode())
    return (
        project.run(name, progress=progress)
        if folder is not None
        else _run_once(project, name, progress)
    )


def _families(
    models: Mapping[str, Any], X: Any, table: pl.DataFrame, labels: list[Any] | None
) -> dict[str, Block]:
    """The block of each model; where estimators share a title, the name that the caller gave stands before it."""
    blocks = {
        key: family_block(key, model, X, table, labels) for key, model in models.items()
    }
    several = Counter(str(block.get("title")) for block in blocks.values())
    return {
        key: block | {"title": f"{key}: {title}"[:120]}
        if (title := block.get("title")) and several[str(title)] > 1
        else block
        for key, block in blocks.items()
    }


def _run_once(project: Project, name: str, progress: bool) -> Result:
    """Run a temporary study; the caller knows its mistakes by their keys, not by a file that goes."""
    try:
        return project.run(name, progress=progress)
    except StudyError as error:
        raise StudyError(
            replace(one, file="", line=0, column=0) for one in error.problems
        ) from None


def _text(study: Mapping[str, Any]) -> str:
    """The study as JSON. Raises `UsageError` for a value that no study file holds."""
    try:
        return json.dumps(study, indent=2, ensure_ascii=False, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            f"models, claims, tolerance or diagnostics: {error}; nothing was fitted"
        ) from None


def _plain(value: Any) -> float:
    """A number of numpy as Python's own."""
    if isinstance(value, np.generic) and isinstance(
        plain := value.item(), bool | int | float
    ):
        return plain
    raise TypeError(
        f"{str(value)[:60]!r} is a {type(value).__name__}, expected a number, text, list or mapping"
    )


def _given(block: Mapping[str, Any] | None, **before: Any) -> dict[str, Any] | None:
    return None if block is None else {**before, **block}


def _metrics(metrics: str | Sequence[str] | None, task: Task) -> dict[str, Any]:
    names = [metrics] if isinstance(metrics, str) else list(metrics or ())
    return {"primary": names[0], "also": names[1:]} if names else _METRICS[task]


def _splits(
    cv: Any, groups: Any, table: pl.DataFrame, target: pl.Series, task: Task
) -> Splitting:
    """How rows are split; the column of groups is one that it needs."""
    labels = None if groups is None else np.asarray(groups)
    found = splitting_of(cv, table, target.to_numpy(), labels, table.height, task)
    if groups is not None:
        found = replace(
            found,
            columns={**found.columns, GROUP: column_of(groups, "groups").rename(GROUP)},
        )
    for column in found.columns.values():
        if len(column) != table.height:
            raise DataError(
                f"{column.name}: has {len(column)} values, X has {table.height} rows"
            )
    return found


def _tables(
    X: Any, y: Any, models: Mapping[str, Any], task: Task | None
) -> tuple[pl.DataFrame, pl.Series, list[Any] | None, Task]:
    """Features, target, class labels and task."""
    table = table_of(X)
    name = "target" if "target" not in table.columns else TARGET
    target = column_of(y, "y").rename(name)
    if len(target) != table.height:
        raise DataError(f"y: has {len(target)} values, X has {table.height} rows")
    settled = task or task_of(models) or task_from(target)
    labels = labels_of(y) if settled == "classification" else None
    if (
        task is None
        and settled == "classification"
        and target.dtype.is_float()
        and labels is None
    ):
        raise DataError(
            "y: holds numbers with decimals, which scikit-learn takes for no classes, and a model is a classifier; "
            'give regressors, or `task="classification"`'
        )
    return table, target_of(target, settled), labels, settled


def _dataset(
    table: pl.DataFrame,
    target: pl.Series,
    labels: list[Any] | None,
    columns: Mapping[str, pl.Series],
    positive: Any,
) -> dict[str, Any]:
    """The block of the dataset. Text columns are declared categories, also where all their words are numbers; classes
    that are such words are in the order of text, as scikit-learn has them."""
    block: dict[str, Any] = {
        "source": {"kind": "parquet", "file": "data.parquet"},
        "target": target.name,
    }
    words = [name for name, dtype in table.schema.items() if dtype == pl.String]
    block["types"] = dict.fromkeys(words, "categorical")
    if (
        labels is not None
        and {type(one) for one in labels} == {str}
        and len(labels) > 1
    ):
        in_order = labels == classes_of(target, None, "y")
        block["types"] |= {} if in_order else {target.name: {"ordinal": labels}}
    block |= {
        key: name for key, name in (("group", GROUP), ("time", TIME)) if name in columns
    }
    return block | (
        {}
        if positive is None
        else {
            "positive": target_of(
                column_of([positive], "positive"), "classification"
            ).item()
        }
    )


def _project(
    folder: str | os.PathLike[str] | None, name: str, workers: int, trusted: set[str]
) -> Project:
    """The project in the folder, or a temporary one."""
    if folder is None:
        return temporary_project(name, workers, trusted)
    project = Project(folder)
    params = project.paths.params
    if params.exists() and not params.read_text(encoding="utf-8").startswith(_HEADER):
        raise UsageError(
            f"{params}: is of another use; nothing was written. Give a folder of its own"
        )
    _write_settings(project, name, workers, trusted)
    return project


def temporary_project(
    name: str, workers: int = 2, trusted: Collection[str] = ()
) -> Project:
    """A project of one study, whose folder is removed with the object."""
    place = tempfile.mkdtemp(prefix="bench-")
    project = Project(place, keep=False)
    weakref.finalize(project, shutil.rmtree, place, ignore_errors=True)
    _write_settings(project, name, workers, trusted)
    return project


def _write_settings(
    project: Project, name: str, workers: int, trusted: Collection[str]
) -> None:
    settings = {
        "studies": [name],
        "execution": {"workers": int(workers)},
        "trusted": sorted(trusted),
    }
    write_bytes(
        project.paths.params, (_HEADER + json.dumps(settings, indent=2) + "\n").encode()
    )
    for name in waiting(project):  # the caller imported it and gave its objects
        allow(project, name)


def _whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _block(value: Any) -> bool:
    return isinstance(value, Mapping)


def _listed(value: Any, kind: type) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and all(isinstance(one, kind) for one in value)
    )


#: By argument, what it must be where it is not None.
_KINDS: dict[str, Callable[[Any], bool]] = {
    "task": lambda value: value in ("classification", "regression"),
    "name": lambda value: isinstance(value, str) and named(value),
    "workers": lambda value: _whole(value) and value >= 1,
    "seed": _whole,
    "rope": lambda value: (
        _whole(value)
        or (
            isinstance(value, Real)
            and not isinstance(value, bool)
            and math.isfinite(value)
        )
    ),
    "metrics": lambda value: isinstance(value, str) or _listed(value, str),
    "tuning": lambda value: _whole(value) or _block(value),
    "tolerance": _block,
    "diagnostics": _block,
    "claims": lambda value: _listed(value, Mapping),
    "folder": lambda value: isinstance(value, str | os.PathLike),
}


def check_arguments(**given: Any) -> None:
    """Raises `UsageError` for the first argument that is of another kind than it must be."""
    for name, value in given.items():
        if value is not None and not _KINDS[name](value):
            raise UsageError(
                f"{name}: {str(value)[:60]!r} cannot be; expected {EXPECTED[name]}; nothing was fitted"
            )
