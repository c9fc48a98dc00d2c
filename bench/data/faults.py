"""What no table may hold, whatever its columns mean: decided once, after cleaning and before anything is fitted.

What a table may hold although it is odd is a remark (`bench.data.remarks`).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

import polars as pl

from bench.core.errors import DataError, IncompatibleDataError, row_number
from bench.data.expressions import in_sql
from bench.data.target import as_number
from bench.data.types import ColumnKind
from bench.study.protocol import FixedSplit, row_ranges
from bench.text.formats import listed, plural

LEAST_ROWS = 4
#: Beyond it squares of squares are no floats any more, and with them variances and their standard errors.
LARGEST = 1e75


def refuse_numbers(frame: pl.DataFrame, columns: Iterable[str], where: str) -> None:
    """Raises `DataError` for infinite numbers, and for finite ones too large to be squared."""
    for column in (c for c in columns if frame[c].dtype == pl.Float64):
        rows = frame["row"].filter(frame[column].is_infinite())
        if len(rows):
            raise DataError(
                f"{where}: column {column} is infinite in {_rows(rows)}; `derive: {{{column}: CASE"
                f" WHEN ABS({in_sql(column)}) <= {LARGEST:g} THEN {in_sql(column)} END}}` makes such values missing"
            )
        rows = frame["row"].filter(frame[column].abs() > LARGEST)
        if len(rows):
            raise DataError(
                f"{where}: column {column} is beyond {LARGEST:g} in {_rows(rows)}, and its squares would be infinite;"
                f" give it in a larger unit by the step `derive`, or make such values"
                f" missing by `CASE WHEN ABS({in_sql(column)}) <= {LARGEST:g} THEN {in_sql(column)} END`"
            )


def refuse_missing(
    frame: pl.DataFrame, columns: Iterable[str], where: str, *, runs: bool = False
) -> None:
    """Raises `DataError` for a missing value where there must be one; runs: of a table of scores, whose `missing_runs`
    says what becomes of models without some."""
    for column in columns:
        rows = frame["row"].filter(frame[column].is_null())
        if len(rows):
            raise DataError(
                f"{where}: column {column} is missing in {_rows(rows)}; give the values, or drop the rows with"
                f" `clean: [{{drop_missing: {{columns: [{column}]}}}}]`"
                + (
                    "; of runs that failed or did not finish, `missing_runs` says what becomes of them"
                    if runs
                    else ""
                )
            )


def refuse_table(
    frame: pl.DataFrame,
    roles: Mapping[str, str],
    types: Mapping[str, ColumnKind],
    where: str,
) -> None:
    """Raises `DataError` for what keeps a dataset from being split and fitted at all."""
    if frame.height < LEAST_ROWS:
        raise DataError(
            f"{where}: {plural(frame.height, 'row')} left; at least {LEAST_ROWS} are needed"
        )
    _refuse_types(roles, types, where)
    refuse_missing(
        frame,
        (c for c, role in roles.items() if role not in ("feature", "dropped")),
        where,
    )
    for column, role in roles.items():
        if role in ("group", "split") and types[column] == "categorical":
            refuse_spellings(
                frame[column], f"{where}: column {column}", any_case=role != "group"
            )


def _refuse_types(
    roles: Mapping[str, str], types: Mapping[str, ColumnKind], where: str
) -> None:
    features = [c for c, role in roles.items() if role == "feature"]
    if not features:
        raise DataError(
            f"{where}: no feature is left; look at `features`, `drop` and the cleaning steps"
        )
    dates = [c for c in features if types[c] == "date"]
    if dates:
        holding = (
            f"column {dates[0]} holds"
            if len(dates) == 1
            else f"columns {', '.join(dates)} hold"
        )
        raise DataError(
            f"{where}: {holding} dates, which no model takes as they are; make numbers of them, such as"
            f" `derive: {{year: EXTRACT(YEAR FROM {in_sql(dates[0])})}}`, and list them in `drop`, or as `time`"
        )
    time = [
        c for c, role in roles.items() if role == "time" and types[c] == "categorical"
    ]
    if time:
        raise DataError(
            f"{where}: time: column {time[0]} is text, which has no order; declare its type (date, numeric)"
        )


def refuse_ranges(
    resampling: object, rows: int, where: str, at: tuple[int | str, ...]
) -> None:
    """Raises `IncompatibleDataError` for ranges of rows that go beyond the table as it came; at: where they stand."""
    if not isinstance(resampling, FixedSplit) or resampling.column is not None:
        return
    for key in ("train", "test"):
        last = max(high for _, high in row_ranges(getattr(resampling, key)))
        if last > rows:
            raise IncompatibleDataError(
                (*at, key), f"{where}: names row {last}, but the table has {rows} rows"
            )


def refuse_spellings(labels: pl.Series, what: str, *, any_case: bool = False) -> None:
    """Raises `DataError` when two labels are one number (0, 0.0), or one word but for quotes, spaces, signs that nobody
    sees, or the form of a letter; with `any_case` also but for capitals."""
    seen: dict[float | str, list[str]] = defaultdict(list)
    for label in labels.cast(pl.String).drop_nulls().unique().to_list():
        word = _plain(label)
        number = as_number(word)
        seen[
            (word.casefold() if any_case else word) if number is None else number
        ].append(label)
    for alike in seen.values():
        if len(alike) > 1:
            pair = " and ".join(repr(label) for label in sorted(alike)[:2])
            raise DataError(
                f"{what}: holds {pair}, which look like one label; make them one with the step `derive`, by CASE or"
                " TRIM"
            )


def _plain(label: str) -> str:
    """A label without quotes and outer spaces, in one form of its letters (NFKC), without signs that nobody sees."""
    seen = "".join(
        sign
        for sign in unicodedata.normalize("NFKC", label)
        if unicodedata.category(sign) != "Cf"
    )
    return " ".join(seen.strip().strip("'\"").split())


def _rows(rows: pl.Series) -> str:
    return f"row{'s' * (len(rows) > 1)} {listed([str(row_number(row)) for row in rows], most=5)}"
