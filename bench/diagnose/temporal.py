"""Whether the future predicts the past: training rows that are newer than the test rows."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, words
from bench.diagnose._rows import Sample
from bench.diagnose.case import FIXED_SPLIT, LAST_FIFTY, ROWS, Case, toy_table
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import found, not_applicable, passed
from bench.scores.design import resampling_of
from bench.study.protocol import Resampling
from bench.text.findings import NotSplitHere
from bench.text.formats import listed

say = words(
    "temporal",
    {
        "no_time": "no time is declared, and no column looks like one",
        "past_only": "the split trains on the past only, by {time}",
        "none_older": "by {time}, no test row is older than a training row of its fold",
    },
)


class FutureInTraining(Statement, code="temporal.future_in_training"):
    """The protocol ignores the declared time; `share` of the test rows are older than a training row, if known."""

    time: str
    protocol: str
    share: float | None

    def sentence(self) -> str:
        protocol = self.protocol.replace("_", "-")
        words = f"with {protocol}, rows later in {self.time} predict earlier ones"
        older = f": {self.share:.0%} of the test rows are older than their newest training row"
        return words if self.share is None else f"{words}{older}"


class PossibleTime(Statement, code="temporal.possible_time"):
    """Columns that look like a time, where none is declared; `given`: the split came with the data."""

    columns: tuple[str, ...]
    share: float | None
    given: bool

    def sentence(self) -> str:
        words = f"{listed(self.columns)} may be a time"
        if self.share is not None:
            words += f": if so, {self.share:.0%} of the test rows are older than their newest training row"
        if self.given:
            words += "; the split came with the data and may follow it"
        return words


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a dataset: the share of test rows that are older than the newest row they were predicted from."""
    findings = []
    for name in evidence.split_here:
        spec, own = evidence.study.datasets[name], resampling_of(evidence.study, name)
        if own is None or spec.target is None:
            continue
        if spec.time is not None:
            findings.append(_declared(evidence, name, spec.time, own))
        else:
            findings.append(_suspected(evidence, name, own))
    return findings


def _declared(
    evidence: DiagnosticEvidence, name: str, column: str, own: Resampling
) -> Finding:
    subject, sample = (name, None), evidence.rows(name)
    share = (
        None
        if sample is None or sample.time is None
        else _older(evidence, name, sample, sample.time)
    )
    if own.in_time:
        return passed(subject, say("past_only", time=column), number=share)
    if share == 0:
        return passed(subject, say("none_older", time=column), number=share)
    return found(
        subject,
        Severity.WARNING,
        FutureInTraining(column, own.kind, share),
        number=share,
    )


def _suspected(evidence: DiagnosticEvidence, name: str, own: Resampling) -> Finding:
    subject, sample, suspects = (
        (name, None),
        evidence.rows(name),
        evidence.remarked(name, "possible_time"),
    )
    if not suspects:
        return not_applicable(subject, say("no_time"))
    share = None
    if sample is not None:
        position = [
            i for i, column in enumerate(sample.columns) if column.name == suspects[0]
        ]
        share = (
            _older(evidence, name, sample, sample.X[:, position[0]])
            if position
            else None
        )
    possible = PossibleTime(tuple(suspects), share, own.given)
    return found(subject, Severity.NOTE, possible, number=share)


def _older(
    evidence: DiagnosticEvidence, name: str, sample: Sample, time: np.ndarray
) -> float | None:
    """Over all folds, the share of test rows whose time is before the latest of the rows that are not tested.

    None without test rows here. What stands in no training set of a given split counts as trained on.
    """
    if name not in evidence.tests or not len(time):
        return None
    order = pl.DataFrame(
        {"row": sample.row, "time": np.unique(time, return_inverse=True)[1]}
    )
    tests, older, count = evidence.tests[name].join(order, on="row"), 0, 0
    for _, part in tests.group_by("repeat", "fold", maintain_order=True):
        newest = order.join(part, on="row", how="anti")["time"].max()
        count += part.height
        older += int((part["time"] < newest).sum()) if newest is not None else 0
    return older / count if count else None


def _by_day() -> Case:
    return Case(data=toy_table(time=np.arange(ROWS)), dataset={"time": "day"})


def _healthy() -> Case:
    case = _by_day()
    case.tested, case.study = (
        LAST_FIFTY,
        {"protocol": {"resampling": FIXED_SPLIT, "tuning": None, "seed": 1}},
    )
    return case


DIAGNOSTIC = Diagnostic(
    name="temporal",
    title="Training rows newer than test rows",
    code="L6",
    why="Training on later rows uses what was unknown at the time of the test rows.",
    what_to_do="Name the column as `time` and use `time_ordered` if the future is to be predicted.",
    question="Is the future to be predicted from the past?",
    run=run,
    nothing=NotSplitHere(),
    number=FindingNumber(
        "test rows older than the newest training row", "share", said=True
    ),
    fact=True,
    sick=_by_day,
    healthy=_healthy,
)
