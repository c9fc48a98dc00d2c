"""Datasets as arrays on disk: what goes in comes out, whole or not at all, mapped when large, damage is noticed."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from bench.core.errors import DataError
from bench.data.arrays import MAPPED_FROM, read_arrays, write_arrays
from bench.data.dataset import Column, Dataset


def made(n: int = 20) -> Dataset:
    generator = np.random.default_rng(0)
    X = generator.normal(size=(n, 3))
    X[0, 1] = np.nan
    columns = (
        Column("a b/c", "numeric"),
        Column("x", "numeric"),
        Column("é", "categorical", ("1", "two")),
    )
    extra = {"group": np.array(["g", "ä"] * (n // 2)), "../time": np.arange(n)}
    y = np.arange(n) % 2
    rows, classes = np.arange(n) + 5, ("no", "yes")
    return Dataset(
        "d",
        "classification",
        columns,
        X,
        y,
        rows,
        "f00d",
        classes,
        "yes",
        extra,
        y,
        extra["group"],
        y,
    )


def test_a_dataset_comes_out_as_it_went_in(tmp_path: Path) -> None:
    there = made()
    here = read_arrays(write_arrays(tmp_path, there))
    for field in fields(Dataset):
        one, other = getattr(there, field.name), getattr(here, field.name)
        if field.name == "extra":
            assert list(one) == list(other)
            assert all(np.array_equal(one[key], other[key]) for key in one)
        elif isinstance(one, np.ndarray):
            assert one.dtype == other.dtype
            assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
        else:
            assert one == other


def test_a_large_table_is_mapped_and_cannot_be_written_to(tmp_path: Path) -> None:
    here = read_arrays(write_arrays(tmp_path, made(MAPPED_FROM // 16)))
    assert isinstance(here.X, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        here.X[0, 0] = 1


def test_damage_is_a_sentence(tmp_path: Path) -> None:
    folder = write_arrays(tmp_path, made())
    content = bytearray((folder / "X.npy").read_bytes())
    content[-1] ^= 1
    (folder / "X.npy").write_bytes(bytes(content))
    with pytest.raises(DataError, match=r"X\.npy is not as it was written"):
        read_arrays(folder)
    (folder / "X.npy").unlink()
    with pytest.raises(DataError, match="cannot be read"):
        read_arrays(folder)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DataError, match="nothing was fitted"):
        write_arrays(tmp_path / "file", made())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]
