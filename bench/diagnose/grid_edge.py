"""Whether the best candidates lie at the edge of what was tried."""

from __future__ import annotations

import json
from collections import defaultdict

import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import words
from bench.core.rows import OWN
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence, by_subject
from bench.diagnose.finding import found, not_applicable, passed
from bench.families import FAMILIES
from bench.families.limits import is_limit
from bench.study.models import FamilySpec
from bench.text.findings import NotTuned

#: A parameter counts as a scale from this many numbers on: of two, each is an edge.
FEWEST = 3
#: A finding where more than this share of the outer folds chose one end.
MOST = 0.5


say = words(
    "grid_edge",
    {
        "beyond": "better values may lie beyond",
        "natural_end": "it is a natural limit",
        "edge": "{folds} of {total} {seeds:seeds|outer folds} chose the {largest:largest|smallest} {parameter}, {value:g}"
        "{commonest:; no other value was chosen more often|}",
        "no_scale": "no numeric parameter has {least} candidate values or more",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """In how many outer folds the chosen value was the least or largest, a dataset, family and numeric parameter."""
    plain = evidence.tuning.filter(OWN)
    if plain.is_empty():
        return []
    return [
        finding
        for subject, part in by_subject(plain).items()
        for finding in _judged(
            subject,
            part,
            evidence.settings[subject[0]].seeds,
            _estimator(evidence, subject[1]),
        )
    ]


def _estimator(evidence: DiagnosticEvidence, family: str) -> str:
    """The import path of the estimator behind a family; empty where it is not scikit-learn's, or nobody knows."""
    spec, task = (evidence.study.families or {}).get(family), evidence.study.task
    if not isinstance(spec, FamilySpec) or task is None:
        return ""
    made = FAMILIES.get(spec.family or family)
    path = spec.estimator or (
        made.setups[task].estimator if made is not None and task in made.setups else ""
    )
    return path if path.startswith("sklearn.") else ""


def _judged(
    subject: tuple[str, str], part: pl.DataFrame, seeds: bool, estimator: str
) -> list[Finding]:
    tried, chosen = _values(part["parameters"].unique()), part.filter(pl.col("chosen"))
    picks = _values(
        chosen.unique(["repeat", "fold"], maintain_order=True)["parameters"]
    )
    scales = {
        name: sorted(numbers)
        for name, values in tried.items()
        if len(numbers := set(_numbers(values))) >= FEWEST
    }
    findings = [
        _parameter(subject, name, scale, picks[name], seeds, estimator)
        for name, scale in scales.items()
    ]
    return findings or [not_applicable(subject, say("no_scale", least=FEWEST))]


def _values(texts: pl.Series) -> dict[str, list[object]]:
    """The values of every parameter, over the candidates or outer folds that have it."""
    values: dict[str, list[object]] = defaultdict(list)
    for text in texts.to_list():
        for name, value in sorted(json.loads(text).items()):
            values[name].append(value)
    return values


def _numbers(values: list[object]) -> list[float]:
    """Those that lie on a scale: null or a word, such as no limit, has no place on it."""
    return [
        value
        for value in values
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _parameter(
    subject: tuple[str, str],
    name: str,
    scale: list[float],
    picks: list[object],
    seeds: bool,
    estimator: str,
) -> Finding:
    counts = [picks.count(scale[0]), picks.count(scale[-1])]
    largest = counts[1] > counts[0]
    folds, value = max(counts), scale[-1] if largest else scale[0]
    share = folds / len(picks) if picks else 0.0
    commonest = share <= MOST and folds > 0 and folds == max(map(picks.count, picks))
    edge, number = (
        say(
            "edge",
            parameter=name,
            largest=largest,
            value=float(value),
            folds=folds,
            total=len(picks),
            commonest=commonest,
            seeds=seeds,
        ),
        share,
    )
    if share <= MOST:
        return passed(subject, edge, number=number)
    if (value == 0 and not largest) or (
        estimator and is_limit(estimator, name, value, largest=largest)
    ):
        return passed(subject, edge, say("natural_end"), number=number)
    return found(subject, Severity.NOTE, edge, say("beyond"), number=number)


DIAGNOSTIC = Diagnostic(
    name="grid_edge",
    title="Best setting at the edge of the grid",
    code="T1",
    why="The search may have stopped too early.",
    what_to_do="Add candidates beyond that edge, unless it is a natural limit.",
    question="Would the choice change if the candidates reached further?",
    run=run,
    nothing=NotTuned(),
    number=FindingNumber("outer folds that chose that end", "share", said=True),
    sick=lambda: Case(chosen=[2] * 80 + [1] * 20),
)
