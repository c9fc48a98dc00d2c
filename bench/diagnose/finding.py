"""Findings and numbers as diagnostics make them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from bench.contrasts import compare_folds
from bench.core.findings import Finding, Outcome, Severity, Subject
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement, decoded
from bench.diagnose.evidence import DiagnosticEvidence
from bench.scores.design import alpha_of
from bench.scores.series import Series, matched
from bench.text.findings import NoInterval


@dataclass(frozen=True)
class Estimate:
    """A number and its interval, as a finding carries them."""

    estimate: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def above_zero(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.low is not None and self.low > 0


NO_NUMBER = Estimate()


#: A number with its interval, alone, or none.
NumberOfFinding = Estimate | float | None


def found(
    subject: Subject,
    severity: Severity,
    *statements: Statement,
    number: NumberOfFinding = None,
    part: str = "",
) -> Finding:
    """A finding: something is wrong, or worth knowing."""
    return _finding(Outcome.FOUND, subject, statements, number, part, severity)


def passed(
    subject: Subject,
    *statements: Statement,
    number: NumberOfFinding = None,
    part: str = "",
) -> Finding:
    """A check that looked and found nothing."""
    return _finding(Outcome.PASSED, subject, statements, number, part)


def by_construction(
    subject: Subject, *statements: Statement, part: str = ""
) -> Finding:
    """What was not tested, as the engine cannot do otherwise."""
    return _finding(Outcome.BY_CONSTRUCTION, subject, statements, None, part)


def not_applicable(
    subject: Subject,
    *statements: Statement,
    number: NumberOfFinding = None,
    part: str = "",
) -> Finding:
    """A check that could not look, or whose number nothing can be held against."""
    return _finding(Outcome.NOT_APPLICABLE, subject, statements, number, part)


def _finding(
    outcome: Outcome,
    subject: Subject,
    statements: tuple[Statement, ...],
    number: NumberOfFinding,
    part: str,
    severity: Severity = Severity.NOTE,
) -> Finding:
    if not isinstance(number, Estimate):
        number = Estimate(number)
    return Finding(outcome, statements, *subject, severity, part=part, **vars(number))


def unavailable(evidence: DiagnosticEvidence, *variants: str) -> list[Finding]:
    """What the study asks for and cannot have on its data, one finding a family and dataset."""
    rows = evidence.unavailable.filter(pl.col("variant").is_in(variants)).unique(
        maintain_order=True
    )
    return [
        not_applicable((row["dataset"], row["family"]), *decoded(row["reasons"]))
        for row in rows.to_dicts()
    ]


def optimism(
    evidence: DiagnosticEvidence,
    subject: tuple[str, str],
    seen: Series,
    metric: str,
    n_tests: int,
) -> Estimate | None:
    """How much better `seen` is than the test scores of the same folds, with its interval; positive is optimistic.

    Both series are averaged over what they share: folds, or repeats where one of them is pooled. The error rate is
    split over `n_tests` subjects. None where nothing can be compared; no interval where the design has no error rate.
    """
    test = evidence.series["test"].get((*subject, metric))
    if test is None or seen.mean is None or test.mean is None:
        return None
    if len(seen.value) != len(test.value) or seen.pooled or test.pooled:
        return Estimate(sign_of(metric) * (seen.mean - test.mean))
    # Over seeds alone an alarm would speak of no other rows.
    level = (
        None
        if evidence.settings[subject[0]].seeds
        else 1 - alarm_level(alpha_of(evidence.study), n_tests)
    )
    return difference(evidence, subject[0], metric, matched(seen, test), level)


def difference(
    evidence: DiagnosticEvidence,
    dataset: str,
    metric: str,
    pair: tuple[Series, Series],
    level: float | None,
) -> Estimate | None:
    """How much better the first of two series on the same folds is, with its corrected interval at the level.

    None where nothing is defined; no interval without a level, where the design has no error rate, or of a few equal
    differences.
    """
    gain = pair[0].minus(pair[1]).times(sign_of(metric))
    sample = evidence.settings[dataset].sample(gain)
    if gain.mean is None:
        return None
    if sample is None or level is None:
        return Estimate(gain.mean)
    values, ratio = sample
    contrast = compare_folds(values, np.zeros(len(values)), ratio=ratio)
    low, high = contrast.interval(level) or (None, None)
    return Estimate(contrast.gain, low, high)


def sign_of(metric: str) -> float:
    """1 where higher scores of the metric are better, else -1."""
    return float(METRICS[metric].sign)


def no_interval(subject: Subject, estimate: float | None) -> Finding:
    """A number that stands alone."""
    return not_applicable(subject, NoInterval(), number=estimate)


def alarm_level(budget: float, subjects: int) -> float:
    """The level of one subject's test, where so many subjects share a diagnostic's budget."""
    return budget / max(1, subjects)


def permutations(level: float) -> int:
    """How many make a p-value below the level possible, with room."""
    return max(999, int(np.ceil(5 / level)) - 1)
