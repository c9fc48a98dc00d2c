"""Whether outer folds agree on the candidate."""

from __future__ import annotations

import json

import polars as pl

from bench.diagnose.diagnostic import Diagnostic, DiagnosticEvidence, Number, Rows, found, not_applicable, passed, share


def run(evidence: DiagnosticEvidence) -> Rows:
    """The share of outer folds that chose the commonest candidate, a dataset and family."""
    chosen = evidence.tuning.filter(pl.col("chosen") & (pl.col("variant") == "plain"))
    picks = chosen.unique(["dataset", "family", "repeat", "fold"], maintain_order=True)
    if picks.is_empty():
        return [not_applicable("nothing was tuned")]
    rows = []
    for (dataset, family), part in picks.partition_by("dataset", "family", as_dict=True, maintain_order=True).items():
        subject = (str(dataset), str(family))
        if len(part) < 2:
            rows.append(not_applicable("one outer fold cannot disagree", subject))
            continue
        counts = part["candidate"].value_counts().sort("count", "candidate", descending=[True, False])
        top = int(counts["count"][0])
        parameters = part.filter(pl.col("candidate") == counts["candidate"][0])["parameters"][0]
        chosen_ = ", ".join(f"{name} = {value}" for name, value in json.loads(parameters).items())
        said = f"{share(top, len(part))} outer folds chose {chosen_ or 'the defaults'}; "
        said += f"{len(counts)} candidates were chosen in all"
        unstable = top / len(part) < 0.5
        rows.append(
            found(subject, "note", said, estimate=top / len(part))
            if unstable
            else passed(subject, said, estimate=top / len(part))
        )
    return rows


DIAGNOSTIC = Diagnostic(
    name="candidate_stability",
    title="Stability of the chosen candidate",
    code="T2",
    why="Where folds disagree, candidates are nearly equal or the choice is noise: no single setting is the best.",
    what_to_do="Do not read meaning into the chosen parameters; compare families, not settings.",
    run=run,
    number=Number("outer folds with the commonest choice", "share"),
)
