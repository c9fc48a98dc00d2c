"""Printed counts of the datasets on which one model beats another.

The counts are arithmetic: the paper's own test on the scores of each dataset, at its level, without correction. Equal
means of which the higher one wins may have any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, Strict

from bench.claims._printed_number import Given
from bench.claims.case import CaseOf
from bench.claims.claim import ClaimKind, Problems
from bench.claims.evidence import NotTestableError
from bench.claims.judgement import Judgement
from bench.claims.shapes import ARITHMETIC, Phrases
from bench.core.judgements import Agreement
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement
from bench.scores.design import external_datasets, is_external, tables_of
from bench.scores.printed_units import printed_units
from bench.scores.series import SeriesByKey, SeriesKey
from bench.stats.intervals import welch_p
from bench.stats.noise import kept_decimals
from bench.study import Study
from bench.study.claims import Claim, PrintedNumber
from bench.study.fields import Form, Text
from bench.text.problems import Twice, UnknownWord
from bench.text.unjudged import UnknownDataset

#: A p of the paper's test below this is a win or a loss.
TEST_LEVEL = 0.05
CountOfDatasets = Annotated[int, Strict(), Field(ge=0, le=100_000)]


class CountedPair(Form):
    """Two models, and on how many datasets the first one wins, ties and loses."""

    family: Text
    """The model that wins. Example: `lda`."""
    against: Text
    """The model that it is compared with. Example: `svm`."""
    wins: CountOfDatasets
    """On how many datasets it is better. Example: `12`."""
    ties: CountOfDatasets
    """On how many neither is. Example: `3`."""
    losses: CountOfDatasets
    """On how many it is worse. Example: `5`."""
    gain: PrintedNumber | None = None
    """The mean relative gain over the datasets in percent, as printed. Example: `"0.66"`."""


class CountedClaim(Claim):
    """A table of wins, ties and losses over datasets."""

    kind: Literal["counted"]
    """The kind of claim."""
    pairs: Annotated[tuple[CountedPair, ...], Field(min_length=1)]
    """The rows of the table. Example: `[{family: lda, against: qda, wins: 12, ties: 3, losses: 2}]`."""
    test: Literal["welch_t", "none"] = "welch_t"
    """The paper's test of the scores on a dataset: Welch's t, or none, so that the higher mean wins."""
    metric_of: Mapping[Text, Text] = {}
    """The metric on a dataset, where it is not that of the claim. Example: `{adult: accuracy, house: rmse}`."""
    gain_of: Mapping[Text, Text] = {}
    """The metric of the relative gain that is compared over datasets, where it is another. Example: `{house: r2}`."""
    relative_to: Text | None = None
    """The model whose score a gain is a share of; the second of the pair, unless named. Example: `svm`."""


class CountsFollow(
    Statement,
    code="claim.counted.follow",
    says="{exact} of {numbers} printed counts and gains of {pairs} {pairs:pair|pairs} {exact:follows|follow} from the "
    "scores",
):
    exact: int
    numbers: int
    pairs: int


class OrderCounted(
    Statement,
    code="claim.counted.order",
    says="the counts of {pairs} {pairs:pair|pairs} hold equal means as wins or losses",
):
    """Pairs whose printed counts are those of some order of equal means."""

    pairs: int


class OneScore(
    Statement,
    code="claim.counted.one_score",
    says="Welch's t needs two scores of each model, and on {dataset} a model has one: write `test: none` for counts of "
    "means",
):
    dataset: str


class PairWithoutScores(
    Statement,
    code="claim.counted.no_scores",
    says="{family} and {against} have scores of both on no dataset",
):
    family: str
    against: str


@dataclass(frozen=True)
class WinsTiesLosses:
    """Wins, ties and losses."""

    wins: int
    ties: int
    losses: int

    @classmethod
    def of(cls, direction: np.ndarray, different: np.ndarray) -> WinsTiesLosses:
        """By dataset: the sign of the gain, and whether it counts."""
        wins, losses = (
            int((different & (direction > 0)).sum()),
            int((different & (direction < 0)).sum()),
        )
        return cls(wins, len(direction) - wins - losses, losses)

    def __str__(self) -> str:
        return f"{self.wins}/{self.ties}/{self.losses}"


@dataclass(frozen=True)
class JudgedPair:
    """One pair: what is printed, and what the scores give by the paper's test.

    `tied`: on how many datasets their means are equal and the higher one wins, so that either may.

    `datasets`: how many both have scores of; `gains`: on how many of them the relative gain is known (of 0 there is
    none); `gain`: its mean, in percent; `gain_moved`: how far that moves where each score is rounded to the decimals
    that it shows.
    """

    family: str
    against: str
    printed: WinsTiesLosses
    printed_gain: str | None
    ours: WinsTiesLosses
    tied: int
    datasets: int
    gains: int
    gain: float
    gain_moved: float

    @property
    def numbers(self) -> int:
        """How many numbers are printed."""
        return 3 + (self.printed_gain is not None)

    @property
    def exact(self) -> int:
        """How many of them are what the scores give."""
        counts = [
            getattr(self.ours, name) == one for name, one in vars(self.printed).items()
        ]
        if self.by_order:
            counts = [True] * len(counts)
        return sum([*counts, self.gain_agreement == Agreement.EXACT])

    @property
    def near(self) -> int:
        """How many of them are a unit of the last digit away."""
        return int(self.gain_agreement == Agreement.REPRODUCED)

    @property
    def by_order(self) -> bool:
        """Whether the printed counts are others than ours, and those of some order of equal means."""
        more = (
            self.printed.wins - self.ours.wins,
            self.printed.losses - self.ours.losses,
        )
        fewer = self.ours.ties - self.printed.ties
        return min(more) >= 0 and sum(more) == fewer and 0 < fewer <= self.tied

    @property
    def gain_agreement(self) -> Agreement | None:
        """How the printed gain agrees with ours, which the rounding of a printed table moves; None without one."""
        if self.printed_gain is None:
            return None
        if not self.gains:
            return Agreement.DIFFERS
        moved = self.gain_moved
        given = Given(self.gain, self.gain - moved, self.gain + moved)
        return given.agreement(self.printed_gain)


def judged_pairs(
    claim: CountedClaim, study: Study, scores: SeriesByKey
) -> tuple[JudgedPair, ...]:
    """Every pair of a claim, in its order. Raises `NotTestableError` for a pair without a common dataset."""
    names = counted_datasets(study, scores)
    units = {}
    if any(pair.gain is not None for pair in claim.pairs):
        metrics = {
            claim.gain_of.get(name) or _metric(claim, study, name) for name in names
        }
        several = {
            dataset
            for (dataset, _, _), series in scores.items()
            if len(series.value) > 1
        }
        tables = tables_of(study, [name for name in names if name not in several])
        units = {metric: printed_units(scores, tables, metric) for metric in metrics}
    return tuple(_pair(claim, pair, study, scores, units) for pair in claim.pairs)


def counted_datasets(study: Study, scores: SeriesByKey) -> tuple[str, ...]:
    """All datasets of external scores; where there are none, all that were fitted."""
    fitted = dict.fromkeys(dataset for dataset, *_ in scores)
    return external_datasets(study, scores) or tuple(fitted)


def _metric(claim: CountedClaim, study: Study, dataset: str) -> str:
    return claim.metric_of.get(dataset) or claim.metric or study.metrics.primary


def _pair(
    claim: CountedClaim,
    pair: CountedPair,
    study: Study,
    scores: SeriesByKey,
    units: Mapping[str, Mapping[str, float]],
) -> JudgedPair:
    names = counted_datasets(study, scores)
    found = {
        name: one
        for name in names
        if (one := _on_dataset(claim, pair, study, scores, units, name)) is not None
    }
    if not found:
        raise NotTestableError(PairWithoutScores(pair.family, pair.against))
    signs, chances, gains, moved = map(np.array, zip(*found.values(), strict=True))
    known = np.isfinite(gains)  # of nothing there is no share
    return JudgedPair(
        family=pair.family,
        against=pair.against,
        printed=WinsTiesLosses(pair.wins, pair.ties, pair.losses),
        printed_gain=pair.gain,
        ours=WinsTiesLosses.of(signs, chances < TEST_LEVEL),
        tied=int((signs == 0).sum()) if claim.test == "none" else 0,
        datasets=len(found),
        gains=int(known.sum()),
        gain=float(gains[known].mean()) if known.any() else float("nan"),
        gain_moved=float(moved[known].mean()) if known.any() else 0.0,
    )  # fmt: skip


def _cells(case: CaseOf[CountedClaim]) -> Iterator[SeriesKey]:
    """The datasets, models and metrics that are compared."""
    claim = case.claim
    for dataset in case.evidence.datasets:
        metric = claim.metric_of.get(dataset) or case.metric
        for one in {metric, claim.gain_of.get(dataset) or metric}:
            for pair in claim.pairs:
                yield from (
                    (dataset, model, one) for model in (pair.family, pair.against)
                )
        if claim.relative_to is not None:
            yield (
                dataset,
                claim.relative_to,
                claim.gain_of.get(dataset) or metric,
            )


def _on_dataset(
    claim: CountedClaim,
    pair: CountedPair,
    study: Study,
    scores: SeriesByKey,
    units: Mapping[str, Mapping[str, float]],
    name: str,
) -> tuple[float, float, float, float] | None:
    """The sign of the difference on one dataset, the p of the paper's test, the relative gain in percent, and how far
    rounded scores move it; None where a model has too few scores."""
    metric = _metric(claim, study, name)
    gain, models = claim.gain_of.get(name) or metric, (pair.family, pair.against)
    both = [scores.get((name, model, metric)) for model in models]
    gained = [
        scores.get((name, model, gain))
        for model in (*models, claim.relative_to or pair.against)
    ]
    fewest = 2 if claim.test == "welch_t" else 1
    values = [
        one.defined for one in (*both, *gained) if one is not None and len(one.defined)
    ]
    if len(values) < 5:
        return None
    if min(map(len, values[:2])) < fewest:
        raise NotTestableError(OneScore(name))
    a, b, (u, v, whole) = (
        values[0],
        values[1],
        (float(one.mean()) for one in values[2:]),
    )
    difference = METRICS[metric].sign * float(a.mean() - b.mean())
    p = welch_p(a, b) if claim.test == "welch_t" else 0.0
    sign = float(np.sign(round(difference, kept_decimals(a, b))))
    relative = METRICS[gain].sign * (u - v) / abs(whole) if whole else float("nan")
    unit = units.get(gain, {}).get(name, 0.0)
    return (
        sign,
        p,
        100 * relative,
        100 * unit * (1 + abs(relative) / 2) / abs(whole or 1.0),
    )


def judge(case: CaseOf[CountedClaim]) -> Judgement:
    """Whether the scores give all printed counts; `NotTestableError` where runs of a model are missing."""
    claim = case.claim
    scores = case.evidence.series[claim.side]
    case.need(set(_cells(case)))
    if unknown := [
        name
        for name in (*claim.metric_of, *claim.gain_of)
        if name not in case.evidence.datasets
    ]:
        raise NotTestableError(UnknownDataset(unknown[0], case.evidence.datasets))
    pairs = judged_pairs(claim, case.evidence.study, scores)
    found = _counts_follow(pairs)
    datasets = counted_datasets(case.evidence.study, scores)
    if not case.is_papers(datasets):
        fitted = not all(is_external(case.evidence.study, name) for name in datasets)
        return found.of_others("fitted" if fitted else "external")
    return found


def _counts_follow(pairs: Sequence[JudgedPair]) -> Judgement:
    """Whether all printed numbers are what the scores give."""
    exact = sum(pair.exact for pair in pairs)
    near = sum(pair.near for pair in pairs)
    numbers = sum(pair.numbers for pair in pairs)
    by_order = sum(pair.by_order for pair in pairs)
    reasons: tuple[Statement, ...] = (CountsFollow(exact, numbers, len(pairs)),)
    if by_order:
        reasons = (*reasons, OrderCounted(by_order))
    if exact == numbers:
        return Judgement(Agreement.EXACT, reasons)
    follows = exact + near == numbers
    agreement = Agreement.REPRODUCED if follows else Agreement.DIFFERS
    return Judgement(agreement, reasons)


def check(claim: CountedClaim, study: Study) -> Problems:
    """Metrics that are known, and pairs of two models."""
    for pair in claim.pairs:
        if pair.family == pair.against:
            yield ("pairs",), Twice(pair.family)
    for field in ("metric_of", "gain_of"):
        for name, metric in getattr(claim, field).items():
            if metric not in METRICS:
                yield (field, name), UnknownWord("", metric, tuple(METRICS), "metrics")


COUNTED = ClaimKind(
    "counted",
    "counts of datasets on which one model beats another",
    CountedClaim,
    "{kind: counted, pairs: [{family: lda, against: qda, wins: 2, ties: 0, losses: 0}]}",
    judge,
    replace(ARITHMETIC, number="table", phrases=Phrases(subject="Printed counts")),
    numbers=judged_pairs,
    check=check,
)
