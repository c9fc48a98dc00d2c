"""How much better a family is on the rows it has seen."""

from __future__ import annotations

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement
from bench.diagnose.case import Case, around
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import found, no_interval, optimism, passed
from bench.text.words import measure


class Gap(Statement, code="train_test_gap.gap"):
    metric: str

    def sentence(self) -> str:
        return f"{measure(self.metric).word} is significantly {_way(self.metric)} on training rows"


class NoTrainTestGap(Statement, code="train_test_gap.no_gap"):
    metric: str

    def sentence(self) -> str:
        return f"{measure(self.metric).word} is not significantly {_way(self.metric)} on training rows"


def _way(metric: str) -> str:
    """Which way training rows are better."""
    return "higher" if measure(metric).higher else "lower"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """The mean of train minus test over folds, a dataset and family, with its interval."""
    metric, findings = evidence.study.metrics.primary, []
    for subject in evidence.subjects:
        train = evidence.series["train"].get((*subject, metric))
        gap = (
            optimism(evidence, subject, train, metric, len(evidence.subjects))
            if train is not None
            else None
        )
        if gap is None:
            continue
        if gap.low is None:
            findings.append(no_interval(subject, gap.estimate))
        elif gap.above_zero:
            findings.append(found(subject, Severity.NOTE, Gap(metric), number=gap))
        else:
            findings.append(passed(subject, NoTrainTestGap(metric), number=gap))
    return findings


DIAGNOSTIC = Diagnostic(
    name="train_test_gap",
    title="Train-test gap",
    code="O1",
    why=(
        "A large gap means that the model has also learnt the noise of its training rows. It is usual for forests and "
        "nearest neighbours. The intervals are corrected for the number of models and datasets."
    ),
    what_to_do="Where the test score is poor too, try a simpler model or more rows.",
    question="Would more rows, or a simpler candidate, close the gap?",
    run=run,
    number=FindingNumber("train-test gap", "score"),
    sick=lambda: Case(
        train={"baseline": around(0.5, 0.005), "lda": around(1.0, 0, fold_sd=0)}
    ),
)
