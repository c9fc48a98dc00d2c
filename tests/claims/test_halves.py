"""Claims about an unstable family rest on disjoint halves of the rows, where these were fitted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench.core import frames
from bench.stats.halves import conservative_z, sharp
from bench.text.chance import OfConservativeZ
from bench.text.judgements import P_OF_HALVES, ByHalves, UnstableFamilies
from tests.helpers.judge_cases import (
    a_study,
    around,
    folds_of,
    has,
    judge,
    reason,
    scores_of_arrays,
)
from tests.helpers.sparse import sparse

#: What the tree has more than lda in each half: the same in the mean as on folds, but far less sure.
APART = np.array([[0.15, -0.05], [0.10, 0.0], [-0.06, 0.16], [0.12, -0.02]])
TREE, LDA, QDA = 0.85, 0.80, 0.70


def judged(
    folder: Path, kind: str = "better", halves: np.ndarray = APART, **changes: Any
) -> dict[str, Any]:
    """The verdict on a claim of an accurate tree; every fold agrees about it, the halves (J, 2) do as they say."""
    fields = {
        "id": "c",
        "kind": kind,
        "dataset": "toy",
        "metric": "accuracy",
        "where": "p",
        "read": "source",
    }
    fields |= (
        {"family": "decision_tree", "against": "lda"}
        if kind in ("better", "equivalent")
        else {}
    )
    study = a_study(
        folder, "  - {" + ", ".join(f"{key}: {value}" for key, value in (fields | changes).items()) + "}\n",
        families="{lda: {}, qda: {}, decision_tree: {}}", more='\ntolerance: {accuracy: 0.01, why: "by hand"}\n',
    )  # fmt: skip
    plain = scores_of_arrays(
        {
            "lda": around(LDA, 0.002),
            "decision_tree": around(TREE, 0.002),
            "qda": around(QDA, 0.002),
        }
    )
    means = {
        "lda": np.full(halves.shape, LDA),
        "decision_tree": LDA + halves,
        "qda": np.full(halves.shape, QDA),
    }
    rows = [
        {
            "dataset": "toy",
            "family": family,
            "variant": f"half={j}{'ab'[h]}",
            "repeat": j,
            "fold": 0,
            "side": "test",
        }
        | {"metric": "accuracy", "value": float(value)}
        for family, values in means.items()
        for (j, h), value in np.ndenumerate(values)
    ]
    return judge(study, pl.concat([plain, sparse(rows, frames.SCORES)]), folds_of())[
        "c"
    ]


def test_a_direction_that_one_sample_shows_is_open_where_halves_disagree(
    tmp_path: Path,
) -> None:
    row, test = judged(tmp_path), sharp(APART)
    assert row["agreement"] == "fits"
    assert row["ours"] == pytest.approx(0.05)
    assert row["high_refute"] - 0.05 == pytest.approx(test.high - test.estimate)
    assert reason(row, ByHalves).pairs == 4
    assert not has(row, UnstableFamilies)
    assert row["settle"] == "rows"


def test_a_direction_that_halves_show_too_is_reproduced(tmp_path: Path) -> None:
    assert judged(tmp_path, halves=0.05 + APART / 40)["agreement"] == "reproduced"
    other = judged(tmp_path, halves=-0.05 - APART / 40)
    assert other["agreement"] == "fits", (
        "halves that have the other one ahead show nothing"
    )


def test_beside_an_interval_that_holds_zero_it_is_said_that_p_is_of_halves(
    tmp_path: Path,
) -> None:
    """The halves differ by more than all rows do: p is of theirs, the interval lies around the other."""
    row = judged(tmp_path, halves=0.25 + APART)
    assert (
        row["agreement"] == "reproduced" and row["low_refute"] < 0 < row["high_refute"]
    )
    assert (
        row["p_shown"] == pytest.approx(sharp(0.25 + APART).p_value)
        and row["p_shown"] < 0.05
    )
    assert P_OF_HALVES in reason(row, ByHalves).sentence()
    assert (
        P_OF_HALVES not in reason(judged(tmp_path, "equivalent"), ByHalves).sentence()
    ), "its p is of all rows"


def test_equal_within_the_margin_as_far_as_sharp_reaches(tmp_path: Path) -> None:
    row = judged(tmp_path, "equivalent", 0.05 + APART / 40, tolerance=0.06)
    reach = sharp(0.05 + APART / 40, level=0.90)
    assert (row["agreement"], row["high"]) == (
        "reproduced",
        pytest.approx(0.05 + reach.high - reach.estimate),
    )
    assert judged(tmp_path, "equivalent", tolerance=0.06)["agreement"] == "fits"
    apart = judged(tmp_path, "equivalent", 0.05 + APART / 40, tolerance=0.01)
    assert apart["agreement"] == "differs" and apart["p"] < 0.05


@pytest.mark.parametrize(
    ("kind", "fields", "whole"),
    [
        ("best", {"family": "decision_tree"}, True),
        ("order", {"order": "[decision_tree, lda, qda]"}, False),
    ],
)
def test_claims_on_several_pairs_read_them(
    kind: str, fields: dict[str, str], whole: bool, tmp_path: Path
) -> None:
    """`whole`: whether halves test every pair; else nothing is said of the claim."""
    row = judged(tmp_path, kind, **fields)
    assert row["agreement"] == "fits"
    assert has(row, ByHalves) == whole and not has(row, UnstableFamilies)
    assert judged(tmp_path, kind, 0.05 + APART / 40, **fields)["agreement"].endswith(
        "reproduced"
    )


def test_stable_families_keep_their_test(tmp_path: Path) -> None:
    row = judged(tmp_path, family="lda", against="qda")
    assert row["agreement"] == "reproduced"
    assert not has(row, ByHalves)


def test_a_number_of_another_sample_has_the_wider_variance(tmp_path: Path) -> None:
    fields = {
        "family": "decision_tree",
        "value": '"0.85"',
        "unit": "fraction",
        "splits": "other_sample",
    }
    row, se = judged(tmp_path, "value", **fields), conservative_z(0.0, APART).se
    assert row["high_refute"] == pytest.approx(1.959964 * np.sqrt(2) * se + 0.005)
    assert reason(row, OfConservativeZ).pairs == len(APART) and not has(row, ByHalves)
    narrow, folds = (
        judged(tmp_path, "value", halves, **fields)
        for halves in (APART / 40, np.zeros((0, 2)))
    )
    assert 0.005 < folds["high_refute"] == narrow["high_refute"] < row["high_refute"], (
        "never less than folds say"
    )
    assert has(folds, UnstableFamilies)
    assert not any(
        has(narrow, kind) for kind in (OfConservativeZ, ByHalves, UnstableFamilies)
    )
    same_rows = judged(tmp_path, "value", **(fields | {"splits": "unknown"}))
    assert not has(same_rows, ByHalves) and not has(same_rows, OfConservativeZ)
