"""How much too good the number of the best family is expected to be, for no other reason than being the best."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from bench.core.replication import SelectionRow
from bench.scores.design import is_baseline
from bench.scores.series import series_of
from bench.stats.selection import expected_max
from bench.study import Claim, Study


def selection_rows(study: Study, scores: pl.DataFrame) -> Iterator[SelectionRow]:
    """One row for each `best` claim on one dataset: what choosing the best of k families does to its number.

    It is to be said, never subtracted. A standard error is the spread of our repeat means over the root of the paper's
    repeats.
    """
    only = next(iter(study.datasets)) if len(study.datasets) == 1 else None
    for claim in study.claims if isinstance(study.claims, tuple) else ():
        dataset, metric = claim.dataset or only, claim.metric or study.metrics.primary
        if claim.kind != "best" or claim.family is None or dataset is None:
            continue
        series, named = series_of(scores, claim.side), claim.among
        tried = [f for d, f, m in series if (d, m) == (dataset, metric)]
        rivals = [f for f in tried if (f in named if named else not is_baseline(study, f))]
        if claim.family in rivals and len(rivals) > 1:
            too_good, means = expected_max(len(rivals)), series[dataset, claim.family, metric].repeat_means()
            spread = float(means.std(ddof=1)) if len(means) > 1 else 0.0
            yield SelectionRow(
                claim=claim.id, metric=metric, side=claim.side, unit=claim.unit, dataset=dataset, family=claim.family,
                families=len(rivals), expected_max=too_good,
                selection_bias=too_good * _standard_error(claim, spread) if spread > 0 else None,
            )  # fmt: skip


def _standard_error(claim: Claim, spread: float) -> float:
    """Of a mean over the paper's repeats, in the claim's unit."""
    return float((100 if claim.unit == "percent" else 1) * spread / (claim.repeats or 1) ** 0.5)
