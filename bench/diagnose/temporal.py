"""Whether the future predicts the past: training rows that are newer than the test rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bench.diagnose._rows import Sample
from bench.diagnose.diagnostic import Diagnostic, DiagnosticEvidence, Number, Rows, found, not_applicable, passed
from bench.scores.design import resampling_of

GIVEN = ("fixed_split", "given_folds")


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a dataset: the share of test rows that are older than the newest row they were predicted from."""
    rows: Rows = []
    for name in dict.fromkeys(dataset for dataset, _ in evidence.subjects):
        spec, kind = evidence.study.datasets[name], resampling_of(evidence.study, name)
        if kind is None or spec.target is None:
            continue
        if spec.time is not None:
            rows.append(_declared(evidence, name, spec.time, kind))
        else:
            rows.append(_suspected(evidence, name, kind))
    return rows or [not_applicable("nothing was split here: who made these scores must answer for them")]


def _declared(evidence: DiagnosticEvidence, name: str, column: str, kind: str) -> dict[str, Any]:
    subject, sample = (name, None), evidence.rows(name)
    share = None if sample is None or sample.time is None else _older(evidence, name, sample, sample.time)
    said = f"{column} is the declared time"
    if kind == "time_ordered":
        return passed(subject, f"{said}, and the split trains on the past only", estimate=share)
    if share == 0:
        return passed(subject, f"{said}, and no test row is older than a row it was predicted from", estimate=share)
    seen = "" if share is None else f": {share:.0%} of the test rows are older than the newest row in their training"
    why = f"{said}, but the protocol is {kind.replace('_', '-')}{seen}, so that later rows predict earlier ones"
    return found(subject, "warning", why, estimate=share)


def _suspected(evidence: DiagnosticEvidence, name: str, kind: str) -> dict[str, Any]:
    subject, sample = (name, None), evidence.rows(name)
    suspects = [
        str(row["column"])
        for row in evidence.remarks.iter_rows(named=True)
        if row["dataset"] == name and row["code"] == "possible_time"
    ]
    if not suspects:
        said = "no time is declared, and no column looks like one; rows may still have an order that nobody wrote down"
        return not_applicable(said, subject)
    share = None
    if sample is not None:
        position = [i for i, column in enumerate(sample.columns) if column.name == suspects[0]]
        share = _older(evidence, name, sample, sample.X[:, position[0]]) if position else None
    seen = "" if share is None else f": {share:.0%} of the test rows would be older than the newest row in training"
    given = "; the split was given, and its makers may have followed it" if kind in GIVEN else ""
    why = f"{', '.join(suspects)} may be a time{seen}{given}; declare `time`, or say why it is none"
    return found(subject, "note", why, estimate=share)


def _older(evidence: DiagnosticEvidence, name: str, sample: Sample, time: np.ndarray) -> float | None:
    """Over all folds, the share of test rows whose time is before the latest of the rows that are not tested.

    None without test rows here. What stands in no training set of a given split counts as trained on.
    """
    if name not in evidence.tests or not len(time):
        return None
    order = pl.DataFrame({"row": sample.row, "time": np.unique(time, return_inverse=True)[1]})
    tests, older, count = evidence.tests[name].join(order, on="row"), 0, 0
    for _, part in tests.group_by("repeat", "fold", maintain_order=True):
        newest = order.join(part, on="row", how="anti")["time"].max()
        count += part.height
        older += int((part["time"] < newest).sum()) if newest is not None else 0
    return older / count if count else None


DIAGNOSTIC = Diagnostic(
    name="temporal",
    title="The future in training",
    code="L6",
    why="Who trains on rows of next year and is asked about this year knows what nobody could have known; the score "
    "is not one of forecasting.",
    what_to_do="If the past is to predict the future, name the column as `time` and use `time_ordered`.",
    run=run,
    number=Number("test rows older than the newest training row", "share"),
)
