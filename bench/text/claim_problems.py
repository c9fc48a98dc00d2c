"""What is wrong with a claim, or worth saying of one, before anything is fitted: statements for claims of all kinds.

What only one kind can get wrong stands in the file of that kind.
"""

from __future__ import annotations

from bench.core.outcomes import Statement, fixed

NoFamily = fixed(
    "problem.claim.no_family",
    "null; write `not_attempted: WHY` when the paper's method is not in this study",
)


class Needed(
    Statement,
    code="problem.claim.needed",
    says="missing; a claim of kind {kind} ({title}) needs it",
):
    kind: str
    title: str


AgainstItself = fixed("problem.claim.against_itself", "is the family itself")


class NotComputed(
    Statement,
    code="problem.claim.not_computed",
    says="{metric} is not computed in this study; list it under `metrics: also` in the study file",
):
    metric: str


class SingleDataset(
    Statement,
    code="problem.claim.one_dataset",
    says="names {dataset} alone; expected two or more, [a, b, c]; for one write `dataset`",
):
    dataset: str


DatasetAndDatasets = fixed(
    "problem.claim.dataset_and_datasets",
    "stands beside `dataset`; a claim is about one dataset or over several",
)


class NoUnit(Statement, code="problem.claim.no_unit"):
    """A share without its unit; `most`: the largest value of the metric, where the number is above it."""

    value: str
    metric: str
    most: float | None = None

    def sentence(self) -> str:
        if self.most is not None:
            return f"missing; {self.value} is above {self.metric}'s largest value, {self.most:g}: write `unit: percent`"
        return "missing; write `unit: percent` or `unit: fraction`"


class NoPercent(
    Statement,
    code="problem.claim.no_percent",
    says="percent has no meaning for {metric}, which has no bounds",
):
    metric: str


class NextToNothing(
    Statement,
    code="problem.claim.next_to_nothing",
    says="{value} percent of {metric} is next to nothing; did you mean `unit: fraction`?",
):
    value: str
    metric: str


class Outside(Statement, code="problem.claim.outside"):
    """A number that what it is of (a metric, a difference, a statistic, a share) cannot be; null ends are infinite.

    percent: it may have been meant so.
    """

    value: str
    of: str
    low: float | None
    high: float | None
    percent: bool = False

    def sentence(self) -> str:
        ends = f"{'-inf' if self.low is None else f'{self.low:g}'} to {'inf' if self.high is None else f'{self.high:g}'}"
        hint = "; did you mean `unit: percent`?" if self.percent else ""
        return f"{self.value} lies outside {self.of}'s range, {ends}{hint}"


class NoCountOfCases(
    Statement,
    code="problem.claim.no_count",
    says='"{value}" counts cases, and {metric} is no share of them; write the score as a decimal number',
):
    value: str
    metric: str


class OtherCases(
    Statement,
    code="problem.claim.other_cases",
    says='"{value}" counts {cases} cases; {dataset} has {rows} rows, {tested} of them in a test set',
):
    value: str
    cases: int
    dataset: str
    rows: int
    tested: int


class ToleranceUnstated(
    Statement,
    code="problem.claim.no_tolerance",
    says="missing; {metric} has no bounds, so say how close is close, here or in the study's `tolerance`",
):
    metric: str


class NoOwnTolerance(
    Statement,
    code="problem.claim.no_own_tolerance",
    says="missing; a {kind} has a scale of its own, so say how close is close",
):
    kind: str


class WideOwnTolerance(
    Statement,
    code="problem.claim.wide_own_tolerance",
    says="{tolerance:g}; from {most:g} on nothing could be refuted",
):
    """A tolerance of such a number; none of them lies farther apart than `most`."""

    tolerance: float
    most: float


class WideTolerance(Statement, code="problem.claim.wide_tolerance"):
    """A tolerance of half of the metric's range or more; `percent`: whether a unit may be missing."""

    tolerance: float
    metric: str
    percent: bool

    def sentence(self) -> str:
        percent = "; did you mean `unit: percent`?" if self.percent else ""
        return f"{self.tolerance:g} is half of {self.metric}'s range or more; all would be close{percent}"


NothingTuned = fixed(
    "problem.claim.nothing_tuned",
    "inner, but nothing is tuned here; give `protocol.tuning`, or claim the side test",
)


class TunedByAnother(
    Statement,
    code="problem.claim.tuned_by_another",
    says="{metric} has no score of inner folds; tuning is by {tuned}: see `protocol.tuning.metric`",
):
    metric: str
    tuned: str


class NegativeSpread(
    Statement,
    code="problem.claim.negative_spread",
    says="{value} is not a number from 0",
):
    value: str


class SameClaim(
    Statement,
    code="problem.claim.same_claim",
    says="says what {other} says; leave one out (it stands in {place})",
):
    """A claim that says what another one says; `place`: where that one stands."""

    other: str
    place: str


class OtherValue(Statement, code="problem.claim.other_value"):
    """A claim that says something else of the subject of another one."""

    value: str
    other: str
    other_value: str
    place: str

    def sentence(self) -> str:
        said = f"says {self.value} where {self.other} says {self.other_value} of the same subject"
        return f"{said}; keep one, or let `where` say in what they differ (it stands in {self.place})"


class NeverMet(Statement, code="problem.claim.never_met"):
    """A tolerance below the rounding of the number; `meant`: the same in percent, where a fraction is likely."""

    tolerance: float
    value: str
    meant: float | None

    def sentence(self) -> str:
        meant = f"; did you mean {self.meant:g}?" if self.meant is not None else ""
        return f"{self.tolerance:g} is below half a unit of the last decimal of {self.value}: it can never be met{meant}"


class OutsideRange(
    Statement,
    code="problem.claim.outside_range",
    says="{value:g} lies outside the range of {metric}, {low:g} to {high:g}{percent:; did you mean `unit: percent`?|}",
):
    """A score that its metric cannot be; percent: whether it would be one in percent."""

    value: float
    metric: str
    low: float
    high: float
    percent: bool


class MeanAlone(
    Statement,
    code="problem.claim.mean_alone",
    says="is compared by scores of the same folds or seeds, and there is a mean alone",
):
    """A model of which only the mean of its runs is given."""


class EmptyRow(
    Statement,
    code="problem.claim.empty_row",
    says="claims nothing and has no score: value, score and mean are empty",
):
    """A row of a file of published numbers that says nothing."""
