"""Tables of scores and predictions that somebody else computed: which column is which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from bench.study.fields import Form, Rows, Text, Unit, refused
from bench.text.problems import Rule, Twice


class ExternalColumns(Form):
    """The columns that external scores and external predictions have in common."""

    family: Text
    """The column that names the family of a row. Example: `model`."""
    dataset: Text | None = None
    """The column that names the dataset of a row; without it all rows are about one. Example: `table`."""
    repeat: Text | None = None
    """The column that numbers the repeats. Example: `seed`."""
    fold: Text | None = None
    """The column that numbers the folds of a repeat. Example: `fold`."""
    repeats_are: Literal["splits", "seeds", "draws"] | None = None
    """What is new from one repeat to the next: the `splits`; on the same splits the `seeds` alone; or all rows, as
    independent `draws` of a simulation."""
    train_rows: Rows | Text | None = None
    """The number of training rows: a column, or a number that holds for every fold. Example: `1000`."""
    test_train_ratio: (
        Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)] | None
    ) = None
    """Test rows divided by training rows, where only that is known. Example: `0.111`."""
    made_by: Text | None = None
    """Whose fits they are, in words. Example: `the authors of the paper`."""

    @model_validator(mode="after")
    def _repeats(self) -> ExternalColumns:
        if self.repeat is not None and self.repeats_are is None:
            raise refused(Rule.REPEATS_ARE_MISSING)
        if self.repeat is None and self.repeats_are is not None:
            raise refused(Rule.REPEATS_ARE_ALONE)
        if self.test_train_ratio is not None and self.train_rows is not None:
            raise refused(Rule.RATIO_AND_ROWS)
        named = list(self.columns.values())
        if twice := [column for column in named if named.count(column) > 1]:
            raise refused(Twice(twice[0]))
        return self

    @property
    def varies(self) -> Literal["splits", "seeds", "draws"] | None:
        """What differs between two scores of one family on one dataset; None: there is one score only."""
        return self.repeats_are or ("splits" if self.fold is not None else None)

    @property
    def columns(self) -> dict[str, str]:
        """The columns that the table must have, by the key that names each."""
        keys = ("dataset", "family", "repeat", "fold", "train_rows")
        return {
            key: column for key in keys if isinstance(column := getattr(self, key), str)
        }


class ScoreColumns(ExternalColumns):
    """The columns of a table of scores.

    One metric: `value: auc`, and the `metric` of the dataset says which. Several: a column each in `value`, or
    `metric`,
    the column that names the metric of each row.
    """

    value: Text | Annotated[Mapping[Text, Text], Field(min_length=1)]
    """The column of the scores; of several metrics a column each. Example: `{accuracy: acc, roc_auc: auc}`."""
    side: Text | None = None
    """The column that says `train` or `test`, where rows hold both. Example: `part`."""
    metric: Text | None = None
    """The column that names the metric of each row. Example: `metric`."""
    unit: Unit | None = None
    """How shares are written; fractions, unless said."""
    missing_runs: Literal["leave_out", "fail"] = "fail"
    """Runs without a score, such as those that did not finish: refused (`fail`) or left out (`leave_out`)."""
    test_rows: Rows | Text | None = None
    """The number of test rows: a column, or a number that holds for every fold. Example: `200`."""

    @model_validator(mode="after")
    def _values(self) -> ScoreColumns:
        if not isinstance(self.value, str) and self.metric is not None:
            raise refused(Rule.METRIC_IN_VALUE)
        if self.test_train_ratio is not None and self.test_rows is not None:
            raise refused(Rule.RATIO_AND_ROWS)
        return self

    @property
    def columns(self) -> dict[str, str]:
        if isinstance(self.value, str):
            named = {"value": self.value}
        else:
            named = {f"value.{m}": c for m, c in self.value.items()}
        keys = ("metric", "side", "test_rows")
        return (
            super().columns
            | named
            | {key: c for key in keys if isinstance(c := getattr(self, key), str)}
        )


class PredictionColumns(ExternalColumns):
    """The columns of a table of predictions of test rows, one row each.

    Classification: `label`, or `p`, or both. `p` is a block `class: column`, in class order, or the beginning that all
    columns of probabilities share (`p_` for p_benign, p_malignant). Regression: `value`.
    """

    row: Text
    """The column that names the row that was predicted. Example: `id`."""
    truth: Text
    """The column of its true target. Example: `target`."""
    label: Text | None = None
    """The column of the predicted class. Example: `predicted`."""
    p: Text | Annotated[Mapping[Text, Text], Field(min_length=2)] | None = None
    """The columns of class probabilities: a block `class: column`, or the beginning of their names. Example: `p_`."""
    value: Text | None = None
    """The column of the predicted number (regression). Example: `predicted`."""

    @model_validator(mode="after")
    def _answer(self) -> PredictionColumns:
        if (self.value is None) == (self.label is None and self.p is None):
            raise refused(Rule.ANSWER)
        return self

    @property
    def columns(self) -> dict[str, str]:
        keys = ("row", "truth", "label", "value")
        named = {
            key: column for key in keys if (column := getattr(self, key)) is not None
        }
        classes = (
            {f"p.{c}": column for c, column in self.p.items()}
            if isinstance(self.p, Mapping)
            else {}
        )
        return super().columns | named | classes
