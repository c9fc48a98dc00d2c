"""A published number against ours, and what a judgement is worth: statements with their sentences."""

from __future__ import annotations

from typing import Literal

from bench.core.judgements import Doubt
from bench.core.outcomes import Statement, fixed
from bench.text import formats
from bench.text.formats import listed, plural

Side = Literal["higher", "lower"]


ZeroExcluded = fixed(
    "claim.zero_excluded", "the interval excludes zero, but lies within the tolerance"
)


class SmallDifference(Statement, code="claim.small_difference"):
    """`ZeroExcluded` with the claim's tolerance, as it is printed; significant: the 95 % interval excludes zero too."""

    tolerance: str
    significant: bool

    def sentence(self) -> str:
        if self.significant:
            return f"the difference is significant, but within the tolerance of {self.tolerance}"
        return f"the 90 % interval excludes zero, but lies within the tolerance of {self.tolerance}"


EqualAsPrinted = fixed("claim.equal_as_printed", "equal to the printed decimals")
HoldsByTheory = fixed("claim.holds_by_theory", "the claimed number is exact by theory")


class OutsideTolerance(
    Statement,
    code="claim.outside_tolerance",
    says="ours is {side} by more than the tolerance",
):
    side: Side


class IntervalOpen(Statement, code="claim.interval_open"):
    """What the interval leaves open.

    leaves: `equal` (it holds 0 and reaches beyond the tolerance), `crossing` (it lies on one side of 0 and contains a
    limit of the tolerance), `narrowly` (it lies beyond the tolerance, and the wider one that refutes does not).
    """

    leaves: Literal["equal", "crossing", "narrowly"]
    side: Side

    def sentence(self) -> str:
        return {
            "equal": "the interval contains zero and differences beyond the tolerance",
            "crossing": f"ours is {self.side}; the interval contains a limit of the tolerance",
            "narrowly": f"ours is {self.side}: the 90 % interval lies beyond the tolerance, the 95 % interval does not",
        }[self.leaves]


class RoundingOpen(
    Statement,
    code="claim.rounding_open",
    says="the printed number is rounded too much to decide whether ours is within the tolerance {tolerance:.3g}",
):
    tolerance: float


class NoiseFloor(
    Statement,
    code="claim.noise_floor",
    says="noise floor: chance makes the published number uncertain by ±{floor:.3g}, the tolerance is "
    "±{tolerance:.3g}: no number of repeats can decide",
):
    """Chance moves the published number by no less than the tolerance: no number of repeats can decide."""

    floor: float
    tolerance: float


class NoiseFloorGuessed(
    Statement,
    code="claim.noise_floor_guessed",
    says="noise floor of about ±{floor:.3g}, from {repeats} repeats ({needed} are needed): more repeats may not decide",
):
    floor: float
    repeats: int
    needed: int


class PrintedBound(Statement, code="claim.printed_bound"):
    """What the paper prints is a bound: only a score on its other side differs."""

    bound: Literal["lower", "upper"]

    def sentence(self) -> str:
        beyond = "above" if self.bound == "lower" else "below"
        return f"the paper prints a bound: no score {beyond} it differs from it"


class PrintedRange(
    Statement,
    code="claim.printed_range",
    says="the paper prints the range {value}: the difference is from its middle, {middle:g}, and the tolerance begins "
    "at its ends",
):
    value: str
    middle: float


class ToleranceWidened(Statement, code="claim.tolerance_widened"):
    """A tolerance below what means nothing: one test case, or the rounding of a printed table, and of the number."""

    used: float
    by: Literal["case", "rounding"] = "case"

    def sentence(self) -> str:
        what = {
            "case": "one test case and the rounding",
            "rounding": "the rounding of both numbers",
        }
        return f"tolerance widened to {what[self.by]}: {self.used:.3g}"


class ToleranceCustomary(
    Statement,
    code="claim.tolerance_customary",
    says="no tolerance declared; the customary one: {tolerance:g}",
):
    """Nobody declared a tolerance: it is the customary one of bounded scores, in the metric's own unit."""

    tolerance: float


class UndefinedFolds(
    Statement,
    code="claim.undefined_folds",
    says="{undefined} of {folds} folds have no defined score",
):
    undefined: int
    folds: int


class LesserEvidence(Statement, code="claim.lesser_evidence"):
    """Ours differs, but that may not be about the paper: another method or protocol, or a number not read there."""

    doubts: tuple[Doubt, ...]

    def sentence(self) -> str:
        doubts = {
            "memory": "the published number is quoted from memory",
            "quoted": "the published number was read in a text that quotes it",
            "other_method": "another method stands in for the paper's",
            "method": "the paper's method is only approximated",
            "data": "the data are not the paper's",
            "split": "the data are split otherwise",
            "tuning": "parameters are chosen otherwise",
            "metric": "the metric is another one",
        }
        why = " and ".join(doubts[doubt] for doubt in self.doubts)
        return f"ours differs, but {why}"


ProtocolDiffers = fixed(
    "claim.protocol_differs", "equal as printed, with other data or protocol"
)


SeedsOnly = fixed("claim.seeds_only", "only seeds vary; the sampling error is unknown")


class UnstableFamilies(Statement, code="claim.unstable_families"):
    """The test errs more often than its level for these families; errs: in up to so many samples, simulated."""

    families: tuple[str, ...]
    measured_on: str
    errs: float

    def sentence(self) -> str:
        return (
            f"{listed(list(self.families))} {'counts' if len(self.families) == 1 else 'count'} as unstable: up to "
            f"{100 * self.errs:g} % false positives on equal {self.measured_on}, at a nominal 5 %"
        )


#: Of which models p and interval of a SHARP test are, so that one may show a difference and the other none.
P_OF_HALVES = (
    "p, which decides, is the smaller of two: that of SHARP (models trained on half of the rows) and that of "
    "conservative z (difference on all rows); the interval lies around the difference on all rows and is as wide as "
    "the narrower of these two tests; probabilities, where there are any, are of SHARP"
)


class ByHalves(Statement, code="claim.by_halves"):
    """Another sample was looked for in so many `pairs` of disjoint halves of the rows; direction: whether that decides
    which of two is better, by a p that is of other fits than the interval beside it."""

    pairs: int
    direction: bool = False

    def sentence(self) -> str:
        said = f"SHARP test on {formats.plural(self.pairs, 'random split')} of the rows into halves"
        return f"{said}: {P_OF_HALVES}" if self.direction else said


class ControlHeld(Statement, code="claim.control_held"):
    """Other numbers of the dataset that could show such a difference, and those of them that do not differ; alone: too
    few other datasets to see whether the model is shifted on them alike."""

    fine: int
    able: int
    alone: bool

    def sentence(self) -> str:
        verb = "does" if self.fine == 1 else "do"
        said = f"of {_could_show(self.able)} {self.fine} {verb} not differ"
        if self.alone:
            said += "; on so few datasets another implementation of the model is not excluded"
        return said


class NoControl(Statement, code="claim.no_control"):
    """Most other numbers of the dataset differ too, or none could show such a difference."""

    fine: int
    able: int

    def sentence(self) -> str:
        said = "no other number of the dataset could show such a difference"
        if self.able:
            off = self.able - self.fine
            verb = "differs" if off == 1 else "differ"
            said = f"of {_could_show(self.able)} {off} {verb} too"
        return f"{said}: ours may be weaker than the paper's"


def _could_show(able: int) -> str:
    others = plural(able, "other number")
    return f"{others} of the dataset that could show such a difference"


class ShiftedAlike(
    Statement,
    code="claim.shifted_alike",
    says="the model's numbers on {datasets} other datasets are off on the same side: it may be another implementation",
):
    datasets: int
