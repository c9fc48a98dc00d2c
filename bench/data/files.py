"""Files named in a study: where they may lie, what they are called, and how several become one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated

import polars as pl
from pydantic import AfterValidator, Field, Strict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from bench.core.errors import DataError, nearest
from bench.data.delimited import TextOptions
from bench.data.room import OF_TEXT, refuse_large
from bench.study.fields import Text

Sha256 = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def _safe(name: str) -> bool:
    path = PurePosixPath(name)
    odd = (
        not name
        or "\0" in name
        or "\\" in name
        or name.startswith("~")
        or re.match(r"^[A-Za-z]:", name)
    )
    return not (odd or path.is_absolute() or ".." in path.parts)


def _refused_at_once(name: str) -> str:
    if not _safe(name):
        raise PydanticCustomError(
            "file",
            "expected a path inside the folder, with forward slashes and without `..`",
        )
    return name


#: A file named in a study: its words cannot leave the folder. Links are looked at when it is opened.
FileName = Annotated[Text, AfterValidator(_refused_at_once)]


class FileOptions(TextOptions):
    """One `file`, or several `files` under each other; then a column `file` holds each file's stem."""

    file: FileName | None = None
    """A file in the folder of the study. Example: `data/wine.csv`."""
    files: Annotated[tuple[FileName, ...], Field(min_length=1)] | None = None
    """Several files, one below the other. Example: `[data/train.csv, data/test.csv]`."""

    @model_validator(mode="after")
    def _one_of(self) -> FileOptions:
        if (self.file is None) == (self.files is None):
            raise PydanticCustomError("file", "give `file` (one) or `files` (a list)")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        return self.files if self.files is not None else (str(self.file),)


def safe_relative(name: str, what: str) -> PurePosixPath:
    """`name` as a relative path that cannot leave its folder by its words alone. Raises `DataError`."""
    path = PurePosixPath(name)
    if not _safe(name):
        raise DataError(
            f"{what}: {name!r} is refused; expected a path inside the folder, with forward slashes and without `..`"
        )
    return path


def inside(folder: Path, name: str, what: str) -> Path:
    """The file `name` in `folder`; raises `DataError` when it is absent (with the nearest name), too large for the
    memory, or when a symbolic link leads out of the folder."""
    path = folder / safe_relative(name, what)
    if not path.is_file():
        known = _known(folder, path.suffix)
        raise DataError(f"{what}: there is no file {name}; {nearest(name, known)}")
    if not path.resolve().is_relative_to(folder.resolve()):
        raise DataError(
            f"{what}: {name} is a symbolic link that leaves the folder; copy the file into it"
        )
    size = path.stat().st_size
    refuse_large(
        size * (1 if path.suffix == ".parquet" else OF_TEXT), f"{what}: {name}"
    )
    return path


def _known(folder: Path, suffix: str) -> list[str]:
    found: Iterable[Path] = folder.rglob(f"*{suffix}") if folder.is_dir() else ()
    return [p.relative_to(folder).as_posix() for p in found if p.is_file()]


def stacked(options: FileOptions, read: Callable[[str], pl.DataFrame]) -> pl.DataFrame:
    """The one table of `file`, or the tables of `files` under each other with the column `file`."""
    return (
        read(str(options.file))
        if options.files is None
        else under_each_other(options.files, read)
    )


def under_each_other(
    names: Sequence[str], read: Callable[[str], pl.DataFrame]
) -> pl.DataFrame:
    """The tables of several files under each other, with the column `file`: the stem of each."""
    stems = [PurePosixPath(name).stem for name in names]
    if len(set(stems)) < len(stems):
        raise DataError(
            f"files: two of {', '.join(names)} have the same stem; rename one"
        )
    frames = [read(name) for name in names]
    for name, frame in zip(names, frames, strict=True):
        if "file" in frame.columns:
            raise DataError(
                f"{name}: has a column `file` of its own, which names the files here; rename it"
            )
        if frame.columns != frames[0].columns:
            raise DataError(
                f"{name}: its columns are {frame.columns}, those of {names[0]} {frames[0].columns}"
            )
    parts = [
        _plain(frame).with_columns(file=pl.lit(stem))
        for stem, frame in zip(stems, frames, strict=True)
    ]
    try:
        return nominal(
            pl.concat(parts),
            [c for c in frames[0].columns if frames[0].schema[c] == pl.Enum],
        )
    except pl.exceptions.SchemaError as error:
        raise DataError(
            f"files: the columns differ in type ({error}); nothing was read"
        ) from None


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Enum and Categorical columns as text, so that tables with other categories fit under each other."""
    return frame.with_columns(
        pl.col(c).cast(pl.String) for c, t in frame.schema.items() if is_nominal(t)
    )


def is_nominal(dtype: pl.DataType) -> bool:
    return dtype in (pl.Enum, pl.Categorical)


def nominal(frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Text columns that are categories by declaration, as Enum of the observed values in alphabetical order.

    An Enum carries its categories with it; the codes of a Categorical depend on what else the process has read.
    """
    return frame.with_columns(
        pl.col(c).cast(pl.Enum(frame[c].drop_nulls().unique().sort().to_list()))
        for c in columns
    )
