"""The files in an archive, in memory: nothing is written, so no name in it can lead anywhere.

How much may come out is limited, in bytes and against the size of the archive, before it is read.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import BinaryIO

from bench.core.errors import DataError, nearest
from bench.text.formats import count

#: Most bytes that come out of one archive, and how many times its own size that may be above `FREE` bytes.
MOST, RATIO, FREE = 2 << 30, 200, 64 << 20
MOST_FILES = 100_000
#: How a packed file begins, and what unpacks it.
_PACKED: Mapping[bytes, Callable[..., BinaryIO]] = {
    b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}  # type: ignore[dict-item]  # fmt: skip
_ENDING = re.compile(r"\.(gz|bz2|xz)$")


def unpacked(raw: bytes, name: str, wanted: Sequence[str]) -> dict[str, bytes]:
    """The files of a zip or tar archive that patterns name, by path; of a packed file the one in it.

    Anything else is itself. Raises `DataError` for an archive that is damaged, is too large or holds two files of one
    name, and for a pattern that names nothing.
    """
    try:
        if raw.startswith(b"PK\x03\x04"):
            return _chosen(_in_zip(raw), len(raw), name, wanted)
        if name.endswith(
            (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
        ) or _holds_tar(raw):
            return _chosen(_in_tar(raw), len(raw), name, wanted)
        for start, opened in _PACKED.items():
            if raw.startswith(start):
                with opened(io.BytesIO(raw)) as file:
                    (inner,) = matching([_ENDING.sub("", name)], wanted, name)
                    return {inner: _limited(file, _allowance(len(raw)), name)}
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        lzma.LZMAError,
        EOFError,
        OSError,
        zlib.error,
        RuntimeError,
        ValueError,
    ) as error:
        raise DataError(
            f"{name}: cannot be unpacked ({type(error).__name__}: {error}); nothing was read"
        ) from None
    return dict.fromkeys(matching([name], wanted, name), raw)


def matching(paths: Sequence[str], wanted: Sequence[str], what: str) -> list[str]:
    """The paths that patterns name, in order: `*` stands for a part of a name, `**` for any number of folders.

    Raises `DataError` for a pattern that names nothing.

    >>> matching(["a/x.csv", "a/b/x.csv", "y.csv"], ["a/**/x.csv"], "it")
    ['a/b/x.csv', 'a/x.csv']
    """
    found: set[str] = set()
    for pattern in wanted:
        named = [path for path in paths if _expression(pattern).fullmatch(path)]
        if not named:
            raise DataError(f"{what}: has no file {pattern}; {nearest(pattern, paths)}")
        found.update(named)
    if len(found) > MOST_FILES:
        raise DataError(
            f"{what}: {count(len(found))} files are named; at most {count(MOST_FILES)} are read"
        )
    return sorted(found)


@lru_cache(maxsize=64)
def _expression(pattern: str) -> re.Pattern[str]:
    parts = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(
            parts.get(one, re.escape(one))
            for one in re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
        )
    )


def _chosen(
    members: Iterator[tuple[str, Callable[[], BinaryIO]]],
    size: int,
    name: str,
    wanted: Sequence[str],
) -> dict[str, bytes]:
    there = dict[str, Callable[[], BinaryIO]]()
    for path, opened in members:
        if path in there:
            raise DataError(f"{name}: holds two files {path}; nothing was read")
        there[path] = opened
    for path in there:
        if (
            PurePosixPath(path).is_absolute()
            or ".." in PurePosixPath(path).parts
            or "\\" in path
        ):
            raise DataError(
                f"{name}: holds {path!r}, a path that leaves its folder; nothing was read"
            )
    left, files = _allowance(size), dict[str, bytes]()
    for path in matching(list(there), wanted, name):
        files[path] = _limited(there[path](), left, name)
        left -= len(files[path])
    return files


def _in_zip(raw: bytes) -> Iterator[tuple[str, Callable[[], BinaryIO]]]:
    archive = zipfile.ZipFile(io.BytesIO(raw))
    for info in archive.infolist():
        if not info.is_dir():
            yield info.filename.removeprefix("./"), lambda info=info: archive.open(info)  # type: ignore[misc]


def _holds_tar(raw: bytes) -> bool:
    """Whether it is a tar archive, packed or not, whatever its address ends with."""
    opened = next(
        (opened for start, opened in _PACKED.items() if raw.startswith(start)), None
    )
    head = raw if opened is None else opened(io.BytesIO(raw)).read(262)
    return head[257:262] == b"ustar"


def _in_tar(raw: bytes) -> Iterator[tuple[str, Callable[[], BinaryIO]]]:
    archive = tarfile.open(fileobj=io.BytesIO(raw))  # noqa: SIM115  the members are read later, from memory
    for info in archive:
        if info.isreg():  # links and devices are no files
            yield (
                info.name.removeprefix("./"),
                lambda info=info: archive.extractfile(info),  # type: ignore[misc]
            )


def _allowance(size: int) -> int:
    return min(MOST, max(FREE, size * RATIO))


def _limited(file: BinaryIO, left: int, name: str) -> bytes:
    content = file.read(left + 1)
    if len(content) > left:
        raise DataError(
            f"{name}: over {count(left)} bytes come out of it, too many for an archive of its size; nothing was read"
        )
    return content
