"""Estimators, as a program holds them, as rows of a study: by import path where that can say it, else described."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np
import polars as pl

from bench.core.errors import UsageError, suggested
from bench.core.task import Task
from bench.families import FAMILIES
from bench.families.checks import REFUSED
from bench.project.labels import needs_labels

_ESTIMATORS = "bench.families.estimators"
#: Parameters that bench settles itself, so that a stated value of an estimator is left out.
SETTLED = ("n_jobs", "random_state", "verbose", "verbosity", "nthread", "seed")
Block = dict[str, Any]


def family_block(
    name: str,
    model: Any,
    X: Any = None,
    table: pl.DataFrame | None = None,
    labels: list[Any] | None = None,
) -> Block:
    """The row of a study for one model: a family's name, a block of a study file, or an estimator.

    X: the features as the caller has them; table: as a study has them; labels: the classes of the target as the caller
    has them, in the order of their codes. Raises `UsageError`, which begins with the name of the row, for an unknown
    family, a class in the place of an object, and an estimator that cannot be written down.
    """
    if isinstance(model, str):
        if model not in FAMILIES:
            raise UsageError(
                f"{name}: unknown family {model}; {suggested(model, FAMILIES, 'families')}"
            )
        return {"family": model}
    if isinstance(model, Mapping):
        return dict(model)
    if inspect.isclass(model):
        raise UsageError(
            f"{name}: {model.__name__} is a class; give an object of it, such as {model.__name__}()"
        )
    if not all(
        hasattr(type(model), method) for method in ("fit", "predict", "get_params")
    ):
        raise UsageError(
            f"{name}: {type(model).__name__} is no estimator: it needs fit, predict and get_params"
        )
    return _estimator_block(
        name,
        model,
        X,
        table,
        labels if labels and needs_labels(model, labels) else None,
    )


def _estimator_block(
    name: str, model: Any, X: Any, table: pl.DataFrame | None, labels: list[Any] | None
) -> Block:
    """The row of an estimator, by its import path or described; labels: where it gets them."""
    if (
        table is not None
        and hasattr(X, "columns")
        and _names_columns(model, table.columns)
    ):
        from bench.families.estimators.framed import layout_of

        _refuse_categories_of_others(name, X)
        return _by_description(name, model, labels, framed=True) | {
            "layout": layout_of(X, table),
            "preprocess": [],
        }
    stated = _stated(model)
    path = _public_path(type(model))
    if (
        labels is None
        and path is not None
        and all(_is_plain(key, value) for key, value in stated.items())
    ):
        plain = {
            key: value.item() if isinstance(value, np.generic) else value
            for key, value in stated.items()
        }
        return {"estimator": path, "tune": False, **plain}
    return _by_description(name, model, labels)


def _refuse_categories_of_others(name: str, X: Any) -> None:
    """Raises for categories of pandas that are no text: a frame that is made again from a matrix holds their words."""
    for column in X.columns if hasattr(X, "iloc") else ():
        categories = getattr(X[column].dtype, "categories", ())
        if not all(isinstance(one, str) for one in categories):
            raise UsageError(
                f"{name}: chooses columns by name, and {column} holds categories that are no text; give it "
                f"X[{column!r}].cat.rename_categories(str)"
            )


def _by_description(
    name: str, model: Any, labels: list[Any] | None, framed: bool = False
) -> Block:
    """The row of an estimator that an import path and plain parameters cannot say."""
    description = json.dumps(described(model, name), sort_keys=True)
    answer, frame = _answer(model), "Framed" if framed else ""
    if labels is not None and answer != "Regressor":
        wrapper, more = (
            f"labelled.Labelled{frame}{answer}",
            {"labels": json.dumps(labels)},
        )
    else:
        wrapper, more = (
            f"framed.Framed{answer}" if framed else f"described.Described{answer}",
            {},
        )
    estimator = f"{_ESTIMATORS}.{wrapper}"
    return {
        "estimator": estimator,
        "title": title_of(model),
        "tune": False,
        "description": description,
        **more,
    }


def _names_columns(model: Any, columns: Sequence[str]) -> bool:
    """Whether an estimator chooses columns of its table: by a ColumnTransformer, or by names among its parameters."""
    from sklearn.compose import ColumnTransformer

    known = set(columns)

    def named(value: Any) -> bool:
        listed = isinstance(value, list | tuple | Mapping) and all(
            isinstance(one, str) for one in value
        )
        return isinstance(value, ColumnTransformer) or (
            listed and bool(value) and known.issuperset(value)
        )

    return named(model) or any(map(named, model.get_params().values()))


def task_of(models: Mapping[str, Any]) -> Task | None:
    """The task that the estimators among the models do; None where there is none."""
    from sklearn.base import is_classifier, is_regressor

    for model in models.values():
        if hasattr(model, "get_params") and not inspect.isclass(model):
            if is_classifier(model):
                return "classification"
            if is_regressor(model):
                return "regression"
    return None


def packages_of(models: Mapping[str, Any]) -> set[str]:
    """The packages whose code the estimators among the models run, by their own classes."""
    return {
        type(model).__module__.split(".")[0]
        for model in models.values()
        if hasattr(model, "get_params")
    }


def title_of(model: Any) -> str:
    """A short name of an estimator, those inside it named too.

    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn.svm import SVC
    >>> title_of(make_pipeline(StandardScaler(), SVC()))
    'Pipeline of StandardScaler, SVC'
    """
    inside = [
        value for value in model.get_params().values() if hasattr(value, "get_params")
    ]
    names = ", ".join(
        type(value).__name__ for value in inside if not inspect.isclass(value)
    )
    return f"{type(model).__name__}{f' of {names}' if names else ''}"[:120]


def described(value: Any, where: str) -> Any:
    """A value as `bench.families.estimators.described` reads it; `where` it stands is for errors alone."""
    if isinstance(value, np.generic):
        return described(value.item(), where)
    if isinstance(value, float):
        return value if math.isfinite(value) else _not_finite(value, where)
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [described(item, where) for item in value]}
    if isinstance(value, Mapping):
        return {
            "dict": [
                [described(key, where), described(item, where)]
                for key, item in value.items()
            ]
        }
    return _described_object(value, where)


def _described_object(value: Any, where: str) -> Block:
    from sklearn.compose import make_column_selector

    if isinstance(value, np.ndarray) and value.dtype.kind in "biufU":
        return {"array": value.tolist()}
    if inspect.isclass(value) or isinstance(
        value, FunctionType | BuiltinFunctionType | np.ufunc
    ):
        return {"import": _path(value, where)}
    if getattr(value, "_sklearn_output_config", None):
        raise UsageError(
            f"{where}: set_output of {type(value).__name__} cannot be written into a study; leave it out"
        )
    if hasattr(value, "get_params"):
        parameters = _stated(value)
    elif isinstance(value, make_column_selector):
        parameters = vars(value)
    else:
        raise UsageError(
            f"{where}: a {type(value).__name__} cannot be written into a study; use numbers, text or lists"
        )
    stated = {
        key: described(item, f"{where}.{key}") for key, item in parameters.items()
    }
    return {"estimator": [_path(type(value), where), stated]}


def _not_finite(value: float, where: str) -> Any:
    if math.isnan(value):
        return {"nan": True}
    raise UsageError(
        f"{where}: {value} cannot be written into a study; a very large number does what infinity would"
    )


def _stated(model: Any) -> Block:
    """The parameters of an estimator that differ from its defaults, without those that bench settles."""
    defaults = {
        name: one.default
        for name, one in inspect.signature(type(model)).parameters.items()
    }
    stated = {}
    for name, value in model.get_params(deep=False).items():
        if name not in SETTLED and not _same(
            value, defaults.get(name, inspect.Parameter.empty)
        ):
            stated[name] = value
    return stated


def _same(value: Any, default: Any) -> bool:
    plain = isinstance(value, bool | int | float | str) and type(value) is type(default)
    return value is default or (plain and bool(value == default))


def _is_plain(key: str, value: Any) -> bool:
    """Whether a study file can state a parameter: a list there is a set of candidates, and some are refused."""
    if isinstance(value, np.generic):
        value = value.item()
    finite = not isinstance(value, float) or math.isfinite(value)
    return (
        key not in REFUSED
        and (value is None or isinstance(value, bool | int | float | str))
        and finite
    )


def _public_path(kind: type) -> str | None:
    """The shortest import path of a class without private parts; None where there is none."""
    parts = kind.__module__.split(".")
    if parts[0] == "__main__":
        return None
    for count in range(1, len(parts) + 1):
        module = ".".join(parts[:count])
        if any(part.startswith("_") for part in parts[:count]):
            return None
        named = count > 1 or len(parts) == 1
        if named and getattr(import_module(module), kind.__name__, None) is kind:
            return f"{module}.{kind.__name__}"
    return None


def _path(thing: Any, where: str) -> str:
    """The import path of a class or function. Raises `UsageError` for one that a worker could not import."""
    module, name = (
        getattr(thing, "__module__", None),
        getattr(thing, "__qualname__", getattr(thing, "__name__", "")),
    )
    if isinstance(thing, np.ufunc):
        module, name = "numpy", thing.__name__
    if not module or module == "__main__" or "." in name or "<" in name:
        raise UsageError(
            f"{where}: {name} cannot be imported by the workers that fit; put it into a module of its own"
        )
    return f"{module}.{name}"


def _answer(model: Any) -> str:
    """What a described estimator answers with, as the classes that hold it are named."""
    from sklearn.base import is_regressor

    if is_regressor(model):
        return "Regressor"
    answers = {"predict_proba": "Probabilities", "decision_function": "Decisions"}
    return next(
        (name for method, name in answers.items() if hasattr(model, method)), "Labels"
    )
