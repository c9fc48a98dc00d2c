"""What is wrong with a claim, or worth saying of one, before anything is fitted: statements for claims of all kinds.

What only one kind can get wrong stands in the file of that kind.
"""

from __future__ import annotations

from bench.core.outcomes import Statement


class NoFamily(Statement, code="problem.claim.no_family"):
    """No family, in a claim that says it was attempted."""


class Needed(Statement, code="problem.claim.needed"):
    """A key that claims of this kind need."""

    kind: str
    title: str


class AgainstItself(Statement, code="problem.claim.against_itself"):
    """A family that is compared with itself."""


class NotComputed(Statement, code="problem.claim.not_computed"):
    """A metric that the study does not compute."""

    metric: str


class SingleDataset(Statement, code="problem.claim.one_dataset"):
    """A single dataset where several are meant."""

    dataset: str


class DatasetAndDatasets(Statement, code="problem.claim.dataset_and_datasets"):
    """`datasets` beside `dataset`."""


class NoUnit(Statement, code="problem.claim.no_unit"):
    """A share without its unit; `most`: the largest value of the metric, where the number is above it."""

    value: str
    metric: str
    most: float | None = None


class NoPercent(Statement, code="problem.claim.no_percent"):
    """Percent of a metric that is no share."""

    metric: str


class NextToNothing(Statement, code="problem.claim.next_to_nothing"):
    """A score of one percent or less, which is likely a fraction."""

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


class ToleranceUnstated(Statement, code="problem.claim.no_tolerance"):
    """A metric without bounds, of which nobody said how close is close."""

    metric: str


class NoOwnTolerance(Statement, code="problem.claim.no_own_tolerance"):
    """A number with a scale of its own (a ratio, a share, a mean rank), of which nobody said how close is close."""

    kind: str


class WideOwnTolerance(Statement, code="problem.claim.wide_own_tolerance"):
    """A tolerance of such a number; none of them lies farther apart than `most`."""

    tolerance: float
    most: float


class WideTolerance(Statement, code="problem.claim.wide_tolerance"):
    """A tolerance of half of the metric's range or more; `percent`: whether a unit may be missing."""

    tolerance: float
    metric: str
    percent: bool


class NothingTuned(Statement, code="problem.claim.nothing_tuned"):
    """Scores of inner folds, where nothing is tuned."""


class TunedByAnother(Statement, code="problem.claim.tuned_by_another"):
    """Scores of inner folds of another metric than the study tunes by."""

    metric: str
    tuned: str


class SpreadWithoutValue(Statement, code="problem.claim.spread_without_value"):
    """A spread of a number that is not there."""


class SpreadOverDatasets(Statement, code="problem.claim.spread_over_datasets"):
    """A spread over datasets."""


class NegativeSpread(Statement, code="problem.claim.negative_spread"):
    """A spread below 0."""

    value: str


class SpreadOfHowMany(Statement, code="problem.claim.spread_of_how_many"):
    """A spread over repeats or seeds whose number is not known."""

    over: str


class EmptyFolds(Statement, code="problem.claim.empty_folds"):
    """More folds than cases."""

    folds: int
    n: int


class TooManyPositives(Statement, code="problem.claim.too_many_positives"):
    """More positive cases than cases."""

    positives: int
    n: int


class SameClaim(Statement, code="problem.claim.same_claim"):
    """A claim that says what another one says; `place`: where that one stands."""

    other: str
    place: str


class OtherValue(Statement, code="problem.claim.other_value"):
    """A claim that says something else of the subject of another one."""

    value: str
    other: str
    other_value: str
    place: str


class MetricItself(Statement, code="problem.claim.metric_itself"):
    """An alternative metric that is the metric itself, or stands twice."""

    metric: str


class NotAlike(Statement, code="problem.claim.not_alike"):
    """An alternative metric of another range or direction."""

    metric: str
    other: str


class NoFirstReading(Statement, code="problem.claim.no_first_reading"):
    """Alternative numbers of folds without a first one."""


class FoldsRepeated(Statement, code="problem.claim.folds_repeated"):
    """A number of folds that stands twice."""

    folds: tuple[int, ...]


class FoldsIdle(Statement, code="problem.claim.folds_idle"):
    """Alternative numbers of folds, where folds decide nothing."""


class DoesNotFollow(Statement, code="problem.claim.does_not_follow"):
    """A number that the scores that are claimed too do not give: (value, claim) of each."""

    value: str
    scores: tuple[tuple[str, str], ...]


class HidesDifference(Statement, code="problem.claim.hides_difference"):
    """A tolerance of more than half of the difference that is claimed, which lets the opposite pass."""

    tolerance: float
    value: str
    half: float


class NeverMet(Statement, code="problem.claim.never_met"):
    """A tolerance below the rounding of the number; `meant`: the same in percent, where a fraction is likely."""

    tolerance: float
    value: str
    meant: float | None


class BothBest(Statement, code="problem.claim.both_best"):
    """Two families that are both claimed to be best of the same."""

    family: str
    other_family: str
    other: str


class Contradicts(Statement, code="problem.claim.contradicts"):
    """Two claims about a pair that go both ways; `sign`: whether only a sign may be wrong."""

    other: str
    sign: bool
