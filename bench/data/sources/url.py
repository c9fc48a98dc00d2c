"""A file on the web, over https, with its sha256."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import polars as pl

from bench.data.delimited import TextOptions
from bench.data.download import fetch
from bench.data.files import Sha256
from bench.data.formats import read_as, read_parquet
from bench.data.source import Source
from bench.study.fields import Text


class Options(TextOptions):
    """`url` (https only) and the `sha256` of what lies there; `format`: csv, keel, arff or parquet."""

    url: Text
    """A link to the file."""
    sha256: Sha256
    """The sha256 of the file; another file is refused."""
    format: Literal["csv", "keel", "arff", "parquet"] = "csv"
    """The format of the file."""


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    raw = fetch(options.url, options.sha256, downloads).read_bytes()
    if options.format == "parquet":
        return read_parquet(raw, options.url)
    return read_as(raw, options.format, options, options.url)


SOURCE = Source("url", "A file on the web (https, with its sha256)", Options, read)
