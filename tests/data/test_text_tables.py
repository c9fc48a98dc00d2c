"""Delimited text: nothing is guessed, nothing lost, and every mistake has its line or byte."""

from __future__ import annotations

import csv
import io
import random

import polars as pl
import pytest

from bench.core.errors import DataError
from bench.study.noted import StudyError


def test_every_cell_stays_text_and_only_empty_cells_are_missing(read):
    frame = read("id,code,label\n007,NA,0\n1e400,?,None\n,1_000,nan\n")
    assert frame.to_dict(as_series=False) == {
        "id": ["007", "1e400", None],
        "code": ["NA", "?", "1_000"],
        "label": ["0", "None", "nan"],
    }


@pytest.mark.parametrize("line", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_and_blank_lines(read, line):
    frame = read(line.join(["a,b", "1,2", "", "3,4", "", ""]))
    assert frame.rows() == [("1", "2"), ("3", "4")]


def test_quoted_separators_newlines_and_quotes(read):
    assert read('a,b\n"x, y","p\nq"\n"say ""hi""",2\n').rows() == [
        ("x, y", "p\nq"),
        ('say "hi"', "2"),
    ]


def test_text_agrees_with_the_standard_library_on_random_tables(read):
    rng = random.Random(5)
    for _ in range(20):
        rows = [
            ["".join(rng.choices('ab,"\n ;é', k=rng.randint(1, 6))) for _ in range(3)]
            for _ in range(10)
        ]
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["x", "y", "z"], *rows])
        assert read(out.getvalue().replace("\r\n", "\n")).rows() == [
            tuple(row) for row in rows
        ]


@pytest.mark.parametrize(
    ("text", "line", "cells"),
    [
        ("a,b,c\n1,2,3\n4,5\n6,7,8\n", 3, 2),
        ("a,b,c\n1,2,3,4\n", 2, 4),
        ('a,b,c\n"x\ny",2,3\n4,5\n', 4, 2),
        ("a,b,c\n1,2\n", 2, 2),
        ("a,b,c\n1,2,3\n4,5,6\n7", 4, 1),
    ],
)
def test_ragged_rows_name_their_line(read, text, line, cells):
    with pytest.raises(DataError, match=f"line {line} has {cells} cells, expected 3"):
        read(text)


def test_a_cut_off_quote_is_an_error_with_its_line(read):
    with pytest.raises(DataError, match=r"after line \d"):
        read('a,b\n1,2\n"3,4\n5,6\n')


def test_a_column_name_that_stands_twice_is_refused(read):
    with pytest.raises(DataError, match="column a stands 2 times"):
        read("a,b,a\n1,2,3\n")


def test_odd_names_are_kept_and_empty_ones_numbered(read):
    names = ["", " größe ", "a[0] < b", "<b>x</b>", "target", "x" * 500]
    frame = read(",".join(names) + "\n" + ",".join("123456") + "\n")
    assert frame.columns == ["c1", "größe", "a[0] < b", "<b>x</b>", "target", "x" * 500]


def test_without_header_columns_are_numbered_or_given(read):
    assert read("1,2\n3,4\n", header=False).columns == ["c1", "c2"]
    assert read("1,2\n3,4\n", columns=["x", "y"]).rows() == [("1", "2"), ("3", "4")]
    with pytest.raises(StudyError, match="columns"):
        read("1,2\n", columns=["x", "y"], header=True)
    with pytest.raises(DataError, match="line 1 has 2 cells, expected 3"):
        read("1,2\n3,4\n", columns=["x", "y", "z"])


@pytest.mark.parametrize("separator", [";", "tab", "|", "space"])
def test_separators(read, separator):
    mark = {"tab": "\t", "space": " "}.get(separator, separator)
    assert read(f"a{mark}b\n1{mark}2\n", separator=separator).rows() == [("1", "2")]


def test_white_space_of_any_length_separates(read):
    text = '  a   b\n 1 \t  2\n3 4  \n"x y"   5\n'
    assert read(text, separator="whitespace").rows() == [
        ("1", "2"),
        ("3", "4"),
        ("x y", "5"),
    ]
    with pytest.raises(DataError, match="line 3 has 3 cells"):
        read("a b\n1 2\n3 4 5\n", separator="whitespace")


def test_decimal_comma_changes_numbers_only(read):
    frame = read("a;b\n3,14;x,y\n-,5e3;1,2,3\n", separator=";", decimal=",")
    assert frame.rows() == [("3.14", "x,y"), ("-.5e3", "1,2,3")]


def test_encodings(read):
    text = "größe,y\nä,1\n"
    assert read(raw=text.encode("utf-8-sig")).columns == ["größe", "y"]
    assert read(raw=text.encode("latin-1"), encoding="latin-1").columns == [
        "größe",
        "y",
    ]
    assert read(raw=text.encode("utf-16"), encoding="utf-16").rows() == [("ä", "1")]


def test_undeclared_encodings_name_the_byte(read):
    with pytest.raises(DataError, match=r"byte 2 is not utf-8"):
        read(raw="größe,y\n".encode("latin-1"))
    with pytest.raises(DataError, match="UTF-16"):
        read(raw="a,b\n1,2\n".encode("utf-16"))
    with pytest.raises(DataError, match="zero character at 1"):
        read(raw="a,b\n1,2\n".encode("utf-16-le"))
    with pytest.raises(StudyError, match="did you mean utf-8"):
        read("a\n1\n", encoding="utf8x")


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_is_an_error(read, text):
    with pytest.raises(DataError, match="is empty"):
        read(text)


def test_a_header_without_rows_is_an_error(read):
    with pytest.raises(DataError, match="0 rows"):
        read("a,b\n")


def test_one_column_is_a_table(read):
    assert read("a\n1\n2\n").rows() == [("1",), ("2",)]


@pytest.mark.parametrize(
    "name", ["../x.csv", "/etc/passwd", "a\\b.csv", "~/x", "C:x.csv", "", "a/../../x"]
)
def test_paths_that_leave_the_folder_are_refused(read, name):
    for kind in ("csv", "parquet"):
        with pytest.raises(StudyError, match="path inside the folder"):
            read(kind=kind, file=name)


def test_symbolic_links_may_not_leave_the_folder(read, tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "there").symlink_to(tmp_path)
    for name in ("link.csv", "there/secret.csv"):
        with pytest.raises(DataError, match="symbolic link"):
            read(kind="csv", file=name)


def test_an_absent_file_names_the_nearest(read, tmp_path):
    read("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"did you mean data.csv\?"):
        read(kind="csv", file="dta.csv")


def test_several_files_are_stacked_with_their_stems(read, tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "train.csv").write_text("a,b\n1,2\n3,4\n")
    (folder / "test.csv").write_text("a,b\n5,6\n")
    (folder / "other.csv").write_text("a,c\n5,6\n")
    frame = read(kind="csv", files=["train.csv", "test.csv"])
    assert frame["file"].to_list() == ["train", "train", "test"]
    assert frame["a"].to_list() == ["1", "3", "5"]
    with pytest.raises(DataError, match=r"other\.csv: its columns"):
        read(kind="csv", files=["train.csv", "other.csv"])
    with pytest.raises(StudyError, match="give `file`"):
        read(kind="csv", file="train.csv", files=["test.csv"])


def test_parquet_keeps_its_types_and_damage_is_a_sentence(read, tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    frame = pl.DataFrame(
        {"x": [1.5, None], "k": ["a", "b"], "n": [1, 2], "t": [True, False]}
    )
    frame.write_parquet(folder / "t.parquet")
    assert read(kind="parquet", file="t.parquet").equals(frame)
    (folder / "t.parquet").write_bytes((folder / "t.parquet").read_bytes()[:-20])
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        read(kind="parquet", file="t.parquet")
    pl.DataFrame({"x": [[1, 2]]}).write_parquet(folder / "nested.parquet")
    with pytest.raises(DataError, match="column x is List"):
        read(kind="parquet", file="nested.parquet")


def test_a_quote_inside_an_unquoted_cell_is_a_character(read):
    assert read('a,b\n5" pipe,1\nx,"2,3"\n').rows() == [('5" pipe', "1"), ("x", "2,3")]
    with pytest.raises(DataError, match="line 3 has 1 cells"):
        read('a,b\n5" pipe,1\nx\n7" pipe,3\n')


def test_an_unclosed_quote_in_the_header_is_an_error(read):
    with pytest.raises(DataError, match="first row"):
        read('a,"b\n1,2\n')


def test_a_row_of_empty_cells_is_a_row(read):
    assert read("a,b\n,\n1,2\n").rows() == [(None, None), ("1", "2")]


def test_records_across_the_blocks_of_the_scan_are_counted_whole(read, monkeypatch):
    import bench.data.delimited as module

    monkeypatch.setattr(module, "_BLOCK", 3)
    assert read('a,b\n"x,\n\ny",2\n\n3,"4"\n').rows() == [("x,\n\ny", "2"), ("3", "4")]
    with pytest.raises(DataError, match="line 4 has 1 cells"):
        read('a,b\n"x,\ny",2\n3\n')
