"""What a table may do: each defect that was found (A), each data fault of the plan (D). All on small tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench import Project
from bench.cli.app import main
from bench.core.errors import BenchError, DataError
from bench.data.clean import Clean, clean_table
from bench.data.delimited import TextOptions, read_delimited
from bench.data.formats import read_as
from bench.data.profile import profile
from bench.project.first_look.guess import first_look
from bench.project.first_look.look import Wishes
from bench.project.first_look.written import writing
from bench.study.models import DatasetSpec
from bench.study.noted import StudyError

STUDY = """
title: t
task: classification
datasets:
  d:
    source: {kind: csv, file: data/t.csv}
    target: y
clean: null
preprocess: [impute, scale, encode]
protocol: {resampling: {kind: kfold, folds: 3}, tuning: null, seed: 0}
families: {baseline: {}, decision_tree: {}}
metrics: {primary: accuracy}
compare: null
diagnostics: {halves: null}
tolerance: null
claims: null
"""


def read(text: str | bytes, **options: Any) -> pl.DataFrame:
    """A CSV file as it is read."""
    raw = text if isinstance(text, bytes) else text.encode()
    return read_delimited(raw, TextOptions.model_validate(options), "t.csv")


def cleaned(
    raw: pl.DataFrame,
    task: Any = "classification",
    split: tuple[str, ...] = (),
    **spec: Any,
) -> Clean:
    """A table as it is cleaned, with the target y."""
    source = {"kind": "csv", "file": "t.csv"}
    stated = DatasetSpec.model_validate({"source": source, "target": "y", **spec})
    return clean_table("d", raw, stated, (), task, split_columns=split)


def rows(cells: Callable[[int], str], n: int = 40, header: str = "y,x,g") -> str:
    return "\n".join(
        [
            header,
            *(f"{'ab'[i // 2 % 2]},{i * 0.37 % 5:.3f},{cells(i)}" for i in range(n)),
        ]
    )


def remarks(clean: Clean, task: Any = "classification") -> set[tuple[str, str | None]]:
    return set(profile("d", clean, task)["remarks"].select("code", "column").rows())


# --- A01, D17: thousands points in a file of decimal commas


COMMAS = "x;y\n6,251;1.179\n2,252;933\n3,5;1.426,5\n1,25;1.000.001"


def test_a01_a_thousands_point_is_refused_unless_it_is_declared() -> None:
    with pytest.raises(DataError, match=r"column y holds '1\.179' in row 1"):
        read(COMMAS, separator=";", decimal=",")
    table = read(COMMAS, separator=";", decimal=",", thousands=".")
    assert table["y"].cast(pl.Float64).to_list() == [1179, 933, 1426.5, 1000001]
    assert table["x"].cast(pl.Float64).to_list() == [6.251, 2.252, 3.5, 1.25]


def test_a01_a_new_study_says_that_points_are_thousands() -> None:
    found = writing(COMMAS.encode(), "t.csv")
    assert (found["decimal"], found["thousands"]) == (",", ".")


def test_a01_other_points_are_left_alone() -> None:
    assert read("x;y\n1,5;0.125\n2,5;12.5", separator=";", decimal=",")[
        "y"
    ].to_list() == ["0.125", "12.5"]


# --- A03, D15: quotes that enclose nothing


@pytest.mark.parametrize(
    "text",
    [
        'y,size (")\n'
        + "\n".join(f"a,{i}{chr(34) if i == 20 else ''}" for i in range(40)),
        "y,size\n"
        + "\n".join(f"a,{i}{chr(34) if i in (3, 20) else ''}" for i in range(40)),
    ],
    ids=["header", "cells"],
)
def test_a03_a_quote_inside_a_cell_swallows_no_rows(text: str) -> None:
    table = read(text)
    assert table.height == 40 and table.row(20)[1] == '20"'


def test_a03_a_quote_that_is_never_closed_is_refused() -> None:
    with pytest.raises(DataError):
        read('a,b\n1,"2\n3,4\n')


# --- A04, A23, D11: labels that look like one


ALIKE = {
    "space": ("p3", "p3 "),
    "number": ("3", "3.0"),
    "quotes": ("p3", "'p3'"),
    "form": ("é", "e\u0301"),
    "width": ("p3", "ｐ3"),
    "unseen": ("p3", "p\u200b3"),
}


@pytest.mark.parametrize("pair", ALIKE.values(), ids=ALIKE)
@pytest.mark.parametrize("role", ["group", "split", "target"])
def test_a04_two_spellings_of_one_label_are_refused(
    role: str, pair: tuple[str, str]
) -> None:
    raw = read(rows(lambda i: (*pair, "q", "r")[i % 4]))
    spec: dict[str, Any] = {role: "g"} if role not in ("split", "target") else {}
    raw = raw.rename({"y": "z", "g": "y"}) if role == "target" else raw
    with pytest.raises(DataError, match="look like one label"):
        cleaned(raw, split=("g",) if role == "split" else (), **spec)


def test_a04_capitals_make_no_other_side_of_a_split() -> None:
    raw = read(rows(lambda i: ("train", "test", "Test")[i % 3]))
    with pytest.raises(DataError, match="look like one label"):
        cleaned(raw, split=("g",))


def test_a23_classes_and_groups_that_differ_in_capitals_are_remarked() -> None:
    raw = read(rows(lambda i: ("p", "P", "q")[i % 3])).with_columns(
        pl.col("y").replace("b", "A")
    )
    assert {("alike", "y"), ("alike", "g")} <= remarks(cleaned(raw, group="g"))


def test_groups_that_differ_in_capitals_are_a_serious_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rows of P3 and p3 may stand on both sides of a split that keeps groups; a check names them, too."""
    folder = tmp_path / "studies" / "d" / "data"
    folder.mkdir(parents=True)
    (tmp_path / "params.yaml").write_text("studies: [d]\n")
    lines = [f"{'Pp'[i % 2]}{i % 6},{i * 7 % 11},{'ab'[i % 3 % 2]}" for i in range(48)]
    (folder / "t.csv").write_text(
        "\n".join(["patient,x,y", *lines]).replace("P1", "p3")
    )
    study = STUDY.replace("target: y", "target: y\n    group: patient")
    study = study.replace("kind: kfold", "kind: group_kfold")
    (folder.parent / "study.yaml").write_text(
        study.replace("diagnostics: {halves: null}\n", "diagnostics: {}\n")
    )
    text = (folder / "t.csv").read_text()
    (folder / "t.csv").write_text(text.replace("p5", "P0").replace("P4", "p0"))
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 0
    assert "remark: " in (out := capsys.readouterr().out) and "patient has" in out
    result = Project(tmp_path).run("d", progress=False)
    found = result.findings.filter(code="L.non_independence", severity="serious")
    assert found.height == 1


def test_every_category_that_has_a_double_counts() -> None:
    """Three spellings of one word and a word of its own."""
    raw = read(rows(lambda i: ("Red", "red ", " RED", "blue")[i % 4]))
    table = profile("d", cleaned(raw), "classification")["remarks"]
    assert table.filter(code="alike", column="g")["count"].to_list() == [3]


@pytest.mark.parametrize("words", [("false", "true"), ("FALSE", "True"), ("n", "y")])
def test_truths_are_categories_however_they_are_spelt(
    words: tuple[str, str], tmp_path: Path
) -> None:
    """Missing ones too; the models are the same as of the words no and yes. Declared, they are the numbers 0 and 1."""
    frames = []
    for name, pair in (("first", ("no", "yes")), ("second", words)):
        root = tmp_path / name
        folder = root / "studies" / "d" / "data"
        folder.mkdir(parents=True)
        (root / "params.yaml").write_text("studies: [d]\n")
        (folder.parent / "study.yaml").write_text(
            STUDY.replace("decision_tree: {}", "decision_tree: {}, knn: {}")
        )
        lines = ["smoker,age,y"]
        for i in range(60):
            word = "" if i % 7 == 0 else pair[i % 3 % 2]
            lines.append(f"{word},{i * 13 % 41},{'ab'[(i % 3 + i % 5) % 2]}")
        (folder / "t.csv").write_text("\n".join(lines))
        Project(root).run("d", progress=False)
        frames.append(pl.read_parquet(root / "results" / "d" / "predictions.parquet"))
    assert frames[0].equals(frames[1])
    declared = cleaned(read("x,y\n" + "true,a\nfalse,b\n" * 3), types={"x": "boolean"})
    assert declared.types["x"] == "boolean"


# --- A11, D17: whole numbers that no float holds


BIG = [2**53 + i for i in range(40)]


@pytest.mark.parametrize("kind", [pl.Int64, pl.UInt64, pl.String])
def test_a11_large_whole_numbers_stay_apart(kind: Any) -> None:
    raw = read(rows(lambda i: "1")).with_columns(pl.Series("g", BIG).cast(kind))
    assert cleaned(raw).frame["g"].n_unique() == 40
    with pytest.raises(
        DataError, match=r"40 different values beyond 2\^53 would become 2\d"
    ):
        cleaned(raw, types={"g": "numeric"})


# --- A12, D14: names of columns


@pytest.mark.parametrize("name", ["*", "^x$", "^.*$"])
def test_a12_names_that_are_patterns_are_refused(name: str) -> None:
    with pytest.raises(DataError, match="stands for several columns"):
        read(rows(lambda i: "1", header=f"y,x,{name}"))


# --- A16, D19: numbers near the limits


@pytest.mark.parametrize("column", ["x", "y"])
@pytest.mark.parametrize("value", [1e150, -1e300])
def test_a16_numbers_that_cannot_be_squared_are_refused(
    column: str, value: float
) -> None:
    raw = pl.DataFrame(
        {"x": [float(i) for i in range(8)], "y": [float(i) for i in range(8)]}
    )
    raw = raw.with_columns(
        pl.when(pl.col("x") == 5).then(value).otherwise(pl.col(column)).alias(column)
    )
    with pytest.raises(
        DataError, match=rf"column {column} is beyond 1e\+75.* in row 6"
    ):
        cleaned(raw, task="regression")


# --- A18: row ranges


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ("31-500", "row 500"),
        ("35-31", "begins"),
        ("0-9", "from 1"),
        ("31-99999999999999999999999", "ranges"),
    ],
)
def test_a18_ranges_beyond_the_table_are_refused(
    test: str, says: str, project: Callable[..., Path]
) -> None:
    split = f'{{kind: fixed_split, train: "1-30", test: "{test}"}}'
    root = project(s=STUDY.replace("{kind: kfold, folds: 3}", split))
    (root / "studies/s/data").mkdir()
    (root / "studies/s/data/t.csv").write_text(rows(lambda i: "1"))
    with pytest.raises(StudyError, match=says):
        project_of = Project(root)
        project_of.fetch("s")
        project_of.clean("s")


@pytest.mark.parametrize("own", [True, False])
def test_a18_a_range_is_refused_by_a_check_at_the_place_where_it_stands(
    own: bool,
    project: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    split = '{kind: fixed_split, train: "1-30", test: "31-500"}'
    text = STUDY if own else STUDY.replace("{kind: kfold, folds: 3}", split)
    text = (
        text.replace(
            "    target: y", f"    target: y\n    protocol: {{resampling: {split}}}"
        )
        if own
        else text
    )
    root = project(s=text)
    (root / "studies/s/data").mkdir()
    (root / "studies/s/data/t.csv").write_text(rows(lambda i: "1"))
    monkeypatch.chdir(root)
    assert main(["check", "s"]) != 0
    line = next(i for i, one in enumerate(text.splitlines(), 1) if "31-500" in one)
    at = "datasets.d.protocol.resampling.test" if own else "protocol.resampling.test"
    assert f"s/study.yaml:{line}: {at}" in capsys.readouterr().err


# --- A19: missing tokens


def test_a19_a_number_is_missing_however_it_is_written() -> None:
    raw = read(rows(lambda i: ("-999", "-999.0", "1.5", "-999.00")[i % 4]))
    assert cleaned(raw, missing=["-999"]).frame["g"].null_count() == 30
    words = read(rows(lambda i: ("007", "7", "x")[i % 3]))
    assert cleaned(words, missing=["7"]).frame["g"].null_count() == 13


def test_a19_a_token_that_stands_nowhere_is_remarked() -> None:
    raw = read(rows(str))
    assert ("tokens_nowhere", None) in remarks(cleaned(raw, missing=["?"]))
    assert ("tokens_nowhere", None) not in remarks(cleaned(raw, missing=["?", "7"]))


# --- A24, D10: numbers and dates that are text


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("{},5", "decimal_commas"),
        ("{}.12.2020", "dates_as_text"),
        ("2020/12/{}", "dates_as_text"),
        ("2020-12-{}T10:00:00Z", "dates_as_text"),
    ],
)
def test_a24_numbers_and_dates_that_became_categories_are_remarked(
    cell: str, code: str
) -> None:
    raw = read(rows(lambda i: "1")).with_columns(
        g=pl.Series([cell.format(10 + i % 9) for i in range(40)])
    )
    assert (code, "g") in remarks(cleaned(raw))


# --- A27, D15: encodings that are none, files that end early


@pytest.mark.parametrize(
    "encoding", ["rot13", "zlib", "base64", "undefined", "no-such"]
)
def test_a27_a_codec_that_writes_no_text_is_refused(encoding: str) -> None:
    with pytest.raises(ValueError, match="unknown encoding"):
        TextOptions(encoding=encoding)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("keel", "@relation r\n@attribute a real\n@data"),
        ("keel", "@data"),
        ("arff", "@relation r\n@attribute a real\n@attribute a real\n@data\n'1',2\n"),
        ("arff", "@relation r\n@attribute a real\n@data"),
    ],
)
def test_a27_attribute_files_that_are_cut_or_twice_named_are_refused(
    form: Any, text: str
) -> None:
    with pytest.raises(BenchError):
        table = read_as(text.encode(), form, TextOptions(), "t")
        if not table.height:
            raise DataError("no rows")


def test_a27_a_quote_in_the_wrong_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('"x"+1\n"y"+2\n')
    with pytest.raises(DataError, match=r"t\.csv"):
        first_look(tmp_path / "t.csv", Wishes())


# --- A31: what the header of an attribute file declares


KEEL = "@relation r\n@attribute a real\n@attribute y {p, q}\n@attribute z {u,v}\n@inputs a\n@outputs y\n@data\n"


def test_a31_a_cell_outside_the_declared_categories_is_refused() -> None:
    body = "1, p, u\n2, q, <null>\n"
    assert read_as((KEEL + body).encode(), "keel", TextOptions(), "t").height == 2
    with pytest.raises(DataError, match="column y holds 'Q' in row 3"):
        read_as((KEEL + body + "3, Q, v\n").encode(), "keel", TextOptions(), "t")


def test_a31_the_output_of_keel_is_the_last_column() -> None:
    assert read_as(
        (KEEL + "1, p, u\n").encode(), "keel", TextOptions(), "t"
    ).columns == ["a", "z", "y"]


# --- found by the fuzz tests


def test_a_first_look_at_a_table_without_a_value(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('x\n""\n""\n""\n""\n')
    with pytest.raises(DataError, match="has no value"):
        first_look(tmp_path / "t.csv", Wishes())


@pytest.mark.parametrize("role", ["target", "feature"])
def test_columns_may_be_named_as_counts_are(role: str, tmp_path: Path) -> None:
    for name in (
        "n",
        "len",
        "labels",
        "rows",
        "bin",
        "h",
        "count",
        "literal",
        "x0",
        "y",
    ):
        raw = read(rows(lambda i: "pqr"[i % 3], 41))
        other = {
            "target": {"y": name},
            "feature": {"g": name, "y": "target" if name == "y" else "y"},
        }[role]
        raw = raw.rename(other)
        target = name if role == "target" else other["y"]
        assert (
            profile("d", cleaned(raw, target=target), "classification")[
                "columns"
            ].height
            == 3
        )
        raw.write_csv(tmp_path / "t.csv")
        first_look(tmp_path / "t.csv", Wishes())
