"""What is wrong with a claim, or worth saying of one, before anything is fitted: statements for claims of all kinds.

What only one kind can get wrong stands in the file of that kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

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


@dataclass(frozen=True)
class NoFamily(Statement):
    """No family, in a claim that says it was attempted."""

    code: ClassVar[StrEnum] = ClaimCode.NO_FAMILY


@dataclass(frozen=True)
class Needed(Statement):
    """A key that claims of this kind need."""

    code: ClassVar[StrEnum] = ClaimCode.NEEDED
    kind: str
    title: str


@dataclass(frozen=True)
class AgainstItself(Statement):
    """A family that is compared with itself."""

    code: ClassVar[StrEnum] = ClaimCode.AGAINST_ITSELF


@dataclass(frozen=True)
class NotComputed(Statement):
    """A metric that the study does not compute."""

    code: ClassVar[StrEnum] = ClaimCode.NOT_COMPUTED
    metric: str


@dataclass(frozen=True)
class SingleDataset(Statement):
    """A single dataset where several are meant."""

    code: ClassVar[StrEnum] = ClaimCode.ONE_DATASET
    dataset: str


@dataclass(frozen=True)
class DatasetAndDatasets(Statement):
    """`datasets` beside `dataset`."""

    code: ClassVar[StrEnum] = ClaimCode.DATASET_AND_DATASETS


@dataclass(frozen=True)
class NoUnit(Statement):
    """A share without its unit; `most`: the largest value of the metric, where the number is above it."""

    code: ClassVar[StrEnum] = ClaimCode.NO_UNIT
    value: str
    metric: str
    most: float | None = None


@dataclass(frozen=True)
class NoPercent(Statement):
    """Percent of a metric that is no share."""

    code: ClassVar[StrEnum] = ClaimCode.NO_PERCENT
    metric: str


@dataclass(frozen=True)
class NextToNothing(Statement):
    """A score of one percent or less, which is likely a fraction."""

    code: ClassVar[StrEnum] = ClaimCode.NEXT_TO_NOTHING
    value: str
    metric: str


@dataclass(frozen=True)
class Outside(Statement):
    """A number that the metric, or a difference of two of its scores, cannot be; null ends are infinite."""

    code: ClassVar[StrEnum] = ClaimCode.OUTSIDE
    value: str
    metric: str
    low: float | None
    high: float | None
    percent: bool


@dataclass(frozen=True)
class ToleranceUnstated(Statement):
    """A metric without bounds, of which nobody said how close is close."""

    code: ClassVar[StrEnum] = ClaimCode.NO_TOLERANCE
    metric: str


@dataclass(frozen=True)
class WideTolerance(Statement):
    """A tolerance of half of the metric's range or more; `percent`: whether a unit may be missing."""

    code: ClassVar[StrEnum] = ClaimCode.WIDE_TOLERANCE
    tolerance: float
    metric: str
    percent: bool


@dataclass(frozen=True)
class NothingTuned(Statement):
    """Scores of inner folds, where nothing is tuned."""

    code: ClassVar[StrEnum] = ClaimCode.NOTHING_TUNED


@dataclass(frozen=True)
class TunedByAnother(Statement):
    """Scores of inner folds of another metric than the study tunes by."""

    code: ClassVar[StrEnum] = ClaimCode.TUNED_BY_ANOTHER
    metric: str
    tuned: str


@dataclass(frozen=True)
class SpreadWithoutValue(Statement):
    """A spread of a number that is not there."""

    code: ClassVar[StrEnum] = ClaimCode.SPREAD_WITHOUT_VALUE


@dataclass(frozen=True)
class SpreadOverDatasets(Statement):
    """A spread over datasets."""

    code: ClassVar[StrEnum] = ClaimCode.SPREAD_OVER_DATASETS


@dataclass(frozen=True)
class NegativeSpread(Statement):
    """A spread below 0."""

    code: ClassVar[StrEnum] = ClaimCode.NEGATIVE_SPREAD
    value: str


@dataclass(frozen=True)
class SpreadOfHowMany(Statement):
    """A spread over repeats or seeds whose number is not known."""

    code: ClassVar[StrEnum] = ClaimCode.SPREAD_OF_HOW_MANY
    over: str


@dataclass(frozen=True)
class EmptyFolds(Statement):
    """More folds than cases."""

    code: ClassVar[StrEnum] = ClaimCode.EMPTY_FOLDS
    folds: int
    n: int


@dataclass(frozen=True)
class TooManyPositives(Statement):
    """More positive cases than cases."""

    code: ClassVar[StrEnum] = ClaimCode.TOO_MANY_POSITIVES
    positives: int
    n: int


@dataclass(frozen=True)
class SameClaim(Statement):
    """A claim that says what another one says; `place`: where that one stands."""

    code: ClassVar[StrEnum] = ClaimCode.SAME_CLAIM
    other: str
    place: str


@dataclass(frozen=True)
class OtherValue(Statement):
    """A claim that says something else of the subject of another one."""

    code: ClassVar[StrEnum] = ClaimCode.OTHER_VALUE
    value: str
    other: str
    other_value: str
    place: str


@dataclass(frozen=True)
class MetricItself(Statement):
    """An alternative metric that is the metric itself, or stands twice."""

    code: ClassVar[StrEnum] = ClaimCode.METRIC_ITSELF
    metric: str


@dataclass(frozen=True)
class NotAlike(Statement):
    """An alternative metric of another range or direction."""

    code: ClassVar[StrEnum] = ClaimCode.NOT_ALIKE
    metric: str
    other: str


@dataclass(frozen=True)
class NoFirstReading(Statement):
    """Alternative numbers of folds without a first one."""

    code: ClassVar[StrEnum] = ClaimCode.NO_FIRST_READING


@dataclass(frozen=True)
class FoldsRepeated(Statement):
    """A number of folds that stands twice."""

    code: ClassVar[StrEnum] = ClaimCode.FOLDS_REPEATED
    folds: tuple[int, ...]


@dataclass(frozen=True)
class FoldsIdle(Statement):
    """Alternative numbers of folds, where folds decide nothing."""

    code: ClassVar[StrEnum] = ClaimCode.FOLDS_IDLE


@dataclass(frozen=True)
class DoesNotFollow(Statement):
    """A number that the scores that are claimed too do not give: (value, claim) of each."""

    code: ClassVar[StrEnum] = ClaimCode.DOES_NOT_FOLLOW
    value: str
    scores: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class HidesDifference(Statement):
    """A tolerance of more than half of the difference that is claimed, which lets the opposite pass."""

    code: ClassVar[StrEnum] = ClaimCode.HIDES_DIFFERENCE
    tolerance: float
    value: str
    half: float


@dataclass(frozen=True)
class NeverMet(Statement):
    """A tolerance below the rounding of the number; `meant`: the same in percent, where a fraction is likely."""

    code: ClassVar[StrEnum] = ClaimCode.NEVER_MET
    tolerance: float
    value: str
    meant: float | None


@dataclass(frozen=True)
class BothBest(Statement):
    """Two families that are both claimed to be best of the same."""

    code: ClassVar[StrEnum] = ClaimCode.BOTH_BEST
    family: str
    other_family: str
    other: str


@dataclass(frozen=True)
class Contradicts(Statement):
    """Two claims about a pair that go both ways; `sign`: whether only a sign may be wrong."""

    code: ClassVar[StrEnum] = ClaimCode.CONTRADICTS
    other: str
    sign: bool
