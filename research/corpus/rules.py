"""A printed number whose truth is known: what bench says of it, alone and beside the others, and what naive rules say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from bench.claims.controls import find_control
from bench.claims.published import PublishedNumber, number_of
from bench.claims.targets import Printed
from bench.core.judgements import Agreement, Control, Evidence, VerdictRow

#: What counts as close on some hundred rows, for bench and for the fixed tolerance alike.
TOLERANCE = 0.01
#: `sound`: the number is what the stated protocol gives; `wrong`: it is not, by more than the tolerance on average;
#: `trifling`: it is not, by less.
Truth = Literal["sound", "wrong", "trifling"]


@dataclass(frozen=True, kw_only=True)
class Number:
    """A printed number beside ours.

    way: how it was made; moved: by how much ours differs from it on average, over tables of its kind and on its own;
    naive: the rules that call it wrong.
    """

    way: str
    truth: Truth
    row: VerdictRow
    moved: tuple[float, ...] = (0.0, 0.0)
    naive: Mapping[str, bool]

    @property
    def differs(self) -> bool:
        """Whether bench calls the number wrong by itself."""
        return (
            self.row.agreement == Agreement.DIFFERS
            and self.row.evidence == Evidence.STRONG
        )

    @property
    def holds(self) -> bool:
        return self.row.agreement in (Agreement.EXACT, Agreement.REPRODUCED)


#: The numbers of a paper by dataset and family.
Sheet = dict[tuple[str, str], Number]


def has_control(number: Number, others: Iterable[Number]) -> bool:
    """Whether bench calls a number that differs *not reproduced* beside these others of its paper."""
    beside = [publish(other) for other in others if other.row.difference is not None]
    control, _ = find_control(publish(number), beside)
    return control == Control.HELD


def publish(number: Number) -> PublishedNumber:
    """As controls see it."""
    return number_of(number.row, table=str(number.row.dataset))


def outcomes(
    counted: Sequence[tuple[str, str]], sheet: Sheet, **about: object
) -> Iterator[dict[str, Any]]:
    """One row for each counted number of a paper; about: further columns."""
    for place in counted:
        number = sheet[place]
        others = [other for key, other in sheet.items() if key != place]
        stands = number.differs and has_control(number, others)
        yield about | row_of(number, stands)


def row_of(number: Number, stands: bool) -> dict[str, Any]:
    """stands: whether what differs is *not reproduced*."""
    said = {"alarm": number.differs, "not_reproduced": stands, "holds": number.holds}
    said["decided"] = stands or number.holds
    return {"way": number.way, "truth": number.truth} | said | dict(number.naive)


@dataclass(frozen=True)
class Held:
    """A printed number beside our (runs, folds) scores, and what counts as close."""

    printed: str
    ours: np.ndarray
    tolerance: float = TOLERANCE

    def distance(self, unit: float) -> float:
        """From our mean, in multiples of what a rule calls far; rounded: 1 is 1."""
        distance = abs(float(self.ours.mean()) - float(self.printed))
        return round(distance / max(unit, 1e-12), 9)


def _written_precision(held: Held) -> float:
    return held.distance(Printed.of(held.printed).half)


def _fixed_tolerance(held: Held) -> float:
    return held.distance(held.tolerance)


def _one_sd(held: Held) -> float:
    return held.distance(float(held.ours.mean(axis=1).std(ddof=1)))


#: How far a printed number lies from ours by each rule, which calls it wrong above 1.
NAIVE: Mapping[str, Callable[[Held], float]] = {
    "written precision": _written_precision,
    "fixed tolerance": _fixed_tolerance,
    "within one sd of the runs": _one_sd,
}


def naive_alarms(held: Held) -> dict[str, bool]:
    return {name: rule(held) > 1 for name, rule in NAIVE.items()}


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How often a rule is right. Alarms on trifling errors are neither right nor wrong.

    false: alarms on sound numbers; cleared: wrong numbers of which it says that they hold.
    """

    sound: int
    wrong: int
    right: int
    false: int
    cleared: int
    decided: float

    @property
    def precision(self) -> float:
        """The share of alarms that are right; nan without any."""
        alarms = self.right + self.false
        return self.right / alarms if alarms else float("nan")

    @property
    def recall(self) -> float:
        """The share of wrong numbers that are called wrong."""
        return self.right / self.wrong if self.wrong else float("nan")


def count(frame: pl.DataFrame, rule: str = "alarm") -> Counts:
    """The counts of a column of alarms; a naive rule says that all others hold."""
    alarm, wrong = frame[rule], frame["truth"] == "wrong"
    holds = frame["holds"] if rule in ("alarm", "not_reproduced") else ~alarm
    sound = frame["truth"] == "sound"
    return Counts(
        sound=int(sound.sum()),
        wrong=int(wrong.sum()),
        right=int((alarm & wrong).sum()),
        false=int((alarm & sound).sum()),
        cleared=int((holds & wrong).sum()),
        decided=float((alarm | holds).to_numpy().mean()),
    )
