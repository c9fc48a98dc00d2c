"""A file or an archive on the web, over https, with its sha256."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Annotated
from urllib.parse import urlsplit

import polars as pl
from pydantic import Field

from bench.data.archives import unpacked
from bench.data.download import UnreachableError, fetch
from bench.data.files import FileName, Sha256
from bench.data.read_files import FetchedOptions, table_of
from bench.data.source import Downloads, EvidenceAbsentError, Source
from bench.study.fields import Text
from bench.text.problems import EvidenceAbsent


class Options(FetchedOptions):
    """`url` (https only) and the `sha256` of what lies there; of an archive, the `files` in it."""

    url: Text
    """A link to the file. Example: `https://example.org/table.csv`."""
    sha256: Sha256
    """The sha256 of the file; another file is refused.
    Example: `0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef`."""
    files: Annotated[tuple[FileName, ...], Field(min_length=1)] = ("**",)
    """Of a zip or tar archive, the files that are read; all, unless named. Example: `[results/*.csv]`."""


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    try:
        raw = fetch(options.url, options.sha256, downloads).read_bytes()
    except UnreachableError as error:
        raise EvidenceAbsentError(
            EvidenceAbsent(folder.name, options.url, error.reason)
        ) from None
    name = PurePosixPath(urlsplit(options.url).path).name or options.url
    return table_of(unpacked(raw, name, options.files), options)


SOURCE = Source(
    "url",
    "A file or an archive on the web (https, with its sha256)",
    Options,
    read,
    wanted=lambda options: Downloads(sha256=(options.sha256,)),
)
