"""Printed counts of the datasets on which one model beats another.

The counts are arithmetic: the paper's own test on the scores of each dataset, at its level, without correction. Equal
means of which the higher one wins may have any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
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
from bench.scores.design import external_datasets, is_external
from bench.scores.series import SeriesByKey, SeriesKey
from bench.stats.intervals import welch_p
from bench.stats.noise import kept_decimals
from bench.study import Study
from bench.study.claims import Claim
from bench.study.fields import Form, Text
from bench.study.printed_numbers import PrintedNumber
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

    def __str__(self) -> str:
        return f"{self.wins}/{self.ties}/{self.losses}"


@dataclass(frozen=True, kw_only=True)
class JudgedPair:
    """One pair: what is printed, and what the scores give by the paper's test.

    `tied`: on how many datasets their means are equal and the higher one wins, so that either may; `datasets`: how many
    both have scores of; `gain`: the mean relative gain in percent over those where it is known, NaN where it nowhere is.
    """

    family: str
    against: str
    printed: WinsTiesLosses
    printed_gain: str | None
    ours: WinsTiesLosses
    tied: int
    datasets: int
    gain: float

    @property
    def numbers(self) -> int:
        """How many numbers are printed."""
        return 3 + (self.printed_gain is not None)

    @property
    def exact(self) -> int:
        """How many of them are what the scores give."""
        ours, printed = vars(self.ours), vars(self.printed)
        equal = sum(ours[name] == count for name, count in printed.items())
        counts = 3 if self.by_order else equal
        return counts + (self.gain_agreement == Agreement.EXACT)

    @property
    def near(self) -> int:
        """How many of them are a unit of the last digit away."""
        return int(self.gain_agreement == Agreement.REPRODUCED)

    @property
    def by_order(self) -> bool:
        """Whether the printed counts are others than ours, and those of some order of equal means."""
        wins = self.printed.wins - self.ours.wins
        losses = self.printed.losses - self.ours.losses
        fewer = self.ours.ties - self.printed.ties
        is_moved = 0 < fewer <= self.tied and wins + losses == fewer
        return is_moved and wins >= 0 and losses >= 0

    @property
    def gain_agreement(self) -> Agreement | None:
        """How the printed gain agrees with ours; None without one."""
        if self.printed_gain is None:
            return None
        if np.isnan(self.gain):
            return Agreement.DIFFERS
        return Given.of(self.gain).agreement(self.printed_gain)


@dataclass(frozen=True, eq=False)
class ScoresOfPairs:
    """The scores behind the counts of a claim."""

    claim: CountedClaim
    study: Study
    scores: SeriesByKey

    @property
    def datasets(self) -> tuple[str, ...]:
        """All datasets of external scores; where there are none, all that were fitted."""
        fitted = dict.fromkeys(dataset for dataset, *_ in self.scores)
        return external_datasets(self.study, self.scores) or tuple(fitted)

    def cells(self, pair: CountedPair, dataset: str) -> list[SeriesKey]:
        """The scores that are compared on a dataset, then those of the gain and of what it is a share of."""
        claim = self.claim
        default = claim.metric or self.study.metrics.primary
        metric = claim.metric_of.get(dataset) or default
        of_gain = claim.gain_of.get(dataset) or metric
        models = pair.family, pair.against
        compared = [(dataset, model, metric) for model in models]
        whole = claim.relative_to or pair.against
        return [*compared, *((dataset, model, of_gain) for model in (*models, whole))]

    def judge(self, pair: CountedPair) -> JudgedPair:
        """Raises `NotTestableError` for a pair without a common dataset."""
        signs, different, gains = [], [], []
        for dataset in self.datasets:
            cells = self.cells(pair, dataset)
            values = [self.scores[key].defined for key in cells if key in self.scores]
            if len(values) < len(cells) or not all(map(len, values)):
                continue
            a, b, *of_gain = values
            sign = METRICS[cells[0][2]].sign
            difference = sign * float(a.mean() - b.mean())
            signs.append(np.sign(round(difference, kept_decimals(a, b))))
            different.append(self._differ(dataset, a, b))
            first, second, whole = (float(scores.mean()) for scores in of_gain)
            if whole:  # of nothing there is no share
                turn = METRICS[cells[2][2]].sign
                gains.append(100 * turn * (first - second) / abs(whole))
        if not signs:
            raise NotTestableError(PairWithoutScores(pair.family, pair.against))
        counted = np.where(different, signs, 0.0)
        wins, losses = int((counted > 0).sum()), int((counted < 0).sum())
        return JudgedPair(
            family=pair.family,
            against=pair.against,
            printed=WinsTiesLosses(pair.wins, pair.ties, pair.losses),
            printed_gain=pair.gain,
            ours=WinsTiesLosses(wins, len(signs) - wins - losses, losses),
            tied=signs.count(0) if self.claim.test == "none" else 0,
            datasets=len(signs),
            gain=float(np.mean(gains)) if gains else float("nan"),
        )

    def _differ(self, dataset: str, a: np.ndarray, b: np.ndarray) -> bool:
        """Whether a difference counts, by the paper's test."""
        if self.claim.test == "none":
            return True
        if min(len(a), len(b)) < 2:
            raise NotTestableError(OneScore(dataset))
        return welch_p(a, b) < TEST_LEVEL


def judged_pairs(
    claim: CountedClaim, study: Study, scores: SeriesByKey
) -> tuple[JudgedPair, ...]:
    """Every pair of a claim, in its order. Raises `NotTestableError` for a pair without a common dataset."""
    behind = ScoresOfPairs(claim, study, scores)
    return tuple(map(behind.judge, claim.pairs))


def judge(case: CaseOf[CountedClaim]) -> Judgement:
    """Whether the scores give all printed counts; `NotTestableError` where runs of a model are missing."""
    claim, study, known = case.claim, case.evidence.study, case.evidence.datasets
    behind = ScoresOfPairs(claim, study, case.evidence.series[claim.side])
    for pair, dataset in product(claim.pairs, known):
        case.need(set(behind.cells(pair, dataset)))
    for name in (*claim.metric_of, *claim.gain_of):
        if name not in known:
            raise NotTestableError(UnknownDataset(name, known))
    judgement = _counts_follow([behind.judge(pair) for pair in claim.pairs])
    if case.is_papers(behind.datasets):
        return judgement
    fitted = not all(is_external(study, name) for name in behind.datasets)
    return judgement.of_others("fitted" if fitted else "external")


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
