"""What a diagnostic is, and the helpers that diagnostics share. `run_all` runs them all.

Alarms (findings above a note) that can be false by chance share one budget a study: each diagnostic states its part,
split over all subjects that it looks at, so that a healthy study raises an alarm in at most a tenth of cases. What is
no fault of a study, or is true of healthy ones too, is a note however certain it is. Facts without chance (a fit
failed; a declared group is not split by) need no budget.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
import polars as pl

from bench.core import refusals  # noqa: F401  (its statements stand in `unavailable`)
from bench.core.findings import Finding, NoInterval, Outcome, Severity, Subject
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement, decoded
from bench.core.registry import Registry
from bench.data.dataset import Dataset
from bench.diagnose.case import Case
from bench.diagnose.evidence import DiagnosticEvidence
from bench.scores.design import level_of
from bench.scores.series import Series, matched
from bench.stats.intervals import corrected_mean

#: In what a finding's number is counted. `score`: a difference in the study's primary metric; `tuning`: in the metric
#: that candidates were chosen by; `chance`: a p-value; `probability`: a difference of probabilities.
_Unit = Literal["share", "score", "tuning", "standard errors", "correlation", "probability", "chance"]


@dataclass(frozen=True)
class FindingNumber:
    """What the `estimate` of a diagnostic's findings is, in words, and its unit."""

    name: str
    unit: _Unit


class NumberShown(StrEnum):
    """Where the page shows what a diagnostic answers when it found nothing."""

    CHECKS = "checks"  # among the checks that passed
    NUMBERS = "numbers"  # among the numbers to know: it checks nothing
    FIGURE = "figure"  # in a figure of another section
    TABLE = "table"  # in a table of its own


@dataclass(frozen=True)
class Planting:
    """A leak of known strength, planted into a study's own table to see whether the diagnostic finds it.

    Attributes
    ----------
    plant
        The table with the leak; with strength None the same change without a leak.
    strengths
        Strengths from weak to strong, each with its label.
    described
        What is planted, in words.
    shuffled
        The table without a leak in which the alarm must not sound, where that is not the table as it is.
    """

    plant: Callable[[Dataset, float | None, np.random.Generator], Dataset]
    strengths: tuple[tuple[float, str], ...]
    described: str
    shuffled: Callable[[Dataset, np.random.Generator], Dataset] | None = None

    def label(self, strength: float) -> str:
        """The label of a strength; of one that is not planted any more, the number."""
        return dict(self.strengths).get(strength, f"{strength:g}")


@dataclass(frozen=True)
class Diagnostic:
    """One look at stored results; its file holds everything about it.

    Attributes
    ----------
    name, title, code
        Its id in a study, its name on the page, and its short code.
    why, what_to_do, question
        Why a finding matters, what to do about it, and the question that it raises.
    run
        The look itself: at least one finding, or none where there is nothing to look at.
    number
        What its estimates are; None where each finding says its own.
    budget
        How often it may raise an alarm about a healthy study; 0 where it raises none by chance.
    fact
        Whether its alarms are facts: no chance is in them.
    required
        Whether a study cannot leave it out; then it says nothing where there is nothing to say.
    shown
        Where the page shows what it answers.
    parts
        The titles of its parts, by `Finding.part`.
    planting
        A leak that a study can plant into its own tables to try the diagnostic.
    sick, healthy
        Toy studies in which it must find something, and nothing; no sick one where it never finds anything.
    """

    name: str
    title: str
    code: str
    why: str
    what_to_do: str
    run: Callable[[DiagnosticEvidence], Sequence[Finding]]
    question: str = ""
    number: FindingNumber | None = None
    budget: float = 0.0
    fact: bool = False
    required: bool = False
    shown: NumberShown = NumberShown.CHECKS
    parts: Mapping[str, str] = field(default_factory=dict)
    planting: Planting | None = None
    sick: Callable[[], Case] | None = None
    healthy: Callable[[], Case] = Case


#: All diagnostics by name: one file of this folder each.
DIAGNOSTICS = Registry("bench.diagnose", Diagnostic, "diagnostic", group="bench.diagnostics")


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


def found(
    subject: Subject, severity: Severity, *statements: Statement, number: Estimate = NO_NUMBER, part: str = ""
) -> Finding:
    """A finding: something is wrong, or worth knowing."""
    return _finding(Outcome.FOUND, subject, statements, number, part, severity)


def passed(subject: Subject, *statements: Statement, number: Estimate = NO_NUMBER, part: str = "") -> Finding:
    """A check that looked and found nothing."""
    return _finding(Outcome.PASSED, subject, statements, number, part)


def by_construction(subject: Subject, *statements: Statement, part: str = "") -> Finding:
    """What was not tested, as the engine cannot do otherwise."""
    return _finding(Outcome.BY_CONSTRUCTION, subject, statements, NO_NUMBER, part)


def not_applicable(subject: Subject, *statements: Statement, number: Estimate = NO_NUMBER, part: str = "") -> Finding:
    """A check that could not look, or whose number nothing can be held against."""
    return _finding(Outcome.NOT_APPLICABLE, subject, statements, number, part)


def _finding(
    outcome: Outcome,
    subject: Subject,
    statements: tuple[Statement, ...],
    number: Estimate,
    part: str,
    severity: Severity = Severity.NOTE,
) -> Finding:
    return Finding(outcome, statements, *subject, severity, number.estimate, number.low, number.high, part)


def unavailable(evidence: DiagnosticEvidence, *variants: str) -> list[Finding]:
    """What the study asks for and cannot have on its data, one finding a family and dataset."""
    rows = evidence.unavailable.filter(pl.col("variant").is_in(variants)).unique(maintain_order=True)
    return [not_applicable((row["dataset"], row["family"]), *decoded(row["reasons"])) for row in rows.to_dicts()]


def optimism(
    evidence: DiagnosticEvidence, subject: tuple[str, str], seen: Series, metric: str, n_tests: int
) -> Estimate | None:
    """How much better `seen` is than the test scores of the same folds, with its interval; positive is optimistic.

    Both series are averaged over what they share: folds, or repeats where one of them is pooled. The error rate is
    split over `n_tests` subjects. None where nothing can be compared; no interval where the design has no error rate.
    """
    test = evidence.series["test"].get((*subject, metric))
    setting = evidence.settings[subject[0]]
    if test is None or seen.mean is None or test.mean is None:
        return None
    sign = sign_of(metric)
    if len(seen.value) != len(test.value) or seen.pooled or test.pooled:
        return Estimate(sign * (seen.mean - test.mean))
    first, second = matched(seen, test)
    if first.mean is None or second.mean is None:
        return None
    gap = Series(first.repeat, first.fold, sign * (first.value - second.value))
    sample = setting.sample(gap)
    if sample is None or setting.seeds:  # over seeds alone an alarm would speak of no other rows
        return Estimate(gap.mean)
    return mean_of(sample, 1 - (1 - level_of(evidence.study)) / max(1, n_tests))


def mean_of(sample: tuple[np.ndarray, float], level: float) -> Estimate:
    """The mean of fold scores with its corrected interval; `sample` as `Setting.sample` gives it."""
    mean = corrected_mean(sample[0], test_train_ratio=sample[1], level=level)
    return Estimate(mean.estimate, mean.low, mean.high)


def sign_of(metric: str) -> float:
    """1 where higher scores of the metric are better, else -1."""
    return 1.0 if METRICS[metric].higher_is_better else -1.0


def no_interval(subject: Subject, estimate: float | None) -> Finding:
    """A number that stands alone."""
    return not_applicable(subject, NoInterval(), number=Estimate(estimate))


def alarm_level(budget: float, subjects: int) -> float:
    """The level of one subject's test, where so many subjects share a diagnostic's budget."""
    return budget / max(1, subjects)


def permutations(level: float) -> int:
    """How many make a p-value below the level possible, with room."""
    return max(999, int(np.ceil(5 / level)) - 1)
