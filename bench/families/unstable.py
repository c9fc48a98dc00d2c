"""Families whose fit hangs on few of its training rows, and how much more often a test of two of them errs.

Almost all training sets of one sample then choose alike, those of another sample otherwise, and that part of chance
does not show in the differences of folds: the corrected t calls equal families different more often than its level
says. This stands beside the families, not in them: the bytes of `family.py` are part of every stored result's identity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

from bench.study import Study
from bench.study.models import ExternalFamily


@dataclass(frozen=True)
class Instability:
    """Why a family's fit hangs on few rows, and who says so.

    errs: the largest share of samples in which the corrected t of ten repeats called two equal families of that kind
    different at a nominal .05, as docs/calibration.md has it, or docs/history.md; measured_on: which kind it was.
    """

    why: str
    source: str
    errs: float
    measured_on: str


_SPLITS = "the first splits are chosen by few rows near the border, and all that follows hangs on them"
_BREIMAN = "Breiman (1996), Heuristics of instability and stabilization in model selection"
_TREE = Instability(_SPLITS, _BREIMAN, 0.285, "trees of one split")

#: By family. Bagged and boosted trees are not among them: votes of many even it out (docs/history.md).
UNSTABLE: Mapping[str, Instability] = {
    "decision_tree": _TREE,
    "pruned_tree": _TREE,
    "knn": Instability(
        "each answer hangs on a handful of rows",
        "the simulation alone: Breiman (1996) counts nearest neighbours as stable",
        0.118, "rules of one nearest neighbour",
    ),
}  # fmt: skip


def instability(study: Study, family: str | None) -> Instability | None:
    """What is known of a row of the comparison; None where nothing is, as of all fits that were made elsewhere."""
    from bench.families import FAMILIES

    spec = (study.families or {}).get(family or "")
    if spec is None or isinstance(spec, ExternalFamily):
        return None
    name = spec.family or family
    if spec.estimator is not None:
        setups = ((one.name, setup.estimator) for one in FAMILIES.values() for setup in one.setups.values())
        name = next((of for of, path in setups if path == spec.estimator), None)
    return UNSTABLE.get(name or "")


def past_doubt(errs: float, nominal: float = 0.05) -> float:
    """The p below which a test holds its nominal level although equal families of a kind fool it in a share `errs`.

    z(nominal)^2 / z(errs), two-sided, taken as a p again: the statistic is too large by one factor, the one that turns
    the nominal level into `errs`. That one factor does tell what larger standard errors did in docs/history.md:
    28.5 % would fall to 13 % and 6 % with the common share counted twice and three times (seen: 14.5, 9.5), 11.8 % to
    2.7 % (seen: 2.7).

    >>> f"{past_doubt(0.285):.2g}, {past_doubt(0.118):.2g}, {past_doubt(0.05):.2g}"
    '0.00033, 0.014, 0.05'
    """
    normal = NormalDist()
    stated, seen = (normal.inv_cdf(1 - level / 2) for level in (nominal, max(errs, nominal)))
    return 2 * normal.cdf(-(stated**2) / seen)


def unstable_families(study: Study, families: Iterable[str | None]) -> dict[str, Instability]:
    """Those of some rows of the comparison whose fits are known to hang on few rows, those that err most first."""
    found = {name: one for name in families if name is not None and (one := instability(study, name)) is not None}
    return dict(sorted(found.items(), key=lambda item: -item[1].errs))
