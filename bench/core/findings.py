"""What a diagnostic answers: findings as data, and the statements that several diagnostics share.

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


def is_alarm() -> pl.Expr:
    """Which rows of frames.FINDINGS are alarms: found, and more than a note."""
    return (pl.col("outcome") == Outcome.FOUND.value) & (pl.col("severity") != Severity.NOTE.value)


class NothingHere(Statement, code="finding.nothing_here"):
    """The study holds nothing that this check could examine."""


class NotRequested(Statement, code="finding.not_requested"):
    """The check needs extra fits that the study does not ask for; `option`: what to write under `diagnostics`."""

    option: str


class NotSplitHere(Statement, code="finding.not_split_here"):
    """The scores come from elsewhere: nothing was split in this study."""


class NoFeatures(Statement, code="finding.no_features"):
    """The features of the rows are not in this project."""


class NotTuned(Statement, code="finding.not_tuned"):
    """Nothing was tuned."""


class NoInterval(Statement, code="finding.no_interval"):
    """The number stands alone: its design allows no interval and no test."""


class RowsExamined(Statement, code="finding.rows_examined"):
    """A check looked at some of the rows only: the first draw of a simulation, or a sample of `rows` of `total`."""

    first_draw: bool
    rows: int | None = None
    total: int | None = None
    run: int | None = None
