"""Clean tables on disk and as arrays."""

from __future__ import annotations

import datetime
import hashlib

import numpy as np
import polars as pl
import pytest

from bench.core.errors import DataError
from bench.data.load import read_clean, read_dataset, write_clean

RAW = {
    "x": ["1.5", "2", None, "4"],
    "k": ["v", "u", None, "v"],
    "o": ["high", "low", "low", None],
    "b": ["true", "false", None, "true"],
    "g": ["007", "1", "007", "1"],
    "t": ["2024-01-03", "2024-01-01", "2024-01-02", "2024-01-04"],
    "z": ["1", "2", "3", "4"],
    "y": ["no", "yes", "no", "yes"],
}
SPEC = {
    "types": {"o": {"ordinal": ["low", "high"]}},
    "group": "g",
    "time": "t",
    "drop": ["z"],
}


def test_arrays(clean, tmp_path):
    write_clean(tmp_path, [clean(RAW, **SPEC)])
    data = read_dataset(tmp_path, "toy", "classification")
    expected = [
        [1.5, 1, 1, 1],
        [2, 0, 0, 0],
        [np.nan, np.nan, 0, np.nan],
        [4, 1, np.nan, 1],
    ]
    np.testing.assert_array_equal(data.X, expected)
    assert data.X.dtype == np.float64
    assert data.X.flags.c_contiguous
    assert [(c.name, c.kind, c.categories) for c in data.columns] == [
        ("x", "numeric", ()),
        ("k", "categorical", ("u", "v")),
        ("o", "ordinal", ("low", "high")),
        ("b", "categorical", ("false", "true")),
    ]
    assert (data.y.tolist(), data.y.dtype, data.classes, data.positive) == (
        [0, 1, 0, 1],
        np.int64,
        ("no", "yes"),
        "yes",
    )
    assert data.row.tolist() == [0, 1, 2, 3]
    assert set(data.extra) == {"g", "t", "z"}
    assert data.group.tolist() == ["007", "1", "007", "1"]
    days = [
        (datetime.date(2024, 1, d) - datetime.date(1970, 1, 1)).days
        for d in (3, 1, 2, 4)
    ]
    assert data.time.tolist() == days
    assert data.extra["z"].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert data.draw is None


def test_regression_draws_and_splits(clean, read, tmp_path):
    source = {
        "kind": "synthetic",
        "name": "friedman1",
        "rows": 20,
        "test_rows": 5,
        "draws": 3,
    }
    raw = read(**source)
    write_clean(
        tmp_path, [clean(raw, task="regression", source=source, target="target")]
    )
    data = read_dataset(tmp_path, "toy", "regression")
    np.testing.assert_array_equal(data.y, raw["target"].to_numpy())
    assert data.draw.tolist() == [0] * 25 + [1] * 25 + [2] * 25
    assert data.extra["split"].tolist() == (["train"] * 20 + ["test"] * 5) * 3
    assert (data.n, data.classes, data.X.shape) == (75, (), (75, 10))


def test_an_ordinal_time_keeps_its_order(clean, tmp_path):
    raw = {
        "t": ["late", "early", "mid", "early"],
        "x": ["1", "2", "3", "4"],
        "y": RAW["y"],
    }
    write_clean(
        tmp_path,
        [clean(raw, time="t", types={"t": {"ordinal": ["early", "mid", "late"]}})],
    )
    assert read_dataset(tmp_path, "toy", "classification").time.tolist() == [2, 0, 1, 0]


def test_a_columns_name_is_no_role(clean, tmp_path):
    """A dropped column that is called group, or time, does not take the place of the declared one."""
    raw = {
        "patient": ["p", "p", "q", "q"],
        "group": ["1", "2", "1", "2"],
        "time": ["1", "2", "3", "4"],
    }
    raw |= {"x": ["1", "2", "3", "4"], "y": RAW["y"]}
    write_clean(tmp_path, [clean(raw, group="patient", drop=["group", "time"])])
    data = read_dataset(tmp_path, "toy", "classification")
    assert data.group.tolist() == ["p", "p", "q", "q"]
    assert data.time is None


def test_the_same_tables_give_the_same_bytes(clean, tmp_path):
    def digests(folder):
        write_clean(folder, [clean(RAW, **SPEC)])
        return {
            p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()
        }

    first = digests(tmp_path / "a")
    assert set(first) == {
        "toy.parquet",
        "tables.parquet",
        "cleaning.parquet",
        "roles.json",
    }
    assert first == digests(tmp_path / "b")


def test_read_clean_gives_the_frame_back(clean, tmp_path):
    done = clean(RAW, **SPEC)
    write_clean(tmp_path, [done])
    assert read_clean(tmp_path, "toy").equals(done.frame)
    assert read_clean(tmp_path, "toy").schema == done.frame.schema


def test_changed_content_is_noticed(clean, tmp_path):
    write_clean(tmp_path, [clean(RAW, **SPEC)])
    path = tmp_path / "toy.parquet"
    frame = pl.read_parquet(path)
    for changed in (
        frame.with_columns(pl.col("x") + 1),
        frame.reverse(),
        frame.head(3),
    ):
        changed.write_parquet(path)
        with pytest.raises(DataError, match="was changed after cleaning"):
            read_dataset(tmp_path, "toy", "classification")
    frame.write_parquet(path)
    assert read_dataset(tmp_path, "toy", "classification").n == 4
    with pytest.raises(DataError, match="changed after cleaning"):
        read_dataset(tmp_path, "toy", "regression")


def test_changed_roles_are_noticed(clean, tmp_path):
    write_clean(tmp_path, [clean(RAW, **SPEC)])
    path = tmp_path / "roles.json"
    path.write_text(path.read_text().replace('"dropped"', '"feature"'))
    with pytest.raises(DataError, match="changed after cleaning"):
        read_dataset(tmp_path, "toy", "classification")


def test_absent_and_damaged_files_are_sentences(clean, tmp_path):
    with pytest.raises(DataError, match="is missing"):
        read_dataset(tmp_path, "toy", "classification")
    write_clean(tmp_path, [clean(RAW, **SPEC)])
    (tmp_path / "toyy.parquet").write_bytes((tmp_path / "toy.parquet").read_bytes())
    with pytest.raises(DataError, match=r"no dataset toyy; did you mean toy\?"):
        read_dataset(tmp_path, "toyy", "classification")
    (tmp_path / "toy.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        read_dataset(tmp_path, "toy", "classification")
    write_clean(tmp_path, [clean(RAW, **SPEC)])
    (tmp_path / "roles.json").write_text("{")
    with pytest.raises(DataError, match=r"roles\.json: cannot be read"):
        read_dataset(tmp_path, "toy", "classification")
