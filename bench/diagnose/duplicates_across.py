"""Whether test rows have exact duplicates (equal features) among the rows that were trained on."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, words
from bench.diagnose._across import FOLD, LeakGain, copies, leak_gain
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import alarm_level, found, passed
from bench.scores.design import is_external, tolerance_of
from bench.stats import special
from bench.text.formats import count, share

NAME, BUDGET = "duplicates_across", 0.005
#: Fewer test rows than this share change no score: a note.
FEW = 0.01


say = words(
    "duplicates_across",
    {
        "coarse": "no warning: with features this coarse, different cases can be equal by chance",
        "no_predictions": "no predictions are stored for rows whose data are part of this study",
    },
)


class Copies(Statement, code="duplicates_across.copies"):
    """How many of the test rows, each counted once per repeat, have an exact copy in training."""

    rows: int
    total: int

    def sentence(self) -> str:
        if not self.rows:
            return (
                f"none of {count(self.total)} test rows has an exact copy in training"
            )
        part = f"{share(self.rows, self.total)}, counted once per repeat"
        return f"{count(self.rows)} of {count(self.total)} test rows ({part}) have an exact copy in training"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """The share of test rows with a duplicate in training, and how much accuracy gains from them, a dataset."""
    return [
        _judged(evidence, dataset)
        for dataset in evidence.study.datasets
        if not evidence.plain(dataset).is_empty()
        and not is_external(evidence.study, dataset)
    ]


def _judged(evidence: DiagnosticEvidence, dataset: str) -> Finding:
    tests, subject = evidence.plain(dataset, "test"), (dataset, None)
    total, copied = tests.select(*FOLD, "row").n_unique(), copies(evidence, dataset)
    if copied is None or copied.is_empty():
        return passed(subject, Copies(0, total), number=0.0)
    share = copied.height / total
    gain, family = leak_gain(tests, copied, evidence.baselines)
    statements: list[Statement] = [Copies(copied.height, total)]
    tolerance = None
    if family is not None:
        statements.append(LeakGain(evidence.title(family), gain))
        tolerance = tolerance_of(evidence.study, "accuracy").value
    severity = (
        Severity.SERIOUS
        if tolerance is not None and gain > tolerance
        else Severity.WARNING
    )
    if severity is Severity.WARNING and share < FEW:
        severity = Severity.NOTE
    if severity is not Severity.NOTE and not _surprising(evidence, dataset):
        severity = Severity.NOTE
        statements.append(say("coarse"))
    return found(subject, severity, *statements, number=share)


def _surprising(evidence: DiagnosticEvidence, dataset: str) -> bool:
    """Whether so many equal rows are more than chance makes of features as coarse as these.

    Two rows that are equal are equal in their finest feature. How often two different rows are equal there bounds how
    often all features agree by chance, however much they depend on each other. A row with the commonest value of every
    feature (who bought nothing, who has no symptom) is where cases pile up, no copy.
    """
    sample = evidence.rows(dataset)
    if sample is None:
        return True
    duplicates = evidence.duplicates.filter(pl.col("dataset") == dataset).select(
        "row", "duplicates"
    )
    piled = np.all(
        [
            column == _commonest(column)
            for column in np.nan_to_num(sample.X, nan=np.inf).T
        ],
        axis=0,
    )
    here = duplicates.filter(pl.col("row").is_in(sample.row[~piled]))
    pairs = int(
        here.group_by("duplicates")
        .len()
        .select((pl.col("len") * (pl.col("len") - 1) // 2).sum())
        .item()
        or 0
    )
    _, once = np.unique(sample.X, axis=0, return_index=True)
    if sample.X.shape[1] < 2 or len(once) < 2:
        return False
    agree = min(_equal_pairs(column) for column in sample.X[once].T)
    expected = sample.n * (sample.n - 1) / 2 * agree
    return (
        bool(
            special.pdtrc(pairs - 1, expected)
            < alarm_level(BUDGET, len(evidence.samples))
        )
        if pairs
        else False
    )


def _commonest(values: np.ndarray) -> float:
    levels, counts = np.unique(values, return_counts=True)
    return float(levels[counts.argmax()])


def _equal_pairs(values: np.ndarray) -> float:
    """The share of pairs of values that are equal; missing equals missing."""
    counts = np.unique(values, return_counts=True)[1].astype(float)
    return float((counts * (counts - 1)).sum() / (len(values) * (len(values) - 1)))


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Exact duplicates across the split",
    code="L4",
    why="A model can remember a row that it has seen in training.",
    what_to_do="Drop exact duplicates in `clean`, or keep them on one side with a `group`.",
    question="Are equal rows the same case measured twice, or two cases that look alike?",
    run=run,
    nothing=say("no_predictions"),
    number=FindingNumber(
        "test rows with an exact copy in training", "share", said=True
    ),
    budget=BUDGET,
    sick=lambda: Case(duplicates=[(row, row // 2) for row in range(40)]),
)
