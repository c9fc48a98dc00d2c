"""How much too good the winning candidate's inner score is.

The best of many noisy scores is too good on average (Cawley & Talbot 2010; Varma & Simon 2006): quoting it instead of
the outer score is the commonest way to publish a number that nobody can reach. Every search is so affected, and the
page quotes outer scores: a note.
"""

from __future__ import annotations

from bench.core.findings import Finding, Severity
from bench.core.outcomes import words
from bench.diagnose.case import Case, around
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import found, no_interval, not_applicable, optimism, passed
from bench.scores.series import Series
from bench.text.findings import NotTuned

say = words(
    "tuning_optimism",
    {
        "too_good": "the inner CV {metric:name} is significantly better than the outer test one",
        "not_shown": "the inner CV {metric:name} is not significantly better than the outer test one",
        "not_reported": "the tuning metric {metric} is not among the study's metrics; add it to `metrics: also`",
        "no_test_scores": "{metric:name} has no test scores",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """The mean of inner minus outer test score of the tuning metric, a dataset and family that was tuned."""
    inner = evidence.series["inner"]
    if not inner:
        return []
    return [
        _judged(evidence, (d, f), metric, series, len(inner))
        for (d, f, metric), series in inner.items()
    ]


def _judged(
    evidence: DiagnosticEvidence,
    subject: tuple[str, str],
    metric: str,
    inner: Series,
    n_tests: int,
) -> Finding:
    if metric not in evidence.study.metrics.names:
        return not_applicable(subject, say("not_reported", metric=metric))
    gap = optimism(evidence, subject, inner, metric, n_tests)
    if gap is None:
        return not_applicable(subject, say("no_test_scores", metric=metric))
    if gap.low is None:
        return no_interval(subject, gap.estimate)
    if gap.above_zero:
        return found(subject, Severity.NOTE, say("too_good", metric=metric), number=gap)
    return passed(subject, say("not_shown", metric=metric), number=gap)


DIAGNOSTIC = Diagnostic(
    name="tuning_optimism",
    title="Tuning optimism",
    code="O2",
    why="The inner score chose the candidate, so it is too good on average.",
    what_to_do="Quote the outer test score.",
    question="How many candidates were tried, and would fewer have been enough?",
    run=run,
    nothing=NotTuned(),
    number=FindingNumber("tuning optimism", "tuning"),
    sick=lambda: Case(inner={"lda": around(0.97, 0.005)}),
)
