"""Steps inside the fold: imputing, scaling, encoding, selecting and making features, fitted on training rows only.

X arrives as one float64 matrix (NaN is missing; categorical and ordinal columns hold codes). Steps run in the order in
which they are listed. Until the first step that acts on all columns, a `numeric` step acts on numeric, boolean and
ordinal columns, a `categorical` step on categorical ones, and a `both` step on each part in its own way. From that step
on the matrix is one, numeric columns first, and every step acts on all of it.

Parameters are those of the scikit-learn transformer, by its own names. A few words are ours:
`kind` chooses between transformers; `categories` of `impute` says what a missing category becomes: `most_frequent`, or
`own`, a category of its own; `percentile` of `select` takes the place of `k`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bench.core.errors import BenchError, UsageError, nearest
from bench.core.task import Task
from bench.families.family import imported

#: One-hot encoding of a column with more categories than this is refused: it is an id or needs another encoding.
ONE_HOT_LIMIT = 100


class ColumnLike(Protocol):
    """What a step must know of a column: `kind` is numeric, boolean, ordinal or categorical."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def categories(self) -> tuple[str, ...]: ...


FoldSteps = Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class FoldStep:
    """One step by name: its transformers by `kind` (the first is the default), and what the house changes of them.

    `needs_complete`: cannot take missing values. `words` are parameters of our own beside `kind`, each with the values
    it may have (empty: any).
    """

    name: str
    title: str
    on: Literal["numeric", "categorical", "both", "all"]
    kinds: Mapping[str, str]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    needs_complete: bool = False
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def kind_of(self, parameters: Mapping[str, Any]) -> str:
        """The kind that these parameters choose. Raises `UsageError` for an unknown one."""
        kind = parameters.get("kind", next(iter(self.kinds)))
        if kind not in self.kinds:
            raise UsageError(
                f"step {self.name}: unknown kind {kind}; {nearest(str(kind), self.kinds)}"
            )
        return str(kind)


_SELECT = "sklearn.feature_selection.SelectKBest"
_STEPS = (
    FoldStep(
        "impute",
        "Fill missing values: the median, and the most frequent category",
        "both",
        {"simple": "sklearn.impute.SimpleImputer", "knn": "sklearn.impute.KNNImputer"},
        {
            "simple": {"strategy": "median", "keep_empty_features": True},
            "knn": {"keep_empty_features": True},
        },
        words={"categories": ("most_frequent", "own")},
    ),
    FoldStep(
        "scale",
        "Bring numeric columns to one scale",
        "numeric",
        {
            "standard": "sklearn.preprocessing.StandardScaler",
            "minmax": "sklearn.preprocessing.MinMaxScaler",
            "robust": "sklearn.preprocessing.RobustScaler",
            "quantile": "sklearn.preprocessing.QuantileTransformer",
            "power": "sklearn.preprocessing.PowerTransformer",
        },
        {"quantile": {"n_quantiles": 100, "output_distribution": "normal"}},
    ),
    FoldStep(
        "encode",
        "Turn categories into numbers: a column a category, or codes",
        "categorical",
        {
            "one_hot": "sklearn.preprocessing.OneHotEncoder",
            "ordinal": "sklearn.preprocessing.OrdinalEncoder",
        },
        {
            "one_hot": {"handle_unknown": "ignore", "sparse_output": False},
            "ordinal": {"handle_unknown": "use_encoded_value", "unknown_value": -1},
        },
    ),
    FoldStep(
        "target_encode",
        "Turn each category into a smoothed mean of the target, cross-fitted within the training rows",
        "categorical",
        {"mean": "sklearn.preprocessing.TargetEncoder"},
    ),
    FoldStep(
        "discretise",
        "Cut numeric columns into bins",
        "numeric",
        {"bins": "sklearn.preprocessing.KBinsDiscretizer"},
        {
            "bins": {
                "encode": "onehot-dense",
                "quantile_method": "averaged_inverted_cdf",
            }
        },
        needs_complete=True,
    ),
    FoldStep(
        "polynomial",
        "Add powers and products of numeric columns",
        "numeric",
        {"polynomial": "sklearn.preprocessing.PolynomialFeatures"},
        {"polynomial": {"include_bias": False}},
        needs_complete=True,
    ),
    FoldStep(
        "spline",
        "Replace numeric columns by smooth pieces",
        "numeric",
        {"spline": "sklearn.preprocessing.SplineTransformer"},
        {"spline": {"include_bias": False}},
        needs_complete=True,
    ),
    FoldStep(
        "drop_constant",
        "Drop columns that do not vary in the training rows",
        "all",
        {"variance": "sklearn.feature_selection.VarianceThreshold"},
    ),
    FoldStep(
        "select",
        "Keep the columns that say most about the target, one by one (f_test: for two classes the same order as the "
        "absolute correlation)",
        "all",
        {"f_test": _SELECT, "mutual_info": _SELECT},
        needs_complete=True,
        words={"percentile": ()},
    ),
    FoldStep(
        "pca",
        "Replace the columns by their principal components",
        "all",
        {"pca": "sklearn.decomposition.PCA"},
        needs_complete=True,
    ),
)
PREPROCESS: dict[str, FoldStep] = {
    step.name: step for step in sorted(_STEPS, key=lambda step: step.name)
}


def check_steps(
    columns: Sequence[ColumnLike], steps: FoldSteps, needs_complete: bool
) -> list[str]:
    """What makes these steps impossible on these columns, as sentences; empty when nothing does.

    `needs_complete`: values are missing and the family cannot take them. Names must have been checked before.
    """
    names = [name for name, _ in steps]
    found = [
        f"the step {name} is listed twice"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    first_all = next(
        (i for i, name in enumerate(names) if PREPROCESS[name].on == "all"), len(names)
    )
    for name in names[first_all:]:
        if PREPROCESS[name].on == "categorical":
            found.append(
                f"{name} stands after {names[first_all]}, which makes one matrix of all columns; list it before"
            )
    if "encode" in names and "target_encode" in names:
        found.append(
            "encode and target_encode both turn categories into numbers; list one of them"
        )
    if "select" in names and {"k", "percentile"} <= set(dict(steps)["select"]):
        found.append("select takes k or percentile, not both")
    if needs_complete:
        found += _incomplete(names)
    return found + _unencoded(columns, dict(steps))


def _incomplete(names: list[str]) -> list[str]:
    if "impute" not in names:
        return [
            "values are missing and the family cannot take them; list the step impute, or clean them away before"
        ]
    early = [
        name
        for name in names[: names.index("impute")]
        if PREPROCESS[name].needs_complete
    ]
    return [
        f"values are missing and {name} cannot take them; list impute before it"
        for name in early
    ]


def _unencoded(
    columns: Sequence[ColumnLike], steps: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    categorical = [column for column in columns if column.kind == "categorical"]
    if not categorical:
        return []
    if not {"encode", "target_encode"} & set(steps):
        return [
            f"categorical columns ({_named([c.name for c in categorical])}) have no step that turns them into numbers; "
            "list encode or target_encode"
        ]
    parameters = steps.get("encode")
    if (
        parameters is None
        or parameters.get("kind", "one_hot") != "one_hot"
        or "max_categories" in parameters
    ):
        return []
    wide = [
        f"{c.name}: {len(c.categories)}"
        for c in categorical
        if len(c.categories) > ONE_HOT_LIMIT
    ]
    if not wide:
        return []
    return [
        f"one-hot encoding above {ONE_HOT_LIMIT} categories is refused ({_named(wide)}); drop the column if it is "
        "an id, or use target_encode, {encode: {kind: ordinal}} or {encode: {max_categories: 20}}"
    ]


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (
        f" and {len(names) - 5} more" if len(names) > 5 else ""
    )


def build(
    columns: Sequence[ColumnLike], steps: FoldSteps, estimator: Any, seed: int = 0
) -> Any:
    """The steps and the estimator as one scikit-learn Pipeline over the (n, p) matrix of these columns.

    The last step is named `estimator`. `seed` goes to every step in which chance has a part.
    """
    from sklearn.base import is_regressor
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline

    task: Task = "regression" if is_regressor(estimator) else "classification"
    first_all = next(
        (i for i, (name, _) in enumerate(steps) if PREPROCESS[name].on == "all"),
        len(steps),
    )
    parts: list[tuple[str, list[tuple[str, Any]], list[int]]] = []
    for part in ("numeric", "categorical"):
        where = [
            i
            for i, column in enumerate(columns)
            if (column.kind == "categorical") == (part == "categorical")
        ]
        acting = [
            (name, _transformer(name, parameters, part, task, seed))
            for name, parameters in steps[:first_all]
            if PREPROCESS[name].on in (part, "both")
        ]
        if where:
            parts.append((part, acting, where))
    rest = [
        (name, _transformer(name, parameters, "all", task, seed))
        for name, parameters in steps[first_all:]
    ]
    if len(parts) <= 1:  # one kind of columns: no need to split the matrix
        head = parts[0][1] if parts else []
    else:
        branches = [
            (part, Pipeline(acting) if acting else "passthrough", where)
            for part, acting, where in parts
        ]
        head = [("columns", ColumnTransformer(branches, sparse_threshold=0))]
    return Pipeline([*head, *rest, ("estimator", estimator)])


def _transformer(
    name: str, stated: Mapping[str, Any], part: str, task: Task, seed: int
) -> Any:
    """One unfitted transformer of a step, for one part of the columns."""
    step = PREPROCESS[name]
    if name == "impute" and part == "categorical":
        own = stated.get("categories", "most_frequent") == "own"
        strategy = (
            {"strategy": "constant", "fill_value": -1.0}
            if own
            else {"strategy": "most_frequent"}
        )
        return imported(step.kinds["simple"])(**strategy, keep_empty_features=True)
    kind = step.kind_of(stated)
    parameters = dict(step.defaults.get(kind, {}))
    parameters |= {
        key: value
        for key, value in stated.items()
        if key != "kind" and key not in step.words
    }
    if name == "select":
        return _selector(kind, dict(stated), task, seed)
    if name == "target_encode":
        parameters = _target_encoding(parameters, task, seed)
    maker = imported(step.kinds[kind])
    if getattr(maker(), "random_state", "deprecated") != "deprecated":
        parameters["random_state"] = seed
    return maker(**parameters)


def _selector(kind: str, stated: dict[str, Any], task: Task, seed: int) -> Any:
    from functools import partial

    from sklearn import feature_selection

    ending = "regression" if task == "regression" else "classif"
    if kind == "mutual_info":
        score = partial(
            getattr(feature_selection, f"mutual_info_{ending}"), random_state=seed
        )
    else:
        score = getattr(feature_selection, f"f_{ending}")
    if "percentile" in stated:
        return feature_selection.SelectPercentile(
            score, percentile=stated["percentile"]
        )
    return feature_selection.SelectKBest(score, k=stated.get("k", 10))


def _target_encoding(
    parameters: dict[str, Any], task: Task, seed: int
) -> dict[str, Any]:
    """The cross-fitting made explicit: shuffled folds from the seed, and the task's own reading of the target.

    Left alone, the encoder would take a regression target of whole numbers for classes.
    """
    from sklearn.model_selection import KFold, StratifiedKFold

    folds = parameters.pop("cv", 5)
    if not isinstance(folds, int):
        raise BenchError(
            f"step target_encode: cv must be a number of folds, got {folds!r}"
        )
    splitter = KFold if task == "regression" else StratifiedKFold
    target = "continuous" if task == "regression" else "auto"
    return (
        {"target_type": target}
        | parameters
        | {"cv": splitter(folds, shuffle=True, random_state=seed)}
    )
