"""Parquet in the study's folder."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bench.data.files import FileName, inside
from bench.data.formats import read_parquet
from bench.data.source import Source
from bench.study.fields import Form


class Options(Form):
    """`file`: a Parquet file in the study's folder."""

    file: FileName
    """A parquet file in the folder of the study. Example: `data/table.parquet`."""


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    return read_parquet(
        inside(folder, options.file, folder.name).read_bytes(), options.file
    )


SOURCE = Source(
    "parquet", "Parquet in the study's folder", Options, read, {"file": "t.parquet"}
)
