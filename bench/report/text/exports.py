"""What the exported files say of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bench.report.text.tex import escaped
from bench.text import columns, formats

_INTRODUCTION = """\
# Data of this study

Each file is one frame of the study's results: comma-separated, UTF-8, numbers at full precision, an empty cell for a
missing or infinite value, lists and statements as JSON. Text that begins with `=`, `+`, `-` or `@` has an apostrophe
before it, so that no spreadsheet takes it for a formula. Predictions row by row are in `predictions.parquet` of the
results.
"""


def readme(frames: Mapping[str, Iterable[str]], intervals: str) -> str:
    """Markdown that explains every file and column; `frames`: the columns of each; `intervals`: what those of means
    leave out, empty where nothing."""
    parts = [
        _INTRODUCTION,
        *([f"Of `estimates.csv` and `pairs.csv`: {intervals}\n"] if intervals else []),
    ]
    for name, names in frames.items():
        lines = [f"- `{column}`: {columns.column(name, column)}" for column in names]
        parts.append(
            "\n".join([f"## {name}.csv", "", columns.FRAMES.get(name, ""), "", *lines])
            + "\n"
        )
    return "\n".join(parts)


def made(study: str, results: str) -> str:
    """From which results of which study a file was made; `results`: their sha256."""
    return f"Study {study}, results {formats.fingerprint(results)}."


def model_on(family: str, dataset: str) -> str:
    """What a name that TeX can hold is of; a line of ASCII whatever the names hold."""
    return escaped(f"{family} on {dataset}")


def answer(words: str) -> str:
    return f"The study's answer: {words}"


def use(words: str) -> str:
    return f"What to use: {words}"


NEEDS_PACKAGES = r"Needs \usepackage{booktabs} and \usepackage{graphicx}."
SCHEMA_TITLE = "Results of a study of bench"
