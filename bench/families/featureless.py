"""Which estimators look at no feature: the baselines of every comparison, by whatever name a study gives them."""

from __future__ import annotations

from bench.study.models import ExternalFamily, FamilySpec


def is_featureless(estimator: str) -> bool:
    """Whether an estimator, by its import path, guesses without looking at a feature.

    >>> is_featureless("sklearn.dummy.DummyClassifier"), is_featureless("dummy_x.Forest")
    (True, False)
    """
    return estimator.startswith("sklearn.dummy.")


def is_baseline_spec(name: str, spec: FamilySpec) -> bool:
    """Whether a family of a study is a baseline: a family of that kind, or an estimator that looks at no feature.

    Of external results nothing is known but their names; none is taken for a baseline.
    """
    from bench.families import FAMILIES

    if isinstance(spec, ExternalFamily):
        return False
    if spec.estimator is not None:
        return is_featureless(spec.estimator)
    family = spec.family or name
    return family in FAMILIES and FAMILIES[family].kind == "baseline"
