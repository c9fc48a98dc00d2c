"""Whether the family that is first on average is first in most repeats and folds too."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.core.findings import Finding, Severity
from bench.core.outcomes import words
from bench.diagnose.case import Case, around
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import found, not_applicable, passed, sign_of
from bench.scores.series import Series
from bench.stats.noise import without_noise

say = words(
    "first_place",
    {
        "one_family": "fewer than two models have scores",
        "one_round": "there is only one split, so ranks cannot differ between splits",
        "first": "{family} has the best mean and is best in {first} of {total} {unit}",
        "shared": "{families:listed} share the best mean; one of them is best in {first} of {total} {unit}",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """How often the best mean, or one of equal ones, is the best of a repeat (of a fold, where there is one repeat);
    ties count for it."""
    return [_judged(evidence, dataset) for dataset in evidence.study.datasets]


def _judged(evidence: DiagnosticEvidence, dataset: str) -> Finding:
    metric = evidence.study.metrics.primary
    families = [f for d, f in evidence.subjects if d == dataset]
    series = {
        f: evidence.series["test"][dataset, f, metric].times(sign_of(metric))
        for f in families
    }
    series = {f: one for f, one in series.items() if one.mean is not None}
    if len(series) < 2:
        return not_applicable((dataset, None), say("one_family"))
    rounds, unit = _rounds(series)
    if len(rounds) < 2:
        return not_applicable((dataset, None), say("one_round"))
    means = without_noise(
        np.array([-np.inf if one.mean is None else one.mean for one in series.values()])
    )
    leads, rounds = (
        means == means.max(),
        np.array([without_noise(one) for one in rounds]),
    )
    first = int((rounds[:, leads].max(axis=1) >= rounds.max(axis=1)).sum())
    best = [family for family, leading in zip(series, leads, strict=True) if leading]
    return _told(
        dataset, best, tuple(map(evidence.title, best)), first, len(rounds), unit
    )


def _told(
    dataset: str,
    best: list[str],
    titles: tuple[str, ...],
    first: int,
    total: int,
    unit: str,
) -> Finding:
    """That these are best in so many rounds, of the family if it is one alone; a note where they are not in most."""
    one = len(best) == 1
    statement = (
        say("first", family=titles[0], first=first, total=total, unit=unit)
        if one
        else say("shared", families=titles, first=first, total=total, unit=unit)
    )
    subject, number = (dataset, best[0] if one else None), first / total
    if first / total < 0.5:
        return found(subject, Severity.NOTE, statement, number=number)
    return passed(subject, statement, number=number)


def _rounds(series: dict[str, Series]) -> tuple[np.ndarray, str]:
    """(rounds, families) means by repeat, or scores by fold where there is one repeat; complete rounds only."""
    several = len({repeat for one in series.values() for repeat, _ in one.keys}) > 1
    each: list[dict[Any, float]] = [
        one.by_repeat() if several else one.by_fold for one in series.values()
    ]
    common = sorted(set.intersection(*map(set, each)))
    rounds = np.array([[one[key] for one in each] for key in common]).reshape(
        -1, len(series)
    )
    return rounds, "repeats" if several else "folds"


def _sick() -> Case:
    """The family with the better mean is best in three repeats of ten, by far."""
    ahead = np.where(np.arange(10) < 3, 0.1, -0.02)[:, np.newaxis]
    lda = around(0.8, 0.005)
    return Case(test={"baseline": lda - ahead, "lda": lda})


DIAGNOSTIC = Diagnostic(
    name="first_place",
    title="Stability of the best model",
    code="S5",
    why="Another seed may rank another model first.",
    what_to_do="Name the models that do not differ significantly from the best.",
    question="Which models would another seed rank first?",
    run=run,
    number=FindingNumber("repeats or folds in which it is best", "share"),
    sick=_sick,
)
