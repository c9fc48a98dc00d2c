"""Families whose fit hangs on few of its training rows, and how much more often a test of two of them errs.

Almost all training sets of one sample then choose alike, those of another sample otherwise, and that part of chance
does not show in the differences of folds: the corrected t calls equal families different more often than its level
says. Votes of many even that out: bagged and boosted trees are not unstable (docs/history.md).
"""

from __future__ import annotations

from collections.abc import Iterable

from bench.families import FAMILIES
from bench.families.family import Instability
from bench.study import Study
from bench.study.models import ExternalFamily


def instability(study: Study, family: str | None) -> Instability | None:
    """What is known of a row of the comparison; None where nothing is, as of all fits that were made elsewhere."""
    spec = (study.families or {}).get(family or "")
    if spec is None or isinstance(spec, ExternalFamily):
        return None
    if spec.estimator is None:
        return FAMILIES[spec.family or family or ""].instability
    for member in FAMILIES.values():
        if any(setup.estimator == spec.estimator for setup in member.setups.values()):
            return member.instability
    return None


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
