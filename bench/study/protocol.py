"""The protocol of a study: how rows are split into training and test rows, and how candidates are chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, Strict, model_validator

from bench.study.fields import Bool, Count, Form, Share, Text, refused
from bench.text.problems import OutOfRange, Rule


class PilotRepeats(Form):
    """As many repeats as the claims need: the spread of a few, run first, tells how many (Stein 1945)."""

    pilot: Annotated[int, Strict(), Field(ge=3, le=1_000)] = 10
    """How many repeats are run first. Example: `10`."""
    at_most: Count = 1_000
    """The most repeats that are run, those of the pilot among them; if it is not written, no more than are cheap: two
    million rows over all trainings. Example: `300`."""

    @model_validator(mode="after")
    def _order(self) -> PilotRepeats:
        if self.at_most < self.pilot:
            raise refused(OutOfRange("ge", self.pilot, str(self.at_most)), "at_most")
        return self


HowOften = Count | PilotRepeats


class _Resampling(Form):
    """What others ask of a resampling: they never ask which one it is."""

    draws: ClassVar[bool] = False
    """Whether its splits are drawn at random."""
    one_split: ClassVar[bool] = False
    """Whether each repeat is one split into training and test rows."""
    given: ClassVar[bool] = False
    """Whether its splits came with the data: whether they keep groups and times apart depends on who made them."""
    keeps_groups: ClassVar[bool] = False
    """Whether no group stands on both sides, by its nature."""
    in_time: ClassVar[bool] = False
    """Whether it trains on the past alone."""
    row_by_row: ClassVar[bool] = False
    """Whether each row is a test set of its own."""
    takes_repeats: ClassVar[bool] = True
    """Whether it can be repeated."""
    stratifiable: ClassVar[bool] = False
    """Whether its splits may keep the shares of the classes."""

    @property
    def fixed(self) -> bool:
        """Whether every run tests one published set of rows."""
        return self.given and self.one_split

    @property
    def stratifies(self) -> bool:
        """Whether its splits keep the shares of the classes, where there are classes."""
        return self.stratifiable and getattr(self, "stratify", None) is not False


class KFold(_Resampling):
    """K-fold cross-validation."""

    draws = True
    stratifiable = True
    kind: Literal["kfold"]
    """K-fold cross-validation."""
    folds: Annotated[int, Strict(), Field(ge=2, le=10_000)] = 10
    """The number of folds."""
    repeats: HowOften = 1
    """How often the whole is repeated, each time with new splits: a number, or a pilot and a bound, `{pilot: 10,
    at_most: 300}`. If it is not written: a pilot of 10 where a published score rests on the splits, else 1."""
    stratify: Bool | None = None
    """Whether every fold keeps the shares of the classes; null: yes for classification."""


class LeaveOneOut(_Resampling):
    row_by_row = True
    takes_repeats = False
    kind: Literal["leave_one_out"]
    """One fold for each row."""


class Holdout(_Resampling):
    """Repeated random hold-out."""

    draws = True
    one_split = True
    stratifiable = True
    kind: Literal["holdout"]
    """Repeated random splits into training and test rows."""
    test_size: Share = 0.1
    """The share of the rows in the test set. Example: `0.1`."""
    repeats: HowOften = 1
    """How many random splits: a number, or a pilot and a bound, `{pilot: 10, at_most: 300}`. If it is not written: a
    pilot of 10 where a published score rests on the splits, else 1."""
    stratify: Bool | None = None
    """Whether both sides keep the shares of the classes; null: yes for classification."""


def row_ranges(text: str) -> list[tuple[int, int]]:
    """The first and last rows of ranges as a study writes them, counted from 1.

    >>> row_ranges("1-50,61-70")
    [(1, 50), (61, 70)]
    """
    return [
        (int(low), int(high))
        for low, _, high in (part.partition("-") for part in text.split(","))
    ]


class FixedSplit(_Resampling):
    """One published split: rows whose `column` equals `test` are the test set; or row ranges of the raw table.

    Ranges count from 1 and include both ends, as papers print them: `train: "1-200"`, `test: "201-350"`. Only families
    that take a seed, or are tuned, differ between repeats.
    """

    given = True
    one_split = True
    kind: Literal["fixed_split"]
    """One published split."""
    column: Text | None = None
    """The column that says on which side a row is; without it, `train` and `test` are row ranges. Example: `part`."""
    test: Text
    """The value of `column` in test rows, or the row ranges of the test set. Example: `"201-350"`."""
    train: Text | None = None
    """The row ranges of the training set, where there is no `column`. Example: `"1-200"`."""
    repeats: HowOften = 1
    """How many runs on the same rows, each with new seeds: a number, or a pilot and a bound, `{pilot: 10, at_most:
    300}`. If it is not written: 10 where a family takes a seed or is tuned; 1 elsewhere, and for a simulation."""

    @model_validator(mode="after")
    def _column_or_ranges(self) -> FixedSplit:
        if self.column is None:
            for name in ("train", "test"):
                value = getattr(self, name)
                if value is None or not re.fullmatch(
                    r"[0-9]{1,12}-[0-9]{1,12}(,[0-9]{1,12}-[0-9]{1,12})*", value
                ):
                    raise refused(Rule.RANGES)
                if not all(1 <= low <= high for low, high in row_ranges(value)):
                    raise refused(Rule.RANGE_ORDER, name)
        return self


class GivenFolds(_Resampling):
    """Folds as published: each value of `column` is one test fold."""

    given = True
    kind: Literal["given_folds"]
    """Folds as published."""
    column: Text
    """The column whose values are the folds. Example: `fold`."""
    repeats: HowOften = 1
    """How many runs on these folds, each with new seeds: a number, or a pilot and a bound, `{pilot: 10, at_most:
    300}`."""


class GroupKFold(_Resampling):
    """K-fold in which a group (the dataset's `group` column) is never on both sides."""

    draws = True
    keeps_groups = True
    kind: Literal["group_kfold"]
    """K-fold cross-validation that keeps the groups of the dataset whole."""
    folds: Annotated[int, Strict(), Field(ge=2, le=10_000)] = 5
    """The number of folds."""
    repeats: HowOften = 1
    """How often the whole is repeated, each time with new splits: a number, or a pilot and a bound, `{pilot: 10,
    at_most: 300}`. If it is not written: a pilot of 10 where a published score rests on the splits, else 1."""


class TimeOrdered(_Resampling):
    """Expanding window over the dataset's `time` column: train on the past, test on the next block."""

    in_time = True
    takes_repeats = False
    kind: Literal["time_ordered"]
    """An expanding window: the past trains, the next block tests."""
    folds: Annotated[int, Strict(), Field(ge=2, le=10_000)] = 5
    """The number of test blocks."""


Resampling = Annotated[
    KFold | LeaveOneOut | Holdout | FixedSplit | GivenFolds | GroupKFold | TimeOrdered,
    Field(discriminator="kind"),
]


DrawnFolds = KFold | GroupKFold
#: By kind.
RESAMPLINGS: Mapping[str, type[_Resampling]] = {
    "kfold": KFold,
    "leave_one_out": LeaveOneOut,
    "holdout": Holdout,
    "fixed_split": FixedSplit,
    "given_folds": GivenFolds,
    "group_kfold": GroupKFold,
    "time_ordered": TimeOrdered,
}


def draw_folds(folds: int, repeats: HowOften, *, stratify: bool | None) -> KFold:
    """Random folds of all rows."""
    return KFold(kind="kfold", folds=folds, repeats=repeats, stratify=stratify)


def fold_once(own: Resampling, folds: int | None) -> DrawnFolds:
    """The folds of a resampling that draws, once; in the place of random splits 10 of them, unless stated."""
    if isinstance(own, Holdout):
        return draw_folds(folds or 10, 1, stratify=own.stratify)
    assert isinstance(own, KFold | GroupKFold)
    return own.model_copy(update={"repeats": 1, "folds": folds or own.folds})


def draw_grouped_folds(folds: int, repeats: HowOften) -> GroupKFold:
    """Random folds that keep the groups of the dataset whole."""
    return GroupKFold(kind="group_kfold", folds=folds, repeats=repeats)


class Tuning(Form):
    """How candidates are chosen inside each outer training set."""

    by: Literal["inner_cv", "oob"] = "inner_cv"
    """What candidates are compared by: cross-validation inside the training rows, or out-of-bag scores."""
    folds: Annotated[int, Strict(), Field(ge=2, le=100)] = 5
    """The number of inner folds."""
    metric: Text | None = None
    """The metric that candidates are compared by; null: accuracy, or rmse for regression."""


class Protocol(Form):
    resampling: Resampling
    """How rows are split into training and test rows. Example: `{kind: kfold, folds: 10, repeats: 10}`."""
    tuning: Tuning | None
    """How candidates are chosen inside each training set; null: nothing is tuned. Example: `{folds: 5}`."""
    seed: Annotated[int, Strict(), Field(ge=0, lt=2**32)] = 0
    """The number that all random choices derive from."""


class DatasetProtocol(Form):
    """What a dataset changes of the study's protocol; what is not written stays."""

    resampling: Resampling | None = None
    """Another resampling for this dataset. Example: `{kind: holdout, test_size: 0.2}`."""
    tuning: Tuning | None = None
    """Another tuning for this dataset. Example: `{folds: 3}`."""
    seed: Annotated[int, Strict(), Field(ge=0, lt=2**32)] | None = None
    """Another seed for this dataset. Example: `1`."""
