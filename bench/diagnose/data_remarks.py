"""What is unusual about the clean tables, as their profile remarks it."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import decoded, encoded, words
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import found, not_applicable, passed
from bench.scores.design import is_external
from bench.text.remarks import Duplicates

#: What the page does not draw is no remark on the data.
DRAWN = "left_out"


say = words(
    "data_remarks",
    {
        "nothing_remarked": "no duplicates, conflicting labels or suspicious columns",
        "no_table": "the study has scores or predictions from another source, not the data themselves",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a remark, its kind behind the code; a table without remarks has passed.

    All are notes: few rows, a rare class or a missing value are properties of data, not faults of a study. Duplicates
    across the split and columns that count rows have diagnostics of their own.
    """
    findings: list[Finding] = []
    for dataset in evidence.tables["dataset"].to_list():
        if is_external(evidence.study, dataset):
            findings.append(not_applicable((dataset, None), say("no_table")))
            continue
        remarks = evidence.remarks.filter(
            (pl.col("dataset") == dataset) & (pl.col("code") != DRAWN)
        )
        findings += [_remark(dataset, row) for row in remarks.iter_rows(named=True)]
        if remarks.is_empty():
            findings.append(passed((dataset, None), say("nothing_remarked")))
    return findings


def _remark(dataset: str, row: dict[str, Any]) -> Finding:
    number = None if row["count"] is None else float(row["count"])
    return found(
        (dataset, None),
        Severity.NOTE,
        *decoded(row["details"]),
        number=number,
        part=row["code"],
    )


def _sick() -> Case:
    remark = {
        "code": "duplicates",
        "severity": "warning",
        "count": 3,
        "details": encoded([Duplicates(3)]),
    }
    return Case(remarks=[remark])


DIAGNOSTIC = Diagnostic(
    name="data_remarks",
    title="Data quality",
    code="D1",
    why="What is unusual about a table can bias scores or make them uncertain.",
    what_to_do=(
        "Where the table can be repaired, do so in the study's `clean` step. Otherwise say in the study why it is used "
        "as it is."
    ),
    question="Would the conclusion stand without these rows or columns?",
    run=run,
    sick=_sick,
)
