"""Roles, classes, the positive class, and everything that is refused before a fit."""

from __future__ import annotations

import polars as pl
import pytest

from bench.core import frames
from bench.core.errors import DataError, IncompatibleDataError

Y = ["a", "b", "a", "b"]
X = [1.0, 2.0, 3.0, 4.0]


def test_the_frames_have_their_schemas_and_raw_row_numbers(clean):
    done = clean(
        {"x": ["1", "2", "", "4"], "k": ["u", None, "v", "u"], "y": Y},
        title="Toy",
        missing=[""],
    )
    frames.checked(done.table, frames.TABLES)
    frames.checked(done.log, frames.CLEANING)
    assert done.frame.schema == {
        "row": pl.Int64,
        "x": pl.Float64,
        "k": pl.Enum(["u", "v"]),
        "y": pl.Enum(["a", "b"]),
    }
    assert done.frame["row"].to_list() == [0, 1, 2, 3]
    assert done.types == {"x": "numeric", "k": "categorical", "y": "categorical"}
    row = done.table.row(0, named=True)
    assert (row["title"], row["source"], row["rows"], row["features"]) == (
        "Toy",
        "csv: file data.csv",
        4,
        2,
    )
    assert (row["classes"], row["positive"], row["draws"]) == (["a", "b"], "b", 0)


def test_missing_tokens_are_logged(clean):
    done = clean({"x": ["1", "?", "3", " ? "], "y": Y}, missing=["?"])
    assert done.frame["x"].to_list() == [1.0, None, 3.0, None]
    assert done.log.select("step", "parameters", "cells_changed", "example").row(0) == (
        "missing", '["?"]', 2, 'x, row 2: "?" -> missing',
    )  # fmt: skip


def test_tokens_that_a_text_step_brings_to_light_are_missing_too(clean):
    done = clean(
        {"k": ["1", "-999 kg", "2 kg", "3"], "y": Y},
        ({"parse_numbers": {"columns": ["k"], "suffixes": ["kg"]}},),
        missing=["-999"],
    )
    assert done.frame["k"].to_list() == [1, None, 2, 3]
    assert done.log["step"].to_list() == ["missing", "parse_numbers", "missing"]


def test_a_raw_column_called_row_is_renamed_and_logged(clean):
    done = clean({"row": [9.0, 8, 7, 6], "y": Y})
    assert done.frame.columns == ["row", "row_", "y"]
    assert done.frame["row_"].to_list() == [9, 8, 7, 6]
    assert done.log.select("step", "parameters").row(0) == ("rename", '{"row": "row_"}')
    with pytest.raises(
        IncompatibleDataError, match=r"there is no column row; did you mean row_\?"
    ):
        clean({"row": X, "x": X, "y": Y}, drop=["row"])


def test_last_is_the_last_column_unless_one_is_called_so(clean):
    assert clean({"x": X, "y": Y}).roles == {"x": "feature", "y": "target"}
    assert clean({"last": Y, "x": X}).roles == {"last": "target", "x": "feature"}
    source = {"kind": "csv", "files": ["a.csv", "b.csv"]}
    done = clean({"x": X, "y": Y, "file": ["a", "a", "b", "b"]}, source=source)
    assert done.roles == {"x": "feature", "y": "target", "file": "split"}
    # The word alone makes no extra column.
    assert clean({"file": X, "y": Y}).roles == {"file": "feature", "y": "target"}


def test_roles_by_declaration(clean):
    raw = {
        "g": X,
        "t": X,
        "f": ["1", "2", "1", "2"],
        "s": [0, 1, 0, 1],
        "d": X,
        "x": X,
        "z": X,
        "y": Y,
    }
    done = clean(raw, group="g", time="t", drop=["d"], split_columns=("s",))
    assert list(done.roles.values()) == [
        "group",
        "time",
        "feature",
        "split",
        "dropped",
        "feature",
        "feature",
        "target",
    ]
    assert done.types["g"] == "categorical"  # labels of groups are text as written
    assert done.frame["s"].cast(pl.String).to_list() == ["0", "1", "0", "1"]
    assert clean(raw, features=["x"]).columns("dropped") == [
        "g",
        "t",
        "f",
        "s",
        "d",
        "z",
    ]
    assert clean(raw, group="f", split_columns=("f",)).roles["f"] == "group"


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"target": "clas"}, r"there is no column clas; did you mean class\?"),
        ({"group": "patiant"}, r"there is no column patiant; did you mean patient\?"),
        ({"time": "zz"}, "there is no column zz; known: class, patient, x"),
        ({"drop": ["xx"]}, "there is no column xx"),
        ({"features": ["y"]}, "there is no column y"),
        (
            {"types": {"patientt": "numeric"}},
            r"there is no such column; did you mean patient\?",
        ),
        ({"drop": ["class"]}, "class cannot be dropped: it is target already"),
        ({"group": "class"}, "class cannot be group: it is target already"),
        (
            {"features": ["patient"], "group": "patient"},
            "patient cannot be feature: it is group already",
        ),
    ],
)
def test_columns_that_do_not_exist_or_play_two_parts(clean, spec, words):
    with pytest.raises(IncompatibleDataError, match=words) as caught:
        clean({"patient": X, "x": X, "class": Y}, **{"target": "class"} | spec)
    assert caught.value.path[0] == "datasets"
    if "there is no" in words:
        assert caught.value.path[2] == next(iter(spec))


def test_the_protocols_columns_must_exist(clean):
    with pytest.raises(
        IncompatibleDataError, match=r"there is no column foldd; did you mean fold\?"
    ):
        clean({"fold": X, "x": X, "y": Y}, split_columns=("foldd",))


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (["10", "9", "-1", "10"], ["-1", "9", "10"]),
        (["b", "10", "9", "b"], ["10", "9", "b"]),
        (["NA", "None", "nan", "NA"], ["NA", "None", "nan"]),
        ([2, 10, 2, 10], ["2", "10"]),
        ([1.0, 0.0, 1.0, 0.0], ["0", "1"]),
        ([True, False, True, True], ["false", "true"]),
        (["007", "1", "007", "1"], ["1", "007"]),
    ],
)
def test_class_order(clean, labels, classes):
    done = clean({"x": X, "y": labels})
    assert done.table["classes"][0].to_list() == classes
    assert done.frame.schema["y"] == pl.Enum(classes)


def test_a_declared_order_of_classes_stands(clean):
    done = clean(
        {"x": X, "y": ["low", "high", "low", "mid"]},
        types={"y": {"ordinal": ["low", "mid", "high"]}},
    )
    assert done.table["classes"][0].to_list() == ["low", "mid", "high"]


@pytest.mark.parametrize(
    "labels",
    [["0", "0.0", "1", "1"], ["'0'", "0", "1", "1"], ["yes", "yes ", "no", "no"]],
)
def test_labels_that_look_like_one_are_refused(clean, labels):
    with pytest.raises(DataError, match="look like one label"):
        clean({"x": X, "y": labels})


@pytest.mark.parametrize(
    ("labels", "declared", "positive"),
    [
        (["a", "b", "b", "b"], None, "a"),
        (["a", "a", "a", "b"], None, "b"),
        (Y, None, "b"),
        (["a", "b", "b", "b"], "b", "b"),
        (["a", "b", "c", "b"], None, None),
    ],
)
def test_positive_class(clean, labels, declared, positive):
    assert (
        clean({"x": X, "y": labels}, positive=declared).table["positive"][0] == positive
    )


def test_wrong_positive_classes(clean):
    with pytest.raises(
        IncompatibleDataError, match=r"malignent is no class; did you mean malignant\?"
    ):
        clean({"x": X, "y": ["malignant", "benign"] * 2}, positive="malignent")
    with pytest.raises(IncompatibleDataError, match="there are 3 classes"):
        clean({"x": X, "y": ["a", "b", "c", "a"]}, positive="a")
    with pytest.raises(DataError, match="regression has no positive class"):
        clean({"x": X, "y": X}, task="regression", positive="1")


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_missing_targets_are_refused_with_rows_unless_dropped(clean, task):
    raw = {"x": [1.0, 2, 3, 4, 5, 6], "y": ["1", None, "2", None, "1", "2"]}
    with pytest.raises(DataError, match="column y is missing in rows 2 and 4"):
        clean(raw, task=task)
    assert clean(raw, ({"drop_missing": {"columns": ["y"]}},), task=task).frame[
        "row"
    ].to_list() == [0, 2, 4, 5]


def test_regression_targets_are_finite_numbers(clean):
    with pytest.raises(
        DataError, match="column y is declared numeric, but holds 'b' in row 2"
    ):
        clean({"x": X, "y": ["1", "b", "2", "3"]}, task="regression")
    with pytest.raises(DataError, match="column y is infinite in row 3"):
        clean({"x": X, "y": [1.0, 2.0, float("inf"), 3.0]}, task="regression")
    with pytest.raises(DataError, match="column y is missing in row 3"):
        clean({"x": X, "y": [1.0, 2.0, float("nan"), 3.0]}, task="regression")


def test_what_cannot_be_fitted_is_refused(clean):
    with pytest.raises(DataError, match=r"one class only \(a\)"):
        clean({"x": X, "y": ["a"] * 4})
    with pytest.raises(DataError, match="no feature is left"):
        clean({"x": X, "y": Y}, drop=["x"])
    with pytest.raises(DataError, match="no feature is left"):
        clean({"y": Y})
    with pytest.raises(DataError, match="3 rows left; at least 4"):
        clean({"x": X[:3], "y": Y[:3]})
    with pytest.raises(DataError, match="column g is missing in row 2"):
        clean({"x": X, "g": ["u", None, "u", "v"], "y": Y}, group="g")
    with pytest.raises(DataError, match="time: column t is text"):
        clean({"x": X, "t": ["u", "v", "w", "x"], "y": Y}, time="t")


def test_dates_are_no_features(clean):
    raw = {"day": ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"], "y": Y}
    with pytest.raises(
        DataError, match=r"column day holds dates.*EXTRACT\(YEAR FROM day\)"
    ):
        clean(raw)
    assert clean({**raw, "x": X, "z": Y}, drop=["day"]).types["day"] == "date"
    with pytest.raises(DataError, match="holds dates"):
        clean(pl.DataFrame(raw).with_columns(pl.col("day").str.to_datetime()))


def test_nominal_columns_of_a_file_stay_categories(clean):
    raw = pl.DataFrame(
        {"k": ["1", "2", "1", "2"], "x": ["1", "2", "3", "4"], "y": Y}
    ).with_columns(pl.col("k").cast(pl.Enum(["1", "2"])))
    assert clean(raw).types == {"k": "categorical", "x": "numeric", "y": "categorical"}
    assert (
        clean(raw, types={"k": "numeric", "x": "categorical"}).types["k"] == "numeric"
    )


def test_categories_that_are_gone_are_forgotten(clean):
    raw = {"k": ["u", "v", "w", "u", "u"], "y": [*Y, "c"]}
    done = clean(raw, ({"where": "k <> 'w'"},))
    assert done.frame.schema["k"] == pl.Enum(["u", "v"])
    assert done.table["classes"][0].to_list() == ["a", "b", "c"]


def test_a_table_of_scores_is_typed_and_has_no_roles(clean):
    raw = {
        "d": ["1", "1", "2"],
        "m": ["a", "b", "a"],
        "auc": ["0.9", "0.8", "0.7"],
        "note": ["x", "y", "z"],
    }
    spec = {
        "scores": {"dataset": "d", "family": "m", "value": "auc"},
        "metric": "roc_auc",
    }
    done = clean(raw, task=None, **spec)
    assert done.roles == {}
    assert done.types == {
        "d": "categorical",
        "m": "categorical",
        "auc": "numeric",
        "note": "categorical",
    }
    with pytest.raises(DataError, match="column auc is missing in row 2"):
        clean({**raw, "auc": ["0.9", None, "0.7"]}, task=None, **spec)
    with pytest.raises(
        IncompatibleDataError, match=r"there is no column acu; did you mean auc\?"
    ):
        clean(
            raw,
            task=None,
            scores={"dataset": "d", "family": "m", "value": "acu"},
            metric="roc_auc",
        )


def test_simulated_draws_have_a_role(read, clean):
    source = {
        "kind": "synthetic",
        "name": "noise",
        "rows": 20,
        "columns": 3,
        "draws": 2,
        "test_rows": 4,
    }
    done = clean(read(**source), source=source, target="target")
    assert (done.roles["draw"], done.roles["split"]) == ("draw", "split")
    assert done.table["draws"][0] == 2


def test_the_fingerprint_is_of_content_alone(clean):
    raw = {"x": ["1", "2", "3", "4"], "k": ["u", "v", "u", "v"], "y": Y}

    def mark(**spec):
        return clean(spec.pop("raw", raw), **spec).table["fingerprint"][0]

    assert mark() == mark(title="another title")
    assert mark() == mark(raw={**raw, "x": X})
    others = [
        mark(drop=["k"]),
        mark(positive="a"),
        mark(group="k"),
        mark(types={"x": "categorical"}),
        mark(types={"k": {"ordinal": ["u", "v"]}}),
        mark(raw={**raw, "x": ["1", "2", "3", "5"]}),
        mark(raw={"k": raw["k"], "x": raw["x"], "y": Y}),
    ]
    assert len({mark(), *others}) == 8
