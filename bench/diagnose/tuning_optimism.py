"""How much the winning candidate's inner score flatters it.

The best of many noisy scores is too good on average (Cawley & Talbot 2010; Varma & Simon 2006): quoting it instead of
the outer score is the commonest way to publish a number that nobody can reach. Every search is so flattered, and the
page quotes outer scores: a note.
"""

from __future__ import annotations

from bench.diagnose._names import metric_word
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    found,
    not_applicable,
    optimism,
    passed,
)


def run(evidence: DiagnosticEvidence) -> Rows:
    """The mean of inner minus outer test score of the tuning metric, a dataset and family that was tuned."""
    inner, rows = evidence.series["inner"], []
    if not inner:
        return [not_applicable("nothing was tuned")]
    for (dataset, family, metric), seen in inner.items():
        if metric not in evidence.study.metrics.names:
            why = f"the tuning metric {metric} is not among the study's metrics; add it to `metrics: also`"
            rows.append(not_applicable(why, (dataset, family)))
            continue
        gap = optimism(evidence, (dataset, family), seen, metric, len(inner))
        if gap is None:
            rows.append(not_applicable(f"{metric_word(metric)} has no test scores", (dataset, family)))
        elif gap.get("low") is not None and gap["low"] > 0:
            word = metric_word(metric)
            why = f"the inner {word} of the chosen candidate is better than its outer one: quote the outer one"
            rows.append(found((dataset, family), "note", why, **gap))
        elif gap.get("low") is None:
            why = "the difference stands alone: no error rate exists here"
            rows.append(not_applicable(why, (dataset, family), **gap))
        else:
            rows.append(passed((dataset, family), "no optimism shown: the interval holds 0", **gap))
    return rows


DIAGNOSTIC = Diagnostic(
    name="tuning_optimism",
    title="Tuning optimism",
    code="O2",
    why="The inner score of the chosen candidate was used to choose it, so it is too good on average.",
    what_to_do="Quote the outer score. Fewer candidates, more inner folds or more rows make the inner one more honest.",
    run=run,
    number=Number("inner score better by", "tuning"),
)
