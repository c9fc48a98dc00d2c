"""What a careful look at a clean table finds, as sentences with a count. They warn; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from bench.data.clean import Clean
from bench.data.dataset import Task
from bench.data.hints import TOKENS, group_like, id_like, not_numbers, time_like
from bench.data.types import Kind

MANY_LEVELS = 50
RARE_SHARE, RARE_COUNT = 0.05, 10
HUGE = 1e100

Remark = dict[str, object]


def remarks(
    clean: Clean, task: Task | None, summary: list[dict[str, object]], left_out: dict[str, list[str]]
) -> list[Remark]:
    """All remarks: on the table, on its classes, then column by column in the order of the table.

    `summary` are the rows of frames.COLUMNS; `left_out` the columns without shapes (`drawn`), without correlations.
    """
    found = list(_left_out(left_out))
    if task is not None:
        found += list(_table(clean))
        found += list(_repeated(clean))
        if task == "classification":
            found += list(_balance(clean))
    for row in summary:
        if row["role"] == "feature":
            found += list(_column(clean, row))
    return found


def _remark(code: str, column: str | None, severity: str, count: int, reason: str) -> Remark:
    return {"code": code, "column": column, "severity": severity, "count": count, "reason": reason}


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _left_out(left_out: dict[str, list[str]]) -> Iterator[Remark]:
    words = {"drawn": "histograms and box plots", "correlated": "the correlation matrix"}
    for key, columns in left_out.items():
        if columns:
            reason = (
                f"{len(columns):,} columns, from {columns[0]} on, are not in {words[key]}: there are too many to draw"
            )
            yield _remark("left_out", None, "note", len(columns), reason)


def _table(clean: Clean) -> Iterator[Remark]:
    frame, features = clean.frame, clean.columns("feature")
    empty = frame.select(pl.any_horizontal(pl.col(features).is_null()).sum()).item()
    if empty:
        yield _remark("missing_rows", None, "note", empty, f"{_rows(empty)} of {frame.height:,} have a missing value")
    nothing = frame.select(pl.all_horizontal(pl.col(features).is_null()).sum()).item()
    if nothing:
        yield _remark("empty_rows", None, "warning", nothing, f"{_rows(nothing)} have no value in any feature")
    rows = frame.height // max(1, int(clean.table["draws"][0]))
    if len(features) >= rows:
        reason = f"there are {len(features):,} features and {_rows(rows)}: many rules fit such data without any truth"
        yield _remark("wide", None, "warning", len(features), reason)
    if rows < 100:
        yield _remark("few_rows", None, "warning", rows, f"there are only {_rows(rows)}: scores will be uncertain")


def _repeated(clean: Clean) -> Iterator[Remark]:
    """Exact duplicates and conflicting labels: candidates by hash, then compared value by value."""
    features, target = clean.columns("feature"), clean.columns("target")
    some = _duplicates(clean.frame, features)
    if not some.height:
        return
    again = some.height - some.unique([*features, *target]).height
    if again:
        repeat = "repeats" if again == 1 else "repeat"
        reason = f"{_rows(again)} {repeat} an earlier one exactly; a split may put the copies on both sides"
        yield _remark("duplicates", None, "warning", again, reason)
    groups = some.group_by(features).agg(pl.col(target[0]).n_unique().alias("labels"), pl.len().alias("rows"))
    conflicts = int(groups.filter(pl.col("labels") > 1)["rows"].sum())
    if conflicts:
        reason = f"{_rows(conflicts)} equal another in all features and differ in the target: no model gets both right"
        yield _remark("conflicting_labels", None, "note", conflicts, reason)


def duplicates(clean: Clean) -> list[Remark]:
    """The rows whose features equal those of another row, in sets (frames.DUPLICATES); the target may differ."""
    features = clean.columns("feature")
    if not features:
        return []
    some = _duplicates(clean.frame, features).select("row", *features)
    sets = some.group_by(features, maintain_order=True).agg("row").filter(pl.col("row").list.len() > 1)["row"]
    return [{"row": row, "duplicates": number} for number, rows in enumerate(sets.to_list()) for row in rows]


def _duplicates(frame: pl.DataFrame, features: list[str]) -> pl.DataFrame:
    """The rows whose features may equal those of another row, and few others."""
    some = frame.select(features)
    hashes = some.select(pl.struct(pl.all()).hash().alias("h"))["h"] if len(features) < 500 else some.hash_rows()
    return frame.filter(hashes.is_duplicated())


def _balance(clean: Clean) -> Iterator[Remark]:
    target = clean.columns("target")[0]
    counts = clean.frame[target].value_counts(name="n").sort(["n", target])
    label, n = counts.row(0)
    share = n / clean.frame.height
    largest = counts["n"].max()
    if n < RARE_COUNT:
        reason = f"class {label} has {_rows(n)}: a test set may hold none of it, and what is said of it rests on few"
        yield _remark("tiny_class", target, "warning", n, reason)
    if share < RARE_SHARE or n * 10 < largest:
        reason = f"class {label} has {share:.2%} of the rows: accuracy says little here"
        yield _remark("imbalance", target, "warning", n, reason)


def _column(clean: Clean, row: dict[str, object]) -> Iterator[Remark]:
    name, missing, rows = str(row["column"]), int(str(row["missing"])), int(str(row["rows"]))
    kind: Kind = clean.types[name]
    series = clean.frame[name]
    if missing == rows:
        yield _remark("all_missing", name, "warning", missing, "has no value at all; list it in `drop`")
        return
    if missing:
        severity = "warning" if missing > rows / 2 else "note"
        yield _remark("missing", name, severity, missing, f"is missing in {_rows(missing)} ({missing / rows:.1%})")
    if row["unique"] == 1:
        yield _remark("constant", name, "warning", rows - missing, "has one value only and says nothing")
        return
    yield from _kind_remarks(series, kind, int(str(row["unique"])))


def _kind_remarks(series: pl.Series, kind: Kind, unique: int) -> Iterator[Remark]:
    name = series.name
    if id_like(series, kind):
        yield _remark("id_like", name, "warning", unique, "looks like an identifier; list it in `drop` if it is one")
    elif group_like(series, kind):
        reason = f"has {unique:,} values with several rows each; if rows of one value belong together, make it `group`"
        yield _remark("possible_group", name, "note", unique, reason)
    if time_like(series, kind):
        reason = "looks like a time; if the future is to be predicted, make it `time`"
        yield _remark("possible_time", name, "note", unique, reason)
    if kind == "categorical":
        yield from _text_remarks(series, unique)
    if kind == "numeric" and float(series.abs().max()) > HUGE:  # type: ignore[arg-type]
        yield _remark("huge", name, "warning", 1, f"holds numbers beyond {HUGE:g}, whose squares may overflow")


def _text_remarks(series: pl.Series, unique: int) -> Iterator[Remark]:
    name = series.name
    words, rows = not_numbers(series)
    if words:
        shown = ", ".join(f"'{word}'" for word in words)
        advice = f"declare `missing: [{shown}]`"
        if not set(words) <= set(TOKENS):
            advice = "declare `missing` if that is what they mean, else its type (categorical, ordinal)"
        reason = f"looks numeric but for {shown} in {_rows(rows)}: {advice}"
        yield _remark("near_numeric", name, "warning", rows, reason)
    elif unique > MANY_LEVELS:
        reason = f"has {unique:,} categories; one column each will be many columns"
        yield _remark("high_cardinality", name, "warning", unique, reason)
    categories = pl.Series(series.cast(pl.String).drop_nulls().unique())
    alike = unique - categories.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars().n_unique()
    if alike:
        reason = (
            f"has {alike} categories that differ from another only in case or spaces: see the step `normalise_text`"
        )
        yield _remark("alike", name, "warning", alike, reason)
