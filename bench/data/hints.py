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
#: From so many characters on, a number or code that repeats names something.
CODE_LENGTH = 3
_CLOCK = {"date", "datetime", "time", "timestamp"}
#: What the words of a calendar lie between.
_RANGES = {
    "year": (1800, 2100), "month": (1, 12), "mnth": (1, 12), "day": (1, 366), "week": (1, 10_000),
}  # fmt: skip
#: The words by which names say what a column holds.
NAMES = {
    "id": {
        "id", "ids", "uid", "uuid", "guid", "key", "index", "rownum", "number", "nr", "no", "obs", "case", "rownames",
        "rowname", "unnamed", "seq", "serial", "record",
    },
    # who or what is measured: rows of one belong together
    "unit": {
        "patient", "subject", "person", "participant", "individual", "speaker", "user", "customer", "client",
        "respondent", "session", "household", "family", "animal", "bird", "chick", "mouse", "plant", "device", "sensor",
        "machine", "batch", "cluster", "cohort", "student", "employee", "driver", "player", "specimen",
    },
    # where it is measured: rows of one may belong together
    "place": {
        word + ending for ending in ("", "s") for word in (
            "site", "hospital", "ward", "centre", "center", "clinic", "school", "city", "town", "county", "village",
            "store", "shop", "plot", "block", "farm", "station", "grp", "group",
        )
    },
    # a kind and no amount, whatever digits it is coded in
    "kind": {
        "race", "ethnicity", "region", "zip", "zipcode", "postcode", "country", "state", "religion", "type", "colour",
        "color", "brand", "sector", "industry", "code",
    },
    "event": {
        "survived", "death", "died", "dead", "event", "cens", "censor", "censored", "censors", "fustat", "alive",
        "relapse", "relapsed", "recurrence",
    },
    "duration": {
        "time", "days", "survtime", "futime", "survival", "duration", "followup", "months", "stop",
    },
    "notes": {
        "comment", "comments", "note", "notes", "remark", "remarks", "description", "text", "url", "title",
    },
    "time": {
        *_CLOCK, *_RANGES, "days", "weeks", "months", "hour", "hours", "hr", "minute", "visit", "wave",
    },
}  # fmt: skip
#: The classes of a target that tells how something ended.
_FATES = {"0", "1", "2", "dead", "alive", "died", "censored", "deceased", "living"}
#: Words that stand for missing so often that they are shown as candidates; none is taken for it unasked.
TOKENS = (
    "?", "*", "NA", "N/A", "n/a", "na", "NaN", "nan", "NULL", "null", "None", "none", "-", "--", ".", "missing",
    "<null>",
)  # fmt: skip


def words(name: str) -> list[str]:
    """The words of a column's name, in small letters: `PatientID` -> [patient, id]."""
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return [word for word in re.split(r"[^a-z]+", parts.lower()) if word]


def named(name: str, what: str) -> bool:
    """Whether a word of a name is one of `NAMES[what]`."""
    return not NAMES[what].isdisjoint(words(name))


def named_id(name: str) -> bool:
    """Whether a name ends in `id`: `member_id`, `Member ID`, `memberId`, `id`; `paid` does not."""
    return words(name)[-1:] in (["id"], ["uid"], ["uuid"], ["guid"])


def named_number(name: str) -> bool:
    """Whether a name says that numbers name something, and no kind, place or time: `policy_no`, `Account number`."""
    *of, last = words(name) or [""]
    names = last in ("no", "nr", "number", "code") and bool(of)
    return names and not (named_kind(" ".join(of)) or named_time(name))


def named_unit(name: str) -> bool:
    """Whether a name says who or what is measured: `patient`, `Individual ID`, `id`."""
    rest = _beside_id(name)
    return rest <= NAMES["unit"] and bool(rest or {"id", "uid"} & set(words(name)))


def named_place(name: str) -> bool:
    """Whether a name says where it is measured: `city`, `StoreID`."""
    rest = _beside_id(name)
    return bool(rest) and rest <= NAMES["place"]


def _beside_id(name: str) -> set[str]:
    return set(words(name)) - NAMES["id"] - {"name", "code"}


def named_kind(name: str) -> bool:
    """Whether a name says that its numbers are codes of kinds: `race`, `zip code`, `StoreID`."""
    return named(name, "kind") or named_place(name)


def named_time(name: str) -> bool:
    """Whether a name says that a column is a time, of a calendar or since some start."""
    return named(name, "time") or name.lower().endswith(("year", "date"))


def time_until(name: str, target: str, classes: Iterable[str]) -> bool:
    """Whether a column reads like the time until what the target tells: survtime beside survived, time beside a status
    of 0 and 1, dead and alive."""
    labels = {label.lower().removesuffix(".0") for label in classes}
    fate = "status" in words(target) and labels <= _FATES
    return named(name, "duration") and (fate or named(target, "event"))


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
        return counts(series)
    spread = float(values.max() - values.min())  # type: ignore[operator, arg-type]
    in_a_row = different == 1 and spread < 1.2 * len(values)
    return in_a_row or named(series.name, "id") or counts(series)


def counts(series: pl.Series) -> bool:
    """Whether whole numbers rise by one with nearly every row of the file, once or in a few long runs."""
    name = series.name
    few = series.n_unique() < 0.2 * len(series)
    if named_time(name) or series.null_count() or few or not whole(series):
        return False
    steps = series.diff().drop_nulls()
    rising = (name == "c1" or named(name, "id")) and (steps > 0).all()
    return bool((steps == 1).mean() >= 0.95 or rising)  # type: ignore[operator]


def group_like(series: pl.Series, kind: ColumnKind) -> bool:
    """Several rows share a value, and the name says that these are one patient, speaker, site, ...; or text of many
    values with a few rows each."""
    values = series.drop_nulls()
    levels = values.n_unique()
    if levels < 3 or not _may_name(values, kind):
        return False
    if named_unit(series.name):
        return levels <= 0.8 * len(values)
    many = kind == "categorical" and levels >= LEAST and len(values) / levels <= 50
    return levels <= len(values) / 2 and (many or named_place(series.name))


def repeated_id(series: pl.Series, kind: ColumnKind) -> bool:
    """An identifier by its name, and several rows share a value; a number or code is one where all are equally long."""
    values = series.drop_nulls()
    levels = values.n_unique()
    repeats = 5 <= levels < NEAR_UNIQUE * len(values)
    if not _may_name(values, kind) or not repeats or len(values) > ROWS_EACH * levels:
        return False
    if named_id(series.name):
        return not named_kind(series.name)
    widths = as_text(values).str.len_chars().unique().to_list()
    long = len(widths) == 1 and widths[0] >= CODE_LENGTH
    return named_number(series.name) and levels >= LEAST and long


def _may_name(values: pl.Series, kind: ColumnKind) -> bool:
    return kind == "categorical" or (kind == "numeric" and whole(values))


def time_like(series: pl.Series, kind: ColumnKind) -> bool:
    """Dates, or numbers whose name and form say that they are a time: years as of a calendar, months up to 12, a
    count that never falls along the file. A `time` of 6 to 72 in no order is a duration."""
    values = series.drop_nulls()
    if kind != "numeric" or values.n_unique() < 3:
        return kind == "date"
    low, high = float(values.min()), float(values.max())  # type: ignore[arg-type]
    of_name = set(words(series.name))
    if series.name.lower().endswith("year"):
        of_name.add("year")
    on_a_clock = bool(of_name & _CLOCK)
    if on_a_clock and (low >= 1e8 or _within("year", low, high)):
        return True
    if not whole(values):
        return False
    if "year" in of_name and low >= 50 and high <= 99:  # 1967 as 67
        return True
    if any(_within(word, low, high) for word in of_name & set(_RANGES)):
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
    if not 0 < counted.height <= 100_000:
        return [], 0
    number = pl.col("word").str.strip_chars().cast(pl.Float64, strict=False)
    is_number = number.is_finite().fill_null(False)
    bad, rest = counted.filter(~is_number), counted.filter(is_number)
    rows = int(bad["n"].sum())
    few = 0 < bad.height <= 5 and rows <= len(text) / 4
    if not few or rest.height < 2 or not looks_numeric(rest["word"]):
        return [], 0
    return sorted(bad["word"].str.strip_chars().unique()), rows
