"""The raw table of a dataset, and the hash of a table's content."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.core.errors import DataError
from bench.data.delimited import no_patterns
from bench.data.room import refuse_wide
from bench.data.source import Downloads, Source
from bench.data.sources import SOURCES
from bench.study.models import DatasetSpec
from bench.study.noted import Problem, StudyError
from bench.study.problems import validated
from bench.study.source_map import SourceMap
from bench.text.problems import UnknownWord

#: Rows hashed at a time: fixed, so that the hash does not depend on how polars holds the frame.
_BLOCK = 1 << 17
_NAMES: dict[type[pl.DataType], str] = {
    pl.Int8: "int8", pl.Int16: "int16", pl.Int32: "int32", pl.Int64: "int64",
    pl.UInt8: "uint8", pl.UInt16: "uint16", pl.UInt32: "uint32", pl.UInt64: "uint64",
    pl.Float32: "float32", pl.Float64: "float64", pl.Boolean: "boolean", pl.String: "text",
    pl.Date: "date", pl.Datetime: "datetime", pl.Enum: "enum", pl.Categorical: "text", pl.Null: "null",
}  # fmt: skip


def read_table(spec: DatasetSpec, folder: Path, downloads: Path) -> pl.DataFrame:
    """The raw table that the spec's source gives.

    `folder` is the study's folder, `downloads` the cache. Raises `StudyError` when the source or its options are
    unknown, `DataError` when the table cannot be had.
    """
    source, options = _source(spec, folder)
    frame = source.read(options, folder, downloads)
    refuse_wide(frame.width, folder.name)
    no_patterns(frame.columns, folder.name)
    for name, dtype in frame.schema.items():
        if type(dtype) not in _NAMES:
            raise DataError(
                f"{folder.name}: column {name} is {dtype}; a table holds numbers, text, booleans and dates"
            )
    if frame.width == 0 or frame.height == 0:
        raise DataError(
            f"{folder.name}: the table has {frame.height} rows and {frame.width} columns; nothing to do"
        )
    return frame.rechunk()


def wanted_of(spec: DatasetSpec, folder: Path) -> Downloads | None:
    """What the spec's source downloads, as content; None where it downloads nothing. Raises `StudyError`."""
    source, options = _source(spec, folder)
    return None if source.wanted is None else source.wanted(options)


def _source(spec: DatasetSpec, folder: Path) -> tuple[Source, Any]:
    """The source of a spec, and its options. Raises `StudyError`."""
    where = SourceMap(f"{folder.name}/study.yaml")
    if spec.source.kind not in SOURCES:
        unknown = UnknownWord("source", spec.source.kind, tuple(SOURCES), "sources")
        raise StudyError([Problem(where.file, 0, 0, "source.kind", unknown)])
    source = SOURCES[spec.source.kind]
    options, problems = validated(
        source.options, spec.source.parameters, ("source",), where
    )
    if problems:
        raise StudyError(problems)
    return source, options


def content_sha256(frame: pl.DataFrame) -> str:
    """sha256 of a table's content: names, types, values and nulls, in the order of columns and rows.

    Independent of the file format, of the polars version, of chunking and of the number of threads. Every column adds
    its name and type, one null bit a row, and its values in little-endian order (text: byte lengths, then UTF-8; nulls
    as 0 or empty; NaN as one pattern). Raises `DataError` for nested types.
    """
    digest = hashlib.sha256(struct.pack("<qq", frame.height, frame.width))
    for series in frame:
        _add_text(digest, series.name)
        kind = _NAMES.get(type(series.dtype))
        if kind is None:
            raise DataError(
                f"column {series.name} is {series.dtype}, which has no content hash"
            )
        _add_text(digest, kind)
        if isinstance(series.dtype, pl.Enum):
            for category in series.dtype.categories:
                _add_text(digest, category)
        if isinstance(series.dtype, pl.Datetime):
            _add_text(digest, str(series.dtype.time_zone))
        for start in range(0, frame.height, _BLOCK):
            _add_block(digest, series.slice(start, _BLOCK))
    return digest.hexdigest()


def _add_text(digest: hashlib._Hash, text: str) -> None:
    raw = text.encode()
    digest.update(struct.pack("<q", len(raw)) + raw)


def _add_block(digest: hashlib._Hash, block: pl.Series) -> None:
    digest.update(np.packbits(block.is_null().to_numpy()).tobytes())
    if block.dtype == pl.Null:
        return
    if block.dtype in (pl.String, pl.Enum, pl.Categorical):
        text = block.cast(pl.String).fill_null("")
        digest.update(text.str.len_bytes().to_numpy().astype("<i8").tobytes())
        digest.update(text.str.join("").item().encode())
        return
    if block.dtype == pl.Boolean:
        digest.update(np.packbits(block.fill_null(False).to_numpy()).tobytes())
        return
    if isinstance(block.dtype, pl.Datetime):
        block = block.dt.epoch("us")
    elif block.dtype == pl.Date:
        block = block.cast(pl.Int32)
    values = block.fill_null(0).to_numpy()
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), values.dtype.type(np.nan), values)
    digest.update(values.astype(values.dtype.newbyteorder("<")).tobytes())
