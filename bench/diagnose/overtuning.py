"""Whether tuning paid: the untuned defaults against the tuned candidate, on the same outer folds.

Schneider, Bischl & Feurer (2025), Overtuning in hyperparameter optimization: in about a tenth of cases the tuned
candidate does worse on new rows than the default.
"""

from __future__ import annotations

from bench.core.metrics import METRICS
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    alarm_level,
    found,
    not_applicable,
    passed,
    refused,
)
from bench.diagnose.learning_curve import matched_on
from bench.scores.series import Series, series_of
from bench.stats.intervals import corrected_mean


def run(evidence: DiagnosticEvidence) -> Rows:
    """Tuned minus untuned of the primary metric; the level is split over the tuned families."""
    metric = evidence.study.metrics.primary
    untuned = series_of(evidence.scores, variants=("untuned",))
    subjects = [subject for subject in evidence.subjects if (*subject, metric) in untuned]
    if not subjects:
        said = "the untuned defaults were not asked for: `diagnostics: {overtuning: {}}`"
        return refused(evidence, "untuned") or [not_applicable(said)]
    turn, rows = (1.0 if METRICS[metric].higher_is_better else -1.0), []
    level = 1 - alarm_level("overtuning", len(subjects))
    for subject in subjects:
        a, b = matched_on(evidence.series["test"][(*subject, metric)], untuned[(*subject, metric)])
        gain = Series(a.repeat, a.fold, turn * (a.value - b.value))
        sample = evidence.settings[subject[0]].sample(gain)
        if gain.mean is None or sample is None:
            rows.append(not_applicable("no error rate exists here", subject, estimate=gain.mean))
            continue
        one = corrected_mean(sample[0], test_train_ratio=sample[1], level=level)
        numbers = {"estimate": one.estimate, "low": one.low, "high": one.high}
        if one.high < 0:
            rows.append(found(subject, "warning", "the untuned defaults do better than what was tuned", **numbers))
        elif one.low > 0:
            rows.append(passed(subject, "tuning paid: the tuned candidate is better than the defaults", **numbers))
        else:
            rows.append(passed(subject, "tuning changed nothing that shows: the defaults do about as well", **numbers))
    return rows + refused(evidence, "untuned")


DIAGNOSTIC = Diagnostic(
    name="overtuning",
    title="Overtuning",
    code="T4",
    why="A search that chooses by noise can end below where it began.",
    what_to_do="Try fewer candidates or more inner folds, or keep the defaults.",
    run=run,
    number=Number("tuned better than the defaults by", "score"),
)
