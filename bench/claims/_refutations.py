"""Which claims a test refutes, and which of them still after Holm's correction."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.claims._judged_claim import JudgedClaim
from bench.core.judgements import Agreement, Evidence
from bench.core.replication import RefutationRow
from bench.stats.adjust import holm

#: What a claim is about: two with all of these in common are one question, whatever numbers they print.
_SUBJECT = ("kind", "dataset", "family", "against", "metric", "side")
_WORDED = ("statistic", "level", "threshold", "order", "among", "datasets")


def refutations(claims: list[JudgedClaim], alpha: float) -> list[RefutationRow]:
    """The claims that a test could refute, adjusted together.

    They were judged, with a p-value and strong evidence. Claims of one subject are one test.
    """
    tested = [one for one in claims if one.p is not None and one.evidence == Evidence.STRONG]
    p, subjects = np.array([one.p for one in tested], dtype=float), _subjects(tested)
    return [
        RefutationRow(
            claim=one.claim, kind=one.kind, metric=one.metric, side=one.side, unit=one.unit, dataset=one.dataset,
            family=one.family, against=one.against, subject=int(subject), p=float(own), p_adjusted=float(adjusted),
            refuted=one.agreement == Agreement.DIFFERS,
            after_holm=one.agreement == Agreement.DIFFERS and bool(adjusted < alpha),
        )
        for one, own, subject, adjusted in zip(tested, p, subjects, _holm_by_subject(p, subjects), strict=True)
    ]  # fmt: skip


def _subjects(claims: list[JudgedClaim]) -> np.ndarray:
    """The number of each claim's subject, from 0: the same for claims that ask one question of our scores."""
    seen: dict[tuple[Any, ...], int] = {}
    numbers = []
    for one in claims:
        worded = () if one.made is None else tuple(getattr(one.made, name) for name in _WORDED)
        numbers.append(seen.setdefault((*(getattr(one, name) for name in _SUBJECT), *worded), len(seen)))
    return np.array(numbers, dtype=int)


def _holm_by_subject(p: np.ndarray, subjects: np.ndarray) -> np.ndarray:
    """Holm's adjusted p of each claim, its subject being one test; p, subjects (m,).

    A subject has the smallest p of its claims. They rest on one score of ours, and it cannot lie too high for the
    larger of two printed numbers without lying too high for the smaller one: together they err no more often than one
    of them alone. The other claims of a subject are adjusted as if each had stood for it.
    """
    least = np.array([p[subjects == one].min() for one in range(subjects.max(initial=-1) + 1)])
    adjusted = []
    for own, subject in zip(p, subjects, strict=True):
        instead = least.copy()
        instead[subject] = own
        adjusted.append(holm(instead)[subject])
    return np.array(adjusted)
