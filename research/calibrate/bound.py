"""One rule and what could go wrong with it: its limit, the places where it was counted, and whether it holds there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from research.calibrate.rows import percent
from research.calibrate.tally import Tally, standard_error


class Found(NamedTuple):
    """A share, its standard error, of how many trials, and where: the family or kind of claim first, then a comma."""

    share: float
    error: float
    trials: int
    where: str


@dataclass(frozen=True)
class Bound:
    """A rule, what could go wrong, and the places where that was counted.

    `most`: shares must stay below the limit, else above. `used`: bench relies on the rule, else it is compared only.
    """

    rule: str
    danger: str
    limit: float
    places: tuple[Found, ...]
    most: bool = True
    used: bool = True

    def _beyond(self, one: Found, errors: int = 0) -> float:
        """The distance of a share beyond the limit, less a number of standard errors."""
        return (one.share - self.limit) * (1 if self.most else -1) - errors * one.error

    @property
    def worst(self) -> Found:
        return max(self.places, key=self._beyond)

    @property
    def beyond(self) -> list[Found]:
        return [one for one in self.places if self._beyond(one) > 0]

    @property
    def clearly_beyond(self) -> list[Found]:
        """Places beyond the limit by more than two standard errors."""
        return [one for one in self.places if self._beyond(one, 2) > 0]

    @property
    def holds(self) -> str:
        count = len(self.places)
        if not self.beyond:
            return f"yes (all {count})"
        if not self.clearly_beyond:
            return f"within chance ({len(self.beyond)} of {count} beyond)"
        who = Counter(one.where.split(",")[0] for one in self.clearly_beyond)
        return f"**no** ({', '.join(f'{name} {times}' for name, times in who.items())} of {count})"

    @property
    def row(self) -> tuple[str, ...]:
        worst = self.worst
        limit = f"{'at most' if self.most else 'at least'} {percent(self.limit)}"
        share = f"{percent(worst.share)} ± {percent(worst.error)}"
        return (
            self.rule,
            self.danger,
            limit,
            share,
            worst.where,
            str(worst.trials),
            self.holds,
        )


def found_in(tally: Tally, share: float, where: str) -> Found:
    """A share of the trials of a tally."""
    return Found(share, standard_error(share, tally.trials), tally.trials, where)
