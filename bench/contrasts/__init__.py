"""Two numbers held against each other: the gain, what chance may do to it, or why nobody knows.

laws        Student, Halves, SignedRanks, TestRows, Unspread: what chance may do to a gain
contrast    a gain with its law: every interval and every p
growth      what more repeats make of a standard error
compare     two models on folds, by independent means, over datasets
"""

from bench.contrasts.compare import (
    compare,
    compare_folds,
    compare_independent,
    compare_over,
)
from bench.contrasts.contrast import Contrast, Side
from bench.contrasts.growth import Growth, welch_df
from bench.contrasts.laws import (
    Ends,
    Halves,
    Law,
    SignedRanks,
    Student,
    TestRows,
    Unspread,
)
from bench.core.comparisons import Method, WhyNot

__all__ = [
    "Contrast", "Ends", "Growth", "Halves", "Law", "Method", "Side", "SignedRanks",
    "Student", "TestRows", "Unspread", "WhyNot", "compare", "compare_folds",
    "compare_independent", "compare_over", "welch_df",
]  # fmt: skip
