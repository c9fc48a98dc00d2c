"""Families whose fit hangs on few of its training rows, and how much more often a test of two of them errs.

Almost all training sets of one sample then choose alike, those of another sample otherwise, and that part of chance
does not show in the differences of folds: the corrected t calls equal families different more often than its level
says. Votes of many even that out: bagged and boosted trees are not unstable (docs/history.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bench.families import FAMILIES
from bench.families.checks import KNOWN_PACKAGES
from bench.families.family import Instability
from bench.study import Study
from bench.study.models import ExternalFamily

#: Packages that bench knows: what they hold is stable, apart from the classes below.
KNOWN = frozenset((*KNOWN_PACKAGES, "lightgbm", "catboost"))
#: Beginnings of unstable classes, by module, and the family that says how often a test of them errs.
UNSTABLE = {
    ("sklearn.tree", ""): "decision_tree",
    ("sklearn.neighbors", "KNeighbors"): "knn",
    ("sklearn.neighbors", "RadiusNeighbors"): "knn",
}
#: Ensembles that do not even out what the few models inside them have in common with few rows.
OF_FEW = ("Voting", "Stacking")
#: What is held of an estimator that bench does not know.
UNKNOWN = Instability(
    "bench does not know what its fit hangs on",
    "none: the worst that was measured is taken",
    errs=0.285,
    measured_on="trees of one split",
)


def instability(study: Study, family: str | None) -> Instability | None:
    """What is known of a row of the comparison; None where it is stable, and for all fits that were made elsewhere."""
    spec = (study.families or {}).get(family or "")
    if spec is None or isinstance(spec, ExternalFamily):
        return None
    if spec.estimator is None:
        return FAMILIES[spec.family or family or ""].instability
    return instability_of(spec.estimator, spec.model_extra or {})


def instability_of(path: str, parameters: Mapping[str, Any]) -> Instability | None:
    """What is known of an estimator by its import path, or by those inside it where it is described.

    >>> instability_of("sklearn.tree.ExtraTreeClassifier", {}).errs
    0.285
    >>> instability_of("sklearn.ensemble.ExtraTreesClassifier", {}) is None
    True
    """
    for member in FAMILIES.values():
        if any(setup.estimator == path for setup in member.setups.values()):
            return member.instability
    described = parameters.get("description")
    paths = [path]
    if isinstance(described, str):
        paths += _estimators_inside(json.loads(described))
    known = [_of_class(one) for one in paths]
    unstable = [one for one in known if one is not None]
    return max(unstable, key=lambda one: one.errs, default=None)


def _of_class(path: str) -> Instability | None:
    """What is known of a class alone, whatever it holds."""
    if path.partition(".")[0] not in KNOWN:
        return UNKNOWN
    module, _, name = path.rpartition(".")
    for (package, begin), family in UNSTABLE.items():
        inside = module == package or module.startswith(f"{package}.")
        if inside and name.startswith(begin):
            return FAMILIES[family].instability
    return None


def _estimators_inside(description: Any) -> Iterator[str]:
    """The import paths of all estimators in a description (`estimators.described`), but for those that many of them
    vote over."""
    if isinstance(description, list):
        for item in description:
            yield from _estimators_inside(item)
    elif isinstance(description, dict):
        ((kind, value),) = description.items()
        if kind != "estimator":
            yield from _estimators_inside(value)
            return
        path, parameters = value
        yield path
        if not _votes(path):
            yield from _estimators_inside(list(parameters.values()))


def _votes(path: str) -> bool:
    """Whether an estimator is the vote of many that are fitted on different rows or one after another."""
    name = path.rpartition(".")[2]
    return path.startswith("sklearn.ensemble.") and not name.startswith(OF_FEW)


def unstable_families(
    study: Study, families: Iterable[str | None]
) -> dict[str, Instability]:
    """Those of some rows of the comparison whose fits are known to hang on few rows, those that err most first."""
    found = {
        name: one
        for name in families
        if name is not None and (one := instability(study, name)) is not None
    }
    return dict(sorted(found.items(), key=lambda item: -item[1].errs))
