"""Whether a family gives the same answer for every test row."""

from __future__ import annotations

import polars as pl

from bench.core.metrics import METRICS
from bench.diagnose._names import family_title
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    Severity,
    alarm_level,
    found,
    not_applicable,
    passed,
    share,
)
from bench.scores.design import tolerance_of
from bench.scores.series import matched
from bench.stats.paired import corrected_t

NAME = "degenerate"


def run(evidence: DiagnosticEvidence) -> Rows:
    """In how many repeats one label (or number) was predicted throughout, though the truth varied.

    Where nothing can be learnt a constant is the best answer: a note. A family that does better makes it an alarm.
    """
    answer = "value" if "value" in evidence.predictions.columns else "label"
    families = [family for family in evidence.study.families or () if family not in evidence.baselines]
    rows_ = evidence.predictions.lazy().filter(
        (pl.col("side") == "test") & (pl.col("variant") == "plain") & pl.col("family").is_in(families)
    )
    # A regressor that predicts each fold's mean is constant within a fold only; of one row nothing is constant.
    by = ["dataset", "family", "repeat", *(["fold"] if answer == "value" else [])]
    groups = (
        rows_.group_by(by)
        .agg(
            pl.col(answer).n_unique().alias("answers"), pl.col("truth").n_unique().alias("truths"), pl.len().alias("n")
        )
        .filter((pl.col("n") > 1) & (pl.col("truths") > 1))
        .group_by("dataset", "family")
        .agg((pl.col("answers") == 1).sum().alias("constant"), pl.len().alias("groups"))
        .sort("dataset", "family")
        .collect()
    )
    what = "folds" if answer == "value" else "repeats"
    rows = []
    for dataset, family, constant, count in groups.iter_rows():
        said = f"the same answer for every test row in {share(constant, count)} {what}"
        numbers = {"estimate": constant / count}
        if not constant:
            rows.append(passed((dataset, family), said, **numbers))
            continue
        rival = _rival(evidence, dataset, family) if constant == count else None
        severity: Severity = "warning" if rival is not None else "note"
        said += (
            f"; {family_title(evidence.study, rival)} shows that the features say more than that"
            if rival is not None
            else ""
        )
        rows.append(found((dataset, family), severity, said, **numbers))
    return rows or [not_applicable("there are no predictions of families with features")]


def _rival(evidence: DiagnosticEvidence, dataset: str, family: str) -> str | None:
    """A family whose primary score is better, by the corrected test and by more than the tolerance.

    The level is that of this diagnostic's alarms, over all ordered pairs of families.
    """
    metric, have, setting = evidence.study.metrics.primary, evidence.series["test"], evidence.settings[dataset]
    turn = 1.0 if METRICS[metric].higher_is_better else -1.0
    close = tolerance_of(evidence.study, metric).value or 0.0
    level = alarm_level(NAME, sum(d == e and f != g for d, f in evidence.subjects for e, g in evidence.subjects))
    own = have.get((dataset, family, metric))
    for rival in (f for d, f in evidence.subjects if d == dataset and f != family):
        other = have[dataset, rival, metric]
        if own is None or not setting.complete(own) or not setting.complete(other):
            continue
        a, b = (setting.sample(one.times(turn)) for one in matched(other, own))
        if a is None or b is None:
            continue
        test = corrected_t(a[0], b[0], test_train_ratio=a[1])
        if test.p_greater < level and test.difference > close:
            return rival
    return None


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Constant predictions",
    code="S2",
    why="A family that always answers the same has collapsed: scaling, regularisation and rare classes do that.",
    what_to_do="Check that family's preprocessing and regularisation; weight or resample classes inside the fold.",
    run=run,
    number=Number("repeats or folds with one answer to all rows", "share"),
)
