"""Naive Bayes: every feature judged on its own."""

from __future__ import annotations

from bench.families.family import Family, Setup

NAIVE_BAYES = Family(
    name="naive_bayes",
    title="Gaussian naive Bayes",
    short="NB",
    setups={
        "classification": Setup(
            "sklearn.naive_bayes.GaussianNB",
            grid={"var_smoothing": tuple(float(f"1e{power}") for power in range(-9, 1))},
            alone={"var_smoothing": 1e-9},
        )
    },
    preprocess=("impute", "encode", "scale"),
    source="bench: one value a decade from scikit-learn's default, 1e-9, to 1",
    kind="bayes",
    how=(
        "For each class and feature it notes the mean and the spread, and multiplies how probable each value is, "
        "as if the features had nothing to do with each other within a class."
    ),
    fails="Features that repeat each other are counted several times, which makes its probabilities far too sure. It "
    "cannot see that two features matter together.",
    knobs={"var_smoothing": "A share of the largest variance that is added to all: it blurs every class a little."},
)
