"""Whether a family finds anything: its score against what it reaches when the target is dealt out at random."""

from __future__ import annotations

import numpy as np

from bench.core.metrics import METRICS
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    found,
    not_applicable,
    passed,
    refused,
)
from bench.scores.design import level_of
from bench.scores.series import series_of


def run(evidence: DiagnosticEvidence) -> Rows:
    """p = (b + 1) / (m + 1) of m permutations, b of which do as well or better in the first repeat. Never 0.

    Ojala & Garriga (2010), JMLR 11; Phipson & Smyth (2010), Permutation p-values should never be zero.
    """
    metric = evidence.study.metrics.primary
    names = [name for name in evidence.scores["variant"].unique().to_list() if name.startswith("permuted=")]
    if not names:
        said = "no permutations were asked for: `diagnostics: {permutations: {}}`"
        return refused(evidence, "permuted") or [not_applicable(said)]
    turn = 1.0 if METRICS[metric].higher_is_better else -1.0
    reached: dict[tuple[str, str], list[float]] = {}
    for name in sorted(names):
        for (dataset, family, one), series in series_of(evidence.scores, variants=(name,)).items():
            if one == metric and series.mean is not None:
                reached.setdefault((dataset, family), []).append(turn * series.mean)
    rows: Rows = []
    level = (1 - level_of(evidence.study)) / max(1, len(reached))
    for subject, nulls in reached.items():
        own = evidence.series["test"].get((*subject, metric))
        first = None if own is None else own.value[(own.repeat == 0) & np.isfinite(own.value)]
        if first is None or not len(first):
            rows.append(not_applicable(f"{metric} has no score of the first repeat", subject))
            continue
        m, b = len(nulls), int((np.array(nulls) >= turn * first.mean() - 1e-12).sum())
        p = (b + 1) / (m + 1)
        low, high = np.quantile(turn * np.array(nulls), [0.025, 0.975])
        said = f"{b} of {m} random targets gave a score as good; they give {low:.3g} to {high:.3g}"
        numbers = {"estimate": p}
        if 1 / (m + 1) > level:
            rows.append(
                not_applicable(f"{said}; so few permutations can show nothing at this level", subject, **numbers)
            )
        elif p <= level:
            rows.append(passed(subject, said, **numbers))
        else:
            rows.append(found(subject, "note", f"no signal is shown: {said}", **numbers))
    return [*rows, *refused(evidence, "permuted")] or [not_applicable("the permuted cells left no scores")]


DIAGNOSTIC = Diagnostic(
    name="permuted_labels",
    title="Permuted labels",
    code="S7",
    why="A score that a random target reaches too is no evidence that the features say anything.",
    what_to_do="Do not compare families here; ask for more rows, or for other features.",
    run=run,
    number=Number("how often chance does as much", "chance"),
)
