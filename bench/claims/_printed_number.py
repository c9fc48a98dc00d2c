"""A printed number against what the scores give, where nothing is drawn: exact, a unit of the last digit away, or not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bench.core.judgements import Agreement
from bench.stats.matches import NOISE_DIGITS, decimals, rounded


@dataclass(frozen=True)
class Given:
    """What scores give for a number: `ours`, and the least and the most over the orders of values that are equal, as
    far as is known. A whole number was not rounded."""

    ours: float
    least: float
    most: float
    whole: bool = False

    @classmethod
    def of(cls, ours: float) -> Given:
        """A number that no order moves."""
        return cls(ours, ours, ours)

    def nearest(self, text: str) -> float:
        """Ours where it prints as the text, else the value that lies nearest to it."""
        if self._prints(text, self.ours):
            return self.ours
        return min(max(float(text), self.least), self.most)

    def agreement(self, text: str) -> Agreement:
        """Exact where some order prints as the text, reproduced a unit of its last digit away."""
        ours = self.nearest(text)
        if self._prints(text, ours):
            return Agreement.EXACT
        unit = float(Decimal(1).scaleb(-decimals(text)))
        near = round(abs(ours - float(text)) / unit, 6) <= 1
        if near and not self.whole:
            return Agreement.REPRODUCED
        return Agreement.DIFFERS

    def needs_order(self, text: str) -> bool:
        """Whether it agrees in another order of equal values than ours."""
        agrees = self.agreement(text) != Agreement.DIFFERS
        return agrees and self.nearest(text) != self.ours

    def _prints(self, text: str, ours: float) -> bool:
        if self.whole:
            return float(text) == round(ours, NOISE_DIGITS)
        return rounded(text, ours)
