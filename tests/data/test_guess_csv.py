"""A first look at somebody's CSV."""

from __future__ import annotations

import random

import pytest

from bench.core.errors import DataError
from bench.data.guess import guess
from bench.text.remarks import IdLike, PossibleGroup, TimeLikeColumn


def written(tmp_path, text: str, encoding: str = "utf-8"):
    path = tmp_path / "data.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_file_from_a_hospital(tmp_path):
    lines = ["PatientID;visit date;age;bmi;sex;outcome"]
    for i in range(90):
        age = "?" if i % 30 == 7 else str(20 + i % 50)
        bmi = f"{20 + i / 7:.1f}".replace(".", ",")
        lines.append(f"{1000 + i // 3};2024-01-{i % 28 + 1:02d};{age};{bmi};{'mf'[i % 2]};{i % 2}")
    found = guess(written(tmp_path, "\n".join(lines)))
    assert found.source == {"separator": ";", "decimal": ","}
    assert found.separator == ";"
    assert list(found.types.values()) == ["numeric", "date", "numeric", "numeric", "categorical", "numeric"]
    assert found.missing == ("?",)
    assert (found.target, found.task, found.rows) == ("outcome", "classification", 90)
    assert found.warnings == (PossibleGroup("PatientID", 30), TimeLikeColumn("visit date"))


def test_identifiers_and_a_regression(tmp_path):
    rng = random.Random(1)
    rows = "".join(f"{i},{rng.random()},{rng.random()}\n" for i in range(50))
    found = guess(written(tmp_path, "id,a,level\n" + rows))
    assert (found.source, found.target, found.task) == ({}, "level", "regression")
    assert found.warnings == (IdLike("id"),)


@pytest.mark.parametrize(("mark", "word"), [("\t", "tab"), ("|", "|"), (";", ";")])
def test_separators(tmp_path, mark, word):
    found = guess(written(tmp_path, f"a{mark}b\n" + f"1{mark}x, y\n" * 9))
    assert found.source == {"separator": word}


def test_white_space_and_no_header(tmp_path):
    found = guess(written(tmp_path, "".join(f"{i}.5   {i * 2} {'ab'[i % 2]}\n" for i in range(30))))
    assert found.source == {"separator": "whitespace", "header": False}
    assert (found.target, found.task) == ("c3", "classification")


def test_quoted_newlines_do_not_confuse_it(tmp_path):
    text = 'note,x,label\n"one; two\nthree; four",1,a\n"p;q",2,b\n' * 1 + 'z,3,a\n"""",4,b\n'
    found = guess(written(tmp_path, text))
    assert (found.source, found.rows, found.target) == ({}, 4, "label")


def test_encodings(tmp_path):
    assert guess(written(tmp_path, "größe,y\n1,a\n2,b\n", "cp1252")).source == {"encoding": "cp1252"}
    assert guess(written(tmp_path, "größe,y\n1,a\n2,b\n", "utf-16")).source == {"encoding": "utf-16"}
    assert guess(written(tmp_path, "größe,y\n1,a\n2,b\n", "utf-8-sig")).source == {}


def test_its_proposal_can_be_read(tmp_path, read):
    path = written(tmp_path, "größe;y\n1,5;a\n2,5;b\n" * 1 + "?;a\n3,5;b\n" * 3, "cp1252")
    found = guess(path)
    frame = read(raw=path.read_bytes(), **found.source)
    assert frame.columns == ["größe", "y"]
    assert frame["größe"][0] == "1.5"


def test_what_cannot_be_read_is_a_sentence(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        guess(tmp_path / "absent.csv")
    with pytest.raises(DataError, match="is empty"):
        guess(written(tmp_path, ""))
    with pytest.raises(DataError, match="no rows"):
        guess(written(tmp_path, "a,b\n"))
    with pytest.raises(DataError, match="line 3 has 1 cells"):
        guess(written(tmp_path, "a,b\n1,2\n3\n"))
