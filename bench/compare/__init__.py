"""Scores -> comparisons: each family with its interval, each pair with its test, all families over many datasets.

study         every row of a study
on_dataset    pairs on one dataset, over its folds; what the design can see
over_datasets pairs and ranks over datasets, the dataset being the unit
one_test_set  pairs on the rows of one test set, each predicted by one held-out fit
"""

from bench.compare.run_all import comparisons, metrics_json

__all__ = ["comparisons", "metrics_json"]
