"""What the score owes to the draw of splits, to the seed of the model, to the seed of tuning: what to repeat."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.special import chdtri

from bench.core.frames import VARIANCE, of_rows
from bench.diagnose.diagnostic import Diagnostic, DiagnosticEvidence, Number, Rows, not_applicable, passed, refused
from bench.scores.series import series_of
from bench.study import Study

SOURCES = {"split_seed": "split", "model_seed": "model seed", "tuning_seed": "tuning seed"}


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
        for (dataset, family, one), series in series_of(scores, variants=(name,)).items():
            if one == metric and series.mean is not None:
                drawn.setdefault((dataset, family), {}).setdefault(source, []).append(series.mean)
    rows: list[dict[str, object]] = []
    for (dataset, family), sources in drawn.items():
        variances = {s: float(np.var(values, ddof=1)) for s, values in sources.items() if len(values) > 2}
        total = sum(variances.values())
        for source in [s for s in SOURCES if s in variances]:
            m, variance = len(sources[source]), variances[source]
            ends = np.sqrt((m - 1) * variance / chdtri(m - 1, np.array([0.025, 0.975])))
            row = {"dataset": dataset, "family": family, "metric": metric, "source": SOURCES[source], "draws": m}
            sizes = {"sd": float(np.sqrt(variance)), "low": float(ends[0]), "high": float(ends[1])}
            rows.append(row | sizes | {"share": variance / total if total > 0 else None})
    return of_rows([{k: _short(v) for k, v in row.items()} for row in rows], VARIANCE)


def _short(value: object) -> object:
    return float(f"{value:.9g}") if isinstance(value, float) else value


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a family and dataset: the largest source of variance."""
    if evidence.variance.is_empty():
        said = "no variance budget was asked for: `diagnostics: {variance: {}}`"
        return refused(evidence, *SOURCES) or [not_applicable(said)]
    rows: Rows = []
    parts = evidence.variance.partition_by("dataset", "family", as_dict=True, maintain_order=True)
    for (dataset, family), part in parts.items():
        subject = (str(dataset), str(family))
        if part["share"].null_count():
            rows.append(passed(subject, "nothing that is drawn changes the score", estimate=0.0))
            continue
        first = part.sort("share", descending=True, maintain_order=True).row(0, named=True)
        spoken = ", ".join(f"{row['source']} {row['share']:.0%}" for row in part.iter_rows(named=True))
        said = f"repeat the {first['source']} first: of the variance of one run {spoken} (sd {first['sd']:.2g})"
        rows.append(passed(subject, said, estimate=first["sd"], low=first["low"], high=first["high"]))
    return rows


DIAGNOSTIC = Diagnostic(
    name="variance_budget",
    title="Variance budget",
    code="V1",
    why="Repeats of what hardly varies are work for nothing; what varies most decides how sure a score is.",
    what_to_do="Repeat the largest source; a single seed of the others will do.",
    run=run,
    number=Number("standard deviation by the largest source", "score"),
)
