"""Tables of scores and predictions that somebody else computed: which column is which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from bench.study.fields import Form, Rows, Text, refused
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
    repeats_are: Literal["splits", "seeds"] | None = None
    """What is new from one repeat to the next: the `splits`, or on the same splits the `seeds` alone."""
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
        named = list(self.columns.values())
        if twice := [column for column in named if named.count(column) > 1]:
            raise refused(Twice(twice[0]))
        return self

    @property
    def varies(self) -> Literal["splits", "seeds"] | None:
        """What differs between two scores of one family on one dataset; None: there is one score only."""
        return self.repeats_are or ("splits" if self.fold is not None else None)

    @property
    def columns(self) -> dict[str, str]:
        """The columns that the table must have, by the key that names each."""
        return self._named("dataset", "family", "repeat", "fold")

    def _named(self, *keys: str) -> dict[str, str]:
        named = {key: getattr(self, key) for key in keys}
        return {key: name for key, name in named.items() if isinstance(name, str)}


class ScoreColumns(ExternalColumns):
    """The columns of a table of scores.

    One metric: `value: auc`, and the `metric` of the dataset says which. Several: a column each in `value`, or
    `metric`,
    the column that names the metric of each row.
    """

    value: Text | Annotated[Mapping[Text, Text], Field(min_length=1)]
    """The column of the scores; of several metrics a column each. Example: `{accuracy: acc, roc_auc: auc}`."""
    metric: Text | None = None
    """The column that names the metric of each row. Example: `metric`."""
    missing_runs: Literal["leave_out", "fail"] = "fail"
    """Runs without a score, such as those that did not finish: refused (`fail`) or left out (`leave_out`)."""
    train_rows: Rows | Text | None = None
    """The number of training rows: a column, or a number that holds for every fold. Example: `1000`."""
    test_rows: Rows | Text | None = None
    """The number of test rows: a column, or a number that holds for every fold. Example: `200`."""

    @model_validator(mode="after")
    def _values(self) -> ScoreColumns:
        if not isinstance(self.value, str) and self.metric is not None:
            raise refused(Rule.METRIC_IN_VALUE)
        if self.test_train_ratio is not None and (self.train_rows or self.test_rows):
            raise refused(Rule.RATIO_AND_ROWS)
        return self

    @property
    def columns(self) -> dict[str, str]:
        if isinstance(self.value, str):
            named = {"value": self.value}
        else:
            named = {f"value.{m}": c for m, c in self.value.items()}
        more = self._named("metric", "train_rows", "test_rows")
        return super().columns | named | more


class PredictionColumns(ExternalColumns):
    """The columns of a table of predicted classes of test rows, one row each: `label`, or `p`, or both."""

    row: Text
    """The column that names the row that was predicted. Example: `id`."""
    truth: Text
    """The column of its true target. Example: `target`."""
    label: Text | None = None
    """The column of the predicted class. Example: `predicted`."""
    p: Text | None = None
    """How the columns of class probabilities begin: `p_` for p_benign and p_malignant. Example: `p_`."""

    @model_validator(mode="after")
    def _answer(self) -> PredictionColumns:
        if self.label is None and self.p is None:
            raise refused(Rule.ANSWER)
        return self

    @property
    def columns(self) -> dict[str, str]:
        return super().columns | self._named("row", "truth", "label")
