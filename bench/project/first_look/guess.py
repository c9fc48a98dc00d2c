"""A first look at somebody's CSV, as a careful person would take it: what to predict, and what each column is.

It proposes a study that runs; what it cannot know it asks, as a comment of the study file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from bench.core.errors import DataError, suggested
from bench.core.task import Task
from bench.data.delimited import TextOptions, read_delimited
from bench.data.expressions import in_sql, text_in_sql
from bench.data.hints import TOKENS, named_kind, not_numbers, whole
from bench.data.roles import free_of_row
from bench.data.types import without_tokens
from bench.project.first_look import relations
from bench.project.first_look.look import Look, Wishes
from bench.project.first_look.protocols import FirstProtocol, TableSize, protocol_for
from bench.project.first_look.results_table import ResultsTable, results_table
from bench.project.first_look.rules import MOST_LEVELS, RULES
from bench.project.first_look.written import StepEntry, order_of, writing
from bench.study.models import ColumnType, Ordinal
from bench.study.protocol import RESAMPLINGS
from bench.text.proposals import Reason

#: A class this rare, or one class this common, makes accuracy say little.
RARE, COMMON = 0.05, 0.8
FOLDS = 5
_ENDLESS = ("inf", "-inf", "Inf", "-Inf", "Infinity", "-Infinity")
#: Words that stand for missing wherever they stand; others only where all else are numbers.
_SURE = {"?", "*", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "<null>"}


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What a CSV file seems to be, and what a study of it would say.

    source: options of the `csv` source that differ from its defaults
    missing: words that seem to stand for missing values
    types: of every column that is used, in the order of the file
    drop, clean, reasons, notes: what is left out, cleaned and decided, each with its reason, and questions
    table: where the file has a row for several cases, the one with a row for each
    """

    columns: tuple[str, ...] = ()
    source: dict[str, str | bool] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    target: str
    task: Task
    types: dict[str, ColumnType] = field(default_factory=dict)
    group: str | None = None
    time: str | None = None
    positive: str | None = None
    classes: tuple[str, ...] = ()
    drop: dict[str, Reason] = field(default_factory=dict)
    clean: tuple[tuple[StepEntry, Reason], ...] = ()
    resampling: str = "kfold"
    folds: int = FOLDS
    primary: str = "accuracy"
    also: tuple[str, ...] = ("roc_auc", "log_loss")
    reasons: dict[str, Reason] = field(default_factory=dict)
    notes: tuple[Reason, ...] = ()
    table: str | None = None
    size: TableSize

    @property
    def rows(self) -> int:
        return self.size.rows

    @property
    def protocol(self) -> FirstProtocol:
        """What a first page of minutes allows."""
        return protocol_for(self.size)

    def said(self) -> list[str]:
        """What was guessed and why, a line each."""
        chosen = {"target": f"{self.target}, {self.task}", "group": self.group}
        chosen |= {"time": self.time, "positive": self.positive, "metric": self.primary}
        lines = []
        for what, value in chosen.items():
            reason = self.reasons.get(what)
            if value is not None:
                lines.append(
                    f"{what}: {value}{'' if reason is None else f' ({reason})'}"
                )
        lines += [f"drop: {name} ({reason})" for name, reason in self.drop.items()]
        for name, kind in self.types.items():
            if isinstance(kind, Ordinal):
                lines.append(f"ordered: {name}, {' < '.join(kind.ordinal)}")
        lines += [str(reason) for _, reason in self.clean]
        lines += map(str, self.notes)
        return [*lines, *map(str, self.about_protocol)]

    @property
    def about_protocol(self) -> tuple[Reason, Reason]:
        """By what the protocol was chosen, and what would make it stronger."""
        size = {"rows": self.size.rows, "columns": self.size.columns}
        changes = tuple(f"`{change}`" for change in self.protocol.stronger)
        return Reason("size", size), Reason("stronger", {"changes": changes})


def first_look(csv: Path, wishes: Wishes | None = None) -> Guess | ResultsTable:
    """The same; of a table of scores or predictions, what its columns hold, unless a target is wished."""
    source, raw = _read(csv)
    wishes = wishes or Wishes()
    found = results_table(raw, source) if wishes.target is None else None
    return found or _guess(csv.name, source, raw, wishes)


def guess(csv: Path, wishes: Wishes | None = None) -> Guess:
    """Look at a delimited text file. Raises `DataError` when it cannot be read as one, or lacks a wished column."""
    return _guess(csv.name, *_read(csv), wishes or Wishes())


def _read(csv: Path) -> tuple[dict[str, str | bool], pl.DataFrame]:
    if not csv.is_file():
        raise DataError(f"{csv}: there is no such file")
    content = csv.read_bytes()
    source = writing(content, csv.name)
    raw = read_delimited(content, TextOptions.model_validate(source), csv.name)
    if not raw.height:
        raise DataError(f"{csv.name}: has a header and no rows")
    return source, raw


def _guess(
    name: str, source: dict[str, str | bool], raw: pl.DataFrame, wishes: Wishes
) -> Guess:
    """The guess; of a table that has a row for several cases or trials, that of the table with a row for each."""
    raw = raw.rename(free_of_row(raw.columns))  # as cleaning will call it
    made = _with_row_each(raw, wishes) if source.get("header", True) else None
    if made is None:
        return _looked(name, source, raw, wishes)
    table, reason = made
    if reason.code == "trials":
        wishes = replace(wishes, target=str(reason.details["target"]))
    found = _looked(name, {}, table, wishes)
    return replace(found, notes=(reason, *found.notes), table=table.write_csv())


def _with_row_each(
    raw: pl.DataFrame, wishes: Wishes
) -> tuple[pl.DataFrame, Reason] | None:
    """A table of counts with a row for each case, or for each trial; None where it is none."""
    trials = relations.trial_columns(raw)
    if trials is not None and wishes.target in (None, trials[0]):
        target = "success" if "success" not in raw.columns else f"{trials[0]}_"
        table = relations.with_trials(raw, *trials, target)
        about = {"column": trials[0], "rows": table.height, "target": target}
        return table, Reason("trials", about)
    left = [
        c for c in raw.columns if c not in (wishes.target, wishes.group, wishes.time)
    ]
    count = relations.count_column(raw, left)
    if count is None:
        return None
    table = relations.with_cases(raw, count)
    return table, Reason("cases", {"column": count, "rows": table.height})


def _looked(
    name: str, source: dict[str, str | bool], raw: pl.DataFrame, wishes: Wishes
) -> Guess:
    """What the rules find in one table."""
    missing = _missing(raw)
    look = Look(name, wishes, without_tokens(raw, missing, raw.columns))
    for rule in RULES:
        rule(look)
    types = _types(look)
    resampling, folds = _split(look)
    classes, folds = _classes(look, resampling, folds)
    positive = _positive(look, classes)
    primary, also = _metrics(look, classes)
    features = [c for c in types if c not in (look.group, look.time)]
    columns = sum(_width(look.frame[c], types[c]) for c in features)
    return Guess(
        columns=tuple(raw.columns),
        source=source,
        missing=missing,
        target=look.target,
        task=look.task,
        types=types,
        group=look.group,
        time=look.time,
        positive=positive,
        classes=tuple(sorted(classes)),
        drop={c: look.drop[c] for c in raw.columns if c in look.drop},
        clean=tuple(look.clean),
        resampling=resampling,
        folds=folds,
        primary=primary,
        also=also,
        reasons=look.reasons,
        notes=tuple(look.notes),
        size=TableSize(look.frame.height, columns, len(classes) or 1),
    )


def _missing(raw: pl.DataFrame) -> tuple[str, ...]:
    """The words of a table that stand for missing, in the order in which they are found."""
    found: dict[str, None] = {}
    for name in raw.columns:
        series = raw[name].str.strip_chars()
        disguised = not_numbers(series)[0]
        for token in (*TOKENS, *_ENDLESS):
            if (token in _SURE or token in disguised) and (series == token).any():
                found[token] = None
    return tuple(found)


def _types(look: Look) -> dict[str, ColumnType]:
    types: dict[str, ColumnType] = {}
    for name in look.frame.columns:
        series, kind = look.frame[name], look.kinds[name]
        if name in look.drop:
            if look.drop[name].code == "date":
                types[name] = "date"  # as what is derived from it reads it
            continue
        words = series.cast(pl.String).drop_nulls().unique().to_list()
        order = order_of(words) if kind == "categorical" else None
        if order is not None:
            types[name] = Ordinal(ordinal=order)
        elif name == look.target or kind == "ordinal":
            continue
        elif kind == "numeric" and _is_code(series):
            types[name] = "categorical"
        else:
            types[name] = kind
    return types


def _is_code(series: pl.Series) -> bool:
    """Whether numbers are codes of kinds by their name."""
    few = 3 <= series.n_unique() <= MOST_LEVELS
    return few and named_kind(series.name) and whole(series.drop_nulls())


def _width(series: pl.Series, kind: ColumnType) -> int:
    """How many columns a feature becomes: one for each category, and up to three parts of a date."""
    if kind == "categorical":
        return series.n_unique()
    return 3 if kind == "date" else 1


def _split(look: Look) -> tuple[str, int]:
    """How rows are split, and into how many parts."""
    if look.group is not None:
        return "group_kfold", min(FOLDS, look.frame[look.group].n_unique())
    if look.time is not None:
        times = look.frame[look.time].n_unique()
        return "time_ordered", max(2, min(FOLDS, times - 1))
    return "kfold", FOLDS


def _classes(look: Look, resampling: str, folds: int) -> tuple[dict[str, int], int]:
    """The rows of each class, the rarest first, and the folds that they allow; classes that no fold can test go."""
    if look.task == "regression":
        return {}, folds
    labels = look.text[look.target].drop_nulls().str.strip_chars().alias("label")
    sizes = dict(labels.value_counts(name="n").sort(["n", "label"]).iter_rows())
    if not sizes:
        raise look.error(
            f"the target {look.target} has no value; name another with --target"
        )
    tiny = {label: rows for label, rows in sizes.items() if rows < folds}
    if tiny and len(sizes) - len(tiny) >= 2:
        others = ", ".join(text_in_sql(label) for label in tiny)
        step = {"where": f"{in_sql(look.target)} NOT IN ({others})"}
        look.cleans(step, "tiny", labels=tuple(tiny), rows=sum(tiny.values()))
        return {label: n for label, n in sizes.items() if label not in tiny}, folds
    if tiny and RESAMPLINGS[resampling].stratifiable:
        folds = max(2, min(sizes.values()))
    return sizes, folds


def _positive(look: Look, sizes: Mapping[str, int]) -> str | None:
    """The wished class; of two the rarer one."""
    wished = look.wishes.positive
    if not sizes or (wished is None and len(sizes) != 2):
        return None
    if wished is None:
        rarer, other = sizes
        look.decides("positive", "counted", other=other)
        return rarer
    if wished not in sizes or len(sizes) != 2:
        raise look.error(
            f"{wished} cannot be the positive class of {look.target} ({len(sizes)} classes); "
            + suggested(wished, sorted(sizes), "classes")
        )
    look.decides("positive", "asked")
    return wished


def _metrics(look: Look, sizes: Mapping[str, int]) -> tuple[str, tuple[str, ...]]:
    """Accuracy, unless a class is rare; of two classes the areas under both curves; rmse of numbers."""
    if not sizes:
        return "rmse", ("mae", "r2")
    label, rows = next(iter(sizes)), sum(sizes.values())
    if sizes[label] >= RARE * rows and max(sizes.values()) < COMMON * rows:
        return "accuracy", ("roc_auc", "log_loss")
    look.decides("metric", "rare", label=label, share=sizes[label] / rows)
    if len(sizes) == 2:
        return "balanced_accuracy", ("pr_auc", "roc_auc", "log_loss")
    return "balanced_accuracy", ("accuracy", "log_loss")
