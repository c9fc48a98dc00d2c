"""A published number against ours, and what a judgement is worth: statements with their sentences."""

from __future__ import annotations

from typing import Literal

from bench.core.judgements import Doubt
from bench.core.outcomes import Statement, fixed
from bench.text import formats
from bench.text.chance import spread
from bench.text.formats import listed

Side = Literal["higher", "lower"]


class Settle(Statement, code="claim.settle"):
    """What would decide a claim that is consistent or unclear.

    by: so many `repeats`, `seeds` or `draws` of a simulation in all, if the difference stays as it is; so many
    `datasets`; more `rows`, or `rows_after_holm` where only Holm's correction over the falsifiers asks for them; a
    `source` that says what is meant or prints more digits; a `method` nearer to the paper's; other `inner_folds`, or a
    `protocol` that can be repeated, where this one cannot. Nothing that the study can run: the paper's own `splits` and
    seeds, or where splits are fixed its seeds alone (`paper_seeds`), of a simulation its draws (`paper_draws`), or a
    published mean over more runs; the paper's `scores`; a surer number than the author's `expected` one; or `nothing`
    that is known, of a falsifier that Holm's correction alone leaves open `nothing_after_holm`. `unjudged`: it was not
    judged. count: None where it is not known.
    """

    by: Literal[
        "repeats",
        "seeds",
        "draws",
        "datasets",
        "rows",
        "rows_after_holm",
        "rivals",
        "fewer_rivals",
        "source",
        "method",
        "data",
        "protocol",
        "inner_folds",
        "splits",
        "paper_seeds",
        "paper_draws",
        "scores",
        "expected",
        "nothing",
        "nothing_after_holm",
        "unjudged",
    ]
    count: int | None = None

    def sentence(self) -> str:
        many = "more" if self.count is None else formats.count(self.count)
        return {
            "repeats": f"{many} repeats",
            "seeds": f"{many} seeds",
            "draws": f"{many} draws of the simulation",
            "datasets": f"{many} datasets",
            "rows": "more rows",
            "rows_after_holm": (
                "more rows: a falsifier is tested after Holm's correction over all falsifiers, for which more repeats "
                "alone would not be enough"
            ),
            "rivals": "complete scores of the models that lack some",
            "fewer_rivals": "a metric that all of these models have, or fewer models (`among`)",
            "source": "what the paper says of its exact meaning, or more digits",
            "method": "the paper's method",
            "data": "the paper's data and protocol",
            "protocol": "a protocol with repeats: this one has none",
            "inner_folds": "a run with other inner folds",
            "splits": "the paper's splits and seeds, or a published mean over more runs",
            "paper_seeds": "the paper's seeds, or a published mean over more runs",
            "paper_draws": "the paper's draws, or a published mean over more of them",
            "scores": "the paper's own scores",
            "expected": "an expected number with less random error (from more runs than the paper's, or from theory)",
            "nothing": "unknown",
            "nothing_after_holm": "unknown: significant only before Holm's correction over the falsifiers",
            "unjudged": "not judged",
        }[self.by]


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
EqualAsCut = fixed(
    "claim.equal_as_cut",
    "equal to the printed decimals, which were cut off and not rounded",
)
HoldsByTheory = fixed("claim.holds_by_theory", "the claimed number is exact by theory")


class OutsideTolerance(
    Statement,
    code="claim.outside_tolerance",
    says="ours is {side} by more than the tolerance",
):
    side: Side


class OutsideButOpen(
    Statement,
    code="claim.outside_but_open",
    says="ours is {side} by more than the tolerance, which cannot refute the claim here",
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


class AmbiguousSpread(Statement, code="claim.ambiguous_spread"):
    """The agreement depends on how the printed spread is read; readings: kind, over, how many, agreement of each."""

    readings: tuple[tuple[str, str, int, str], ...]

    def sentence(self) -> str:
        readings = "; as ".join(
            f"{spread(kind, over, n)}: {word.replace('_', ' ')}"
            for kind, over, n, word in self.readings
        )
        return f"the printed spread is ambiguous: read as {readings}"


def _reading(metric: str | None, folds: int | None) -> str:
    return ", ".join(
        [*([metric] if metric else []), *([f"{folds} folds"] if folds else [])]
    )


class AmbiguousNumber(Statement, code="claim.ambiguous_number"):
    """The agreement depends on what the number is.

    open: what the paper leaves open, of averaging, metric, folds; readings: metric or None, folds or None, agreement or
    status.
    """

    open: tuple[str, ...]
    readings: tuple[tuple[str | None, int | None, str], ...]

    def sentence(self) -> str:
        readings = "; as ".join(
            f"{_reading(metric, folds)}: {word.replace('_', ' ')}"
            for metric, folds, word in self.readings
        )
        names = {
            "averaging": "averaging",
            "metric": "metric",
            "folds": "number of folds",
        }
        open_ = " and the ".join(names[name] for name in self.open)
        return f"the {open_} {'is' if len(self.open) == 1 else 'are'} ambiguous: read as {readings}"


class SameUnderAll(Statement, code="claim.same_under_all"):
    """The claim holds, or does not, whatever the number is; readings: metric or None, folds or None."""

    readings: tuple[tuple[str | None, int | None], ...]

    def sentence(self) -> str:
        return f"the same whichever is meant: {' or '.join(_reading(metric, folds) for metric, folds in self.readings)}"


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
            "substituted": "another method stands in for the paper's (substituted)",
            "approximated": "the paper's experiment is only approximated",
            "protocol": "the data or the protocol is not the paper's",
        }
        why = " and ".join(doubts[doubt] for doubt in self.doubts)
        return f"ours differs, but {why}"


ProtocolDiffers = fixed(
    "claim.protocol_differs", "equal as printed, with other data or protocol"
)


def _aggregated(aggregation: str) -> str:
    return {"fold_mean": "mean over folds", "pooled": "score pooled over folds"}.get(
        aggregation, aggregation.replace("_", " ")
    )


class AggregationDiffers(Statement, code="claim.aggregation_differs"):
    """The paper's number is a fold mean and ours is pooled, or the reverse."""

    published: str
    ours: str

    def sentence(self) -> str:
        return f"the paper's number is a {_aggregated(self.published)}, ours a {_aggregated(self.ours)}"


SeedsOnly = fixed("claim.seeds_only", "only seeds vary; the sampling error is unknown")


class UnstableFamilies(Statement, code="claim.unstable_families"):
    """The test errs more often than its level for these families; errs: in up to so many samples, simulated."""

    families: tuple[str, ...]
    measured_on: str
    errs: float

    def sentence(self) -> str:
        return (
            f"{listed(list(self.families))} {'is' if len(self.families) == 1 else 'are'} unstable: up to "
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
