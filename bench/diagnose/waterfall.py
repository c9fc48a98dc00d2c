"""Where optimism comes from, step by step: from the score on training rows down to the one without any feature.

  train     the chosen candidate on the rows it was fitted to
  flat      the inner score of the one candidate that is best on average over all outer folds: what a paper without
            nested folds would quote
  inner     the inner score of the candidate chosen in each outer fold
  outer     its score on rows that had no part in the choice
  baseline  the score of a constant guess on the same rows

Each step is given in the metric's unit with its interval, positive where the upper one flatters.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import polars as pl

from bench.core.metrics import METRICS
from bench.diagnose.diagnostic import Diagnostic, DiagnosticEvidence, Number, Rows, not_applicable, passed
from bench.scores.design import level_of
from bench.scores.series import Series, matched
from bench.stats.intervals import corrected_mean

LEVELS = ("train", "flat", "inner", "outer", "baseline")


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a level (its mean) and a row a step (with its interval), a dataset and family with features."""
    rows: Rows = []
    flat = _flat(evidence)
    for dataset, family in evidence.subjects:
        if family in evidence.baselines:
            continue
        metric = next((m for d, f, m in evidence.series["inner"] if (d, f) == (dataset, family)), None)
        metric = metric if metric in evidence.study.metrics.names else evidence.study.metrics.primary
        levels = _levels(evidence, (dataset, family), str(metric), flat.get((dataset, family)))
        if len(levels) > 1:
            rows += _told((dataset, family), str(metric), levels)
            rows += _steps(evidence, (dataset, family), str(metric), levels)
    return rows or [not_applicable("only one kind of score is stored, and nothing to set beside it")]


def _levels(
    evidence: DiagnosticEvidence, subject: tuple[str, str], metric: str, flat: Series | None
) -> dict[str, Series]:
    """The scores of each level that is there, from the most flattering kind to the least."""
    dataset, family = subject
    have = evidence.series
    found = {
        "train": have["train"].get((dataset, family, metric)),
        "flat": flat if (dataset, family, metric) in have["inner"] else None,
        "inner": have["inner"].get((dataset, family, metric)),
        "outer": have["test"].get((dataset, family, metric)),
        "baseline": next((have["test"].get((dataset, b, metric)) for b in evidence.baselines), None),
    }
    return {name: one for name, one in found.items() if one is not None and one.mean is not None}


def _flat(evidence: DiagnosticEvidence) -> dict[tuple[str, str], Series]:
    """By dataset and family, the inner means, fold by fold, of the candidate with the best mean over all folds."""
    plain = evidence.tuning.filter((pl.col("variant") == "plain") & pl.col("value").is_not_null())
    found: dict[tuple[str, str], Series] = {}
    by = ["dataset", "family", "metric", "candidate"]
    means = plain.group_by(*by, "repeat", "fold").agg(pl.col("value").mean()).sort(*by, "repeat", "fold")
    for (dataset, family, metric), part in means.partition_by(
        "dataset", "family", "metric", as_dict=True, maintain_order=True
    ).items():
        overall = part.group_by("candidate").agg(pl.col("value").mean(), pl.len()).sort("candidate")
        whole = overall.filter(pl.col("len") == pl.col("len").max())
        best = whole["value"].arg_max() if METRICS[str(metric)].higher_is_better else whole["value"].arg_min()
        mine = part.filter(pl.col("candidate") == whole["candidate"][int(best or 0)])
        columns = (mine[name].to_numpy() for name in ("repeat", "fold", "value"))
        found[str(dataset), str(family)] = Series(*columns)
    return found


def _told(subject: tuple[str, str], metric: str, levels: dict[str, Series]) -> Rows:
    return [
        {"code": f"O4.{name}"} | passed(subject, f"mean {metric}, {name}", estimate=one.mean)
        for name, one in levels.items()
    ]


def _steps(evidence: DiagnosticEvidence, subject: tuple[str, str], metric: str, levels: dict[str, Series]) -> Rows:
    """Each level less the next that is there."""
    rows, names = [], list(levels)
    for upper, lower in pairwise(names):
        numbers = _step(evidence, subject[0], metric, levels[upper], levels[lower])
        said = f"{metric}: {upper} less {lower}, positive where {upper} looks better"
        rows.append({"code": f"O4.{upper}_to_{lower}"} | passed(subject, said, **numbers))
    return rows


def _step(evidence: DiagnosticEvidence, dataset: str, metric: str, upper: Series, lower: Series) -> dict[str, Any]:
    turn = 1.0 if METRICS[metric].higher_is_better else -1.0
    if len(upper.value) != len(lower.value) or upper.pooled != lower.pooled:
        return {"estimate": turn * ((upper.mean or 0.0) - (lower.mean or 0.0))}
    first, second = matched(upper, lower)
    gap = Series(first.repeat, first.fold, turn * (first.value - second.value))
    sample = evidence.settings[dataset].sample(gap)
    if sample is None or gap.mean is None:
        return {"estimate": gap.mean}
    one = corrected_mean(sample[0], test_train_ratio=sample[1], level=level_of(evidence.study))
    return {"estimate": one.estimate, "low": one.low, "high": one.high}


DIAGNOSTIC = Diagnostic(
    name="waterfall",
    title="Where optimism comes from",
    code="O4",
    why="Each step down is a way to publish a number that new cases do not reach; the outer score is the one to quote.",
    what_to_do="Look for the largest step: training rows, choosing by the same folds, or nothing learnt at all.",
    run=run,
    number=Number("score, or how much the first looks better", "tuning"),
)
