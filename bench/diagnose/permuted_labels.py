"""Whether a family finds anything: its score against what it reaches when the target is permuted."""

from __future__ import annotations

import numpy as np

from bench.core.findings import Finding, Severity
from bench.core.outcomes import words
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import (
    found,
    not_applicable,
    passed,
    sign_of,
    unavailable,
)
from bench.scores.design import alpha_of
from bench.scores.series import series_of
from bench.text.findings import NotRequested

say = words(
    "permuted_labels",
    {
        "no_signal": "no significant signal",
        "too_few": "so few permutations cannot show significance",
        "reached": "{as_good} of {permutations} permuted targets gave a score as good; 95 % of them gave {low:rough} to "
        "{high:rough}",
        "no_score": "{metric:name} has no score in the first repeat",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """p = (b + 1) / (m + 1) of m permutations, b of which do as well or better in the first repeat. Never 0.

    Ojala & Garriga (2010), JMLR 11; Phipson & Smyth (2010), Permutation p-values should never be zero.
    """
    refused, scores = unavailable(evidence, "permuted"), _permuted(evidence)
    if not scores:
        return refused
    level = alpha_of(evidence.study) / len(scores)
    return [
        *(
            _judged(evidence, subject, np.array(values), level)
            for subject, values in scores.items()
        ),
        *refused,
    ]


def _permuted(evidence: DiagnosticEvidence) -> dict[tuple[str, str], list[float]]:
    """By dataset and family, the mean scores with permuted targets; higher is better."""
    metric = evidence.study.metrics.primary
    names = [
        name
        for name in evidence.scores["variant"].unique().to_list()
        if name.startswith("permuted=")
    ]
    scores: dict[tuple[str, str], list[float]] = {}
    for name in sorted(names):
        for (dataset, family, scored), series in series_of(
            evidence.scores, variants=(name,)
        ).items():
            if scored == metric and series.mean is not None:
                scores.setdefault((dataset, family), []).append(
                    sign_of(metric) * series.mean
                )
    return scores


def _judged(
    evidence: DiagnosticEvidence,
    subject: tuple[str, str],
    permuted: np.ndarray,
    level: float,
) -> Finding:
    metric = evidence.study.metrics.primary
    series, sign = evidence.series["test"].get((*subject, metric)), sign_of(metric)
    first = (
        None
        if series is None
        else series.value[(series.repeat == 0) & np.isfinite(series.value)]
    )
    if first is None or not len(first):
        return not_applicable(subject, say("no_score", metric=metric))
    noise = 1e-12 * abs(float(first.mean()))
    m, b = len(permuted), int((permuted >= sign * first.mean() - noise).sum())
    number = (b + 1) / (m + 1)
    low, high = np.quantile(sign * permuted, [0.025, 0.975])
    reached = say(
        "reached", as_good=b, permutations=m, low=float(low), high=float(high)
    )
    if 1 / (m + 1) > level:
        return not_applicable(subject, reached, say("too_few"), number=number)
    if (b + 1) / (m + 1) <= level:
        return passed(subject, reached, number=number)
    return found(subject, Severity.NOTE, say("no_signal"), reached, number=number)


def _toy(score: float) -> Case:
    """All of 99 permutations reach this score."""
    reached = {f"permuted={i}": {"lda": np.full((1, 10), score)} for i in range(99)}
    return Case(variants=reached)


DIAGNOSTIC = Diagnostic(
    name="permuted_labels",
    title="Permuted labels",
    code="S7",
    why="A score that a permuted target reaches is no evidence of a signal.",
    what_to_do="Do not compare models here; collect rows or other features.",
    question="Is there anything to be learnt from these features?",
    run=run,
    nothing=NotRequested("permutations: {}"),
    number=FindingNumber("how often chance does as well", "chance"),
    sick=lambda: _toy(0.95),
    healthy=lambda: _toy(0.5),
)
