"""CSV and other delimited text in the study's folder."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bench.data.files import FileOptions, inside, stacked
from bench.data.formats import Format, read_as
from bench.data.read_files import AnyAdapter, adapted
from bench.data.source import Source


class Options(FileOptions):
    """`file` or `files` in the study's folder, how they are written, and their `format` (csv, keel or arff)."""

    format: Format = "csv"
    """The format of the file."""
    adapter: AnyAdapter | None = None
    """How scores that somebody published are read, in the place of `format` (`bench list adapters`)."""


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    def content(name: str) -> bytes:
        return inside(folder, name, folder.name).read_bytes()

    if options.adapter is not None:
        return adapted({name: content(name) for name in options.names}, options.adapter)

    def one(name: str) -> pl.DataFrame:
        return read_as(content(name), options.format, options, name)

    return stacked(options, one)


SOURCE = Source(
    "csv", "Delimited text in the study's folder", Options, read, {"file": "t.csv"}
)
