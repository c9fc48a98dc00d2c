"""How much a score owes to rows that belong together on both sides: random folds against folds that keep them apart."""

from __future__ import annotations

import numpy as np

from bench.diagnose.diagnostic import (
    Diagnostic,
    Evidence,
    Number,
    Rows,
    Severity,
    alarm_level,
    found,
    not_applicable,
    passed,
    refused,
)
from bench.metrics import METRICS
from bench.series import Series, series_of
from bench.stats.intervals import corrected_mean, t_quantile
from bench.yardstick import tolerance_of

#: Metrics of one test set whose error is binomial.
_COUNTING = ("accuracy", "error_rate")


def run(evidence: Evidence) -> Rows:
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


def _row(evidence: Evidence, subject: tuple[str, str], name: str, series: Series, level: float) -> dict[str, object]:
    metric = evidence.study.metrics.primary
    turn = 1.0 if METRICS[metric].higher_is_better else -1.0
    own = evidence.series["test"][(*subject, metric)]
    random, kept = (series, own) if name == "random_split" else (own, series)
    if random.mean is None or kept.mean is None:
        return not_applicable(f"{metric} is not defined on both kinds of folds", subject)
    gap = turn * (random.mean - kept.mean)
    halves = [_half(evidence, subject[0], one, level) for one in (random, kept)]
    said = f"{random.mean:.3g} on random folds, {kept.mean:.3g} where rows that belong together stay together"
    if None in halves:
        return not_applicable(f"{said}; no error rate exists here", subject, estimate=gap)
    half = float(np.hypot(*halves))  # type: ignore[arg-type]
    numbers = {"estimate": gap, "low": gap - half, "high": gap + half}
    if gap - half <= 0:
        return passed(subject, f"no gap shown: {metric} is {said}", **numbers)
    tolerance = tolerance_of(evidence.study, metric).value
    severity: Severity = "warning" if tolerance is None or gap - half > tolerance else "note"
    if name == "random_split":  # the study's own split is the one that keeps them together
        severity, said = "note", f"{said}; the study's own split is of the second kind, and its scores stand"
    return found(subject, severity, f"random folds make it look too good: {metric} is {said}", **numbers)


def _half(evidence: Evidence, dataset: str, series: Series, level: float) -> float | None:
    """Half the interval of a mean score: Nadeau-Bengio over folds, binomial where one test set was given."""
    values = series.defined
    setting = evidence.settings[dataset]
    if len(np.unique(series.fold)) > 1 and len(values) > 1:
        share = 1 / len(np.unique(series.fold))
        one = corrected_mean(values, test_train_ratio=share / (1 - share), level=level)
        return (one.high - one.low) / 2
    if evidence.study.metrics.primary not in _COUNTING or not setting.test_rows:
        return None
    p = float(values.mean())
    return t_quantile((1 + level) / 2, np.inf) * float(np.sqrt(p * (1 - p) / setting.test_rows))


DIAGNOSTIC = Diagnostic(
    name="split_gap",
    title="Random against grouped folds",
    code="L9",
    why="Where rows come in groups (a speaker, a patient, a day), random folds ask for what was half seen already.",
    what_to_do="Quote the score of the folds that keep groups apart: it is the one for a new speaker, patient, day.",
    run=run,
    number=Number("random folds better by", "score"),
)
