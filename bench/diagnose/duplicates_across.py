"""Whether test rows have duplicates among the rows that were trained on: the same features, word for word."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.special import pdtrc

from bench.diagnose._across import FOLD, copies, leak_gain
from bench.diagnose._names import family_title, points
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    Severity,
    alarm_level,
    found,
    not_applicable,
    passed,
)
from bench.scores.design import is_external, tolerance_of

NAME = "duplicates_across"
#: Fewer test rows than this share change no score: a note.
FEW = 0.01


def run(evidence: DiagnosticEvidence) -> Rows:
    """The share of test rows with a duplicate in training, and how much the accuracy of labels owes to them, a dataset."""
    rows: Rows = []
    for dataset in evidence.study.datasets:
        own = evidence.predictions.filter((pl.col("dataset") == dataset) & (pl.col("variant") == "plain"))
        if own.is_empty() or is_external(evidence.study, dataset):
            continue
        tests = own.filter(pl.col("side") == "test")
        duplicates = evidence.duplicates.filter(pl.col("dataset") == dataset).select("row", "duplicates")
        both = copies(evidence, dataset)
        every = tests.select(*FOLD, "row").n_unique()
        if both is None or both.is_empty():
            rows.append(
                passed((dataset, None), f"none of {every:,} tested rows has an exact copy in training", estimate=0.0)
            )
            continue
        share = both.height / every
        gain, family = leak_gain(tests, both, evidence.baselines)
        said = (
            f"{both.height:,} of {every:,} tested rows, repeats counted, ({share:.1%}) have an exact copy in training"
        )
        if family is not None:
            said += (
                f"; on the other rows the accuracy of {family_title(evidence.study, family)} is {points(gain)} lower "
            )
            said += "(no interval is known)"
        tolerance = tolerance_of(evidence.study, "accuracy").value if family is not None else None
        severity: Severity = "serious" if tolerance is not None and gain > tolerance else "warning"
        severity = "note" if share < FEW and severity == "warning" else severity
        if severity != "note" and not _surprising(evidence, dataset, duplicates):
            severity = "note"
            said += "; features as coarse as these make different cases equal. If these are different cases, new ones "
            said += "will have equals too, and the score stands; if they are copies, it is too good"
        rows.append(found((dataset, None), severity, said, estimate=share))
    return rows or [not_applicable("there are no predictions of rows whose data are here")]


def _surprising(evidence: DiagnosticEvidence, dataset: str, duplicates: pl.DataFrame) -> bool:
    """Whether so many equal rows are more than chance makes of features as coarse as these.

    Two rows that are equal are equal in their finest feature. How often two different rows are equal there bounds how
    often all features agree by chance, however much they depend on each other. A row with the commonest value of every
    feature (who bought nothing, who has no symptom) is where cases pile up, no copy.
    """
    sample = evidence.rows(dataset)
    if sample is None:
        return True
    piled = np.all([column == _commonest(column) for column in np.nan_to_num(sample.X, nan=np.inf).T], axis=0)
    here = duplicates.filter(pl.col("row").is_in(sample.row[~piled]))
    pairs = int(here.group_by("duplicates").len().select((pl.col("len") * (pl.col("len") - 1) // 2).sum()).item() or 0)
    _, once = np.unique(sample.X, axis=0, return_index=True)
    if sample.X.shape[1] < 2 or len(once) < 2:
        return False
    agree = min(_equal_pairs(column) for column in sample.X[once].T)
    expected = sample.n * (sample.n - 1) / 2 * agree
    return bool(pdtrc(pairs - 1, expected) < alarm_level(NAME, len(evidence.samples))) if pairs else False


def _commonest(values: np.ndarray) -> float:
    found, counts = np.unique(values, return_counts=True)
    return float(found[counts.argmax()])


def _equal_pairs(values: np.ndarray) -> float:
    """The share of pairs of values that are equal; missing equals missing."""
    counts = np.unique(values, return_counts=True)[1].astype(float)
    return float((counts * (counts - 1)).sum() / (len(values) * (len(values) - 1)))


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Duplicates across the split",
    code="L4",
    why="Who has seen a row's duplicate in training need only remember it: the score is one of memory.",
    what_to_do="Drop exact duplicates in `clean`, or keep duplicates on one side with a `group`; say which in the study.",
    run=run,
    number=Number("test rows with an exact copy in training", "share"),
)
