"""Falsifiers of every kind, with the p of the test that shows them, by hand; Holm counts all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from bench.claims.falsifiers import falsified
from bench.core.frames import records
from bench.core.judgements import VERDICTS, VerdictRow
from bench.core.outcomes import encoded
from bench.stats.paired import corrected_t
from tests.helpers.judge_cases import (
    TOLERANCE,
    a_study,
    around,
    folds_of,
    judge,
    scores_of_arrays,
)
from tests.helpers.sparse import sparse

#: The p that each falsifier below has: it occurs alone, and not beside a second one.
P = 0.04
RATIO, FOLDS = 1 / 9, 100
#: A second falsifier that differs, and one that holds.
OTHER = '- {id: other, kind: value, family: qda, value: "10.0", unit: percent}'
SHOWN = "- {id: other, kind: better, family: lda, against: baseline}"


def scores(p: float = P, repeats: int = 10) -> dict[str, Any]:
    """lda above qda by so much that the corrected t on ten repeats says p, and far above the baseline."""
    base, noise = (
        around(0.8, 0.01, repeats),
        np.random.default_rng(5).normal(size=(repeats, 10)),
    )
    noise = 0.02 * (noise - noise.mean()) / noise.std(ddof=1)
    gain = t.isf(p / 2, FOLDS - 1) * 0.02 * np.sqrt(1 / FOLDS + RATIO)
    found = {"lda": base + gain + noise, "qda": base, "baseline": base - 0.4}
    if repeats == 10:
        assert corrected_t(
            found["lda"].ravel(), base.ravel(), test_train_ratio=RATIO
        ).p_value == pytest.approx(p)
    return found


def tolerance_at(value: float) -> float:
    """The tolerance in percentage points with which P(T >= (tolerance - D) / SE) is P: the author's number has no error
    of its own."""
    means = 100 * scores()["lda"].mean(axis=1)
    se = means.std(ddof=1) * np.sqrt(1 / 10)
    return float(abs(means.mean() - value) + t.isf(P, 9) * se)


KINDS = {
    "better": "kind: better, against: qda",
    "best": "kind: best",
    "order": "kind: order, order: [lda, qda, baseline]",
    "value": f'kind: value, value: "81.5", unit: percent, tolerance: {tolerance_at(81.5)}',
    "equivalent": "kind: equivalent, against: qda",
}


def became(
    folder: Path, first: str, *more: str, p: float = P, repeats: int = 10
) -> tuple[dict[str, Any], str]:
    """The row of the first falsifier, and what became of it."""
    lines = "\n  ".join([f"- {{id: first, {first}}}", *more])
    families = "{baseline: {}, lda: {}, qda: {}}"
    more = f"{TOLERANCE}\nfalsified_if:\n  {lines}\n"
    study = a_study(folder, more=more, families=families)
    rows = judge(study, scores_of_arrays(scores(p, repeats)), folds_of(repeats))
    kept = [row | {"reasons": encoded(row["reasons"])} for row in rows.values()]
    return rows["first"], falsified(study, records(sparse(kept, VERDICTS), VerdictRow))[
        "first"
    ].value


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_adjusted_by_the_p_that_shows_it(
    kind: str, tmp_path: Path
) -> None:
    family = "" if kind == "order" else ", family: lda"
    fields = KINDS[kind] + family
    if kind == "equivalent":  # the upper of two one-sided tests, in accuracy
        gain, se = t.isf(P / 2, 99), 0.02 * np.sqrt(1 / FOLDS + RATIO)
        fields += f", tolerance: {gain * se + t.isf(P, 99) * se}"
    row, alone = became(tmp_path, fields)
    assert (row["p_shown"], alone) == (pytest.approx(P, rel=1e-6), "happened")
    assert became(tmp_path, fields, OTHER)[1] == "undecided"


@pytest.mark.parametrize(("datasets", "by"), [(5, "datasets"), (6, "holm")])
def test_datasets_are_not_counted_after_holm(
    datasets: int, by: str, tmp_path: Path
) -> None:
    """Six datasets, all one way, have p = .031, and after Holm over two falsifiers .0625."""
    names = ("toy", *(f"d{i}" for i in range(1, datasets)))
    sets = "".join(
        f"  {name}: {{source: {{kind: sklearn, name: iris}}, target: target}}\n"
        for name in names[1:]
    )
    lines = "".join(
        f"  - {{id: {b}, kind: better, family: lda, against: {b}}}\n"
        for b in ("qda", "random_forest")
    )
    study = a_study(
        tmp_path, datasets=sets, more=f"{TOLERANCE}\nfalsified_if:\n{lines}"
    )
    one = {
        "lda": np.full((10, 10), 0.9),
        "qda": np.full((10, 10), 0.8),
        "random_forest": np.full((10, 10), 0.7),
    }
    frame = pl.concat([scores_of_arrays(one, dataset=name) for name in names])
    rows = judge(
        study, frame, pl.concat([folds_of(10, dataset=name) for name in names])
    )
    assert [(row["settle"], row["further"]) for row in rows.values()] == [
        (by, None)
    ] * 2
