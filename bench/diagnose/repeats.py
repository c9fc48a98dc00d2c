"""How much another set of splits moves the score, beside how much single folds differ."""

from __future__ import annotations

import numpy as np

from bench.diagnose._names import metric_word
from bench.diagnose.diagnostic import Diagnostic, DiagnosticEvidence, Number, Rows, not_applicable, passed


def run(evidence: DiagnosticEvidence) -> Rows:
    """The standard deviation of repeat means and of folds within a repeat, a dataset and family; never an alarm."""
    metric, rows = evidence.study.metrics.primary, []
    for dataset, family in (pair for pair in evidence.subjects if pair[1] not in evidence.baselines):
        series, setting = evidence.series["test"][dataset, family, metric], evidence.settings[dataset]
        means = series.repeat_means()
        if series.pooled or len(means) < 2 or setting.repeats_a_draw or len(series.defined) <= len(means):
            why = "one repeat, or one score a repeat, cannot say how much of the spread is due to the splits"
            why = (
                "each repeat is a draw of its own: rows change, not the splits alone" if setting.repeats_a_draw else why
            )
            rows.append(not_applicable(why, (dataset, family)))
            continue
        between = float(means.std(ddof=1))
        inside = [series.value[(series.repeat == r) & np.isfinite(series.value)] for r in np.unique(series.repeat)]
        within = float(np.sqrt(np.mean([one.var(ddof=1) for one in inside if len(one) > 1])))
        what = (
            "other seeds on the same splits" if setting.seeds or setting.runs > 1 else "other splits of the same rows"
        )
        said = f"{what} move the mean {metric_word(metric)} by {between:.2g} (standard deviation); "
        said += f"single folds differ by {within:.2g}"
        rows.append(passed((dataset, family), said, estimate=between))
    return rows


DIAGNOSTIC = Diagnostic(
    name="repeats",
    title="What another seed would change",
    code="S6",
    why="A difference smaller than what another set of splits makes of the same rows is no difference; and more "
    "repeats do not add rows.",
    what_to_do="Compare only what was scored on the same splits; to learn more of new cases, get more rows.",
    run=run,
    number=Number("standard deviation between repeats", "score"),
)
