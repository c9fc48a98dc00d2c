"""The rules of a first look, in the order of `RULES`: what a careful person would see in a table, and say of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from bench.core.task import Task
from bench.data import relations
from bench.data.expressions import in_sql
from bench.data.hints import (
    NEAR_UNIQUE,
    counts,
    group_like,
    id_like,
    named,
    named_id,
    named_place,
    named_time,
    named_unit,
    repeated_id,
    time_like,
    time_until,
    whole,
    words,
)
from bench.data.types import ColumnKind, is_dated, kind_of, looks_numeric, typed
from bench.project.first_look.look import UNDATED, Look
from bench.project.first_look.relations import (
    decided_by,
    decides,
    errors_removed,
    has_ranges,
    in_order,
    only_with,
    parts_of,
    same_groups,
)
from bench.project.first_look.written import applied, order_of, ways_of_writing
from bench.text import formats
from bench.text.proposals import LATE, Reason

#: More categories than this cannot become columns (families.preprocess.ONE_HOT_LIMIT).
MOST_LEVELS = 100
#: Text of so many letters on average is no category.
LONG_TEXT = 40
#: A file that stands in the order of so many different times is a record of what happened.
MANY_TIMES = 50
#: A number that decides so many other columns is that of a thing or a person.
SAME = 3
#: Numbers by which people write that there is none.
_NINES = (-9.0, -99.0, -999.0, -9999.0, 999.0, 9999.0, 99999.0)
_TARGETS = (
    "target", "class", "label", "outcome", "response", "y", "diagnosis", "survived", "default", "churn", "attrition",
    "deny", "purchase", "status", "species", "quality", "price", "type", "output", "result",
)  # fmt: skip


# --- 1. numbers and dates as people write them


def read_cells(look: Look) -> None:
    """Text that is numbers or dates in another writing is read by a step; dates that can be read both ways are asked
    about."""
    plain = look.text
    for name in plain.columns:
        if not looks_numeric(plain[name]):
            plain = _read_column(look, plain, name)
    rows = pl.Series(range(plain.height), dtype=pl.Int64)
    look.frame = plain.with_columns(
        typed(plain[name], look.declared.get(name), rows, look.name)
        for name in plain.columns
    )
    look.kinds = {name: kind_of(look.frame[name]) for name in look.frame.columns}


def _read_column(look: Look, plain: pl.DataFrame, name: str) -> pl.DataFrame:
    """The table with one column in plain writing."""
    if is_dated(plain[name]):
        look.declared[name] = "date"
        return plain
    steps = ways_of_writing(plain[name])
    values = plain[name].drop_nulls()
    if not steps:
        return plain
    ((kind, options),) = steps[0].items()
    if kind == "parse_dates":
        look.declared[name] = "date"
        if len(steps) > 1:
            order = options["order"].replace("_", ", ")
            look.asks("maybe_day_first", column=name, example=values[0], order=order)
    elif order_of(values.unique().to_list()) is not None:
        return plain
    done = applied(plain, steps[0])
    assert done is not None  # it was tried
    changed = values.filter(values != done[name].drop_nulls())
    _add_step(look, kind, options, changed[0])
    return done


def _add_step(look: Look, kind: str, options: dict[str, Any], example: str) -> None:
    """One step reads all columns that are written alike."""
    for entry, _ in look.clean:
        others = entry.get(kind, {})
        if others | {"columns": options["columns"]} == options:
            others["columns"] += options["columns"]
            return
    (name,) = options["columns"]
    look.cleans({kind: options}, "read_as", column=name, example=example)


# --- 2. numbers that stand for missing


def mark_missing(look: Look) -> None:
    """-999 in a column of which nothing else is near is missing; a question where it may be a number."""
    for name in look.frame.columns:
        if look.kinds[name] == "numeric":
            for value in _NINES:
                _mark_number(look, name, value)


def _mark_number(look: Look, name: str, value: float) -> None:
    values = look.frame[name].drop_nulls()
    rest = values.filter(values != value)
    found = len(values) - len(rest)
    if not found or len(rest) < 10 or rest.n_unique() < 2:
        return
    low, high = float(rest.min()), float(rest.max())  # type: ignore[arg-type]
    sole_negative = value < 0 <= low and (value <= -99 or high > 9)
    far = abs(value) > 4 * max(abs(low), abs(high))
    about = {"column": name, "value": f"{value:g}", "rows": found}
    if sole_negative or (far and value < 0):
        step = {"derive": {name: f"NULLIF({in_sql(name)}, {value:g})"}}
        look.cleans(step, "far_off", **about)
        kept = pl.when(pl.col(name) != value).then(pl.col(name))
        look.frame = look.frame.with_columns(kept.alias(name))
    elif far:
        look.asks("maybe_missing", **about)


# --- 3. the target and its task


def choose_target(look: Look) -> None:
    """The wished one; a column that is named like a target; the last, or the first, that can be one."""
    look.target = _target(look)
    look.task = _task(look)
    look.needs(look.target)


def _target(look: Look) -> str:
    if look.wishes.target is not None:
        look.decides("target", "asked")
        return look.wishes.target
    columns = look.frame.columns
    able = [name for name in columns if _can_be_target(look, name)]
    by_word = {" ".join(sorted(set(words(name)))): name for name in columns}
    for word in _TARGETS:
        if by_word.get(word) in able:
            look.decides("target", "by_name")
            return by_word[word]
    able = able or columns[-1:]
    if _has_few_words(look, able[0]) and not _has_few_words(look, able[-1]):
        look.decides("target", "first")
        return able[0]
    look.decides("target", "last")
    return able[-1]


def _has_few_words(look: Look, name: str) -> bool:
    return look.kinds[name] != "numeric" and look.frame[name].n_unique() <= 3


def _can_be_target(look: Look, name: str) -> bool:
    series, kind = look.frame[name], look.kinds[name]
    levels = series.drop_nulls().n_unique()
    if levels < 2 or kind == "date" or (kind != "numeric" and levels > 20):
        return False
    other = id_like(series, kind) or time_like(series, kind)
    return not other and not _identifies(look, name)


def _identifies(look: Look, name: str) -> bool:
    """Whether values name what was measured, several rows each: a unit (patient, device), or an identifier."""
    series, kind = look.frame[name], look.kinds[name]
    unit = named_unit(name) and group_like(series, kind)
    return unit or repeated_id(series, kind)


def _task(look: Look) -> Task:
    """As wished; classes where the target is text, of two values, or of a few whole numbers without a gap."""
    series = look.frame[look.target].drop_nulls()
    numeric = look.kinds[look.target] == "numeric"
    if look.wishes.task is not None:
        _refuse_task(look, look.wishes.task, series, numeric)
        return look.wishes.task
    if not numeric:
        return "classification"
    levels = series.n_unique()
    few = levels <= max(2, min(10, len(series) // 10)) and whole(series)
    span = float(series.max() - series.min()) if len(series) else 0.0  # type: ignore[operator, arg-type]
    return "classification" if few and (levels <= 2 or span < levels) else "regression"


def _refuse_task(look: Look, task: str, series: pl.Series, numeric: bool) -> None:
    """Raises `DataError` where the target does not allow the wished task."""
    if task not in ("classification", "regression"):
        raise look.error(f"a task is classification or regression; got {task}")
    if task == "regression" and not numeric:
        words = series.cast(pl.String).unique(maintain_order=True).head(3)
        raise look.error(
            f"column {look.target} holds text ({', '.join(map(repr, words))}), which a regression cannot predict"
        )
    few_repeat = 2 * series.is_duplicated().sum() < len(series)
    if task == "classification" and numeric and few_repeat:
        raise look.error(
            f"column {look.target} holds {formats.count(series.n_unique())} different numbers in "
            f"{formats.plural(len(series), 'row')}, too many to be classes: each needs two rows, and most have one; "
            "write --task regression"
        )


# --- 4. rows that belong together


def choose_group(look: Look) -> None:
    """The wished one; else a unit or identifier with several rows; what has a row for each time; numbers of people or
    things, which are alike in several other columns."""
    if look.wishes.group is not None:
        look.group = _wished(look, "group", look.wishes.group)
        return
    for find in (_find_unit, _find_panel, _find_alike):
        look.group = find(look)
        if look.group is not None:
            return


def _wished(look: Look, role: str, name: str) -> str | None:
    """A column that was asked for; none where it is empty."""
    if not name:
        return None
    if role == "time" and look.kinds[name] not in ("numeric", "date"):
        raise look.error(
            f"column {name} is text, which has no order; a time is a date or a number"
        )
    look.decides(role, "asked")
    look.needs(name)
    return name


def _find_unit(look: Look) -> str | None:
    for name in look.complete():
        values = look.frame[name].n_unique()
        if values >= 5 and _identifies(look, name):
            look.decides("group", "unit", values=values, rows=look.frame.height)
            return name
    return None


def _find_panel(look: Look) -> str | None:
    """A place, or text, that has one row for each time."""
    names, rows = look.complete(), look.frame.height
    times = [c for c in names if named_time(c) or look.kinds[c] == "date"]
    for name in names:
        kind, levels = look.kinds[name], look.frame[name].n_unique()
        is_text = kind == "categorical" or (kind == "numeric" and named_place(name))
        if name in times or not is_text or not 5 <= levels <= rows / 3:
            continue
        for time in times:
            filled = levels * look.frame[time].n_unique() >= rows / 2
            if filled and look.frame.select(name, time).is_unique().all():
                look.decides("group", "panel", time=time)
                return name
    return None


def _find_alike(look: Look) -> str | None:
    rows, found = look.frame.height, dict[str, tuple[str, ...]]()
    for name in look.complete():
        kind, series = look.kinds[name], look.frame[name]
        may_name = kind == "categorical" or (kind == "numeric" and whole(series))
        if may_name and not named_time(name) and 20 <= series.n_unique() <= rows / 2:
            others = decided_by(look.frame, name, look.features())
            if len(others) >= SAME:
                found[name] = others[:SAME]
    if not found:
        return None
    name = max(found, key=lambda name: look.frame[name].n_unique())
    values = look.frame[name].n_unique()
    look.decides("group", "one_of_each", values=values, rows=rows, columns=found[name])
    return name


# --- 5. columns that say nothing of a new row


def drop_useless(look: Look) -> None:
    """Constants, names, counters, remarks, and text that cannot be encoded."""
    for name in look.features():
        reason = _no_feature(look.frame[name], look.kinds[name])
        if reason is not None:
            look.drop[name] = reason


def _no_feature(series: pl.Series, kind: ColumnKind) -> Reason | None:
    values = series.drop_nulls()
    levels = values.n_unique()
    if levels < 2:
        return Reason("constant" if levels else "all_missing")
    if kind not in ("numeric", "categorical"):
        return None
    is_text = kind == "categorical"
    if is_text and levels > 5 and named(series.name, "notes"):
        return Reason("free_text")
    if id_like(series, kind):
        if not is_text and counts(series):
            return Reason("counter")
        return Reason("nearly_unique", {"values": levels, "rows": len(values)})
    if is_text and levels > MOST_LEVELS:
        return Reason("many_levels", {"values": levels, "limit": MOST_LEVELS})
    if is_text and levels > 5:
        letters = values.cast(pl.String).str.len_chars().mean()
        return Reason("free_text") if letters > LONG_TEXT else None  # type: ignore[operator]
    return None


# --- 6. rows in the order of time


def choose_time(look: Look) -> None:
    """The wished one; else, where nothing is grouped, a time in whose order the file stands."""
    if look.wishes.time is not None:
        look.time = _wished(look, "time", look.wishes.time)
        return
    lagged = any("lag" in words(name) for name in look.frame.columns)
    for name in look.complete() if look.group is None else ():
        series = look.frame[name]
        times = series.n_unique()
        if not series.is_sorted() or not time_like(series, look.kinds[name]):
            continue
        if look.kinds[name] == "date" and times >= NEAR_UNIQUE * len(series):
            look.decides("time", "series")
        elif lagged or times >= MANY_TIMES:
            look.decides("time", "lagged" if lagged else "record")
        else:
            continue
        look.time = name
        return


# --- 7. columns that say the same


def drop_copies(look: Look) -> None:
    """Of columns that say the same, one stays: an ordered or readable one before a code."""
    names = look.features(*UNDATED)
    codes = [
        c
        for c in names
        if look.kinds[c] == "numeric" and look.frame[c].n_unique() <= 50
    ]
    readable = [c for c in names if c not in codes]
    for name, other in relations.copies(look.frame, readable + codes).items():
        look.drops([name], "copy", other=other)


# --- 8. columns that are known only with the target


def drop_late(look: Look) -> None:
    """What is the target, says it in every row, has values only with it, adds up to it, reads like the time until it,
    or is a sum of such a column; of a feature that says nearly all of it, a question."""
    y = look.frame[look.target]
    if look.task == "classification":
        y = y.cast(pl.String)
    elif y.dtype != pl.Float64:
        return
    for name in look.unsure(*UNDATED):
        _drop_answer(look, name, y)
    if look.task == "regression":
        parts = parts_of(look.frame, look.target, look.unsure("numeric"))
        look.drops(parts, "sum_of_target", target=look.target, parts=parts)
    _drop_sums(look)
    _ask_of_strong(look, y)


def _drop_answer(look: Look, name: str, y: pl.Series) -> None:
    series, numeric = look.frame[name], look.kinds[name] == "numeric"
    target, regression = look.target, look.task == "regression"
    if same_groups(y, series) or (regression and numeric and in_order(y, series)):
        look.drops([name], "target_itself", target=target)
        return
    if regression:
        told = has_ranges(y, series)
    elif numeric:
        told = has_ranges(series, y)
    else:
        told = decides(series, y)
    label = None if regression else only_with(series, y)
    if label is not None:
        look.drops([name], "only_with", target=target, label=label)
    elif told:
        look.drops([name], "from_target", target=target)
    elif numeric and not regression:
        _look_at_duration(look, name, y)


def _look_at_duration(look: Look, name: str, y: pl.Series) -> None:
    """A time beside a fate is dropped; beside two other classes it may be one until them, or a duration."""
    labels = y.unique().to_list()
    if time_until(name, look.target, labels):
        look.drops([name], "time_until", target=look.target)
    elif len(labels) == 2 and named(name, "duration"):
        look.asks("maybe_until", column=name, target=look.target)


def _drop_sums(look: Look) -> None:
    """A sum of features of which one is known only with the target is so, too; another sum is asked about."""
    late = [name for name, reason in look.drop.items() if reason.code in LATE]
    late = [name for name in late if look.kinds[name] == "numeric"]
    numbers = look.features("numeric")
    sums = set[frozenset[str]]()
    for name in numbers:
        others = [c for c in (*look.features("numeric"), *late) if c != name]
        parts = parts_of(look.frame, name, others, added=True)
        sum_of = frozenset((name, *parts))
        of_late = [part for part in parts if part in late]
        if of_late and name not in look.wishes.known:
            about = {"target": look.target, "late": of_late[0]}
            look.drops([name], "sum_of_late", parts=parts, **about)
        elif parts and sum_of not in sums:
            look.asks("maybe_sum", column=name, parts=parts)
            sums.add(sum_of)


def _ask_of_strong(look: Look, y: pl.Series) -> None:
    """Drop what is named like the target and says it; ask of the feature that says nearly all of it alone."""
    kinds = {name: look.kinds[name] for name in look.features(*UNDATED)}
    shares = errors_removed(look.frame, y, kinds)
    if len(shares) < 2:
        return
    target = set(words(look.target))
    for name in look.unsure(*UNDATED):
        if shares.get(name, 0) >= 0.7 and target < set(words(name)):
            look.drops([name], "named_alike", target=look.target, share=shares[name])
    left = [name for name in shares if name not in look.drop]
    if len(left) < 2:
        return
    most, second = shares[left[0]], shares[left[1]]
    alone = most >= 0.8 and 1 - most < (1 - second) / 2
    if alone or (most > 0.3 and _is_named_alike(left[0], target)):
        about = {"column": left[0], "target": look.target}
        look.asks("maybe_late", share=most, next=max(0.0, second), **about)


def _is_named_alike(name: str, target: set[str]) -> bool:
    long = [word for word in target if len(word) > 3]
    return any(word in name.lower() or name.lower() in word for word in long)


# --- 9. dates as numbers


def derive_dates(look: Look) -> None:
    """The parts of a date that vary, in its place; the month beside a date that orders the rows."""
    for name in look.frame.columns:
        if look.kinds[name] != "date" or name in (look.target, *look.drop):
            continue
        date = look.frame[name].dt
        parts = [
            part
            for part in ("year", "month", "day")
            if getattr(date, part)().n_unique() > 1
        ]
        if name == look.time:
            parts = ["month"] if {"year", "month"} <= set(parts) else []
        elif not parts:
            look.drops([name], "constant")
        else:
            look.drops([name], "date")
        made = {
            f"{name}_{part}": f"EXTRACT({part.upper()} FROM {in_sql(name)})"
            for part in parts
            if f"{name}_{part}" not in look.frame.columns
        }
        if made:
            look.cleans({"derive": made}, "date")


# --- 10. what only its author knows


def ask(look: Look) -> None:
    """Groups, times, and whether the table is a design."""
    names = look.features()
    for name in names:
        series, kind = look.frame[name], look.kinds[name]
        code = kind == "numeric" and named_id(name)
        if code or (look.group is None and group_like(series, kind)):
            look.asks("maybe_group", column=name, values=series.drop_nulls().n_unique())
    times = [name for name in names if time_like(look.frame[name], look.kinds[name])]
    if look.time is None and times:
        look.asks("maybe_time", columns=tuple(times))
    if relations.is_grid(look.frame, names):
        look.asks("grid")


#: What the first look does, in this order: what one rule takes, the later ones leave out.
RULES: tuple[Callable[[Look], None], ...] = (
    read_cells, mark_missing, choose_target, choose_group, drop_useless, choose_time, drop_copies, drop_late,
    derive_dates, ask,
)  # fmt: skip
