"""Printed chances that one model beats another on a further dataset, by the Bayesian Bradley-Terry model.

Wins are counted by the mean score of each dataset; ties are spread over both models, an odd one to each. The posterior
is well defined, but the printed numbers are of a sample from it: one that is not exact agrees where samples of the
printed size differ as much.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from bench.claims.claim import ClaimEvidence, ClaimKind, NotTestableError, Problems
from bench.claims.judgement import Judgement
from bench.claims.printed import (
    HeldNumber,
    JudgedTable,
    NoneHasScores,
    PosteriorStatistic,
)
from bench.core.judgements import Agreement
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement
from bench.scores.design import external_datasets
from bench.scores.series import SeriesByKey
from bench.stats.bradley_terry import bradley_terry, summary
from bench.stats.matches import decimals, rounded
from bench.stats.noise import kept_decimals
from bench.study import Study
from bench.study.claims import Claim, PrintedNumber
from bench.study.fields import Form, Text
from bench.study.numbers import TableNumber
from bench.text.problems import OutOfRange, Twice, UnknownWord
from bench.text.unjudged import FamilyWithoutMetric

#: Samples of the printed size, from which the error of a printed number is known.
SAMPLES = 40
#: A printed number may be so many standard errors away.
ERRORS = 3
#: From how many draws the numbers were printed.
DRAWS = 4000


class ChancePair(Form):
    """What is printed of the chance that one model beats another."""

    family: Text
    """The model that wins. Example: `lda`."""
    against: Text
    """The model that it beats. Example: `svm`."""
    mean: PrintedNumber | None = None
    """The mean of the posterior. Example: `"0.71"`."""
    low: PrintedNumber | None = None
    """Where its shortest interval begins. Example: `"0.62"`."""
    high: PrintedNumber | None = None
    """Where that ends. Example: `"0.80"`."""
    width: PrintedNumber | None = None
    """How long that is. Example: `"0.18"`."""
    above: PrintedNumber | None = None
    """The posterior probability of a chance above a half. Example: `"0.99"`."""
    rope: PrintedNumber | None = None
    """The posterior probability of a chance of about a half. Example: `"0.01"`."""


class BradleyTerryClaim(Claim):
    """A table of chances by the Bayesian Bradley-Terry model."""

    kind: Literal["bradley_terry"]
    """The kind of claim."""
    families: Annotated[tuple[Text, ...], Field(min_length=2)]
    """All models of the comparison. Example: `[lda, qda, knn]`."""
    pairs: Annotated[tuple[ChancePair, ...], Field(min_length=1)]
    """The rows of the table. Example: `[{family: lda, against: qda, mean: "0.71", above: "0.99"}]`."""


class NeverCompared(
    Statement,
    code="claim.bradley_terry.never_compared",
    says="{family} and {against} have scores of both on no dataset, and no chain of other models joins them",
):
    """The chance that one beats the other is that of the prior."""

    family: str
    against: str


class PairWithoutNumber(
    Statement,
    code="problem.claim.bradley_terry.no_number",
    says="nothing is printed of {family} and {against}; expected mean, low, high, width, above or rope",
):
    family: str
    against: str


def judged_chances(
    claim: BradleyTerryClaim, study: Study, scores: SeriesByKey
) -> JudgedTable:
    """Every printed number beside that of the posterior; where one does not agree, also beside that of the wins that
    means have which differ by float noise."""
    found = _judged(claim, study, scores)
    if all(one.exact or one.reading for one in found):
        return JudgedTable(tuple(found), ())
    noisy = _judged(claim, study, scores, noise=True)
    agree = [
        replace(one, agreement=Agreement.DIFFERS, reading="noise") for one in noisy
    ]
    return JudgedTable(
        tuple(
            one
            if one.exact or one.reading or not (other.exact or other.reading)
            else said
            for one, other, said in zip(found, noisy, agree, strict=True)
        ),
        (),
    )


def _judged(
    claim: BradleyTerryClaim, study: Study, scores: SeriesByKey, *, noise: bool = False
) -> list[HeldNumber]:
    metric = claim.metric or study.metrics.primary
    wins = _wins(claim, study, scores, metric, noise)
    if not wins.any():
        raise NotTestableError(
            NoneHasScores(sum(len(printed_chances(pair)) for pair in claim.pairs))
        )
    met = np.linalg.matrix_power(np.eye(len(wins)) + (wins + wins.T > 0), len(wins)) > 0
    for pair in claim.pairs:
        if not met[
            claim.families.index(pair.family), claim.families.index(pair.against)
        ]:
            raise NotTestableError(NeverCompared(pair.family, pair.against))
    generator = np.random.default_rng(list(f"{study.id}\x1f{claim.id}".encode()))
    posterior = bradley_terry(wins, generator=generator)
    samples = generator.choice(
        len(posterior.weight), size=(SAMPLES, DRAWS), p=posterior.weight
    )
    numbers = []
    for pair in claim.pairs:
        a, b = claim.families.index(pair.family), claim.families.index(pair.against)
        p = posterior.chance(a, b)
        ours = _summary(p, posterior.weight)
        drawn = [_summary(p[one], np.full(DRAWS, 1 / DRAWS)) for one in samples]
        for name, printed in printed_chances(pair).items():
            row = TableNumber(
                dataset="all",
                family=f"{pair.family} over {pair.against}",
                value=printed,
            )
            error = ERRORS * float(np.std([one[name] for one in drawn]))
            held = HeldNumber(
                row,
                claim.where,
                metric,
                name,
                printed,
                ours[name],
                int(wins[a, b] + wins[b, a]),
                None,
            )
            numbers.append(_compared(held, ours[name], error))
    return numbers


def printed_chances(pair: ChancePair) -> dict[PosteriorStatistic, str]:
    """What is printed of a pair."""
    texts: dict[PosteriorStatistic, str | None] = {
        "chance_mean": pair.mean, "chance_low": pair.low, "chance_high": pair.high, "chance_width": pair.width,
        "chance_above": pair.above, "chance_rope": pair.rope,
    }  # fmt: skip
    return {name: text for name, text in texts.items() if text is not None}


def _compared(held: HeldNumber, ours: float, error: float) -> HeldNumber:
    """Exact, or explained by the error of the printed draws."""
    if rounded(held.printed, ours):
        return replace(held, agreement=Agreement.EXACT)
    near = abs(float(held.printed) - ours) <= error + 0.5 * 10.0 ** -decimals(
        held.printed
    )
    return replace(held, agreement=Agreement.DIFFERS, reading="drawn" if near else "")


def _summary(p: np.ndarray, weight: np.ndarray) -> dict[PosteriorStatistic, float]:
    """What is printed of a chance, of its draws."""
    one = summary(p, weight)
    return {
        "chance_mean": one.mean, "chance_low": one.low, "chance_high": one.high, "chance_width": one.high - one.low,
        "chance_above": one.above, "chance_rope": one.rope,
    }  # fmt: skip


def _wins(
    claim: BradleyTerryClaim,
    study: Study,
    scores: SeriesByKey,
    metric: str,
    noise: bool,
) -> np.ndarray:
    """On how many datasets the model of the row beats that of the column."""
    k, turn = len(claim.families), METRICS[metric].sign
    wins, ties = np.zeros((k, k)), np.zeros((k, k))
    for dataset in external_datasets(study, scores):
        for i, j in combinations(range(k), 2):
            both = [
                scores.get((dataset, claim.families[one], metric)) for one in (i, j)
            ]
            means = [
                one.mean for one in both if one is not None and one.mean is not None
            ]
            if len(means) == 2:
                gain = turn * (means[0] - means[1])
                gain = gain if noise else round(gain, kept_decimals(*means))
                wins[i, j], wins[j, i] = (
                    wins[i, j] + (gain > 0),
                    wins[j, i] + (gain < 0),
                )
                ties[i, j] = ties[j, i] = ties[i, j] + (gain == 0)
    return np.asarray(wins + np.ceil(ties / 2))


def judge(claim: BradleyTerryClaim, evidence: ClaimEvidence) -> Judgement:
    """Exact where all numbers are, reproduced where the others differ as samples of the printed size do, open where
    equal values of a printed table hide who won; `NotTestableError` where runs of a model are missing."""
    metric = evidence.metric(claim)
    evidence.need(
        claim,
        {
            (dataset, one, metric)
            for dataset in evidence.datasets
            for one in claim.families
        },
    )
    datasets = external_datasets(evidence.study, evidence.series[claim.side])
    known = dict.fromkeys(
        f for d, f, of in evidence.series[claim.side] if of == metric and d in datasets
    )
    if absent := [name for name in claim.families if name not in known]:
        raise NotTestableError(FamilyWithoutMetric(absent[0], metric, tuple(known)))
    table = judged_chances(claim, evidence.study, evidence.series[claim.side])
    counts = table.counts
    if counts.exact == counts.numbers:
        agreement = Agreement.EXACT
    else:
        agreement = (
            Agreement.REPRODUCED
            if counts.differ == counts.explained
            else Agreement.DIFFERS
        )
    found = Judgement(agreement, (counts,))
    if not evidence.is_papers(claim, datasets):
        return found.of_others("external")
    hidden = evidence.hidden_ties(claim, datasets, claim.families)
    if found.agreement != Agreement.DIFFERS or not hidden.count:
        return found
    return replace(found, agreement=Agreement.UNCLEAR).followed_by(hidden)


def check(claim: BradleyTerryClaim, study: Study) -> Problems:
    """Models once each, pairs of two of them, and chances up to 1."""
    for name in claim.families:
        if claim.families.count(name) > 1:
            yield ("families",), Twice(name)
            return
    for pair in claim.pairs:
        for name in (pair.family, pair.against):
            if name not in claim.families:
                yield ("pairs",), UnknownWord("", name, claim.families, "families")
        if pair.family == pair.against:
            yield ("pairs",), Twice(pair.family)
        if not printed_chances(pair):
            yield ("pairs",), PairWithoutNumber(pair.family, pair.against)
        for printed in printed_chances(pair).values():
            if not 0 <= float(printed) <= 1:
                yield (
                    ("pairs",),
                    OutOfRange(
                        "le" if float(printed) > 1 else "ge",
                        float(float(printed) > 1),
                        printed,
                    ),
                )


BRADLEY_TERRY = ClaimKind(
    "bradley_terry",
    "chances by the Bayesian Bradley-Terry model",
    BradleyTerryClaim,
    '{kind: bradley_terry, families: [lda, qda], pairs: [{family: lda, against: qda, mean: "0.71", above: "0.99"}]}',
    judge,
    value="own",
    check=check,
)
