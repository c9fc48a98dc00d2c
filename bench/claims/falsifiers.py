"""What became of the claims that would falsify what the author of a study expects."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np

from bench.claims.claim import shape_of
from bench.core.counting import Falsified
from bench.core.judgements import Agreement, VerdictRow
from bench.scores.design import alpha_of, refutation_alpha_of
from bench.stats.adjust import holm, holm_exclusive
from bench.study import Claim, Study


def falsified(study: Study, verdicts: Iterable[VerdictRow]) -> dict[str, Falsified]:
    """What became of the claims that would falsify what the author expects, after Holm over all that were judged.

    One happened if it holds; it did not if it differs. What is so without a test counts with p = 0, what is not so
    with p = 1. Of claims that one of several models is the best at most one is true: those that differ count as one.
    """
    rows = [row for row in verdicts if row.falsifier]
    judged = [row for row in rows if row.agreement is not None]
    found = dict.fromkeys((row.claim for row in rows), Falsified.UNDECIDED)
    p_shown = holm(
        np.array([(row.p_shown or 0.0) if row.holds else 1.0 for row in judged])
    )
    for row, shown, refuted in zip(
        judged, p_shown, _p_against(study, judged), strict=True
    ):
        if shown < alpha_of(study):
            found[row.claim] = Falsified.HAPPENED
        elif refuted < refutation_alpha_of(study):
            found[row.claim] = Falsified.DID_NOT_HAPPEN
    return found


def _p_against(study: Study, rows: Sequence[VerdictRow]) -> np.ndarray:
    """The p-value of the test that contradicts each of some claims, after Holm over all."""
    claims = {claim.id: claim for claim in study.judged}
    p = np.array(
        [(row.p or 0.0) if row.agreement == Agreement.DIFFERS else 1.0 for row in rows]
    )
    return holm_exclusive(p, [_exclusive(row, claims.get(row.claim)) for row in rows])


def true_together(study: Study, rows: Iterable[VerdictRow]) -> int:
    """How many of some claims can be true at once: over so many Holm's correction of what contradicts them is."""
    claims = {claim.id: claim for claim in study.judged}
    return len({_exclusive(row, claims.get(row.claim)) for row in rows})


def _exclusive(row: VerdictRow, claim: Claim | None) -> Hashable:
    """What a claim has in common with those of which only one can be true: `best` of the same models by one metric."""
    if claim is None or not shape_of(row.kind).beats_all:
        return row.claim
    return row.dataset, claim.datasets, row.metric, claim.side
