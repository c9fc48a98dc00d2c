"""The rows of the comparison tables, one frozen dataclass for each schema of `frames.COMPARISONS`.

The fields are the columns, described beside the schemas.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class EstimateRow:
    """A row of frames.ESTIMATES."""

    dataset: str
    family: str
    metric: str
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    fallbacks: int = 0
    first_low: float | None = None
    first_high: float | None = None
    with_fallback: float | None = None
    complete_cases: float | None = None


@dataclass(frozen=True, kw_only=True)
class PairRow:
    """A row of frames.PAIRS."""

    dataset: str
    family: str
    against: str
    metric: str
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    p_less: float | None = None
    p_rope: float | None = None
    p_greater: float | None = None
    resolution: float | None = None
    resolution_limit: float | None = None
    repeats_help: bool | None = None
    repeats_to_decide: int | None = None
    fallbacks: int = 0


@dataclass(frozen=True, kw_only=True)
class TestSetPairRow:
    """A row of frames.TEST_SET_PAIRS."""

    __test__ = False  # no test class, whatever its name begins with

    dataset: str
    family: str
    against: str
    metric: str
    test: str
    difference: float
    low: float | None = None
    high: float | None = None
    p: float
    p_adjusted: float | None = None


@dataclass(frozen=True, kw_only=True)
class OverDatasetsRow:
    """A row of frames.PAIRS_OVER_DATASETS."""

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
    least_p: float
    least_p_adjusted: float | None = None
    p_less: float | None = None
    p_rope: float | None = None
    p_greater: float | None = None
    below: int
    within: int
    above: int
    share_above: float
    share_low: float
    share_high: float
    sign_above: int
    sign_p: float
    sign_p_adjusted: float | None = None
    rank_difference: float | None = None
    rank_z: float | None = None
    rank_p: float | None = None
    nemenyi_p: float | None = None
    shaffer_p: float | None = None
    fallbacks: int = 0


@dataclass(frozen=True, kw_only=True)
class RankRow:
    """A row of frames.RANKS."""

    family: str
    metric: str
    mean_rank: float | None = None
    low: float | None = None
    high: float | None = None
    first: float | None = None
    stays_first: float | None = None
    fallbacks: int = 0
    with_fallback: float | None = None
    complete_cases: float | None = None


@dataclass(frozen=True, kw_only=True)
class OmnibusRow:
    """A row of frames.OMNIBUS."""

    metric: str
    datasets: int
    datasets_needed: int
    least_p: float
    least_p_adjusted: float
    friedman_chi2: float | None = None
    friedman_chi2_p: float | None = None
    friedman_chi2_tie_corrected: float | None = None
    friedman_f: float | None = None
    friedman_f_p: float | None = None
    critical_difference: float | None = None
    critical_difference_to_one: float | None = None
    fallbacks: int = 0
