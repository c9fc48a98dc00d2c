"""Two numbers held against each other: the gain, what chance may do to it, or why nobody knows.

laws          Student, HalvesLaw, RanksLaw, RowsLaw, Unspread: what chance may do to a gain
contrast      a gain with its law: every interval and every p
growth        what more repeats make of a standard error
two_models    two models on folds, by independent means, over datasets
one_test_set  two models on the rows of one test set
"""

from bench.contrasts.contrast import Contrast, TestSide
from bench.contrasts.growth import ErrorGrowth, welch_df
from bench.contrasts.laws import (
    HalvesLaw,
    Law,
    LowHigh,
    RanksLaw,
    RowsLaw,
    Student,
    Unspread,
)
from bench.contrasts.two_models import (
    compare,
    compare_folds,
    compare_independent,
    compare_over,
)
from bench.core.comparisons import Method, WhyNot

__all__ = [
    "Contrast",
    "ErrorGrowth",
    "HalvesLaw",
    "Law",
    "LowHigh",
    "Method",
    "RanksLaw",
    "RowsLaw",
    "Student",
    "TestSide",
    "Unspread",
    "WhyNot",
    "compare",
    "compare_folds",
    "compare_independent",
    "compare_over",
    "welch_df",
]  # fmt: skip
