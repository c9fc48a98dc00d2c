"""How much another set of splits moves the score, beside how much single folds differ."""

from __future__ import annotations

import numpy as np

from bench.core.findings import Finding
from bench.core.outcomes import words
from bench.diagnose.diagnostic import Diagnostic, FindingNumber, NumberShown
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import not_applicable, passed
from bench.scores.series import Series

say = words(
    "repeats",
    {
        "other_rows": "each repeat is a new draw of rows, so the splits alone cannot be judged",
        "one_repeat": "one repeat, or one score for each repeat, does not show how much the choice of splits changes the score",
        "spread": "{seeds:other seeds on the same splits|other splits of the same rows} change the mean {metric:name} by "
        "{between:.2g} (standard deviation); single folds differ by {within:.2g}",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """The standard deviation of repeat means and of folds within a repeat, a dataset and family; never an alarm."""
    return [
        _spread(evidence, pair)
        for pair in evidence.subjects
        if pair[1] not in evidence.baselines
    ]


def _spread(evidence: DiagnosticEvidence, subject: tuple[str, str]) -> Finding:
    metric, setting = evidence.study.metrics.primary, evidence.settings[subject[0]]
    series = evidence.series["test"][(*subject, metric)]
    means = series.repeat_means()
    if setting.repeats_a_draw:
        return not_applicable(subject, say("other_rows"))
    if series.pooled or len(means) < 2 or len(series.defined) <= len(means):
        return not_applicable(subject, say("one_repeat"))
    between = float(means.std(ddof=1))
    spread = say(
        "spread",
        metric=metric,
        between=between,
        within=_within(series),
        seeds=bool(setting.seeds or setting.runs > 1),
    )
    return passed(subject, spread, number=between)


def _within(series: Series) -> float:
    repeats = [
        series.value[(series.repeat == r) & np.isfinite(series.value)]
        for r in np.unique(series.repeat)
    ]
    return float(
        np.sqrt(np.mean([values.var(ddof=1) for values in repeats if len(values) > 1]))
    )


DIAGNOSTIC = Diagnostic(
    name="repeats",
    title="Variation between repeats",
    code="S6",
    why="Differences smaller than the variation between repeats are noise of the splits.",
    what_to_do="Compare models on the same splits.",
    run=run,
    number=FindingNumber("SD of the mean score between repeats", "score"),
    shown=NumberShown.NUMBERS,
)
