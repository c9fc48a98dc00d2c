"""A population of two classes, a sample of it, and stratified folds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

#: Folds of every simulated cross-validation but 5x2.
FOLDS = 10


@dataclass(frozen=True)
class World:
    """n rows, of which a share is of the second class on average; `blocks` of `features` features each.

    In a block x given the class is normal with unit covariance, and the two means lie `distance` apart, the same in
    every block: families of one kind, each on a block of its own, are equally good by symmetry.
    """

    n: int
    share: float = 0.5
    blocks: int = 2
    features: int = 3
    distance: float = 1.95

    def sample(
        self, generator: np.random.Generator, least: int = FOLDS
    ) -> tuple[np.ndarray, np.ndarray]:
        """X (blocks, n, features) and y (n,) of 0 and 1; drawn anew while a class has fewer than `least` rows.

        Stratified folds need a row of each class in every fold: bench refuses such a table too.
        """
        y = np.zeros(self.n, dtype=int)
        while not least <= y.sum() <= self.n - least:
            y = (generator.random(self.n) < self.share).astype(int)
        X = generator.standard_normal((self.blocks, self.n, self.features))
        X += (y[:, None] - 0.5) * self.distance / np.sqrt(self.features)
        return X, y


@dataclass(frozen=True, eq=False)
class Split:
    """The folds of one sample, shared by all families: `test` (R, K, m) rows, all rows once a repeat.

    Of `parts` disjoint parts of the rows each has K / parts of the folds, and a fit sees the rows of its own part only.
    """

    test: np.ndarray
    parts: int = 1

    @classmethod
    def drawn(
        cls,
        y: np.ndarray,
        repeats: int,
        generator: np.random.Generator,
        folds: int = FOLDS,
        parts: int = 1,
    ) -> Split:
        """Stratified, dealt class by class, first to the parts, then to their folds; these divide the rows."""
        order = (generator.random((repeats, len(y))) + y).argsort(axis=1)
        dealt = order.reshape(repeats, -1, folds, parts).transpose(0, 3, 2, 1)
        return cls(
            np.ascontiguousarray(dealt.reshape(repeats, parts * folds, -1)), parts
        )

    @cached_property
    def fold(self) -> np.ndarray:
        """(R, n) the fold in which each row is held out."""
        repeats, folds, size = self.test.shape
        of = np.empty((repeats, folds * size), dtype=np.int8)
        np.put_along_axis(
            of,
            self.test.reshape(repeats, -1),
            np.arange(folds, dtype=np.int8).repeat(size)[None],
            1,
        )
        return of

    @cached_property
    def part(self) -> np.ndarray:
        """(R, n) the part to which each row belongs."""
        return self.fold // np.int8(self.test.shape[1] // self.parts)

    @cached_property
    def kept(self) -> np.ndarray:
        """(R K, n) 1.0 where a row is trained on."""
        folds = np.arange(self.test.shape[1])
        own = self.part[:, None, :] == (folds * self.parts // len(folds))[:, None]
        return (
            (own & (self.fold[:, None, :] != folds[:, None]))
            .reshape(-1, self.fold.shape[1])
            .astype(float)
        )


def columns_of(X: np.ndarray, block: int, features: int) -> np.ndarray:
    """The columns of one block, where all stand side by side."""
    return X[:, block * features : (block + 1) * features]
