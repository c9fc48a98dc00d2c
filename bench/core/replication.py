"""The rows of the replication tables, one frozen dataclass for each schema of `REPLICATION`, and their codes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bench.core.frames import of_row


class NoIntervalReason(StrEnum):
    """Why the share of claims that hold has no interval."""

    NO_ERROR_RATE = "no_error_rate"
    FEW_CLAIMS = "few_claims"
    ONE_DATASET = "one_dataset"
    OVER_DATASETS = "over_datasets"


class UndefinedReason(StrEnum):
    """Why a coefficient of published numbers against ours does not exist."""

    TOO_FEW = "too_few"
    CONSTANT = "constant"
    ONE_DATASET = "one_dataset"


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    """One row for all claims (`kind` to `unit` null), then, where there are several, one for each kind, metric, side
    and unit. `claims` on `datasets`; `attempted`: those that were judged, by agreement, and `held`: the share of them
    that is exact or reproduced; the same of those `with_error_rate`, with an interval (low, high) clustered by dataset,
    or the code why there is none (`NoIntervalReason`).
    """

    kind: str | None
    metric: str | None
    side: str | None
    unit: str | None
    claims: int
    datasets: int
    attempted: int
    attempted_datasets: int
    exact: int
    reproduced: int
    direction_reproduced: int
    consistent: int
    unclear: int
    differs: int
    held: float | None
    with_error_rate: int
    with_error_rate_datasets: int
    held_with_error_rate: float | None
    low: float | None
    high: float | None
    no_interval: NoIntervalReason | None


@dataclass(frozen=True, kw_only=True)
class RefutationRow:
    """One row a claim that a test could refute. `subject`: claims of one number ask one question of our scores and are
    one test; `p_adjusted`: after Holm over the subjects. `refuted`: ours differs; `after_holm`: and
    p_adjusted is below the study's level of refutation.
    """

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
    """Published numbers beside ours, a family on a dataset counting once: one row a metric, side and unit over all
    datasets (`dataset` null), and, where there are several, one for each dataset with two numbers or more. `tau`:
    Kendall's tau-b; `tau_within`: of the pairs that share their dataset; `concordance`: Lin's. Each is null with the
    code why (`UndefinedReason`). `effects`: how many published differences between two families, on
    `effect_datasets`; the median and the quartiles of our difference over the published one, and the share of them
    above 0. All but tau are null on one dataset's row.
    """

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
    """One row a metric, side, unit and tolerance (in the claim's unit) at which the share `held` of published numbers
    rises, and one at zero; of all `claims` whose smallest tolerance is known.
    """

    metric: str | None
    side: str
    unit: str | None
    tolerance: float
    held: float
    claims: int
    datasets: int


@dataclass(frozen=True, kw_only=True)
class EffectRow:
    """One row a published difference between two families on one dataset: `ratio`, ours over the published one, with
    the interval of ours where an error rate exists; `claims`: how many claims have the two numbers.
    """

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
    """One row a `best` claim on one dataset: by how much the best number of so many equally good `families` is too
    good, `expected_max` in standard errors, `selection_bias` in the claim's unit (null where the spread is not known).
    """

    claim: str
    metric: str
    side: str
    unit: str | None
    dataset: str
    family: str
    families: int
    expected_max: float
    selection_bias: float | None


#: The summary of a study's claims, as six tables of the claims that are counted. Shares are fractions; of several
#: forms of one table the first is the dataset.
REPLICATION = {
    "replication_groups": of_row(GroupRow),
    "replication_refutations": of_row(RefutationRow),
    "replication_numbers": of_row(NumbersRow),
    "replication_tolerances": of_row(ToleranceRow),
    "replication_effects": of_row(EffectRow),
    "replication_selection": of_row(SelectionRow),
}
