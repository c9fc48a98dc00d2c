"""Judgements as data: the verdict on a claim, its cause, and the statements that give the reasons.

The sentences are in `bench/text/judgements.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from bench.core.outcomes import Statement


class Verdict(StrEnum):
    """The result of judging a claim."""

    EXACT = "exact"
    REPRODUCED = "reproduced"
    DIRECTION_REPRODUCED = "direction_reproduced"
    INCONCLUSIVE = "inconclusive"
    NOT_REPRODUCED = "not_reproduced"
    NOT_TESTABLE = "not_testable"

    @property
    def holds(self) -> bool:
        return self in (Verdict.EXACT, Verdict.REPRODUCED)


class Cause(StrEnum):
    """Why a claim does not hold, in one word, so that the claims of many tables can be counted together.

    In the order of precedence: first what was never tried, last what stays without an explanation.
    """

    NOT_ATTEMPTED = "not_attempted"
    MISSING = "missing"
    FAILED = "failed"
    IMPOSSIBLE = "impossible"
    NOISE_FLOOR = "noise_floor"
    AMBIGUOUS = "ambiguous"
    UNVERIFIED = "unverified"
    SUBSTITUTED = "substituted"
    APPROXIMATED = "approximated"
    SEED = "seed"
    ONE_SPLIT = "one_split"
    NO_ERROR = "no_error"
    FEW_DATASETS = "few_datasets"
    OPEN = "open"
    SIZE = "size"
    PROTOCOL = "protocol"
    EQUIVALENT = "equivalent"
    REFUTED = "refuted"


class Reason(StrEnum):
    """The codes of all statements in this module."""

    NOT_ATTEMPTED = "claim.not_attempted"
    UNKNOWN_DATASET = "claim.unknown_dataset"
    FORMS_OF_ONE_TABLE = "claim.forms_of_one_table"
    NO_DATASET_NAMED = "claim.no_dataset_named"
    CELLS_FAILED = "claim.cells_failed"
    NO_SCORES = "claim.no_scores"
    NO_COMMON_FOLD = "claim.no_common_fold"
    NO_TOLERANCE = "claim.no_tolerance"
    NO_RIVAL = "claim.no_rival"
    ONE_DATASET = "claim.one_dataset"
    ZERO_DENOMINATOR = "claim.zero_denominator"
    NO_SUCH_COUNT = "claim.no_such_count"
    NO_SUCH_FOLD_MEAN = "claim.no_such_fold_mean"
    NO_SUCH_TABLE = "claim.no_such_table"
    STATISTIC_FAILED_CELLS = "claim.statistic_failed_cells"
    STATISTIC_UNDEFINED = "claim.statistic_undefined"
    STATISTIC_INFINITE = "claim.statistic_infinite"
    STATISTIC_TOO_LARGE = "claim.statistic_too_large"
    STATISTIC_TOO_FEW = "claim.statistic_too_few"
    FAMILY_WITHOUT_METRIC = "claim.family_without_metric"

    EQUAL_AS_PRINTED = "claim.equal_as_printed"
    OUTSIDE_TOLERANCE = "claim.outside_tolerance"
    OUTSIDE_BUT_OPEN = "claim.outside_but_open"
    INTERVAL_OPEN = "claim.interval_open"
    ROUNDING_OPEN = "claim.rounding_open"
    NOISE_FLOOR = "claim.noise_floor"
    NOISE_FLOOR_GUESSED = "claim.noise_floor_guessed"
    REPEATS_WOULD_DECIDE = "claim.repeats_would_decide"
    AMBIGUOUS_SPREAD = "claim.ambiguous_spread"
    AMBIGUOUS_NUMBER = "claim.ambiguous_number"
    SAME_UNDER_ALL = "claim.same_under_all"
    TOLERANCE_WIDENED = "claim.tolerance_widened"
    TOLERANCE_CUSTOMARY = "claim.tolerance_customary"
    UNDEFINED_FOLDS = "claim.undefined_folds"
    CANNOT_REFUTE = "claim.cannot_refute"
    PROTOCOL_DIFFERS = "claim.protocol_differs"
    AGGREGATION_DIFFERS = "claim.aggregation_differs"
    SEEDS_ONLY = "claim.seeds_only"
    UNSTABLE_FAMILIES = "claim.unstable_families"

    NOTHING_DRAWN = "claim.nothing_drawn"
    SAME_SPLITS = "claim.same_splits"
    SAME_SPLITS_AGREE = "claim.same_splits_agree"
    SEED_NOT_MEASURED = "claim.seed_not_measured"
    REPEATS = "claim.repeats"
    PAPER_SPREAD = "claim.paper_spread"
    AS_PAPER_VARIES = "claim.as_paper_varies"
    PAPER_SPREAD_ZERO = "claim.paper_spread_zero"
    DRAWS_AGREE = "claim.draws_agree"
    SOME_DRAWS_AGREE = "claim.some_draws_agree"
    ONE_SPLIT = "claim.one_split"
    ONE_REPEAT = "claim.one_repeat"
    OTHER_SAMPLE = "claim.other_sample"
    OTHER_SAMPLE_UNKNOWN = "claim.other_sample_unknown"
    BINOMIAL_ERRORS = "claim.binomial_errors"
    ARITHMETIC = "claim.arithmetic"
    SEEDS_NOT_SPLITS = "claim.seeds_not_splits"
    ONE_EXTERNAL_SCORE = "claim.one_external_score"
    SIZES_UNKNOWN = "claim.sizes_unknown"
    MEAN_OVER_DATASETS = "claim.mean_over_datasets"
    RANKINGS = "claim.rankings"
    ONE_RANKING = "claim.one_ranking"
    RANK_ERROR_UNKNOWN = "claim.rank_error_unknown"
    DRAWS_COUNTED = "claim.draws_counted"
    ONE_DRAW = "claim.one_draw"
    DENOMINATOR_VARIES = "claim.denominator_varies"
    COUNTS_ALONE = "claim.counts_alone"
    STATISTIC_ERROR_UNKNOWN = "claim.statistic_error_unknown"
    SIGN_IGNORED = "claim.sign_ignored"
    TIES_HIDDEN = "claim.ties_hidden"
    OTHER_SPLITS_POSSIBLE = "claim.other_splits_possible"

    NO_ERROR_RATE = "claim.no_error_rate"
    NO_ERROR_RATE_EXTERNAL = "claim.no_error_rate_external"
    PROBABILITIES = "claim.probabilities"
    CONSTANT_DIFFERENCE = "claim.constant_difference"
    SIGNED_RANKS = "claim.signed_ranks"
    FEW_DATASETS = "claim.few_datasets"
    DIRECTION_SHOWN = "claim.direction_shown"
    DIRECTION_OPEN = "claim.direction_open"
    OTHER_WAY_ROUND = "claim.other_way_round"
    EQUIVALENT = "claim.equivalent"
    EQUIVALENCE_SHOWN = "claim.equivalence_shown"
    EQUIVALENCE_OPEN = "claim.equivalence_open"
    APART = "claim.apart"
    DIRECTION_WITHOUT_SIZE = "claim.direction_without_size"
    BEATS_ALL = "claim.beats_all"
    BEATEN = "claim.beaten"
    NOT_SHOWN_TO_BEAT = "claim.not_shown_to_beat"
    CLOSEST = "claim.closest"
    RIVALS_MISSING = "claim.rivals_missing"
    RANKINGS_COMPARED = "claim.rankings_compared"
    PAIR_CONTRADICTED = "claim.pair_contradicted"
    PAIRS_NOT_SHOWN = "claim.pairs_not_shown"
    PAIRS_HOLD = "claim.pairs_hold"
    HOLM = "claim.holm"
    CANNOT_CONTRADICT = "claim.cannot_contradict"
    RANK_LEFT = "claim.rank_left"
    TIES_WITHIN = "claim.ties_within"


#: The cause that a statement brings where its claim is left open or cannot be tested.
CAUSES: dict[StrEnum, Cause] = {
    Reason.NOT_ATTEMPTED: Cause.NOT_ATTEMPTED,
    Reason.CELLS_FAILED: Cause.FAILED,
    Reason.STATISTIC_FAILED_CELLS: Cause.FAILED,
    Reason.NO_SUCH_COUNT: Cause.IMPOSSIBLE,
    Reason.NO_SUCH_FOLD_MEAN: Cause.IMPOSSIBLE,
    Reason.NO_SUCH_TABLE: Cause.IMPOSSIBLE,
    Reason.STATISTIC_TOO_LARGE: Cause.IMPOSSIBLE,
    Reason.NOISE_FLOOR: Cause.NOISE_FLOOR,
    Reason.AMBIGUOUS_SPREAD: Cause.AMBIGUOUS,
    Reason.AMBIGUOUS_NUMBER: Cause.AMBIGUOUS,
    Reason.SEED_NOT_MEASURED: Cause.SEED,
    Reason.ONE_SPLIT: Cause.ONE_SPLIT,
    Reason.ONE_RANKING: Cause.ONE_SPLIT,
    Reason.ONE_EXTERNAL_SCORE: Cause.ONE_SPLIT,
    Reason.OUTSIDE_BUT_OPEN: Cause.NO_ERROR,
    Reason.PAPER_SPREAD_ZERO: Cause.NO_ERROR,
    Reason.DRAWS_AGREE: Cause.NO_ERROR,
    Reason.OTHER_SAMPLE_UNKNOWN: Cause.NO_ERROR,
    Reason.SIZES_UNKNOWN: Cause.NO_ERROR,
    Reason.RANK_ERROR_UNKNOWN: Cause.NO_ERROR,
    Reason.DENOMINATOR_VARIES: Cause.NO_ERROR,
    Reason.STATISTIC_ERROR_UNKNOWN: Cause.NO_ERROR,
    Reason.NO_ERROR_RATE: Cause.NO_ERROR,
    Reason.NO_ERROR_RATE_EXTERNAL: Cause.NO_ERROR,
    Reason.FEW_DATASETS: Cause.FEW_DATASETS,
}
#: Statements of judgements in which nothing was drawn: everybody with these data gets these numbers.
WITHOUT_DRAWS = frozenset({Reason.ARITHMETIC, Reason.NOTHING_DRAWN, Reason.SAME_SPLITS})
#: Statements that give a p-value.
WITH_P = frozenset(
    {Reason.DIRECTION_SHOWN, Reason.DIRECTION_OPEN, Reason.OTHER_WAY_ROUND, Reason.EQUIVALENCE_SHOWN,
     Reason.EQUIVALENCE_OPEN}
)  # fmt: skip
Doubt = Literal["approximated", "substituted", "unverified"]
#: What differs between the repeats that an error was estimated from.
Differs = Literal["splits", "draws", "seeds", "external_seeds"]
Side = Literal["higher", "lower"]


@dataclass(frozen=True)
class Judgement:
    """The judgement of one claim; all numbers in the claim's unit, None where they do not exist.

    Attributes
    ----------
    verdict
        Whether the results support the claim.
    reasons
        Why, the most important statement first.
    ours
        The number of this study: a score, a difference, a rank, a statistic, Kendall's tau-b of two rankings.
    difference
        `ours` minus the published number.
    low, high
        The 90 % interval that supports a claim (of what: see frames.VERDICTS).
    low_refute, high_refute
        The wider 95 % interval that refutes one.
    p
        The p-value of the claim, small where it is refuted.
    tolerance
        How far two numbers may lie apart and count as the same.
    smallest_tolerance
        The tolerance from which on the claim would be reproduced.
    """

    verdict: Verdict
    reasons: tuple[Statement, ...] = ()
    ours: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    low_refute: float | None = None
    high_refute: float | None = None
    p: float | None = None
    tolerance: float | None = None
    smallest_tolerance: float | None = None

    def followed_by(self, *reasons: Statement) -> Judgement:
        """The same judgement with further reasons at the end."""
        return replace(self, reasons=(*self.reasons, *reasons))


@dataclass(frozen=True, kw_only=True)
class VerdictRow:
    """A row of frames.VERDICTS; the columns are described beside the schema."""

    claim: str
    kind: str
    dataset: str | None
    family: str | None
    against: str | None
    metric: str | None
    unit: str | None
    published: str | None
    ours: float | None
    difference: float | None
    low: float | None
    high: float | None
    low_refute: float | None
    high_refute: float | None
    p: float | None
    tolerance: float | None
    smallest_tolerance: float | None
    verdict: Verdict
    source: str
    fidelity: str
    protocol_match: str
    cause: Cause | None
    reasons: str


def cause_of(verdict: Verdict, reasons: Iterable[Statement], protocol: str = "same") -> Cause | None:
    """The cause of a claim that does not hold; None for one that holds.

    protocol: how the study's protocol matches the paper's; the cause of a refutation under another one is the protocol.
    """
    reasons = tuple(reasons)
    if verdict.holds:
        return None
    if verdict == Verdict.NOT_TESTABLE:
        return next((CAUSES[one.code] for one in reasons if one.code in CAUSES), Cause.MISSING)
    if verdict == Verdict.DIRECTION_REPRODUCED:
        return Cause.SIZE
    if verdict == Verdict.INCONCLUSIVE:
        causes = {_cause_of_open(one) for one in reasons}
        return next((cause for cause in Cause if cause in causes), Cause.OPEN)
    if protocol != "same":
        return Cause.PROTOCOL
    return Cause.EQUIVALENT if any(isinstance(one, Equivalent) for one in reasons) else Cause.REFUTED


def _cause_of_open(reason: Statement) -> Cause | None:
    if isinstance(reason, CannotRefute):
        return Cause(reason.doubts[0])
    return CAUSES.get(reason.code)


# What cannot be tested.


class NotAttempted(Statement, code=Reason.NOT_ATTEMPTED):
    """The paper's method was not attempted; note: why, in the words of the study."""

    note: str | None


class UnknownDataset(Statement, code=Reason.UNKNOWN_DATASET):
    """The claim names a dataset that has no scores; known: those that have."""

    dataset: str
    known: tuple[str, ...]


class FormsOfOneTable(Statement, code=Reason.FORMS_OF_ONE_TABLE):
    """A claim over datasets names forms of one table only, which are one dataset."""

    datasets: tuple[str, ...]


class NoDatasetNamed(Statement, code=Reason.NO_DATASET_NAMED):
    """The claim needs a dataset, the study has several, and the claim names none."""


class CellsFailed(Statement, code=Reason.CELLS_FAILED):
    """Cells of a family failed, so that its mean score is not known; stage, reason: of the first one."""

    cells: int
    family: str
    dataset: str
    stage: str
    reason: str


class NoScores(Statement, code=Reason.NO_SCORES):
    """A family has no scores, or not of every fold."""

    metric: str
    family: str
    dataset: str
    side: str


class NoCommonFold(Statement, code=Reason.NO_COMMON_FOLD):
    """On no fold do both families have a score."""

    metric: str
    family: str
    against: str
    dataset: str


class NoTolerance(Statement, code=Reason.NO_TOLERANCE):
    """No tolerance is stated or customary; of: the metric, or `mean rank`."""

    of: str


class NoRival(Statement, code=Reason.NO_RIVAL):
    """There is no other family to compare with."""


class OneDataset(Statement, code=Reason.ONE_DATASET):
    """A mean over datasets is claimed, and there is one dataset."""


class ZeroDenominator(Statement, code=Reason.ZERO_DENOMINATOR):
    """A ratio has a denominator of zero."""

    metric: str
    family: str


class NoSuchCount(Statement, code=Reason.NO_SUCH_COUNT):
    """No count of so many cases (or draws), so many of them positive where that matters, gives the number."""

    value: str
    count: int
    of: Literal["cases", "draws"] = "cases"
    positives: int | None = None


class NoSuchFoldMean(Statement, code=Reason.NO_SUCH_FOLD_MEAN):
    """No mean over so many even folds, so many times, gives the number."""

    value: str
    cases: int
    folds: int
    runs: int


class NoSuchTable(Statement, code=Reason.NO_SUCH_TABLE):
    """No single table of right and wrong labels gives these numbers together; scores: metric and value of each."""

    scores: tuple[tuple[str, str], ...]


class StatisticFailedCells(Statement, code=Reason.STATISTIC_FAILED_CELLS):
    """Cells failed, and the statistic needs all of them."""

    statistic: str
    cells: int


class StatisticUndefined(Statement, code=Reason.STATISTIC_UNDEFINED):
    """The statistic was not computed; why: the message of the computation."""

    statistic: str
    why: str


class StatisticInfinite(Statement, code=Reason.STATISTIC_INFINITE):
    """All datasets rank the families equally, and the statistic is infinite."""

    statistic: str


class StatisticTooLarge(Statement, code=Reason.STATISTIC_TOO_LARGE):
    """The printed statistic is larger than it can be; families: None where it does not depend on their number."""

    statistic: str
    value: str
    most: float
    datasets: int
    families: int | None


class StatisticTooFew(Statement, code=Reason.STATISTIC_TOO_FEW):
    """There are too few datasets, or too few families, for the statistic; families: the fewest that it needs."""

    statistic: str
    families: int


class FamilyWithoutMetric(Statement, code=Reason.FAMILY_WITHOUT_METRIC):
    """A family that the claim names has no scores of the metric; known: those that have."""

    family: str
    metric: str
    known: tuple[str, ...]


# A published number against ours.


class EqualAsPrinted(Statement, code=Reason.EQUAL_AS_PRINTED):
    """Equal to the printed decimals."""


class OutsideTolerance(Statement, code=Reason.OUTSIDE_TOLERANCE):
    """The 95 % interval lies outside the tolerance."""

    side: Side


class OutsideButOpen(Statement, code=Reason.OUTSIDE_BUT_OPEN):
    """The difference is larger than the tolerance, but what chance does to it is not known."""

    side: Side


class IntervalOpen(Statement, code=Reason.INTERVAL_OPEN):
    """What the interval leaves open.

    leaves: `equal` (it holds 0 and reaches beyond the tolerance), `crossing` (it lies on one side of 0 and crosses the
    tolerance), `narrowly` (it lies beyond the tolerance, and the wider one that refutes does not).
    """

    leaves: Literal["equal", "crossing", "narrowly"]
    side: Side


class RoundingOpen(Statement, code=Reason.ROUNDING_OPEN):
    """Nothing but the rounding of the printed number leaves the claim open."""

    tolerance: float


class NoiseFloor(Statement, code=Reason.NOISE_FLOOR):
    """Chance moves the published number by no less than the tolerance: no number of repeats can decide."""

    floor: float
    tolerance: float


class NoiseFloorGuessed(Statement, code=Reason.NOISE_FLOOR_GUESSED):
    """The same, estimated from too few repeats to be sure."""

    floor: float
    repeats: int
    needed: int


class RepeatsWouldDecide(Statement, code=Reason.REPEATS_WOULD_DECIDE):
    """So many repeats would decide if there were no difference."""

    repeats: int


class AmbiguousSpread(Statement, code=Reason.AMBIGUOUS_SPREAD):
    """The verdict depends on how the printed spread is read; readings: kind, over, how many, verdict of each."""

    readings: tuple[tuple[str, str, int, str], ...]


class AmbiguousNumber(Statement, code=Reason.AMBIGUOUS_NUMBER):
    """The verdict depends on what the number is.

    open: what the paper leaves open, of averaging, metric, folds; readings: metric or None, folds or None, verdict.
    """

    open: tuple[str, ...]
    readings: tuple[tuple[str | None, int | None, str], ...]


class SameUnderAll(Statement, code=Reason.SAME_UNDER_ALL):
    """The claim holds, or does not, whatever the number is; readings: metric or None, folds or None."""

    readings: tuple[tuple[str | None, int | None], ...]


class ToleranceWidened(Statement, code=Reason.TOLERANCE_WIDENED):
    """The tolerance is one test case and the rounding, as no smaller difference means anything."""


class ToleranceCustomary(Statement, code=Reason.TOLERANCE_CUSTOMARY):
    """Nobody declared a tolerance: it is the customary one of bounded scores, in the metric's own unit."""

    tolerance: float


class UndefinedFolds(Statement, code=Reason.UNDEFINED_FOLDS):
    """Some folds have no defined score."""

    undefined: int
    folds: int


class CannotRefute(Statement, code=Reason.CANNOT_REFUTE):
    """What would be a refutation is none: an inexact method, or a number that was not read at its source."""

    doubts: tuple[Doubt, ...]


class ProtocolDiffers(Statement, code=Reason.PROTOCOL_DIFFERS):
    """Equal to the printed decimals, under another protocol than the paper's."""


class AggregationDiffers(Statement, code=Reason.AGGREGATION_DIFFERS):
    """The paper's number is a fold mean and ours is pooled, or the reverse."""

    published: str
    ours: str


class SeedsOnly(Statement, code=Reason.SEEDS_ONLY):
    """Only seeds vary: the verdict holds for these splits and rows."""


class UnstableFamilies(Statement, code=Reason.UNSTABLE_FAMILIES):
    """The test errs more often than its level for these families; errs: in up to so many samples, simulated."""

    families: tuple[str, ...]
    measured_on: str
    errs: float


# What chance can do to ours minus published.


class NothingDrawn(Statement, code=Reason.NOTHING_DRAWN):
    """The protocol draws no split and the family no seed; protocol: None where several datasets have their own."""

    protocol: str | None


class SameSplits(Statement, code=Reason.SAME_SPLITS):
    """The paper's own splits, and a family that draws nothing."""


class SameSplitsAgree(Statement, code=Reason.SAME_SPLITS_AGREE):
    """The same splits, and so many runs with other seeds agree."""

    runs: int


class SeedNotMeasured(Statement, code=Reason.SEED_NOT_MEASURED):
    """One run of a family that takes a seed, or is tuned on drawn folds."""


class Repeats(Statement, code=Reason.REPEATS):
    """The error was estimated from so many repeats of the protocol."""

    differs: Differs
    repeats: int


class PaperSpread(Statement, code=Reason.PAPER_SPREAD):
    """The paper's own spread is part of the error: kind sd, se or ci95, over n folds, repeats or seeds."""

    kind: str
    over: str
    n: int


class AsPaperVaries(Statement, code=Reason.AS_PAPER_VARIES):
    """So many runs of ours are taken to vary like those of the paper."""

    runs: int
    kind: str
    over: str
    n: int


class PaperSpreadZero(Statement, code=Reason.PAPER_SPREAD_ZERO):
    """One run here, and a printed spread of zero: no error is known."""

    kind: str
    over: str
    n: int


class DrawsAgree(Statement, code=Reason.DRAWS_AGREE):
    """A few draws agree to the last digit, so that no spread can be estimated."""

    draws: int
    of: Literal["values", "differences", "mean ranks"] = "values"


class SomeDrawsAgree(Statement, code=Reason.SOME_DRAWS_AGREE):
    """On some of the datasets of a mean all draws agree."""


class OneSplit(Statement, code=Reason.ONE_SPLIT):
    """One split shows no spread over splits."""


class OneRepeat(Statement, code=Reason.ONE_REPEAT):
    """One repeat: its error is bounded by the spread of folds."""


class OtherSample(Statement, code=Reason.OTHER_SAMPLE):
    """The published number is of another sample of the population: both have sampling error."""


class OtherSampleUnknown(Statement, code=Reason.OTHER_SAMPLE_UNKNOWN):
    """Another sample and one test set: no error is known for this metric."""


class BinomialErrors(Statement, code=Reason.BINOMIAL_ERRORS):
    """Another sample, one test set on each side: both have a binomial error."""


class Arithmetic(Statement, code=Reason.ARITHMETIC):
    """The number follows by arithmetic from the external scores, or from the paper's own table."""

    on: Literal["scores", "table"]


class SeedsNotSplits(Statement, code=Reason.SEEDS_NOT_SPLITS):
    """External repeats are seeds on the same splits; the claim does not declare its number to be of these splits."""


class OneExternalScore(Statement, code=Reason.ONE_EXTERNAL_SCORE):
    """One external score: what its split and seed change was not measured."""


class SizesUnknown(Statement, code=Reason.SIZES_UNKNOWN):
    """The sizes of the training and test sets are not known: no error is."""


class MeanOverDatasets(Statement, code=Reason.MEAN_OVER_DATASETS):
    """The error of a mean over datasets; the next reasons are where those of the datasets come from."""

    datasets: int


class Rankings(Statement, code=Reason.RANKINGS):
    """The error of a mean rank was estimated from so many rankings."""

    rankings: int
    families: int
    datasets: int


class OneRanking(Statement, code=Reason.ONE_RANKING):
    """One ranking shows no spread over splits."""


class RankErrorUnknown(Statement, code=Reason.RANK_ERROR_UNKNOWN):
    """Another sample of the population: no error of a mean rank is known."""


class DrawsCounted(Statement, code=Reason.DRAWS_COUNTED):
    """So many of so many draws are below the threshold; published: draws of the paper, None: taken to be ours."""

    hits: int
    draws: int
    published: int | None


class OneDraw(Statement, code=Reason.ONE_DRAW):
    """One draw shows no share."""


class DenominatorVaries(Statement, code=Reason.DENOMINATOR_VARIES):
    """The denominator of a ratio varies too much: variation and most as shares of it."""

    metric: str
    family: str
    variation: float
    most: float


class CountsAlone(Statement, code=Reason.COUNTS_ALONE):
    """A statistic rests on the numbers of datasets and families alone."""

    datasets: int
    families: int


class StatisticErrorUnknown(Statement, code=Reason.STATISTIC_ERROR_UNKNOWN):
    """A statistic of scores whose error is not known: fitted here, or external and not declared as the paper's own."""

    made: Literal["fitted", "external"]


class SignIgnored(Statement, code=Reason.SIGN_IGNORED):
    """A statistic was compared without its sign, which is a convention."""


class TiesHidden(Statement, code=Reason.TIES_HIDDEN):
    """So many datasets have equal printed values that need not be equal before rounding."""

    datasets: int


class OtherSplitsPossible(Statement, code=Reason.OTHER_SPLITS_POSSIBLE):
    """Equal to the printed decimals, but other splits or seeds could have differed."""


# Families compared.


class NoErrorRate(Statement, code=Reason.NO_ERROR_RATE):
    """No error rate exists; where: for a pooled score or a single split, for runs on one test set; None: as before."""

    where: Literal["one_score", "runs_on_one_test_set"] | None = None


class NoErrorRateExternal(Statement, code=Reason.NO_ERROR_RATE_EXTERNAL):
    """No error rate exists for these external scores, and what they lack for one."""

    lacks: Literal["one_score", "seeds_only", "one_seed", "one_row", "sizes", "one_test_set"]


class Probabilities(Statement, code=Reason.PROBABILITIES):
    """The probabilities that the family is better, practically equal (within the margin) and worse."""

    better: float
    within: float
    worse: float
    margin: float


class ConstantDifference(Statement, code=Reason.CONSTANT_DIFFERENCE):
    """Every fold shows the same difference."""

    difference: float


class SignedRanks(Statement, code=Reason.SIGNED_RANKS):
    """On how many datasets the family is better, on how many equal, and the signed-rank statistic with its variant."""

    better: int
    equal: int
    datasets: int
    statistic: float
    variant: str


class FewDatasets(Statement, code=Reason.FEW_DATASETS):
    """With so few datasets p cannot be small enough; needed: so many could decide."""

    datasets: int
    least_p: float
    needed: int


class DirectionShown(Statement, code=Reason.DIRECTION_SHOWN):
    """The family is better, with this p-value."""

    p: float


class DirectionOpen(Statement, code=Reason.DIRECTION_OPEN):
    """The direction is not decided."""

    p: float


class OtherWayRound(Statement, code=Reason.OTHER_WAY_ROUND):
    """The other family is better; p: None where no error rate exists."""

    p: float | None


class Equivalent(Statement, code=Reason.EQUIVALENT):
    """The two families are practically equal, which refutes that one is better."""

    margin: float


class EquivalenceShown(Statement, code=Reason.EQUIVALENCE_SHOWN):
    """The families are practically equal; p: the larger of two one-sided tests."""

    p: float


class EquivalenceOpen(Statement, code=Reason.EQUIVALENCE_OPEN):
    """The interval crosses the margin; p: the larger of two one-sided tests."""

    p: float


class Apart(Statement, code=Reason.APART):
    """The families lie apart by more than the margin."""

    margin: float


class DirectionWithoutSize(Statement, code=Reason.DIRECTION_WITHOUT_SIZE):
    """The direction holds, and its claimed size does not, or is open."""

    size: Literal["differs", "open"]


class BeatsAll(Statement, code=Reason.BEATS_ALL):
    """The family beats each of the others."""

    others: int
    closest: str


class Beaten(Statement, code=Reason.BEATEN):
    """These families beat it, after Holm over all others; others: None where no test was made."""

    by: tuple[str, ...]
    others: int | None


class NotShownToBeat(Statement, code=Reason.NOT_SHOWN_TO_BEAT):
    """Nothing beats the family, and it is not shown to beat these."""

    families: tuple[str, ...]


class Closest(Statement, code=Reason.CLOSEST):
    """The rival with the closest score."""

    family: str


class RivalsMissing(Statement, code=Reason.RIVALS_MISSING):
    """The family is the best of those that ran; these did not."""

    families: tuple[str, ...]


class RankingsCompared(Statement, code=Reason.RANKINGS_COMPARED):
    """The claimed ranking beside ours, and their Kendall tau-b; None where one of them has only ties."""

    claimed: str
    ours: str
    tau: float | None


class PairContradicted(Statement, code=Reason.PAIR_CONTRADICTED):
    """A pair of a ranking is not as claimed: they lie apart, are equal within the margin, or are reversed."""

    pair: str
    relation: Literal["apart", "equal", "reversed"]
    margin: float


class PairsNotShown(Statement, code=Reason.PAIRS_NOT_SHOWN):
    """These pairs of a ranking are not shown."""

    pairs: tuple[str, ...]


class PairsHold(Statement, code=Reason.PAIRS_HOLD):
    """Each of so many neighbouring pairs holds."""

    pairs: int


class Holm(Statement, code=Reason.HOLM):
    """The p-values are adjusted by Holm over so many pairs or others."""

    tests: int
    of: Literal["pairs", "others"]


class CannotContradict(Statement, code=Reason.CANNOT_CONTRADICT):
    """So few datasets can show a pair as claimed, but not reversed after Holm."""

    datasets: int
    pairs: int


class RankLeft(Statement, code=Reason.RANK_LEFT):
    """The ranks that the tests leave: the claimed one alone (`holds`), others (`outside`), or several (`open`)."""

    claimed: Literal["holds", "outside", "open"]
    low: int
    high: int
    families: int


class TiesWithin(Statement, code=Reason.TIES_WITHIN):
    """Differences within the margin count as ties."""

    margin: float
