"""CSV: the frames of a study at full precision, with a file that explains every column.

A list is JSON; a missing or infinite number is an empty cell. Statements stay as JSON, with their sentence in a column
beside them. Text that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
import json
from math import isfinite
from typing import Any

import polars as pl

from bench.core.text import text_cell
from bench.report.csv import write_csv
from bench.report.exports.content import Content, ExportFormat
from bench.report.exports.frames import exported
from bench.report.text import exports as text
from bench.report.text import external as given


def csv_files(content: Content) -> dict[str, str]:
    """data/<frame>.csv of every frame with rows, data/names.csv, and data/readme.md."""
    frames = {
        name: frame for name, frame in exported(content.bundle).items() if frame.height
    }
    files = {f"data/{name}.csv": text_of(frame) for name, frame in frames.items()}
    ranged = (
        content.bundle.frame("estimates")
        .drop_nulls("low")["dataset"]
        .unique(maintain_order=True)
        .to_list()
    )
    files |= {
        f"tables/{name}.csv": write_csv(table) for name, table in content.tables.items()
    }
    columns = {name: frame.columns for name, frame in frames.items()}
    return files | {
        "data/readme.md": text.readme(columns, given.seeds_only(content.bundle, ranged))
    }


def text_of(frame: pl.DataFrame) -> str:
    """One frame as CSV: UTF-8, commas, quotes where needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(map(_cell, row) for row in frame.iter_rows())
    return out.getvalue()


def _cell(value: Any) -> str:
    """A value of a frame as text.

    >>> _cell(0.1), _cell(None), _cell(float("inf")), _cell(True), _cell(["a"])
    ('0.1', '', '', 'true', '["a"]')
    """
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return ""
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, int | float):
        return json.dumps(value)
    return text_cell(json.dumps(value, ensure_ascii=False))


FORMAT = ExportFormat("csv", csv_files)
