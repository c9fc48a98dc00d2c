"""Whether more rows would still help: the last step of the learning curve, and no further.

Curves of this kind are not continued beyond what was measured: some 15 % of them bend (Viering & Loog 2022, The shape
of learning curves: a review).
"""

from __future__ import annotations

from enum import StrEnum

from bench.core.findings import Finding, NotRequested, Severity
from bench.core.outcomes import Statement
from bench.diagnose._names import metric_word
from bench.diagnose.case import Case, around, near_the_scores
from bench.diagnose.diagnostic import (
    Diagnostic,
    Estimate,
    FindingNumber,
    found,
    mean_of,
    not_applicable,
    passed,
    sign_of,
    unavailable,
)
from bench.diagnose.evidence import DiagnosticEvidence
from bench.scores.design import level_of, tolerance_of
from bench.scores.series import Series, matched, series_of


class Code(StrEnum):
    """Codes of this diagnostic's statements."""

    GROWS = "learning_curve.grows"
    FLAT = "learning_curve.flat"
    UNDECIDED = "learning_curve.undecided"
    NO_SCORES = "learning_curve.no_scores"
    UNDEFINED = "learning_curve.undefined"


class Grows(Statement, code=Code.GROWS):
    """The score is significantly better with all training rows than with the share of them."""

    share: float

    def sentence(self) -> str:
        """The statement in words."""
        return (
            f"the score still improves from {self.share:.0%} of the training rows to all of them: more rows would help"
        )


class Flat(Statement, code=Code.FLAT):
    """The score improves by less than the tolerance."""

    share: float

    def sentence(self) -> str:
        """The statement in words."""
        return (
            f"the score does not improve from {self.share:.0%} of the training rows to all of them: another model is "
            "more promising than more rows"
        )


class Undecided(Statement, code=Code.UNDECIDED):
    """Neither is shown."""

    share: float

    def sentence(self) -> str:
        """The statement in words."""
        return (
            f"from {self.share:.0%} of the training rows to all of them, no significant improvement; the interval "
            "does not rule it out"
        )


class NoExtraFits(Statement, code=Code.NO_SCORES):
    """The extra fits of this family were not requested, or failed."""

    def sentence(self) -> str:
        """The statement in words."""
        return "not requested for this model, or its fits failed"


class NoSharedFold(Statement, code=Code.UNDEFINED):
    """The metric is undefined on every fold of one of the two."""

    metric: str

    def sentence(self) -> str:
        """The statement in words."""
        return f"{metric_word(self.metric)} is defined on no common fold"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """All training rows against the largest share below, on the same folds, of the primary metric."""
    shares, refused = sorted(shares_of(evidence)), unavailable(evidence, "train_share")
    if not shares:
        return refused or [not_applicable((None, None), NotRequested("learning: {}"))]
    without = {(finding.dataset, finding.family) for finding in refused}
    fewer = series_of(evidence.scores, variants=(f"train_share={shares[-1]:g}",))
    subjects = [subject for subject in evidence.subjects if subject not in without]
    metric = evidence.study.metrics.primary
    return refused + [_judged(evidence, subject, shares[-1], fewer.get((*subject, metric))) for subject in subjects]


def shares_of(evidence: DiagnosticEvidence) -> set[float]:
    """The shares of training rows that there are scores for, all of them aside."""
    names = evidence.scores["variant"].unique().to_list()
    return {float(name.partition("=")[2]) for name in names if name.startswith("train_share=")}


def _judged(evidence: DiagnosticEvidence, subject: tuple[str, str], share: float, fewer: Series | None) -> Finding:
    metric = evidence.study.metrics.primary
    every = evidence.series["test"].get((*subject, metric))
    if every is None or fewer is None:
        return not_applicable(subject, NoExtraFits())
    step = _step(evidence, subject[0], every, fewer)
    if step is None:
        return not_applicable(subject, NoSharedFold(metric))
    if step.above_zero:
        return found(subject, Severity.NOTE, Grows(share), number=step)
    tolerance = tolerance_of(evidence.study, metric).value
    if step.high is not None and tolerance is not None and step.high <= tolerance:
        return passed(subject, Flat(share), number=step)
    return passed(subject, Undecided(share), number=step)


def _step(evidence: DiagnosticEvidence, dataset: str, every: Series, fewer: Series) -> Estimate | None:
    a, b = matched_on(every, fewer)
    gain = Series(a.repeat, a.fold, sign_of(evidence.study.metrics.primary) * (a.value - b.value))
    if gain.mean is None:
        return None
    sample = evidence.settings[dataset].sample(gain)
    if sample is None or len(sample[0]) < 2:
        return Estimate(gain.mean)
    return mean_of(sample, level_of(evidence.study))


def matched_on(a: Series, b: Series) -> tuple[Series, Series]:
    """Both series on the repeats and folds that both have a defined score of."""
    common = _keys(a) & _keys(b)
    first, second = matched(_only(a, common), _only(b, common))
    return first, second


def _keys(series: Series) -> set[tuple[int, int]]:
    return {(int(r), int(f)) for r, f in zip(series.repeat, series.fold, strict=True)}


def _only(series: Series, keys: set[tuple[int, int]]) -> Series:
    kept = [(int(r), int(f)) in keys for r, f in zip(series.repeat, series.fold, strict=True)]
    return Series(series.repeat[kept], series.fold[kept], series.value[kept])


DIAGNOSTIC = Diagnostic(
    name="learning_curve",
    title="Learning curve",
    code="O5",
    why="Where the curve still climbs, rows are missing; where it is flat, a better model is.",
    what_to_do="Climbing: collect more rows before trying more models. Flat: look at features and models.",
    question="Are more rows to be had?",
    run=run,
    number=FindingNumber("gain from the last training rows", "score"),
    sick=lambda: Case(variants={"train_share=0.5": {"lda": around(0.8, 0.005)}}),
    healthy=lambda: Case(variants={"train_share=0.75": near_the_scores()}),
)
