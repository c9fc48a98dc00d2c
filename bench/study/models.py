"""The study file as frozen pydantic models: its form, and nothing that needs another room.

Names of families, metrics, sources and steps are checked by `bench.project.check`, which knows the registries; here
they are words. The text under a field is its description in the JSON schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    Strict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)  # fmt: skip

from bench.study.claims import AnyClaim, Claim
from bench.study.deviations import Deviation
from bench.study.external import PredictionColumns, ScoreColumns
from bench.study.fields import (
    Bool,
    Count,
    Form,
    Link,
    Name,
    OpenForm,
    Text,
    refused,
)
from bench.study.protocol import DatasetProtocol, Protocol
from bench.text.problems import OutOfRange, Rule, Twice, WrongType


class Paper(Form):
    """What is reproduced: how to cite it, where it is, and what it says in the study author's own words."""

    citation: Text
    """How to cite the paper, in one line.
    Example: `"Breiman, L. (1996). Bagging predictors. Machine Learning 24, 123-140."`."""
    year: Annotated[int, Strict(), Field(ge=1500, le=2200)] | None = None
    """The year of the paper. Example: `1992`."""
    authors: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """Its authors for BibTeX, `Surname, I.`. Example: `["Breiman, L."]`."""
    title: Text | None = None
    """Its title for BibTeX; without one, its entry has the citation as a note. Example: `Bagging predictors`."""
    published_in: Text | None = None
    """Where it was published for BibTeX. Example: `Machine Learning 24, 123-140`."""
    url: Link | None = None
    """A link to the paper. Example: `https://doi.org/10.1007/BF00058655`."""
    doi: Text | None = None
    """The DOI of the paper. Example: `10.1007/BF00058655`."""
    summary: Text | None = None
    """What the paper says, in your own words. Example: `Averaging trees of bootstrap samples lowers their error.`."""


class SourceSpec(OpenForm):
    """Where a table comes from; the further keys are the source's own options (`bench list sources`)."""

    kind: Text
    """Where the table comes from (`bench list sources`). Example: `csv`."""


class Ordinal(Form):
    ordinal: Annotated[tuple[Text, ...], Field(min_length=2)]
    """The categories, the lowest first. Example: `[low, middle, high]`."""

    @field_validator("ordinal")
    @classmethod
    def _once(cls, ordinal: tuple[str, ...]) -> tuple[str, ...]:
        for place, word in enumerate(ordinal):
            if word in ordinal[:place]:
                raise refused(Twice(word), place)
        return ordinal


def _not_short(value: object) -> object:
    if value == "ordinal":
        raise refused(Rule.ORDINAL)
    return value


ColumnType = Annotated[
    Literal["numeric", "categorical", "boolean", "date"] | Ordinal,
    BeforeValidator(_not_short),
]


Step = (
    Text
    | Annotated[
        Mapping[Text, Mapping[Text, Any] | None], Field(min_length=1, max_length=1)
    ]
)
Steps = tuple[Step, ...]
#: A cleaning step: its name, its options, or its one option as text (`{where: age > 18}`).
CleaningEntry = (
    Text
    | Annotated[
        Mapping[Text, Mapping[Text, Any] | Text | None],
        Field(min_length=1, max_length=1),
    ]
)
CleaningSteps = tuple[CleaningEntry, ...]
_STEPS: TypeAdapter[Steps | None] = TypeAdapter(Steps | None)


class FamilySpec(OpenForm):
    """One row of the comparison; the further keys are parameters: a scalar is fixed, a list is a set of candidates.

    When a study lists candidates for any parameter, only the listed ones are tried; when it lists none, the family's
    default candidates are, unless `tune: false`.
    """

    family: Text | None = None
    """The family (`bench list families`), where the name of the row is not its name. Example: `random_forest`."""
    estimator: Text | None = None
    """The import path of a scikit-learn estimator in the place of a family. Example:
    `sklearn.ensemble.ExtraTreesClassifier`."""
    title: Text | None = None
    """The name on the page. Example: `Wines of Forina`."""
    tune: Bool = True
    """Whether candidates are tried; false: the defaults alone."""
    preprocess: Steps | None = None
    """Steps inside the fold for this row, in the place of the study's; null: the study's. Example: `[scale]`."""

    @model_validator(mode="after")
    def _one(self) -> FamilySpec:
        if self.family is not None and self.estimator is not None:
            raise refused(Rule.FAMILY_OR_ESTIMATOR)
        return self


class DatasetSpec(Form):
    """One table: its source, its columns' roles and types, and what it changes of the study."""

    source: SourceSpec
    """Where the table comes from. Example: `{kind: csv, file: data/wine.csv}`."""
    title: Text | None = None
    """The name on the page. Example: `Wines of Forina`."""
    target: Text | None = None
    """The column to predict. Example: `diagnosis`."""
    positive: Text | None = None
    """The class that is the positive one, in quotes; by default the rarer one, and of two that are equally frequent
    the last in alphabetical order. Example: `"malignant"`."""
    features: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The columns that are features; all others but the target, unless named. Example: `[age, weight]`."""
    drop: tuple[Text, ...] = ()
    """Columns that are no features. Example: `[id]`."""
    types: Mapping[Text, ColumnType] = {}
    """The types of columns whose type the file does not tell. Example: `{grade: {ordinal: [low, high]}}`."""
    missing: tuple[Text, ...] = ()
    """Texts that stand for a missing value. Example: `["?"]`."""
    group: Text | None = None
    """The column of rows that belong together, such as one patient. Example: `patient`."""
    time: Text | None = None
    """The column that orders the rows in time. Example: `admitted`."""
    clean: CleaningSteps | None = None
    """Cleaning steps of this dataset, in the place of the study's (`bench list steps`). Example: `[trim]`."""
    protocol: DatasetProtocol | None = None
    """What this dataset changes of the study's protocol. Example: `{seed: 1}`."""
    preprocess: Steps | None = None
    """Steps inside the fold for this dataset, in the place of the study's; a family with its own steps keeps them.
    Example: `[scale]`."""
    families: Mapping[Text, Mapping[Text, Any]] = {}
    """Parameters that this dataset changes, by family; a list is a set of candidates, and `preprocess` the steps inside
    the fold. Example: `{svm: {C: [1, 10], preprocess: [impute]}}`."""
    scores: ScoreColumns | None = None
    """The columns of a table of scores that somebody else computed. Example: `{family: model, value: accuracy}`."""
    predictions: PredictionColumns | None = None
    """The columns of a table of predictions that somebody else made.
    Example: `{family: model, row: row, truth: target, label: predicted}`."""
    metric: Text | None = None
    """The metric of a table of scores that holds one."""

    @model_validator(mode="after")
    def _steps(self) -> DatasetSpec:
        for family, changes in self.families.items():
            try:
                _STEPS.validate_python(changes.get("preprocess"))
            except ValidationError:
                raise refused(
                    WrongType("list", str(changes["preprocess"])),
                    "families",
                    family,
                    "preprocess",
                ) from None
        return self

    @model_validator(mode="after")
    def _one_of(self) -> DatasetSpec:
        given = [
            self.target is not None,
            self.scores is not None,
            self.predictions is not None,
        ]
        if sum(given) != 1:
            raise refused(Rule.TARGET)
        one = (
            self.scores is not None
            and self.scores.metric is None
            and isinstance(self.scores.value, str)
        )
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
    """The metrics of the study."""

    primary: Text
    """The metric that comparisons use (`bench list metrics`)."""
    also: tuple[Text, ...] = ()
    """Further metrics. Example: `[roc_auc, log_loss]`."""
    aggregation: Mapping[Text, Literal["fold_mean", "pooled"]] = {}
    """How folds are put together, by metric: the mean of their scores, or one score of all predictions.
    Example: `{roc_auc: pooled}`."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.primary, *self.also)))


class Compare(Form):
    """The comparison of families, chosen before any score exists."""

    level: Annotated[float, Strict(), Field(gt=0.5, lt=1)] = 0.95
    """The confidence level of all comparisons."""
    rope: (
        Annotated[float, Strict(), Field(gt=0, le=1e100, allow_inf_nan=False)] | None
    ) = None
    """The difference below which two families are practically equal, in the unit of the primary metric. Example:
    `0.01`."""
    why: Text | None = None
    """Why these choices. Example: `one case in a hundred would not matter`."""


#: The shares of the training rows that learning curves fit, and how often an inspection shuffles each feature.
LEARNING_SHARES = (0.25, 0.5, 0.75)
SHUFFLES = 5


class ExtraFits(Form):
    """A further question to the engine, which costs fits."""

    families: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """The rows of the comparison that are asked; all, unless named. Example: `[lda, svm]`."""


class Learning(ExtraFits):
    """Learning curves: the chosen candidates of the first outer folds, fitted again to shares of their rows."""

    folds: Count = 10
    """How many outer folds, the first ones."""


class Inspection(ExtraFits):
    """What the fitted families rest on: the importance of each feature on the test rows, and its effect on the
    predictions."""

    folds: Count = 10
    """How many outer folds, the first ones."""


class Permutations(ExtraFits):
    """The first repeat of the whole protocol on random permutations of the target."""

    count: Annotated[int, Strict(), Field(ge=5, le=9_999)] = 199
    """How many random permutations of the target."""


class Overtuning(ExtraFits):
    """The untuned defaults of each tuned family, on the same outer folds."""


class Variance(ExtraFits):
    """The first repeat again with other seeds of the model, of the tuning, and of the splits, one at a time."""

    draws: Annotated[int, Strict(), Field(ge=3, le=200)] = 10
    """How many other seeds of each kind."""


class Grouping(ExtraFits):
    """Random folds where the protocol keeps groups or was given a split; folds by group where it does not."""


class Halves(ExtraFits):
    """Two disjoint halves of the rows, each with folds of its own: what another sample of rows would change."""

    datasets: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """The datasets whose rows are halved; all, unless named. Example: `[wine]`."""
    repeats: Annotated[int, Strict(), Field(ge=2, le=1_000)] = 10
    """How often the rows are split into halves, each time anew."""
    folds: Annotated[int, Strict(), Field(ge=2, le=10_000)] | None = None
    """The number of folds inside a half; null: as many as the protocol has, or 10 where it is a hold-out.
    Example: `5`."""


class Explain(Form):
    """The protocol errors, valid variants and controls that would explain the published numbers of some families."""

    family: Name | Annotated[tuple[Name, ...], Field(min_length=1)]
    """The family whose published numbers are to be explained, or a list of families. Example: `svm`."""
    datasets: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """The datasets whose numbers are explained; all, unless named. Example: `[wine]`."""
    variants: Steps | None = None
    """The explanations, by name or with parameters (`bench list explanations`; what is always made cannot
    be named); all that can be made here, unless named. Example: `[train_score, {best_of_seeds: {seeds: 5}}]`."""
    repeats: Annotated[int, Strict(), Field(ge=5, le=1_000)] = 10
    """How many repeats of every explanation that draws anything."""

    @property
    def families(self) -> tuple[str, ...]:
        return (self.family,) if isinstance(self.family, str) else self.family


class Diagnostics(Form):
    """Extra fits that are asked for."""

    learning: Learning | None = None
    """Learning curves: would more rows help? Example: `{folds: 5}`."""
    inspect: Inspection | None = None
    """The importance and the effect of every feature. Example: `{families: [random_forest]}`."""
    permutations: Permutations | None = None
    """The protocol on permuted targets: is there any signal? Example: `{count: 199}`."""
    overtuning: Overtuning | None = None
    """The untuned defaults on the same folds: did tuning help? Example: `{families: [svm]}`."""
    variance: Variance | None = None
    """One seed changed at a time: where does the spread of the scores come from? Example: `{}`."""
    grouping: Grouping | None = None
    """Folds that keep groups beside folds that do not: does it matter? Example: `{}`."""
    halves: Halves | None = None
    """Disjoint halves of the rows: how much would other rows change? If it is not written: ten pairs where a family is
    unstable, if they are cheap or cost at most 1.5 times the study's own fits; null: none. Example: `{repeats: 10}`."""
    explain: Explain | None = None
    """The protocol errors and variants that would explain a published number. Example: `{family: svm}`."""


class Tolerance(OpenForm):
    """How far ours may lie from a published number, for each metric in its own unit: `{accuracy: 0.01, why: "..."}`."""

    why: Text
    """The reason for these tolerances. Example: `one case in 178 is 0.6 points`."""

    @model_validator(mode="after")
    def _positive(self) -> Tolerance:
        for name, value in self.parameters.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise refused(WrongType("number", repr(value)), name)
            if not value > 0:
                raise refused(OutOfRange("gt", 0, str(value)), name)
            if value > 1e100:
                raise refused(OutOfRange("le", 1e100, str(value)), name)
        return self


class ClaimTable(Form):
    """Claims in a CSV file of the study's folder, one row for each claim."""

    table: Text
    """A CSV file in the folder of the study, one row for each claim. Example: `claims.csv`."""


class DeclaredChange(Form):
    """A change since the study was frozen, and why."""

    what: Text
    """The path of the key that was changed, or of a block that holds all that was. Example:
    `protocol.resampling.repeats`."""
    why: Text
    """Why it was changed. Example: `the table has a misprint`."""


class ExternalFamily(FamilySpec):
    """A family whose scores are external: a name, and nothing that could be fitted."""


class Conclusion(Form):
    """What a paper concludes, or an author, and what decides whether it came out: one of `pair`, `numbers`, `claims`."""

    says: Text
    """The conclusion in a few words. Example: `Forests err about as often as Adaboost`."""
    pair: tuple[Name, Name] | None = None
    """The two models that it compares; the comparison over all data decides. Example: `[forest, adaboost]`."""
    numbers: Bool = False
    """Whether it is that the printed numbers hold, which all of them decide."""
    claims: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The ids of the claims, expectations or falsifiers that decide it. Example: `[lda-beats-all]`."""

    @model_validator(mode="after")
    def _one_of(self) -> Conclusion:
        if sum((self.pair is not None, self.numbers, self.claims is not None)) != 1:
            raise refused(Rule.CONCLUSION)
        return self


class Study(Form):
    """One study: paper, data, protocol, families, metrics, claims."""

    id: Annotated[str, Field(exclude=True)] = ""
    """The name of the folder."""
    title: Text
    """The name of the study. Example: `Two classifiers on wine`."""
    name: Annotated[str, Strict(), StringConstraints(max_length=60)] | None = None
    """What the headline begins with, short; the title, unless named. Example: `Breiman (2001), Table 2`."""
    question: Text | None = None
    """What you want to know, in one sentence. Example: `Does a straight boundary tell the cultivars apart?`."""
    paper: Paper | None = None
    """The paper that is reproduced. Example: `{citation: "Breiman, L. (1996). Bagging predictors.", year: 1996}`."""
    task: Literal["classification", "regression"] | None
    """What is predicted: classes or numbers; null where only external scores are judged."""
    datasets: Annotated[Mapping[Name, DatasetSpec], Field(min_length=1)]
    """The tables, by name. Example: `{wine: {source: {kind: sklearn, name: wine}, target: target}}`."""
    clean: CleaningSteps | None
    """Cleaning steps before any split, in their order, those on raw text first (`bench list steps`); null: none.
    Example: `[trim, drop_duplicates]`."""
    preprocess: Steps | None
    """Steps inside the fold (`bench list steps`); null: each family's own default. Example: `[impute, scale]`."""
    protocol: Protocol | None
    """How rows are split and candidates chosen; null where nothing is fitted.
    Example: `{resampling: {kind: kfold, folds: 10}, tuning: null, seed: 0}`."""
    families: Annotated[Mapping[Name, FamilySpec], Field(min_length=1)] | None
    """The rows of the comparison, by name; a scalar is fixed, a list is a set of candidates. Example: `{knn:
    {n_neighbors: [1, 5]}}`."""
    metrics: Metrics
    """What is computed. Example: `{primary: accuracy, also: [roc_auc]}`."""
    compare: Compare | None = None
    """How families are compared. Example: `{rope: 0.01, why: "one wine in a hundred would not matter"}`."""
    diagnostics: Diagnostics | None
    """Extra fits; null: the defaults (only halves, where a family is unstable).
    Example: `{learning: {}}`."""
    tolerance: Tolerance | None = None
    """How far ours may lie from a published number, by metric. Example: `{accuracy: 0.01, why: "two cases"}`."""
    claims: tuple[AnyClaim, ...] | ClaimTable | None = None
    """What the paper says: a list of claims, or a table of them.
    Example: `[{id: lda, kind: value, dataset: wine, family: lda, metric: accuracy, value: "98.9", where: Table 2, read:
    source}]`."""
    expect: tuple[AnyClaim, ...] | None = None
    """What you expect before you run it: claims, judged by the same rules and never counted as the paper's.
    Example: `[{id: trees-win, kind: better, dataset: wine, family: tree, against: lda, metric: accuracy}]`."""
    falsified_if: tuple[AnyClaim, ...] | None = None
    """What would show that you are wrong: claims of the same kinds; the report says which of them hold.
    Example: `[{id: no-signal, kind: better, dataset: wine, family: baseline, against: lda, metric: accuracy}]`."""
    planted: Mapping[Name, Text] | None = None
    """Faults that you planted: by dataset, the diagnostic that must warn of it (`bench list diagnostics`); `{}`: none,
    and any warning is false. The report says which were found, and which warnings are false. Example:
    `{copies: duplicates_across}`."""
    answer: (
        Annotated[str, Strict(), StringConstraints(max_length=800, pattern=r"\S")]
        | None
    ) = None
    """What you make of the results, in a sentence or two; the report prints it as the author's.
    Example: `A straight boundary is enough.`."""
    concludes: Annotated[tuple[Conclusion, ...], Field(max_length=5)] = ()
    """What the paper concludes, or what you expected; the report computes whether it came out.
    Example: `[{says: Forests err about as often as Adaboost, pair: [forest, adaboost]}]`."""
    caution: Text | None = None
    """What a reader must not miss, in a sentence or two. Example: `The features were chosen on all rows.`."""
    simple: Name | None = None
    """The model that you would take if no other is better. Example: `logistic_regression`."""
    short: Mapping[
        Text, Annotated[str, Strict(), StringConstraints(max_length=24)]
    ] = {}
    """Short names of models, for pictures. Example: `{forest: "Forest, tuned"}`."""
    deviations: tuple[Deviation, ...] = ()
    """Where this study departs from the paper's experiment.
    Example: `[{what: tuning, note: "The paper tuned by hand; here inner folds choose."}]`."""
    checklist: Mapping[Text, Text] = {}
    """What you say to items of the report's checklist, by their number (`bench list checklist`).
    Example: `{1a: "Wines of three growers of one region."}`."""
    changes: tuple[DeclaredChange, ...] = ()
    """Changes since the study was frozen, each with the reason.
    Example: `[{what: claims, why: "the table has a misprint"}]`."""

    def deviations_of(self, claim: Claim) -> tuple[Deviation, ...]:
        """Those that a claim is judged under: all that are about it, and may change its number."""
        ids = {other.id for other in self.judged}
        return tuple(
            deviation
            for deviation in self.deviations
            if deviation.is_about(claim, ids=ids, datasets=self.datasets)
        )

    @property
    def judged(self) -> tuple[Claim, ...]:
        """All that is judged: what the paper claims, what the author expects, and what would falsify that."""
        claims = self.claims if isinstance(self.claims, tuple) else ()
        return (*claims, *(self.expect or ()), *(self.falsified_if or ()))

    @property
    def fits(self) -> bool:
        """Whether anything is fitted here: some dataset has a target."""
        return any(spec.external is None for spec in self.datasets.values())

    def place_of_protocol(
        self, dataset: str, path: tuple[int | str, ...]
    ) -> tuple[int | str, ...]:
        """Where a part of the protocol stands (keys from `protocol` on): in the dataset, where that states the part."""
        own = self.datasets[dataset].protocol
        stated = (
            own is not None
            and len(path) > 1
            and path[0] == "protocol"
            and path[1] in own.model_fields_set
        )
        return ("datasets", dataset, *path) if stated else path

    def protocol_of(self, dataset: str) -> Protocol | None:
        """The study's protocol with what this dataset changes of it. None where nothing is fitted here."""
        if self.datasets[dataset].external is not None:
            return None
        changes = self.datasets[dataset].protocol
        if self.protocol is None or changes is None:
            return self.protocol
        return self.protocol.model_copy(
            update={name: getattr(changes, name) for name in changes.model_fields_set}
        )

    def clean_of(self, dataset: str) -> CleaningSteps:
        """The cleaning steps of one dataset: its own when it states any (even none), else the study's."""
        spec = self.datasets[dataset]
        return (spec.clean if "clean" in spec.model_fields_set else self.clean) or ()

    def split_columns(self, dataset: str) -> tuple[str, ...]:
        """The columns that the protocol of a dataset splits by: they are no features."""
        protocol = self.protocol_of(dataset)
        column = (
            getattr(protocol.resampling, "column", None)
            if protocol is not None
            else None
        )
        return (column,) if column else ()

    def parameters_of(self, dataset: str, family: str) -> dict[str, Any]:
        """A family's parameters as the study states them, with what this dataset changes."""
        assert self.families is not None
        changes = self.datasets[dataset].families.get(family, {})
        return self.families[family].parameters | {
            k: v for k, v in changes.items() if k != "preprocess"
        }

    def preprocess_of(
        self, dataset: str, family: str
    ) -> tuple[tuple[str, ...], Steps | None]:
        """A family's steps inside the fold on a dataset, and the keys that they stand under; None: its default.

        The nearest that is stated: of the family on this dataset, of the family, of the dataset, of the study.
        """
        assert self.families is not None
        spec = self.datasets[dataset]
        stated: dict[tuple[str, ...], Any] = {
            ("datasets", dataset, "families", family, "preprocess"): spec.families.get(
                family, {}
            ).get("preprocess"),
            ("families", family, "preprocess"): self.families[family].preprocess,
            ("datasets", dataset, "preprocess"): spec.preprocess,
            ("preprocess",): self.preprocess,
        }
        first = next(
            (path for path, steps in stated.items() if steps is not None),
            ("families", family, "preprocess"),
        )
        return first, None if stated[first] is None else tuple(stated[first])


def step_parts(step: Step) -> tuple[str, dict[str, Any]]:
    """A step as name and parameters: `scale` -> ("scale", {}); `{select: {k: 5}}` -> ("select", {"k": 5})."""
    if isinstance(step, str):
        return step, {}
    ((name, parameters),) = step.items()
    return name, dict(parameters or {})


def cleaning_parts(step: CleaningEntry) -> tuple[str, dict[str, Any] | str]:
    """The same of a cleaning step, whose option may be one text: `{where: age > 18}` -> ("where", "age > 18")."""
    if isinstance(step, Mapping):
        ((name, option),) = step.items()
        if isinstance(option, str):
            return name, option
        return name, dict(option or {})
    return step, {}
