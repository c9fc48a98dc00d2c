"""How much of a score's variance is due to the splits, to the model seed and to the tuning seed: what to repeat."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.core.findings import Finding
from bench.core.frames import VARIANCE, of_rows, rounded
from bench.core.outcomes import Statement, words
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence, by_subject
from bench.diagnose.finding import Estimate, passed, unavailable
from bench.scores.series import series_of
from bench.stats import special
from bench.study import Study
from bench.text.findings import NotRequested
from bench.text.formats import listed

SOURCES = {
    "split_seed": "split",
    "model_seed": "model seed",
    "tuning_seed": "tuning seed",
}


say = words(
    "variance_budget",
    {
        "nothing_varies": "no seed changes the score",
    },
)


class Shares(Statement, code="variance_budget.shares"):
    """The share of the variance by source, the largest source first, and its standard deviation."""

    sources: tuple[tuple[str, float], ...]
    sd: float

    def sentence(self) -> str:
        shares = listed([f"{source} {share:.0%}" for source, share in self.sources])
        first = self.sources[0][0]
        return f"variance of one run: {shares}; repeat the {first} first (standard deviation {self.sd:.2g})"


def budget(study: Study, scores: pl.DataFrame) -> pl.DataFrame:
    """frames.VARIANCE of the primary metric: one seed changed at a time, all else as in the first repeat.

    Interval of a standard deviation from m draws: chi-squared on m - 1 degrees. Bouthillier et al. (2021), Accounting
    for variance in machine learning benchmarks, MLSys.
    """
    metric = study.metrics.primary
    drawn: dict[tuple[str, str], dict[str, list[float]]] = {}
    for name in sorted(scores["variant"].unique().to_list()):
        source = name.partition("=")[0]
        if source not in SOURCES:
            continue
        for (dataset, family, scored), series in series_of(
            scores, variants=(name,)
        ).items():
            if scored == metric and series.mean is not None:
                drawn.setdefault((dataset, family), {}).setdefault(source, []).append(
                    series.mean
                )
    rows: list[dict[str, object]] = []
    for (dataset, family), sources in drawn.items():
        variances = {
            s: float(np.var(values, ddof=1))
            for s, values in sources.items()
            if len(values) > 2
        }
        total = sum(variances.values())
        for source in [s for s in SOURCES if s in variances]:
            m, variance = len(sources[source]), variances[source]
            ends = np.sqrt(
                (m - 1) * variance / special.chdtri(m - 1, np.array([0.025, 0.975]))
            )
            row = {
                "dataset": dataset,
                "family": family,
                "metric": metric,
                "source": SOURCES[source],
                "draws": m,
            }
            sizes = {
                "sd": float(np.sqrt(variance)),
                "low": float(ends[0]),
                "high": float(ends[1]),
            }
            rows.append(
                row | sizes | {"share": variance / total if total > 0 else None}
            )
    return of_rows(
        [{k: rounded(v, 9) for k, v in row.items()} for row in rows], VARIANCE
    )


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a family and dataset: the largest source of variance."""
    if evidence.variance.is_empty():
        return unavailable(evidence, *SOURCES)
    return [
        _largest(subject, part)
        for subject, part in by_subject(evidence.variance).items()
    ]


def _largest(subject: tuple[str, str], part: pl.DataFrame) -> Finding:
    if part["share"].null_count():
        return passed(subject, say("nothing_varies"), number=0.0)
    ordered = part.sort("share", descending=True, maintain_order=True)
    first = ordered.row(0, named=True)
    sources = tuple(
        (source, share)
        for source, share in ordered.select("source", "share").iter_rows()
    )
    number = Estimate(first["sd"], first["low"], first["high"])
    return passed(subject, Shares(sources, first["sd"]), number=number)


def _healthy() -> Case:
    row = {
        "family": "lda",
        "metric": "accuracy",
        "source": "split",
        "share": 1.0,
        "sd": 0.01,
        "low": 0.007,
    }
    return Case(more={"variance": [row | {"high": 0.02, "draws": 10}]})


DIAGNOSTIC = Diagnostic(
    name="variance_budget",
    title="Sources of variance",
    code="V1",
    why="The largest source decides how certain a score is.",
    what_to_do="Repeat the largest source; one seed of the others will do.",
    question="Which of these sources would differ in another run?",
    run=run,
    nothing=NotRequested("variance: {}"),
    number=FindingNumber("standard deviation by the largest source", "score"),
    healthy=_healthy,
)
