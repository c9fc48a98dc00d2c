"""A first look at somebody's CSV, as a careful person would take it: what to predict, and what each column is.

It proposes a study that runs; what it cannot know it asks, as a comment of the study file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from bench.core.errors import DataError, suggested
from bench.core.outcomes import Statement
from bench.core.task import Task
from bench.data import relations
from bench.data.delimited import TextOptions, read_delimited
from bench.data.expressions import in_sql, text_in_sql
from bench.data.hints import (
    NEAR_UNIQUE,
    TOKENS,
    counts,
    group_like,
    id_like,
    named_id,
    named_kind,
    named_notes,
    named_place,
    named_time,
    named_unit,
    not_numbers,
    repeated_id,
    time_like,
    time_until,
    whole,
    words,
)
from bench.data.roles import free_of_row
from bench.data.types import ColumnKind, kind_of, looks_numeric, typed, without_tokens
from bench.project.first_look import of_target
from bench.project.first_look.affordable import FirstProtocol, TableSize, affordable
from bench.project.first_look.results_table import ResultsTable, results_table
from bench.project.first_look.written import (
    ProposedStep,
    ambiguous,
    applied,
    order_of,
    writing,
    written_otherwise,
)
from bench.study.models import ColumnType, Ordinal
from bench.study.protocol import RESAMPLINGS
from bench.text import formats
from bench.text import proposals as why

#: More categories than this cannot become columns (families.preprocess.ONE_HOT_LIMIT).
MOST_LEVELS = 100
#: A class this rare, or one class this common, makes accuracy say little.
RARE, COMMON = 0.05, 0.8
#: A file that stands in the order of so many different times is a record of what happened.
MANY_TIMES = 50
#: Rows with one value of a text are of one origin where this share of the spread of all numbers lies between values.
ALIKE = 0.7
#: A number says the same as a category that holds this share of its variance, of few categories with rows enough.
SAME_VARIANCE, FEW_CATEGORIES, ROWS_A_CATEGORY = 0.95, 20, 5
#: A number that decides so many other columns is that of a thing or a person.
SAME = 3
#: The kinds of columns but dates.
UNDATED: tuple[ColumnKind, ...] = ("numeric", "categorical", "ordinal", "boolean")
_TARGETS = (
    "target", "class", "label", "outcome", "response", "y", "diagnosis", "survived", "default", "churn", "attrition",
    "deny", "purchase", "status", "species", "quality", "price", "type", "output", "result",
)  # fmt: skip
_ENDLESS = ("inf", "-inf", "Inf", "-Inf", "Infinity", "-Infinity")
_SURE = {"?", "*", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "<null>"}


@dataclass(frozen=True)
class Wishes:
    """What its author already knows of a new study; None: to be guessed; an empty group or time: there is none.

    known: features that are known before the target is, whatever they say of it
    """

    target: str | None = None
    task: Task | None = None
    group: str | None = None
    time: str | None = None
    positive: str | None = None
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guess:
    """What a CSV file seems to be, and what a study of it would say."""

    columns: tuple[str, ...]
    rows: int
    source: dict[
        str, str | bool
    ]  # options of the `csv` source that differ from its defaults
    missing: tuple[str, ...]  # words that seem to stand for missing values
    target: str
    task: Task
    types: dict[
        str, ColumnType
    ]  # of every column that is used, in the order of the file
    group: str | None = None
    time: str | None = None
    positive: str | None = None
    classes: tuple[str, ...] = ()
    drop: dict[str, Statement] = field(
        default_factory=dict
    )  # columns that are no features, each with the reason
    clean: tuple[tuple[ProposedStep, Statement], ...] = ()
    resampling: str = "kfold"  # kfold, group_kfold, time_ordered
    folds: int = 5
    primary: str = "accuracy"  # the primary metric, and `also` the others
    also: tuple[str, ...] = ("roc_auc", "log_loss")
    #: why target, group, time and primary metric are what they are
    reasons: dict[str, Statement] = field(default_factory=dict)
    notes: tuple[Statement, ...] = ()  # questions and warnings
    table: str | None = (
        None  # where the file has a row for several cases: with a row for each
    )
    encoded: Mapping[str, int] = field(
        default_factory=dict
    )  # by feature, the columns that it becomes

    @property
    def protocol(self) -> FirstProtocol:
        """What the budget of a first page pays for."""
        size = TableSize(
            self.rows,
            len(self.encoded),
            sum(self.encoded.values()),
            len(self.classes) or 1,
        )
        return affordable(size, self.task, self.resampling, self.folds)

    def said(self) -> list[Statement]:
        """What was guessed and why."""
        return [
            why.Proposed("target", self.target, self.reasons["target"], self.task),
            *(
                why.Proposed(role, column, self.reasons[role])
                for role, column in (("group", self.group), ("time", self.time))
                if column is not None
            ),
            why.Proposed("metric", self.primary, self.reasons.get("primary")),
            *(why.Proposed("drop", name, reason) for name, reason in self.drop.items()),
            *(
                why.Ordered(name, kind.ordinal)
                for name, kind in self.types.items()
                if isinstance(kind, Ordinal)
            ),
            *(reason for _, reason in self.clean),
            *self.notes,
            self.protocol.work,
            self.protocol.stronger,
        ]


def first_look(csv: Path, wishes: Wishes | None = None) -> Guess | ResultsTable:
    """The same; of a table of scores or predictions, what its columns hold, unless a target is wished."""
    source, raw = _read(csv)
    found = (
        results_table(raw, source) if wishes is None or wishes.target is None else None
    )
    return found or _guessed(csv.name, source, raw, wishes or Wishes())


def guess(csv: Path, wishes: Wishes | None = None) -> Guess:
    """Look at a delimited text file. Raises `DataError` when it cannot be read as one, or lacks a wished column."""
    return _guessed(csv.name, *_read(csv), wishes or Wishes())


def _read(csv: Path) -> tuple[dict[str, str | bool], pl.DataFrame]:
    if not csv.is_file():
        raise DataError(f"{csv}: there is no such file")
    source = writing(csv.read_bytes(), csv.name)
    raw = read_delimited(csv.read_bytes(), TextOptions.model_validate(source), csv.name)
    if not raw.height:
        raise DataError(f"{csv.name}: has a header and no rows")
    return source, raw


def _guessed(
    name: str, source: dict[str, str | bool], raw: pl.DataFrame, wishes: Wishes
) -> Guess:
    """The guess; of a table that has a row for several cases, that of the table with a row for each."""
    raw = raw.rename(free_of_row(raw.columns))  # as cleaning will call it
    made = _Look(name, source, raw, wishes).guess()
    left = [
        column for column in made.columns if column not in (made.target, *made.drop)
    ]
    count = of_target.count_column(raw, left) if source.get("header", True) else None
    if count is None:
        return made
    kept = [
        column
        for column in raw.columns
        if column != count and not isinstance(made.drop.get(column), why.Counter)
    ]
    times = raw[count].cast(pl.Int64)
    cases = raw.select(pl.col(kept).repeat_by(times)).filter(times > 0).explode(kept)
    again = _Look(name, {}, cases, wishes).guess()
    return replace(
        again,
        notes=(why.CountsOfCases(count, cases.height), *again.notes),
        table=cases.write_csv(),
    )


class _Look:
    """One table as it is looked at: what was found so far is what later looks leave out."""

    def __init__(
        self,
        name: str,
        source: dict[str, str | bool],
        raw: pl.DataFrame,
        wishes: Wishes,
    ) -> None:
        for wished in (wishes.target, wishes.group, wishes.time):
            if wished and wished not in raw.columns:
                raise DataError(
                    f"{name}: there is no column {wished}; {suggested(wished, raw.columns, 'columns')}"
                )
        self.name, self.source, self.wishes = name, source, wishes
        self.missing = _missing(raw)
        self.clean: list[tuple[ProposedStep, Statement]] = []
        self.notes: list[Statement] = []
        self.reasons: dict[str, Statement] = {}
        self.drop: dict[str, Statement] = {}
        self.target, self.time = "", wishes.time or None
        self.task: Task = "classification"
        self.group: str | None = None
        plain = self.text = without_tokens(raw, self.missing, raw.columns)
        self.declared: dict[str, ColumnType] = {}
        plain = self._read_as_people_write(plain)
        rows = pl.Series(range(raw.height), dtype=pl.Int64)
        self.frame = plain.with_columns(
            typed(plain[c], self.declared.get(c), rows, name) for c in plain.columns
        )
        self.kinds: dict[str, ColumnKind] = {
            c: kind_of(self.frame[c]) for c in self.frame.columns
        }

    def guess(self) -> Guess:
        self._sentinels()
        self.target = self._target()
        self.task = self._task()
        self._only_with(self.target)
        self.group = self._group()
        self._useless()
        self.time = self._time()
        self._copies()
        self._says_target()
        self._dates()
        self._asked()
        types, (resampling, folds) = self._types(), self._split()
        classes, folds = self._classes(resampling, folds)
        primary, also = self._metrics(classes)
        return Guess(
            columns=tuple(self.frame.columns),
            rows=self.frame.height,
            source=self.source,
            missing=self.missing,
            target=self.target,
            task=self.task,
            types=types,
            group=self.group,
            time=self.time,
            positive=self._positive(classes),
            classes=tuple(sorted(classes)),
            drop={
                name: self.drop[name]
                for name in self.frame.columns
                if name in self.drop
            },
            clean=tuple(self.clean),
            resampling=resampling,
            folds=folds,
            primary=primary,
            also=also,
            reasons=self.reasons,
            notes=tuple(self.notes),
            encoded={
                name: self._encoded(name, types[name])
                for name in types
                if name not in (self.group, self.time)
            },
        )

    def _read_as_people_write(self, plain: pl.DataFrame) -> pl.DataFrame:
        """The table with numbers and dates in plain writing, and the steps that make them so."""
        merged: dict[ProposedStep, tuple[list[str], str]] = {}
        for name in plain.columns:
            step = (
                None if looks_numeric(plain[name]) else written_otherwise(plain[name])
            )
            if step is None:
                continue
            if (
                step.name != "parse_dates"
                and order_of(plain[name].drop_nulls().unique().to_list()) is not None
            ):
                continue
            done = applied(plain, step)
            if done is None:
                continue
            values = plain[name].drop_nulls()
            example = str(
                next(
                    (one for one in values if not looks_numeric(pl.Series([one]))),
                    values[0],
                )
            )
            if step.name == "parse_dates":
                self.declared[name] = "date"
                if ambiguous(plain[name]):
                    self.notes.append(why.EitherOrder(name))
            plain = done
            names, _ = merged.setdefault(step.of_columns(()), ([], example))
            names.append(name)
        self.clean += [
            (step.of_columns(names), why.ReadAs(names[0], example))
            for step, (names, example) in merged.items()
        ]
        return plain

    def features(self, *kinds: ColumnKind) -> list[str]:
        """The columns that are still features; of these kinds, where any is named."""
        roles = (self.target, self.group, self.time, *self.drop)
        return [
            c
            for c in self.frame.columns
            if c not in roles and (not kinds or self.kinds[c] in kinds)
        ]

    def _sentinels(self) -> None:
        """-999 in a column of which nothing else is near, as missing; a question where it may be a number."""
        for name in [c for c, kind in self.kinds.items() if kind == "numeric"]:
            for value, sure in _far_off(self.frame[name]):
                rows = int((self.frame[name] == value).sum())
                if sure:
                    made = {name: f"NULLIF({in_sql(name)}, {int(value)})"}
                    step = ProposedStep.of_value("derive", made)
                    self.clean.append(
                        (step, why.StandsForMissing(name, f"{value:g}", rows))
                    )
                    hit = pl.when(pl.col(name) != value).then(pl.col(name))
                    self.frame = self.frame.with_columns(hit.alias(name))
                else:
                    self.notes.append(why.MaybeMissing(name, f"{value:g}", rows))

    def _target(self) -> str:
        """The wished one; a column that is named like a target; the last, or the first, that can be one."""
        if self.wishes.target is not None:
            self.reasons["target"] = why.AsAsked()
            return self.wishes.target
        by_word = {" ".join(sorted(words(name))): name for name in self.frame.columns}
        for word in _TARGETS:
            if word in by_word and self._can_be_target(by_word[word]):
                self.reasons["target"] = why.ByWord()
                return by_word[word]
        fit = [name for name in self.frame.columns if self._can_be_target(name)] or [
            self.frame.columns[-1]
        ]
        few = [
            self.frame[name].n_unique() <= 3 and self.kinds[name] != "numeric"
            for name in fit
        ]
        first = few[0] and not few[-1]
        self.reasons["target"] = why.FirstColumn() if first else why.LastColumn()
        return fit[0] if first else fit[-1]

    def _can_be_target(self, name: str) -> bool:
        series, kind = self.frame[name], self.kinds[name]
        levels = series.drop_nulls().n_unique()
        texts = kind in ("categorical", "ordinal") and levels > 20
        other = (
            kind == "date" or texts or id_like(series, kind) or time_like(series, kind)
        )
        return levels > 1 and not other and not self._identifies(name)

    def _identifies(self, name: str) -> bool:
        """Whether values name what was measured, several rows each: a unit (patient, device), or an identifier."""
        series, kind = self.frame[name], self.kinds[name]
        return (named_unit(name) and group_like(series, kind)) or repeated_id(
            series, kind
        )

    def _task(self) -> Task:
        """As wished; classes where the target is text, of two values, or of a few whole numbers without a gap."""
        target, kind = self.target, self.kinds[self.target]
        series = self.frame[target].drop_nulls()
        if self.wishes.task is not None:
            if self.wishes.task not in ("classification", "regression"):
                raise DataError(
                    f"a task is classification or regression; got {self.wishes.task}"
                )
            if self.wishes.task == "regression" and kind != "numeric":
                shown = ", ".join(
                    map(
                        repr, series.cast(pl.String).unique(maintain_order=True).head(3)
                    )
                )
                raise DataError(
                    f"{self.name}: column {target} holds text ({shown}), which a regression cannot predict"
                )
            if (
                self.wishes.task == "classification"
                and kind == "numeric"
                and not _are_classes(series)
            ):
                raise DataError(
                    f"{self.name}: column {target} holds {formats.count(series.n_unique())} different numbers in "
                    f"{formats.plural(len(series), 'row')}, too many to be classes: each needs two rows, and most have "
                    "one; write --task regression"
                )
            return self.wishes.task
        if kind != "numeric":
            return "classification"
        levels = series.n_unique()
        few = levels <= max(2, min(10, len(series) // 10)) and whole(series)
        span = float(series.max() - series.min()) if len(series) else 0.0  # type: ignore[operator, arg-type]
        return (
            "classification" if few and (levels <= 2 or span < levels) else "regression"
        )

    def _only_with(self, name: str) -> None:
        """Rows without a value of a column go."""
        if missing := self.frame[name].null_count():
            self.clean.append(
                (
                    ProposedStep.of("drop_missing", columns=[name]),
                    why.TargetMissing(name, missing),
                )
            )
            self.frame = self.frame.filter(pl.col(name).is_not_null())

    def _group(self) -> str | None:
        """The wished one; else a unit or identifier with several rows, or what has a row for each time."""
        if self.wishes.group is not None:
            return self._wished("group", self.wishes.group)
        whole_ones = [
            name for name in self.features() if not self.frame[name].null_count()
        ]
        for name in whole_ones:
            values = self.frame[name].n_unique()
            if self._identifies(name) and values >= 5:
                self.reasons["group"] = why.RepeatedUnit(values, self.frame.height)
                return name
        return (
            self._panel(whole_ones)
            or self._same_within(whole_ones)
            or self._alike(whole_ones)
        )

    def _wished(self, role: str, name: str) -> str | None:
        """A column that was asked for; none where it is empty."""
        if not name:
            return None
        self.reasons[role] = why.AsAsked()
        self._only_with(name)
        if role == "time" and self.kinds[name] not in ("numeric", "date"):
            raise DataError(
                f"{self.name}: column {name} is text, which has no order; a time is a date or a number"
            )
        return name

    def _panel(self, whole_ones: Sequence[str]) -> str | None:
        """A place, or text, that has one row for each time."""
        times = [
            name
            for name in whole_ones
            if named_time(name) or self.kinds[name] == "date"
        ]
        for name in [one for one in whole_ones if one not in times]:
            kind, levels = self.kinds[name], self.frame[name].n_unique()
            text = kind == "categorical" or (kind == "numeric" and named_place(name))
            if not text or not 5 <= levels <= self.frame.height / 3:
                continue
            for time in times:
                filled = levels * self.frame[time].n_unique() >= self.frame.height / 2
                if filled and not self.frame.select(name, time).is_duplicated().any():
                    self.reasons["group"] = why.RowForEachTime(time)
                    return name
        return None

    def _same_within(self, whole_ones: Sequence[str]) -> str | None:
        """Numbers of people or things: many values with several rows each, all alike in several other columns."""
        found: dict[str, list[str]] = {}
        for name in whole_ones:
            levels, kind = self.frame[name].n_unique(), self.kinds[name]
            named = kind == "categorical" or (
                kind == "numeric" and whole(self.frame[name])
            )
            if named and not named_time(name) and 20 <= levels <= self.frame.height / 2:
                found[name] = of_target.decided_by(self.frame, name, self.features())
        names = [name for name, others in found.items() if len(others) >= SAME]
        if not names:
            return None
        name = max(names, key=lambda one: self.frame[one].n_unique())
        shown = tuple(found[name][:SAME])
        self.reasons["group"] = why.OneOfEach(
            self.frame[name].n_unique(), self.frame.height, shown
        )
        return name

    def _alike(self, whole_ones: Sequence[str]) -> str | None:
        """Text of many values with a few rows each, which are alike in most of their numbers."""
        numbers = self.features("numeric")
        for name in whole_ones:
            levels = self.frame[name].n_unique()
            if (
                self.kinds[name] != "categorical"
                or not 20 <= levels <= self.frame.height / 2
            ):
                continue
            share = of_target.alike_within(self.frame, name, numbers)
            if len(numbers) > 1 and share >= ALIKE:
                self.reasons["group"] = why.AlikeWithin(levels, share)
                return name
        return None

    def _useless(self) -> None:
        """Columns that say nothing of a new row: constants, names, counters, text that cannot be encoded."""
        for name in self.features():
            reason = _no_feature(self.frame[name], self.kinds[name])
            if reason is not None:
                self.drop[name] = reason

    def _time(self) -> str | None:
        """The wished one; else a column of dates, one a row and in order, where nothing is grouped."""
        if self.wishes.time is not None:
            return self._wished("time", self.wishes.time)
        for name in self.features() if self.group is None else ():
            series = self.frame[name]
            if series.null_count() or not series.is_sorted():
                continue
            if self.kinds[name] == "date" and series.n_unique() >= NEAR_UNIQUE * len(
                series
            ):
                self.reasons["time"] = why.SeriesInTime()
                return name
            lagged = any(
                "lag" in words(one) for one in self.frame.columns
            )  # features of earlier rows
            if time_like(series, self.kinds[name]) and (
                lagged or series.n_unique() >= MANY_TIMES
            ):
                self.reasons["time"] = why.Lagged() if lagged else why.RecordInTime()
                return name
        return None

    def _copies(self) -> None:
        """Of columns that say the same, one stays: an ordered or readable one before a code."""
        names = self.features(*UNDATED)
        preferred = sorted(
            names,
            key=lambda name: (
                self.kinds[name] == "numeric" and self.frame[name].n_unique() <= 50
            ),
        )
        for name, other in relations.copies(self.frame, preferred).items():
            self.drop[name] = why.Copy(other)

    def _says_target(self) -> None:
        """Columns that are the target, or say it in every row; of one that says nearly all, a question."""
        numbers = self.task == "regression"
        y = (
            self.frame[self.target]
            if numbers
            else self.frame[self.target].cast(pl.String)
        )
        if numbers and y.dtype != pl.Float64:
            return
        for name in self._unsure():
            reason = self._of_target(name, y)
            if reason is not None:
                self.drop[name] = reason
        if numbers:
            parts = of_target.parts_of(self.frame, self.target, self._unsure())
            self.drop |= {
                name: why.PartOfTarget(self.target, tuple(parts)) for name in parts
            }
        self._strong(y)

    def _unsure(self) -> list[str]:
        """The features of which nobody said that they are known before the target."""
        return [
            name for name in self.features(*UNDATED) if name not in self.wishes.known
        ]

    def _of_target(self, name: str, y: pl.Series) -> Statement | None:
        """Why a column is the target, or known only when the target is; None where nothing says so."""
        series, numeric = self.frame[name], self.kinds[name] == "numeric"
        if of_target.same_groups(y, series):
            return why.TargetItself(self.target)
        if self.task == "regression":
            if numeric and of_target.in_order(y, series):
                return why.TargetItself(self.target)
            return (
                why.FromTarget(self.target) if of_target.ranges_of(y, series) else None
            )
        if (label := of_target.there_only_with(series, y)) is not None:
            return why.ThereOnlyWith(self.target, label)
        if of_target.ranges_of(series, y) if numeric else of_target.decides(series, y):
            return why.FromTarget(self.target)
        late = numeric and time_until(name, self.target, y.unique().to_list())
        return why.TimeToEvent(self.target) if late else None

    def _strong(self, y: pl.Series) -> None:
        """Drop what is named like the target and says it; ask of the feature that says nearly all of it alone."""
        kinds = {name: self.kinds[name] for name in self.features(*UNDATED)}
        shares = of_target.removed(self.frame, y, kinds)
        target = words(self.target)
        if len(shares) > 1:
            late = [
                name
                for name in self._unsure()
                if shares.get(name, 0) >= 0.7 and target < words(name)
            ]
            self.drop |= {
                name: why.NamedLikeTarget(self.target, shares[name]) for name in late
            }
        left = [one for one in shares.items() if one[0] not in self.drop]
        if len(left) > 1:
            self._ask_of_first(*left[0], left[1][1])

    def _ask_of_first(self, first: str, most: float, second: float) -> None:
        """Whether the feature that says most of the target is known before it, where no other one comes near."""
        related = any(
            len(one) > 3 and (one in first.lower() or first.lower() in one)
            for one in words(self.target)
        )
        if (most >= 0.8 and 1 - most < (1 - second) / 2) or (related and most > 0.3):
            self.notes.append(
                why.StrongFeature(first, self.target, most, max(0.0, second))
            )

    def _dates(self) -> None:
        """Dates as numbers: the parts that vary."""
        dates = [name for name, kind in self.kinds.items() if kind == "date"]
        for name in [
            one for one in dates if one != self.target and one not in self.drop
        ]:
            parts = [
                part
                for part in ("year", "month", "day")
                if getattr(self.frame[name].dt, part)().n_unique() > 1
            ]
            if name == self.time:
                parts = (
                    ["month"]
                    if len(parts) > 1 and self.frame[name].dt.year().n_unique() > 1
                    else []
                )
            elif not parts:
                self.drop[name] = why.SingleValue()
            if parts:
                self._derive_parts(name, parts)

    def _derive_parts(self, name: str, parts: Sequence[str]) -> None:
        """Numbers in the place of a date, which stays where it orders the rows."""
        made = {
            f"{name}_{part}": f"EXTRACT({part.upper()} FROM {in_sql(name)})"
            for part in parts
        }
        new = {key: made[key] for key in made if key not in self.frame.columns}
        if new:
            step = ProposedStep.of_value("derive", new)
            self.clean.append((step, why.DatesAsNumbers(name)))
        if name != self.time:
            self.drop[name] = why.DatesAsNumbers(name)

    def _asked(self) -> None:
        """What only its author knows: groups, times, a design."""
        names = self.features()
        for name in names:
            series, kind = self.frame[name], self.kinds[name]
            if (named_id(name) and kind == "numeric") or (
                self.group is None and group_like(series, kind)
            ):
                self.notes.append(why.MaybeGroup(name, series.drop_nulls().n_unique()))
        self.notes += self._said_twice()
        times = [
            name for name in names if time_like(self.frame[name], self.kinds[name])
        ]
        if self.time is None and times:
            self.notes.append(why.MaybeTime(tuple(times)))
        if relations.is_grid(self.frame, names):
            self.notes.append(why.Grid())

    def _said_twice(self) -> list[Statement]:
        """Numbers that hardly vary within the categories of another feature: of each the one that says most of it."""
        texts = {
            name: self.frame[name].n_unique()
            for name in self.features("categorical", "ordinal")
        }
        notes = list[Statement]()
        for number in self.features("numeric") if texts else ():
            most = min(FEW_CATEGORIES, self.frame.height / ROWS_A_CATEGORY)
            fit = [name for name, levels in texts.items() if 2 <= levels <= most]
            shares = {
                name: of_target.alike_within(self.frame, name, [number]) for name in fit
            }
            name = max(shares, key=lambda one: shares[one], default=None)
            if name is not None and shares[name] >= SAME_VARIANCE:
                notes.append(why.MaybeSame(number, name, shares[name], texts[name]))
        return notes

    def _types(self) -> dict[str, ColumnType]:
        types: dict[str, ColumnType] = {}
        for name in self.frame.columns:
            series, kind = self.frame[name], self.kinds[name]
            if isinstance(self.drop.get(name), why.DatesAsNumbers):
                types[name] = "date"  # as what is derived from it reads it
            if name in self.drop:
                continue
            levels = (
                series.cast(pl.String).drop_nulls().unique().to_list()
                if kind == "categorical"
                else []
            )
            if (order := order_of(levels)) is not None:
                types[name] = Ordinal(ordinal=order)
            elif name != self.target and kind != "ordinal":
                coded = (
                    kind == "numeric"
                    and named_kind(name)
                    and whole(series.drop_nulls())
                )
                types[name] = (
                    "categorical"
                    if coded and 3 <= series.n_unique() <= MOST_LEVELS
                    else kind
                )
        return types

    def _encoded(self, name: str, kind: ColumnType) -> int:
        """How many columns a feature becomes: one for each category, and up to three parts of a date."""
        return {"categorical": self.frame[name].n_unique(), "date": 3}.get(str(kind), 1)

    def _split(self) -> tuple[str, int]:
        """How rows are split, and into how many parts."""
        if self.group is not None:
            return "group_kfold", min(5, self.frame[self.group].n_unique())
        if self.time is not None:
            return "time_ordered", max(2, min(5, self.frame[self.time].n_unique() - 1))
        return "kfold", 5

    def _classes(self, resampling: str, folds: int) -> tuple[dict[str, int], int]:
        """The rows of each class, the rarest first, and the folds that they allow; classes that no fold can test go."""
        if self.task == "regression":
            return {}, folds
        labels = self.text[self.target].drop_nulls().str.strip_chars().alias("label")
        sizes = dict(labels.value_counts(name="n").sort(["n", "label"]).iter_rows())
        if not sizes:
            raise DataError(
                f"{self.name}: the target {self.target} has no value; name another with --target"
            )
        tiny = {label: n for label, n in sizes.items() if n < folds}
        if tiny and len(sizes) - len(tiny) >= 2:
            others = ", ".join(text_in_sql(label) for label in tiny)
            step = ProposedStep.of_value(
                "where", f"{in_sql(self.target)} NOT IN ({others})"
            )
            self.clean.append(
                (step, why.TinyClasses(", ".join(tiny), sum(tiny.values())))
            )
            return {label: n for label, n in sizes.items() if label not in tiny}, folds
        return sizes, max(2, min(sizes.values())) if tiny and RESAMPLINGS[
            resampling
        ].stratifiable else folds

    def _positive(self, sizes: Mapping[str, int]) -> str | None:
        """The wished class; of two the rarer one."""
        positive = self.wishes.positive or (
            next(iter(sizes)) if len(sizes) == 2 else None
        )
        if (
            sizes
            and positive is not None
            and (positive not in sizes or len(sizes) != 2)
        ):
            raise DataError(
                f"{self.name}: {positive} cannot be the positive class of {self.target} ({len(sizes)} classes); "
                + suggested(positive, sorted(sizes), "classes")
            )
        return positive if sizes else None

    def _metrics(self, sizes: Mapping[str, int]) -> tuple[str, tuple[str, ...]]:
        """Accuracy, unless a class is rare; of two classes the areas under both curves; rmse of numbers."""
        if not sizes:
            return "rmse", ("mae", "r2")
        label, rows = next(iter(sizes)), sum(sizes.values())
        if sizes[label] >= RARE * rows and max(sizes.values()) < COMMON * rows:
            return "accuracy", ("roc_auc", "log_loss")
        self.reasons["primary"] = why.RareClass(label, sizes[label] / rows)
        also = (
            ("pr_auc", "roc_auc", "log_loss")
            if len(sizes) == 2
            else ("accuracy", "log_loss")
        )
        return "balanced_accuracy", also


def _are_classes(numbers: pl.Series) -> bool:
    """Whether folds can be made with these numbers as classes: at least half of the rows are in a class of two."""
    return bool(numbers.is_duplicated().sum() * 2 >= len(numbers))


def _missing(raw: pl.DataFrame) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for name in raw.columns:
        series = raw[name].str.strip_chars()
        disguised = not_numbers(series)[0]
        here = set(series.filter(series.is_in([*TOKENS, *_ENDLESS])).unique())
        for token in (*TOKENS, *_ENDLESS):
            if token in here and (token in _SURE or token in disguised):
                seen[token] = None
    return tuple(seen)


def _far_off(series: pl.Series) -> Iterator[tuple[float, bool]]:
    """Numbers of nines only that lie far from all others of a column, and whether they surely stand for missing."""
    values = series.drop_nulls()
    if len(values) < 10:
        return
    for value in (-9.0, -99.0, -999.0, -9999.0, 999.0, 9999.0, 99999.0):
        rest = values.filter(values != value)
        if len(rest) == len(values) or len(rest) < 10 or rest.n_unique() < 2:
            continue
        low, high = float(rest.min()), float(rest.max())  # type: ignore[arg-type]
        if value < 0 and low >= 0 and (value <= -99 or high > 9):
            yield value, True
        elif abs(value) > 4 * max(abs(low), abs(high)):
            yield value, value < 0


def _no_feature(series: pl.Series, kind: ColumnKind) -> Statement | None:
    """Why a column cannot be a feature as it stands; None where it can."""
    values = series.drop_nulls()
    levels = values.n_unique()
    if not len(values):
        return why.AllMissingHere()
    if levels == 1:
        return why.SingleValue()
    if kind == "numeric":
        if not id_like(series, kind):
            return None
        return (
            why.Counter() if counts(series) else why.NearlyUnique(levels, len(values))
        )
    if kind != "categorical":
        return None
    if named_notes(series.name) and levels > 5:
        return why.FreeText()
    length = float(values.cast(pl.String).str.len_chars().mean())  # type: ignore[arg-type]
    if id_like(series, kind):
        return why.NearlyUnique(levels, len(values))
    if levels > MOST_LEVELS:
        return why.TooManyLevels(levels, MOST_LEVELS)
    return why.FreeText() if length > 40 and levels > 5 else None
