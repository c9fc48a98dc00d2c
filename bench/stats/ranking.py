"""ROC and precision-recall curves of ranked rows, and their mean over folds.

Scores of different fits are never pooled: each fold has its curve, and curves are averaged upright (vertically), at the
same false-positive rate or recall. For more than two classes a fold's curve is the mean of the one-vs-rest curves.
Source: Fawcett (2006), Pattern Recognition Letters 27, algorithm 3; Davis & Goadrich (2006) for why precision is a
staircase over recall and never a straight line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

CurveKind = Literal["roc", "pr"]
KINDS: tuple[CurveKind, ...] = ("roc", "pr")
#: So many curves are taken together: more would cost digits where they stand one after the other.
TOGETHER = 200
#: Points that a mean curve is taken at: dense where good curves bend.
POINTS = 60


@dataclass(frozen=True)
class Corners:
    """Curves by their corners, left to right; those of curve i stand at start[i] to start[i + 1].

    A corner is passed with all rows of one score: `rate`, the share of misses so far; `recall`, that of hits;
    `precision`, the share of hits among the rows so far. ROC: recall over rate, straight from (0, 0) on.
    Precision-recall: over recall the precision of the threshold that first reaches it, a staircase.
    """

    start: np.ndarray
    rate: np.ndarray
    recall: np.ndarray
    precision: np.ndarray

    def areas(self, kind: CurveKind) -> np.ndarray:
        """Under the ROC curves, or the average precisions."""
        height = (
            self.precision
            if kind == "pr"
            else (self.recall + self._before(self.recall)) / 2
        )
        across = self.recall if kind == "pr" else self.rate
        return np.add.reduceat(
            (across - self._before(across)) * height, self.start[:-1]
        )

    def _before(self, values: np.ndarray) -> np.ndarray:
        """The value at the corner before, 0 at the first of a curve."""
        moved = np.concatenate([[0.0], values[:-1]])
        moved[self.start[:-1]] = 0.0
        return moved

    def heights(self, kind: CurveKind, x: np.ndarray) -> np.ndarray:
        """Each curve at each x: of an upright stretch the top (ROC); of recall the first threshold to reach it."""
        curve = np.arange(len(self.start) - 1)[:, None]
        apart = 2.0 * np.repeat(
            curve[:, 0], np.diff(self.start)
        )  # curves one after the other, each from 0 to 1
        if kind == "pr":
            return np.asarray(
                self.precision[
                    np.searchsorted(self.recall + apart, x - 1e-12 + 2 * curve)
                ]
            )
        after = np.searchsorted(self.rate + apart, x + 1e-12 + 2 * curve, side="right")
        inside, last = after > self.start[:-1, None], self.start[1:, None] - 1
        left, low = (
            np.where(inside, values[after - 1], 0.0)
            for values in (self.rate, self.recall)
        )
        after = np.minimum(after, last)
        width = self.rate[after] - left
        share = np.divide(x - left, width, out=np.zeros(width.shape), where=width > 0)
        return np.asarray(low + np.clip(share, 0, 1) * (self.recall[after] - low))


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


def curves(
    hit: np.ndarray, score: np.ndarray, sizes: Sequence[int] | None = None
) -> Corners:
    """The curves of groups of rows, one after the other; rows of equal score are passed at once.

    hit (n,) booleans, True is what should rank first; score (n,), higher first; sizes: of the groups, one by default.
    Raises ValueError where a group lacks either kind of row or a score is no number.

    >>> one = curves(np.array([True, False, True]), np.array([0.9, 0.5, 0.1]))
    >>> one.rate.tolist(), one.recall.tolist(), one.areas("roc").tolist()   # up to a half, across, up
    ([0.0, 1.0, 1.0], [0.5, 0.5, 1.0], [0.5])
    >>> one.areas("pr").round(6).tolist()   # 1/2 * 1 + 1/2 * 2/3
    [0.833333]
    """
    hit, score = np.asarray(hit), np.asarray(score, dtype=np.float64)
    if (
        hit.dtype != bool
        or hit.ndim != 1
        or hit.shape != score.shape
        or not np.isfinite(score).all()
    ):
        raise ValueError(
            f"hit {hit.dtype}{hit.shape}, score {score.shape}: booleans and finite scores of the rows"
        )
    rows = np.array([len(hit)] if sizes is None else sizes)
    group = np.repeat(np.arange(len(rows)), rows)
    hits = np.bincount(group, hit, len(rows))
    if not ((hits > 0) & (hits < rows)).all():
        raise ValueError(
            f"{hits.astype(int)} of {rows} rows are hits: a ranking needs hits and others"
        )
    first = np.concatenate([[0], np.cumsum(rows)])
    # Which of equal scores comes first changes nothing.
    order = np.concatenate([np.argsort(-score[a:b]) + a for a, b in pairwise(first)])
    ends = np.flatnonzero(
        np.append((np.diff(group) > 0) | (np.diff(score[order]) != 0), True)
    )
    of, before = group[ends], np.concatenate([[0], np.cumsum(hits)])
    found, place = np.cumsum(hit[order])[ends] - before[of], ends + 1 - first[of]
    start = np.append(np.searchsorted(of, np.arange(len(rows))), len(ends))
    return Corners(
        start, (place - found) / (rows - hits)[of], found / hits[of], found / place
    )


def grid(kind: CurveKind, points: int = POINTS) -> np.ndarray:
    """Where mean curves are taken: from 0 to 1, dense at low false-positive rates, or at high recall."""
    steps = np.linspace(0, 1, points)
    return steps**2 if kind == "roc" else 1 - (1 - steps) ** 2


def mean_curves(
    folds: Sequence[tuple[np.ndarray, np.ndarray]], codes: Sequence[int]
) -> dict[CurveKind, MeanCurve]:
    """Of both kinds, the mean over folds of the mean over classes; empty where every fold is left out.

    folds: (truth (n,) class codes, scores (n, k)) of each fold; codes: the classes that are set against the rest, the
    positive one alone for two classes. A fold is left out unless it has rows of each of them and rows of its rest.
    """
    used, bases = [], []
    for truth, scores in folds:
        hits = truth[:, None] == np.asarray(codes)
        if not (hits.all(axis=0) | ~hits.any(axis=0)).any():
            used.append((hits, scores[:, codes]))
            bases.append(float(hits.mean(axis=0).mean()))
    if not used:
        return {}
    step = max(1, TOGETHER // len(codes))
    made = [_of_folds(used[i : i + step]) for i in range(0, len(used), step)]
    left, base = len(folds) - len(used), float(np.mean(bases))
    return {kind: _mean(kind, made, len(codes), left, base) for kind in KINDS}


def _of_folds(folds: Sequence[tuple[np.ndarray, np.ndarray]]) -> Corners:
    """The curves of every fold and class, the classes of a fold after each other."""
    sizes = [len(hits) for hits, _ in folds for _ in range(hits.shape[1])]
    hits, scores = (
        np.concatenate([fold[i].T.ravel() for fold in folds]) for i in (0, 1)
    )
    return curves(hits, scores, sizes)


def _mean(
    kind: CurveKind, made: Sequence[Corners], classes: int, left: int, base: float
) -> MeanCurve:
    x = grid(kind)
    heights = (
        np.concatenate([one.heights(kind, x) for one in made])
        .reshape(-1, classes, len(x))
        .mean(axis=1)
    )
    areas = (
        np.concatenate([one.areas(kind) for one in made])
        .reshape(-1, classes)
        .mean(axis=1)
    )
    several = len(areas) > 1
    spread = np.std(heights, axis=0, ddof=1) if several else np.zeros(len(x))
    area_sd = float(np.std(areas, ddof=1)) if several else 0.0
    return MeanCurve(
        x,
        heights.mean(axis=0),
        spread,
        float(areas.mean()),
        area_sd,
        len(areas),
        left,
        base,
    )
