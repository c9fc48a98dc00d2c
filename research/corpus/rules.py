"""A printed number whose truth is known, what each rule says of it, and how often the rules are right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bench.claims._rules import Printed
from bench.core.judgements import Agreement, Evidence
from bench.stats.intervals import t_quantile

#: What counts as close on some hundred rows, for bench and for the fixed tolerance alike.
TOLERANCE = 0.01
#: `sound`: the number is what the stated protocol gives; `off`: it is not, by more than the tolerance on average;
#: `trifling`: it is not, by less.
Truth = Literal["sound", "off", "trifling"]
BENCH = "bench"
_HOLDS = (Agreement.EXACT, Agreement.REPRODUCED)


@dataclass(frozen=True)
class Held:
    """A printed number beside our (runs, folds) scores, and what counts as close."""

    printed: str
    ours: np.ndarray
    tolerance: float = TOLERANCE

    def away(self, far: float, runs: int | None = None) -> float:
        """The distance of the mean of our first runs, in multiples of what a rule calls far; rounded: 1 is 1."""
        distance = abs(float(self.ours[:runs].mean()) - float(self.printed))
        return round(distance / max(far, 1e-12), 9)


def _written_precision(held: Held) -> float:
    return held.away(Printed.of(held.printed).half)


def _fixed_tolerance(held: Held) -> float:
    return held.away(held.tolerance)


def _one_sd(held: Held) -> float:
    return held.away(float(held.ours.mean(axis=1).std(ddof=1)))


def _three_runs(held: Held) -> float:
    sd = float(held.ours[:3].mean(axis=1).std(ddof=1))
    return held.away(t_quantile(0.975, 2) * sd * float(np.sqrt(1 + 1 / 3)), 3)


#: How far a printed number lies from ours by each rule, which calls it wrong above 1.
NAIVE: Mapping[str, Callable[[Held], float]] = {
    "written precision": _written_precision,
    "fixed tolerance": _fixed_tolerance,
    "within one sd of the runs": _one_sd,
    "95 % prediction interval of three runs": _three_runs,
}


@dataclass(frozen=True)
class Case:
    """One printed number.

    Attributes
    ----------
    group, way
        Where it comes from, and how it was made.
    alarms
        By rule, whether it calls the number wrong.
    decided, cleared
        Whether bench decides, and whether it says that the number holds.
    far
        By rule, how strongly the scores speak against the number; of bench 1 - p, and 0 where it calls it wrong at no
        level.
    """

    group: str
    way: str
    truth: Truth
    alarms: Mapping[str, bool]
    decided: bool
    cleared: bool
    far: Mapping[str, float]


def case(
    group: str,
    way: str,
    truth: Truth,
    held: Held,
    agreement: Agreement | None,
    evidence: Evidence | None,
    p: float | None,
) -> Case:
    """What all rules say of one number; bench calls it wrong where it differs and the evidence is strong.

    Without an error rate `p` is 0 where bench calls it wrong, and else 1.
    """  # fmt: skip
    strong = evidence == Evidence.STRONG
    alarm, holds = agreement == Agreement.DIFFERS and strong, agreement in _HOLDS
    against = float(alarm) if p is None else 1 - p
    far = {name: rule(held) for name, rule in NAIVE.items()}
    alarms = {name: one > 1 for name, one in far.items()} | {BENCH: alarm}
    far[BENCH] = against if strong and agreement != Agreement.EXACT else 0.0
    return Case(group, way, truth, alarms, alarm or holds, holds, far)


@dataclass(frozen=True)
class Counts:
    """How often a rule is right. Alarms on trifling errors are neither right nor wrong.

    cleared: numbers that are off and of which it says that they hold.
    """

    sound: int
    off: int
    wrong: int
    right: int
    cleared: int
    decided: float

    @property
    def precision(self) -> float:
        """The share of alarms that are right; nan without any."""
        return (
            self.right / (self.right + self.wrong)
            if self.right + self.wrong
            else float("nan")
        )

    @property
    def recall(self) -> float:
        """The share of numbers that are off and called wrong."""
        return self.right / self.off if self.off else float("nan")


def counted(cases: Iterable[Case], rule: str, least: float | None = None) -> Counts:
    """The counts of a rule; those of alarms from another strength on, where one is given."""
    cases = list(cases)
    said = [
        one.alarms[rule] if least is None else one.far[rule] >= least for one in cases
    ]
    holds = [
        one.cleared if rule == BENCH else not alarm
        for one, alarm in zip(cases, said, strict=True)
    ]
    truth = [one.truth for one in cases]

    def how_many(of: Truth, what: Sequence[bool]) -> int:
        return sum(yes and one == of for yes, one in zip(what, truth, strict=True))

    return Counts(
        truth.count("sound"), truth.count("off"), how_many("sound", said), how_many("off", said),
        how_many("off", holds), float(np.mean([one.decided or rule != BENCH for one in cases])),
    )  # fmt: skip


def at_recall(
    cases: Sequence[Case], rule: str, recall: float
) -> tuple[float, Counts] | None:
    """The largest strength from which on a rule finds as large a share of what is off, and its counts; None: none."""
    off = np.sort([one.far[rule] for one in cases if one.truth == "off"])[::-1]
    least = float(off[max(1, int(np.ceil(recall * len(off) - 1e-9))) - 1])
    return (least, counted(cases, rule, least)) if least > 0 else None
