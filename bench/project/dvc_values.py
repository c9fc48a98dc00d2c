"""What DVC shows of a judged study: a few metrics for `dvc exp show`, and tables for `dvc plots`.

metrics.json has about a dozen numbers, so that the columns of experiments can be read; everything else stands in the
tables, which the pipeline file names with the axes of their plots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from bench.claims.falsifiers import falsified
from bench.core.counting import count_claims
from bench.core.findings import is_alarm
from bench.core.frames import records
from bench.core.judgements import VerdictRow
from bench.core.rows import FAILED, OWN
from bench.core.text import text_cell
from bench.study import Study
from bench.text.words import in_unit_of_target

#: So many models have their number in metrics.json: the first of the study.
MOST_MODELS = 8
#: A metric by name, or numbers by name below it.
MetricsForDvc = dict[str, float | int | dict[str, float] | dict[str, int]]


@dataclass(frozen=True)
class PlotOfStudy:
    """A table for `dvc plots`: its file in `plots/`, its title, its axes, the template that draws it."""

    name: str
    title: str
    x: str
    y: str
    template: str


#: Templates of our own stand in `.dvc/plots/`, written by `bench init`.
OWN_TEMPLATES = ("bench_intervals", "bench_lines")
PLOTS = (
    PlotOfStudy(
        "scores", "Scores with intervals", "estimate", "model", "bench_intervals"
    ),
    PlotOfStudy(
        "published", "Ours less published", "difference", "claim", "bench_intervals"
    ),
    PlotOfStudy("gap", "Train-test gap", "gap", "model", "bar_horizontal"),
    PlotOfStudy("learning", "Learning curves", "share", "score", "bench_lines"),
    PlotOfStudy("validation", "Validation curves", "candidate", "score", "bench_lines"),
)


def metrics_of(
    study: Study, judged: Mapping[str, pl.DataFrame], failures: pl.DataFrame
) -> MetricsForDvc:
    """The primary metric by model, claims by agreement or status, what became of falsifiers, warnings, failed cells.

    Over several datasets it is the mean over all of them, of models that have a score on each; for an error in the unit
    of the target the mean rank, since datasets share no scale.
    """
    metric = study.metrics.primary
    estimates = judged["estimates"].filter(pl.col("metric") == metric)
    datasets = estimates["dataset"].n_unique()
    name, means = (
        metric,
        estimates.group_by("family", maintain_order=True).agg(pl.col("mean")),
    )
    found = {
        row["family"]: sum(row["mean"]) / datasets
        for row in means.iter_rows(named=True)
        if len(row["mean"]) == datasets and None not in row["mean"]
    }
    if datasets > 1 and in_unit_of_target(metric):
        ranks = judged["ranks"].filter(
            (pl.col("metric") == metric) & pl.col("mean_rank").is_not_null()
        )
        name, found = "mean_rank", dict(ranks.select("family", "mean_rank").iter_rows())
    verdicts = records(judged["verdicts"], VerdictRow)
    count = count_claims(verdicts)
    counts = Counter(
        "other_method" if count.is_untested(row) else str(row.agreement or row.status)
        for row in count.claims
    )
    became = Counter(one.value for one in falsified(study, verdicts).values())
    return {
        name: {
            _harmless(family): float(f"{value:.6g}")
            for family, value in list(found.items())[:MOST_MODELS]
        },
        "claims": dict(sorted(counts.items())),
        **({"falsifiers": dict(sorted(became.items()))} if became else {}),
        "warnings": judged["findings"].filter(is_alarm()).height,
        "failed": failures.filter(FAILED, OWN).height,
    }


def plot_tables(
    study: Study, judged: Mapping[str, pl.DataFrame], tuning: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The tables of `PLOTS` by name, of the primary metric; one without a row has nothing to show.

    DVC writes them into a script of a page and escapes nothing, so no name holds what would end the script.
    """
    metric = study.metrics.primary
    estimates = judged["estimates"].filter(
        (pl.col("metric") == metric) & pl.col("mean").is_not_null()
    )
    many = estimates["dataset"].n_unique() > 1
    scores = judged["scores"].filter(
        (pl.col("metric") == metric) & pl.col("value").is_not_null()
    )
    made = {
        "scores": estimates.select(
            _model(many), pl.col("mean").alias("estimate"), "low", "high"
        ),
        "published": _published(judged["verdicts"]),
        "gap": _gap(scores.filter(OWN), many),
        "learning": _learning(scores.filter(pl.col("side") == "test"), many),
        "validation": _validation(tuning.filter(OWN), many),
    }
    return {
        name: table.with_columns(
            pl.col("^(model|claim)$").map_elements(_harmless, return_dtype=pl.String)
        )
        for name, table in made.items()
    }


def _harmless(name: str) -> str:
    """A name that is no formula of a spreadsheet and no part of a page.

    >>> _harmless("=1</script>")
    "'=1‹/script›"
    """
    return text_cell(name).replace("<", "‹").replace(">", "›")


def _model(many: bool) -> pl.Expr:
    """The model, with its dataset where there are several."""
    return (
        pl.format("{}, {}", "family", "dataset") if many else pl.col("family")
    ).alias("model")


def _published(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Claims with a published number: ours less that, in fractions. Of a falsifier nearness would be bad news."""
    numbers = pl.col("published").is_not_null() & pl.col("difference").is_not_null()
    rows = verdicts.filter(numbers & ~pl.col("falsifier"))
    scale = pl.when(pl.col("unit") == "percent").then(0.01).otherwise(1.0)
    sizes = (pl.col(name) * scale for name in ("ours", "difference", "low", "high"))
    return rows.select(
        "claim", pl.col("published").str.replace("\N{MINUS SIGN}", "-"), *sizes
    )


def _gap(scores: pl.DataFrame, many: bool) -> pl.DataFrame:
    means = scores.group_by("dataset", "family", "side", maintain_order=True).agg(
        pl.col("value").mean()
    )
    train, test = (
        means.filter(pl.col("side") == side).drop("side") for side in ("train", "test")
    )
    both = train.join(
        test, on=("dataset", "family"), suffix="_test", maintain_order="left"
    )
    gap = (pl.col("value") - pl.col("value_test")).alias("gap")
    return both.select(
        _model(many),
        pl.col("value").alias("train"),
        pl.col("value_test").alias("test"),
        gap,
    )


def _learning(scores: pl.DataFrame, many: bool) -> pl.DataFrame:
    """Mean test scores by the share of training rows; all of them are share 1."""
    share = pl.col("variant").str.extract(r"^train_share=(.+)$").cast(pl.Float64)
    curves = scores.with_columns(
        pl.when(OWN).then(1.0).otherwise(share).alias("share")
    ).drop_nulls("share")
    means = curves.group_by(_model(many), "share", maintain_order=True).agg(
        pl.col("value").mean().alias("score")
    )
    return means.sort("model", "share", maintain_order=True)


def _validation(tuning: pl.DataFrame, many: bool) -> pl.DataFrame:
    """Mean inner scores of each candidate, and how often it was chosen."""
    found = tuning.with_columns(_model(many)).group_by(
        "model", "candidate", "parameters", maintain_order=True
    )
    means = found.agg(
        pl.col("value").mean().alias("score"), pl.col("chosen").mean().alias("chosen")
    )
    return means.drop_nulls("score").sort("model", "candidate", maintain_order=True)
