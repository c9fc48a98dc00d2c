"""The protocol of a new study: the strongest whose work fits a budget, so that its first page takes minutes.

Work is counted by the size of the table, and no clock is read: a fit costs its training rows and two hundred more (as
halves are priced), times how often its estimator looks at each, times the seconds of one look, once measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, log2, sqrt
from typing import Literal, NamedTuple

from bench.core.task import Task
from bench.families import FAMILIES
from bench.families.candidates import candidates
from bench.run.pilots import ROWS_A_TRAINING
from bench.run.variants.inspection import MOST_FEATURES, QUANTILES
from bench.study.models import LEARNING_SHARES, SHUFFLES
from bench.study.protocol import RESAMPLINGS
from bench.text.proposals import FirstWork, Stronger

#: What is stated of a family: a fixed value, or a list of candidates.
Stated = Mapping[str, float | list[float]]
#: Seconds that a first page may take on two cores, well below five minutes since a count may err; those of them without
#: a fit.
BUDGET, START, CORES = 200, 10, 2
#: Seconds of a look at a row, of what a fit does besides, and of a question to a fitted model and to each of its trees.
LOOK, FIT, QUESTION, OF_TREE = 5e-8, 0.02, 0.003, 1e-4
INNER_FOLDS, FEW_TREES = 3, 20
#: The few candidates that stand in a study where all are too dear.
_FEW: dict[str, Stated] = {
    "logistic_regression": {"C": [0.01, 1, 100]},
    "ridge": {"alpha": [0.1, 1, 10]},
    "random_forest": {"min_samples_leaf": [1, 5]},
    "xgboost": {"max_depth": [3, 6]},
}


class TableSize(NamedTuple):
    """Rows, features, the columns that these become once encoded, and classes (1: the target is a number)."""

    rows: int
    features: int
    columns: int
    classes: int


class Rung(NamedTuple):
    """One step of the ladder of protocols."""

    repeats: int = 1
    tuned: Literal["all", "few", ""] = ""
    forest: bool = True
    learning: bool = True
    inspect: bool = True


#: The strongest first. None has fewer folds: with one or two no test tells even a good model from a guess.
LADDER = (
    Rung(repeats=2, tuned="all"),
    Rung(tuned="all"),
    Rung(tuned="few"),
    Rung(),
    Rung(tuned="few", forest=False),
    Rung(forest=False, learning=False),
    Rung(forest=False, learning=False, inspect=False),
)


@dataclass(frozen=True)
class FirstProtocol:
    """What a new study writes: resampling, inner folds (None: nothing is tuned), families with what is stated of them,
    and whether learning curves and inspections are made; then its work, and what would make it stronger."""

    resampling: dict[str, str | int]
    tuning: int | None
    families: Mapping[str, Stated]
    learning: bool
    inspect: bool
    work: FirstWork
    stronger: Stronger


def affordable(size: TableSize, task: Task, kind: str, folds: int) -> FirstProtocol:
    """The first protocol of the ladder within the budget; the last one where none is.

    kind: how rows are split (kfold, group_kfold, time_ordered); folds: into how many parts.

    >>> small = affordable(TableSize(200, 10, 10, 2), "classification", "kfold", 5)
    >>> small.resampling, small.tuning, small.work.trainings
    ({'kind': 'kfold', 'folds': 5, 'repeats': 2}, 3, 560)
    >>> affordable(TableSize(100_000, 50, 50, 2), "classification", "kfold", 5).families["xgboost"]
    {'max_depth': [3, 6]}
    """
    for rung in LADDER:
        made = _on(rung, size, task, kind, folds)
        if made.work.seconds <= BUDGET:
            break
    return made


def _on(
    rung: Rung, size: TableSize, task: Task, kind: str, folds: int
) -> FirstProtocol:
    linear = "logistic_regression" if task == "classification" else "ridge"
    names = ("baseline", linear, "random_forest" if rung.forest else "xgboost")
    families = {
        name: _FEW.get(name, {}) if rung.tuned == "few" else {} for name in names
    }
    if not rung.inspect:
        families["xgboost"] = {"n_estimators": FEW_TREES}
    cells = [
        _cell(name, families[name], rung, size, task, train)
        for train in _training_rows(rung, kind, folds, size.rows)
        for name in names
    ]
    seconds = max(
        sum(spent for _, spent in cells) / CORES, *(spent for _, spent in cells)
    )
    work = FirstWork(
        size.rows, size.columns, sum(fits for fits, _ in cells), ceil(START + seconds)
    )
    split: dict[str, str | int] = {"kind": kind, "folds": folds}
    if RESAMPLINGS[kind].takes_repeats:
        split["repeats"] = rung.repeats
    tuning, more = (
        INNER_FOLDS if rung.tuned else None,
        Stronger(tuple(_left_out(rung, kind, folds))),
    )
    return FirstProtocol(
        split, tuning, families, rung.learning, rung.inspect, work, more
    )


def _left_out(rung: Rung, kind: str, folds: int) -> Iterator[str]:
    """What of the strongest protocol does not stand in the study, as it would be written there; of the strongest, the
    next that pays."""
    best = LADDER[0]
    if RESAMPLINGS[kind].takes_repeats:
        yield f"repeats: {best.repeats if rung.repeats < best.repeats else 10}"
    elif rung.tuned == best.tuned:
        yield f"folds: {2 * folds}"
    if not rung.tuned:
        yield f"tuning: {{folds: {INNER_FOLDS}}}"
    if rung.tuned == "few" or not rung.forest:
        yield "random_forest: {}"
    if not rung.learning:
        yield "learning: {}"
    if not rung.inspect:
        yield "inspect: {}"


def _training_rows(rung: Rung, kind: str, folds: int, rows: int) -> list[float]:
    """The training rows of each outer fold."""
    if RESAMPLINGS[kind].in_time:
        return [rows * (block + 1) / (folds + 1) for block in range(folds)]
    return [rows * (1 - 1 / folds)] * (folds * rung.repeats)


def _cell(
    family: str, stated: Stated, rung: Rung, size: TableSize, task: Task, train: float
) -> tuple[int, float]:
    """Trainings and seconds of one family on one fold, with those of its learning curve and inspection."""
    setup = FAMILIES[family].setups[task]
    each = candidates(setup, stated, tune=bool(rung.tuned))
    (typical,) = candidates(setup, {} if rung.tuned else stated, tune=False)
    fits = [(train, typical)]
    if len(each) > 1:
        fits += [(train * (1 - 1 / INNER_FOLDS), one) for one in each] * INNER_FOLDS
    asked = 0
    if family != "baseline":
        fits += [(train * share, typical) for share in LEARNING_SHARES if rung.learning]
        if rung.inspect and size.features <= MOST_FEATURES:
            fits.append((train, typical))
            asked = size.features * (SHUFFLES + len(QUANTILES))
    spent = sum(
        LOOK * (rows + ROWS_A_TRAINING) * _looks(family, one, rows, size) + FIT
        for rows, one in fits
    )
    trees = float(typical["n_estimators"]) if family == "random_forest" else 0
    return len(fits), spent + asked * (QUESTION + OF_TREE * trees)


def _looks(
    family: str, own: Mapping[str, object], rows: float, size: TableSize
) -> float:
    """How often an estimator looks at a training row; a tree soon sees that the column of a category is constant."""
    split = size.features + (size.columns - size.features) / 4
    if family == "random_forest":
        share, trees = own["max_features"], float(str(own["n_estimators"]))
        tried = sqrt(split) if share == "sqrt" else split * float(str(share))
        return trees * max(1, tried) * log2(max(2, rows)) * (1 + size.classes / 30)
    several = 1 if size.classes <= 2 else size.classes
    if family == "xgboost":
        return 0.2 * float(str(own["n_estimators"])) * split * several
    return 1 if family == "baseline" else 3 * size.columns * several
