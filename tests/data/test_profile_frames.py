"""The profile: numbers by hand, against numpy, and the same whatever the number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.core import frames
from bench.core.outcomes import Statement, decoded
from bench.data.hints import group_like, time_like
from bench.data.profile import correlations, pearson, profile
from bench.data.shapes import BINS, box, histogram, round_edges
from bench.text import remarks


def remarks_of(made: dict[str, pl.DataFrame]) -> dict[tuple[str, str | None], int]:
    return {
        (r["code"], r["column"]): r["count"]
        for r in made["remarks"].iter_rows(named=True)
    }


def test_the_frames_are_those_of_the_schema(clean):
    done = clean(
        {"x": [1.0, 2, 3, 4], "k": ["u", "v", "u", None], "y": ["a", "b", "a", "b"]}
    )
    made = profile("toy", done, "classification")
    assert list(made) == list(frames.PROFILE)
    for key, schema in frames.PROFILE.items():
        frames.checked(made[key], schema, key)


def test_columns_by_hand(clean):
    raw = {
        "x": [1.0, 2, None, 5],
        "k": ["u", "v", "u", None],
        "d": ["p", "p", "q", "r"],
        "y": ["a", "b", "a", "b"],
    }
    made = profile("toy", clean(raw, drop=["d"]), "classification")["columns"]
    assert made.row(0) == (
        "toy",
        "x",
        "feature",
        "numeric",
        4,
        1,
        3,
        2.66666666667,
        2.08166599947,
        1.0,
        5.0,
        "1",
    )
    assert made.row(1) == (
        "toy",
        "k",
        "feature",
        "categorical",
        4,
        1,
        2,
        None,
        None,
        None,
        None,
        "u",
    )
    assert made["role"].to_list() == ["feature", "feature", "dropped", "target"]


@pytest.mark.parametrize(
    ("low", "high", "whole", "edges"),
    [
        (1, 3, True, [1, 2, 3, 4]),
        (0, 29, True, list(range(31))),
        (0, 30, True, list(range(0, 33, 2))),
        (0, 100, True, list(range(0, 106, 5))),
        (5, 5, True, [5, 6]),
        (0.0, 3.0, False, [round(i * 0.1, 1) for i in range(31)]),
        (3.7, 3.7, False, [3, 4]),
        (0.3, 3.3, False, [round(0.3 + i * 0.1, 1) for i in range(31)]),
        (-0.05, 0.05, False, [round(i * 0.005 - 0.05, 3) for i in range(21)]),
        (0.0, 0.0, False, [0, 1]),
    ],
)
def test_edges_are_round(low, high, whole, edges):
    assert round_edges(low, high, whole) == edges


@settings(max_examples=200)
@example([1e-12], False)
@example([1e308, -1e308], False)
@example([5e-324], False)
@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=50),
    st.booleans(),
)
def test_edges_cover_any_numbers_in_few_bins(values, round_them):
    if round_them:
        values = [float(round(v)) if abs(v) < 1e15 else v for v in values]
    rows = histogram(pl.Series("x", values), None)
    assert 1 <= len(rows) <= BINS
    assert rows[0]["low"] <= min(values)
    assert rows[-1]["high"] >= max(values)
    assert sum(r["count"] for r in rows) == len(values)
    assert all(a["high"] == b["low"] for a, b in pairwise(rows))


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e6])
def test_histograms_agree_with_numpy(scale):
    values = np.random.default_rng(3).standard_normal(10_000) * scale
    rows = histogram(pl.Series("x", values), None)
    edges = [r["low"] for r in rows] + [rows[-1]["high"]]
    assert [r["count"] for r in rows] == np.histogram(values, edges)[0].tolist()


def test_values_on_an_edge_belong_to_the_bin_above():
    rows = histogram(pl.Series("x", [0.0, 0.3, 0.3, 3.0, 0.1 + 0.2]), None)
    assert {r["low"]: r["count"] for r in rows if r["count"]} == {
        0.0: 1,
        0.3: 3,
        2.9: 1,
    }


def test_histograms_by_class_add_up_and_have_every_bin():
    values = pl.Series("x", [1.0, 1, 2, 3, None])
    classes = pl.Series("y", ["a", "b", "a", "a", "b"], dtype=pl.Enum(["b", "a"]))
    rows = [(r["class"], r["low"], r["count"]) for r in histogram(values, classes)]
    assert rows == [
        (None, 1, 2), (None, 2, 1), (None, 3, 1),
        ("b", 1, 1), ("b", 2, 0), ("b", 3, 0), ("a", 1, 1), ("a", 2, 1), ("a", 3, 1),
    ]  # fmt: skip


def test_rare_categories_are_gathered(clean):
    words = [f"w{i:02d}" for i in range(25) for _ in range(30 - i)]
    raw = {
        "k": words,
        "o": (["lo", "hi", "mid"] * 200)[: len(words)],
        "y": (["a", "b"] * 500)[: len(words)],
    }
    done = clean(raw, types={"o": {"ordinal": ["lo", "mid", "hi"]}})
    made = profile("toy", done, "classification")["histograms"].filter(
        pl.col("class").is_null()
    )
    rows = made.filter(pl.col("column") == "k")
    assert rows["label"].to_list() == [f"w{i:02d}" for i in range(20)] + ["(other)"]
    assert rows["count"].to_list() == [30 - i for i in range(20)] + [10 + 9 + 8 + 7 + 6]
    assert made.filter(pl.col("column") == "o")["label"].to_list() == [
        "lo",
        "mid",
        "hi",
    ]


def test_box_by_hand():
    made = box(pl.Series("x", [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 100, None]))
    assert made == {
        "low_whisker": 1, "q1": 3.25, "median": 5.5, "q3": 7.75,
        "high_whisker": 9, "outliers": 1, "outlier_values": [100],
    }  # fmt: skip


def test_boxes_agree_with_numpy_and_show_at_most_fifty_outliers():
    values = np.random.default_rng(4).standard_cauchy(3_000)
    made = box(pl.Series("x", values))
    q1, median, q3 = np.percentile(values, [25, 50, 75])
    assert (made["q1"], made["median"], made["q3"]) == pytest.approx(
        (q1, median, q3), rel=1e-12
    )
    reach = 1.5 * (q3 - q1)
    beyond = np.sort(values[(values < q1 - reach) | (values > q3 + reach)])
    assert made["outliers"] == len(beyond)
    assert len(made["outlier_values"]) == 50
    assert (made["outlier_values"][0], made["outlier_values"][-1]) == (
        beyond[0],
        beyond[-1],
    )
    assert set(made["outlier_values"]) <= set(beyond)


def test_boxes_by_class_and_of_a_regression_target(clean):
    raw = {"x": [1.0, 2, 3, 4], "k": ["u", "v", "u", "v"], "y": ["a", "b", "a", "b"]}
    made = profile("toy", clean(raw), "classification")["boxes"]
    assert made.select("column", "class", "median").rows() == [
        ("x", None, 2.5),
        ("x", "a", 2.0),
        ("x", "b", 3.0),
    ]
    made = profile(
        "toy", clean({**raw, "y": [5.0, 6, 7, 9]}, task="regression"), "regression"
    )
    assert made["boxes"].select("column", "class", "median").rows() == [
        ("x", None, 2.5),
        ("y", None, 6.5),
    ]
    assert set(made["histograms"]["column"]) == {"x", "k", "y"}
    assert made["classes"].height == 0


def test_correlations_agree_with_numpy_and_are_pairwise_complete():
    rng = np.random.default_rng(5)
    x = rng.standard_normal((500, 4)) @ rng.standard_normal((4, 4)) + 1e6
    x[rng.random(x.shape) < 0.1] = np.nan
    frame = pl.DataFrame(x, schema=list("abcd")).fill_nan(None)
    r = pearson(frame, list("abcd"))
    for i in range(4):
        for j in range(4):
            both = ~np.isnan(x[:, i]) & ~np.isnan(x[:, j])
            assert r[i, j] == pytest.approx(
                np.corrcoef(x[both, i], x[both, j])[0, 1], abs=1e-9
            )


def test_correlations_of_huge_tiny_and_constant_columns():
    frame = pl.DataFrame(
        {
            "a": [1e300, 2e300, 3e300],
            "b": [3e-300, 2e-300, 1e-300],
            "c": [7.1, 7.1, 7.1],
        }
    )
    np.testing.assert_array_equal(
        pearson(frame, list("abc")), [[1, -1, np.nan], [-1, 1, np.nan], [np.nan] * 3]
    )


def test_alike_columns_stand_side_by_side():
    rng = np.random.default_rng(6)
    first, second = rng.standard_normal((2, 300))
    near = 0.1 * rng.standard_normal((2, 300))
    frame = pl.DataFrame(
        {"a1": first, "b1": second, "a2": -first + near[0], "b2": second + near[1]}
    )
    rows = pl.DataFrame(correlations(frame, frame.columns))
    order = rows.filter(pl.col("j") == 0).sort("i")["a"].to_list()
    assert {frozenset(order[:2]), frozenset(order[2:])} == {
        frozenset({"a1", "a2"}),
        frozenset({"b1", "b2"}),
    }
    assert rows.height == 16
    assert rows.filter(pl.col("i") == pl.col("j"))["r"].to_list() == [1.0] * 4


def seen(made: dict[str, pl.DataFrame], code: str) -> list[Statement]:
    """The statements of the remarks with this code."""
    rows = made["remarks"].filter(pl.col("code") == code)
    return [statement for details in rows["details"] for statement in decoded(details)]


def test_ordinary_columns_give_no_remarks(clean):
    rng = np.random.default_rng(7)
    raw = {
        "x": rng.standard_normal(300),
        "n": rng.integers(0, 50, 300),
        "k": rng.choice(list("uvw"), 300),
    }
    done = clean({**raw, "y": rng.choice(["a", "b"], 300)})
    assert remarks_of(profile("toy", done, "classification")) == {}


def test_remarks_find_what_is_planted(clean):
    rng = np.random.default_rng(8)
    n = 400
    texts = [str(v) for v in rng.integers(0, 90, n)]
    texts[3] = texts[17] = texts[200] = "?"
    raw = {
        "number": [str(i + 500) for i in range(n)],
        "code": [f"c{i}" for i in range(n)],
        "patient": [f"p{i // 4}" for i in range(n)],
        "year": [str(2000 + i // 40) for i in range(n)],
        "joined_year": [str(2020 + i % 2) for i in range(n)],
        "joined_month": [str(1 + i % 12) for i in range(n)],
        "constant": ["1"] * n,
        "empty": [None] * n,
        "gaps": [None if i % 2 else "1.5" if i % 4 else "2" for i in range(n)],
        "disguised": texts,
        "level": [f"l{v}" for v in rng.integers(0, 60, n)],
        "spelt": [("Rome", "rome", "Oslo", "Oslo ")[v] for v in rng.integers(0, 4, n)],
        "y": ["rare"] * 7 + ["common"] * (n - 7),
    }
    found = remarks_of(profile("toy", clean(raw), "classification"))
    expected = {
        ("id_like", "number"): n, ("id_like", "code"): n, ("possible_group", "patient"): 100,
        ("possible_time", "year"): 10, ("constant", "constant"): n, ("all_missing", "empty"): n,
        ("missing", "gaps"): 200,
        ("near_numeric", "disguised"): 3, ("high_cardinality", "level"): 60, ("alike", "spelt"): 4,
        ("tiny_class", "y"): 7, ("imbalance", "y"): 7, ("missing_rows", None): n,
    }  # fmt: skip
    for key, count in expected.items():
        assert found.get(key) == count, key
    assert ("possible_time", "joined_month") not in found  # a part of a date
    (statement,) = seen(profile("toy", clean(raw), "classification"), "near_numeric")
    assert statement == remarks.NearNumeric("disguised", ("?",), 3, known=True)


def test_duplicates_and_conflicts_are_counted_exactly(clean):
    raw = {
        "a": [1.0, 1, 1, 2, None, None, 3],
        "k": ["u", "u", "u", "v", "u", "u", "w"],
        "y": ["a", "a", "b", "a", "b", "b", "a"],
    }
    found = remarks_of(profile("toy", clean(raw), "classification"))
    assert found[("duplicates", None)] == 2
    assert found[("conflicting_labels", None)] == 3


def test_what_is_remarked_fits_any_kind_of_split(clean):
    """A hold-out study has no folds, and one row repeats."""
    raw = {
        "a": [float(i) for i in range(30)] + [0.0],
        "y": ["rare"] * 7 + ["common"] * 23 + ["rare"],
    }
    made = profile("toy", clean(raw), "classification")
    assert seen(made, "duplicates") == [remarks.Duplicates(1)]
    assert seen(made, "tiny_class") == [remarks.TinyClass("rare", 8)]


def test_what_is_too_much_to_draw_is_said(clean, read):
    source = {"kind": "synthetic", "name": "noise", "rows": 40, "columns": 230}
    made = profile(
        "toy", clean(read(**source), source=source, target="target"), "classification"
    )
    assert made["columns"].height == 231
    assert made["boxes"]["column"].n_unique() == 200
    assert made["correlations"].height == 3600
    notes = made["remarks"].filter(pl.col("code") == "left_out")
    assert notes["count"].to_list() == [30, 170]
    assert {("wide", None), ("few_rows", None)} <= set(remarks_of(made))


def test_many_classes_are_not_split(clean):
    raw = {"x": list(np.arange(33.0)), "y": [f"c{i % 11}" for i in range(33)]}
    made = profile("toy", clean(raw), "classification")
    assert made["boxes"]["class"].to_list() == [None]
    assert made["classes"].height == 11


SCRIPT = """
import sys
import numpy as np, polars as pl
from pathlib import Path
from bench.data.clean import clean_table
from bench.data.hints import group_like, time_like
from bench.data.profile import profile
from bench.data.table import content_sha256
from bench.study.models import DatasetSpec
rng = np.random.default_rng(1)
n = 200_000
raw = pl.DataFrame({f"x{j}": rng.standard_cauchy(n) for j in range(5)})
raw = raw.with_columns(k=pl.Series(rng.choice(list("uvwxyz"), n)), y=pl.Series(rng.choice(["a", "b"], n)))
spec = DatasetSpec.model_validate({"source": {"kind": "csv", "file": "f"}, "target": "y"})
clean = clean_table("toy", raw, spec, ("drop_duplicates",), "classification")
made = profile("toy", clean, "classification")
lists = pl.selectors.by_dtype(pl.List(pl.Float64)).list.eval(pl.element().cast(pl.String)).list.join(" ")
print(clean.table["fingerprint"][0], [content_sha256(f.with_columns(lists)) for f in made.values()])
"""


def test_the_same_bytes_with_one_and_with_more_threads():
    def run(threads: str) -> str:
        env = dict(
            os.environ,
            POLARS_MAX_THREADS=threads,
            OMP_NUM_THREADS=threads,
            PYTHONPATH=os.pathsep.join(sys.path),
        )
        root = Path(__file__).parents[2]
        return subprocess.run(
            [sys.executable, "-c", SCRIPT],
            capture_output=True,
            text=True,
            env=env,
            cwd=root,
            check=True,
        ).stdout

    assert run("1") == run("3")


def test_words_that_are_no_tokens_are_not_called_missing(clean):
    raw = {"doors": (["2", "3", "4"] * 4 + ["5more"]) * 3, "y": (["a", "b", "a"] * 13)}
    (statement,) = seen(profile("toy", clean(raw), "classification"), "near_numeric")
    assert statement == remarks.NearNumeric("doors", ("5more",), 3, known=False)


def test_duplicates_are_rows_with_equal_features_whatever_their_target(clean):
    """Rows 0 and 2 are equal but for the target, 1 and 3 wholly; missing values count as equal."""
    raw = {
        "a": [1.0, None, 1.0, None, 2.0],
        "b": ["x", "y", "x", "y", "y"],
        "t": ["p", "p", "q", "p", "p"],
    }
    made = profile("toy", clean(raw), "classification")
    assert made["duplicates"].rows() == [
        ("toy", 0, 0),
        ("toy", 2, 0),
        ("toy", 1, 1),
        ("toy", 3, 1),
    ]


def test_copies_and_designed_grids_are_remarked(clean):
    """A code of a text, a number on another scale; 24 rows of every combination of three columns."""
    rng = np.random.default_rng(1)
    sex, celsius = rng.choice(["f", "m"], 40), rng.normal(size=40).round(2)
    raw = {
        "sex": sex,
        "code": np.where(sex == "f", 2, 1),
        "celsius": celsius,
        "fahrenheit": celsius * 1.8 + 32,
    }
    made = profile("toy", clean(raw | {"y": ["a", "b"] * 20}), "classification")
    assert seen(made, "copy_of") == [
        remarks.CopyOf("code", "sex"),
        remarks.CopyOf("fahrenheit", "celsius"),
    ]
    rows = [(a, b, c) for a in (1, 2, 3) for b in "pq" for c in "uvwx"]
    a, b, c = zip(*rows, strict=True)
    made = profile(
        "toy", clean({"a": a, "b": b, "c": c, "y": ["a", "b"] * 12}), "classification"
    )
    assert seen(made, "designed_grid") == [remarks.DesignedGrid(3)]
    assert seen(made, "copy_of") == []


@pytest.mark.parametrize(
    ("name", "values", "is_time"),
    [
        ("Time", [6, 72, 30, 12, 60], False),
        ("acceptyear", [67, 74, 70, 68, 71], True),
        ("Year", [2001, 2005, 2003, 2002, 2004], True),
        ("Years", [1, 14, 3, 7, 9], False),
        ("month", [5, 9, 12, 1, 7], True),
        ("time", [0, 1, 2, 2, 5], True),
    ],
)
def test_a_time_is_told_by_name_and_form(name, values, is_time):
    assert time_like(pl.Series(name, values, dtype=pl.Float64), "numeric") is is_time


def test_a_group_is_told_by_name_and_repeats():
    rng = np.random.default_rng(2)
    birds = pl.Series("Individual ID", [f"N{i}" for i in rng.integers(0, 190, 344)])
    assert group_like(birds, "categorical")
    assert group_like(pl.Series("city", list("abcdefghij") * 8), "categorical")
    assert not group_like(
        pl.Series("patient age", np.arange(60) % 30, dtype=pl.Float64), "numeric"
    )
