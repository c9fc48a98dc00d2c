"""Whether more rows would still help: the last step of the learning curve, and no further.

Curves of this kind are not continued beyond what was measured: some 15 % of them bend (Viering & Loog 2022, The shape
of learning curves: a review).
"""

from __future__ import annotations

from bench.core.findings import Finding, Severity
from bench.core.outcomes import words
from bench.diagnose.case import Case, around, near_the_scores
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import (
    difference,
    found,
    not_applicable,
    passed,
    unavailable,
)
from bench.scores.design import level_of, tolerance_of
from bench.scores.series import Series, matched, series_of
from bench.text.findings import NotRequested

say = words(
    "learning_curve",
    {
        "no_scores": "not requested for this model, or failed",
        "grows": "the score still improves from {share:.0%} of the training rows to all of them",
        "flat": "the score does not improve from {share:.0%} of the training rows to all of them",
        "undecided": "undecided whether the score improves from {share:.0%} of the training rows to all of them",
        "undefined": "{metric:name} is defined on no common fold",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """All training rows against the largest share below, on the same folds, of the primary metric."""
    shares, refused = sorted(shares_of(evidence)), unavailable(evidence, "train_share")
    if not shares:
        return refused
    without = {(finding.dataset, finding.family) for finding in refused}
    fewer = series_of(evidence.scores, variants=(f"train_share={shares[-1]:g}",))
    subjects = [subject for subject in evidence.subjects if subject not in without]
    metric = evidence.study.metrics.primary
    return refused + [
        _judged(evidence, subject, shares[-1], fewer.get((*subject, metric)))
        for subject in subjects
    ]


def shares_of(evidence: DiagnosticEvidence) -> set[float]:
    """The shares of training rows that there are scores for, all of them aside."""
    names = evidence.scores["variant"].unique().to_list()
    return {
        float(name.partition("=")[2])
        for name in names
        if name.startswith("train_share=")
    }


def _judged(
    evidence: DiagnosticEvidence,
    subject: tuple[str, str],
    share: float,
    fewer: Series | None,
) -> Finding:
    metric = evidence.study.metrics.primary
    every = evidence.series["test"].get((*subject, metric))
    if every is None or fewer is None:
        return not_applicable(subject, say("no_scores"))
    step = difference(
        evidence, subject[0], metric, matched(every, fewer), level_of(evidence.study)
    )
    if step is None:
        return not_applicable(subject, say("undefined", metric=metric))
    if step.above_zero:
        return found(subject, Severity.NOTE, say("grows", share=share), number=step)
    tolerance = tolerance_of(evidence.study, metric).value
    if step.high is not None and tolerance is not None and step.high <= tolerance:
        return passed(subject, say("flat", share=share), number=step)
    return passed(subject, say("undecided", share=share), number=step)


DIAGNOSTIC = Diagnostic(
    name="learning_curve",
    title="Learning curve",
    code="O5",
    why="If the curve still climbs, more rows would help.",
    what_to_do="Climbing: collect more rows. Flat: change features or model.",
    question="Are more rows to be had?",
    run=run,
    nothing=NotRequested("learning: {}"),
    number=FindingNumber("gain from the last training rows", "score"),
    sick=lambda: Case(variants={"train_share=0.5": {"lda": around(0.8, 0.005)}}),
    healthy=lambda: Case(variants={"train_share=0.75": near_the_scores()}),
)
