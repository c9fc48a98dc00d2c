"""Files of one commit of a git repository, over https.

A `table` may stand for them: another file that holds the same numbers, such as one table made of hundreds of reports.
It is read where the commit is not at hand; where both are, they must be equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import Field, Strict, StringConstraints

from bench.core.errors import DataError
from bench.data.adapter import Files
from bench.data.archives import matching, unpacked
from bench.data.download import DownloadLimits, UnreachableError, cached
from bench.data.files import FileName, Sha256
from bench.data.git_store import Commit, GitStore
from bench.data.read_files import FetchedOptions, table_of
from bench.data.source import Downloads, EvidenceAbsentError, Source
from bench.study.fields import Text
from bench.text.formats import count
from bench.text.problems import EvidenceAbsent

#: What a fetch may do.
LIMITS = DownloadLimits()

_Hash = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9a-f]{40}$")]
_Address = Annotated[
    Text,
    StringConstraints(pattern=r"^https://[A-Za-z0-9.-]+(:\d+)?/[A-Za-z0-9._~/+-]+$"),
]


class TableOfFiles(FetchedOptions):
    """A file that holds the same numbers."""

    file: FileName
    """Its name. Example: `data/scores.csv`."""
    sha256: Sha256
    """The sha256 of the file; another file is refused.
    Example: `0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef`."""


class Options(FetchedOptions):
    """`repository`, `commit` and `files` in it."""

    repository: _Address
    """The address of the repository. Example: `https://github.com/openml/automlbenchmark`."""
    commit: _Hash
    """The 40 hexadecimal digits of the commit; a branch or a tag may move, and is refused.
    Example: `0123456789abcdef0123456789abcdef01234567`."""
    files: Annotated[tuple[FileName, ...], Field(min_length=1)]
    """The files: paths, or patterns with `*` and `**`. Example: `[exp/**/report.json]`."""
    blobs: Mapping[FileName, _Hash] = {}
    """By path, git's id of each file (`git rev-parse COMMIT:PATH`): so they are known without their repository.
    Example: `{results/scores.csv: 0123456789abcdef0123456789abcdef01234567}`."""
    table: TableOfFiles | None = None
    """A file that holds the same numbers, read where the commit is not at hand.
    Example: `{file: data/scores.csv, sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef}`."""

    @property
    def origin(self) -> Commit:
        return Commit(self.repository, self.commit)


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    store = GitStore(downloads, LIMITS)
    files, table = _kept(options, store), _table(options, downloads)
    if files is None and table is not None:
        return table
    if files is None:
        try:
            store.fetch(options.origin, options.files)
        except UnreachableError as error:
            raise EvidenceAbsentError(
                EvidenceAbsent(folder.name, options.repository, error.reason)
            ) from None
        files = _kept(options, store)
        assert files is not None
    made = table_of(files, options)
    if table is not None and options.table is not None and not made.equals(table):
        raise DataError(
            f"{options.origin}: its files give {count(made.height)} rows, which differ from the {count(table.height)} "
            f"of {options.table.file}; nothing was read"
        )
    return made


def _kept(options: Options, store: GitStore) -> Files | None:
    """The files, where they are kept here: by their commit, or by the ids that the study names."""
    tree, ids = store.tree(options.origin), dict(options.blobs)
    if tree is not None:
        ids = {
            path: tree[path]
            for path in matching(list(tree), options.files, str(options.origin))
        }
        if options.blobs and (
            wrong := sorted(dict(ids.items() ^ options.blobs.items()))
        ):
            raise DataError(
                f"{options.origin}: {wrong[0]} has the id {ids.get(wrong[0])}; `blobs` says otherwise"
            )
    contents = store.blobs(ids.values()) if ids else None
    return (
        None
        if contents is None
        else {path: contents[name] for path, name in sorted(ids.items())}
    )


def _table(options: Options, downloads: Path) -> pl.DataFrame | None:
    if (
        options.table is None
        or (kept := cached(options.table.sha256, downloads)) is None
    ):
        return None
    return table_of(
        unpacked(kept.read_bytes(), options.table.file, ("**",)), options.table
    )


def wanted(options: Options) -> Downloads:
    """Everything by which the files can be known."""
    sha256 = () if options.table is None else (options.table.sha256,)
    return Downloads(
        sha256, tuple(options.blobs.values()), ((options.origin, options.files),)
    )


SOURCE = Source(
    "git",
    "Files of one commit of a git repository (https)",
    Options,
    read,
    wanted=wanted,
)
