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
            grid={
                "var_smoothing": tuple(float(f"1e{power}") for power in range(-9, 1))
            },
            alone={"var_smoothing": 1e-9},
        )
    },
    preprocess=("impute", "encode", "scale"),
    source="bench: one value a decade from scikit-learn's default, 1e-9, to 1",
    kind="bayes",
    how=(
        "For each class and feature it estimates a normal distribution, and multiplies the densities as if the "
        "features were independent within a class."
    ),
    fails="Correlated features are counted several times, which makes its probabilities too extreme. It cannot use "
    "interactions of features.",
    knobs={
        "var_smoothing": "A share of the largest variance that is added to all variances."
    },
)
