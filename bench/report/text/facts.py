"""Why there is no interval, in a few words."""

from __future__ import annotations

from bench.study.protocol import Resampling

WITHOUT_FOLDS = "the scores are given, without their folds"
SAME_ROWS = "the same rows in every run"
ONE_SPLIT = "one random split"
POOLED_ONCE = "pooled over the folds of one repeat"
POOLED = "scores are pooled over folds"
SAME_SCORES = "the same on every fold"
#: At least half of the test sets are one row.
ONE_BY_ONE = "rows are tested one by one"
FEW_SPLITS = "too few splits to estimate one"


def no_split_drawn(resampling: Resampling) -> str:
    """What there is in the place of splits that are drawn."""
    if resampling.row_by_row:
        return "leave-one-out gives one result"
    if resampling.in_time:
        return "the split follows time"
    if resampling.one_split:
        return "one fixed training and test split, one run"
    return "the folds came with the data"
