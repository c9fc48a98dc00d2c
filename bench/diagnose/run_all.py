"""All diagnostics of a study: their findings, and what their numbers are."""

from __future__ import annotations

import polars as pl

from bench.core.findings import Finding
from bench.core.frames import FINDINGS, of_rows
from bench.core.outcomes import Statement, decoded, encoded
from bench.core.spare import lost
from bench.diagnose.diagnostic import DIAGNOSTICS, Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import not_applicable
from bench.text.findings import CouldNotBeComputed
from bench.text.sentences import sentences


def findings(evidence: DiagnosticEvidence) -> pl.DataFrame:
    """What every diagnostic found (frames.FINDINGS)."""
    rows = [
        row_of(diagnostic, finding)
        for diagnostic in DIAGNOSTICS.values()
        for finding in answers(diagnostic, evidence)
    ]
    return of_rows(rows, FINDINGS)


def answers(diagnostic: Diagnostic, evidence: DiagnosticEvidence) -> list[Finding]:
    """What one diagnostic finds; where it has nothing to look at, that, unless it is a required one."""
    try:
        made = list(diagnostic.run(evidence))
    except Exception as error:
        return [
            not_applicable(
                (None, None), CouldNotBeComputed(lost(diagnostic.title, error))
            )
        ]
    if made or diagnostic.required:
        return made
    return [not_applicable((None, None), diagnostic.nothing)]


def row_of(diagnostic: Diagnostic, finding: Finding) -> dict[str, object]:
    """A finding as a row of frames.FINDINGS."""
    return {
        "code": f"{diagnostic.code}.{finding.part}"
        if finding.part
        else diagnostic.code,
        "diagnostic": diagnostic.name,
        "dataset": finding.dataset,
        "family": finding.family,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "estimate": finding.estimate,
        "low": finding.low,
        "high": finding.high,
        "details": encoded(finding.statements),
    }


def statements_of(details: str | None) -> tuple[Statement, ...]:
    """The statements in the `details` of a finding."""
    DIAGNOSTICS.values()  # the files of diagnostics define statements of their own
    return decoded(details)


def reason(details: str | None) -> str:
    """The sentence of the `details` of a finding; empty where there are none."""
    return sentences(statements_of(details))


def numbers() -> dict[str, FindingNumber]:
    """What the estimate of each diagnostic is, by its name; those whose findings say their own are left out."""
    return {
        one.name: one.number for one in DIAGNOSTICS.values() if one.number is not None
    }


def budgets() -> dict[str, float]:
    """How often each diagnostic may raise an alarm about a healthy study, by name; those that never do are left out."""
    return {one.name: one.budget for one in DIAGNOSTICS.values() if one.budget}


def title_of(name: str, code: str = "") -> str:
    """What the page calls a diagnostic, or the part of it that a finding's code names."""
    diagnostic = DIAGNOSTICS[name]
    return diagnostic.parts.get(code.partition(".")[2], diagnostic.title)
