"""Whether tuning paid: the untuned defaults against the tuned candidate, on the same outer folds.

Schneider, Bischl & Feurer (2025), Overtuning in hyperparameter optimization: in about a tenth of cases the tuned
candidate does worse on new rows than the default.
"""

from __future__ import annotations

from enum import StrEnum

from bench.core.findings import Finding, NotRequested, Severity
from bench.core.outcomes import Statement
from bench.diagnose.case import Case, around, near_the_scores
from bench.diagnose.diagnostic import (
    Diagnostic,
    FindingNumber,
    alarm_level,
    found,
    mean_of,
    no_interval,
    not_applicable,
    passed,
    sign_of,
    unavailable,
)
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.learning_curve import matched_on
from bench.scores.series import Series, series_of

BUDGET = 0.005


class Code(StrEnum):
    """Codes of this diagnostic's statements."""

    WORSE = "overtuning.worse"
    BETTER = "overtuning.better"
    NO_DIFFERENCE = "overtuning.no_difference"


class TuningHurts(Statement, code=Code.WORSE):
    """The tuned candidate is significantly worse than the defaults."""

    def sentence(self) -> str:
        """The statement in words."""
        return "the untuned defaults are significantly better than the tuned setting"


class TuningHelps(Statement, code=Code.BETTER):
    """The tuned candidate is significantly better than the defaults."""

    def sentence(self) -> str:
        """The statement in words."""
        return "tuning paid: the tuned setting is significantly better than the defaults"


class NoDifference(Statement, code=Code.NO_DIFFERENCE):
    """Neither is significantly better."""

    def sentence(self) -> str:
        """The statement in words."""
        return "no significant difference between the tuned setting and the defaults"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """Tuned minus untuned of the primary metric; the level is split over the tuned families."""
    metric, refused = evidence.study.metrics.primary, unavailable(evidence, "untuned")
    untuned = series_of(evidence.scores, variants=("untuned",))
    subjects = [subject for subject in evidence.subjects if (*subject, metric) in untuned]
    if not subjects:
        return refused or [not_applicable((None, None), NotRequested("overtuning: {}"))]
    level = 1 - alarm_level(BUDGET, len(subjects))
    return [*(_judged(evidence, subject, untuned[(*subject, metric)], level) for subject in subjects), *refused]


def _judged(evidence: DiagnosticEvidence, subject: tuple[str, str], untuned: Series, level: float) -> Finding:
    metric = evidence.study.metrics.primary
    a, b = matched_on(evidence.series["test"][(*subject, metric)], untuned)
    gain = Series(a.repeat, a.fold, sign_of(metric) * (a.value - b.value))
    sample = evidence.settings[subject[0]].sample(gain)
    if gain.mean is None or sample is None:
        return no_interval(subject, gain.mean)
    number = mean_of(sample, level)
    if number.high is not None and number.high < 0:
        return found(subject, Severity.WARNING, TuningHurts(), number=number)
    return passed(subject, TuningHelps() if number.above_zero else NoDifference(), number=number)


DIAGNOSTIC = Diagnostic(
    name="overtuning",
    title="Overtuning",
    code="T4",
    why="A search that chooses by noise can end with a worse setting than it began with.",
    what_to_do="Try fewer candidates or more inner folds, or keep the defaults.",
    question="Would the defaults have been enough?",
    run=run,
    number=FindingNumber("tuned better than the defaults by", "score"),
    budget=BUDGET,
    sick=lambda: Case(variants={"untuned": {"lda": around(0.95, 0.005)}}),
    healthy=lambda: Case(variants={"untuned": near_the_scores()}),
)
