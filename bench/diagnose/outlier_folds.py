"""Whether the scores of single folds are outliers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, words
from bench.diagnose.case import Case, around
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import found, not_applicable, passed
from bench.scores.external.place_names import PlaceNames
from bench.text.formats import rough

#: Tukey's outer fences: beyond 3 interquartile ranges normal values are one in 400 000.
FENCE = 3.0
FEWEST = 10
#: So many folds, and so many rows of a fold, are named.
FOLDS, ROWS = 3, 8


say = words(
    "outlier_folds",
    {
        "pooled": "scores are pooled over folds",
        "half_equal": "half of the folds have the same score",
        "too_few": "fewer than {least} folds are too few to say what is usual",
        "no_outlier": "none of {folds} folds is an outlier",
        "outliers": "{outliers} of {folds} {single:repeats|folds} {outliers:is an outlier|are outliers} (median score "
        "{median:rough})",
    },
)


class Outlier(Statement, code="outlier_folds.outlier"):
    """One such fold, its score, and which of its test rows have a wrong label, None where none is stored.

    `repeat`, `fold`: as they are called: by an external table, else their numbers from 1; None where the repeat has no
    other fold, or the dataset no other repeat. `first_wrong`: what the first of those rows are called.
    """

    score: float
    repeat: str | None
    fold: str | None
    wrong: int | None = None
    rows: int = 0
    first_wrong: tuple[str, ...] = ()

    def sentence(self) -> str:
        named = (("repeat", self.repeat), ("fold", self.fold))
        words = f"{rough(self.score)} in {', '.join(f'{key} {name}' for key, name in named if name is not None)}"
        if self.wrong is None:
            return words
        if not self.wrong:
            return f"{words} (none of {self.rows} rows misclassified)"
        more = ", ..." if self.wrong > len(self.first_wrong) else ""
        return f"{words} (misclassified rows: {', '.join(self.first_wrong)}{more})"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """Folds whose primary score lies beyond Tukey's outer fences of its dataset and family."""
    return [_judged(evidence, subject) for subject in evidence.subjects]


def _judged(evidence: DiagnosticEvidence, subject: tuple[str, str]) -> Finding:
    series = evidence.series["test"][(*subject, evidence.study.metrics.primary)]
    values = series.defined
    if series.pooled:
        return not_applicable(subject, say("pooled"))
    if len(values) < FEWEST:
        return not_applicable(subject, say("too_few", least=FEWEST))
    low, high = np.quantile(values, [0.25, 0.75])
    if high - low <= 0:
        return not_applicable(subject, say("half_equal"))
    fence = FENCE * (high - low)
    far = np.flatnonzero((series.value < low - fence) | (series.value > high + fence))
    if not len(far):
        return passed(subject, say("no_outlier", folds=len(values)), number=0.0)
    single = len(np.unique(series.fold)) == 1
    outliers = say(
        "outliers",
        outliers=len(far),
        folds=len(values),
        median=float(np.median(values)),
        single=single,
    )
    named = [
        _outlier(
            evidence,
            subject,
            float(series.value[i]),
            int(series.repeat[i]),
            int(series.fold[i]),
        )
        for i in far[:FOLDS]
    ]
    named = [replace(one, fold=None) for one in named] if single else named
    return found(
        subject,
        Severity.NOTE,
        outliers,
        *named,
        number=len(far) / len(values),
    )


def _outlier(
    evidence: DiagnosticEvidence,
    subject: tuple[str, str],
    score: float,
    repeat: int,
    fold: int,
) -> Outlier:
    names = evidence.names.get(subject[0], PlaceNames())
    place = Outlier(score, names.repeat(repeat), names.fold(fold))
    if "label" not in evidence.predictions.columns:
        return place
    rows = evidence.plain(subject[0], "test").filter(
        (pl.col("family") == subject[1])
        & (pl.col("repeat") == repeat)
        & (pl.col("fold") == fold)
    )
    if rows.is_empty():
        return place
    wrong = rows.filter(pl.col("label") != pl.col("truth"))["row"].sort().to_list()
    first = tuple(str(names.row(row)) for row in wrong[:ROWS])
    return replace(place, wrong=len(wrong), rows=rows.height, first_wrong=first)


def _sick() -> Case:
    values = around(0.9, 0.005)
    values[4, 2] = 0.2
    return Case(test={"baseline": around(0.5, 0.005), "lda": values})


DIAGNOSTIC = Diagnostic(
    name="outlier_folds",
    title="Outlier folds",
    code="S3",
    why="One fold can dominate a mean.",
    what_to_do="Look at the test rows of these scores; leave out only rows whose data are faulty.",
    question="Which test rows have such a score, and do they differ from the rest?",
    run=run,
    number=FindingNumber("folds that are outliers", "share", said=True),
    sick=_sick,
)
