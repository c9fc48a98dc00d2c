"""The rows of the comparison tables, one frozen dataclass for each schema of `COMPARISONS`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bench.core.frames import of_row


class SampleKind(StrEnum):
    """What a test takes for its sample: repeats of an experiment (folds, draws, seeds), the rows of one test set, or
    datasets."""

    REPEATS = "repeats"
    ROWS = "rows"
    DATASETS = "datasets"


class Method(StrEnum):
    """How an interval or a p-value was computed.

    CORRECTED_T is that of Nadeau and Bengio, CORRECTED_T_MIX with the variance of the class mix. SHARP and
    CONSERVATIVE_Z rest on disjoint halves of the rows. T_OVER_DRAWS and T_OVER_SEEDS are Student's, of independent
    draws of a simulation and of runs with other seeds on one split. MCNEMAR (with Tango's interval) and DELONG are of
    the rows of one fixed test set. WELCH is of independent means, SIGNED_RANKS of means over datasets.
    """

    CORRECTED_T = "corrected_t"
    CORRECTED_T_MIX = "corrected_t_mix"
    SHARP = "sharp"
    CONSERVATIVE_Z = "conservative_z"
    T_OVER_DRAWS = "t_over_draws"
    T_OVER_SEEDS = "t_over_seeds"
    MCNEMAR = "mcnemar"
    DELONG = "delong"
    WELCH = "welch"
    SIGNED_RANKS = "signed_ranks"

    @property
    def sample(self) -> SampleKind:
        """What the test takes for its sample."""
        if self in (Method.MCNEMAR, Method.DELONG):
            return SampleKind.ROWS
        return (
            SampleKind.DATASETS if self is Method.SIGNED_RANKS else SampleKind.REPEATS
        )


class WhyNot(StrEnum):
    """Why two numbers are not tested against each other: they neither differ significantly nor fail to."""

    NO_SCORE = "no_score"
    NO_FOLDS = "no_folds"
    SINGLE_ROWS = "single_rows"
    POOLED = "pooled"
    ONE_SPLIT = "one_split"
    FEW_SPLITS = "few_splits"
    ROWS_IN_TIME = "rows_in_time"
    GROUPED_ROWS = "grouped_rows"
    ONE_SEED = "one_seed"
    SEEDS_ALONE = "seeds_alone"
    NO_PREDICTIONS = "no_predictions"
    NO_ROW_TEST = "no_row_test"
    NO_VARIANCE = "no_variance"
    EQUAL_DIFFERENCES = "equal_differences"
    OTHER_TARGET = "other_target"
    OTHER_AGGREGATION = "other_aggregation"
    NO_ERROR_RATE = "no_error_rate"


@dataclass(frozen=True, kw_only=True)
class EstimateRow:
    """One row a dataset, family and metric. `mean` is null where the family lacks scores and nothing stands in.
    `method`: how low and high were computed; null where there is no interval.
    `first_low`, `first_high`: bounds of the probability that this family is truly the best of the dataset; of the
    family with the best mean alone, where pairs were tested.
    """

    dataset: str
    family: str
    metric: str
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    method: Method | None = None
    fallbacks: int = 0
    first_low: float | None = None
    first_high: float | None = None


@dataclass(frozen=True, kw_only=True)
class PairRow:
    """One row a dataset, metric and pair of families on the same folds. `test`: what p, low and high are of; `cause`:
    why there is no test; exactly one of them is null. By SHARP (or conservative z, where that says more) p speaks of
    fits on half of the rows (1 where these have the other family ahead), and low and high lie around the difference
    over all rows.
    `p_adjusted`: after Holm over the tested pairs of the
    dataset and metric; p_less, p_rope, p_greater: the Bayesian correlated t test with the ROPE, by SHARP its confidence
    distribution, null of tests on rows. `resolution`: the least difference that would be significant whatever the other
    pairs give, null where it is constant.
    """

    dataset: str
    family: str
    against: str
    metric: str
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    test: Method | None = None
    cause: WhyNot | None = None
    p: float | None = None
    p_adjusted: float | None = None
    p_less: float | None = None
    p_rope: float | None = None
    p_greater: float | None = None
    resolution: float | None = None
    fallbacks: int = 0


@dataclass(frozen=True, kw_only=True)
class OverDatasetsRow:
    """One row a metric and pair of families, over the `datasets` on which both have a mean (the forms of one table are
    one). `difference` with low, high: of Hodges and Lehmann; p, `p_adjusted` (Holm over all pairs): signed ranks, zeros
    split, over all sign patterns where `exact`, else by the normal approximation (beyond 50 differences).
    `least_p_adjusted`: the smallest adjusted p that so many datasets could give. p_less, p_rope, p_greater: Bayesian
    signed ranks with the ROPE. `below`, `within`, `above`: on how many datasets the difference lies so to the ROPE.
    """

    family: str
    against: str
    metric: str
    datasets: int
    difference: float
    low: float | None
    high: float | None
    exact: bool
    p: float
    p_adjusted: float | None = None
    least_p_adjusted: float | None = None
    p_less: float | None = None
    p_rope: float | None = None
    p_greater: float | None = None
    below: int
    within: int
    above: int
    fallbacks: int = 0


@dataclass(frozen=True, kw_only=True)
class RankRow:
    """One row a metric and family. `mean_rank` (1 is best) over the datasets on which every family has a mean, low and
    high from a bootstrap over datasets; null where fewer than two datasets rank the families. `first`: in what share of
    these draws the family has the best mean rank; `stays_first`: the share in which the best mean rank stays with a
    family that has it now, of such a family alone.
    """

    family: str
    metric: str
    mean_rank: float | None = None
    low: float | None = None
    high: float | None = None
    first: float | None = None
    stays_first: float | None = None
    fallbacks: int = 0


@dataclass(frozen=True, kw_only=True)
class OmnibusRow:
    """One row a metric whose families are ranked. `datasets`: on how many all have a mean; `friedman_p` (with three
    families or more) is from the distribution `friedman_null`: `exact` (all orders within datasets) or
    `iman_davenport`.
    """

    metric: str
    datasets: int
    friedman_p: float | None = None
    friedman_null: str | None = None
    fallbacks: int = 0


ESTIMATES = of_row(EstimateRow)
PAIRS = of_row(PairRow)
OMNIBUS = of_row(OmnibusRow)
#: What families come to, as five tables. Means and differences are in the metric's own unit, a difference is family
#: minus against; low, high: an interval at the study's level; p: two-sided; null: not computed, or no error rate
#: exists. `fallbacks`: how many scores behind a row are a baseline's in the place of failed cells.
COMPARISONS = {
    "estimates": ESTIMATES,
    "pairs": PAIRS,
    "pairs_over_datasets": of_row(OverDatasetsRow),
    "ranks": of_row(RankRow),
    "omnibus": OMNIBUS,
}
