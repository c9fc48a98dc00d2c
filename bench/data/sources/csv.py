"""CSV and other delimited text in the study's folder."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bench.data.files import FileOptions, inside, stacked
from bench.data.formats import Format, read_as
from bench.data.source import Source


class Options(FileOptions):
    """`file` or `files` in the study's folder, how they are written, and their `format` (csv, keel or arff)."""

    format: Format = "csv"
    """The format of the file."""


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    def one(name: str) -> pl.DataFrame:
        return read_as(inside(folder, name, folder.name).read_bytes(), options.format, options, name)

    return stacked(options, one)


SOURCE = Source("csv", "Delimited text in the study's folder", Options, read, {"file": "t.csv"})
