"""Judgements as data: agreement, evidence and cause of a claim, and the statements that give the reasons.

The sentences are in `bench/text/judgements.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

import polars as pl

from bench.core.frames import of_row
from bench.core.outcomes import Statement


class Status(StrEnum):
    """Whether a claim was judged, or why it was not.

    Examples
    --------
    >>> from bench import Status
    >>> Status("not_attempted")
    <Status.NOT_ATTEMPTED: 'not_attempted'>
    """

    ATTEMPTED = "attempted"
    NOT_ATTEMPTED = "not_attempted"
    IMPOSSIBLE = "impossible"
    FAILED = "failed"
    MISSING = "missing"


class Agreement(StrEnum):
    """How our numbers compare with a claim, best first.

    exact: equal as printed, and nothing is drawn. reproduced: the 90 % interval lies inside the tolerance, or a claimed
    comparison is established. direction_reproduced: the sign is established, the size is not. consistent: no difference
    was seen, but one beyond the tolerance would not have been ruled out. unclear: ours differs, by more than the
    tolerance or not; or no interval is known. differs: the 95 % interval lies outside the tolerance, or the opposite is
    established.

    Examples
    --------
    >>> from bench import Agreement
    >>> Agreement("reproduced").holds
    True
    """

    EXACT = "exact"
    REPRODUCED = "reproduced"
    DIRECTION_REPRODUCED = "direction_reproduced"
    CONSISTENT = "consistent"
    UNCLEAR = "unclear"
    DIFFERS = "differs"

    @property
    def holds(self) -> bool:
        return self in (Agreement.EXACT, Agreement.REPRODUCED)

    @property
    def decided(self) -> bool:
        """Whether it is none of the two that leave a claim open."""
        return self not in (Agreement.CONSISTENT, Agreement.UNCLEAR)


class Evidence(StrEnum):
    """How closely the study follows the paper.

    strong: the paper's method and protocol, and a number that was read at its source. limited: an approximated method,
    another protocol, or a secondary source. weak: a substituted method, or a number from memory.

    Examples
    --------
    >>> from bench import Evidence
    >>> [evidence.value for evidence in Evidence]
    ['strong', 'limited', 'weak']
    """

    STRONG = "strong"
    LIMITED = "limited"
    WEAK = "weak"


class Cause(StrEnum):
    """Why an attempted claim does not hold, in one word, so that the claims of many tables can be counted together.

    In the order of precedence: last what stays without an explanation.

    Examples
    --------
    >>> Cause("protocol").name
    'PROTOCOL'
    """

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


#: What makes evidence less than strong; `unverified`: the number was not read at its source.
Doubt = Literal["unverified", "substituted", "approximated", "protocol"]
#: What differs between the repeats that an error was estimated from.
Differs = Literal["splits", "draws", "seeds", "external_seeds"]
Side = Literal["higher", "lower"]


class Settle(Statement, code="claim.settle"):
    """What would decide a claim that is consistent or unclear.

    by: so many `repeats`, `seeds` or `draws` of a simulation in all, if the difference stays as it is; so many
    `datasets`; more `rows`; a `source` that says what is meant or prints more digits; a `method` nearer to the
    paper's; a `protocol` that can be repeated, where this one cannot. Nothing that the study can run: the paper's own
    `splits` (or the mean of more of its repeats), or `nothing` that is known. count: None where it is not known.
    """

    by: Literal["repeats", "seeds", "draws", "datasets", "rows", "source", "method", "protocol", "splits", "nothing"]
    count: int | None = None


#: The levels at which a reader may judge; the middle one is the rule's own.
LEVELS = (0.90, 0.95, 0.99)
LEVEL = 0.95


@dataclass(frozen=True)
class Thresholds:
    """What a judgement becomes under another tolerance, at one level.

    It is `within` for tolerances larger than `above`, `outside` for those smaller than `below`, else `otherwise`; None:
    for no tolerance. half: half the interval that supports the claim, where one is known.

    >>> rule = Thresholds(0.95, Agreement.CONSISTENT, above=1.5, below=0.2)
    >>> rule.at(2.0).value, rule.at(1.5).value, rule.at(0.1).value
    ('reproduced', 'consistent', 'differs')
    """

    level: float
    otherwise: Agreement
    above: float | None = None
    within: Agreement = Agreement.REPRODUCED
    below: float | None = None
    outside: Agreement = Agreement.DIFFERS
    half: float | None = None

    def at(self, tolerance: float) -> Agreement:
        if self.above is not None and tolerance > self.above:
            return self.within
        return self.outside if self.below is not None and tolerance < self.below else self.otherwise

    def from_least(self, least: float) -> Thresholds:
        """The same where no tolerance counts as smaller than `least`."""
        if self.above is not None and least > self.above:
            return Thresholds(self.level, self.within, half=self.half)
        return self if self.below is None or least < self.below else replace(self, below=None)

    def without_exact(self) -> Thresholds:
        """The same where equal digits mean no more than that the claim is reproduced."""
        return replace(self, otherwise=Agreement.REPRODUCED) if self.otherwise == Agreement.EXACT else self


@dataclass(frozen=True)
class Judgement:
    """The judgement of one claim; all numbers in the claim's unit, None where they do not exist.

    Attributes
    ----------
    agreement
        Whether the results support the claim; None where it was not judged.
    reasons
        Why, the most important statement first.
    ours
        The number of this study: a score, a difference, a rank, a statistic, Kendall's tau-b of two rankings.
    difference
        `ours` minus the published number.
    low, high
        The 90 % interval that supports a claim (of what: see judgements.VERDICTS).
    low_refute, high_refute
        The wider 95 % interval that refutes one.
    p
        The p-value of the claim, small where it is refuted.
    tolerance
        How far two numbers may lie apart and count as the same, as the study states it.
    tolerance_used
        The tolerance that was judged by: wider where one test case is; None: as stated.
    smallest_tolerance
        The tolerance from which on the claim would be reproduced.
    detectable
        The smallest difference that this design could have seen.
    published
        Of a claimed range, the end that ours is nearest to, as printed.
    settle
        What would decide it, where it is consistent or unclear.
    status
        Whether the claim was judged, or why it was not.
    rules
        What it becomes under other tolerances and levels: the weakest of those of a level. Empty where only the study's
        own tolerance and level decide.
    """

    agreement: Agreement | None
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
    detectable: float | None = None
    tolerance_used: float | None = None
    published: str | None = None
    settle: tuple[Settle, ...] = ()
    status: Status = Status.ATTEMPTED
    rules: tuple[Thresholds, ...] = ()

    @classmethod
    def not_judged(cls, *reasons: Statement) -> Judgement:
        """Of a claim that could not be judged; the first reason with a status of its own says it."""
        status = next((STATUSES[type(one)] for one in reasons if type(one) in STATUSES), Status.MISSING)
        return cls(None, reasons, status=status)

    @property
    def holds(self) -> bool:
        return self.agreement is not None and self.agreement.holds

    def not_exact(self, *reasons: Statement) -> Judgement:
        """The same, reproduced instead of exact, with the reasons for that at the end."""
        rules = tuple(rule.without_exact() for rule in self.rules)
        return replace(self, agreement=Agreement.REPRODUCED, rules=rules).followed_by(*reasons)

    def followed_by(self, *reasons: Statement) -> Judgement:
        """The same judgement with further reasons at the end."""
        return replace(self, reasons=(*self.reasons, *reasons))


@dataclass(frozen=True, kw_only=True)
class VerdictRow:
    """All numbers in the claim's unit. `low`, `high`: t.95 interval of the difference ours - published; `low_refute`,
    `high_refute`: t.975; of a comparison without a published size, of the improvement itself; of a rank on one
    dataset, the ranks that Holm leaves less the published one. `p`: of the claim, small where it is refuted; of a
    published number below .05 just where the t.975 interval lies outside the tolerance. Null where no error rate
    exists. `ours` of an order is Kendall's tau-b with ours. `dataset` null: the study's only one, or over all.
    `cause`: in one word why an attempted claim does not hold (`Cause`), else null. `reasons`: why, statements of
    this module as JSON. `agreement`, `evidence`: null unless `status` is attempted. `detectable`: the smallest
    difference that the design could have seen, half the t.975 interval and the tolerance; of a comparison without
    a size, half of that interval. `falsifier`: the claim would falsify what the author expects (`falsified_if`).
    `tolerance`: as stated; `tolerance_used`: the one judged by, wider where one test case is. `settle`: what would
    decide a claim that is consistent or unclear (`Settle`), as JSON.
    """

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
    tolerance_used: float | None
    smallest_tolerance: float | None
    detectable: float | None
    status: Status
    agreement: Agreement | None
    evidence: Evidence | None
    source: str
    falsifier: bool
    fidelity: str
    protocol_match: str
    cause: Cause | None
    settle: str
    reasons: str


VERDICTS = of_row(VerdictRow)
# Rows of VERDICTS, as conditions of polars.
ATTEMPTED = pl.col("status") == Status.ATTEMPTED.value
HOLDS = pl.col("agreement").is_in([one.value for one in Agreement if one.holds])
#: Ours differs on strong evidence: what pages call not reproduced.
REFUTED = (pl.col("agreement") == Agreement.DIFFERS.value) & (pl.col("evidence") == Evidence.STRONG.value)


# What cannot be tested.


class NotAttempted(Statement, code="claim.not_attempted"):
    """The paper's method was not attempted; note: why, in the words of the study."""

    note: str | None


class UnknownDataset(Statement, code="claim.unknown_dataset"):
    """The claim names a dataset that has no scores; known: those that have."""

    dataset: str
    known: tuple[str, ...]


class FormsOfOneTable(Statement, code="claim.forms_of_one_table"):
    """A claim over datasets names forms of one table only, which are one dataset."""

    datasets: tuple[str, ...]


class NoDatasetNamed(Statement, code="claim.no_dataset_named"):
    """The claim needs a dataset, the study has several, and the claim names none."""


class CellsFailed(Statement, code="claim.cells_failed"):
    """Cells of a family failed, so that its mean score is not known; stage, reason: of the first one."""

    cells: int
    family: str
    dataset: str
    stage: str
    reason: str


class NoScores(Statement, code="claim.no_scores"):
    """A family has no scores, or not of every fold."""

    metric: str
    family: str
    dataset: str
    side: str


class NoCommonFold(Statement, code="claim.no_common_fold"):
    """On no fold do both families have a score."""

    metric: str
    family: str
    against: str
    dataset: str


class NoTolerance(Statement, code="claim.no_tolerance"):
    """No tolerance is stated or customary; of: the metric, or `mean rank`."""

    of: str


class NoRival(Statement, code="claim.no_rival"):
    """There is no other family to compare with."""


class OneDataset(Statement, code="claim.one_dataset"):
    """A mean over datasets is claimed, and there is one dataset."""


class ZeroDenominator(Statement, code="claim.zero_denominator"):
    """A ratio has a denominator of zero."""

    metric: str
    family: str


class NoSuchCount(Statement, code="claim.no_such_count"):
    """No count of so many cases (or draws), so many of them positive where that matters, gives the number."""

    value: str
    count: int
    of: Literal["cases", "draws"] = "cases"
    positives: int | None = None


class NoSuchFoldMean(Statement, code="claim.no_such_fold_mean"):
    """No mean over so many even folds, so many times, gives the number."""

    value: str
    cases: int
    folds: int
    runs: int


class NoSuchTable(Statement, code="claim.no_such_table"):
    """No single table of right and wrong labels gives these numbers together; scores: metric and value of each."""

    scores: tuple[tuple[str, str], ...]


class StatisticFailedCells(Statement, code="claim.statistic_failed_cells"):
    """Cells failed, and the statistic needs all of them."""

    statistic: str
    cells: int


class StatisticUndefined(Statement, code="claim.statistic_undefined"):
    """The statistic was not computed; why: the message of the computation."""

    statistic: str
    why: str


class StatisticInfinite(Statement, code="claim.statistic_infinite"):
    """All datasets rank the families equally, and the statistic is infinite."""

    statistic: str


class StatisticTooLarge(Statement, code="claim.statistic_too_large"):
    """The printed statistic is larger than it can be; families: None where it does not depend on their number."""

    statistic: str
    value: str
    most: float
    datasets: int
    families: int | None


class StatisticTooFew(Statement, code="claim.statistic_too_few"):
    """There are too few datasets, or too few families, for the statistic; families: the fewest that it needs."""

    statistic: str
    families: int


class FamilyWithoutMetric(Statement, code="claim.family_without_metric"):
    """A family that the claim names has no scores of the metric; known: those that have."""

    family: str
    metric: str
    known: tuple[str, ...]


# A published number against ours.


class EqualAsPrinted(Statement, code="claim.equal_as_printed"):
    """Equal to the printed decimals."""


class EqualAsCut(Statement, code="claim.equal_as_cut"):
    """Ours is printed so where further digits are cut off instead of rounded."""


class HoldsByTheory(Statement, code="claim.holds_by_theory"):
    """The number holds by theory: only ours has splits, seeds and rounding."""


class OutsideTolerance(Statement, code="claim.outside_tolerance"):
    """The 95 % interval lies outside the tolerance."""

    side: Side


class OutsideButOpen(Statement, code="claim.outside_but_open"):
    """The difference is larger than the tolerance, but what chance does to it is not known."""

    side: Side


class IntervalOpen(Statement, code="claim.interval_open"):
    """What the interval leaves open.

    leaves: `equal` (it holds 0 and reaches beyond the tolerance), `crossing` (it lies on one side of 0 and crosses the
    tolerance), `narrowly` (it lies beyond the tolerance, and the wider one that refutes does not).
    """

    leaves: Literal["equal", "crossing", "narrowly"]
    side: Side


class RoundingOpen(Statement, code="claim.rounding_open"):
    """Nothing but the rounding of the printed number leaves the claim open."""

    tolerance: float


class NoiseFloor(Statement, code="claim.noise_floor"):
    """Chance moves the published number by no less than the tolerance: no number of repeats can decide."""

    floor: float
    tolerance: float


class NoiseFloorGuessed(Statement, code="claim.noise_floor_guessed"):
    """The same, estimated from too few repeats to be sure."""

    floor: float
    repeats: int
    needed: int


class AmbiguousSpread(Statement, code="claim.ambiguous_spread"):
    """The agreement depends on how the printed spread is read; readings: kind, over, how many, agreement of each."""

    readings: tuple[tuple[str, str, int, str], ...]


class AmbiguousNumber(Statement, code="claim.ambiguous_number"):
    """The agreement depends on what the number is.

    open: what the paper leaves open, of averaging, metric, folds; readings: metric or None, folds or None, agreement or
    status.
    """

    open: tuple[str, ...]
    readings: tuple[tuple[str | None, int | None, str], ...]


class SameUnderAll(Statement, code="claim.same_under_all"):
    """The claim holds, or does not, whatever the number is; readings: metric or None, folds or None."""

    readings: tuple[tuple[str | None, int | None], ...]


class ToleranceWidened(Statement, code="claim.tolerance_widened"):
    """Judged by a wider tolerance, one test case and the rounding, as no smaller difference means anything."""

    used: float


class ToleranceCustomary(Statement, code="claim.tolerance_customary"):
    """Nobody declared a tolerance: it is the customary one of bounded scores, in the metric's own unit."""

    tolerance: float


class UndefinedFolds(Statement, code="claim.undefined_folds"):
    """Some folds have no defined score."""

    undefined: int
    folds: int


class LesserEvidence(Statement, code="claim.lesser_evidence"):
    """Ours differs, but that may not be about the paper: another method or protocol, or a number not read there."""

    doubts: tuple[Doubt, ...]


class ProtocolDiffers(Statement, code="claim.protocol_differs"):
    """Equal to the printed decimals, under another protocol than the paper's."""


class AggregationDiffers(Statement, code="claim.aggregation_differs"):
    """The paper's number is a fold mean and ours is pooled, or the reverse."""

    published: str
    ours: str


class SeedsOnly(Statement, code="claim.seeds_only"):
    """Only seeds vary: the verdict holds for these splits and rows."""


class UnstableFamilies(Statement, code="claim.unstable_families"):
    """The test errs more often than its level for these families; errs: in up to so many samples, simulated."""

    families: tuple[str, ...]
    measured_on: str
    errs: float


class ByHalves(Statement, code="claim.by_halves"):
    """Another sample was looked for in so many `pairs` of disjoint halves of the rows."""

    pairs: int


# What chance can do to ours minus published.


class NothingDrawn(Statement, code="claim.nothing_drawn"):
    """The protocol draws no split and the family no seed; protocol: None where several datasets have their own."""

    protocol: str | None


class SameSplits(Statement, code="claim.same_splits"):
    """The paper's own splits, and a family that draws nothing."""


class SameSplitsAgree(Statement, code="claim.same_splits_agree"):
    """The same splits, and so many runs with other seeds agree."""

    runs: int


class SeedNotMeasured(Statement, code="claim.seed_not_measured"):
    """One run of a family that takes a seed, or is tuned on drawn folds."""


class Repeats(Statement, code="claim.repeats"):
    """The error was estimated from so many repeats of the protocol."""

    differs: Differs
    repeats: int


class PaperSpread(Statement, code="claim.paper_spread"):
    """The paper's own spread is part of the error: kind sd, se or ci95, over n folds, repeats or seeds."""

    kind: str
    over: str
    n: int


class AsPaperVaries(Statement, code="claim.as_paper_varies"):
    """So many runs of ours are taken to vary like those of the paper."""

    runs: int
    kind: str
    over: str
    n: int


class PaperSpreadZero(Statement, code="claim.paper_spread_zero"):
    """One run here, and a printed spread of zero: no error is known."""

    kind: str
    over: str
    n: int


class DrawsAgree(Statement, code="claim.draws_agree"):
    """A few draws agree to the last digit, so that no spread can be estimated."""

    draws: int
    of: Literal["values", "differences", "mean ranks"] = "values"


class SomeDrawsAgree(Statement, code="claim.some_draws_agree"):
    """On some of the datasets of a mean all draws agree."""


class OneSplit(Statement, code="claim.one_split"):
    """One split shows no spread over splits."""


class OneRepeat(Statement, code="claim.one_repeat"):
    """One repeat: its error is bounded by the spread of folds."""


class OtherSample(Statement, code="claim.other_sample"):
    """The published number is of another sample of the population: both have sampling error."""


class OtherSampleUnknown(Statement, code="claim.other_sample_unknown"):
    """Another sample and one test set: no error is known for this metric."""


class BinomialErrors(Statement, code="claim.binomial_errors"):
    """Another sample, one test set on each side: both have a binomial error."""


class Arithmetic(Statement, code="claim.arithmetic"):
    """The number follows by arithmetic from the external scores, or from the paper's own table."""

    on: Literal["scores", "table"]


class SeedsNotSplits(Statement, code="claim.seeds_not_splits"):
    """External repeats are seeds on the same splits; the claim does not declare its number to be of these splits."""


class OneExternalScore(Statement, code="claim.one_external_score"):
    """One external score: what its split and seed change was not measured."""


class SizesUnknown(Statement, code="claim.sizes_unknown"):
    """The sizes of the training and test sets are not known: no error is."""


class MeanOverDatasets(Statement, code="claim.mean_over_datasets"):
    """The error of a mean over datasets; the next reasons are where those of the datasets come from."""

    datasets: int


class Rankings(Statement, code="claim.rankings"):
    """The error of a mean rank was estimated from so many rankings."""

    rankings: int
    families: int
    datasets: int


class OneRanking(Statement, code="claim.one_ranking"):
    """One ranking shows no spread over splits."""


class RankErrorUnknown(Statement, code="claim.rank_error_unknown"):
    """Another sample of the population: no error of a mean rank is known."""


class DrawsCounted(Statement, code="claim.draws_counted"):
    """So many of so many draws are below the threshold; published: draws of the paper, None: taken to be ours."""

    hits: int
    draws: int
    published: int | None


class OneDraw(Statement, code="claim.one_draw"):
    """One draw shows no share."""


class DenominatorVaries(Statement, code="claim.denominator_varies"):
    """The denominator of a ratio varies too much: variation and most as shares of it."""

    metric: str
    family: str
    variation: float
    most: float


class CountsAlone(Statement, code="claim.counts_alone"):
    """A statistic rests on the numbers of datasets and families alone."""

    datasets: int
    families: int


class StatisticErrorUnknown(Statement, code="claim.statistic_error_unknown"):
    """A statistic of scores whose error is not known: fitted here, or external and not declared as the paper's own."""

    made: Literal["fitted", "external"]


class SignIgnored(Statement, code="claim.sign_ignored"):
    """A statistic was compared without its sign, which is a convention."""


class TiesHidden(Statement, code="claim.ties_hidden"):
    """So many datasets have equal printed values that need not be equal before rounding."""

    datasets: int


class OtherSplitsPossible(Statement, code="claim.other_splits_possible"):
    """Equal to the printed decimals, but other splits or seeds could have differed."""


# Families compared.


class NoErrorRate(Statement, code="claim.no_error_rate"):
    """No error rate exists; where: for a pooled score or a single split, for runs on one test set; None: as before."""

    where: Literal["one_score", "runs_on_one_test_set"] | None = None


class NoErrorRateExternal(Statement, code="claim.no_error_rate_external"):
    """No error rate exists for these external scores, and what they lack for one."""

    lacks: Literal["one_score", "seeds_only", "one_seed", "one_row", "sizes", "one_test_set"]


class Probabilities(Statement, code="claim.probabilities"):
    """The probabilities that the family is better, practically equal (within the margin) and worse."""

    better: float
    within: float
    worse: float
    margin: float


class ConstantDifference(Statement, code="claim.constant_difference"):
    """Every fold shows the same difference."""

    difference: float


class SignedRanks(Statement, code="claim.signed_ranks"):
    """On how many datasets the family is better, on how many equal, and the signed-rank statistic.

    exact: its p is from all sign patterns, not from the normal distribution.
    """

    better: int
    equal: int
    datasets: int
    statistic: float
    exact: bool


class FewDatasets(Statement, code="claim.few_datasets"):
    """With so few datasets p cannot be small enough; needed: so many could decide."""

    datasets: int
    least_p: float
    needed: int


class DirectionShown(Statement, code="claim.direction_shown"):
    """The family is better, with this p-value."""

    p: float


class DirectionOpen(Statement, code="claim.direction_open"):
    """The direction is not decided."""

    p: float


class OtherWayRound(Statement, code="claim.other_way_round"):
    """The other family is better; p: None where no error rate exists."""

    p: float | None


class Equivalent(Statement, code="claim.equivalent"):
    """The two families are practically equal, which refutes that one is better."""

    margin: float


class EquivalenceShown(Statement, code="claim.equivalence_shown"):
    """The families are practically equal; p: the larger of two one-sided tests."""

    p: float


class EquivalenceOpen(Statement, code="claim.equivalence_open"):
    """The interval crosses the margin; p: the larger of two one-sided tests."""

    p: float


class Apart(Statement, code="claim.apart"):
    """The families lie apart by more than the margin."""

    margin: float


class DirectionWithoutSize(Statement, code="claim.direction_without_size"):
    """The direction holds, and its claimed size does not, or is open."""

    size: Literal["differs", "open"]


class BeatsAll(Statement, code="claim.beats_all"):
    """The family beats each of the others."""

    others: int
    closest: str


class Beaten(Statement, code="claim.beaten"):
    """These families beat it, after Holm over all others; others: None where no test was made."""

    by: tuple[str, ...]
    others: int | None


class NotShownToBeat(Statement, code="claim.not_shown_to_beat"):
    """Nothing beats the family, and it is not shown to beat these."""

    families: tuple[str, ...]


class Closest(Statement, code="claim.closest"):
    """The rival with the closest score."""

    family: str


class RivalsMissing(Statement, code="claim.rivals_missing"):
    """The family is the best of those that ran; these did not."""

    families: tuple[str, ...]


class RankingsCompared(Statement, code="claim.rankings_compared"):
    """The claimed ranking beside ours, and their Kendall tau-b; None where one of them has only ties.

    p: the chance that a random order of so many families agrees as well.
    """

    claimed: str
    ours: str
    tau: float | None
    p: float | None
    families: int


class PairContradicted(Statement, code="claim.pair_contradicted"):
    """A pair of a ranking is not as claimed: they lie apart, are equal within the margin, or are reversed."""

    pair: str
    relation: Literal["apart", "equal", "reversed"]
    margin: float


class PairsNotShown(Statement, code="claim.pairs_not_shown"):
    """These pairs of a ranking are not shown."""

    pairs: tuple[str, ...]


class PairsHold(Statement, code="claim.pairs_hold"):
    """Each of so many neighbouring pairs holds."""

    pairs: int


class Holm(Statement, code="claim.holm"):
    """The p-values are adjusted by Holm over so many pairs or others."""

    tests: int
    of: Literal["pairs", "others"]


class CannotContradict(Statement, code="claim.cannot_contradict"):
    """So few datasets can show a pair as claimed, but not reversed after Holm."""

    datasets: int
    pairs: int


class RankLeft(Statement, code="claim.rank_left"):
    """The ranks that the tests leave: the claimed one alone (`holds`), others (`outside`), or several (`open`)."""

    claimed: Literal["holds", "outside", "open"]
    low: int
    high: int
    families: int


class TiesWithin(Statement, code="claim.ties_within"):
    """Differences within the margin count as ties."""

    margin: float


#: The status that a statement brings where its claim could not be judged; all others: missing.
STATUSES: dict[type[Statement], Status] = {
    NotAttempted: Status.NOT_ATTEMPTED,
    CellsFailed: Status.FAILED,
    StatisticFailedCells: Status.FAILED,
    NoSuchCount: Status.IMPOSSIBLE,
    NoSuchFoldMean: Status.IMPOSSIBLE,
    NoSuchTable: Status.IMPOSSIBLE,
    StatisticTooLarge: Status.IMPOSSIBLE,
}
#: The cause that a statement brings where its claim is left open.
CAUSES: dict[type[Statement], Cause] = {
    NoiseFloor: Cause.NOISE_FLOOR,
    AmbiguousSpread: Cause.AMBIGUOUS,
    AmbiguousNumber: Cause.AMBIGUOUS,
    SeedNotMeasured: Cause.SEED,
    OneSplit: Cause.ONE_SPLIT,
    OneRanking: Cause.ONE_SPLIT,
    OneExternalScore: Cause.ONE_SPLIT,
    OutsideButOpen: Cause.NO_ERROR,
    PaperSpreadZero: Cause.NO_ERROR,
    DrawsAgree: Cause.NO_ERROR,
    OtherSampleUnknown: Cause.NO_ERROR,
    SizesUnknown: Cause.NO_ERROR,
    RankErrorUnknown: Cause.NO_ERROR,
    DenominatorVaries: Cause.NO_ERROR,
    StatisticErrorUnknown: Cause.NO_ERROR,
    NoErrorRate: Cause.NO_ERROR,
    NoErrorRateExternal: Cause.NO_ERROR,
    FewDatasets: Cause.FEW_DATASETS,
}
#: Statements of judgements in which nothing was drawn: everybody with these data gets these numbers.
WITHOUT_DRAWS = (Arithmetic, NothingDrawn, SameSplits)
#: Statements that give a p-value.
WITH_P = (DirectionShown, DirectionOpen, OtherWayRound, EquivalenceShown, EquivalenceOpen)


def cause_of(agreement: Agreement | None, reasons: Iterable[Statement]) -> Cause | None:
    """The cause of an attempted claim that does not hold; None for one that holds."""
    reasons = tuple(reasons)
    if agreement is None or agreement.holds:
        return None
    if agreement == Agreement.DIRECTION_REPRODUCED:
        return Cause.SIZE
    if agreement == Agreement.DIFFERS:
        doubt = next((one.doubts[0] for one in reasons if isinstance(one, LesserEvidence)), None)
        if doubt is not None:
            return Cause(doubt)
        return Cause.EQUIVALENT if any(isinstance(one, Equivalent) for one in reasons) else Cause.REFUTED
    causes = {CAUSES.get(type(one)) for one in reasons}
    return next((cause for cause in Cause if cause in causes), Cause.OPEN)
