"""What chance can do to ours minus published: statements with their sentences."""

from __future__ import annotations

from typing import Literal

from bench.core.outcomes import Statement, fixed
from bench.text.formats import plural

#: What differs between the repeats that an error was estimated from.
Differs = Literal["splits", "draws", "seeds", "external_seeds"]
_SPREADS = {"sd": "standard deviation", "se": "standard error", "ci95": "95 % interval"}


def spread(kind: str, n: int) -> str:
    """What a printed spread is: `standard error over 10 runs`."""
    return f"{_SPREADS[kind]} over {n} runs"


class NothingDrawn(Statement, code="claim.nothing_drawn"):
    """The protocol draws no split and the family no seed; protocol: None where several datasets have their own."""

    protocol: str | None

    def sentence(self) -> str:
        why = {
            None: "no split is drawn",
            "given-folds": "the folds are given",
            "fixed-split": "the split is given",
            "leave-one-out": "leave-one-out gives one result",
        }
        return f"no chance is involved: {why.get(self.protocol, f'{self.protocol} draws no split')}"


SameSplits = fixed("claim.same_splits", "same splits as the paper's")


class SameSplitsAgree(
    Statement,
    code="claim.same_splits_agree",
    says="same splits: {runs} seeds gave the same number",
):
    runs: int


class SeedNotMeasured(Statement, code="claim.seed_not_measured"):
    """One run, and something is drawn: by the fit itself, or only by the tuning, which draws inner folds."""

    draws: Literal["fit", "inner_folds"] = "fit"

    def sentence(self) -> str:
        if self.draws == "fit":
            return "only one seed was run"
        return f"{self.draws.replace('_', ' ')} were drawn only once"


class OneRunDecidesNothing(Statement, code="claim.one_run_decides_nothing"):
    """`SeedNotMeasured` of a number that is compared with a published one: on which side of the tolerance it lies."""

    outside: bool
    draws: Literal["fit", "inner_folds"]

    def sentence(self) -> str:
        side = "outside" if self.outside else "within"
        other = (
            "another seed"
            if self.draws == "fit"
            else f"other {self.draws.replace('_', ' ')}"
        )
        return f"{side} the tolerance, but {other} may give another number"


_SHARED = {
    "splits": "splits drawn anew",
    "draws": "data simulated anew",
    "seeds": "same splits, seeds drawn anew",
    "external_seeds": "same splits, seeds drawn anew: no sampling error",
}


class Repeats(Statement, code="claim.repeats"):
    """The error was estimated from so many repeats of the protocol, or draws of a simulation."""

    differs: Differs
    repeats: int

    @property
    def anew(self) -> str:
        """What is drawn anew: `splits drawn anew`."""
        return _SHARED[self.differs]

    def sentence(self) -> str:
        return f"{plural(self.repeats, 'draw' if self.differs == 'draws' else 'repeat')} ({self.anew})"


class SeveralRuns(
    Statement,
    code="claim.several_runs",
    says="the published number is a mean of several runs: at least {runs}",
):
    """A mean of runs whose number is not stated is taken to be one of so many."""

    runs: int


class PaperSpread(Statement, code="claim.paper_spread"):
    """The paper's own spread is part of the error: kind sd, se or ci95, over n runs."""

    kind: str
    n: int

    def sentence(self) -> str:
        return f"the paper's own spread counts too ({spread(self.kind, self.n)})"


SpreadUnused = fixed(
    "claim.spread_unused",
    "the printed spread is not used: over how many repeats or seeds is not stated (`n`)",
)


class DrawsAgree(
    Statement,
    code="claim.draws_agree",
    says="all {draws} {of} are equal: no standard error",
):
    draws: int
    of: Literal["values", "differences", "mean ranks"] = "values"


OneSplit = fixed(
    "claim.one_split",
    "one split shows no spread over splits: 2 repeats are needed, better 10",
)
OneRepeat = fixed(
    "claim.one_repeat",
    "one repeat: the spread of its folds bounds its error, too widely",
)
OtherSample = fixed(
    "claim.other_sample",
    "another sample of the population: both numbers have sampling error",
)
OurSample = fixed(
    "claim.our_sample",
    "another sample of the population: only our number has sampling error",
)


class OfConservativeZ(
    Statement,
    code="claim.of_conservative_z",
    says="standard error at least conservative z's on {pairs} random {pairs:split|splits} of the rows into halves",
):
    """It is larger than that of the folds, for us or for the paper."""

    pairs: int


OtherSampleUnknown = fixed(
    "claim.other_sample_unknown",
    "another sample, of which folds or draws say nothing here: no error is known",
)


class OfEstimates(
    Statement,
    code="claim.of_estimates",
    says="two estimates with standard errors of their own, {ours:.3g} here and {theirs:.3g} there",
):
    """Neither number is made of runs that are known."""

    ours: float
    theirs: float


class Arithmetic(Statement, code="claim.arithmetic"):
    """The number follows by arithmetic from the external scores, or from the paper's own table."""

    on: Literal["scores", "table"]

    def sentence(self) -> str:
        on = {
            "scores": "the scores as they were given",
            "table": "the paper's own table",
        }
        return f"arithmetic on {on[self.on]}"


SeedsNotSplits = fixed(
    "claim.seeds_not_splits",
    "seeds on the same splits show no spread over splits; if the published number comes from these splits, write "
    "`splits: same`",
)
OneExternalScore = fixed(
    "claim.one_external_score",
    "one external score (all rows of a leave-one-out give one) shows no spread; if the published number is of this "
    "very score, write `splits: same`",
)


class Rankings(Statement, code="claim.rankings"):
    """The error of a mean rank was estimated from so many rankings, of repeats of the protocol or draws."""

    rankings: int
    families: int
    datasets: int
    differs: Differs

    def sentence(self) -> str:
        ranked = (
            f"{plural(self.families, 'model')} on {plural(self.datasets, 'dataset')}"
        )
        return (
            f"{plural(self.rankings, 'ranking')} of {ranked} ({_SHARED[self.differs]})"
        )


OneRanking = fixed(
    "claim.one_ranking",
    "one ranking says nothing of the spread over splits; 2 repeats are needed, better 10",
)
RankErrorUnknown = fixed(
    "claim.rank_error_unknown",
    "another sample of the population: no error of a mean rank is known",
)


class CountsAlone(
    Statement,
    code="claim.counts_alone",
    says="it rests on {datasets} datasets and {families} models alone, which need not be the paper's",
):
    datasets: int
    families: int


class StatisticErrorUnknown(Statement, code="claim.statistic_error_unknown"):
    """A statistic of scores whose error is not known: fitted here, or external and not declared as the paper's own."""

    made: Literal["fitted", "external"]

    def sentence(self) -> str:
        made = {
            "fitted": "fitted here",
            "external": "made elsewhere, not said to be the paper's own (`splits: same`)",
        }
        return f"its scores were {made[self.made]}, and their error is not known"


class AnyOrder(
    Statement,
    code="claim.any_order",
    says="equal values may have any order, by which it is {least:.4g} to {most:.4g}",
):
    least: float
    most: float


OtherSplitsPossible = fixed(
    "claim.other_splits_possible", "other splits or seeds could have differed"
)
