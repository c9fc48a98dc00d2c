"""Faults that are planted into healthy tables, each at three strengths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from research.calibrate.tables import Made

#: Rows of one origin stand together, so many at a time.
RUN = 10
Plant = Callable[[Made, float, np.random.Generator], Made]


def train_rows(n: int) -> int:
    """How many of the first rows a fixed split trains on."""
    return round(0.7 * n)


def copied_target(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """One more feature: the target in another code, `strength` of it noise (rows drawn anew; of numbers, sd)."""
    if made.regression:
        copy = made.y + strength * made.y.std() * rng.standard_normal(made.n)
    else:
        copy = (
            np.where(rng.random(made.n) < strength, rng.permutation(made.y), made.y)
            * -3.0
            + 7
        )
    return replace(made, numbers=np.column_stack([made.numbers, copy]))


def _copies(made: Made, share: float, rng: np.random.Generator, noise: float) -> Made:
    count = max(2, round(share * made.n))
    again = rng.choice(made.n, count, replace=False)
    near = made.numbers[again] + noise * made.numbers.std(axis=0) * rng.standard_normal(
        (count, made.numbers.shape[1])
    )
    order = rng.permutation(made.n + count)
    parts = (
        np.vstack([made.numbers, near]),
        np.vstack([made.texts, made.texts[again]]),
    )
    y = np.concatenate([made.y, made.y[again]])[order]
    return replace(made, numbers=parts[0][order], texts=parts[1][order], y=y)


def duplicates(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """So large a share of the rows stands in the table twice."""
    return _copies(made, strength, rng, 0.0)


def near_duplicates(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """The same with noise of a hundredth of each feature's deviation."""
    return _copies(made, strength, rng, 0.01)


def one_origin(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """Ten rows that stand together share so large a part of the variance of each number."""
    origins = rng.standard_normal((made.n // RUN + 1, made.numbers.shape[1])).repeat(
        RUN, axis=0
    )[: made.n]
    shared = np.sqrt(strength / (1 - strength)) * made.numbers.std(axis=0)
    return replace(made, numbers=made.numbers + shared * origins)


def declared_groups(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """The same, of groups that the study declares and splits by; their rows mostly share a class, or a number, too."""
    alike = one_origin(made, strength, rng)
    origin = np.arange(made.n) // RUN
    own = made.y[rng.permutation(made.n)][origin]
    y = (
        (1 - strength) * made.y + strength * own
        if made.regression
        else np.where(rng.random(made.n) < 0.9, own, made.y)
    )
    return replace(alike, y=y, group=origin)


def drift(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """A walk through time makes up so large a share of the variance of every number, and no column says the time."""
    walk = np.cumsum(rng.standard_normal(made.numbers.shape), axis=0)
    walk = (walk - walk.mean(axis=0)) / walk.std(axis=0)
    return replace(
        made,
        numbers=made.numbers
        + np.sqrt(strength / (1 - strength)) * made.numbers.std(axis=0) * walk,
    )


def other_test_rows(made: Made, strength: float, rng: np.random.Generator) -> Made:
    """One feature of the test rows of a fixed split is higher by so many deviations."""
    numbers = made.numbers.copy()
    numbers[train_rows(made.n) :, 0] += strength * numbers[:, 0].std()
    return replace(made, numbers=numbers)


@dataclass(frozen=True)
class Fault:
    """What plants it, how strongly, which diagnostic is to find it, and whether the study has a fixed split."""

    plant: Plant
    strengths: tuple[float, float, float]
    finder: str
    fixed: bool = False


FAULTS = {
    "copy of the target": Fault(
        copied_target, (0.1, 0.05, 0.0), "illegitimate_features"
    ),
    "duplicates": Fault(duplicates, (0.02, 0.05, 0.2), "duplicates_across"),
    "near duplicates": Fault(near_duplicates, (0.02, 0.05, 0.2), "near_duplicates"),
    "rows of one origin": Fault(one_origin, (0.2, 0.4, 0.6), "file_order"),
    "rows of one declared group": Fault(declared_groups, (0.2, 0.4, 0.6), "split_gap"),
    "rows that drift": Fault(drift, (0.2, 0.4, 0.6), "file_order"),
    "other test rows": Fault(
        other_test_rows, (0.3, 0.6, 1.0), "biased_test", fixed=True
    ),
}
#: Tables in which the features are fine enough that a copy is a copy.
FINE = (
    "twonorm",
    "waveform",
    "one class in ten",
    "friedman1",
    "skewed",
    "five classes",
    "strongly correlated",
)
