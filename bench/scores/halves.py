"""The scores of disjoint halves of the rows, by family: what `diagnostics.halves` fitted, as statistics take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bench.families.instability import unstable_families
from bench.study import Study

_BEGIN = "half="


def halves_of(scores: pl.DataFrame, dataset: str, metric: str) -> dict[str, np.ndarray]:
    """Mean test scores of both halves of every split of the rows, (J, 2) by family in the order of the frame.

    `half=3a` and `half=3b` are the variants of the fourth split. Row j holds the means over the folds inside the two
    halves of split j, which share no row of the table; it is the same split for every family. NaN where a fold of a
    half has no score: the mean of the others is no estimate. Empty where no halves were fitted.

    >>> from bench.core.frames import SCORES
    >>> seen = [("a", 0, 0.8), ("a", 1, 0.6), ("b", 0, 0.5), ("b", 1, 0.7)]
    >>> rows = [("d", "lda", f"half=0{half}", 0, fold, "test", "accuracy", value) for half, fold, value in seen]
    >>> halves_of(pl.DataFrame(rows, SCORES, orient="row"), "d", "accuracy")["lda"].round(3).tolist()
    [[0.7, 0.6]]
    """
    own = scores.filter(
        pl.col("dataset") == dataset,
        pl.col("metric") == metric,
        pl.col("side") == "test",
        pl.col("variant").str.starts_with(_BEGIN),
    )
    name = pl.col("variant").str.strip_prefix(_BEGIN)
    means = own.group_by("family", "variant", maintain_order=True).agg(
        name.first().str.head(-1).cast(pl.Int64).alias("split"),
        (name.first().str.tail(1) == "b").cast(pl.Int64).alias("half"),
        pl.col("value").mean().alias("mean"),
        pl.col("value").count().alias("folds"),
    )
    splits, folds = 1 + max(means["split"], default=-1), max(means["folds"], default=0)
    found = {
        family: np.full((splits, 2), np.nan)
        for family in means["family"].unique(maintain_order=True)
    }
    for row in means.filter(pl.col("folds") == folds, pl.col("folds") > 0).iter_rows(
        named=True
    ):
        found[row["family"]][row["split"], row["half"]] = row["mean"]
    return found


@dataclass(frozen=True, eq=False)
class TestedHalves:
    """The halves of a dataset and metric by family, (J, 2), and the `unstable` families: None where a test of halves is
    wanted of all, since the study requests halves."""

    __test__ = False  # no test class, whatever its name begins with

    means: Mapping[str, np.ndarray] = field(default_factory=dict)
    unstable: frozenset[str] | None = frozenset()

    def of(self, *families: str) -> np.ndarray | None:
        """The means of a family, or the differences of two; None unless one of them is unstable, and every half of each
        has a mean."""
        wanted = self.unstable is None or not self.unstable.isdisjoint(families)
        if not wanted or not all(family in self.means for family in families):
            return None
        first, *others = (self.means[family] for family in families)
        if any(one.shape != first.shape for one in others):
            return None
        found = first - others[0] if others else first
        return found if len(found) > 1 and bool(np.isfinite(found).all()) else None


def tested_halves(
    study: Study, scores: pl.DataFrame, dataset: str, metric: str
) -> TestedHalves:
    """The halves that tests of a dataset and metric use: those of all families where the study requests halves, else of
    the pairs in which a family is unstable."""
    means = halves_of(scores, dataset, metric)
    if study.diagnostics is not None and study.diagnostics.halves is not None:
        return TestedHalves(means, None)
    return TestedHalves(means, frozenset(unstable_families(study, means)))
