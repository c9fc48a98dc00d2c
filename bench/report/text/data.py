"""What the section about the data says: missing values, classes, distributions, correlations."""

from __future__ import annotations

from collections.abc import Sequence

from bench.text import formats

NO_TABLE = "no clean table is recorded"
NO_COLUMNS = "No columns are recorded."
EVERY_COLUMN = "Every column"
MAKER_UNKNOWN = "not stated"
#: So many columns with missing values are named; the rest are counted.
NAMED = 8
BOXES_HEADER = (
    "Column", "Class", "Lower whisker", "Lower quartile", "Median", "Upper quartile", "Upper whisker",
    "Rows beyond the whiskers",
)  # fmt: skip


def drawn(count: int, features: int) -> str:
    return f"The first {count} of {features} features are shown."


def listed(count: int, features: int) -> str:
    return f"The first {count} of {formats.count(features)} features, and the columns with other roles"


def several(datasets: int) -> str:
    return f"{datasets} datasets"


def missing(values: int, gone: int, columns: Sequence[tuple[str, int]]) -> str:
    """How many values are missing, and in which columns; `columns`: those with missing values, the most first."""
    if not values:
        return NO_COLUMNS
    if not gone:
        return "None."
    named = ", ".join(
        f"{column} ({formats.count(count)})" for column, count in columns[:NAMED]
    )
    left = len(columns) - NAMED
    more = f" and {formats.plural(left, 'more column')}" if left > 0 else ""
    return f"{formats.count(gone)} of {formats.count(values)} values ({formats.share(gone, values)}): {named}{more}."


def classes_label(place: str, counts: Sequence[tuple[str, int]]) -> str:
    return f"Classes of {place}: " + "; ".join(
        f"{name} {formats.count(rows)}" for name, rows in counts
    )


def classes_note(rows: int, shown: int, classes: int) -> str:
    note = f"{formats.plural(rows, 'row')}."
    if shown == classes:
        return note
    return f"{note} The {shown} largest of {formats.count(classes)} classes."


def histogram_label(column: str, values: int, ends: str, bins: Sequence[int]) -> str:
    return f"{column}: {formats.count(values)} values, {ends}; bins {', '.join(map(str, bins))}"


def boxes_label(columns: int, place: str, outliers: int) -> str:
    beyond = formats.plural(outliers, "value")
    return f"Box plots of {formats.plural(columns, 'column')} of {place}; {beyond} beyond the whiskers"


def correlation_label(
    columns: int, place: str, strongest: tuple[str, str, str] | None
) -> str:
    top = (
        ""
        if strongest is None
        else f"; strongest: {strongest[0]} and {strongest[1]}, {strongest[2]}"
    )
    return f"Correlations of {columns} columns of {place}{top}"


def correlation_note(drawn_columns: int, columns: int, numeric: int) -> str:
    """`columns`: of how many there are correlations, the first of the `numeric` ones.

    >>> correlation_note(24, 60, 100)
    'Red: positive; blue: negative. Shown: 24 of the first 60 numeric columns (100 in all), similar ones side by side.'
    >>> correlation_note(24, 60, 60)
    'Red: positive; blue: negative. Shown: 24 of 60 numeric columns, similar ones side by side.'
    """
    some, first = columns > drawn_columns, numeric > columns
    shown = f"{drawn_columns} of " if some else ""
    shown += f"{'the first ' if first else ''}{columns} numeric columns"
    shown += f" ({formats.count(numeric)} in all)" if first else ""
    shown += ", similar ones side by side" if some else ""
    return (
        f"Red: positive; blue: negative.{f' Shown: {shown}.' if some or first else ''}"
    )


def strongest(columns: int, numeric: int) -> str:
    """
    >>> strongest(60, 100), strongest(30, 30)
    ('Strongest pairs of these 60', 'Strongest pairs')
    """
    return (
        f"Strongest pairs of these {columns}"
        if numeric > columns
        else "Strongest pairs"
    )


def rows_given(predictions: bool) -> str:
    """What the rows of an external table are."""
    return "Rows predicted" if predictions else "Rows of scores"
