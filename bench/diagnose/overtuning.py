"""Whether tuning paid: the untuned defaults against the tuned candidate, on the same outer folds.

Schneider, Bischl & Feurer (2025), Overtuning in hyperparameter optimization: in about a tenth of cases the tuned
candidate does worse on new rows than the default.
"""

from __future__ import annotations

from bench.core.findings import Finding, Severity
from bench.core.outcomes import words
from bench.diagnose.case import Case, around, near_the_scores
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import (
    NO_NUMBER,
    alarm_level,
    difference,
    found,
    no_interval,
    passed,
    unavailable,
)
from bench.scores.series import Series, matched, series_of
from bench.text.findings import NotRequested

BUDGET = 0.005


say = words(
    "overtuning",
    {
        "worse": "the untuned defaults are significantly better than the tuned setting",
        "better": "tuning paid: the tuned setting is significantly better than the defaults",
        "no_difference": "no significant difference between the tuned setting and the defaults",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """Tuned minus untuned of the primary metric; the level is split over the tuned families."""
    metric, refused = evidence.study.metrics.primary, unavailable(evidence, "untuned")
    untuned = series_of(evidence.scores, variants=("untuned",))
    subjects = [
        subject for subject in evidence.subjects if (*subject, metric) in untuned
    ]
    if not subjects:
        return refused
    level = 1 - alarm_level(BUDGET, len(subjects))
    return [
        *(
            _judged(evidence, subject, untuned[(*subject, metric)], level)
            for subject in subjects
        ),
        *refused,
    ]


def _judged(
    evidence: DiagnosticEvidence,
    subject: tuple[str, str],
    untuned: Series,
    level: float,
) -> Finding:
    metric = evidence.study.metrics.primary
    pair = matched(evidence.series["test"][(*subject, metric)], untuned)
    number = difference(evidence, subject[0], metric, pair, level) or NO_NUMBER
    if number.high is None:
        return no_interval(subject, number.estimate)
    if number.high < 0:
        return found(subject, Severity.WARNING, say("worse"), number=number)
    return passed(
        subject,
        say("better") if number.above_zero else say("no_difference"),
        number=number,
    )


DIAGNOSTIC = Diagnostic(
    name="overtuning",
    title="Overtuning",
    code="T4",
    why="A search that follows noise can end with a worse setting than the defaults.",
    what_to_do="Try fewer candidates or more inner folds, or keep the defaults.",
    question="Would the defaults have been enough?",
    run=run,
    nothing=NotRequested("overtuning: {}"),
    number=FindingNumber("tuned better than the defaults by", "score"),
    budget=BUDGET,
    sick=lambda: Case(variants={"untuned": {"lda": around(0.95, 0.005)}}),
    healthy=lambda: Case(variants={"untuned": near_the_scores()}),
)
