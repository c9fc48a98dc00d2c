"""Tables that a function of the study draws: a simulation of one's own.

The function stands in a file of the study's folder, which params.yaml must trust by name: `bench check` refuses it
before it is read. It is called once a draw, `function(rng, rows, **parameters)`, and answers a polars frame or columns
by name. All chance must come from `rng`, whose seed is made of the study's number, the draw and the function's name;
the first draw is made twice, and refused where it differs.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import numpy as np
import polars as pl
from pydantic import Field, Strict, StringConstraints

from bench.core.errors import DataError, suggested
from bench.data.files import inside
from bench.data.source import Source
from bench.study.fields import Form, Text

_Rows = Annotated[int, Strict(), Field(ge=1, le=10_000_000)]


class Options(Form):
    """`rows` a draw; `draws` of the whole table, counted from 0 in the column `draw`; with `test_rows` the column
    `split` says train or test."""

    file: Annotated[
        str, Strict(), StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}\.py$")
    ]
    """A Python file in the folder of the study, which `trusted` in params.yaml names. Example: `simulate.py`."""
    function: Annotated[
        str, Strict(), StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")
    ]
    """The function that draws the rows. Example: `spirals`."""
    rows: Annotated[int, Strict(), Field(ge=4, le=10_000_000)]
    """How many rows. Example: `300`."""
    parameters: Mapping[Text, Any] = {}
    """What else the function is given, by name. Example: `{noise: 0.2}`."""
    draws: Annotated[int, Strict(), Field(ge=1, le=10_000)] = 1
    """How many independent tables; each repeat has one of its own."""
    test_rows: _Rows | None = None
    """How many further rows are the test set. Example: `1800`."""
    seed: Annotated[int, Strict(), Field(ge=0, lt=2**32)] = 0
    """The number that the rows derive from."""


_Draw = Callable[[int], pl.DataFrame]


def read(options: Options, folder: Path, downloads: Path) -> pl.DataFrame:
    """The columns of the function, then `split` and `draw` if asked for."""
    path = inside(folder, options.file, folder.name)
    function = _function(path, options.function)

    def draw(number: int) -> pl.DataFrame:
        word = int.from_bytes(
            hashlib.sha256(options.function.encode()).digest()[:8], "little"
        )
        rng = np.random.default_rng([options.seed, number, word])
        parts = [_called(path, function, options, rng, options.rows)]
        if options.test_rows:
            parts.append(_called(path, function, options, rng, options.test_rows))
            sides = zip(("train", "test"), parts, strict=True)
            parts = [part.with_columns(split=pl.lit(side)) for side, part in sides]
        return _under_each_other(parts, path, options)

    first = draw(0)
    if not first.equals(draw(0)):
        raise DataError(
            f"{path.name}: {options.function} gave other rows from the same rng; draw all chance from rng"
        )
    frames = [first, *map(draw, range(1, options.draws))]
    if options.draws == 1:
        return first
    numbered = [
        one.with_columns(draw=pl.lit(i, pl.Int64)) for i, one in enumerate(frames)
    ]
    return _under_each_other(numbered, path, options)


def _under_each_other(
    frames: list[pl.DataFrame], path: Path, options: Options
) -> pl.DataFrame:
    """Frames of the same columns and types. Raises `DataError` where a call gave others."""
    first = frames[0].schema
    second = next(
        (
            one.schema
            for one in frames
            if list(one.schema.items()) != list(first.items())
        ),
        None,
    )
    if second is not None:
        what = next(
            (name for name in (*first, *second) if first.get(name) != second.get(name)),
            "their order",
        )
        raise DataError(
            f"{path.name}: {options.function} gave other columns or types in another call: {what}"
        )
    return pl.concat(frames)


def _function(path: Path, name: str) -> Callable[..., Any]:
    """The function of a file. Raises `DataError` where the file cannot be run or has no such function."""
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    try:
        exec(
            compile(path.read_text(encoding="utf-8"), str(path), "exec"),
            module.__dict__,
        )
    except (Exception, SystemExit) as error:  # code of the study's author
        raise DataError(f"{path.name}: {_said(path, error)}") from None
    function = getattr(module, name, None)
    if not callable(function):
        known = [
            key
            for key, one in vars(module).items()
            if callable(one) and not key.startswith("_")
        ]
        raise DataError(
            f"{path.name}: there is no function {name}; {suggested(name, known, 'functions')}"
        )
    made: Callable[..., Any] = function
    return made


def _called(
    path: Path,
    function: Callable[..., Any],
    options: Options,
    rng: np.random.Generator,
    rows: int,
) -> pl.DataFrame:
    """One call of the function, as a frame of so many rows. Raises `DataError`."""
    try:
        made = function(rng, rows, **options.parameters)
        frame = made if isinstance(made, pl.DataFrame) else pl.DataFrame(dict(made))
    except (
        Exception,
        SystemExit,
        pl.exceptions.PanicException,
    ) as error:  # code of the study's author
        raise DataError(
            f"{path.name}: {options.function}: {_said(path, error)}"
        ) from None
    if taken := sorted({"split", "draw"} & set(frame.columns)):
        raise DataError(
            f"{path.name}: {options.function} gave a column {taken[0]}, which is bench's own; rename it"
        )
    if frame.height != rows:
        raise DataError(
            f"{path.name}: {options.function} was asked for {rows} rows and gave {frame.height}"
        )
    return frame


def _said(path: Path, error: BaseException) -> str:
    """What an error says, with the line of the file that it is about."""
    lines = [
        one.lineno
        for one in traceback.extract_tb(error.__traceback__)
        if one.filename == str(path)
    ]
    line = (
        error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    )
    first = (str(error).splitlines() or [""])[0]
    return f"{f'line {line}: ' if line else ''}{type(error).__name__}: {first}"


SOURCE = Source("generated", "A simulation of one's own", Options, read)
