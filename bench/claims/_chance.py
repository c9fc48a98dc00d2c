"""What repeats of ours make of the error of a difference, and how many of them would decide a claim."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.core.judgements import Settle
from bench.stats.precision import fewest_repeats

#: One for all numbers of repeats, or one for each.
Numbers = float | np.ndarray


@dataclass(frozen=True, kw_only=True)
class Drawn:
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
        What no repeat of ours makes smaller: the variance of the published number, or that of the rows.
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
            df = welch((self.fixed, self.df_fixed), (own, df))
        return np.sqrt(self.fixed + own), df


@dataclass(frozen=True, kw_only=True)
class Open:
    """What leaves a claim open: an interval that reaches too far.

    Attributes
    ----------
    drawn : Drawn
        What repeats make of it.
    limits : tuple of (float, float)
        How far it may reach, and by which quantile of t; one of them is enough.
    floor : Settle
        What decides in the place of repeats, where no number of them does.
    """

    drawn: Drawn
    limits: tuple[tuple[float, float], ...]
    floor: Settle

    def further(self) -> int | None:
        """The fewest further repeats with t SE within a limit, if mean and spread stay; None where none would."""
        now = self.drawn.repeats
        needed = [
            fewest_repeats([self.drawn.at], room, levels=(level,), least=now + 1)
            for room, level in self.limits
            if room > 0
        ]
        known = [repeats for repeats in needed if repeats is not None]
        return min(known) - now if known else None


def welch(*parts: tuple[Numbers, Numbers]) -> np.ndarray:
    """Welch-Satterthwaite degrees of freedom of a sum of variances, each with its own."""
    total = np.asarray(sum(part for part, _ in parts))
    below = np.asarray(sum(part**2 / df for part, df in parts))
    least = np.minimum.reduce(np.broadcast_arrays(*(df for _, df in parts)))
    return np.where(below > 0, total**2 / np.where(below > 0, below, 1.0), least)
