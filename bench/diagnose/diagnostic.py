"""What a diagnostic is. `run_all` runs them all.

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

from bench.core.findings import Finding
from bench.core.outcomes import Statement
from bench.core.registry import Registry
from bench.diagnose.case import Case
from bench.diagnose.evidence import DiagnosticEvidence
from bench.text.findings import NothingHere

#: In what a finding's number is counted. `score`: a difference in the study's primary metric; `tuning`: in the metric
#: that candidates were chosen by; `chance`: a p-value; `probability`: a difference of probabilities.
_Unit = Literal[
    "share",
    "score",
    "tuning",
    "standard errors",
    "correlation",
    "probability",
    "chance",
]


@dataclass(frozen=True)
class FindingNumber:
    """What the `estimate` of a diagnostic's findings is, in words, and its unit; `said`: their sentences say it."""

    name: str
    unit: _Unit
    said: bool = False


class NumberShown(StrEnum):
    """Where the page shows what a diagnostic answers when it found nothing."""

    CHECKS = "checks"  # among the checks that passed
    NUMBERS = "numbers"  # nowhere: it measures and checks nothing
    FIGURE = "figure"  # in a figure of another section


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
        The look itself: its findings, or none where there is nothing to look at.
    nothing
        What it says where there is nothing to look at.
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
    sick, healthy
        Toy studies in which it must find something, and nothing; no sick one where it never finds anything.
    """

    name: str
    title: str
    code: str
    why: str
    what_to_do: str
    run: Callable[[DiagnosticEvidence], Sequence[Finding]]
    nothing: Statement = field(default_factory=NothingHere)
    question: str = ""
    number: FindingNumber | None = None
    budget: float = 0.0
    fact: bool = False
    required: bool = False
    shown: NumberShown = NumberShown.CHECKS
    parts: Mapping[str, str] = field(default_factory=dict)
    sick: Callable[[], Case] | None = None
    healthy: Callable[[], Case] = Case


#: All diagnostics by name: one file of this folder each.
DIAGNOSTICS = Registry(
    "bench.diagnose", Diagnostic, "diagnostic", group="bench.diagnostics"
)
