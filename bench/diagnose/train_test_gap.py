"""How much better a family is on the rows it has seen."""

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
    """The mean of train minus test over folds, a dataset and family, with its interval."""
    metric, rows = evidence.study.metrics.primary, []
    for subject in evidence.subjects:
        train = evidence.series["train"].get((*subject, metric))
        gap = optimism(evidence, subject, train, metric, len(evidence.subjects)) if train is not None else None
        if gap is None:
            continue
        if gap.get("low") is not None and gap["low"] > 0:
            rows.append(
                found(subject, "note", f"{metric_word(metric)} is better on training rows than on new ones", **gap)
            )
        elif gap.get("low") is None:
            rows.append(not_applicable("the gap stands alone: no error rate exists here", subject, **gap))
        else:
            rows.append(passed(subject, "no gap shown: the interval holds 0", **gap))
    return rows


DIAGNOSTIC = Diagnostic(
    name="train_test_gap",
    title="Train-test gap",
    code="O1",
    why="A model that fits its training rows better than new ones has learnt some of their noise.",
    what_to_do="A large gap beside a good test score is no fault: forests and nearest neighbours live with it. "
    "Beside a poor test score, try a simpler or more regularised family, or more rows.",
    run=run,
    number=Number("training rows better by", "score"),
)
