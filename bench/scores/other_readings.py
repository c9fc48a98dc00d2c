"""What a table of printed numbers is where it is not the means of its scores: another model's, or
with another model's scores in the places of missing ones.

Nothing is fitted. Every reading of several printed numbers is compared with numbers of ours that
might as well stand there, and counts only where as many agree in at most one of a hundred tables
by accident, after Bonferroni over all readings that were tried (`bench.stats.matches`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from bench.scores.series import Series
from bench.stats.matches import Matches, matches, rounded

#: Of how many tables without anything to find one may have a finding.
LEVEL = 0.01
#: So many numbers or more are read together.
FEWEST = 3
#: Dataset and family.
PrintedPlace = tuple[str, str]


@dataclass(frozen=True, eq=False)
class OtherReading:
    """Printed numbers beside ours under another reading.

    kind: `row`, the numbers of family `of` are those of `other`; `filled`, `other` stands in;
    printed: by place, the number as it is written; ours: what the reading gives there; pools:
    numbers of ours that might as well stand there; own: how many agree as declared.
    """

    kind: Literal["row", "filled"]
    of: str
    other: str
    printed: Mapping[PrintedPlace, str]
    ours: Mapping[PrintedPlace, float]
    pools: Mapping[PrintedPlace, np.ndarray]
    own: int

    @property
    def agree(self) -> int:
        """How many numbers agree by this reading."""
        return sum(rounded(text, self.ours[at]) for at, text in self.printed.items())

    def result(self, searched: int) -> Matches:
        """How many agree by this reading, the best of so many."""
        ours = np.array([self.ours[place] for place in self.printed])
        pools = [self.pools[place] for place in self.printed]
        return matches(list(self.printed.values()), ours, pools, searched=searched)


@dataclass(frozen=True, eq=False)
class PrintedTable:
    """The printed means by dataset and family, and our scores in the unit of print."""

    printed: Mapping[PrintedPlace, str]
    series: Mapping[PrintedPlace, Series]

    @cached_property
    def means(self) -> dict[PrintedPlace, float]:
        """Our mean at each place."""
        return {place: scores.mean or 0.0 for place, scores in self.series.items()}

    def readings(self) -> Iterator[OtherReading]:
        """Every other reading that has enough numbers."""
        families = sorted({family for _, family in self.means})
        for of in sorted({family for _, family in self.printed}):
            mine = [place for place in self.printed if place[1] == of]
            for other in families:
                ours = {
                    place: self.means[place[0], other]
                    for place in mine
                    if (place[0], other) in self.means
                }
                if other != of:
                    yield from self._read("row", of, other, ours, {})
        filled = {place: self._fill(place) for place in self.printed}
        for other in families:
            ours = {at: means[other] for at, means in filled.items() if other in means}
            yield from self._read("filled", "", other, ours, filled)

    def _read(
        self,
        kind: Literal["row", "filled"],
        of: str,
        other: str,
        ours: Mapping[PrintedPlace, float],
        filled: Mapping[PrintedPlace, Mapping[str, float]],
    ) -> Iterator[OtherReading]:
        """The reading, if it has enough numbers: beside all our means of the same dataset, or
        beside what every family would give that stands in."""
        printed = {
            place: text
            for place, text in self.printed.items()
            if place in ours and place in self.means
        }
        if len(printed) < FEWEST:
            return
        pools = {
            place: np.array([self.means[place], *filled[place].values()])
            if filled
            else self._means_on(place[0])
            for place in printed
        }
        own = sum(rounded(text, self.means[at]) for at, text in printed.items())
        yield OtherReading(kind, of, other, printed, ours, pools, own)

    def _means_on(self, dataset: str) -> np.ndarray:
        return np.array([mean for at, mean in self.means.items() if at[0] == dataset])

    def _fill(self, place: PrintedPlace) -> dict[str, float]:
        """By family, the mean at a place with its scores where this one has none; empty where
        none lacks."""
        if place not in self.series:
            return {}
        own = self.series[place].by_fold
        others = {
            family: scores.by_fold
            for (dataset, family), scores in self.series.items()
            if dataset == place[0] and family != place[1]
        }
        missing = set().union(*others.values()) - set(own)
        return {
            family: float(np.mean([*own.values(), *(scores[fold] for fold in missing)]))
            for family, scores in others.items()
            if missing and missing <= set(scores)
        }


def find_readings(table: PrintedTable) -> list[tuple[OtherReading, Matches]]:
    """The readings that agree better than by accident, the best of each row or table.

    One under which no number more agrees than as declared is counted, and not looked at further.
    """
    readings = list(table.readings())
    best: dict[tuple[str, str], tuple[OtherReading, Matches]] = {}
    for reading in readings:
        if reading.agree <= reading.own:
            continue
        result = reading.result(len(readings))
        key = reading.kind, reading.of
        if result.p_searched >= LEVEL:
            continue
        if key not in best or result.p_value < best[key][1].p_value:
            best[key] = reading, result
    return list(best.values())
