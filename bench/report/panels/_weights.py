"""Importances of features by family: read from the frame, weighed against each other, drawn as dots."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import polars as pl

from bench.report.bundle import Bundle


@dataclass(frozen=True)
class Weight:
    """One feature to one family: the mean over folds, their standard deviation, and the share of folds above 0."""

    mean: float
    sd: float
    above: float
    folds: int


Weights = dict[tuple[str, str], Weight]


def single(bundle: Bundle, dataset: str) -> bool:
    """Whether every fold has one test row: what varies over folds is then the row, not the fit."""
    folds = bundle.frame("folds").filter(dataset=dataset)
    return folds.height > 0 and folds["test_rows"].max() == 1


def weights(rows: pl.DataFrame) -> Weights:
    """By family and feature."""
    value = pl.col("value")
    # Sums of threads differ in their last digits: rounded, so that equals stay equals and keep their order.
    means = rows.group_by("family", "feature", maintain_order=True).agg(
        value.mean().round_sig_figs(9).alias("mean"),
        value.std().fill_null(0.0).round_sig_figs(9).alias("sd"),
        (value > 0).mean().alias("above"),
        pl.len(),
    )
    return {
        (family, feature): Weight(*rest) for family, feature, *rest in means.iter_rows()
    }


def top(found: Weights, most: int, *, signed: bool) -> list[str]:
    """The features that weigh most with any family, each family's weights being shares of its largest.

    signed: of losses by shuffling, where a feature below 0 is of no use; else by the size of coefficients.
    """
    sizes = {
        place: weight.mean if signed else abs(weight.mean)
        for place, weight in found.items()
    }
    largest: dict[str, float] = {}
    for (family, _), size in sizes.items():
        largest[family] = max(largest.get(family, 0.0), size)
    share: dict[str, float] = {}
    for (family, feature), size in sizes.items():
        if largest[family] > 0 or signed:
            of_family = size / largest[family] if largest[family] > 0 else size
            share[feature] = max(share.get(feature, -inf), of_family)
    return sorted(share, key=lambda feature: (-round(share[feature], 9), feature))[
        :most
    ]
