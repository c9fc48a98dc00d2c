"""What a diagnostic answers: findings as data.

`not_applicable` is never `passed`: a check that could not look says so. What holds by construction (the engine cannot
do otherwise) was not tested either; it has its own outcome and is counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from bench.core.outcomes import Statement

#: The dataset and the family that a finding is about; None where it is about all of them.
Subject = tuple[str | None, str | None]


class Outcome(StrEnum):
    """What came of one check of one subject: the column `outcome` of `Result.findings`.

    Examples
    --------
    >>> [str(outcome) for outcome in Outcome]
    ['found', 'passed', 'by_construction', 'not_applicable']
    """

    FOUND = "found"
    PASSED = "passed"
    BY_CONSTRUCTION = "by_construction"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How grave a finding is. A note may be true of a healthy study; a warning or worse is an alarm.

    Examples
    --------
    >>> [str(severity) for severity in Severity]
    ['note', 'warning', 'serious']
    """

    NOTE = "note"
    WARNING = "warning"
    SERIOUS = "serious"


@dataclass(frozen=True)
class Finding:
    """One check of one subject.

    Attributes
    ----------
    outcome : Outcome
        What came of it.
    statements : tuple of Statement
        What was seen, as data: at least one.
    dataset, family : str or None
        The subject; None where the finding is about all of them.
    severity : Severity
        How grave it is; it says something only where the outcome is `found`.
    estimate, low, high : float or None
        The diagnostic's number and its interval, where they exist.
    part : str
        Which part of the diagnostic speaks (`test_set` of `leakage`); empty for a diagnostic without parts.
    """

    outcome: Outcome
    statements: tuple[Statement, ...]
    dataset: str | None = None
    family: str | None = None
    severity: Severity = Severity.NOTE
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    part: str = ""

    @property
    def is_alarm(self) -> bool:
        """Whether it is found and more than a note."""
        return self.outcome is Outcome.FOUND and self.severity is not Severity.NOTE


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """A row of frames.FINDINGS; the columns are described beside the schema."""

    code: str
    diagnostic: str
    dataset: str | None
    family: str | None
    outcome: str
    severity: str
    estimate: float | None
    low: float | None
    high: float | None
    details: str | None

    @property
    def is_alarm(self) -> bool:
        """Whether it is found and more than a note."""
        return self.outcome == Outcome.FOUND and self.severity != Severity.NOTE


def is_alarm() -> pl.Expr:
    """Which rows of frames.FINDINGS are alarms: found, and more than a note."""
    return (pl.col("outcome") == Outcome.FOUND.value) & (
        pl.col("severity") != Severity.NOTE.value
    )
