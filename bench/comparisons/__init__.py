"""Scores -> comparisons: each family with its interval, each pair with its test, all families over many datasets.

run_all       every table of a study
on_dataset    pairs on one dataset, with Holm; what the design can see; who is first
over_datasets pairs and ranks over datasets, the dataset being the unit
run_record    what is kept of a judged run
two_runs      two records against each other; moved_scores: which scores moved
"""

from bench.comparisons.run_all import Comparisons, comparisons

__all__ = ["Comparisons", "comparisons"]
