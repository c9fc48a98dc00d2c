"""Where optimism comes from, step by step: from the score on training rows down to the one without any feature.

  train     the chosen candidate on the rows it was fitted to
  flat      the inner score of the one candidate that is best on average over all outer folds: what a paper without
            nested folds would quote
  inner     the inner score of the candidate chosen in each outer fold
  outer     its score on rows that had no part in the choice
  baseline  the score of a constant guess on the same rows

Each step is given in the metric's unit with its corrected interval, positive where the upper one is optimistic. The
step to the baseline has none: it compares two models, whose interval counts the shares of the classes, or halves of the
rows, as well (`bench.comparisons`).
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from bench.core.findings import Finding
from bench.core.metrics import METRICS
from bench.core.outcomes import words
from bench.core.rows import OWN
from bench.diagnose.diagnostic import Diagnostic, FindingNumber, NumberShown
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import NO_NUMBER, Estimate, difference, passed, sign_of
from bench.scores.design import level_of
from bench.scores.series import Series, matched

LEVELS = ("train", "flat", "inner", "outer", "baseline")


say = words(
    "waterfall",
    {
        "one_level": "only one kind of score is stored, so there is nothing to compare",
        "level": "mean {metric:name}, {level}",
        "step": "{metric:name}: {upper} minus {lower}, positive where {upper} looks better",
    },
)


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a level (its mean) and one a step (with its interval), a dataset and family with features."""
    flat = _flat(evidence)
    subjects = [
        subject for subject in evidence.subjects if subject[1] not in evidence.baselines
    ]
    return [
        finding
        for subject in subjects
        for finding in _fall(evidence, subject, flat.get(subject))
    ]


def _fall(
    evidence: DiagnosticEvidence, subject: tuple[str, str], flat: Series | None
) -> list[Finding]:
    tuned_by = next(
        (m for d, f, m in evidence.series["inner"] if (d, f) == subject), None
    )
    metrics = evidence.study.metrics
    metric = (
        tuned_by
        if tuned_by is not None and tuned_by in metrics.names
        else metrics.primary
    )
    levels = _levels(evidence, subject, metric, flat)
    if len(levels) < 2:
        return []
    means = [
        passed(
            subject,
            say("level", metric=metric, level=name),
            number=series.mean,
            part=name,
        )
        for name, series in levels.items()
    ]
    steps = [
        passed(
            subject,
            say("step", metric=metric, upper=upper, lower=lower),
            number=_step(
                evidence,
                subject[0],
                metric,
                levels[upper],
                levels[lower],
                compares=lower == "baseline",
            ),
            part=f"{upper}_to_{lower}",
        )
        for upper, lower in pairwise(levels)
    ]
    return [*means, *steps]


def _levels(
    evidence: DiagnosticEvidence,
    subject: tuple[str, str],
    metric: str,
    flat: Series | None,
) -> dict[str, Series]:
    """The scores of each level that is there, from the most optimistic kind to the least."""
    dataset, key, sides = subject[0], (*subject, metric), evidence.series
    levels = {
        "train": sides["train"].get(key),
        "flat": flat if key in sides["inner"] else None,
        "inner": sides["inner"].get(key),
        "outer": sides["test"].get(key),
        "baseline": next(
            (sides["test"].get((dataset, b, metric)) for b in evidence.baselines), None
        ),
    }
    return {
        name: series
        for name, series in levels.items()
        if series is not None and series.mean is not None
    }


def _flat(evidence: DiagnosticEvidence) -> dict[tuple[str, str], Series]:
    """By dataset and family, the inner means, fold by fold, of the candidate with the best mean over all folds."""
    plain = evidence.tuning.filter(OWN & pl.col("value").is_not_null())
    by = ["dataset", "family", "metric", "candidate"]
    means = (
        plain.group_by(*by, "repeat", "fold")
        .agg(pl.col("value").mean())
        .sort(*by, "repeat", "fold")
    )
    flat: dict[tuple[str, str], Series] = {}
    for (dataset, family, metric), part in means.partition_by(
        "dataset", "family", "metric", as_dict=True, maintain_order=True
    ).items():
        overall = (
            part.group_by("candidate")
            .agg(pl.col("value").mean(), pl.len())
            .sort("candidate")
        )
        complete = overall.filter(pl.col("len") == pl.col("len").max())
        higher = METRICS[str(metric)].higher_is_better
        best = complete["value"].arg_max() if higher else complete["value"].arg_min()
        chosen = part.filter(
            pl.col("candidate") == complete["candidate"][int(best or 0)]
        )
        columns = (chosen[name].to_numpy() for name in ("repeat", "fold", "value"))
        flat[str(dataset), str(family)] = Series(*columns)
    return flat


def _step(
    evidence: DiagnosticEvidence,
    dataset: str,
    metric: str,
    upper: Series,
    lower: Series,
    *,
    compares: bool,
) -> Estimate:
    """How much better the upper level looks; `compares`: whether the lower one is of another model."""
    if compares or len(upper.value) != len(lower.value) or upper.pooled != lower.pooled:
        return Estimate(sign_of(metric) * ((upper.mean or 0.0) - (lower.mean or 0.0)))
    return (
        difference(
            evidence, dataset, metric, matched(upper, lower), level_of(evidence.study)
        )
        or NO_NUMBER
    )


DIAGNOSTIC = Diagnostic(
    name="waterfall",
    title="Sources of optimism",
    code="O4",
    why="The inner and training scores overstate what new cases reach.",
    what_to_do="Quote the outer test score.",
    run=run,
    nothing=say("one_level"),
    number=FindingNumber("score, or how much the first looks better", "tuning"),
    shown=NumberShown.FIGURE,
)
