"""Names and values before any fit: parameters of families and steps, and import paths, each mistake as a sentence."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import numpy as np

from bench.core.errors import suggested
from bench.core.task import Task
from bench.families.candidates import EmptyList, setup_of_path, values_of
from bench.families.family import Family, Setup, imported
from bench.families.preprocess import PREPROCESS, FoldStep

#: Packages whose estimators may be named without being listed as trusted, and are tried on made-up rows. Code from
#: elsewhere runs in supervised workers only.
KNOWN_PACKAGES = ("sklearn", "xgboost", "bench")
_THREADS = "bench runs fits side by side with one thread each, so that results have the same digits everywhere"
_SEED = "the seed of every fit comes from `protocol.seed`"
_NOISE = "bench reports progress itself"
#: Parameters that a study may not set, and why.
REFUSED: dict[str, str] = {
    "n_jobs": _THREADS,
    "nthread": _THREADS,
    "device": "bench computes on the processor, so that results have the same digits everywhere",
    "random_state": _SEED,
    "seed": _SEED,
    "verbose": _NOISE,
    "verbosity": _NOISE,
    "memory": "it would write files; bench has a store of its own",
    "callbacks": "they would run code",
    "metric_params": "it would pass arguments through unchecked",
    "scoring": "the metric of tuning is `protocol.tuning.metric`",
    "eval_metric": "the metric of tuning is `protocol.tuning.metric`",
    "early_stopping_rounds": "it needs a validation set, which a fit here is not handed; list n_estimators instead",
    "warm_start": "every fit begins from nothing",
    "oob_score": "bench sets it when the study tunes `by: oob`",
    "probability": "scikit-learn gives it up; decision values are used",
    "enable_categorical": "categories are encoded by the steps inside the fold",
    "feature_types": "categories are encoded by the steps inside the fold",
    "feature_names": "columns have no names inside the fold",
    "feature_weights": "columns have no fixed order inside the fold",
}
#: Parameters of classifiers that name a class by its label.
_LABELS: dict[Task, dict[str, str]] = {
    "classification": dict.fromkeys(
        ("constant", "pos_label"),
        "models get classes as codes 0, 1, ..., not as labels",
    ),
    "regression": {},
}
#: Parameters of transformers that the house must settle itself.
_REFUSED_IN_STEPS = {
    "sparse_output": "the matrix is dense throughout",
    "dtype": "the matrix is float64 throughout",
    "copy": "a fit never changes its data",
    "score_func": "name it as `kind`",
    "missing_values": "missing is declared with the dataset",
    "keep_empty_features": "columns keep their places, so that names stay aligned",
    "categories": "they come from the training rows",
    "target_type": "it comes from the task",
    "random_state": _SEED,
    "shuffle": _SEED,
}
_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)


def check_parameters(
    subject: Family | str,
    task: Task,
    parameters: Mapping[str, Any],
) -> list[tuple[str, str]]:
    """Mistakes in the parameters that a study states for a family, or for an estimator by import path: (key, sentence).

    Unknown names, refused ones, and values of the wrong type or out of range; which of them go together, a fit shows.
    A list is a set of candidates, each is checked. "select.k" is checked as a parameter of that step. An import path
    must have passed `check_estimator_path`.
    """
    setup = setup_of_path(subject) if isinstance(subject, str) else subject.setups[task]
    known = _known(setup, task)
    refused = REFUSED | _LABELS[task]
    foreign = setup.estimator.partition(".")[0] not in KNOWN_PACKAGES
    found = []
    for key, value in parameters.items():
        step, dot, name = key.partition(".")
        if dot:
            of_step = check_step_parameters(step, {name: value})
            found += [(key, sentence) for _, sentence in of_step]
            continue
        sentences: list[str | None] = [*_by_name(key, value, known, refused)]
        if not sentences and key != "scale_target" and not foreign:
            sentences = [value_error(setup, key, one) for one in values_of(value)]
        found += [(key, sentence) for sentence in sentences if sentence]
    return _once(found)


def check_step_parameters(
    name: str, parameters: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """The same for one step inside the fold; the key is empty where the step itself is unknown."""
    if name not in PREPROCESS:
        return [
            (
                "",
                f"unknown step {name}; {suggested(name, PREPROCESS, 'preprocess steps')}",
            )
        ]
    step = PREPROCESS[name]
    kinds = [
        kind
        for kind in values_of(parameters.get("kind", next(iter(step.kinds))))
        if kind in step.kinds
    ]
    found: list[tuple[str, str]] = []
    for key, value in parameters.items():
        if key == "kind":
            unknown = [kind for kind in values_of(value) if kind not in step.kinds]
            found += [
                (
                    key,
                    f"unknown kind {kind}; {suggested(str(kind), step.kinds, 'kinds')}",
                )
                for kind in unknown
            ]
        elif key in step.words:
            found += [(key, sentence) for sentence in _word_errors(step, key, value)]
        else:
            found += [
                (key, sentence)
                for kind in kinds
                for sentence in _step_value(step, kind, key, value)
            ]
    return _once(found)


def check_estimator_path(
    path: str, task: Task, trusted: frozenset[str] = frozenset()
) -> list[str]:
    """Why an import path cannot be used as a family, as sentences; empty when it can.

    Nothing is imported before its package is known: scikit-learn, XGBoost, or one that the project lists as trusted.
    """
    if not _PATH.fullmatch(path):
        return [
            f"{path} is no import path such as sklearn.ensemble.ExtraTreesClassifier"
        ]
    package, module, name = path.split(".")[0], *path.rpartition(".")[::2]
    if package not in KNOWN_PACKAGES and package not in trusted:
        return [
            f"{package} is not trusted to run code here; to trust it, list it under `trusted` in params.yaml"
        ]
    if any(part.startswith("_") for part in path.split(".")):
        return [f"{path} is private to {package}"]
    try:
        home = import_module(module)
    except Exception as error:  # of a trusted package: its own code runs here
        return [
            f"{module} cannot be imported ({type(error).__name__}: {error}); {_nearest_module(package, module)}"
        ]
    if hasattr(home, name):
        return list(_unfit(path, getattr(home, name), task))
    classes = [
        key
        for key, value in vars(home).items()
        if inspect.isclass(value) and hasattr(value, "predict")
    ]
    return [f"{module} has no {name}; {suggested(name, classes)}"]


def _nearest_module(package: str, module: str) -> str:
    try:
        inside = list(iter_modules(import_module(package).__path__))
    except Exception:
        return f"is {package} installed?"
    return suggested(
        module,
        [f"{package}.{info.name}" for info in inside if not info.name.startswith("_")],
    )


def _unfit(path: str, thing: Any, task: Task) -> Iterator[str]:
    """Why a class is no estimator for this task."""
    from sklearn.base import is_classifier, is_regressor

    if not inspect.isclass(thing) or not all(
        hasattr(thing, method) for method in ("fit", "predict", "get_params")
    ):
        yield f"{path} is no estimator: it needs to be a class with fit, predict and get_params"
        return
    required = [
        name
        for name, one in inspect.signature(thing).parameters.items()
        if one.default is one.empty
        and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    if required:
        yield f"{path} cannot be made without {', '.join(required)}, which a study file cannot give"
        return
    try:
        estimator = thing()
        kinds = {
            "classification": is_classifier(estimator),
            "regression": is_regressor(estimator),
        }
    except Exception as error:  # it is code of others: whatever it raises is the answer
        yield f"{path} cannot be made: {type(error).__name__}: {error}"
        return
    if not kinds[task]:
        other = next((kind for kind, is_one in kinds.items() if is_one), None)
        yield (
            f"{path} does {other}, the task is {task}"
            if other
            else f"{path} does no {task}"
        )


def _known(setup: Setup, task: Task) -> set[str]:
    names = set(imported(setup.estimator)().get_params(deep=False))
    return names | ({"scale_target"} if task == "regression" else set())


def _by_name(
    key: str, value: Any, known: Iterable[str], refused: Mapping[str, str]
) -> list[str]:
    """What is wrong with a parameter before the estimator sees its value."""
    if key in refused:
        return [f"cannot be set in a study: {refused[key]}"]
    if key not in known:
        return [f"unknown; {suggested(key, set(known) - set(refused), 'parameters')}"]
    if isinstance(value, list) and not value:
        return [str(EmptyList())]
    said = []
    for one in values_of(value):
        if isinstance(one, Mapping):
            said.append(
                "a mapping is no value here"
                + ("; give balanced, or null" if key == "class_weight" else "")
            )
        elif isinstance(one, float) and not np.isfinite(one):
            said.append(
                f"must be finite; got {one} (a very large number does what infinity would)"
            )
        elif key == "scale_target" and not isinstance(one, bool):
            said.append(f"must be true or false; got {one!r}")
    return said


def _word_errors(step: FoldStep, key: str, value: Any) -> list[str]:
    allowed = step.words[key]
    if allowed:
        return [
            f"unknown {key} {one}; {suggested(str(one), allowed)}"
            for one in values_of(value)
            if one not in allowed
        ]
    wrong = [
        one
        for one in values_of(value)
        if isinstance(one, bool) or not isinstance(one, int | float)
    ]
    wrong += [
        one for one in values_of(value) if one not in wrong and not 0 < one <= 100
    ]
    return [f"must be a number above 0 and at most 100; got {one!r}" for one in wrong]


def _step_value(step: FoldStep, kind: str, key: str, value: Any) -> list[str]:
    maker = imported(step.kinds[kind])
    known = set(maker().get_params(deep=False)) | {"kind", *step.words}
    said = _by_name(
        key, value, known - set(_REFUSED_IN_STEPS), REFUSED | _REFUSED_IN_STEPS
    )
    if said:
        return said
    if step.name == "target_encode" and key == "cv":
        folds = [
            one
            for one in values_of(value)
            if isinstance(one, bool) or not isinstance(one, int) or one < 2
        ]
        return [f"must be a number of folds, at least 2; got {one!r}" for one in folds]
    values = [invalid(maker(**{key: one}), key) for one in values_of(value)]
    return [sentence for sentence in values if sentence]


def _once(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(found))


_INVALID = re.compile(
    r"The '(\w+)' parameter of \w+ must be (.*)\. Got (.*) instead\.", re.DOTALL
)


def value_error(setup: Setup, key: str, value: Any) -> str | None:
    """What is wrong with one parameter's value, as a sentence; None when nothing is. Nothing is fitted."""
    estimator = imported(setup.estimator)(**{key: value})
    if setup.estimator.startswith("xgboost."):
        return _xgboost_error(estimator, key, value)
    return invalid(estimator, key)


def invalid(estimator: Any, key: str) -> str | None:
    """What scikit-learn's own validation says of this parameter's value."""
    if not hasattr(estimator, "_parameter_constraints"):
        return None
    try:
        estimator._validate_params()
    except ValueError as error:
        said = _INVALID.match(str(error))
        if said and said[1] == key:
            return f"must be {_steady(said[2])}; got {said[3]}"
    return None


def _steady(said: str) -> str:
    """The words of a set in one order on every run, and no offer of what a study file cannot hold."""
    said = re.sub(
        r"\{(.*?)\}", lambda words: ", ".join(sorted(words[1].split(", "))), said
    )
    return re.sub(r"(,| or) a callable\b", "", said).replace("a str among", "one of")


def _xgboost_error(estimator: Any, key: str, value: Any) -> str | None:
    """What XGBoost says of a value when a booster takes it on, before any training."""
    if key in ("n_estimators", "num_parallel_tree"):
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        return None if whole else f"must be an int in the range [1, inf); got {value!r}"
    from xgboost import Booster

    try:
        Booster({**estimator.get_xgb_params(), "num_feature": 2}).save_config()
    except Exception as error:
        text = re.sub(r"^\[[\d:]+\] \S+: ", "", str(error)).splitlines()[0]
        if re.match(r"Invalid |value .* for Parameter|Unknown ", text):
            return f"XGBoost says: {text.rstrip('.')}"
    return None
