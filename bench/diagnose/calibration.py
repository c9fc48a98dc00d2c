"""Whether predicted probabilities are calibrated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, words
from bench.core.rows import OWN
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence, by_subject
from bench.diagnose.finding import found, not_applicable, passed
from bench.run.seeds import seed_of
from bench.scores.design import alpha_of
from bench.stats.calibration import Calibration, calibration, draws_at
from bench.text.formats import p_equals, score

NAME = "calibration"


class Measured(Statement, code="calibration.measured"):
    """The calibration error, the one expected of calibrated probabilities, and its upper limit (None: not known).

    `p`: how often calibrated probabilities have so large an error, where it is beyond the limit.
    """

    error: float
    expected: float
    limit: float | None
    rows: int
    p: float | None = None

    def sentence(self) -> str:
        limit = "" if self.limit is None else f", limit {score(self.limit)}"
        p = "" if self.p is None else f", {p_equals(self.p)}"
        return f"calibration error {score(self.error)} (expected {score(self.expected)}{limit}{p})"


class Miscalibrated(Statement, code="calibration.miscalibrated"):
    """By how much labels are given too much probability (positive) or too little on average; that is not tested."""

    excess: float

    def sentence(self) -> str:
        direction = "overconfident" if self.excess > 0 else "underconfident"
        return f"{direction} by {score(abs(self.excess))} on average"


say = words(
    "calibration",
    {
        "too_few_draws": "{draws:,} random outcomes are too few for a test of so many models and datasets",
        "hard_votes": "the model gives hard votes (0 or 1), not probabilities",
        "no_probabilities": "{regression:a regression has no class probabilities|no model predicts probabilities}",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """The calibration error of the predicted label on the test rows of the first repeat, beside its expected value.

    One repeat, because its rows are predicted once each. The level of the test is split over all subjects. However
    certain, it is a note: miscalibration is a property of the family, in healthy studies too.
    """
    if "p" not in evidence.predictions.columns:
        return [not_applicable((None, None), say("no_probabilities", regression=True))]
    chosen = evidence.predictions.filter(
        (pl.col("side") == "test")
        & OWN
        & (pl.col("repeat") == 0)
        & pl.col("p").is_not_null()
    )
    subjects = {
        subject: part
        for subject, part in by_subject(chosen).items()
        if subject[1] not in evidence.baselines and len(part) > 1
    }
    hard = {subject for subject, part in subjects.items() if hard_votes(part)}
    alpha = alpha_of(evidence.study) / max(1, len(subjects) - len(hard))
    return [
        not_applicable(subject, say("hard_votes"))
        if subject in hard
        else _judged(evidence, subject, part, alpha)
        for subject, part in subjects.items()
    ]


def hard_votes(predictions: pl.DataFrame) -> bool:
    """Whether a family names one class and gives no probabilities: each of its `p` is 0 or 1.

    >>> votes = pl.Series("p", [[0.0, 1.0], [1.0, 0.0]])
    >>> hard_votes(votes.to_frame()), hard_votes(pl.Series("p", [[0.0, 1.0], [0.9, 0.1]]).to_frame())
    (True, False)
    """
    return bool(predictions["p"].list.max().eq(1.0).all())


def _judged(
    evidence: DiagnosticEvidence,
    subject: tuple[str, str],
    part: pl.DataFrame,
    alpha: float,
) -> Finding:
    confidence = np.clip(part["p"].list.max().to_numpy(), 0.0, 1.0)
    right = (part["label"] == part["truth"]).to_numpy()
    seed = seed_of(NAME, evidence.study.id, *subject)
    result = calibration(
        confidence, right, seed=seed, draws=draws_at(alpha), alpha=alpha
    )
    number, measured = result.error - result.level, _measured(result)
    if measured.limit is None:
        return not_applicable(
            subject, measured, say("too_few_draws", draws=result.draws), number=number
        )
    if result.p < alpha:
        beyond = replace(measured, p=result.p)
        return found(
            subject, Severity.NOTE, beyond, Miscalibrated(result.excess), number=number
        )
    return passed(subject, measured, number=number)


def _measured(result: Calibration) -> Measured:
    limit = None if result.limit == float("inf") else result.limit
    return Measured(result.error, result.level, limit, result.n)


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Calibration",
    code="C1",
    why="Decisions that weigh costs need calibrated probabilities.",
    what_to_do="Recalibrate inside the training rows of each fold before using these probabilities as risks.",
    question="Would a decision that weighs costs by these probabilities be the right one?",
    run=run,
    nothing=say("no_probabilities", regression=False),
    number=FindingNumber(
        "calibration error beyond the expected one", "probability", said=True
    ),
    sick=lambda: Case(confidence=0.99),
)
