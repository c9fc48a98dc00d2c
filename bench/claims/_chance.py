"""What repeats of ours make of the error of a difference, and how many of them would decide a claim."""

from __future__ import annotations

from dataclasses import dataclass

from bench.contrasts import ErrorGrowth as Drawn
from bench.contrasts import welch_df as welch
from bench.core.judgements import Settle
from bench.stats.precision import fewest_repeats

__all__ = ["Drawn", "Open", "welch"]


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
