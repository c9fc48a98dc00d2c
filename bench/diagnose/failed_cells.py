"""Cells that failed, and what the choice of a policy for them does to the order of families.

No diagnostic like the others: a study cannot leave it out, and where nothing failed it has nothing to say.
"""

from __future__ import annotations

import polars as pl

from bench.core.metrics import METRICS
from bench.diagnose.diagnostic import DiagnosticEvidence, Number, Rows, found, not_applicable, passed, share
from bench.scores.series import Sensitivity, sensitivities

NAME, CODE, TITLE = "failed_cells", "S4", "Failed cells"
NUMBER = Number("cells that failed", "share")
WHY = "A mean over the folds that happened to work is a mean over easy folds."
WHAT_TO_DO = "Read the reasons below the scores; give the cells more time or memory, or change what made them fail."
#: How many pairs of families that change places are named.
NAMED = 3


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a dataset and family with failed cells, then one a dataset, and one over all, on the order of families."""
    failed = evidence.failures.filter((pl.col("variant") == "plain") & (pl.col("status") != "warning"))
    counts = failed.group_by("dataset", "family", maintain_order=True).len()
    rows = [_lost(evidence, (dataset, family), count) for dataset, family, count in counts.iter_rows()]
    if not rows:
        return []
    metric = evidence.study.metrics.primary
    order = sensitivities(evidence.scores, metric, METRICS[metric].higher_is_better, evidence.study.families or ())
    return rows + [row for dataset, one in order.items() for row in _order(dataset, one)]


def _lost(evidence: DiagnosticEvidence, subject: tuple[str, str], count: int) -> dict[str, object]:
    cells = evidence.folds.filter(pl.col("dataset") == subject[0]).height
    if subject[0] not in {dataset for dataset, _ in evidence.subjects}:
        policy = "no family has a score here"
    elif evidence.study.falls_back:
        policy = "a baseline's score takes their place"
    else:
        policy = "the family is excluded here"
    why = f"{share(count, cells)} cells failed; {policy}"
    return found(subject, "serious" if count == cells else "warning", why, estimate=count / cells)


def _order(dataset: str | None, one: Sensitivity) -> Rows:
    subject, case = (dataset, None), "folds" if dataset is not None else "data sets"
    only = [family for family in one.with_fallback if family not in one.complete_cases]
    why = f"{', '.join(only)} finished no {case}, and can be placed only with the baseline's score"
    rows = [not_applicable(why, subject)] if only and one.complete_cases else []
    if one.reversed:
        pairs = [f"{a} is before {b} with the baseline's score and behind it without" for a, b in one.reversed[:NAMED]]
        pairs += [f"and so with {len(one.reversed) - NAMED} more pairs"] if len(one.reversed) > NAMED else []
        return [found(subject, "serious", f"the order of families changes with the policy: {'; '.join(pairs)}"), *rows]
    if len(one.complete_cases) > 1:
        said = f"the order of families is the same with the baseline's score and on the {case} that all finished"
        return [passed(subject, said), *rows]
    said = f"no {case} were finished by two families or more: there is no order without the baseline's score"
    return [not_applicable(said, subject)]
