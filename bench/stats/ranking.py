"""ROC and precision-recall curves of ranked rows, and their mean over folds.

Scores of different fits are never pooled: each fold has its curve, and curves are averaged upright (vertically), at the
same false-positive rate or recall. For more than two classes a fold's curve is the mean of the one-vs-rest curves.
Source: Fawcett (2006), Pattern Recognition Letters 27, algorithm 3; Davis & Goadrich (2006) for why precision is a
staircase over recall and never a straight line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

CurveKind = Literal["roc", "pr"]
#: Points that a mean curve is taken at: dense where good curves bend.
POINTS = 60


@dataclass(frozen=True)
class Corners:
    """One curve by its corners, left to right, and the area under it.

    ROC: x false-positive rate, y true-positive rate, straight in between. Precision-recall: x recall, y the precision
    of the threshold that first reaches it, a staircase; its area is the average precision.
    """

    x: np.ndarray
    y: np.ndarray
    area: float


@dataclass(frozen=True)
class MeanCurve:
    """A curve averaged over folds at x (m,): mean (m,) and standard deviation over folds (m,), 0 for one fold.

    area, area_sd: of the folds' own areas. `folds` were averaged; `left_out` have a class that is absent or alone.
    base: the mean share of hits, which is where precision lies for a guess.
    """

    x: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    area: float
    area_sd: float
    folds: int
    left_out: int
    base: float


def curves(hit: np.ndarray, score: np.ndarray) -> dict[CurveKind, Corners]:
    """Both curves of n rows; rows of equal score are passed at once.

    hit (n,) booleans, True is what should rank first; score (n,), higher first. Raises ValueError where either kind of
    row is missing or a score is no number.

    >>> both = curves(np.array([True, False, True]), np.array([0.9, 0.5, 0.1]))
    >>> both["roc"].x.tolist(), both["roc"].y.tolist(), both["roc"].area   # up to a half, across, up
    ([0.0, 0.0, 1.0, 1.0], [0.0, 0.5, 0.5, 1.0], 0.5)
    >>> both["pr"].x.tolist(), round(both["pr"].area, 6)   # 1/2 * 1 + 1/2 * 2/3
    ([0.5, 0.5, 1.0], 0.833333)
    """
    hits, last = _passed(hit, score)
    misses = last + 1 - hits
    x, y = (np.concatenate([[0.0], counts / counts[-1]]) for counts in (misses, hits))
    recall, precision = hits / hits[-1], hits / (last + 1)
    return {
        "roc": Corners(x, y, float(np.trapezoid(y, x))),
        "pr": Corners(recall, precision, float((np.diff(recall, prepend=0.0) * precision).sum())),
    }


def at(curve: Corners, x: np.ndarray, kind: CurveKind) -> np.ndarray:
    """The curve's height at each x: of an upright stretch the top (ROC); of recall the first threshold to reach it."""
    if kind == "pr":
        return np.asarray(curve.y[np.searchsorted(curve.x, x - 1e-12, side="left")])
    below = np.searchsorted(curve.x, x + 1e-12, side="right") - 1
    after = np.minimum(below + 1, len(curve.x) - 1)
    width = curve.x[after] - curve.x[below]
    share = np.divide(x - curve.x[below], width, out=np.zeros(len(x)), where=width > 0)
    return np.asarray(curve.y[below] + np.clip(share, 0, 1) * (curve.y[after] - curve.y[below]))


def grid(kind: CurveKind, points: int = POINTS) -> np.ndarray:
    """Where mean curves are taken: from 0 to 1, dense at low false-positive rates, or at high recall."""
    steps = np.linspace(0, 1, points)
    return steps**2 if kind == "roc" else 1 - (1 - steps) ** 2


def mean_curves(folds: Sequence[tuple[np.ndarray, np.ndarray]], codes: Sequence[int]) -> dict[CurveKind, MeanCurve]:
    """Of both kinds, the mean over folds of the mean over classes; empty where every fold is left out.

    folds: (truth (n,) class codes, scores (n, k)) of each fold; codes: the classes that are set against the rest, the
    positive one alone for two classes. A fold is left out unless it has rows of each of them and rows of its rest.
    """
    ranked, bases = [], []
    for truth, scores in folds:
        hits = [truth == code for code in codes]
        if any(hit.all() or not hit.any() for hit in hits):
            continue
        ranked.append([curves(hit, scores[:, code]) for hit, code in zip(hits, codes, strict=True)])
        bases.append(float(np.mean([hit.mean() for hit in hits])))
    if not ranked:
        return {}
    left, base = len(folds) - len(ranked), float(np.mean(bases))
    kinds: tuple[CurveKind, ...] = ("roc", "pr")
    return {kind: _mean(kind, [[one[kind] for one in fold] for fold in ranked], left, base) for kind in kinds}


def _mean(kind: CurveKind, folds: list[list[Corners]], left: int, base: float) -> MeanCurve:
    x = grid(kind)
    heights = [np.mean([at(curve, x, kind) for curve in curves], axis=0) for curves in folds]
    areas = [float(np.mean([curve.area for curve in curves])) for curves in folds]
    several = len(folds) > 1
    spread = np.std(heights, axis=0, ddof=1) if several else np.zeros(len(x))
    area_sd = float(np.std(areas, ddof=1)) if several else 0.0
    return MeanCurve(x, np.mean(heights, axis=0), spread, float(np.mean(areas)), area_sd, len(folds), left, base)


def _passed(hit: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From the best score down, at the end of each run of equal ones: hits so far, and the place in the order."""
    hit, score = np.asarray(hit), np.asarray(score, dtype=np.float64)
    if hit.dtype != bool or hit.ndim != 1 or hit.shape != score.shape or not np.isfinite(score).all():
        raise ValueError(f"hit {hit.dtype}{hit.shape}, score {score.shape}: booleans and finite scores of the rows")
    if hit.all() or not hit.any():
        raise ValueError(f"{int(hit.sum())} of {len(hit)} rows are hits: a ranking needs hits and others")
    order = np.argsort(-score)  # which of equal scores comes first changes nothing
    last = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    return np.cumsum(hit[order])[last], last
