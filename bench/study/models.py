"""The study file as frozen pydantic models: its form, and nothing that needs another room.

Names of families, metrics, sources and steps are checked by `bench.project.check`, which knows the registries; here they are
words. Types are strict: a number where text is meant (an unquoted class label or published value) is an error, because
YAML would otherwise lose what was printed ("98.90" -> 98.9).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, StringConstraints, model_validator

from bench.core.problems import OutOfRange, Rule, Twice
from bench.study.claims import Claim
from bench.study.fields import Bool, Count, Form, Link, Name, OpenForm, Rows, Share, Text, Unit, refused


class Paper(Form):
    """What is reproduced: how to cite it, where it is, and what it says in the study author's own words."""

    citation: Text
    year: Annotated[int, Strict(), Field(ge=1500, le=2200)] | None = None
    url: Link | None = None
    doi: Text | None = None
    summary: Text | None = None


class SourceSpec(OpenForm):
    """Where a table comes from; the further keys are the source's own options (`bench list sources`)."""

    kind: Text


class Ordinal(Form):
    ordinal: Annotated[tuple[Text, ...], Field(min_length=2)]


ColumnType = Literal["numeric", "categorical", "boolean", "date"] | Ordinal


class KFold(Form):
    """K-fold cross-validation; `stratify` null means: stratified for classification."""

    kind: Literal["kfold"]
    folds: Annotated[int, Strict(), Field(ge=2, le=10_000)] = 10
    repeats: Count = 1
    stratify: Bool | None = None


class LeaveOneOut(Form):
    kind: Literal["leave_one_out"]


class Holdout(Form):
    """Repeated random hold-out: `test_size` is the share of rows in the test set."""

    kind: Literal["holdout"]
    test_size: Share = 0.1
    repeats: Count = 1
    stratify: Bool | None = None


RowRange = Annotated[str, Strict(), StringConstraints(pattern=r"^\d+-\d+(,\d+-\d+)*$")]


class FixedSplit(Form):
    """One published split: rows whose `column` equals `test` are the test set; or row ranges of the raw table.

    Ranges count from 1 and include both ends, as papers print them: `train: "1-200"`, `test: "201-350"`.
    `repeats` runs on the same rows, each with new seeds: only families that take a seed differ between them.
    """

    kind: Literal["fixed_split"]
    column: Text | None = None
    test: Text
    train: Text | None = None
    repeats: Count = 1

    @model_validator(mode="after")
    def _column_or_ranges(self) -> FixedSplit:
        if self.column is None:
            for name in ("train", "test"):
                value = getattr(self, name)
                if value is None or not re.fullmatch(r"\d+-\d+(,\d+-\d+)*", value):
                    raise refused(Rule.RANGES)
        return self


class GivenFolds(Form):
    """Folds as published: each value of `column` is one test fold; `repeats` runs on them, each with new seeds."""

    kind: Literal["given_folds"]
    column: Text
    repeats: Count = 1


class GroupKFold(Form):
    """K-fold in which a group (the dataset's `group` column) is never on both sides."""

    kind: Literal["group_kfold"]
    folds: Annotated[int, Strict(), Field(ge=2, le=10_000)] = 5
    repeats: Count = 1


class TimeOrdered(Form):
    """Expanding window over the dataset's `time` column: train on the past, test on the next block."""

    kind: Literal["time_ordered"]
    folds: Annotated[int, Strict(), Field(ge=1, le=10_000)] = 5


Resampling = Annotated[
    KFold | LeaveOneOut | Holdout | FixedSplit | GivenFolds | GroupKFold | TimeOrdered, Field(discriminator="kind")
]


class Tuning(Form):
    """How candidates are chosen inside each outer training set; `metric` null: accuracy, or rmse for regression.

    `paired`: the inner folds are the other outer folds, so that two cells share each inner fit; it takes no `folds`.
    """

    by: Literal["inner_cv", "oob"] = "inner_cv"
    folds: Annotated[int, Strict(), Field(ge=2, le=100)] = 5
    paired: Bool = False
    search: Literal["grid", "random"] = "grid"
    budget: Annotated[int, Strict(), Field(ge=1, le=10_000)] | None = None
    metric: Text | None = None

    @model_validator(mode="after")
    def _paired(self) -> Tuning:
        if self.paired and (self.by == "oob" or "folds" in self.model_fields_set):
            raise refused(Rule.PAIRED)
        return self

    @model_validator(mode="after")
    def _budget(self) -> Tuning:
        if (self.search == "random") != (self.budget is not None):
            raise refused(Rule.BUDGET)
        return self


class Protocol(Form):
    resampling: Resampling
    tuning: Tuning | None
    seed: Annotated[int, Strict(), Field(ge=0, lt=2**32)] = 0


class DatasetProtocol(Form):
    """What a dataset changes of the study's protocol; what is not written stays."""

    resampling: Resampling | None = None
    tuning: Tuning | None = None
    seed: Annotated[int, Strict(), Field(ge=0, lt=2**32)] | None = None


Step = Text | Annotated[Mapping[Text, Mapping[Text, Any] | None], Field(min_length=1, max_length=1)]
Steps = tuple[Step, ...]


class FamilySpec(OpenForm):
    """One row of the comparison; the further keys are parameters: a scalar is fixed, a list is a set of candidates.

    When a study lists candidates for any parameter, only the listed ones are tried; when it lists none, the family's
    default candidates are, unless `tune: false`.
    """

    family: Text | None = None
    estimator: Text | None = None
    title: Text | None = None
    tune: Bool = True
    preprocess: Steps | None = None

    @model_validator(mode="after")
    def _one(self) -> FamilySpec:
        if self.family is not None and self.estimator is not None:
            raise refused(Rule.FAMILY_OR_ESTIMATOR)
        return self


class ExternalColumns(Form):
    """What scores and predictions that somebody else's fits left have in common: which columns name what.

    `repeats_are`: what is new from one repeat to the next: the `splits`, or, on the same splits, the `seeds` alone.
    `train_rows`: a column, or a number that holds for every fold; `test_train_ratio` where only the ratio is known.
    `made_by`: whose fits they are, in words. Without `dataset` all rows are about the study's own dataset.
    """

    family: Text
    dataset: Text | None = None
    repeat: Text | None = None
    fold: Text | None = None
    repeats_are: Literal["splits", "seeds"] | None = None
    train_rows: Rows | Text | None = None
    test_train_ratio: Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)] | None = None
    made_by: Text | None = None

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
    def varies(self) -> Literal["splits", "seeds"] | None:
        """What differs between two scores of one family on one dataset; None: there is one score only."""
        return self.repeats_are or ("splits" if self.fold is not None else None)

    @property
    def columns(self) -> dict[str, str]:
        """The columns that the table must have, by the key that names each."""
        keys = ("dataset", "family", "repeat", "fold", "train_rows")
        return {key: column for key in keys if isinstance(column := getattr(self, key), str)}


class ScoreColumns(ExternalColumns):
    """A table of scores: which columns hold them.

    One metric: `value: auc`, and the dataset's `metric` says which. Several: `value: {accuracy: acc, roc_auc: auc}`, or
    `metric`, the column that names the metric of each row. `unit`: how shares are written, fractions unless said.
    Scores on training rows: `train`, in the form of `value`, or `side`, the column that says `train` or `test`.
    """

    value: Text | Annotated[Mapping[Text, Text], Field(min_length=1)]
    train: Text | Annotated[Mapping[Text, Text], Field(min_length=1)] | None = None
    side: Text | None = None
    metric: Text | None = None
    unit: Unit | None = None
    test_rows: Rows | Text | None = None

    @model_validator(mode="after")
    def _values(self) -> ScoreColumns:
        if not isinstance(self.value, str) and self.metric is not None:
            raise refused(Rule.METRIC_IN_VALUE)
        if self.test_train_ratio is not None and self.test_rows is not None:
            raise refused(Rule.RATIO_AND_ROWS)
        if self.train is not None and self.side is not None:
            raise refused(Rule.TRAIN_AND_SIDE)  # fmt: skip
        if self.train is not None and isinstance(self.train, str) != isinstance(self.value, str):
            raise refused(Rule.TRAIN_FORM)
        return self

    @property
    def columns(self) -> dict[str, str]:
        named: dict[str, str] = {}
        for key, one in (("value", self.value), ("train", self.train)):
            if one is not None:
                named |= {key: one} if isinstance(one, str) else {f"{key}.{m}": c for m, c in one.items()}
        keys = ("metric", "side", "test_rows")
        return super().columns | named | {key: c for key in keys if isinstance(c := getattr(self, key), str)}


class PredictionColumns(ExternalColumns):
    """A table of predictions of test rows, one row each: `row` names the row that was predicted, `truth` its target.

    Classification: `label`, or `p`, or both. `p` is a block `class: column`, in class order, or the beginning that all
    columns of probabilities share (`p_` for p_benign, p_malignant). Regression: `value`.
    """

    row: Text
    truth: Text
    label: Text | None = None
    p: Text | Annotated[Mapping[Text, Text], Field(min_length=2)] | None = None
    value: Text | None = None

    @model_validator(mode="after")
    def _answer(self) -> PredictionColumns:
        if (self.value is None) == (self.label is None and self.p is None):
            raise refused(Rule.ANSWER)
        return self

    @property
    def columns(self) -> dict[str, str]:
        keys = ("row", "truth", "label", "value")
        named = {key: column for key in keys if (column := getattr(self, key)) is not None}
        classes = {f"p.{c}": column for c, column in self.p.items()} if isinstance(self.p, Mapping) else {}
        return super().columns | named | classes


class DatasetSpec(Form):
    """One table: its source, its columns' roles and types, and what it changes of the study."""

    source: SourceSpec
    title: Text | None = None
    target: Text | None = None
    positive: Text | None = None
    features: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    drop: tuple[Text, ...] = ()
    types: Mapping[Text, ColumnType] = {}
    missing: tuple[Text, ...] = ()
    group: Text | None = None
    time: Text | None = None
    fold: Text | None = None
    clean: Steps | None = None
    protocol: DatasetProtocol | None = None
    families: Mapping[Text, Mapping[Text, Any]] = {}
    scores: ScoreColumns | None = None
    predictions: PredictionColumns | None = None
    metric: Text | None = None

    @model_validator(mode="after")
    def _one_of(self) -> DatasetSpec:
        given = [self.target is not None, self.scores is not None, self.predictions is not None]
        if sum(given) != 1:
            raise refused(Rule.TARGET)
        one = self.scores is not None and self.scores.metric is None and isinstance(self.scores.value, str)
        if one and self.metric is None:
            raise refused(Rule.METRIC_MISSING)
        if self.metric is not None and not one:
            raise refused(Rule.METRIC_IDLE)
        return self

    @property
    def external(self) -> ScoreColumns | PredictionColumns | None:
        """How a table of somebody else's scores or predictions is read; None where a target is predicted here."""
        return self.scores or self.predictions


class Metrics(Form):
    """`primary` is the one that comparisons use; `aggregation` is fold_mean (default) or pooled, a metric."""

    primary: Text
    also: tuple[Text, ...] = ()
    aggregation: Mapping[Text, Literal["fold_mean", "pooled"]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.primary, *self.also)))


class Compare(Form):
    """The comparison of families, settled before any score exists.

    `failed`: a family some of whose cells failed gets a baseline's score in their place, or is excluded there.
    """

    test: Literal["corrected_t"] = "corrected_t"
    level: Annotated[float, Strict(), Field(gt=0.5, lt=1)] = 0.95
    rope: Annotated[float, Strict(), Field(gt=0)] | None = None
    failed: Literal["baseline", "excluded"] = "baseline"
    why: Text | None = None


class ExtraFits(Form):
    """A further question to the engine, which costs fits; `families`: of these rows alone, of all when null."""

    families: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None


class Learning(ExtraFits):
    """Learning curves: the chosen candidates of the first `folds` outer folds, fitted again on shares of their rows."""

    shares: Annotated[tuple[Share, ...], Field(min_length=1, max_length=9)] = (0.25, 0.5, 0.75)
    folds: Count = 10


class Inspection(ExtraFits):
    """What the fitted families lean on: importance of each feature on the test rows, by `shuffles` shuffles of it, and
    its effect on what is said; in the first `folds` outer folds."""

    shuffles: Annotated[int, Strict(), Field(ge=1, le=100)] = 5
    folds: Count = 10


class Permutations(ExtraFits):
    """The first repeat of the whole protocol on `count` random permutations of the target."""

    count: Annotated[int, Strict(), Field(ge=5, le=9_999)] = 199


class Overtuning(ExtraFits):
    """The untuned defaults of each tuned family, on the same outer folds."""


class Variance(ExtraFits):
    """The first repeat again with `draws` other seeds of the model, of the tuning, and of the splits, one at a time."""

    draws: Annotated[int, Strict(), Field(ge=3, le=200)] = 10


class Grouping(ExtraFits):
    """Random folds where the protocol keeps groups or was given a split; folds by group where it does not."""


class Explain(Form):
    """Which slip would explain the published numbers of one or several families: these under known slips and honest
    variants.

    `variants`: names, or one-entry blocks with parameters; all that can be made here when null (`bench list explanations`).
    """

    family: Name | Annotated[tuple[Name, ...], Field(min_length=1)]
    datasets: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    variants: Steps | None = None
    repeats: Annotated[int, Strict(), Field(ge=5, le=1_000)] = 10

    @property
    def families(self) -> tuple[str, ...]:
        return (self.family,) if isinstance(self.family, str) else self.family


class Diagnostics(Form):
    """Which diagnostics are left out, and why; and those that are asked for because they cost fits.

    `self_check`: how often the tests that the study uses are wrong on data like these.
    """

    leave_out: tuple[Text, ...] = ()
    why: Text | None = None
    learning: Learning | None = None
    inspect: Inspection | None = None
    permutations: Permutations | None = None
    overtuning: Overtuning | None = None
    variance: Variance | None = None
    grouping: Grouping | None = None
    explain: Explain | None = None
    self_check: Bool = False

    @property
    def asks_for_fits(self) -> bool:
        """Whether anything is fitted beside the study's own cells."""
        return any(isinstance(getattr(self, name), ExtraFits | Explain) for name in type(self).model_fields)


class CellLimits(Form):
    """What a cell of this study may take, in the place of params.yaml's limits; `megabytes_per_cell` null: no limit."""

    seconds_per_cell: Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)] = 3600.0
    megabytes_per_cell: Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)] | None = None


class Tolerance(OpenForm):
    """How close is close, a metric, in the metric's own unit, with the reason: `{accuracy: 0.01, why: "..."}`."""

    why: Text

    @model_validator(mode="after")
    def _positive(self) -> Tolerance:
        for name, value in self.parameters.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
                raise refused(OutOfRange("gt", 0, str(value)), name)
        return self


class ClaimTable(Form):
    """Claims in a CSV file of the study's folder, one row a claim."""

    table: Text


class DeclaredChange(Form):
    """A change since the study was frozen, and why: `what` is the path of a key, such as `protocol.resampling.repeats`,
    or of a block that holds all that was changed (`claims.lda`)."""

    what: Text
    why: Text


class ExternalFamily(FamilySpec):
    """A family whose scores came from elsewhere: a name, and nothing of it that could be fitted."""


class Study(Form):
    """One study: paper, data, protocol, families, metrics, claims. Frozen; `id` is the name of its folder.

    `answer`: what the author makes of the results, in a sentence or two, once they are there; the page prints it as the
    author's. `checklist`: what the author says to items of the report's checklist, by their number (`bench list
    checklist`).
    """

    id: Annotated[str, Field(exclude=True)] = ""
    title: Text
    question: Text | None = None
    paper: Paper | None = None
    task: Literal["classification", "regression"] | None
    datasets: Annotated[Mapping[Name, DatasetSpec], Field(min_length=1)]
    clean: Steps | None
    preprocess: Steps | None
    protocol: Protocol | None
    families: Annotated[Mapping[Name, FamilySpec], Field(min_length=1)] | None
    metrics: Metrics
    compare: Compare | None = None
    diagnostics: Diagnostics | None
    limits: CellLimits | None = None
    tolerance: Tolerance | None = None
    claims: tuple[Claim, ...] | ClaimTable | None = None
    expect: Text | None = None
    falsified_if: Text | None = None
    answer: Annotated[str, Strict(), StringConstraints(max_length=800, pattern=r"\S")] | None = None
    deviations: tuple[Text, ...] = ()
    checklist: Mapping[Text, Text] = {}
    changes: tuple[DeclaredChange, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether anything is fitted here: some dataset has a target."""
        return any(spec.external is None for spec in self.datasets.values())

    @property
    def falls_back(self) -> bool:
        """Whether a baseline's score takes the place of a failed cell's; else its family is excluded there."""
        return self.compare is None or self.compare.failed == "baseline"

    def protocol_of(self, dataset: str) -> Protocol | None:
        """The study's protocol with what this dataset changes of it. None where nothing is fitted here."""
        if self.datasets[dataset].external is not None:
            return None
        changes = self.datasets[dataset].protocol
        if self.protocol is None or changes is None:
            return self.protocol
        return self.protocol.model_copy(update={name: getattr(changes, name) for name in changes.model_fields_set})

    def clean_of(self, dataset: str) -> Steps:
        """The cleaning steps of one dataset: its own when it states any (even none), else the study's."""
        spec = self.datasets[dataset]
        return (spec.clean if "clean" in spec.model_fields_set else self.clean) or ()

    def parameters_of(self, dataset: str, family: str) -> dict[str, Any]:
        """A family's parameters as the study states them, with what this dataset changes."""
        assert self.families is not None
        return self.families[family].parameters | dict(self.datasets[dataset].families.get(family, {}))


def step_parts(step: Step) -> tuple[str, dict[str, Any]]:
    """A step as name and parameters: `scale` -> ("scale", {}); `{select: {k: 5}}` -> ("select", {"k": 5})."""
    if isinstance(step, str):
        return step, {}
    ((name, parameters),) = step.items()
    return name, dict(parameters or {})
