"""How much a score gains from related rows on both sides: random folds against folds that keep them together.

Where every row is tested on both, the groups are what varies; else the intervals of the two scores are put together.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.metrics import METRICS
from bench.core.outcomes import words
from bench.diagnose.case import Case, around, near_the_scores
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import (
    Estimate,
    alarm_level,
    found,
    not_applicable,
    passed,
    sign_of,
    unavailable,
)
from bench.scores.compute import classes_of, predicted
from bench.scores.design import tolerance_of
from bench.scores.series import Series, series_of
from bench.stats.intervals import clustered_half, corrected_mean, welch_half
from bench.text.findings import NoInterval, NotRequested

BUDGET = 0.005
#: Metrics of one test set whose error is binomial.
_COUNTING = ("accuracy", "error_rate")


say = words(
    "split_gap",
    {
        "too_good": "random folds make the score too good",
        "no_gap": "no significant difference",
        "scores_stand": "the study's own split keeps them together, so its scores are valid",
        "scores": "{metric:name} is {random:rough} on random folds and {kept:rough} on folds that keep related rows together",
        "undefined": "{metric:name} is not defined on both kinds of folds",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """Score on random folds minus score on folds that keep groups, times or the given split; a family and dataset."""
    metric = evidence.study.metrics.primary
    other = {
        name: series_of(evidence.scores, variants=(name,))
        for name in ("random_split", "grouped_split")
    }
    refused = unavailable(evidence, *other)
    pairs = [
        (subject, name, series[(*subject, metric)])
        for name, series in other.items()
        for subject in evidence.subjects
        if (*subject, metric) in series
    ]
    if not pairs:
        return refused
    level = 1 - alarm_level(BUDGET, len(pairs))
    return [
        *(
            _judged(evidence, subject, name, series, level)
            for subject, name, series in pairs
        ),
        *refused,
    ]


def _judged(
    evidence: DiagnosticEvidence,
    subject: tuple[str, str],
    variant: str,
    series: Series,
    level: float,
) -> Finding:
    metric = evidence.study.metrics.primary
    plain = evidence.series["test"][(*subject, metric)]
    random, kept = (series, plain) if variant == "random_split" else (plain, series)
    if random.mean is None or kept.mean is None:
        return not_applicable(subject, say("undefined", metric=metric))
    gap, scores = (
        sign_of(metric) * (random.mean - kept.mean),
        say("scores", metric=metric, random=random.mean, kept=kept.mean),
    )
    half = _half_of_groups(evidence, subject, variant, level)
    if half is None:
        errors = [_error(evidence, subject[0], one) for one in (random, kept)]
        half = (
            None
            if errors[0] is None or errors[1] is None
            else welch_half(errors[0], errors[1], level)
        )
    if half is None:
        return not_applicable(subject, scores, NoInterval(), number=gap)
    number = Estimate(gap, gap - half, gap + half)
    if gap - half <= 0:
        return passed(subject, say("no_gap"), scores, number=number)
    if (
        variant == "random_split"
    ):  # the study's own split is the one that keeps them together
        return found(
            subject,
            Severity.NOTE,
            say("too_good"),
            scores,
            say("scores_stand"),
            number=number,
        )
    tolerance = tolerance_of(evidence.study, metric).value
    severity = (
        Severity.WARNING
        if tolerance is None or gap - half > tolerance
        else Severity.NOTE
    )
    return found(subject, severity, say("too_good"), scores, number=number)


def _half_of_groups(
    evidence: DiagnosticEvidence, subject: tuple[str, str], name: str, level: float
) -> float | None:
    """Half the interval of the gap where every row is tested on both kinds of folds and the metric is a mean over rows:
    a group's mean difference is one value, weighted by its rows. Roots of mean squares differ by the difference of the
    squares over the sum of the roots.
    """
    primary, sample = evidence.study.metrics.primary, evidence.rows(subject[0])
    metric = METRICS["mse" if primary == "rmse" else primary]
    if not metric.per_row or sample is None or sample.group is None:
        return None
    groups = pl.DataFrame({"row": sample.row, "group": sample.group.astype(str)})
    classes = classes_of(evidence.tables)[subject[0]]
    rows = evidence.predictions.filter(
        (pl.col("dataset") == subject[0])
        & (pl.col("family") == subject[1])
        & (pl.col("side") == "test")
        & pl.col("variant").is_in(["plain", name])
    ).join(groups, on="row")
    sides = [
        rows.filter(pl.col("variant") == one).sort("group", maintain_order=True)
        for one in (name, "plain")
    ]
    if any(not part.height for part in sides) or set(sides[0]["row"]) != set(
        sides[1]["row"]
    ):
        return None
    means = np.array([
        [metric.function(predicted(part, classes)) for part in side.partition_by("group", maintain_order=True)]
        for side in sides
    ], dtype=float)  # fmt: skip
    if means.shape[1] < 2 or not np.isfinite(means).all():
        return None
    counts = (
        groups.filter(pl.col("row").is_in(sides[0]["row"].unique().implode()))
        .group_by("group")
        .len()
    )
    sizes = counts.sort("group")["len"].to_numpy()
    half = clustered_half(means[0] - means[1], sizes, level)
    return (
        half / float(np.sqrt(means @ sizes / sizes.sum()).sum())
        if primary == "rmse"
        else half
    )


def _error(
    evidence: DiagnosticEvidence, dataset: str, series: Series
) -> tuple[float, float] | None:
    """The standard error of a mean score and its degrees of freedom: Nadeau-Bengio over folds, binomial (infinite)
    where one test set was given."""
    values = series.defined
    setting = evidence.settings[dataset]
    folds = len(np.unique(series.fold))
    if folds > 1 and len(values) > 1:
        mean = corrected_mean(values, test_train_ratio=(1 / folds) / (1 - 1 / folds))
        return mean.se, mean.df
    if evidence.study.metrics.primary not in _COUNTING or not setting.test_rows:
        return None
    p = float(values.mean())
    return float(np.sqrt(p * (1 - p) / setting.test_rows)), np.inf


DIAGNOSTIC = Diagnostic(
    name="split_gap",
    title="Random versus grouped folds",
    code="L9",
    why="Random folds test on groups that the model has seen.",
    what_to_do="Quote the score of the folds that keep groups apart.",
    question="Will new cases come from the known groups, or from others?",
    run=run,
    nothing=NotRequested("grouping: {}"),
    number=FindingNumber("random folds better by", "score"),
    budget=BUDGET,
    sick=lambda: Case(variants={"random_split": {"lda": around(0.99, 0.005)}}),
    healthy=lambda: Case(variants={"random_split": near_the_scores()}),
)
