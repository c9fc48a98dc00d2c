"""How many repeats the claims of a study need, by what a pilot shows of the spread of repeat means."""

from __future__ import annotations

import polars as pl

from bench.claims._noise import noise_of
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import shape_of
from bench.claims.evidence import ClaimEvidence, NotTestableError
from bench.claims.targets import Printed
from bench.contrasts import ErrorGrowth
from bench.core.comparisons import ESTIMATES
from bench.core.frames import FAILURES, empty
from bench.stats.intervals import t_quantile
from bench.stats.precision import error_at, fewest_repeats
from bench.study import Claim, Study
from bench.study.protocol import PilotRepeats
from bench.study.repeats import pilot_of

#: Agreement is judged by this quantile of t on either side.
AGREEMENT = 0.95
#: How probable it is to be that a claim without a difference is decided.
POWER = 0.80


def repeats_after_pilot(
    study: Study,
    tables: pl.DataFrame,
    folds: pl.DataFrame,
    scores: pl.DataFrame,
) -> dict[str, int]:
    """By dataset with a pilot, the repeats in all that decide each of its claims with probability .80 if there is no
    difference; as many as are allowed where they can decide it, but none as surely.

    Published scores alone: they rest on the spread of repeat means, which more repeats make
    smaller. The difference that the pilot shows has no part in it, only its spread, so that the level holds (Stein
    1945). Of a claim that no number of repeats decides nothing is asked. A cell that failed has no score.
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
    room = case.tolerance - Printed.of_claim(claim).half
    noise = noise_of(case, ours, claim.family)
    if not noise.se or noise.growth is None:
        return 0
    return _count(noise.growth, room, pilot)


def _count(growth: ErrorGrowth, room: float, pilot: PilotRepeats) -> int:
    """The repeats whose interval, and with probability .80 its error, find room beside the published number's own
    chance (Stein 1945); 0 where no number of them can decide."""
    sure = fewest_repeats(
        [growth.at], room, levels=(AGREEMENT, (1 + POWER) / 2), least=pilot.pilot
    )
    if sure is not None:
        return sure
    se, df = error_at(growth.at, pilot.at_most)
    return pilot.at_most if t_quantile(AGREEMENT, df) * se < room else 0
