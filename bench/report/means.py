"""Mean scores with their intervals, and single scores: counted once for a page that asks for them a thousand times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from bench.text.words import Measure, measure

#: Dataset and family.
CellKey = tuple[str, str]
#: The scores of one cell's repeats: by repeat, a value a fold.
FoldScores = Mapping[int, tuple[float, ...]]


@dataclass(frozen=True)
class MeanScore:
    """A mean score with its interval, if one exists, and how many of the family's own scores stand behind it.

    `fallbacks`: how many more stand in, in the places of failed cells or missing runs.
    """

    value: float
    low: float | None
    high: float | None
    scores: int
    fallbacks: int = 0


def means_of(scores: pl.DataFrame) -> dict[str, dict[str, dict[CellKey, MeanScore]]]:
    """By side and metric, the mean score of every cell; `scores`: the study's own rows of frames.SCORES."""
    groups = scores.drop_nulls("value").group_by(
        "side", "metric", "dataset", "family", maintain_order=True
    )
    found: dict[str, dict[str, dict[CellKey, MeanScore]]] = {}
    for side, metric, dataset, family, value, n in groups.agg(
        pl.col("value").mean(), pl.len()
    ).iter_rows():
        found.setdefault(side, {}).setdefault(metric, {})[dataset, family] = MeanScore(
            value, None, None, n
        )
    return found


def with_intervals(
    means: Mapping[str, Mapping[CellKey, MeanScore]],
    estimates: pl.DataFrame,
    *,
    own: bool,
) -> dict[str, dict[CellKey, MeanScore]]:
    """The test means as comparisons.ESTIMATES has them, with intervals that end where the metric does.

    `own`: of the cells that finished alone, without what stands in for the others.
    """
    found = {metric: dict(cells) for metric, cells in means.items()}
    wanted = estimates.filter(
        pl.col("mean").is_not_null(), (pl.col("fallbacks") == 0) | (not own)
    )
    for row in wanted.iter_rows(named=True):
        cells, key = (
            found.setdefault(row["metric"], {}),
            (row["dataset"], row["family"]),
        )
        low, high = _clipped(row["low"], row["high"], measure(row["metric"]))
        cells[key] = MeanScore(
            row["mean"],
            low,
            high,
            cells[key].scores if key in cells else 0,
            row["fallbacks"],
        )
    return found


def _clipped(
    low: float | None, high: float | None, unit: Measure
) -> tuple[float | None, float | None]:
    low = low if low is None or unit.low is None else max(low, unit.low)
    return low, high if high is None or unit.high is None else min(high, unit.high)


def single_scores_of(tests: pl.DataFrame) -> dict[str, dict[CellKey, FoldScores]]:
    """By metric and cell, every single test score by repeat, in the order of the folds; a pooled repeat has one.

    `tests`: the study's own rows of frames.SCORES on test rows.
    """
    place = ["metric", "dataset", "family", "repeat"]
    rows = (
        tests.select(*place, "fold", "value").drop_nulls("value").sort("repeat", "fold")
    )
    groups = rows.group_by(place, maintain_order=True).agg("value")
    found: dict[str, dict[CellKey, dict[int, tuple[float, ...]]]] = {}
    for metric, dataset, family, repeat, values in groups.iter_rows():
        found.setdefault(metric, {}).setdefault((dataset, family), {})[repeat] = tuple(
            values
        )
    return {metric: dict(cells) for metric, cells in found.items()}
