"""How many repeats the claims of a study need, by what a pilot shows of the spread of repeat means."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from bench.claims._noise import noises_of
from bench.claims._rules import Noise, Printed
from bench.claims.claim import ClaimEvidence, NotTestableError
from bench.core.comparisons import ESTIMATES
from bench.core.frames import empty
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
    failures: pl.DataFrame,
) -> dict[str, int]:
    """By dataset with a pilot, the repeats in all that decide each of its claims with probability .80 if there is no
    difference; as many as are allowed where they can decide it, but none as surely.

    Published scores and differences of scores alone: they rest on the spread of repeat means, which more repeats make
    smaller. The difference that the pilot shows has no part in it, only its spread, so that the level holds (Stein
    1945). Of a claim that no number of repeats decides nothing is asked.
    """
    frames = {
        "tables": tables,
        "folds": folds,
        "scores": scores,
        "failures": failures,
        "estimates": empty(ESTIMATES),
    }
    evidence = ClaimEvidence.of(study, frames)
    found: dict[str, int] = {}
    for claim in study.judged:
        try:
            dataset, counts = evidence.dataset(claim), list(_counts(claim, evidence))
        except NotTestableError:
            continue
        found[dataset] = max([found.get(dataset, 0), *counts])
    return {dataset: count for dataset, count in found.items() if count}


def _may_ask(claim: Claim) -> bool:
    """Whether a claim rests on the spread of our repeat means: a published score or difference."""
    printed = claim.kind in ("value", "difference") and claim.value is not None
    return (
        printed and claim.fidelity != "not_attempted" and claim.splits != "other_sample"
    )


def _counts(claim: Claim, evidence: ClaimEvidence) -> Iterator[int]:
    """What the claim needs, under each reading of its spread."""
    pilot = pilot_of(evidence.study, evidence.dataset(claim))
    if pilot is None or not _may_ask(claim):
        return
    if claim.kind == "value":
        families: tuple[str | None, ...] = (claim.family,)
        ours = evidence.scores(claim, claim.family).times(evidence.scale(claim))
    else:
        families = (claim.family, claim.against)
        a, b = evidence.pair(claim, *families)
        ours = a.minus(b)
    room = evidence.tolerance(claim) - Printed.of_claim(claim).half
    for noise in noises_of(claim, evidence, ours, *families):
        if noise.se and noise.error is not None:
            yield _count(noise, room, pilot)


def _count(noise: Noise, room: float, pilot: PilotRepeats) -> int:
    """The repeats whose interval, and with probability .80 its error, find room beside the published number's own
    chance (Stein 1945); 0 where no number of them can decide."""
    assert noise.error is not None
    sure = fewest_repeats(
        [noise.error], room, levels=(AGREEMENT, (1 + POWER) / 2), least=pilot.pilot
    )
    if sure is not None:
        return sure
    se, df = error_at(noise.error, pilot.at_most)
    return pilot.at_most if t_quantile(AGREEMENT, df) * se < room else 0
