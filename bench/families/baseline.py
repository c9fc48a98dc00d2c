"""The baseline: what can be reached without looking at the features."""

from __future__ import annotations

from bench.families.family import Family, Setup

BASELINE = Family(
    name="baseline",
    title="Baseline",
    short="Base",
    setups={
        "classification": Setup(
            "sklearn.dummy.DummyClassifier", alone={"strategy": "prior"}
        ),
        "regression": Setup(
            "sklearn.dummy.DummyRegressor", alone={"strategy": "mean"}, output="value"
        ),
    },
    preprocess=("encode",),
    source="no candidates",
    kind="baseline",
    how=(
        "It ignores the features. It predicts the most frequent class of the training rows, with the shares of the "
        "classes as probabilities, or the mean of the training target."
    ),
    fails=(
        "It learns nothing from the features. A model that does not clearly beat it has learned nothing that helps."
    ),
    knobs={
        "strategy": "What it predicts: prior or most_frequent in classification, mean or median in regression."
    },
    takes_missing=True,
)
