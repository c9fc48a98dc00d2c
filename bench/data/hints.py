"""Signs that a column is an identifier, a group, a time, or numbers in disguise. They warn; they decide nothing."""

from __future__ import annotations

import re

import polars as pl

from bench.data.types import ColumnKind, looks_numeric

LEAST = 20
_ID = {"id", "ids", "uid", "uuid", "guid", "key", "index", "rownum", "number", "nr", "no"}
_GROUP = {
    "patient", "patients", "subject", "person", "participant", "speaker", "user", "customer", "client", "respondent",
    "session", "site", "hospital", "ward", "centre", "center", "grp", "cohort", "device",
    "clinic", "household", "family", "animal", "batch", "group", "cluster", "school",
}  # fmt: skip
_TIME = {"date", "datetime", "time", "timestamp", "year", "month", "day", "week"}
#: Words that stand for missing so often that they are shown as candidates; none is taken for it unasked.
TOKENS = (
    "?",
    "NA",
    "N/A",
    "n/a",
    "na",
    "NaN",
    "nan",
    "NULL",
    "null",
    "None",
    "none",
    "-",
    "--",
    ".",
    "missing",
    "<null>",
)


def words(name: str) -> set[str]:
    """The words of a column's name, in small letters: `PatientID` -> {patient, id}."""
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return set(re.split(r"[^a-z]+", parts.lower())) - {""}


def id_like(series: pl.Series, kind: ColumnKind) -> bool:
    """All values differ, and they are text, or whole numbers that follow each other (or are named so).

    Judged by type: a continuous measurement has different values in every row and is no identifier.
    """
    values = series.drop_nulls()
    if len(values) < LEAST or kind not in ("categorical", "numeric") or values.n_unique() < len(values):
        return False
    if kind == "categorical":
        return True
    if not bool((values == values.round(0)).all()):
        return False
    spread = float(values.max() - values.min())  # type: ignore[operator, arg-type]
    return spread < 1.2 * len(values) or bool(words(series.name) & _ID)


def group_like(series: pl.Series, kind: ColumnKind) -> bool:
    """Several rows share a value, and the name says that these are one patient, speaker, site, ...; or text of many
    values with a few rows each."""
    values = series.drop_nulls()
    levels = values.n_unique()
    if levels < 3 or levels > len(values) / 2 or kind in ("date", "boolean", "ordinal"):
        return False
    named = bool(words(series.name) & (_GROUP | {"id"}))
    return named or (kind == "categorical" and levels >= LEAST and len(values) / levels <= 50)


def time_like(series: pl.Series, kind: ColumnKind) -> bool:
    """Dates, or whole numbers whose name says that they are a time."""
    if kind != "numeric" or not words(series.name) & _TIME:
        return kind == "date"
    return series.n_unique() > 2 and bool((series == series.round(0)).all())


def not_numbers(series: pl.Series) -> tuple[list[str], int]:
    """The few words that keep a text column from being numbers, and in how many rows they stand.

    ([], 0) when the column really is text: more than five such words, or in more than a quarter of the rows.
    """
    text = series.cast(pl.String).drop_nulls()
    counts = text.value_counts(sort=True, name="n")
    values = counts[series.name]
    if not len(values) or counts.height > 100_000:
        return [], 0
    bad = values.filter(values.str.strip_chars().cast(pl.Float64, strict=False).is_finite().fill_null(False).not_())
    rows = int(counts.filter(values.is_in(bad.implode()))["n"].sum())
    rest = values.filter(~values.is_in(bad.implode()))
    if not 0 < len(bad) <= 5 or rows > len(text) / 4 or len(rest) < 2 or not looks_numeric(rest):
        return [], 0
    return sorted(bad.str.strip_chars().unique()), rows
