"""From text and loose columns to typed ones: numeric, categorical, ordinal, boolean, date.

    kind         held as                          from text
    numeric      Float64, never NaN or infinite   a plain decimal number
    categorical  Enum, categories as observed     any text, as it stands
    ordinal      Enum, in the declared order      one of the declared words
    boolean      Boolean                          true/false, yes/no, t/f, y/n, 1/0 (declared); true/false (inferred)
                                                  (a feature that is not declared so is categorical after cleaning)
    date         Date or Datetime                 2024-12-31, 2024/12/31, 31.12.2024, with or without a time of day

A column is inferred to be numeric only if every value parses and nothing is lost: leading zeros (007), whole numbers
beyond 2^53 and numbers beyond the range of a float stay text. Missing is null in every type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, NoReturn

import polars as pl

from bench.core.errors import DataError, meant, row_number, suggested
from bench.data.files import is_nominal
from bench.data.roles import incompatible
from bench.data.target import as_number
from bench.study.models import ColumnType, Ordinal
from bench.text.formats import listed

ColumnKind = Literal["numeric", "categorical", "ordinal", "boolean", "date"]
LARGEST_EXACT = 2**53
_TRUE, _FALSE = ("true", "yes", "t", "y", "1"), ("false", "no", "f", "n", "0")
_ENDLESS = r"(?i)^[+-]?inf(inity)?$"
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_DATED = r"^(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{2}\.\d{2}\.\d{4})([ T]\d{2}:\d{2}.*)?$"
_TIME = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$"
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y")
_TIMES = tuple(
    f"{day}{mid}{hour}"
    for day in _DATES
    for mid in (" ", "T")
    for hour in ("%H:%M:%S%.f", "%H:%M")
)


def kind_of(series: pl.Series, declared: ColumnType | None = None) -> ColumnKind:
    """The kind of a typed column, by its dtype; an Enum is ordinal only when it has the declared order."""
    if series.dtype == pl.Boolean:
        return "boolean"
    if series.dtype.is_temporal():
        return "date"
    if series.dtype.is_numeric():
        return "numeric"
    ordered = isinstance(declared, Ordinal) and series.dtype == _enum(declared.ordinal)
    return "ordinal" if ordered else "categorical"


def _enum(order: Iterable[str]) -> pl.Enum:
    return pl.Enum(list(dict.fromkeys(order)))


def without_tokens(
    frame: pl.DataFrame, tokens: Iterable[str], columns: Iterable[str]
) -> pl.DataFrame:
    """The declared missing-value tokens as null: in text as they stand but for outer spaces, in numbers by value."""
    words = [token.strip() for token in tokens]
    numbers = [number for number in map(as_number, words) if number is not None]
    changed, schema = [], frame.schema
    for name in columns:
        dtype = schema[name]
        if dtype == pl.String:
            text = pl.col(name).str.strip_chars()
            stands = text.is_in(words)
            if numbers:  # -999.0 is -999, but the word 007 is no 7
                plain = text.str.contains(r"^[+-]?(0|[1-9]\d*)(\.\d*)?$")
                stands |= plain & text.cast(pl.Float64, strict=False).is_in(
                    numbers
                ).fill_null(False)
            changed.append(pl.when(~stands).then(pl.col(name)).alias(name))
        elif dtype.is_numeric() and numbers:
            changed.append(
                pl.when(~pl.col(name).cast(pl.Float64).is_in(numbers))
                .then(pl.col(name))
                .alias(name)
            )
    return frame.with_columns(changed)


def typed(
    series: pl.Series,
    declared: ColumnType | None,
    rows: pl.Series,
    where: str,
    target: bool = False,
) -> pl.Series:
    """The column as its declared type, or as the inferred one when `declared` is None.

    `rows` are the raw row numbers, `where` names the dataset, and `target` says that a regression predicts the column;
    all only for messages. Raises `DataError` with the
    first values that do not fit.
    """
    if series.dtype.is_float():
        series = series.fill_nan(None)
    if isinstance(declared, Ordinal):
        return _ordinal(series, declared.ordinal, rows, where)
    if declared is None:
        return _inferred(series, rows, where)
    make = {
        "numeric": _numeric,
        "categorical": _categorical,
        "boolean": _boolean,
        "date": _date,
    }[declared]
    made, bad = make(series)
    if bad.any():
        if target and bad.mean() > 0.25:  # type: ignore[operator]
            first = int(bad.arg_max() or 0)
            raise DataError(
                f"{where}: the target {series.name} holds {series[first]!r} in row {row_number(rows[first])}, and"
                f" text in {bad.sum()} rows; a regression predicts numbers: write `task: classification`, or name"
                " another target"
            )
        if declared == "date":
            _refuse_months(series, where)
        _refuse(
            series,
            bad,
            rows,
            where,
            f"is declared {declared}",
            numbers=declared == "numeric",
        )
    if (
        declared == "numeric"
        and not series.dtype.is_float()
        and made.n_unique() < series.n_unique()
    ):
        _refuse_merged(series, made, where)
    return made


def _refuse_merged(series: pl.Series, made: pl.Series, where: str) -> None:
    """Raises `DataError` where whole numbers beyond 2^53 that differ would be one number."""
    large = made.abs() >= LARGEST_EXACT
    before = (
        series.filter(large).cast(pl.String).str.strip_chars().n_unique()
        if large.any()
        else 0
    )
    if before > (after := made.filter(large).n_unique()):
        raise DataError(
            f"{where}: column {series.name} is numeric, but {before} different values beyond 2^53 would become {after};"
            " if they are identifiers, declare `categorical`; else keep their leading digits only"
        )


def _rounded(series: pl.Series, numbers: pl.Series) -> pl.Series:
    """Which whole numbers a float cannot hold."""
    if (
        not series.dtype.is_integer()
        or not (large := (numbers.abs() >= LARGEST_EXACT).fill_null(False)).any()
    ):
        return series.is_null() & False
    return large & (
        numbers.cast(pl.Int128, strict=False) != series.cast(pl.Int128)
    ).fill_null(True)


def looks_numeric(series: pl.Series) -> bool:
    """Whether a text column can become numbers with nothing lost."""
    if series.dtype != pl.String:
        return series.dtype.is_numeric()
    if _unlike_numbers(series.drop_nulls().head(1000)):
        return False
    return not _unlike_numbers(series)


def _unlike_numbers(series: pl.Series) -> bool:
    text = series.str.strip_chars()
    numbers = text.cast(pl.Float64, strict=False)
    if (
        numbers.null_count() > series.null_count()
        or not (numbers.is_finite() | numbers.is_null()).all()
    ):
        return True
    return bool(_lossy(text, numbers).any() or text.str.contains(r"^[+-]?0\d").any())


def _lossy(text: pl.Series, numbers: pl.Series) -> pl.Series:
    """Whole numbers that a float cannot hold; only large ones are looked at as text."""
    large = (numbers.abs() >= LARGEST_EXACT).fill_null(False)
    if not large.any():
        return large
    exact = numbers.cast(pl.Int128, strict=False).cast(
        pl.String
    ) == text.str.strip_prefix("+")
    return (
        large
        & text.str.contains(r"^[+-]?\d+$").fill_null(False)
        & ~exact.fill_null(False)
    )


def _all_boolean(texts: pl.Series) -> bool:
    return bool(texts.str.to_lowercase().is_in(["true", "false"]).all())


def _inferred(series: pl.Series, rows: pl.Series, where: str) -> pl.Series:
    if series.dtype == pl.Boolean:
        return series
    if series.dtype.is_temporal():
        return _date(series)[0]
    if series.dtype == pl.Null or series.null_count() == len(series):
        return pl.Series(series.name, [None] * len(series), dtype=pl.Float64)
    if series.dtype.is_numeric():
        numbers = series.cast(pl.Float64)
        return _categorical(series)[0] if _rounded(series, numbers).any() else numbers
    if is_nominal(series.dtype):
        return _categorical(series)[0]
    if looks_numeric(series):
        return series.str.strip_chars().cast(pl.Float64)
    endless = series.str.strip_chars().str.contains(_ENDLESS).fill_null(False)
    if endless.any() and not endless.all() and looks_numeric(series.filter(~endless)):
        _refuse(series, endless, rows, where, "would be numeric")
    return _of_text(series)


def _of_text(series: pl.Series) -> pl.Series:
    """A column of texts that are no numbers: booleans or dates where all of them are, else categories."""
    some = series.drop_nulls()
    head = some.head(200).str.strip_chars()
    if _all_boolean(head) and _all_boolean(some):
        return _boolean(series)[0]
    if head.str.contains(_DATE).all() or head.str.contains(_TIME).all():
        made, bad = _date(series)
        if not bad.any():
            return made
    return _categorical(series)[0]


def _numeric(series: pl.Series) -> tuple[pl.Series, pl.Series]:
    """As Float64, and where a value is no finite number. A declared numeric column may be rounded to a float."""
    if series.dtype == pl.Boolean:
        return series.cast(pl.Float64), series.is_null() & False
    if series.dtype.is_temporal():
        return series.cast(pl.Float64, strict=False), series.is_not_null()
    if series.dtype.is_numeric():
        return series.cast(
            pl.Float64
        ), series.is_null() & False  # infinities are refused after the cleaning steps
    text = series.cast(pl.String).str.strip_chars()
    numbers = text.cast(pl.Float64, strict=False)
    return numbers, series.is_not_null() & ~numbers.is_finite().fill_null(False)


def _categorical(series: pl.Series) -> tuple[pl.Series, pl.Series]:
    text = as_text(series)
    return text.cast(
        pl.Enum(text.drop_nulls().unique().sort().to_list())
    ), series.is_null() & False


def as_text(series: pl.Series) -> pl.Series:
    """A column as the text a person would write: 1.0 is "1", true is "true"."""
    if series.dtype.is_float():
        whole = (series == series.round(0)) & (series.abs() <= LARGEST_EXACT)
        if bool(whole.all()):
            return series.cast(pl.Int64).cast(pl.String)
    return series.cast(pl.String)


def _ordinal(
    series: pl.Series, order: tuple[str, ...], rows: pl.Series, where: str
) -> pl.Series:
    text = as_text(series).str.strip_chars()
    bad = text.is_not_null() & ~text.is_in(list(order))
    if bad.any():
        first = str(text.filter(bad)[0])
        near = " or ".join(meant(first, order))
        raise DataError(
            f"{where}: column {series.name} is declared ordinal [{', '.join(order)}], but holds "
            + _places(series, bad, rows)
            + (f"; if that is {near}, mend it in the file" if near else "")
            + "; if it is a category of its own, add it to the list in its place"
            + f"; if it stands for missing values, declare `missing: [{first[:40]!r}]`"
        )
    return text.cast(_enum(order))


def _boolean(series: pl.Series) -> tuple[pl.Series, pl.Series]:
    if series.dtype == pl.Boolean:
        return series, series.is_null() & False
    text = as_text(series).str.strip_chars().str.to_lowercase()
    known = text.is_in([*_TRUE, *_FALSE])
    return text.is_in(list(_TRUE)).set(
        text.is_null(), None
    ), series.is_not_null() & ~known.fill_null(False)


def _date(series: pl.Series) -> tuple[pl.Series, pl.Series]:
    if series.dtype == pl.Date:
        return series, series.is_null() & False
    if isinstance(series.dtype, pl.Datetime):
        return series.dt.convert_time_zone("UTC").dt.replace_time_zone(None).cast(
            pl.Datetime("us")
        ) if (series.dtype.time_zone) else series.cast(
            pl.Datetime("us")
        ), series.is_null() & False
    text = as_text(series).str.strip_chars()
    for formats, dtype in ((_DATES, pl.Date), (_TIMES, pl.Datetime("us"))):
        made = pl.Series(series.name, [None] * len(series), dtype=dtype)
        for form in formats:
            if made.null_count() == series.null_count():
                break
            made = made.fill_null(text.str.strptime(dtype, form, strict=False))
        if made.null_count() < len(series) or dtype != pl.Date:
            break
    return made, series.is_not_null() & made.is_null()


def is_dated(series: pl.Series) -> bool:
    """Whether all texts of a column are dates that the declared type reads."""
    text = series.drop_nulls().str.strip_chars()
    if not len(text) or not text.str.contains(_DATED).all():
        return False
    return not bool(_date(series)[1].any())


def _refuse_months(series: pl.Series, where: str) -> None:
    """Raises `DataError` where a column that is declared a date holds years with months, such as 2023-02."""
    text = series.cast(pl.String).str.strip_chars().drop_nulls()
    if text.str.contains(r"^\d{4}[-/]\d{1,2}$").all():
        raise DataError(
            f"{where}: column {series.name} is declared date, but holds years with months ({text[0]!r}), which are no"
            f" full dates; write `clean: [{{parse_dates: {{columns: [{series.name}], order: year_month}}}}]`, which"
            " reads each as the first of the month"
        )


def _places(series: pl.Series, bad: pl.Series, rows: pl.Series) -> str:
    """The first values that do not fit, each with its row."""
    places = zip(series.filter(bad).cast(pl.String), rows.filter(bad), strict=True)
    return listed(
        [repr(value[:40]) + f" in row {row_number(row)}" for value, row in places],
        most=5,
    )


def _refuse(
    series: pl.Series,
    bad: pl.Series,
    rows: pl.Series,
    where: str,
    reason: str,
    numbers: bool = False,
) -> NoReturn:
    """`numbers`: whether the column should hold some, which may stand there with other signs."""
    first = str(series.filter(bad).cast(pl.String)[0])
    signs = numbers and re.search("[0-9]", first) is not None
    raise DataError(
        f"{where}: column {series.name} {reason}, but holds {_places(series, bad, rows)}"
        + (
            "; the step `parse_numbers` of `clean` reads numbers with other signs"
            if signs
            else ""
        )
        + f"; if they stand for missing values, declare `missing: [{first[:40]!r}]`"
    )


def declared_columns(
    types: Mapping[str, ColumnType], columns: Iterable[str], where: str
) -> None:
    """Raises `DataError` when a declared column does not exist."""
    known = list(columns)
    for name in types:
        if name not in known:
            raise incompatible(
                f"{where}: types: {name}",
                f"there is no such column; {suggested(name, known, 'columns')}",
            )
