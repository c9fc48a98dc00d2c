"""How much too good the number of the best family is expected to be, for no other reason than being the best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from bench.claims.arithmetic import dataset_of, metric_of
from bench.core.replication import SelectionRow
from bench.scores.design import is_baseline
from bench.scores.series import Series, series_of
from bench.stats.prediction import expected_max
from bench.study import Claim, Study


def selection_rows(study: Study, scores: pl.DataFrame) -> Iterator[SelectionRow]:
    """One row for each `best` claim on one dataset: what choosing the best of k families does to its number.

    It is to be reported, never subtracted. A standard error is the spread of our repeat means over the root of the
    paper's repeats.
    """
    for claim in study.judged:
        dataset, metric = dataset_of(claim, study), metric_of(claim, study)
        if claim.kind != "best" or claim.family is None or dataset is None:
            continue
        series = series_of(scores, claim.side)
        rivals = _rivals(claim, study, [f for d, f, m in series if (d, m) == (dataset, metric)])
        if claim.family not in rivals or len(rivals) < 2:
            continue
        too_good, spread = expected_max(len(rivals)), _spread(series[dataset, claim.family, metric])
        yield SelectionRow(
            claim=claim.id, metric=metric, side=claim.side, unit=claim.unit, dataset=dataset, family=claim.family,
            families=len(rivals), expected_max=too_good,
            selection_bias=too_good * _standard_error(claim, spread) if spread > 0 else None,
        )  # fmt: skip


def _rivals(claim: Claim, study: Study, families: Sequence[str]) -> list[str]:
    """The families, of those with scores, that the best was chosen from."""
    named = claim.among
    return [family for family in families if (family in named if named else not is_baseline(study, family))]


def _spread(series: Series) -> float:
    """The standard deviation of the repeat means; 0 for one repeat."""
    means = series.repeat_means()
    return float(means.std(ddof=1)) if len(means) > 1 else 0.0


def _standard_error(claim: Claim, spread: float) -> float:
    """Of a mean over the paper's repeats, in the claim's unit."""
    return float((100 if claim.unit == "percent" else 1) * spread / (claim.repeats or 1) ** 0.5)
