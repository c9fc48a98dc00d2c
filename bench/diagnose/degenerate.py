"""Whether a family gives the same answer for every test row."""

from __future__ import annotations

import polars as pl

from bench.contrasts import compare
from bench.core.findings import Finding, Severity
from bench.core.outcomes import words
from bench.core.rows import OWN
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import alarm_level, found, passed, sign_of
from bench.scores.design import tolerance_of

NAME, BUDGET = "degenerate", 0.005


say = words(
    "degenerate",
    {
        "no_predictions": "no predictions of models with features are stored",
        "same_answer": "the same predicted {answer} for every test row in {constant} of {total} {unit}",
        "better_rival": "{family} is significantly better, so the features do carry information",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """In how many repeats one label (or number) was predicted throughout, though the truth varied.

    Where nothing can be learnt a constant is the best answer: a note. A family that does better makes it an alarm.
    """
    answer = "value" if "value" in evidence.predictions.columns else "label"
    unit = "folds" if answer == "value" else "repeats"
    findings = []
    for dataset, family, constant, count in _counts(evidence, answer).iter_rows():
        subject, number = (dataset, family), constant / count
        same = say(
            "same_answer",
            answer="number" if answer == "value" else answer,
            constant=constant,
            total=count,
            unit=unit,
        )
        if not constant:
            findings.append(passed(subject, same, number=number))
            continue
        rival = _rival(evidence, dataset, family) if constant == count else None
        if rival is None:
            findings.append(found(subject, Severity.NOTE, same, number=number))
        else:
            better = say("better_rival", family=evidence.title(rival))
            findings.append(
                found(subject, Severity.WARNING, same, better, number=number)
            )
    return findings


def _counts(evidence: DiagnosticEvidence, answer: str) -> pl.DataFrame:
    """(dataset, family, groups with one answer, groups); a group is a repeat, or a fold of a regression."""
    families = [
        family
        for family in evidence.study.families or ()
        if family not in evidence.baselines
    ]
    rows = evidence.predictions.lazy().filter(
        (pl.col("side") == "test") & OWN & pl.col("family").is_in(families)
    )
    # A regressor that predicts each fold's mean is constant within a fold only; of one row nothing is constant.
    by = ["dataset", "family", "repeat", *(["fold"] if answer == "value" else [])]
    return (
        rows.group_by(by)
        .agg(
            pl.col(answer).n_unique().alias("answers"),
            pl.col("truth").n_unique().alias("truths"),
            pl.len().alias("n"),
        )
        .filter((pl.col("n") > 1) & (pl.col("truths") > 1))
        .group_by("dataset", "family")
        .agg((pl.col("answers") == 1).sum().alias("constant"), pl.len().alias("groups"))
        .sort("dataset", "family")
        .collect()
    )


def _rival(evidence: DiagnosticEvidence, dataset: str, family: str) -> str | None:
    """A family whose primary score is better, by the corrected test and by more than the tolerance.

    The level is that of this diagnostic's alarms, over all ordered pairs of families.
    """
    level = alarm_level(
        BUDGET,
        sum(
            d == e and f != g
            for d, f in evidence.subjects
            for e, g in evidence.subjects
        ),
    )
    rivals = (f for d, f in evidence.subjects if d == dataset and f != family)
    return next(
        (rival for rival in rivals if _better(evidence, dataset, rival, family, level)),
        None,
    )


def _better(
    evidence: DiagnosticEvidence, dataset: str, rival: str, family: str, level: float
) -> bool:
    metric, scores = evidence.study.metrics.primary, evidence.series["test"]
    turn = sign_of(metric)
    first = scores[dataset, rival, metric]
    second = scores.get((dataset, family, metric))
    if second is None:
        return False
    setting = evidence.settings[dataset]
    contrast = compare(first.times(turn), second.times(turn), setting)
    p = contrast.p(side="above")
    if p is None or p >= level:
        return False
    return contrast.gain > (tolerance_of(evidence.study, metric).value or 0.0)


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Constant predictions",
    code="S2",
    why="A model that predicts a constant has collapsed.",
    what_to_do="Check the model's scaling and regularisation, and weight rare classes.",
    question="Why was one prediction for every row the best that this model could find?",
    run=run,
    nothing=say("no_predictions"),
    number=FindingNumber("repeats or folds with one prediction for all rows", "share"),
    budget=BUDGET,
    sick=lambda: Case(constant=True),
)
