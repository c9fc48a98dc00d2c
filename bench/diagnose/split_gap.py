"""How much a score owes to rows that belong together on both sides: random folds against folds that keep them apart.

Where every row is tested on both, the groups are what varies; else the intervals of the two scores are put together.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.core.metrics import METRICS
from bench.diagnose._names import metric_word
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    Severity,
    alarm_level,
    found,
    not_applicable,
    passed,
    refused,
)
from bench.scores.compute import predicted
from bench.scores.design import tolerance_of
from bench.scores.series import Series, series_of
from bench.stats.intervals import clustered_half, corrected_mean, welch_half

#: Metrics of one test set whose error is binomial.
_COUNTING = ("accuracy", "error_rate")


def run(evidence: DiagnosticEvidence) -> Rows:
    """Score on random folds minus score on folds that keep groups, times or the given split; a family and dataset."""
    metric = evidence.study.metrics.primary
    other = {name: series_of(evidence.scores, variants=(name,)) for name in ("random_split", "grouped_split")}
    pairs = [
        (subject, name, series[(*subject, metric)])
        for name, series in other.items()
        for subject in evidence.subjects
        if (*subject, metric) in series
    ]
    if not pairs:
        said = "was not asked for: `diagnostics: {grouping: {}}`"
        return refused(evidence, *other) or [not_applicable(said)]
    level = 1 - alarm_level("split_gap", len(pairs))
    rows = [_row(evidence, subject, name, series, level) for subject, name, series in pairs]
    return rows + refused(evidence, *other)


def _row(
    evidence: DiagnosticEvidence, subject: tuple[str, str], name: str, series: Series, level: float
) -> dict[str, object]:
    metric = evidence.study.metrics.primary
    turn = 1.0 if METRICS[metric].higher_is_better else -1.0
    own = evidence.series["test"][(*subject, metric)]
    random, kept = (series, own) if name == "random_split" else (own, series)
    if random.mean is None or kept.mean is None:
        return not_applicable(f"{metric} is not defined on both kinds of folds", subject)
    gap = turn * (random.mean - kept.mean)
    said = f"{random.mean:.3g} on random folds, {kept.mean:.3g} where rows that belong together stay together"
    half = _half_of_groups(evidence, subject, name, level)
    if half is None:
        one, other = (_error(evidence, subject[0], series) for series in (random, kept))
        half = None if one is None or other is None else welch_half(one, other, level)
    if half is None:
        return not_applicable(f"{said}; no error rate exists here", subject, estimate=gap)
    numbers = {"estimate": gap, "low": gap - half, "high": gap + half}
    if gap - half <= 0:
        return passed(subject, f"no gap shown: {metric_word(metric)} is {said}", **numbers)
    tolerance = tolerance_of(evidence.study, metric).value
    severity: Severity = "warning" if tolerance is None or gap - half > tolerance else "note"
    if name == "random_split":  # the study's own split is the one that keeps them together
        severity, said = "note", f"{said}; the study's own split is of the second kind, and its scores stand"
    return found(subject, severity, f"random folds make it look too good: {metric_word(metric)} is {said}", **numbers)


def _half_of_groups(evidence: DiagnosticEvidence, subject: tuple[str, str], name: str, level: float) -> float | None:
    """Half the interval of the gap where every row is tested on both kinds of folds and the metric is a mean over rows:
    a group's mean difference is one value, weighted by its rows. Roots of mean squares differ by the difference of the
    squares over the sum of the roots.
    """
    primary, sample = evidence.study.metrics.primary, evidence.rows(subject[0])
    metric = METRICS["mse" if primary == "rmse" else primary]
    if not metric.per_row or sample is None or sample.group is None:
        return None
    groups = pl.DataFrame({"row": sample.row, "group": sample.group.astype(str)})
    table = evidence.tables.filter(pl.col("dataset") == subject[0]).row(0, named=True)
    own = evidence.predictions.filter(
        (pl.col("dataset") == subject[0])
        & (pl.col("family") == subject[1])
        & (pl.col("side") == "test")
        & pl.col("variant").is_in(["plain", name])
    ).join(groups, on="row")
    sides = [own.filter(pl.col("variant") == one).sort("group", maintain_order=True) for one in (name, "plain")]
    if any(not part.height for part in sides) or set(sides[0]["row"]) != set(sides[1]["row"]):
        return None
    means = np.array([
        [metric.function(predicted(part, table)) for part in side.partition_by("group", maintain_order=True)]
        for side in sides
    ], dtype=float)  # fmt: skip
    if means.shape[1] < 2 or not np.isfinite(means).all():
        return None
    rows = groups.filter(pl.col("row").is_in(sides[0]["row"].unique().implode())).group_by("group").len().sort("group")
    sizes = rows["len"].to_numpy()
    half = clustered_half(means[0] - means[1], sizes, level)
    return half / float(np.sqrt(means @ sizes / sizes.sum()).sum()) if primary == "rmse" else half


def _error(evidence: DiagnosticEvidence, dataset: str, series: Series) -> tuple[float, float] | None:
    """The standard error of a mean score and its degrees of freedom: Nadeau-Bengio over folds, binomial (infinite)
    where one test set was given."""
    values = series.defined
    setting = evidence.settings[dataset]
    if len(np.unique(series.fold)) > 1 and len(values) > 1:
        share = 1 / len(np.unique(series.fold))
        one = corrected_mean(values, test_train_ratio=share / (1 - share))
        return one.se, one.df
    if evidence.study.metrics.primary not in _COUNTING or not setting.test_rows:
        return None
    p = float(values.mean())
    return float(np.sqrt(p * (1 - p) / setting.test_rows)), np.inf


DIAGNOSTIC = Diagnostic(
    name="split_gap",
    title="Random against grouped folds",
    code="L9",
    why="Where rows come in groups (a speaker, a patient, a day), random folds ask for what was half seen already.",
    what_to_do="Quote the score of the folds that keep groups apart: it is the one for a new speaker, patient, day.",
    run=run,
    number=Number("random folds better by", "score"),
)
