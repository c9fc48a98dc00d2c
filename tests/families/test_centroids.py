"""Shrunken centroids against the formulas of Tibshirani and others (2002), written here a second time."""

from __future__ import annotations

import numpy as np

from bench.families import FAMILIES
from bench.families.pipeline import estimator_of


def shrunken(X: np.ndarray, y: np.ndarray, threshold: float) -> np.ndarray:
    """The class means with d_ik = (mean_ik - mean_i) / (m_k (s_i + s_0)) moved towards 0 by the threshold."""
    classes, whole = np.unique(y), X.mean(axis=0)
    means = np.array([X[y == k].mean(axis=0) for k in classes])
    within = sum(
        ((X[y == k] - mean) ** 2).sum(axis=0)
        for k, mean in zip(classes, means, strict=True)
    )
    s = np.sqrt(within / (len(X) - len(classes)))
    m = np.sqrt([1 / (y == k).sum() - 1 / len(X) for k in classes])[:, None]
    d = (means - whole) / (m * (s + np.median(s)))
    return whole + m * (s + np.median(s)) * np.sign(d) * np.maximum(
        np.abs(d) - threshold, 0
    )


def test_centroids_and_labels_are_those_of_the_method() -> None:
    """Classes of unequal size: labels by distance in units of the spread within classes, less twice the log share."""
    generator = np.random.default_rng(5)
    y = np.repeat([0, 1, 2], (30, 15, 8))
    X = generator.normal(size=(53, 6)) * np.array([1, 2, 3, 1, 2, 3]) + y[
        :, None
    ] * np.array([2, 1, 0, 0, 0, 0])
    fitted = estimator_of(
        FAMILIES["shrunken_centroids"].setups["classification"],
        {"shrink_threshold": 1.0},
        0,
    )
    fitted.fit(X, y)
    centroids = shrunken(X, y, 1.0)
    np.testing.assert_allclose(fitted.centroids_, centroids)
    assert np.ptp(centroids, axis=0).tolist().count(0) >= 2  # features without a say
    s = np.sqrt(sum(X[y == k].var(axis=0) * (y == k).sum() for k in range(3)) / 50)
    score = np.array(
        [(((X - c) / s) ** 2).sum(axis=1) for c in centroids]
    ).T - 2 * np.log(np.bincount(y) / 53)
    assert fitted.predict(X).tolist() == score.argmin(axis=1).tolist()
    np.testing.assert_allclose(
        fitted.predict_proba(X).argmax(axis=1), score.argmin(axis=1)
    )
