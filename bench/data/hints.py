"""Signs that a column is an identifier, a group, a time, or numbers in disguise. They warn; they decide nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from bench.data.types import ColumnKind, as_text, looks_numeric

LEAST = 20
#: From this share of different values on, text is the name of its row.
NEAR_UNIQUE = 0.9
#: Up to so many rows on average share an identifier; what more rows share is rather a kind or a place.
ROWS_EACH = 20
_ID = {
    "id", "ids", "uid", "uuid", "guid", "key", "index", "rownum", "number", "nr", "no", "obs", "case", "rownames",
    "rowname", "unnamed", "seq", "serial", "record",
}  # fmt: skip
#: Who or what is measured: rows of one belong together.
_UNIT = {
    "patient", "subject", "person", "participant", "individual", "speaker", "user", "customer", "client", "respondent",
    "session", "household", "family", "animal", "bird", "chick", "mouse", "plant", "device", "sensor", "machine",
    "batch", "cluster", "cohort", "student", "employee", "driver", "player", "specimen",
}  # fmt: skip
#: Where it is measured: rows of one may belong together.
_PLACE = {
    "site", "hospital", "ward", "centre", "center", "clinic", "school", "city", "town", "county", "village", "store",
    "shop", "plot", "block", "farm", "station", "grp", "group",
}  # fmt: skip
#: What is a kind and no amount, whatever digits it is coded in.
_NOMINAL = {
    "race", "ethnicity", "region", "zip", "zipcode", "postcode", "country", "state", "religion", "type", "colour",
    "color", "brand", "sector", "industry", "code",
}  # fmt: skip
_EVENTS = {
    "survived",
    "death",
    "died",
    "dead",
    "event",
    "censor",
    "censored",
    "censors",
    "fustat",
    "alive",
}
_FATES = {"0", "1", "2", "dead", "alive", "died", "censored", "deceased", "living"}
_DURATIONS = {
    "time",
    "days",
    "survtime",
    "futime",
    "survival",
    "duration",
    "followup",
    "months",
    "stop",
}
_NOTES = {
    "comment",
    "comments",
    "note",
    "notes",
    "remark",
    "remarks",
    "description",
    "text",
    "url",
    "title",
}
_RANGES = {
    "year": (1800, 2100),
    "month": (1, 12),
    "mnth": (1, 12),
    "day": (1, 366),
    "week": (1, 10_000),
}
#: Words of a time that is counted from some start.
_CLOCK = {"date", "datetime", "time", "timestamp"}
_TIME_NAMES = (
    _CLOCK
    | set(_RANGES)
    | {"days", "weeks", "months", "hour", "hours", "hr", "minute", "visit", "wave"}
)
#: Words that stand for missing so often that they are shown as candidates; none is taken for it unasked.
TOKENS = (
    "?", "*", "NA", "N/A", "n/a", "na", "NaN", "nan", "NULL", "null", "None", "none", "-", "--", ".", "missing",
    "<null>",
)  # fmt: skip


def words(name: str) -> set[str]:
    """The words of a column's name, in small letters: `PatientID` -> {patient, id}."""
    return set(_in_order(name))


def _in_order(name: str) -> list[str]:
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return [word for word in re.split(r"[^a-z]+", parts.lower()) if word]


def named_id(name: str) -> bool:
    """Whether a name ends in `id`: `member_id`, `Member ID`, `memberId`, `id`; `paid` does not."""
    return _in_order(name)[-1:] in (["id"], ["uid"], ["uuid"], ["guid"])


def named_number(name: str) -> bool:
    """Whether a name says that numbers name something, and no kind, place or time: `policy_no`, `Account number`."""
    *of, last = _in_order(name) or [""]
    return (
        last in ("no", "nr", "number", "code")
        and bool(of)
        and not (named_kind(" ".join(of)) or named_time(name))
    )


def whole(series: pl.Series) -> bool:
    """Whether a column of numbers holds whole ones only."""
    return bool((series == series.round(0)).all())


def id_like(series: pl.Series, kind: ColumnKind) -> bool:
    """Nearly all values differ, and they are text, or whole numbers that count the rows or are named so.

    Judged by type: a continuous measurement has different values in every row and is no identifier.
    """
    values = series.drop_nulls()
    if len(values) < LEAST or kind not in ("categorical", "numeric"):
        return False
    different = values.n_unique() / len(values)
    if kind == "categorical":
        return different >= NEAR_UNIQUE
    if different < NEAR_UNIQUE or not whole(values):
        return kind == "numeric" and counts(series)
    spread = float(values.max() - values.min())  # type: ignore[operator, arg-type]
    in_a_row = different == 1 and spread < 1.2 * len(values)
    return in_a_row or bool(words(series.name) & _ID) or counts(series)


def counts(series: pl.Series) -> bool:
    """Whether whole numbers rise by one with nearly every row of the file, once or in a few long runs."""
    if (
        named_time(series.name)
        or series.null_count()
        or series.n_unique() < 0.2 * len(series)
        or not whole(series)
    ):
        return False
    steps = series.diff().drop_nulls()
    unnamed = series.name == "c1" or bool(words(series.name) & _ID)
    return bool((steps == 1).mean() >= 0.95 or (unnamed and (steps > 0).all()))  # type: ignore[operator]


def named_unit(name: str) -> bool:
    """Whether a name says who or what is measured: `patient`, `Individual ID`, `id`."""
    rest = words(name) - _ID - {"name", "code"}
    return rest <= _UNIT and bool(rest or words(name) & {"id", "uid"})


def named_place(name: str) -> bool:
    """Whether a name says where it is measured: `city`, `StoreID`."""
    rest = words(name) - _ID - {"name", "code"}
    return bool(rest) and rest <= _PLACE | {one + "s" for one in _PLACE}


def named_kind(name: str) -> bool:
    """Whether a name says that its numbers are codes of kinds: `race`, `zip code`, `StoreID`."""
    return bool(words(name) & _NOMINAL) or named_place(name)


def named_notes(name: str) -> bool:
    """Whether a name says that a column holds remarks of people."""
    return bool(words(name) & _NOTES)


def time_until(name: str, target: str, classes: Iterable[str]) -> bool:
    """Whether a column reads like the time until what the target tells: survtime beside survived, time beside a status
    of 0 and 1, dead and alive."""
    fate = (
        "status" in words(target)
        and {one.lower().removesuffix(".0") for one in classes} <= _FATES
    )
    return bool((fate or words(target) & _EVENTS) and words(name) & _DURATIONS)


def named_time(name: str) -> bool:
    """Whether a name says that a column is a time, of a calendar or since some start."""
    return bool(words(name) & _TIME_NAMES) or name.lower().endswith(("year", "date"))


def group_like(series: pl.Series, kind: ColumnKind) -> bool:
    """Several rows share a value, and the name says that these are one patient, speaker, site, ...; or text of many
    values with a few rows each."""
    values = series.drop_nulls()
    levels = values.n_unique()
    if (
        levels < 3
        or kind in ("date", "boolean", "ordinal")
        or (kind == "numeric" and not whole(values))
    ):
        return False
    if named_unit(series.name):
        return levels <= 0.8 * len(values)
    many = kind == "categorical" and levels >= LEAST and len(values) / levels <= 50
    return levels <= len(values) / 2 and (many or named_place(series.name))


def repeated_id(series: pl.Series, kind: ColumnKind) -> bool:
    """An identifier by its name, and several rows share a value; a number or code is one where all are equally long."""
    values = series.drop_nulls()
    levels = values.n_unique()
    if kind not in ("numeric", "categorical") or (
        kind == "numeric" and not whole(values)
    ):
        return False
    if not 5 <= levels < NEAR_UNIQUE * len(values) or len(values) > ROWS_EACH * levels:
        return False
    if named_id(series.name):
        return not named_kind(series.name)
    widths = as_text(values).str.len_chars()
    return (
        named_number(series.name)
        and levels >= LEAST
        and widths.n_unique() == 1
        and int(widths[0]) >= 3
    )


def time_like(series: pl.Series, kind: ColumnKind) -> bool:
    """Dates, or numbers whose name and form say that they are a time: years as of a calendar, months up to 12, a
    count that never falls along the file. A `time` of 6 to 72 in no order is a duration."""
    values = series.drop_nulls()
    if kind != "numeric" or values.n_unique() < 3:
        return kind == "date"
    low, high = float(values.min()), float(values.max())  # type: ignore[arg-type]
    named, ends = (
        words(series.name),
        "year" if series.name.lower().endswith("year") else "",
    )
    on_a_clock = bool(named & _CLOCK)
    if on_a_clock and (low >= 1e8 or _within("year", low, high)):
        return True
    if not whole(values):
        return False
    if "year" in (*named, ends) and low >= 50 and high <= 99:  # 1967 as 67
        return True
    if any(_within(word, low, high) for word in {*named, ends} & set(_RANGES)):
        return True
    return on_a_clock and bool((values.diff().drop_nulls() >= 0).all())


def _within(word: str, low: float, high: float) -> bool:
    """Whether numbers are years, months, days as a calendar has them."""
    least, most = _RANGES[word]
    return least <= low and high <= most


def not_numbers(series: pl.Series) -> tuple[list[str], int]:
    """The few words that keep a text column from being numbers, and in how many rows they stand.

    ([], 0) when the column really is text: more than five such words, or in more than a quarter of the rows.
    """
    text = series.cast(pl.String).drop_nulls().alias("word")
    counted = text.value_counts(sort=True, name="n")
    values = counted["word"]
    if not len(values) or counted.height > 100_000:
        return [], 0
    bad = values.filter(
        values.str.strip_chars()
        .cast(pl.Float64, strict=False)
        .is_finite()
        .fill_null(False)
        .not_()
    )
    rows = int(counted.filter(values.is_in(bad.implode()))["n"].sum())
    rest = values.filter(~values.is_in(bad.implode()))
    if (
        not 0 < len(bad) <= 5
        or rows > len(text) / 4
        or len(rest) < 2
        or not looks_numeric(rest)
    ):
        return [], 0
    return sorted(bad.str.strip_chars().unique()), rows
