"""Whether probabilities mean what they say."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    by_chance,
    found,
    not_applicable,
    passed,
)
from bench.run.seeds import seed_of
from bench.scores.design import level_of
from bench.stats.calibration import calibration, draws_at


def run(evidence: DiagnosticEvidence) -> Rows:
    """The calibration error of the forecast label on the test rows of the first repeat, beside its level there.

    One repeat, because its rows are forecast once each. The level of the test is split over all subjects. However sure,
    it is a note: that a family's probabilities are off is a property of the family, in healthy studies too.
    """
    if "p" not in evidence.predictions.columns:
        return [not_applicable("the task is regression")]
    chosen = evidence.predictions.filter(
        (pl.col("side") == "test")
        & (pl.col("variant") == "plain")
        & (pl.col("repeat") == 0)
        & pl.col("p").is_not_null()
    )
    parts = chosen.partition_by("dataset", "family", as_dict=True, maintain_order=True)
    subjects = {
        (str(d), str(f)): part for (d, f), part in parts.items() if f not in evidence.baselines and len(part) > 1
    }
    rows: Rows = []
    alpha = (1 - level_of(evidence.study)) / max(1, len(subjects))
    for subject, part in subjects.items():
        confidence = part["p"].list.max().to_numpy()
        right = (part["label"] == part["truth"]).to_numpy()
        sure, seed = np.clip(confidence, 0.0, 1.0), _seed(evidence, subject)
        one = calibration(sure, right, seed=seed, draws=draws_at(alpha), alpha=alpha)
        over = "overconfident" if one.excess > 0 else "underconfident"
        said = f"its probabilities are off by {one.error:.3f} on average over {one.n:,} rows, where right ones are "
        said += f"usually off by {one.level:.3f}"
        if one.limit == float("inf"):
            said = f"{said}; {one.draws:,} draws are too few for so many families and data sets"
            rows.append(not_applicable(said, subject, estimate=one.error - one.level))
            continue
        said += f", and by chance up to {one.limit:.3f}"
        if one.p < alpha:
            said = f"{said}; {over} by {abs(one.excess):.3f}; {by_chance(one.p, one.draws)}"
            rows.append(found(subject, "note", said, estimate=one.error - one.level))
        else:
            rows.append(passed(subject, said, estimate=one.error - one.level))
    return rows or [not_applicable("no family with features gives probabilities")]


def _seed(evidence: DiagnosticEvidence, subject: tuple[str, str]) -> int:
    return seed_of("calibration", evidence.study.id, *subject)


DIAGNOSTIC = Diagnostic(
    name="calibration",
    title="Calibration",
    code="C1",
    why="A probability that is not what it says misleads whoever weighs costs by it, however good the labels are.",
    what_to_do="Do not read this family's probabilities as risks; recalibrate inside the training rows of each fold.",
    run=run,
    number=Number("error beyond the usual one of right probabilities", "probability"),
)
