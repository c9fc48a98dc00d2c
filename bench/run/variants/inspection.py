"""What a fitted cell leans on: the importance of its features, its coefficients, and their effect on what it says.

A cell is fitted once more (the chosen candidate, the same seed and rows: the same model) and asked about changed copies
of test rows. Permutation importance: Breiman (2001), Random Forests, section 10; on test rows, so that what was merely
learnt by heart does not count. Partial dependence: Friedman (2001), Greedy function approximation, section 8.2.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.core.metrics import METRICS, Predicted
from bench.data.dataset import Column, Dataset
from bench.run.cells import Cell
from bench.run.reference import ASKED, Model, fitted
from bench.run.result import FoldPrediction
from bench.run.seeds import seed_of

#: Of more features nobody reads a list, and each costs a pass over the rows.
MOST_FEATURES = 200
#: Rows that are asked about: of more, a seeded sample.
MOST_ROWS, EFFECT_ROWS = 500, 100
#: Where effects are looked at: these quantiles of a number, all (up to so many) categories.
QUANTILES = (0.05, 0.15, 0.25, 0.35, 0.5, 0.65, 0.75, 0.85, 0.95)
MOST_CATEGORIES = 12


@dataclass(frozen=True, eq=False)
class InspectionTask:
    """importance (p,): how much the tuning metric loses, in its good direction, when a feature is shuffled among the
    test rows; coefficients (p,) of standardised columns, largest over classes by size, NaN where the family has none;
    effects (m, 3 + classes): feature, grid value, number of rows, then what is said there on average."""

    importance: np.ndarray
    coefficients: np.ndarray
    effects: np.ndarray
    warnings: tuple[str, ...] = ()
    fits: int = 1


def inspected(dataset: Dataset, cell: Cell) -> InspectionTask:
    """The inspection of one cell whose plan has a single candidate. Raises `CellError` when its fit fails."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the plain cell has told them
        model = fitted(dataset, cell, cell.plan.candidates[0], cell.fold.train)
        rng = np.random.default_rng(seed_of("inspection", cell.seed))
        rows = _sample(cell.fold.test, MOST_ROWS, rng)
        importance = _importance(model, dataset, cell, rows, rng)
        effects = _effects(model, dataset, _sample(rows, EFFECT_ROWS, rng))
        return InspectionTask(importance, _coefficients(model, dataset), effects)


def _sample(rows: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    return rows if len(rows) <= most else np.sort(rng.choice(rows, most, replace=False))


def _importance(
    model: Model,
    dataset: Dataset,
    cell: Cell,
    rows: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    X, y = dataset.X[rows], dataset.y[rows]
    before = _good(model, dataset, cell, X, y)
    lost = np.empty((X.shape[1], cell.shuffles))
    for feature in range(X.shape[1]):
        changed = X.copy()
        for turn in range(cell.shuffles):
            changed[:, feature] = X[rng.permutation(len(X)), feature]
            lost[feature, turn] = before - _good(model, dataset, cell, changed, y)
    means: np.ndarray = lost.mean(axis=1)
    return means


def _good(
    model: Model, dataset: Dataset, cell: Cell, X: np.ndarray, y: np.ndarray
) -> float:
    """The tuning metric, larger is better; NaN where these rows do not define it."""
    metric = METRICS[str(cell.plan.metric)]
    said = model.said(X, ASKED[metric.needs])
    positive = (
        dataset.classes.index(dataset.positive)
        if dataset.positive is not None
        else None
    )
    value = metric.function(
        Predicted(truth=y, k=len(dataset.classes), positive=positive, **vars(said))
    )
    return (
        np.nan
        if value is None
        else float(value) * (1.0 if metric.higher_is_better else -1.0)
    )


def _effects(model: Model, dataset: Dataset, rows: np.ndarray) -> np.ndarray:
    """What is said on average when all rows are given one value of a feature: shares of classes, or the value."""
    found = []
    for feature, column in enumerate(dataset.columns):
        for at in grid(dataset.X[:, feature], column):
            changed = dataset.X[rows].copy()
            changed[:, feature] = at
            found.append([feature, at, len(rows), *_average(model, dataset, changed)])
    width = 3 + max(1, len(dataset.classes))
    return np.array(found, dtype=float).reshape(-1, width)


def grid(values: np.ndarray, column: Column) -> np.ndarray:
    """Where a feature's effect is looked at: quantiles of all rows, so that every fold looks at the same places."""
    known = values[np.isfinite(values)]
    if not len(known):
        result: np.ndarray = known
        return result
    if column.kind == "numeric":
        return np.unique(np.quantile(known, QUANTILES))
    codes, counts = np.unique(known, return_counts=True)
    return np.sort(codes[np.argsort(-counts, kind="stable")[:MOST_CATEGORIES]])


def _average(model: Model, dataset: Dataset, X: np.ndarray) -> np.ndarray:
    if dataset.task == "regression":
        return np.array([_value(model.said(X, ("value",))).mean()])
    said = model.said(X, ("label", "p"))
    if said.p is not None:
        return np.asarray(said.p.mean(axis=0))
    assert said.label is not None
    return np.bincount(said.label, minlength=len(dataset.classes)) / len(X)


def _value(said: FoldPrediction) -> np.ndarray:
    assert said.value is not None
    return said.value


def _coefficients(model: Model, dataset: Dataset) -> np.ndarray:
    """Of a linear family whose steps only fill and scale numbers: the change of its answer a standard deviation.

    Where columns are encoded, made or selected no coefficient belongs to one feature alone, and there is none.
    """
    none = np.full(len(dataset.columns), np.nan)
    final = model.fitted[-1]
    final = getattr(final, "regressor_", final)
    coefficients = getattr(final, "coef_", None)
    if coefficients is None or any(
        column.kind == "categorical" for column in dataset.columns
    ):
        return none
    matrix = np.atleast_2d(np.asarray(coefficients, dtype=float))
    inside = model.fitted[:-1]
    Z = inside.transform(dataset.X) if len(inside) else dataset.X
    if (
        matrix.shape[1] != len(none)
        or Z.shape[1] != len(none)
        or not set(inside.named_steps) <= {"impute", "scale"}
    ):
        return none
    largest = matrix[np.abs(matrix).argmax(axis=0), np.arange(matrix.shape[1])]
    return np.asarray(largest * np.nanstd(Z, axis=0))


def packed(one: InspectionTask) -> bytes:
    """An inspection as bytes: a JSON head with its length before it, then the arrays, compressed."""
    arrays = [
        np.ascontiguousarray(array, dtype="<f8")
        for array in (one.importance, one.coefficients, one.effects)
    ]
    head = {
        "warnings": one.warnings,
        "fits": one.fits,
        "shapes": [array.shape for array in arrays],
    }
    text = json.dumps(head).encode()
    return (
        struct.pack("<q", len(text))
        + text
        + zlib.compress(b"".join(a.tobytes() for a in arrays), 1)
    )


def unpacked(content: bytes) -> InspectionTask:
    """The inspection behind `packed`."""
    (length,) = struct.unpack_from("<q", content, 0)
    head, body = (
        json.loads(content[8 : 8 + length]),
        zlib.decompress(content[8 + length :]),
    )
    arrays, at = [], 0
    for shape in head["shapes"]:
        count = int(np.prod(shape))
        arrays.append(
            np.frombuffer(body, dtype="<f8", count=count, offset=at).reshape(shape)
        )
        at += 8 * count
    importance, coefficients, effects = arrays
    return InspectionTask(
        importance, coefficients, effects, tuple(head["warnings"]), head["fits"]
    )


def importance_rows(
    dataset: Dataset, cell: Cell, one: InspectionTask
) -> Iterator[dict[str, Any]]:
    """Rows of frames.IMPORTANCE."""
    names = _names(cell)
    for kind, values in (
        ("permutation", one.importance),
        ("coefficient", one.coefficients),
    ):
        for column, value in zip(dataset.columns, values.tolist(), strict=True):
            if np.isfinite(value):
                yield names | {
                    "feature": column.name,
                    "kind": kind,
                    "value": rounded(value),
                }


def effect_rows(
    dataset: Dataset, cell: Cell, one: InspectionTask
) -> Iterator[dict[str, Any]]:
    """Rows of frames.EFFECTS: of two classes the positive one's, or the second; of more, each class's."""
    names, classes = _names(cell), dataset.classes
    shown: list[tuple[int, str | None]] = [(0, None)]
    if len(classes) == 2:
        shown = [
            (
                classes.index(dataset.positive) if dataset.positive is not None else 1,
                None,
            )
        ]
    elif classes:
        shown = list(enumerate(classes))
    for line in one.effects:
        column = dataset.columns[int(line[0])]
        label = column.categories[int(line[1])] if column.categories else None
        about = names | {"feature": column.name, "at": rounded(line[1]), "label": label}
        for place, name in shown:
            yield about | {"class": name, "value": rounded(line[3 + place])}


def _names(cell: Cell) -> dict[str, Any]:
    return {name: value for name, value in cell.names.items() if name != "variant"}


def rounded(value: float) -> float:
    """To nine significant digits: the last ones depend on the order of sums."""
    return float(f"{value:.9g}") + 0.0
