"""Printed statistics of models over the datasets on which each of them has scores."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bench.core.metrics import METRICS
from bench.scores.series import SeriesByKey
from bench.stats.noise import without_noise
from bench.study.numbers import OverallStatistic


def over_datasets(
    scores: SeriesByKey, metric: str, *, noise: bool = False
) -> Mapping[str, Mapping[OverallStatistic, float]]:
    """By model, every statistic over the datasets on which it has scores; equal means share the better rank.

    noise: whether means that differ by float noise are unequal.
    """
    means: dict[str, dict[str, float]] = {}
    for (dataset, family, of), series in scores.items():
        if of == metric and (mean := series.mean) is not None:
            means.setdefault(dataset, {})[family] = mean
    ranks: dict[str, list[int]] = {}
    shares: dict[str, list[float]] = {}
    turn = METRICS[metric].sign
    for exact in means.values():
        ours = exact if noise else dict(zip(exact, without_noise(np.array([*exact.values()])).tolist(), strict=True))
        least, width = min(ours.values()), max(ours.values()) - min(ours.values())
        for family, mean in ours.items():
            ranks.setdefault(family, []).append(1 + sum(turn * other > turn * mean for other in ours.values()))
            if width:
                shares.setdefault(family, []).append((mean - least) / width)
    return {
        family: {
            "mean_rank": float(np.mean(found)),
            "best_rank": min(found),
            "worst_rank": max(found),
            "datasets": len(found),
            **({"mean_share": float(np.mean(shares[family]))} if family in shares else {}),
        }
        for family, found in ranks.items()
    }
