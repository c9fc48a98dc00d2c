"""Failed cells, judged by hand-made numbers: a baseline stands in, what it changes is told, and no claim rests on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.comparisons import comparisons
from bench.core import frames
from bench.core.comparisons import COMPARISONS
from bench.stats.paired import corrected_t
from bench.study import Study
from bench.text.compared import RivalsMissing
from tests.helpers.judge_cases import (
    a_study,
    folds_of,
    judge,
    reason,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse

KFOLD = "{kind: kfold, folds: 4}"
FAMILIES = "{baseline: {}, lda: {}, qda: {}}"
OTHER = "  other: {source: {kind: sklearn, name: iris}, target: target}"
#: qda is the best where it works; its second fold failed, where the baseline has .5.
OWN = {
    "baseline": [[0.5, 0.5, 0.5, 0.5]],
    "lda": [[0.9, 0.8, 0.9, 0.8]],
    "qda": [[0.95, None, 0.95, 0.9]],
}
FOLDS = folds_of(1, 4, 30, 10)


def a_case(folder: Path, **more: str) -> Study:
    return a_study(folder, resampling=KFOLD, families=FAMILIES, **more)


def instead(values: dict[str, Any], **more: Any) -> pl.DataFrame:
    """Scores that stand in for failed folds."""
    return scores_of_arrays(values, **more).with_columns(variant=pl.lit("fallback"))


def lost(*cells: tuple[str, int], dataset: str = "toy") -> pl.DataFrame:
    key = {
        "dataset": dataset,
        "variant": "plain",
        "repeat": 0,
        "status": "failed",
        "stage": "fit",
        "reason": "flaky",
    }
    return sparse(
        [key | {"family": family, "fold": fold} for family, fold in cells],
        frames.FAILURES,
    )


SCORES = pl.concat([scores_of_arrays(OWN), instead({"qda": [[None, 0.5, None, None]]})])


def compared(
    study: Study,
    scores: pl.DataFrame = SCORES,
    folds: pl.DataFrame = FOLDS,
    *datasets: str,
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows by table and what they are of: (`estimates`, dataset, family), (`pairs`, dataset, family, against)."""
    found = comparisons(study, tables_of(*datasets), folds, scores)
    return {
        (
            name,
            *(row[key] for key in ("dataset", "family", "against") if key in row),
        ): row
        for name, table in found.frames.items()
        for row in frames.checked(table, COMPARISONS[name]).iter_rows(named=True)
    }


def test_the_baseline_stands_in_and_every_row_says_so(tmp_path: Path) -> None:
    rows = compared(a_case(tmp_path))
    one = rows["estimates", "toy", "qda"]
    assert one["mean"] == pytest.approx((0.95 + 0.5 + 0.95 + 0.9) / 4)
    assert one["low"] is not None and one["fallbacks"] == 1
    test = corrected_t(
        np.array([0.9, 0.8, 0.9, 0.8]),
        np.array([0.95, 0.5, 0.95, 0.9]),
        test_train_ratio=10 / 30,
    )
    pair = rows["pairs", "toy", "lda", "qda"]
    assert (pair["difference"], pair["p"], pair["fallbacks"]) == pytest.approx(
        (test.difference, test.p_value, 1)
    )
    assert rows["estimates", "toy", "lda"]["fallbacks"] == 0
    assert rows["pairs", "toy", "baseline", "lda"]["fallbacks"] == 0


def three_sets(
    folder: Path, toy: pl.DataFrame = SCORES
) -> dict[tuple[Any, ...], dict[str, Any]]:
    other = scores_of_arrays(
        {"baseline": [[0.5] * 4], "lda": [[0.7] * 4], "qda": [[0.8] * 4]},
        dataset="other",
    )
    folds = pl.concat([FOLDS, folds_of(1, 4, 30, 10, dataset="other")])
    third = scores_of_arrays(
        {"baseline": [[0.4] * 4], "lda": [[0.7] * 4], "qda": [[0.6] * 4]},
        dataset="third",
    )
    folds = pl.concat([folds, folds_of(1, 4, 30, 10, dataset="third")])
    study = a_case(folder, datasets=OTHER + "\n" + OTHER.replace("other", "third"))
    return compared(
        study, pl.concat([toy, other, third]), folds, "toy", "other", "third"
    )


def test_ranks_with_the_baseline_hold_every_dataset(tmp_path: Path) -> None:
    """lda is 1st, 2nd, 1st; qda 2nd (behind .85), 1st, 2nd; the baseline last."""
    rows = three_sets(tmp_path)
    ranks = {family: rows["ranks", family] for family in ("lda", "qda", "baseline")}
    assert [row["mean_rank"] for row in ranks.values()] == pytest.approx(
        [4 / 3, 5 / 3, 3]
    )
    assert {row["fallbacks"] for row in ranks.values()} == {1}
    assert rows["omnibus",]["fallbacks"] == 1


#: Families, how far each came on each dataset, mean ranks over complete datasets, and what is said of their order.


def test_a_metric_that_the_family_never_has_gets_no_stand_in(tmp_path: Path) -> None:
    """Log loss without probabilities is undefined; the baseline's alone would be no score of this family."""
    study = a_case(tmp_path, primary="log_loss")
    own = {
        "lda": [[0.3, 0.3, 0.3, 0.3]],
        "qda": [[float("nan"), None, float("nan"), float("nan")]],
    }
    parts = [
        scores_of_arrays(own, metric="log_loss"),
        instead({"qda": [[None, 0.69, None, None]]}, metric="log_loss"),
    ]
    one = compared(study, pl.concat(parts))["estimates", "toy", "qda"]
    assert one["mean"] is None and one["fallbacks"] == 0


CLAIMS = """
  - {id: value, kind: value, dataset: toy, family: qda, metric: accuracy, value: "0.825", unit: fraction, where: "x",
     read: source, tolerance: 0.4}
  - {id: better, kind: better, dataset: toy, family: lda, against: qda, metric: accuracy, where: "x", read: source}
  - {id: equal, kind: equivalent, dataset: toy, family: lda, against: qda, metric: accuracy, where: "x", read: source,
     tolerance: 0.4}
  - {id: best, kind: best, dataset: toy, family: qda, metric: accuracy, where: "x", read: source}
  - {id: rival, kind: best, dataset: toy, family: lda, metric: accuracy, where: "x", read: source}
  - {id: chi2, kind: statistic, statistic: friedman_chi2, value: "5.0", where: "x", read: source}
  - {id: rank, kind: statistic, statistic: mean_rank, family: lda, value: "1.0", where: "x", read: source}
  - {id: own, kind: value, dataset: toy, family: lda, metric: accuracy, value: "0.85", unit: fraction, where: "x",
     read: source, tolerance: 0.4}
"""


def test_no_claim_rests_on_a_stand_in(tmp_path: Path) -> None:
    study = a_study(
        tmp_path,
        CLAIMS,
        resampling=KFOLD,
        families=FAMILIES,
        datasets=OTHER,
    )
    other = SCORES.with_columns(dataset=pl.lit("other"))
    folds = pl.concat([FOLDS, FOLDS.with_columns(dataset=pl.lit("other"))])
    failures = pl.concat([lost(("qda", 1)), lost(("qda", 1), dataset="other")])
    rows = judge(
        study, pl.concat([SCORES, other]), folds, tables_of("toy", "other"), failures
    )
    for claim in ("value", "better", "equal", "best", "chi2", "rank"):
        assert (rows[claim]["status"], rows[claim]["agreement"]) == ("failed", None), (
            claim
        )
        assert rows[claim]["ours"] is None
    assert rows["rival"]["agreement"] in ("fits", "off")
    assert reason(rows["rival"], RivalsMissing).families == ("qda",)
    assert rows["own"]["agreement"] == "reproduced"
