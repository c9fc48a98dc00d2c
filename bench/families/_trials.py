"""Values of parameters tried out before any fit: what the estimators themselves say of them.

scikit-learn checks an estimator's parameters before it looks at the data, so a fit on a table without rows tells what
it thinks of a value and costs nothing. XGBoost reads its parameters when it trains: eight made-up rows and one tree.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

import numpy as np

from bench.core.task import Task
from bench.families.family import Setup, imported

_INVALID = re.compile(r"The '(\w+)' parameter of \w+ must be (.*)\. Got (.*) instead\.", re.DOTALL)
#: How many combinations of a study's values are tried for sense, and what keeps each trial short.
_COMBINATIONS = 64
_SHORT = {"n_estimators": 2, "max_iter": 5, "hidden_layer_sizes": (2,), "n_init": 1}


def value_error(setup: Setup, key: str, value: Any) -> str | None:
    """What is wrong with one parameter's value, as a sentence; None when nothing is."""
    maker, defaults = imported(setup.estimator), dict(setup.fixed)
    defaults.pop("scale_target", None)
    if setup.estimator.startswith("xgboost."):
        return _xgboost_error(maker, defaults, key, value)
    return invalid(maker(**{**defaults, key: value}), key)


def invalid(estimator: Any, key: str) -> str | None:
    """What an estimator says of this parameter's value. Its table has no rows, so nothing is fitted."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            estimator.fit(np.empty((0, 1)), np.empty(0))
    except Exception as error:
        said = _INVALID.match(str(error))
        if said and said[1] == key:
            return f"must be {_steady(said[2])}; got {said[3]}"
        if re.match(rf"{key} must be ", str(error)):
            return str(error).removeprefix(key).strip().rstrip(".")
    return None


def _steady(said: str) -> str:
    """The words of a set in one order on every run, and no offer of what a study file cannot hold."""
    said = re.sub(r"\{(.*?)\}", lambda words: ", ".join(sorted(words[1].split(", "))), said)
    return re.sub(r"(,| or) a callable\b", "", said).replace("a str among", "one of")


def _xgboost_error(maker: Any, defaults: dict[str, Any], key: str, value: Any) -> str | None:
    if key in ("n_estimators", "num_parallel_tree"):
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        return None if whole else f"must be an int in the range [1, inf); got {value!r}"
    X, y = np.arange(16.0).reshape(8, 2), np.array([0, 1] * 4)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            maker(**{**defaults, "n_estimators": 1, key: value}).fit(X, y)
    except Exception as error:
        text = re.sub(r"^\[[\d:]+\] \S+: ", "", str(error)).splitlines()[0]
        if re.match(r"Invalid |value .* for Parameter|Unknown ", text):
            return f"XGBoost says: {text.rstrip('.')}"
    return None


def _small(value: Any) -> Any:
    """A whole number as one that keeps a trial short: what combinations are supported does not hang on its size."""
    return 10 if isinstance(value, int) and not isinstance(value, bool) and value > 10 else value


def unsupported(setup: Setup, task: Task, own: Mapping[str, list[Any]]) -> Iterator[tuple[str, str]]:
    """Combinations of values that the estimator says it does not support, found by fits on a few made-up rows."""
    if setup.estimator.startswith("xgboost."):
        return
    maker = imported(setup.estimator)
    generator = np.random.default_rng(0)
    X = generator.normal(size=(40, 4))
    y = X[:, 0] + generator.normal(size=40) if task == "regression" else np.arange(40) % 2
    base = {**setup.fixed, **setup.alone}
    base.pop("scale_target", None)
    short = {name: limit for name, limit in _SHORT.items() if name in maker().get_params(deep=False)}
    for values in islice(product(*own.values()), _COMBINATIONS):
        settled = base | {key: _small(value) for key, value in zip(own, values, strict=True)} | short
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                maker(**settled).fit(X, y)
        except Exception as error:
            text = " ".join(str(error).split())
            if "support" in text.lower():  # other complaints may be about the made-up rows
                yield next((key for key in own if key in text), next(iter(own))), text.rstrip(".")
