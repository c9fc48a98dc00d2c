"""Simulated tables with known truth, made anew from a seed; `bench.data.generators` says what the truth is."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import polars as pl
from pydantic import Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from bench.data.generators import GENERATORS, SCREENED, Generator
from bench.data.source import Source
from bench.study.fields import Form

_MAX_CELLS = 200_000_000
_Rows = Annotated[int, Strict(), Field(ge=1, le=10_000_000)]


class Options(Form):
    """`rows` a draw; `columns` where they are free; `draws` of the whole table; with `test_rows` the column `split`
    says train or test; with several draws the column `draw` counts them from 0."""

    name: Literal[
        "friedman1", "friedman2", "friedman3", "noise", "ringnorm", "screened_noise", "threenorm", "twonorm", "waveform"
    ]  # fmt: skip
    """The generator."""
    rows: Annotated[int, Strict(), Field(ge=4, le=10_000_000)]
    """How many rows. Example: `300`."""
    columns: Annotated[int, Strict(), Field(ge=1, le=100_000)] | None = None
    """How many features; the generator's own number, unless given. Example: `20`."""
    draws: Annotated[int, Strict(), Field(ge=1, le=10_000)] = 1
    """How many independent tables; each repeat has one of its own."""
    test_rows: _Rows | None = None
    """How many further rows are the test set. Example: `1800`."""
    seed: Annotated[int, Strict(), Field(ge=0, lt=2**32)] = 0
    """The number that the rows derive from."""

    @model_validator(mode="after")
    def _possible(self) -> Options:
        made = GENERATORS[self.name]
        if self.columns is not None and not made.free and self.columns != made.columns:
            raise PydanticCustomError(
                "columns",
                "{name} has {n} columns",
                {"name": self.name, "n": made.columns},
            )
        if self.width < made.least:
            raise PydanticCustomError(
                "columns",
                "{name} needs at least {n}",
                {"name": self.name, "n": made.least},
            )
        if made.own_rows and self.test_rows:
            raise PydanticCustomError(
                "rows",
                "{name} knows its rows: there are no test rows",
                {"name": self.name},
            )
        wide = self.rows * self.width * (SCREENED if made.own_rows else 1)
        if (
            max(wide, (self.rows + (self.test_rows or 0)) * self.draws * self.width)
            > _MAX_CELLS
        ):
            raise PydanticCustomError(
                "rows", "more than {n} cells in all", {"n": _MAX_CELLS}
            )
        return self

    @property
    def width(self) -> int:
        return self.columns or GENERATORS[self.name].columns


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    """Columns x1, x2, ... and `target` (numbers, or class names "1", "2", ...), then `split`, `draw` if asked for."""
    made = GENERATORS[options.name]
    frames = [_draw(made, options, draw) for draw in range(options.draws)]
    return pl.concat(frames, rechunk=True)


def _draw(made: Generator, options: Options, draw: int) -> pl.DataFrame:
    # A seed of its own for every name and draw: draw 3 is the same however many draws there are.
    word = int.from_bytes(hashlib.sha256(options.name.encode()).digest()[:8], "little")
    rng = np.random.default_rng([options.seed, draw, word])
    parts = [made.draw(rng, options.rows, options.width)]
    if options.test_rows:
        parts.append(made.draw(rng, options.test_rows, options.width))
    x, y = (np.concatenate(both) for both in zip(*parts, strict=True))
    frame = pl.DataFrame(x, schema=[f"x{i}" for i in range(1, options.width + 1)])
    target = (
        pl.Series("target", y, dtype=pl.Float64)
        if made.task == "regression"
        else pl.Series("target", y + 1)
    )
    frame = frame.with_columns(
        target if made.task == "regression" else target.cast(pl.String)
    )
    if options.test_rows:
        side = ["train"] * options.rows + ["test"] * options.test_rows
        frame = frame.with_columns(split=pl.Series(side))
    return (
        frame.with_columns(draw=pl.lit(draw, pl.Int64)) if options.draws > 1 else frame
    )


SOURCE = Source(
    "synthetic",
    "A simulation with known truth",
    Options,
    read,
    {"name": "twonorm", "rows": 20},
)
