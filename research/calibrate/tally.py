"""Counts over trials, and lists of numbers that are evaluated at the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any


class Tally:
    """Counts and lists of numbers by key; a key is words joined by slashes."""

    def __init__(self) -> None:
        self.trials = 0
        self.counts: Counter[str] = Counter()
        self.values: defaultdict[str, list[list[float]]] = defaultdict(list)

    def hit(self, happened: bool, *key: object) -> None:
        self.counts["/".join(map(str, key))] += bool(happened)

    def note(self, numbers: Iterable[float], *key: object) -> None:
        self.values["/".join(map(str, key))].append(
            [float(f"{number:.6g}") for number in numbers]
        )

    def share(self, *key: object) -> float:
        """The share of all trials; 0 where nothing was counted."""
        return self.counts["/".join(map(str, key))] / self.trials

    def add(self, other: Tally) -> None:
        self.trials += other.trials
        self.counts.update(other.counts)
        for key, numbers in other.values.items():
            self.values[key] += numbers

    def as_json(self) -> dict[str, Any]:
        return {
            "trials": self.trials,
            "counts": dict(sorted(self.counts.items())),
            "values": dict(self.values),
        }

    @classmethod
    def of_json(cls, found: dict[str, Any]) -> Tally:
        one = cls()
        one.trials = found["trials"]
        one.counts.update(found["counts"])
        one.values.update(found["values"])
        return one


def standard_error(share: float, trials: int) -> float:
    """The standard error of a share of independent trials; where none or all hit, that of one hit."""
    inside = min(max(share, 1 / trials), 1 - 1 / trials)
    return float((inside * (1 - inside) / trials) ** 0.5)
