"""How a regression fits: predicted against observed values, and residuals over the prediction."""

from __future__ import annotations

import numpy as np

from bench.core.by_row import GRID, RegressionFit
from bench.stats.misses import residual_bands

BINS = 10


def regression_fit(
    dataset: str, family: str, truth: np.ndarray, value: np.ndarray
) -> RegressionFit:
    """The fit of a family's test predictions; truth, value (n,), n >= 1."""
    low, high = (
        float(min(truth.min(), value.min())),
        float(max(truth.max(), value.max())),
    )
    if high == low:
        high = low + 1
    counts, _, _ = np.histogram2d(
        truth, value, bins=GRID, range=[[low, high], [low, high]]
    )
    bands = residual_bands(truth, value, bins=BINS)
    varies = np.ptp(truth) > 0 and np.ptp(value) > 0
    return RegressionFit(
        dataset,
        family,
        len(truth),
        float(np.corrcoef(truth, value)[0, 1]) if varies else None,
        float((value - truth).mean()),
        float(np.abs(truth).max()),
        low,
        high,
        counts.astype(int).ravel().tolist(),
        bands.at.tolist(),
        bands.quantiles.ravel().tolist(),
        bands.n.tolist(),
    )
