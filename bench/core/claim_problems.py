"""What is wrong with a claim, or worth saying of one, before anything is fitted: statements for claims of all kinds.

What only one kind can get wrong stands in the file of that kind.
"""

from __future__ import annotations

from enum import StrEnum

from bench.core.outcomes import Statement


class ClaimCode(StrEnum):
    """One code a type of statement; a kind of claim brings codes of its own."""

    NO_FAMILY = "problem.claim.no_family"
    NEEDED = "problem.claim.needed"
    AGAINST_ITSELF = "problem.claim.against_itself"
    NOT_COMPUTED = "problem.claim.not_computed"
    ONE_DATASET = "problem.claim.one_dataset"
    DATASET_AND_DATASETS = "problem.claim.dataset_and_datasets"
    NO_UNIT = "problem.claim.no_unit"
    NO_PERCENT = "problem.claim.no_percent"
    NEXT_TO_NOTHING = "problem.claim.next_to_nothing"
    OUTSIDE = "problem.claim.outside"
    NO_TOLERANCE = "problem.claim.no_tolerance"
    WIDE_TOLERANCE = "problem.claim.wide_tolerance"
    NOTHING_TUNED = "problem.claim.nothing_tuned"
    TUNED_BY_ANOTHER = "problem.claim.tuned_by_another"
    SPREAD_WITHOUT_VALUE = "problem.claim.spread_without_value"
    SPREAD_OVER_DATASETS = "problem.claim.spread_over_datasets"
    NEGATIVE_SPREAD = "problem.claim.negative_spread"
    SPREAD_OF_HOW_MANY = "problem.claim.spread_of_how_many"
    EMPTY_FOLDS = "problem.claim.empty_folds"
    TOO_MANY_POSITIVES = "problem.claim.too_many_positives"
    SAME_CLAIM = "problem.claim.same_claim"
    OTHER_VALUE = "problem.claim.other_value"
    METRIC_ITSELF = "problem.claim.metric_itself"
    NOT_ALIKE = "problem.claim.not_alike"
    NO_FIRST_READING = "problem.claim.no_first_reading"
    FOLDS_REPEATED = "problem.claim.folds_repeated"
    FOLDS_IDLE = "problem.claim.folds_idle"
    DOES_NOT_FOLLOW = "problem.claim.does_not_follow"
    HIDES_DIFFERENCE = "problem.claim.hides_difference"
    NEVER_MET = "problem.claim.never_met"
    BOTH_BEST = "problem.claim.both_best"
    CONTRADICTS = "problem.claim.contradicts"


class NoFamily(Statement, code=ClaimCode.NO_FAMILY):
    """No family, in a claim that says it was attempted."""


class Needed(Statement, code=ClaimCode.NEEDED):
    """A key that claims of this kind need."""

    kind: str
    title: str


class AgainstItself(Statement, code=ClaimCode.AGAINST_ITSELF):
    """A family that is compared with itself."""


class NotComputed(Statement, code=ClaimCode.NOT_COMPUTED):
    """A metric that the study does not compute."""

    metric: str


class SingleDataset(Statement, code=ClaimCode.ONE_DATASET):
    """A single dataset where several are meant."""

    dataset: str


class DatasetAndDatasets(Statement, code=ClaimCode.DATASET_AND_DATASETS):
    """`datasets` beside `dataset`."""


class NoUnit(Statement, code=ClaimCode.NO_UNIT):
    """A share without its unit; `most`: the largest value of the metric, where the number is above it."""

    value: str
    metric: str
    most: float | None = None


class NoPercent(Statement, code=ClaimCode.NO_PERCENT):
    """Percent of a metric that is no share."""

    metric: str


class NextToNothing(Statement, code=ClaimCode.NEXT_TO_NOTHING):
    """A score of one percent or less, which is likely a fraction."""

    value: str
    metric: str


class Outside(Statement, code=ClaimCode.OUTSIDE):
    """A number that the metric, or a difference of two of its scores, cannot be; null ends are infinite."""

    value: str
    metric: str
    low: float | None
    high: float | None
    percent: bool


class ToleranceUnstated(Statement, code=ClaimCode.NO_TOLERANCE):
    """A metric without bounds, of which nobody said how close is close."""

    metric: str


class WideTolerance(Statement, code=ClaimCode.WIDE_TOLERANCE):
    """A tolerance of half of the metric's range or more; `percent`: whether a unit may be missing."""

    tolerance: float
    metric: str
    percent: bool


class NothingTuned(Statement, code=ClaimCode.NOTHING_TUNED):
    """Scores of inner folds, where nothing is tuned."""


class TunedByAnother(Statement, code=ClaimCode.TUNED_BY_ANOTHER):
    """Scores of inner folds of another metric than the study tunes by."""

    metric: str
    tuned: str


class SpreadWithoutValue(Statement, code=ClaimCode.SPREAD_WITHOUT_VALUE):
    """A spread of a number that is not there."""


class SpreadOverDatasets(Statement, code=ClaimCode.SPREAD_OVER_DATASETS):
    """A spread over datasets."""


class NegativeSpread(Statement, code=ClaimCode.NEGATIVE_SPREAD):
    """A spread below 0."""

    value: str


class SpreadOfHowMany(Statement, code=ClaimCode.SPREAD_OF_HOW_MANY):
    """A spread over repeats or seeds whose number is not known."""

    over: str


class EmptyFolds(Statement, code=ClaimCode.EMPTY_FOLDS):
    """More folds than cases."""

    folds: int
    n: int


class TooManyPositives(Statement, code=ClaimCode.TOO_MANY_POSITIVES):
    """More positive cases than cases."""

    positives: int
    n: int


class SameClaim(Statement, code=ClaimCode.SAME_CLAIM):
    """A claim that says what another one says; `place`: where that one stands."""

    other: str
    place: str


class OtherValue(Statement, code=ClaimCode.OTHER_VALUE):
    """A claim that says something else of the subject of another one."""

    value: str
    other: str
    other_value: str
    place: str


class MetricItself(Statement, code=ClaimCode.METRIC_ITSELF):
    """An alternative metric that is the metric itself, or stands twice."""

    metric: str


class NotAlike(Statement, code=ClaimCode.NOT_ALIKE):
    """An alternative metric of another range or direction."""

    metric: str
    other: str


class NoFirstReading(Statement, code=ClaimCode.NO_FIRST_READING):
    """Alternative numbers of folds without a first one."""


class FoldsRepeated(Statement, code=ClaimCode.FOLDS_REPEATED):
    """A number of folds that stands twice."""

    folds: tuple[int, ...]


class FoldsIdle(Statement, code=ClaimCode.FOLDS_IDLE):
    """Alternative numbers of folds, where folds decide nothing."""


class DoesNotFollow(Statement, code=ClaimCode.DOES_NOT_FOLLOW):
    """A number that the scores that are claimed too do not give: (value, claim) of each."""

    value: str
    scores: tuple[tuple[str, str], ...]


class HidesDifference(Statement, code=ClaimCode.HIDES_DIFFERENCE):
    """A tolerance of more than half of the difference that is claimed, which lets the opposite pass."""

    tolerance: float
    value: str
    half: float


class NeverMet(Statement, code=ClaimCode.NEVER_MET):
    """A tolerance below the rounding of the number; `meant`: the same in percent, where a fraction is likely."""

    tolerance: float
    value: str
    meant: float | None


class BothBest(Statement, code=ClaimCode.BOTH_BEST):
    """Two families that are both claimed to be best of the same."""

    family: str
    other_family: str
    other: str


class Contradicts(Statement, code=ClaimCode.CONTRADICTS):
    """Two claims about a pair that go both ways; `sign`: whether only a sign may be wrong."""

    other: str
    sign: bool
