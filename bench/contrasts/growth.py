"""What repeats of ours make of the error of a difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.stats import special
from bench.stats.precision import fewest_repeats

#: One for all numbers of repeats, or one for each.
Numbers = float | np.ndarray


@dataclass(frozen=True, kw_only=True)
class ErrorGrowth:
    """The variance of a difference as repeats of ours make it: fixed + sd**2 / (r draws).

    Attributes
    ----------
    repeats : int
        How many there are.
    sd : float
        The spread of one draw of ours.
    draws : int
        How many draws a repeat brings.
    df : float or None
        The degrees of `sd`; None: r draws - 1.
    fixed : float
        What no repeat of ours makes smaller: the variance of the published number, or that of
        the rows.
    df_fixed : float or None
        The degrees of `fixed`, where it was estimated apart.
    """

    repeats: int
    sd: float
    draws: int = 1
    df: float | None = None
    fixed: float = 0.0
    df_fixed: float | None = None

    def at(self, repeats: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The standard error and its degrees of freedom with so many repeats."""
        draws = np.asarray(repeats, dtype=float) * self.draws
        own = self.sd**2 / draws
        df = np.maximum(draws, 2) - 1
        if self.df is not None:
            df = np.full_like(draws, self.df)
        if self.df_fixed is not None:
            df = welch_df((self.fixed, self.df_fixed), (own, df))
        return np.sqrt(self.fixed + own), df

    def limit(self, level: float) -> float:
        """How far an interval reaches with ever more repeats."""
        return float(special.ndtri((1 + level) / 2) * np.sqrt(self.fixed))

    def repeats_to_reach(self, room: float, level: float) -> int | None:
        """The fewest repeats whose interval reaches less far than `room`; None: none."""
        least = 1 if self.draws > 1 else 2
        return fewest_repeats([self.at], room, levels=((1 + level) / 2,), least=least)


def welch_df(*parts: tuple[Numbers, Numbers]) -> np.ndarray:
    """Welch-Satterthwaite degrees of freedom of a sum of variances, each with its own."""
    total = np.asarray(sum(part for part, _ in parts))
    below = np.asarray(sum(part**2 / df for part, df in parts))
    least = np.minimum.reduce(np.broadcast_arrays(*(df for _, df in parts)))
    return np.where(below > 0, total**2 / np.where(below > 0, below, 1.0), least)
