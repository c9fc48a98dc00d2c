"""Files that were fetched -> one table: by an adapter, or each in its format and under each other."""

from __future__ import annotations

from functools import reduce
from operator import or_
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any, Literal

import polars as pl
from pydantic import Field

from bench.data.adapter import AdapterOptions, Files
from bench.data.adapters import ADAPTERS
from bench.data.delimited import TextOptions
from bench.data.files import under_each_other
from bench.data.formats import read_as, read_parquet

if TYPE_CHECKING:
    AnyAdapter = AdapterOptions
else:
    #: The block `adapter` of a source: one form for each adapter.
    AnyAdapter = Annotated[
        reduce(or_, (adapter.options for adapter in ADAPTERS.values())),
        Field(discriminator="kind"),
    ]


class FetchedOptions(TextOptions):
    """How files that were fetched are read: by an `adapter`, or in their `format` and under each other."""

    format: Literal["csv", "keel", "arff", "parquet"] = "csv"
    """The format of the file."""
    adapter: AnyAdapter | None = None
    """How scores that somebody published are read, in the place of `format` (`bench list adapters`)."""


def adapted(files: Files, options: AdapterOptions) -> pl.DataFrame:
    """The tidy table of files, by the adapter that the options are of."""
    kind: Any = getattr(options, "kind")  # noqa: B009  every form of `AnyAdapter` has it
    return ADAPTERS[kind].table(files, options)


def table_of(files: Files, options: FetchedOptions) -> pl.DataFrame:
    """The one table of files."""
    if options.adapter is not None:
        return adapted(files, options.adapter)

    def one(name: str) -> pl.DataFrame:
        if options.format == "parquet" or PurePosixPath(name).suffix == ".parquet":
            return read_parquet(files[name], name)
        return read_as(files[name], options.format, options, name)

    return (
        one(next(iter(files)))
        if len(files) == 1
        else under_each_other(list(files), one)
    )
