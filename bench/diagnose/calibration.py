"""Whether probabilities mean what they say."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.diagnose.diagnostic import Diagnostic, Evidence, Number, Rows, by_chance, found, not_applicable, passed
from bench.run.seeds import seed_of
from bench.stats.calibration import calibration
from bench.yardstick import level_of


def run(evidence: Evidence) -> Rows:
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
    for subject, part in subjects.items():
        confidence = part["p"].list.max().to_numpy()
        right = (part["label"] == part["truth"]).to_numpy()
        one = calibration(np.clip(confidence, 0.0, 1.0), right, seed=_seed(evidence, subject))
        over = "overconfident" if one.excess > 0 else "underconfident"
        said = f"its probabilities are off by {one.error:.3f} on average over {one.n} rows, where honest ones would be "
        said += f"off by {one.level:.3f}"
        alpha = (1 - level_of(evidence.study)) / len(subjects)
        if one.p < alpha:
            said = f"{said}; {over} by {abs(one.excess):.3f}; {by_chance(one.p)}"
            rows.append(found(subject, "note", said, estimate=one.error - one.level))
        else:
            rows.append(passed(subject, said, estimate=one.error - one.level))
    return rows or [not_applicable("no family with features gives probabilities")]


def _seed(evidence: Evidence, subject: tuple[str, str]) -> int:
    return seed_of("calibration", evidence.study.id, *subject)


DIAGNOSTIC = Diagnostic(
    name="calibration",
    title="Calibration",
    code="C1",
    why="A probability that is not honest misleads whoever weighs costs by it, however good the labels are.",
    what_to_do="Do not read this family's probabilities as risks; recalibrate inside the training rows of each fold.",
    run=run,
    number=Number("error beyond that of honest probabilities", "probability"),
)
