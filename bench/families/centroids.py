"""Nearest shrunken centroids: each class is its mean, pulled towards the mean of all.

Where all classes are exactly equal in number scikit-learn's labels go by the plain distance, its probabilities by that
in units of the spread within classes, as the method has it: there a row near a border can have a label that is not its
most probable class. Scaled features keep the two close.
"""

from __future__ import annotations

from bench.families.family import Family, Setup

SHRUNKEN_CENTROIDS = Family(
    name="shrunken_centroids",
    title="Shrunken centroids",
    short="NSC",
    setups={
        "classification": Setup(
            "sklearn.neighbors.NearestCentroid",
            # The classes' shares, as the method has it.
            {"priors": "empirical"},
            grid={"shrink_threshold": (None, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)},
            alone={"shrink_threshold": None},
        )
    },
    preprocess=("impute", "encode", "scale"),
    source=(
        "the method is that of Tibshirani, Hastie, Narasimhan & Chu (2002), Diagnosis of multiple cancer types by "
        "shrunken centroids of gene expression; the thresholds, from none to where few features are left, are "
        "bench's"
    ),
    kind="discriminant",
    how=(
        "Each class is the mean of its rows, and a new row goes to the nearest. If the class means of a "
        "feature lie close to its overall mean, the feature counts as noise: its class means are set to the overall "
        "mean, and it no longer matters."
    ),
    fails=(
        "Features that repeat each other are counted several times, and two that matter only together are not seen. "
        "A class of several clusters has its mean where none of its rows may be."
    ),
    knobs={
        "shrink_threshold": (
            "How far every class mean is moved towards the mean of all, in standard errors: none keeps all features, "
            "large values leave few or none."
        ),
    },
)
