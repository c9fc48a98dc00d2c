"""Short words that several places share: why there is no interval, and how many datasets there are."""

from __future__ import annotations

from bench.text import formats

WITHOUT_FOLDS = "the scores are given, without their folds"
SAME_ROWS = "the same rows in every run"
#: By the resampling that draws no split: what there is in its place.
NO_SPLIT_DRAWN = {
    "fixed_split": "one fixed training and test split, one run",
    "given_folds": "the folds came with the data",
    "leave_one_out": "leave-one-out gives one result",
    "time_ordered": "the split follows time",
}
ONE_SPLIT = "one random split"
POOLED_ONCE = "pooled over the folds of one repeat"
POOLED = "scores are pooled over folds"
SAME_SCORES = "the same on every fold"
#: At least half of the test sets are one row.
ONE_BY_ONE = "rows are tested one by one"
FEW_SPLITS = "too few splits to estimate one"


def no_interval(cause: str) -> str:
    """`no interval: one random split`."""
    return f"no interval: {cause}"


def sets(count: int, forms: int) -> str:
    """`two datasets`, or where some are forms of one table: `two datasets in three forms`."""
    words = f"{formats.spelled(count)} dataset{'' if count == 1 else 's'}"
    return words if count == forms else f"{words} in {formats.spelled(forms)} forms"
