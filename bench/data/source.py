"""What a data source is: a way to get one table, with its own options in the study file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from bench.core.errors import DataError
from bench.study.fields import Form
from bench.text.problems import EvidenceAbsent

if TYPE_CHECKING:
    from bench.data.git_store import Commit


class EvidenceAbsentError(DataError):
    """The files of a study can be had neither from the network nor from what is kept; `absent` says which."""

    def __init__(self, absent: EvidenceAbsent) -> None:
        self.absent = absent
        super().__init__(absent)


@dataclass(frozen=True)
class Downloads:
    """What a source downloads, as content: files by their sha256 or by git's ids, and the files of commits."""

    sha256: tuple[str, ...] = ()
    blobs: tuple[str, ...] = ()
    commits: tuple[tuple[Commit, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Source:
    """A way to get a table.

    Attributes
    ----------
    name, title : str
        Its word in a study (`kind`), and its name for people.
    options : type
        The frozen form of the keys beside `kind`.
    read : callable
        From options, the study's folder and a folder of downloads, which may be deleted at any time, to the raw table:
        text formats with every column as text and empty cells as null, typed formats with their own types, nominal
        attributes as Enum. It raises `DataError`.
    example : mapping, optional
        Options that give a table in a folder with `t.csv`, `t.parquet` and `t.ndjson`; None where only a server gives
        one.
    wanted : callable, optional
        From options to what is downloaded; None where nothing is.
    """

    name: str
    title: str
    options: type[Form]
    read: Callable[[Any, Path, Path], pl.DataFrame]
    example: Mapping[str, Any] | None = None
    wanted: Callable[[Any], Downloads] | None = None
