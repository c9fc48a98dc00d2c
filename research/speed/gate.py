"""The gate: both sides must give the same results; any difference voids the timing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: dataset, family, outer fold
Key = tuple[str, str, int]
#: How far probabilities and decision values, and inner log-losses, may lie apart. Accuracies may not.
OUTER, INNER_LOSS = 1e-9, 1e-6


@dataclass(frozen=True, eq=False)
class Kept:
    """The results of a cell that are compared.

    inner           (candidates, inner folds) scores in the metric's own direction
    chosen          the number of the best candidate
    label           (m,) codes of the test rows
    values          (m, k) probabilities, or (m, 1 or k) decision values, of the test rows
    train_accuracy  of the refitted candidate on its training rows
    """

    inner: np.ndarray
    chosen: int
    label: np.ndarray
    values: np.ndarray
    train_accuracy: float


def differences(
    ours: Mapping[Key, Kept], theirs: Mapping[Key, Kept], loss: bool = False
) -> list[str]:
    """A sentence for everything that differs; empty when the gate is open. `loss`: inner scores are log-losses."""
    found = []
    for key in sorted(set(ours) | set(theirs)):
        where = f"{key[0]}, {key[1]}, outer fold {key[2]}"
        if key not in ours or key not in theirs:
            found.append(
                f"{where}: {'bench' if key not in ours else 'grid search'} has no result"
            )
        else:
            found += [
                f"{where}: {what}" for what in _between(ours[key], theirs[key], loss)
            ]
    return found


def _between(ours: Kept, theirs: Kept, loss: bool) -> list[str]:
    found = []
    if ours.inner.shape != theirs.inner.shape:
        return [
            f"inner scores of shape {ours.inner.shape} against {theirs.inner.shape}"
        ]
    inner = farthest(ours.inner, theirs.inner)
    if not inner <= (INNER_LOSS if loss else 0.0):
        found.append(f"inner scores differ by up to {inner:.2g}")
    if ours.chosen != theirs.chosen:
        found.append(f"candidate {ours.chosen} chosen against {theirs.chosen}")
    flips = int((ours.label != theirs.label).sum())
    if flips:
        found.append(f"{flips} of {len(ours.label)} test labels differ")
    if (
        ours.values.shape != theirs.values.shape
        or not farthest(ours.values, theirs.values) <= OUTER
    ):
        found.append(
            f"test probabilities or decisions differ by up to {farthest(ours.values, theirs.values):.2g}"
        )
    if ours.train_accuracy != theirs.train_accuracy:
        found.append(
            f"train accuracy {ours.train_accuracy!r} against {theirs.train_accuracy!r}"
        )
    return found


def farthest(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The largest distance of two numbers in one place; NaN only when there are NaN, infinite for other shapes."""
    return (
        float(np.abs(ours - theirs).max())
        if ours.shape == theirs.shape
        else float("inf")
    )


def save(path: Path, kept: Mapping[Key, Kept]) -> None:
    """Write all results as one .npz."""
    named = {key: vars(one) for key, one in kept.items()}
    np.savez(
        path,
        **{
            "|".join(map(str, (*key, part))): one[part]
            for key, one in named.items()
            for part in one
        },
    )


def load(path: Path) -> dict[Key, Kept]:
    """The results that `save` wrote."""
    found: dict[Key, dict[str, np.ndarray]] = {}
    with np.load(path, allow_pickle=False) as arrays:
        for name in arrays.files:
            dataset, family, fold, part = name.split("|")
            found.setdefault((dataset, family, int(fold)), {})[part] = arrays[name]
    return {
        key: Kept(
            one["inner"],
            int(one["chosen"]),
            one["label"],
            one["values"],
            float(one["train_accuracy"]),
        )
        for key, one in found.items()
    }
