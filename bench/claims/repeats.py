"""How many repeats the claims of a study need, by what a pilot shows of the spread of repeat means."""

from __future__ import annotations

import polars as pl

from bench.claims._noise import noise_of
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import shape_of
from bench.claims.evidence import ClaimEvidence, NotTestableError
from bench.contrasts import ErrorGrowth
from bench.core.comparisons import ESTIMATES
from bench.core.frames import FAILURES, empty
from bench.core.judgements import LEVEL
from bench.stats.intervals import t_quantile
from bench.stats.two_stage import stein_repeats
from bench.study import Claim, Study
from bench.study.repeats import pilot_of

#: Repeats of ours widen an interval by no more than this share of the tolerance.
WIDENED = 0.02
#: More repeats than so many are not counted: nobody runs them.
MOST = 1_000_000


def repeats_after_pilot(
    study: Study,
    tables: pl.DataFrame,
    folds: pl.DataFrame,
    scores: pl.DataFrame,
) -> dict[str, int]:
    """By dataset with a pilot, the repeats in all with which ours add next to nothing to the interval of a claim.

    Published scores alone: they rest on the spread of repeat means, which more repeats make
    smaller. The difference that the pilot shows has no part in it, only its spread, so that the level holds (Stein
    1945). A cell that failed has no score.
    """
    frames = {
        "tables": tables,
        "folds": folds,
        "scores": scores,
        "failures": empty(FAILURES),
        "estimates": empty(ESTIMATES),
    }
    evidence = ClaimEvidence.of(study, frames)
    found: dict[str, int] = {}
    for claim in study.judged:
        case = CaseOf(claim, evidence)
        try:
            needed = _needed(case)
        except NotTestableError:
            continue
        found[case.dataset] = max(found.get(case.dataset, 0), needed)
    return {dataset: count for dataset, count in found.items() if count}


def _may_ask(claim: Claim) -> bool:
    """Whether a claim rests on the spread of our repeat means: a published score."""
    return (
        shape_of(claim.kind).number == "score"
        and claim.not_attempted is None
        and claim.splits != "other_sample"
    )


def _needed(case: AnyCase) -> int:
    """What the claim needs; 0 where it asks for nothing."""
    claim = case.claim
    pilot = pilot_of(case.evidence.study, case.dataset)
    if pilot is None or not _may_ask(claim):
        return 0
    ours = case.scores(claim.family).times(case.scale)
    noise = noise_of(case, ours, claim.family)
    if not noise.se or noise.growth is None:
        return 0
    return count_repeats(noise.growth, case.tolerance, pilot.pilot)


def count_repeats(growth: ErrorGrowth, tolerance: float, pilot: int) -> int:
    """The fewest repeats that widen the interval of the published number's own chance by a share of the tolerance."""
    alone = t_quantile((1 + LEVEL) / 2, pilot - 1) * growth.fixed**0.5
    gap = WIDENED * tolerance
    half_width = (gap * (2 * alone + gap)) ** 0.5
    needed = stein_repeats(growth.sd, pilot, half_width=half_width, level=LEVEL)
    return min(needed, MOST)
