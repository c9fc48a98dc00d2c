"""Whether the best candidates lie at the edge of what was tried."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import polars as pl

from bench.diagnose.diagnostic import Diagnostic, DiagnosticEvidence, Number, Rows, found, not_applicable, passed, share

#: A parameter counts as a scale from this many numbers on: of two, each is an edge.
FEWEST = 3
#: A finding where more than this share of the outer folds chose one end.
MOST = 0.5


def run(evidence: DiagnosticEvidence) -> Rows:
    """In how many outer folds the chosen value was the least or largest, a dataset, family and numeric parameter."""
    plain = evidence.tuning.filter(pl.col("variant") == "plain")
    if plain.is_empty():
        return [not_applicable("nothing was tuned")]
    rows = []
    for (dataset, family), part in plain.partition_by("dataset", "family", as_dict=True, maintain_order=True).items():
        tried, chosen = _values(part["parameters"].unique()), part.filter(pl.col("chosen"))
        picks = _values(chosen.unique(["repeat", "fold"], maintain_order=True)["parameters"])
        scales = {name: sorted(set(v)) for name, v in tried.items() if len(set(v)) >= FEWEST}
        for name, scale in scales.items():
            rows.append(_parameter((str(dataset), str(family)), name, scale, picks[name]))
        if not scales:
            rows.append(not_applicable("no numeric parameter has three candidates", (str(dataset), str(family))))
    return rows


def _values(texts: pl.Series) -> dict[str, list[float]]:
    """The numbers of every parameter, over candidates or outer folds."""
    found_: dict[str, list[float]] = defaultdict(list)
    for text in texts.to_list():
        for name, value in sorted(json.loads(text).items()):
            if isinstance(value, int | float) and not isinstance(value, bool):
                found_[name].append(float(value))
    return found_


def _parameter(subject: tuple[str, str], name: str, scale: list[float], picks: list[float]) -> dict[str, Any]:
    counts = {end: picks.count(value) for end, value in (("least", scale[0]), ("largest", scale[-1]))}
    end = max(counts, key=lambda one: counts[one])
    edge = scale[0] if end == "least" else scale[-1]
    part = counts[end] / len(picks) if picks else 0.0
    where = f"{name}: {end} value {edge:g} was chosen in {share(counts[end], len(picks))} outer folds"
    if part > MOST:
        return found(subject, "note", f"{where}; better ones may lie beyond", estimate=part)
    if counts[end] and counts[end] == max(picks.count(value) for value in scale):
        where += ", as often as any other value or more"
    return passed(subject, f"{where}; it takes more than half of the folds to be a finding", estimate=part)


DIAGNOSTIC = Diagnostic(
    name="grid_edge",
    title="Candidates at the edge",
    code="T1",
    why="When the best value is the last one tried, the search may have stopped too early.",
    what_to_do="Add candidates beyond that edge, unless it is a natural end (one neighbour, no penalty).",
    run=run,
    number=Number("outer folds that chose that end", "share"),
)
