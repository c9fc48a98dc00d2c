"""Libraries that come with an extra of bench: which estimators need one, and whether it is there. None is imported."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from bench.families import FAMILIES
from bench.study import Study
from bench.study.models import ExternalFamily

#: By module of bench's own estimators: the library that its fits import; the extra of bench has its name.
NEEDED = {"bench.families.estimators.networks": "torch"}


def library_of(estimator: str) -> str | None:
    """The optional library that an estimator, named by its import path, needs to be fitted.

    >>> library_of("bench.families.estimators.networks.NetworkClassifier"), library_of("sklearn.svm.SVC")
    ('torch', None)
    """
    return NEEDED.get(estimator.rpartition(".")[0])


def missing_library(estimator: str) -> str | None:
    """The same where it is not installed, and None where it is."""
    library = library_of(estimator)
    return library if library is not None and version_of(library) is None else None


def needed_by(study: Study) -> dict[str, str]:
    """By row of the comparison that needs one: its optional library."""
    needed = {}
    for name, spec in (study.families or {}).items():
        if isinstance(spec, ExternalFamily) or study.task is None:
            continue
        path = (
            spec.estimator or FAMILIES[spec.family or name].setups[study.task].estimator
        )
        if (library := library_of(path)) is not None:
            needed[name] = library
    return needed


def versions_here() -> dict[str, str | None]:
    """The version of each optional library, None where it is not installed."""
    return {library: version_of(library) for library in sorted(set(NEEDED.values()))}


@cache
def version_of(distribution: str) -> str | None:
    """The installed version, read without an import; None where there is none."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
