"""A dataset as plain arrays on disk, for many processes to read as one: the large ones are mapped, not copied.

A folder by the dataset's fingerprint holds one .npy file an array and `about.json` with the rest and the sha256 of
every file. It appears whole or not at all; nothing in it is a pickle.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from bench.core.errors import DataError
from bench.data.dataset import Column, Dataset

#: Arrays of more bytes than this are mapped from disk, and their pages shared between processes.
MAPPED_FROM = 1 << 20
#: The fields of a Dataset that are arrays.
ARRAYS = ("X", "y", "row", "draw", "group", "time")


def write_arrays(top: Path, dataset: Dataset) -> Path:
    """The folder of this dataset below `top`, written when it is not there or damaged.

    Raises `DataError` when it cannot be written.
    """
    folder = top / dataset.fingerprint
    try:
        if _whole(folder):
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        top.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=top))
        try:
            _write(fresh, dataset)
            fresh.rename(folder)
        except OSError:
            shutil.rmtree(fresh, ignore_errors=True)
            if not _whole(folder):  # otherwise another run was faster
                raise
    except OSError as error:
        raise DataError(
            f"{folder}: the dataset {dataset.name} cannot be written ({error}); nothing was fitted"
        ) from None
    return folder


def read_arrays(folder: Path) -> Dataset:
    """The dataset that `write_arrays` left. Raises `DataError` when a file is absent or not as it was written."""
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        arrays = {
            name: _read(folder / f"{name}.npy", sha256)
            for name, sha256 in about.pop("sha256").items()
        }
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"{folder}: cannot be read ({error}); delete it and run again"
        ) from None
    about["columns"] = tuple(
        Column(name, kind, tuple(categories))
        for name, kind, categories in about["columns"]
    )
    about["classes"] = tuple(about["classes"])
    about["extra"] = {
        name: arrays[f"extra-{number}"] for number, name in enumerate(about["extra"])
    }
    given: dict[str, Any] = {name: arrays.get(name) for name in ARRAYS}
    return Dataset(**about, **given)


def _whole(folder: Path) -> bool:
    try:
        read_arrays(folder)
    except DataError:
        return False
    return True


def _write(folder: Path, dataset: Dataset) -> None:
    arrays = {
        name: getattr(dataset, name)
        for name in ARRAYS
        if getattr(dataset, name) is not None
    }
    arrays |= {
        f"extra-{number}": values
        for number, values in enumerate(dataset.extra.values())
    }
    about: dict[str, Any] = {
        name: getattr(dataset, name)
        for name in ("name", "task", "fingerprint", "classes", "positive")
    }
    about |= {
        "columns": [list(asdict(column).values()) for column in dataset.columns],
        "extra": list(dataset.extra),
    }
    about["sha256"] = {}
    for name, values in arrays.items():
        path = folder / f"{name}.npy"
        np.save(path, values, allow_pickle=False)
        about["sha256"][name] = _sha256(path)
    (folder / "about.json").write_text(
        json.dumps(about, ensure_ascii=False), encoding="utf-8"
    )


def _read(path: Path, sha256: str) -> np.ndarray:
    if _sha256(path) != sha256:
        raise ValueError(f"{path.name} is not as it was written")
    mapped = path.stat().st_size > MAPPED_FROM
    array: np.ndarray = np.load(
        path, mmap_mode="r" if mapped else None, allow_pickle=False
    )
    return array


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
