"""Why two numbers are not tested against each other, in words."""

from bench.core.comparisons import WhyNot

#: What follows "not tested" and "no error rate".
WHY_NOT = {
    WhyNot.NO_SCORE: "one of them lacks a score",
    WhyNot.NO_FOLDS: "the scores are given without their folds",
    WhyNot.SINGLE_ROWS: "rows are tested one by one",
    WhyNot.POOLED: "scores are pooled over folds",
    WhyNot.ONE_SPLIT: "one split: another could say the opposite",
    WhyNot.FEW_SPLITS: "too few splits, or splits of unknown size",
    WhyNot.ROWS_IN_TIME: "test rows follow each other in time",
    WhyNot.GROUPED_ROWS: "test rows come in groups",
    WhyNot.ONE_SEED: "one run of a model that takes a seed",
    WhyNot.SEEDS_ALONE: "seeds alone vary, on one test set",
    WhyNot.NO_PREDICTIONS: "predictions of single rows are missing",
    WhyNot.NO_ROW_TEST: "this metric has no test on the rows of one test set",
    WhyNot.NO_VARIANCE: "the scores leave the test without a variance",
    WhyNot.EQUAL_DIFFERENCES: "a few equal differences: no standard error is known",
    WhyNot.OTHER_TARGET: "scores are about something else now",
    WhyNot.OTHER_AGGREGATION: "what is pooled over folds and a mean of folds are two numbers under one name",
    WhyNot.NO_ERROR_RATE: "one split, pooled scores, single test rows or folds of unknown size have no error rate",
}
