"""What a table of printed numbers is where it is not the means of its scores: another row's or column's, cut off, with
another family's scores in the places of missing ones.

Nothing is fitted. Every reading of several printed numbers is compared with numbers of ours that might as well stand
there, and counts only where as many agree in at most one of a hundred tables by accident, after Bonferroni over all
readings that were tried (`bench.stats.matches`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from bench.scores.series import Series
from bench.stats.matches import Matches, cut_or_rounded, matches, rounded

#: Of how many tables without anything to find one may have a finding.
LEVEL = 0.01
#: So many numbers or more are read together.
FEWEST = 3
ReadingKind = Literal["row", "column", "cut", "filled"]


@dataclass(frozen=True)
class PrintedScore:
    """A printed number with its dataset and family; `scale`: its unit in the metric's own."""

    place: tuple[str, str]
    text: str
    scale: float


@dataclass(frozen=True)
class OtherReading:
    """Printed numbers beside ours under another reading; own: how many agree as declared."""

    kind: ReadingKind
    of: str
    other: str
    places: tuple[tuple[str, str], ...]
    printed: tuple[str, ...]
    ours: np.ndarray
    pools: tuple[np.ndarray, ...]
    own: int

    @property
    def agree(self) -> int:
        """How many numbers agree by this reading."""
        if self.kind == "cut":
            return cut_or_rounded(self.printed, self.ours).matches
        return sum(map(rounded, self.printed, self.ours.tolist()))

    def result(self, searched: int) -> Matches:
        """How many agree by this reading, the best of so many."""
        if self.kind == "cut":
            return cut_or_rounded(self.printed, self.ours, searched=searched)
        return matches(self.printed, self.ours, self.pools, searched=searched)


@dataclass(frozen=True, eq=False)
class PrintedTable:
    """The printed numbers of one metric, side and unit, and our scores of it."""

    printed: tuple[PrintedScore, ...]
    series: Mapping[tuple[str, str], Series]

    @cached_property
    def means(self) -> dict[tuple[str, str], float]:
        """By dataset and family, our mean in the unit of print."""
        return {place: float(one.mean or 0.0) for place, one in self.series.items()}

    @cached_property
    def _pools(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """All our means of each dataset, and of each family."""
        found: tuple[dict[str, list[float]], dict[str, list[float]]] = {}, {}
        for place, mean in self.means.items():
            for part in (0, 1):
                found[part].setdefault(place[part], []).append(mean)
        by_dataset, by_family = (
            {name: np.array(means) for name, means in one.items()} for one in found
        )
        return by_dataset, by_family

    def readings(self) -> Iterator[OtherReading]:
        """Every other reading that has enough numbers."""
        whole = [score for score in self.printed if score.place in self.means]
        yield from self._swapped("row", whole, 1)
        yield from self._swapped("column", whole, 0)
        if len(whole) >= FEWEST:
            ours = [self.means[score.place] for score in whole]
            yield self._reading("cut", "", "", whole, ours)
        yield from self._filled(whole)

    def _swapped(
        self, kind: Literal["row", "column"], printed: Sequence[PrintedScore], part: int
    ) -> Iterator[OtherReading]:
        """The numbers of each row (part 1 of a place, the family) or column beside ours of every other one."""
        others = sorted({place[part] for place in self.means})
        groups: dict[str, list[PrintedScore]] = {}
        for one in printed:
            groups.setdefault(one.place[part], []).append(one)
        for of, group in sorted(groups.items()):
            for other in (name for name in others if name != of):
                there = {
                    one: (one.place[0], other) if part else (other, one.place[1])
                    for one in group
                }
                both = [one for one in group if there[one] in self.means]
                if len(both) >= FEWEST:
                    yield self._reading(
                        kind, of, other, both, [self.means[there[one]] for one in both]
                    )

    def _filled(self, printed: Sequence[PrintedScore]) -> Iterator[OtherReading]:
        """The numbers with fewer scores than others of their dataset, another family's in the places of the rest."""
        filled = {
            place: found
            for place in {one.place for one in printed}
            if (found := self._fillings(place))
        }
        lacking = [one for one in printed if one.place in filled]
        for other in sorted({family for found in filled.values() for family in found}):
            both = [one for one in lacking if other in filled[one.place]]
            if len(both) >= FEWEST:
                ours = [filled[one.place][other] for one in both]
                pools = tuple(
                    np.array([self.means[one.place], *filled[one.place].values()])
                    for one in both
                )
                yield replace(
                    self._reading("filled", "", other, both, ours), pools=pools
                )

    def _fillings(self, place: tuple[str, str]) -> dict[str, float]:
        """By family, the mean at a place with that family's scores where this one has none; empty where none lacks."""
        dataset, own = place[0], self.series[place].by_fold
        others = {
            f: one.by_fold
            for (d, f), one in self.series.items()
            if (d, f) != place and d == dataset
        }
        missing = set().union(*others.values()) - set(own)
        return {
            family: float(np.mean([*own.values(), *(scores[fold] for fold in missing)]))
            for family, scores in others.items()
            if missing and missing <= set(scores)
        }

    def _reading(
        self,
        kind: ReadingKind,
        of: str,
        other: str,
        printed: Sequence[PrintedScore],
        ours: Sequence[float],
    ) -> OtherReading:
        """Beside all our numbers of the same dataset; of a column, of the same family."""
        part = 1 if kind == "column" else 0
        pools = tuple(self._pools[part][one.place[part]] for one in printed)
        agree = sum(rounded(one.text, self.means[one.place]) for one in printed)
        places, texts = (
            tuple(one.place for one in printed),
            tuple(one.text for one in printed),
        )
        return OtherReading(
            kind, of, other, places, texts, np.array(ours), pools, agree
        )


def agreeing(
    tables: Sequence[PrintedTable],
) -> tuple[list[tuple[OtherReading, Matches]], int]:
    """The readings that agree better than by accident, the best of each row, column or table; and how many there were.

    One under which no number more agrees than as declared is counted, and not looked at further.
    """
    readings = [one for table in tables for one in table.readings()]
    best: dict[tuple[str, str], tuple[OtherReading, Matches]] = {}
    for reading in readings:
        if reading.own == len(reading.printed) or reading.agree <= reading.own:
            continue
        result = reading.result(len(readings))
        key = reading.kind, reading.of
        better = result.p_searched < LEVEL and result.matches > reading.own
        if better and (key not in best or result.p_value < best[key][1].p_value):
            best[key] = reading, result
    return list(best.values()), len(readings)
