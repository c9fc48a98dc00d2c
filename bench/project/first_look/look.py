"""One table as it is looked at: what the rules found so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from bench.core.errors import DataError, suggested
from bench.core.task import Task
from bench.data.types import ColumnKind
from bench.project.first_look.written import StepEntry
from bench.study.models import ColumnType
from bench.text.proposals import Reason

#: The kinds of columns but dates.
UNDATED: tuple[ColumnKind, ...] = ("numeric", "categorical", "ordinal", "boolean")


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


@dataclass
class Look:
    """What a table holds, and what each rule decided of it; later rules leave out what earlier ones took.

    text, frame: the cells as they stand but for missing ones, and typed
    drop, clean, reasons, notes: columns that are no features, cleaning steps, and decisions, each with its reason;
    and what only the author knows
    """

    name: str
    wishes: Wishes
    text: pl.DataFrame
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    kinds: dict[str, ColumnKind] = field(default_factory=dict)
    declared: dict[str, ColumnType] = field(default_factory=dict)
    target: str = ""
    task: Task = "classification"
    group: str | None = None
    time: str | None = None
    drop: dict[str, Reason] = field(default_factory=dict)
    clean: list[tuple[StepEntry, Reason]] = field(default_factory=list)
    reasons: dict[str, Reason] = field(default_factory=dict)
    notes: list[Reason] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.time = self.wishes.time or None  # no rule before that of time takes it
        for wished in (self.wishes.target, self.wishes.group, self.wishes.time):
            if wished and wished not in self.text.columns:
                raise self.error(
                    f"there is no column {wished}; {suggested(wished, self.text.columns, 'columns')}"
                )

    def error(self, message: str) -> DataError:
        return DataError(f"{self.name}: {message}")

    def features(self, *kinds: ColumnKind) -> list[str]:
        """The columns that are still features; of these kinds, where any is named."""
        roles = {self.target, self.group, self.time, *self.drop}
        left = [name for name in self.frame.columns if name not in roles]
        return [name for name in left if not kinds or self.kinds[name] in kinds]

    def unsure(self, *kinds: ColumnKind) -> list[str]:
        """The features of which nobody said that they are known before the target."""
        known = self.wishes.known
        return [name for name in self.features(*kinds) if name not in known]

    def complete(self) -> list[str]:
        """The features without a missing value."""
        return [c for c in self.features() if not self.frame[c].null_count()]

    def drops(self, names: Iterable[str], code: str, **details: Any) -> None:
        """These columns are no features."""
        self.drop |= dict.fromkeys(names, Reason(code, details))

    def asks(self, code: str, **details: Any) -> None:
        """A question to the author, as a comment of the study."""
        self.notes.append(Reason(code, details))

    def decides(self, what: str, code: str, **details: Any) -> None:
        """Why the target, group, time, metric or positive class is what it is."""
        self.reasons[what] = Reason(code, details)

    def cleans(self, step: StepEntry, code: str, **details: Any) -> None:
        """A cleaning step of the study."""
        self.clean.append((step, Reason(code, details)))

    def needs(self, name: str) -> None:
        """Rows without a value of this column go."""
        if missing := self.frame[name].null_count():
            step = {"drop_missing": {"columns": [name]}}
            self.cleans(step, "target_missing", column=name, rows=missing)
            self.frame = self.frame.filter(pl.col(name).is_not_null())
