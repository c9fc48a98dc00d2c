"""Raw tables of healthy studies, of many kinds: nothing in them is a fault, and each could make some detector err."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from bench.data.generators import GENERATORS

TARGET, GROUP = "target", "origin"
SIZES = (100, 200, 500, 1000)


@dataclass(frozen=True)
class Made:
    """A raw table: numbers (n, p), NaN where missing, texts (n, q), -1 where missing, and the target (n,), whole
    numbers for classes. `group` (n,): a declared group, or None."""

    numbers: np.ndarray
    texts: np.ndarray
    y: np.ndarray
    regression: bool = False
    group: np.ndarray | None = None

    @property
    def n(self) -> int:
        return len(self.y)

    def frame(self) -> pl.DataFrame:
        """As a file holds it: texts, empty where missing."""
        columns: dict[str, Any] = {
            f"x{i}": values for i, values in enumerate(self.numbers.T)
        }
        columns |= {
            f"t{i}": [None if v < 0 else f"level {v}" for v in values]
            for i, values in enumerate(self.texts.T)
        }
        target = self.y if self.regression else [f"class {int(v)}" for v in self.y]
        columns |= (
            {} if self.group is None else {GROUP: [f"origin {v}" for v in self.group]}
        )
        return pl.DataFrame(
            [pl.Series(name, v).fill_nan(None).cast(pl.String) if name[0] == "x" else pl.Series(name, v).cast(pl.String)
             for name, v in (columns | {TARGET: target}).items()]
        )  # fmt: skip


World = Callable[[np.random.Generator, int], Made]


def _plain(X: np.ndarray, y: np.ndarray, **more: object) -> Made:
    return Made(X, np.empty((len(y), 0), dtype=int), y, **more)  # type: ignore[arg-type]


def _drawn(name: str, rng: np.random.Generator, n: int) -> Made:
    one = GENERATORS[name]
    X, y = one.draw(rng, n, one.columns)
    return _plain(X, y, regression=one.task == "regression")


def _two(rng: np.random.Generator, n: int, share: float = 0.5) -> np.ndarray:
    """Two classes in random order, each of six rows at least: five folds need one of each."""
    y = (rng.random(n) < share).astype(int)
    y[:12] = np.arange(12) % 2
    return rng.permutation(y)


def _imbalanced(rng: np.random.Generator, n: int) -> Made:
    """Five features, one row in ten of the second class."""
    y = _two(rng, n, 0.1)
    return _plain(rng.standard_normal((n, 5)) + 0.8 * y[:, None], y)


def _discrete(rng: np.random.Generator, n: int) -> Made:
    """Six whole numbers from 1 to 6 that depend on each other through a trait; equal rows are common."""
    trait = rng.standard_normal((n, 1))
    X = np.clip(np.round(3.5 + trait + rng.standard_normal((n, 6))), 1, 6)
    return _plain(X, (trait[:, 0] + rng.standard_normal(n) > 0).astype(int))


def _categorical(rng: np.random.Generator, n: int) -> Made:
    """Six texts of two to five levels and one number; three kinds of rows, two classes."""
    kind = rng.integers(0, 3, n)
    levels = rng.integers(2, 6, 6)
    own = rng.random((3, 6))
    texts = np.stack(
        [
            (rng.random(n) ** (0.5 + 2 * own[kind, j]) * levels[j]).astype(int)
            for j in range(6)
        ],
        axis=1,
    )
    y = (rng.random(n) < np.array([0.2, 0.5, 0.8])[kind]).astype(int)
    return Made(kind[:, None] * 0.5 + rng.standard_normal((n, 1)), texts, y)


def _skewed(rng: np.random.Generator, n: int) -> Made:
    """Eight log-normal features that depend on each other, a target of numbers with heavy tails."""
    X = np.exp(
        rng.standard_normal((n, 3)) @ rng.standard_normal((3, 8)) * 0.4
        + 0.5 * rng.standard_normal((n, 8))
    )
    return _plain(
        X,
        np.log(X[:, 0]) + X[:, 1] ** 0.5 + 0.5 * rng.standard_t(4, n),
        regression=True,
    )


def _heavy_tails(rng: np.random.Generator, n: int) -> Made:
    """Six features, half log-normal over many sizes, half Student's t of two degrees of freedom."""
    y = _two(rng, n)
    X = np.hstack(
        [np.exp(1.5 * rng.standard_normal((n, 3))), rng.standard_t(2, (n, 3))]
    )
    return _plain(X * (1 + 0.5 * y[:, None]) + 0.5 * y[:, None], y)


def _five_classes(rng: np.random.Generator, n: int) -> Made:
    """Five classes of which the rarest has one row in twenty, eight features."""
    y = rng.choice(5, n, p=(0.4, 0.3, 0.15, 0.1, 0.05))
    y[:30] = np.arange(30) % 5
    y = rng.permutation(y)
    return _plain(rng.standard_normal((n, 8)) + 1.2 * rng.standard_normal((5, 8))[y], y)


def _missing(rng: np.random.Generator, n: int) -> Made:
    """Values missing at random in five numbers (up to three in ten) and two texts (one in ten); so is the one last."""
    y = _two(rng, n)
    X = rng.standard_normal((n, 5)) + 0.6 * y[:, None]
    X[rng.random((n, 5)) < np.array([0.0, 0.05, 0.1, 0.2, 0.3])] = np.nan
    texts = rng.integers(0, 4, (n, 2)) * (rng.random((n, 2)) < 0.8)
    texts[rng.random((n, 2)) < 0.1] = -1
    return Made(X, texts, y)


def _correlated(rng: np.random.Generator, n: int) -> Made:
    """Ten features that two factors and a twentieth of noise make; a target of numbers."""
    factor = rng.standard_normal((n, 2))
    X = factor @ rng.standard_normal((2, 10)) + 0.05 * rng.standard_normal((n, 10))
    return _plain(
        X, factor[:, 0] - factor[:, 1] + rng.standard_normal(n), regression=True
    )


def _rounded(rng: np.random.Generator, n: int) -> Made:
    """Three measurements printed so coarsely that cases are equal by chance, one of them in finer steps."""
    y = _two(rng, n)
    X = rng.standard_normal((n, 3)) @ (np.eye(3) + 0.6) + 0.7 * y[:, None]
    return _plain(
        np.column_stack([np.round(2 * X[:, :2]) / 2, np.round(X[:, 2], 1)]), y
    )


def _fine_steps(rng: np.random.Generator, n: int) -> Made:
    """Five measurements of one and two decimals: fine, and equal values are common."""
    y = _two(rng, n)
    X = rng.standard_normal((n, 5)) + 0.5 * y[:, None]
    return _plain(
        np.column_stack([np.round(X[:, :3], 2), np.round(3 * X[:, 3:], 1)]), y
    )


def _many_zeros(rng: np.random.Generator, n: int) -> Made:
    """Six amounts that customers paid, each 0 in four of ten."""
    y = _two(rng, n)
    return _plain(
        np.exp(rng.standard_normal((n, 6)) + 0.4 * y[:, None])
        * (rng.random((n, 6)) > 0.4),
        y,
    )


def _nothing(rng: np.random.Generator, n: int) -> Made:
    """Six amounts, all of them 0 for one customer in eight, who bought nothing, and none of them for the others."""
    y = _two(rng, n)
    return _plain(
        np.exp(rng.standard_normal((n, 6)) + 0.4 * y[:, None])
        * (rng.random((n, 1)) > 0.12),
        y,
    )


def _unrelated(rng: np.random.Generator, n: int) -> Made:
    """Five features that say nothing of a target of numbers."""
    return _plain(rng.standard_normal((n, 5)), rng.gamma(2, 10, n), regression=True)


def _strong(rng: np.random.Generator, n: int) -> Made:
    """A feature that may say much (AUC .95), and four that say little."""
    y = _two(rng, n)
    return _plain(
        rng.standard_normal((n, 5)) + y[:, None] * np.array([2.33, 0.3, 0.3, 0.3, 0.3]),
        y,
    )


def _counts(rng: np.random.Generator, n: int) -> Made:
    """A count that depends on three numbers and a text."""
    X, texts = rng.standard_normal((n, 3)), rng.integers(0, 4, (n, 1))
    rate = np.exp(0.5 + 0.5 * X[:, 0] + np.array([0.0, 0.3, 0.6, 0.9])[texts[:, 0]])
    return Made(X, texts, rng.poisson(rate).astype(float), True)


def _rearranged(made: Made, order: np.ndarray) -> Made:
    return Made(made.numbers[order], made.texts[order], made.y[order], made.regression)


def _by_class(rng: np.random.Generator, n: int) -> Made:
    """Rows as many files have them, class after class; within a class in no order."""
    made = _five_classes(rng, n)
    return _rearranged(made, np.argsort(made.y, kind="stable"))


def _by_text(rng: np.random.Generator, n: int) -> Made:
    """Rows sorted by a text of three levels that two of the four numbers depend on: by sex or region, say."""
    level = np.sort(rng.integers(0, 3, n))
    X = rng.standard_normal((n, 4)) + np.outer(level, [1.0, 1.0, 0.0, 0.0])
    return Made(
        X, level[:, None], (X[:, 0] + X[:, 2] + rng.standard_normal(n) > 1).astype(int)
    )


def _by_number(rng: np.random.Generator, n: int) -> Made:
    """Rows sorted by the first of four numbers (age, say), on which the others and the target depend."""
    age = np.sort(rng.gamma(9, 5, n))
    X = np.column_stack(
        [np.round(age), 0.05 * age[:, None] + rng.standard_normal((n, 3))]
    )
    return _plain(X, 0.03 * age + X[:, 1] + rng.standard_normal(n), regression=True)


def _drift(rng: np.random.Generator, n: int) -> Made:
    """Rows in the order of collection; one of three to six features (a room's temperature) drifts, no other does."""
    y, others = _two(rng, n), int(rng.integers(2, 6))
    slow = 0.5 * rng.standard_normal(n) + 2 * np.sin(
        2 * np.pi * (np.linspace(0, 1.5, n) + rng.random())
    )
    return _plain(
        np.column_stack([slow, rng.standard_normal((n, others)) + 0.6 * y[:, None]]), y
    )


def _no_effect(rng: np.random.Generator, n: int) -> Made:
    """Declared groups of five rows that have nothing in common."""
    y = _two(rng, n)
    return _plain(
        rng.standard_normal((n, 5)) + 0.6 * y[:, None], y, group=rng.permutation(n) // 5
    )


WORLDS: dict[str, World] = {
    "twonorm": partial(_drawn, "twonorm"),
    "waveform": partial(_drawn, "waveform"),
    "no signal": partial(_drawn, "noise"),
    "no signal, numbers": _unrelated,
    "one class in ten": _imbalanced,
    "whole numbers": _discrete,
    "texts": _categorical,
    "friedman1": partial(_drawn, "friedman1"),
    "skewed": _skewed,
    "heavy tails": _heavy_tails,
    "five classes": _five_classes,
    "missing values": _missing,
    "strongly correlated": _correlated,
    "coarsely rounded": _rounded,
    "finely rounded": _fine_steps,
    "many zeros": _many_zeros,
    "rows of zeros": _nothing,
    "a strong feature": _strong,
    "counts": _counts,
    "sorted by class": _by_class,
    "sorted by a text": _by_text,
    "sorted by a number": _by_number,
    "a column that drifts": _drift,
    "groups without effect": _no_effect,
}
#: Their rows stand in an order, or in groups: the first so many of them are no random test set.
ORDERED = (
    "sorted by class",
    "sorted by a text",
    "sorted by a number",
    "a column that drifts",
    "groups without effect",
)
