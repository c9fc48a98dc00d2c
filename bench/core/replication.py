"""The rows of the replication tables, one frozen dataclass for each schema of `frames.REPLICATION`, and their codes.

The fields are the columns, described beside the schemas.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoIntervalReason(StrEnum):
    """Why the share of claims that hold has no interval."""

    NO_ERROR_RATE = "no_error_rate"
    FEW_CLAIMS = "few_claims"
    ONE_DATASET = "one_dataset"


class UndefinedReason(StrEnum):
    """Why a coefficient of published numbers against ours does not exist."""

    TOO_FEW = "too_few"
    CONSTANT = "constant"
    ONE_DATASET = "one_dataset"


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    """A row of frames.REPLICATION_GROUPS."""

    kind: str | None
    metric: str | None
    side: str | None
    unit: str | None
    claims: int
    datasets: int
    exact: int
    reproduced: int
    direction_reproduced: int
    not_reproduced: int
    inconclusive: int
    not_testable: int
    judged: int
    judged_datasets: int
    held: float | None
    with_error_rate: int
    with_error_rate_datasets: int
    held_with_error_rate: float | None
    low: float | None
    high: float | None
    no_interval: NoIntervalReason | None


@dataclass(frozen=True, kw_only=True)
class MissRow:
    """A row of frames.REPLICATION_MISSES."""

    cause: str
    claims: int


@dataclass(frozen=True, kw_only=True)
class RefutationRow:
    """A row of frames.REPLICATION_REFUTATIONS."""

    claim: str
    kind: str
    metric: str | None
    side: str
    unit: str | None
    dataset: str | None
    family: str | None
    against: str | None
    subject: int
    p: float
    p_adjusted: float
    refuted: bool
    after_holm: bool


@dataclass(frozen=True, kw_only=True)
class NumbersRow:
    """A row of frames.REPLICATION_NUMBERS."""

    metric: str | None
    side: str
    unit: str | None
    dataset: str | None = None
    numbers: int
    datasets: int
    tau: float | None = None
    tau_undefined: UndefinedReason | None = None
    tau_within: float | None = None
    tau_within_undefined: UndefinedReason | None = None
    concordance: float | None = None
    concordance_undefined: UndefinedReason | None = None
    effects: int | None = None
    effect_datasets: int | None = None
    effect_median: float | None = None
    effect_lower: float | None = None
    effect_upper: float | None = None
    effect_same_way: float | None = None


@dataclass(frozen=True, kw_only=True)
class ToleranceRow:
    """A row of frames.REPLICATION_TOLERANCES."""

    metric: str | None
    side: str
    unit: str | None
    tolerance: float
    held: float
    claims: int
    datasets: int


@dataclass(frozen=True, kw_only=True)
class EffectRow:
    """A row of frames.REPLICATION_EFFECTS."""

    metric: str | None
    side: str
    unit: str | None
    dataset: str | None
    family: str
    against: str
    ratio: float
    low: float | None
    high: float | None
    claims: int


@dataclass(frozen=True, kw_only=True)
class SelectionRow:
    """A row of frames.REPLICATION_SELECTION."""

    claim: str
    metric: str
    side: str
    unit: str | None
    dataset: str
    family: str
    families: int
    expected_max: float
    selection_bias: float | None
