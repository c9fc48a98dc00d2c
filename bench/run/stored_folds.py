"""Outer folds from the store: a run that fits nothing needs no scikit-learn to split rows."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator

import numpy as np

from bench.data.dataset import Dataset
from bench.run.folds import Fold, outer_folds
from bench.run.identity import code_of_folds, libraries
from bench.run.store import Store
from bench.study import Protocol


def folds_of(
    dataset: Dataset, protocol: Protocol, study: str, store: Store
) -> tuple[Fold, ...]:
    """The same as `outer_folds`, remembered by all that decides them. Raises `IncompatibleDataError` as it does."""
    resampling = protocol.resampling
    # What scikit-learn does not split is quickly made anew.
    if not (resampling.draws or resampling.in_time):
        return outer_folds(dataset, protocol, study)
    key = _key(dataset, protocol, study)
    content = store.recall(key)
    if content is not None:
        return tuple(_unpacked(content, dataset.n))
    folds = outer_folds(dataset, protocol, study)
    store.remember(key, _packed(folds, dataset.n))
    return folds


def _key(dataset: Dataset, protocol: Protocol, study: str) -> str:
    versions = {name: libraries().get(name) for name in ("numpy", "scikit-learn")}
    parts = [
        study,
        dataset.name,
        dataset.fingerprint,
        protocol.resampling.model_dump(),
        protocol.seed,
    ]
    return hashlib.sha256(
        json.dumps([*parts, versions, code_of_folds()]).encode()
    ).hexdigest()


def _packed(folds: tuple[Fold, ...], n: int) -> bytes:
    """A JSON head with its length before it, then two bits a fold and row: whether it trains, whether it tests."""
    head = json.dumps([[fold.repeat, fold.fold] for fold in folds]).encode()
    sides = np.zeros((len(folds), 2, n), dtype=bool)
    for number, fold in enumerate(folds):
        sides[number, 0, fold.train] = sides[number, 1, fold.test] = True
    return (
        struct.pack("<q", len(head))
        + head
        + zlib.compress(np.packbits(sides, axis=2).tobytes(), 1)
    )


def _unpacked(content: bytes, n: int) -> Iterator[Fold]:
    (length,) = struct.unpack_from("<q", content, 0)
    head = json.loads(content[8 : 8 + length])
    bits = np.frombuffer(
        zlib.decompress(content[8 + length :]), dtype=np.uint8
    ).reshape(len(head), 2, -1)
    for number, (repeat, fold) in enumerate(head):
        yield Fold(repeat, fold, _rows(bits[number, 0], n), _rows(bits[number, 1], n))


def _rows(bits: np.ndarray, n: int) -> np.ndarray:
    return np.flatnonzero(np.unpackbits(bits, count=n))
