"""ROC, precision-recall and calibration curves of the families that are drawn; of a regression, how it fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from bench.core.by_row import (
    BIN_ROWS,
    GRID,
    MOST_BINS,
    CalibrationCurve,
    RankingCurve,
    RegressionFit,
)
from bench.run.seeds import seed_of
from bench.scores.compute import DatasetClasses, predicted
from bench.stats.calibration import calibration, draws_at, reliability
from bench.stats.misses import residual_bands
from bench.stats.ranking import mean_curves

#: Bins of the residuals over the prediction.
BANDS = 10


def ranking_curves(
    dataset: str, family: str, part: pl.DataFrame, classes: DatasetClasses
) -> Iterator[RankingCurve]:
    """The mean curves of a family's test rows; none where it gives no scores, or every fold lacks a class."""
    for kind, one in mean_curves(_folds(part, classes), _codes(classes)).items():
        yield RankingCurve(
            dataset,
            family,
            kind,
            one.x.tolist(),
            one.mean.tolist(),
            one.sd.tolist(),
            one.area,
            one.area_sd,
            one.folds,
            one.left_out,
            one.base,
        )


def _codes(classes: DatasetClasses) -> Sequence[int]:
    """The classes that are set against the rest: the positive one alone of two."""
    names = classes.names
    if len(names) != 2:
        return range(len(names))
    return [names.index(classes.positive if classes.positive is not None else names[1])]


def _folds(
    part: pl.DataFrame, classes: DatasetClasses
) -> list[tuple[np.ndarray, np.ndarray]]:
    """(truth codes, scores) of each fold; empty where the family gives no scores on some row."""
    if all(part[name].null_count() for name in ("p", "decision")):
        return []
    part = part.sort("repeat", "fold", "row")
    whole = predicted(part, classes)
    scores = whole.scores()
    assert scores is not None
    ends = np.cumsum(
        part.group_by("repeat", "fold", maintain_order=True).len()["len"].to_numpy()
    )[:-1]
    return list(zip(np.split(whole.truth, ends), np.split(scores, ends), strict=True))


def calibration_curve(
    dataset: str, family: str, first: pl.DataFrame, study: str, alpha: float
) -> CalibrationCurve:
    """The reliability curve of the predicted labels of a family, and its calibration error as the finding has it.

    first: its test rows of the first repeat, with probabilities, at least 2 * BIN_ROWS; alpha: the level of its test.
    """
    confidence = np.clip(first["p"].list.max().to_numpy(), 0.0, 1.0)
    right = (first["label"] == first["truth"]).to_numpy()
    curve = reliability(confidence, right, bins=min(MOST_BINS, len(right) // BIN_ROWS))
    seed = seed_of("calibration", study, dataset, family)
    whole = calibration(
        confidence, right, seed=seed, draws=draws_at(alpha), alpha=alpha
    )
    return CalibrationCurve(
        dataset,
        family,
        hard_votes=False,
        error=whole.error,
        level=whole.level,
        limit=whole.limit if whole.limit < float("inf") else None,
        excess=whole.excess,
        said=curve.said.tolist(),
        came=curve.came.tolist(),
        low=curve.low.tolist(),
        high=curve.high.tolist(),
        n=curve.n.tolist(),
    )


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
    bands = residual_bands(truth, value, bins=BANDS)
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
