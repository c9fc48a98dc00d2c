"""Which estimators name a class by its label, so that its code in a fold would say another class, or none."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import FunctionType
from typing import Any

from bench.families.checks import KNOWN_PACKAGES

#: Packages whose estimators do the same whatever the labels are, as long as no parameter names one.
_NEUTRAL = (*KNOWN_PACKAGES, "numpy", "scipy", "lightgbm")
#: Scorers that call no class the positive one, and do not count with labels; those that average over classes as well.
_SCORERS = (
    "accuracy",
    "balanced_accuracy",
    "top_k_accuracy",
    "matthews_corrcoef",
    "neg_log_loss",
    "d2_log_loss_score",
)
_AVERAGED = ("_macro", "_micro", "_weighted")
#: Parameters of theirs whose value is a label.
_LABELS = ("constant", "pos_label", "outlier_label")


def needs_labels(model: Any, labels: list[Any]) -> bool:
    """Whether an estimator must be fitted on the labels themselves, given all of them in the order of their codes.

    It names one (a weight of a class, a positive class, a scorer of one, a constant answer, rows marked as without a
    label), or counts with them (a regressor inside, an outlier detector); or a part of it is from a package of which
    nobody here knows what it does: it gets what it would get without bench.

    >>> from sklearn.linear_model import LogisticRegression
    >>> needs_labels(LogisticRegression(), [1, 2]), needs_labels(LogisticRegression(class_weight={1: 5}), [1, 2])
    (False, True)
    """
    from sklearn.base import is_classifier

    return not is_classifier(model) or _names_one(model, "", labels)


def _names_one(value: Any, key: str, labels: list[Any]) -> bool:
    """Whether a parameter names a label, or one inside it does."""
    if key == "scoring":
        return value is not None and not _is_neutral_scorer(value)
    if key in _LABELS:
        return value is not None
    if inspect.isclass(value) or isinstance(value, FunctionType):
        return _is_code(value, labels)
    if hasattr(value, "get_params"):
        return _is_code(value, labels) or _names_any(
            value.get_params(deep=False), labels
        )
    return _names_inside(value, key, labels)


def _names_inside(value: Any, key: str, labels: list[Any]) -> bool:
    """The same of the values of a mapping or a list; a key that is no text is a label itself."""
    if isinstance(value, Mapping):
        return any(
            not isinstance(one, str) or one in labels for one in value
        ) or _names_any(value, labels)
    return isinstance(value, list | tuple) and any(
        _names_one(one, key, labels) for one in value
    )


def _names_any(parameters: Mapping[str, Any], labels: list[Any]) -> bool:
    return any(
        _names_one(value, name.rpartition("__")[2], labels)
        for name, value in parameters.items()
    )


def _is_neutral_scorer(scoring: Any) -> bool:
    if isinstance(scoring, list | tuple | set):
        return all(map(_is_neutral_scorer, scoring))
    return isinstance(scoring, str) and (
        scoring in _SCORERS
        or scoring.startswith("roc_auc")
        or scoring.endswith(_AVERAGED)
    )


def _is_code(thing: Any, labels: list[Any]) -> bool:
    """Whether an estimator, a class or a function asks for labels by what it does."""
    package, *inside = _module(thing)
    if package not in _NEUTRAL:
        return labels != [
            0,
            1,
        ]  # which are their own codes in every fold with two classes
    if "semi_supervised" in inside:
        return True
    return not isinstance(labels[0], str) and _regresses(thing)


def _regresses(thing: Any) -> bool:
    """Whether a nested estimator or a score function takes a target as numbers."""
    from sklearn.base import is_regressor

    if hasattr(thing, "get_params") and not inspect.isclass(thing):
        return bool(is_regressor(thing))
    return "regression" in thing.__name__


def _module(thing: Any) -> list[str]:
    home = (
        thing
        if inspect.isclass(thing) or isinstance(thing, FunctionType)
        else type(thing)
    )
    return str(home.__module__).split(".")
