"""Scores -> comparisons: each family with its interval, each pair with its test, all families over many datasets.

run_all       every table of a study
rows          a row of each table
on_dataset    pairs on one dataset, over its folds; what the design can see
over_datasets pairs and ranks over datasets, the dataset being the unit
one_test_set  pairs on the rows of one test set, each predicted by one held-out fit
"""

from bench.comparisons.run_all import Comparisons, comparisons

__all__ = ["Comparisons", "comparisons"]
