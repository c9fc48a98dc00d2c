"""Explanations that read another number from the same predictions: nothing is fitted for them."""

from __future__ import annotations

from bench.run.variants.explanation import Explanation

TRAIN = Explanation(
    "train_score",
    "error",
    "the training score",
    "the score on the training rows was printed",
    reads="train",
)
AGGREGATION = Explanation(
    "aggregation",
    "valid",
    "folds aggregated differently",
    "predictions were scored together where the study averages folds, or the reverse",
    reads="aggregation",
)
TIES = Explanation(
    "ties",
    "valid",
    "ties broken differently",
    "where two classes had the same probability, the other one was predicted",
    reads="ties",
)
