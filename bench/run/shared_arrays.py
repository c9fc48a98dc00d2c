"""The arrays that workers read, as they are in memory here: what lies on disk under their fingerprint is compared."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import numpy as np

from bench.core.errors import DataError
from bench.data.arrays import read_arrays, write_arrays
from bench.data.dataset import Dataset
from bench.run.store import refuse_strangers


def shared(top: Path, dataset: Dataset) -> None:
    """Write a dataset for the workers, in the place of a folder of its fingerprint that holds another.

    Raises `DataError` when somebody else could have put it there.
    """
    folder = top / dataset.fingerprint
    if folder.exists():
        refuse_strangers(top, folder, *sorted(folder.iterdir()))
        with suppress(DataError):  # a damaged one is made anew
            if not same(read_arrays(folder), dataset):
                shutil.rmtree(folder)
    write_arrays(top, dataset)


def same(one: Dataset, other: Dataset) -> bool:
    """Whether two datasets are equal in every field."""
    return all(_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(Dataset))


def _equal(one: object, other: object) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    return one is other or bool(one == other)
