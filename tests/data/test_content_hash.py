"""The content hash: what changes it, what does not, and that it is the one that was written down."""

from __future__ import annotations

import hashlib
import struct

import numpy as np
import polars as pl
import pytest

import bench.data.table as table
from bench.core.errors import DataError
from bench.data.table import content_sha256


def frame() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "x": [1.5, None, -0.0],
            "n": [1, 2, None],
            "t": ["a", None, "ä"],
            "b": [True, None, False],
        },
        schema_overrides={"n": pl.Int32},
    ).with_columns(
        d=pl.date(2024, 1, pl.int_range(1, 4)), e=pl.col("t").cast(pl.Enum(["ä", "a"]))
    )


def test_one_column_by_hand():
    def text(word: str) -> bytes:
        return struct.pack("<q", len(word.encode())) + word.encode()

    expected = struct.pack("<qq", 3, 1) + text("t") + text("text") + bytes([0b01000000])
    expected += struct.pack("<qqq", 1, 0, 2) + "aä".encode()
    assert (
        content_sha256(pl.DataFrame({"t": ["a", None, "ä"]}))
        == hashlib.sha256(expected).hexdigest()
    )


def test_it_never_changes():
    digest = "e1a8d7be60fa1ca6d4f6dfd2b24b365d90eb155953bd2c9a9e64a8fef61567bc"
    assert content_sha256(frame()) == digest


def test_chunks_blocks_and_file_formats_do_not_matter(tmp_path):
    whole = frame()
    pieces = pl.concat([whole.slice(0, 1), whole.slice(1, 2)], rechunk=False)
    assert content_sha256(pieces) == content_sha256(whole)
    whole.write_parquet(tmp_path / "f.parquet")
    assert content_sha256(pl.read_parquet(tmp_path / "f.parquet")) == content_sha256(
        whole
    )
    whole.write_ipc(tmp_path / "f.arrow")
    assert content_sha256(pl.read_ipc(tmp_path / "f.arrow")) == content_sha256(whole)
    assert content_sha256(whole.slice(1, 2)) == content_sha256(
        pl.DataFrame(whole.rows()[1:], whole.schema, orient="row")
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.select(reversed(f.columns)),
        lambda f: f.rename({"x": "y"}),
        lambda f: f.reverse(),
        lambda f: f.with_columns(pl.col("n").cast(pl.Int64)),
        lambda f: f.with_columns(pl.col("x").fill_null(0)),
        lambda f: f.with_columns(pl.col("x").fill_null(float("nan"))),
        lambda f: f.with_columns(pl.col("t").fill_null("")),
        lambda f: f.with_columns(pl.col("b").fill_null(False)),
        lambda f: f.with_columns(pl.col("e").cast(pl.Enum(["a", "ä"]))),
        lambda f: f.with_columns(pl.col("x") + np.spacing(1.5)),
        lambda f: f.head(2),
        lambda f: f.drop("d"),
    ],
)
def test_every_change_of_content_matters(change):
    assert content_sha256(change(frame())) != content_sha256(frame())


def test_text_cannot_flow_from_cell_to_cell():
    assert content_sha256(pl.DataFrame({"t": ["ab", "c"]})) != content_sha256(
        pl.DataFrame({"t": ["a", "bc"]})
    )
    assert content_sha256(pl.DataFrame({"ab": ["c"]})) != content_sha256(
        pl.DataFrame({"a": ["bc"]})
    )


def test_all_nans_are_one():
    other = np.array([0x7FF8000000000001], dtype="<u8").view("<f8")
    assert content_sha256(pl.DataFrame({"x": other})) == content_sha256(
        pl.DataFrame({"x": [float("nan")]})
    )


def test_several_blocks_hash_every_row(monkeypatch):
    monkeypatch.setattr(table, "_BLOCK", 2)
    one = content_sha256(frame())
    assert one != content_sha256(frame().with_columns(pl.Series("x", [1.5, None, 1.0])))


def test_nested_columns_have_none():
    with pytest.raises(DataError, match="column l is List"):
        content_sha256(pl.DataFrame({"l": [[1]]}))
