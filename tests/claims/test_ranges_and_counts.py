"""Counts of cases, bounds and ranges, and scores at another cutoff: numbers by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import beta, t

from bench.claims import verdicts
from bench.claims._ranges import ClaimedRange, RangeOpen
from bench.core import frames
from bench.core.outcomes import Statement
from bench.stats.shares import exact_difference
from bench.text.chance import BinomialErrors, OtherCases
from bench.text.judgements import IntervalOpen, OutsideTolerance
from tests.helpers.judge_cases import (
    FIXED,
    a_study,
    around,
    faults,
    folds_of,
    has,
    judge,
    scores_of_arrays,
    tables_of,
)
from tests.helpers.sparse import sparse


def text(**fields: str) -> str:
    whole = {
        "id": "c",
        "where": '"Table 1"',
        "read": "source",
        "dataset": "toy",
        "family": "lda",
    } | fields
    return (
        "  - {" + ", ".join(f"{key}: {value}" for key, value in whole.items()) + "}\n"
    )


def of_accuracies(
    tmp_path: Path, values: Any, folds: pl.DataFrame | None = None, **fields: str
) -> dict[str, Any]:
    study = a_study(tmp_path, text(**fields))
    return judge(
        study, scores_of_arrays({"lda": values}), folds_of() if folds is None else folds
    )["c"]


RANGE = {"kind": "range", "unit": "percent", "tolerance": "0.5"}


def test_a_bound_by_hand(tmp_path: Path) -> None:
    """D = 96 - 95; ten repeats here, one there: SE = s sqrt(1 + 1/10), t on 9 degrees; no rounding."""
    values = around(0.96, 0.02)
    sd = 100 * np.asarray(values, dtype=float).mean(axis=1).std(ddof=1)
    row = of_accuracies(tmp_path, values, **RANGE, above='"95"')
    assert row["published"] == "95"
    assert row["difference"] == pytest.approx(1.0)
    assert row["low"] == pytest.approx(1 - t.ppf(0.95, 9) * sd * np.sqrt(1.1))
    assert row["low_refute"] == pytest.approx(1 - t.ppf(0.975, 9) * sd * np.sqrt(1.1))


@pytest.mark.parametrize(
    ("ends", "agreement"),
    [
        ({"above": '"95"'}, "reproduced"),
        ({"at_least": '"97"'}, "differs"),
        ({"at_most": '"95"'}, "differs"),
        ({"below": '"97"'}, "reproduced"),
        ({"at_least": '"95"', "at_most": '"97"'}, "reproduced"),
        ({"at_least": '"90"', "at_most": '"94"'}, "differs"),
        ({"at_least": '"96.4"'}, "reproduced"),  # within half a point of it
        ({"at_least": '"96.51"'}, "unclear"),  # half a point and a hair
    ],
)
def test_the_rule_at_each_end(
    tmp_path: Path, ends: dict[str, str], agreement: str
) -> None:
    """Means of 95.9 to 96.1 % in ten repeats."""
    row = of_accuracies(tmp_path, around(0.96, 0.0002), **RANGE, **ends)
    assert row["agreement"] == agreement


def test_a_wide_interval_decides_nothing(tmp_path: Path) -> None:
    assert (
        of_accuracies(tmp_path, around(0.96, 0.05), **RANGE, above='"95.9"')[
            "agreement"
        ]
        == "consistent"
    )
    assert of_accuracies(tmp_path, around(0.94, 0.05), **RANGE, above='"95"')[
        "agreement"
    ] in ("consistent", "unclear")


@pytest.mark.parametrize(
    ("ends", "agreement"),
    [({"above": '"90"'}, "reproduced"), ({"at_least": '"90"'}, "exact")],
)
def test_without_chance_the_end_itself_counts(
    tmp_path: Path, ends: dict[str, str], agreement: str
) -> None:
    """Nine of ten right on the paper's own split: 90 % is at least 90 %, not above it."""
    study = a_study(
        tmp_path,
        text(**(RANGE | ends | {"tolerance": "0.0001"}), splits="same"),
        resampling=FIXED,
    )
    row = judge(study, scores_of_arrays({"lda": [[0.9]]}), folds_of(1, 1))["c"]
    assert row["agreement"] == agreement


COUNT = {"kind": "count", "tolerance": "1"}


def one_split(
    tmp_path: Path, right: float, test: int = 178, **fields: str
) -> dict[str, Any]:
    study = a_study(tmp_path, text(**(COUNT | fields)), resampling=FIXED)
    return judge(
        study, scores_of_arrays({"lda": [[right]]}), folds_of(1, 1, 100, test)
    )["c"]


@pytest.mark.parametrize(
    ("fields", "ours", "agreement"),
    [
        ({"value": '"12"', "of": "178"}, 12, "exact"),
        ({"value": '"166"', "of": "178", "counts": "right"}, 166, "exact"),
        ({"value": '"13"', "of": "178"}, 12, "reproduced"),  # the tolerance is one case
        ({"value": '"14"', "of": "178"}, 12, "differs"),
        (
            {"value": '"6"', "of": "89"},
            6,
            "unclear",
        ),  # of other cases than the split tests
        ({"at_most": '"12"', "of": "178"}, 12, "exact"),
        ({"at_least": '"3"', "at_most": '"5"', "of": "178"}, 12, "differs"),
        ({"at_most": '"11"', "of": "178"}, 12, "reproduced"),
        ({"below": '"11"', "of": "178"}, 12, "unclear"),
    ],
)
def test_counts_on_the_papers_split(
    tmp_path: Path, fields: dict[str, str], ours: float, agreement: str
) -> None:
    """12 of 178 wrong here."""
    row = one_split(tmp_path, 166 / 178, splits="same", **fields)
    assert row["ours"] == pytest.approx(ours)
    assert row["agreement"] == agreement


@pytest.mark.parametrize(
    ("fields", "agreement"),
    [
        ({"value": '"9"'}, "reproduced"),  # + 2/3, within one case; nothing was cut off
        ({"value": '"10"'}, "reproduced"),  # - 1/3
        ({"value": '"9.6"'}, "exact"),  # a mean with decimals may be cut off
        ({"value": '"9.7"'}, "exact"),
        ({"value": '"9"', "repeats": "3"}, "exact"),  # so may a mean over repeats
        ({"at_most": '"9"'}, "reproduced"),
    ],
)
def test_a_whole_count_is_not_cut_off(
    tmp_path: Path, fields: dict[str, str], agreement: str
) -> None:
    """9, 10 and 10 of 60 wrong in three repeats on the paper's splits: 9.667."""
    folds = folds_of(3, 1, 100, 60)
    row = of_accuracies(
        tmp_path,
        [[51 / 60], [50 / 60], [50 / 60]],
        folds,
        **COUNT,
        of="60",
        splits="same",
        **fields,
    )
    assert row["ours"] == pytest.approx(29 / 3)
    assert row["agreement"] == agreement


def test_folds_of_other_sizes_count_their_cases(tmp_path: Path) -> None:
    """1 of 2 and 3 of 6 wrong, each repeat: 4 of 8, not the mean of shares times 8."""
    folds = sparse(
        [
            {
                "dataset": "toy",
                "repeat": r,
                "fold": f,
                "train_rows": 8 - n,
                "test_rows": n,
                "rows_sha256": f"{r}{f}",
            }
            for r in range(3)
            for f, n in enumerate((2, 6))
        ],
        frames.FOLDS,
    )
    row = of_accuracies(
        tmp_path,
        [[1.0, 0.5], [0.5, 2 / 3], [1.0, 0.5]],
        folds,
        **COUNT,
        value='"3"',
        of="8",
    )
    assert row["ours"] == pytest.approx(3.0)


def test_exact_intervals_of_two_counts(tmp_path: Path) -> None:
    """12 of 178 here, 30 of 200 elsewhere: Clopper and Pearson's ends of both, Newcombe's sum of squares."""
    a, b = 12 / 178, 30 / 200
    a_ends = beta.ppf(0.025, 12, 167), beta.ppf(0.975, 13, 166)
    b_ends = beta.ppf(0.025, 30, 171), beta.ppf(0.975, 31, 170)
    low, high = exact_difference((12, 178), (30, 200))
    assert low == pytest.approx(a - b - np.hypot(a - a_ends[0], b_ends[1] - b))
    assert high == pytest.approx(a - b + np.hypot(a_ends[1] - a, b - b_ends[0]))
    row = one_split(
        tmp_path,
        166 / 178,
        splits="other_sample",
        value='"30"',
        of="200",
        tolerance="20",
    )
    assert (row["low_refute"], row["high_refute"]) == pytest.approx(
        (200 * low, 200 * high)
    )
    assert (row["agreement"], row["p"]) == ("unclear", 1.0)
    found = one_split(
        tmp_path,
        166 / 178,
        splits="other_sample",
        value='"30"',
        of="200",
        tolerance="0.001",
    )
    high = exact_difference((12, 178), (30, 200), level=1 - found["p"])[1]
    assert 200 * high == pytest.approx(-0.001, abs=1e-6)
    assert (
        one_split(tmp_path, 166 / 178, splits="other_sample", value='"60"', of="200")[
            "agreement"
        ]
        == "differs"
    )


@pytest.mark.parametrize(
    ("fields", "agreement", "said"),
    [
        (
            {"value": '"30"', "of": "200", "tolerance": "20"},
            "unclear",
            IntervalOpen("crossing", "lower"),
        ),
        ({"value": '"13"', "of": "178"}, "consistent", IntervalOpen("equal", "lower")),
        ({"value": '"60"', "of": "200"}, "differs", OutsideTolerance("lower")),
        (
            {"value": '"13"', "of": "178", "tolerance": "30"},
            "reproduced",
            BinomialErrors(),
        ),
        (
            {"at_least": '"30"', "of": "200", "tolerance": "20"},
            "unclear",
            RangeOpen("lower"),
        ),
    ],
)
def test_a_value_of_other_cases_is_no_range(
    tmp_path: Path, fields: dict[str, str], agreement: str, said: Statement
) -> None:
    """12 of 178 wrong here, on one test set."""
    row = one_split(tmp_path, 166 / 178, splits="other_sample", **fields)
    assert (row["agreement"], row["reasons"][0]) == (agreement, said)


def predicted(p: list[float], truth: list[str]) -> pl.DataFrame:
    rows = [
        {
            "dataset": "toy",
            "family": "lda",
            "variant": "plain",
            "repeat": 0,
            "fold": 0,
            "side": "test",
            "row": i,
        }
        | {"truth": true, "label": "b" if one >= 0.5 else "a", "p": [1 - one, one]}
        for i, (one, true) in enumerate(zip(p, truth, strict=True))
    ]
    return sparse(rows, frames.CLASSIFICATION)


@pytest.mark.parametrize(
    ("fields", "ours"),
    [
        ({"kind": "count", "counts": "true_positives", "value": '"2"', "of": "5"}, 2),
        (
            {
                "kind": "count",
                "counts": "false_positives",
                "value": '"1"',
                "of": "5",
                "cutoff": "0.3",
            },
            1,
        ),
        (
            {
                "kind": "count",
                "counts": "true_negatives",
                "value": '"1"',
                "of": "5",
                "cutoff": "0.7",
            },
            2,
        ),
        (
            {
                "kind": "count",
                "counts": "wrong",
                "value": '"2"',
                "of": "5",
                "cutoff": "0.9",
            },
            2,
        ),
        (
            {"kind": "value", "value": '"0.80"', "unit": "fraction", "cutoff": "0.3"},
            0.8,
        ),
        ({"kind": "range", "above": '"0.5"', "unit": "fraction", "cutoff": "0.9"}, 0.6),
    ],
)
def test_a_cutoff_decides_the_labels_again(
    tmp_path: Path, fields: dict[str, str], ours: float
) -> None:
    """Positives (b) at .35, .6, .95, negatives at .2, .4: by hand at each cutoff."""
    predictions = predicted([0.35, 0.6, 0.95, 0.2, 0.4], ["b", "b", "b", "a", "a"])
    study = a_study(
        tmp_path,
        text(**(fields | {"tolerance": "0.4"}), splits="same"),
        resampling=FIXED,
    )
    scores, folds = scores_of_arrays({"lda": [[0.6]]}), folds_of(1, 1, 90, 5)
    empty = frames.empty
    row = verdicts(
        study, tables_of(), folds, scores, empty(_estimates()), empty(frames.FAILURES), predictions
    ).row(0, named=True)  # fmt: skip
    assert row["ours"] == pytest.approx(
        ours if fields.get("cutoff") != "0.9" or fields["kind"] != "count" else 2
    )


def _estimates() -> dict[str, Any]:
    from bench.core.comparisons import ESTIMATES

    return ESTIMATES


@pytest.mark.parametrize(
    ("fields", "key", "code"),
    [
        ({"kind": "range"}, "kind", "problem.claim.range.no_end"),
        ({"kind": "range", "above": '"95"'}, "unit", "problem.claim.no_unit"),
        ({"kind": "range", "above": '"195"', "unit": "percent"}, "above", "problem.claim.outside"),
        ({"kind": "range", "above": '"95"', "at_least": '"95"'}, "above", "problem.claim.range.two_ends"),
        ({"kind": "range", "above": '"95"', "at_most": '"90"', "unit": "percent"}, "at_most", "problem.out_of_range"),
        ({"kind": "count", "of": "10"}, "value", "problem.claim.range.no_end"),
        ({"kind": "count", "of": "10", "value": '"11"'}, "value", "problem.claim.count.whole"),
        ({"kind": "count", "of": "10", "value": '"1"', "unit": "percent"}, "unit", "problem.claim.count.unit"),
        ({"kind": "count", "of": "10", "value": '"1"', "cutoff": "1.5"}, "cutoff", "problem.out_of_range"),
        ({"kind": "cuont", "of": "10", "value": '"1"'}, "kind", "problem.unknown_word"),
    ],
)  # fmt: skip
def test_mistakes(tmp_path: Path, fields: dict[str, str], key: str, code: str) -> None:
    assert (key, code) in faults(tmp_path, text(**fields)), faults(
        tmp_path, text(**fields)
    )


def test_words() -> None:
    assert ClaimedRange("95", None).words == "at least 95"
    assert ClaimedRange("3", "5", without_highest=True).words == "at least 3, below 5"
    assert ClaimedRange(None, "2").nearest(9) == "2"


@pytest.mark.parametrize("family", ["lda", "random_forest"])
def test_ten_seeds_on_one_split_are_one_set_of_cases(
    tmp_path: Path, family: str
) -> None:
    """20 of 40 wrong here, on ten runs: of other cases it is open, of another sample both counts are binomial."""
    scores = scores_of_arrays(
        {
            family: np.full((10, 1), 0.5)
            + (family != "lda") * around(0.0, 0.001, folds=1)
        }
    )
    folds = folds_of(10, 1, 80, 40, same=True)
    for splits, of, agreement in (
        ("unknown", 120, "unclear"),
        ("other_sample", 40, "consistent"),
    ):
        fields = COUNT | {
            "family": family,
            "value": '"18"',
            "of": str(of),
            "splits": splits,
        }
        row = judge(a_study(tmp_path, text(**fields), resampling=FIXED), scores, folds)[
            "c"
        ]
        assert row["agreement"] == agreement
        assert has(row, OtherCases if splits == "unknown" else BinomialErrors)
