"""The ends of what an estimator of scikit-learn takes for a parameter: beyond them there is nothing to try."""

from __future__ import annotations

from typing import Any

from bench.families.family import imported


def is_limit(estimator: str, parameter: str, value: float, *, largest: bool) -> bool:
    """Whether a value is the least (or largest) that an estimator takes for a parameter, as scikit-learn declares it.

    estimator: an import path; False of one that declares nothing.

    >>> forest = "sklearn.ensemble.RandomForestClassifier"
    >>> is_limit(forest, "min_samples_leaf", 1, largest=False), is_limit(forest, "max_features", 1.0, largest=True)
    (True, True)
    >>> is_limit("sklearn.svm.SVC", "C", 1, largest=False)
    False
    """
    declared: dict[str, Any] = getattr(
        imported(estimator), "_parameter_constraints", {}
    )
    constraints = declared.get(parameter, [])
    intervals = (
        [one for one in constraints if hasattr(one, "closed")]
        if isinstance(constraints, list)
        else []
    )
    side, closed = (
        ("right", ("right", "both")) if largest else ("left", ("left", "both"))
    )
    return any(
        isinstance(value, one.type)
        and one.closed in closed
        and getattr(one, side) == value
        for one in intervals
    )
