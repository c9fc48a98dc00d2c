"""Which explanation fits a published number: the number beside what valid protocols and known errors give here.

Every explanation that a study asks for (`diagnostics: {explain: ...}`) is compared with each published score of that
family. The numbers that one paper would print, had it used that protocol, lie in a prediction interval from our repeats
of it; an explanation whose interval holds the published number, or that lies within the claim's tolerance of it, is
compatible. Nothing more follows: explanations that give the same number are listed together, and where a valid protocol
is among them no error is needed.

One number decides little. A paper used one protocol for all its numbers: the published numbers of a study are compared
with each explanation jointly too, each in an interval so wide that one of them lies outside by chance in at most .05.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from bench.claims._rules import Printed
from bench.claims.claim import ClaimEvidence, NotTestableError
from bench.core.explanations import (
    EXPLAINED,
    ExplanationRow,
    NoCandidates,
    NoOtherAveraging,
    NoScoresMade,
    NoSplitsDrawn,
    NothingTies,
    OneAggregation,
    OneRun,
    OtherTuningMetric,
    ToleranceBand,
)
from bench.core.frames import empty, of_records
from bench.core.metrics import METRICS, complement_of
from bench.core.outcomes import Statement, decoded, encoded
from bench.run.variants.explanation import EXPLANATIONS, STATED, Explanation, wanted
from bench.run.variants.explanations.choosing import SPLITS
from bench.scores.compute import scores_of
from bench.scores.explanations import STATED_VARIANT
from bench.scores.series import Series, series_of
from bench.stats.prediction import next_number
from bench.study import Claim, Study
from bench.study.models import Explain, Metrics

#: Of the interval of one number alone, and of all numbers jointly.
LEVEL = 0.95
#: Metrics that differ by how classes are averaged.
_STEMS = ("f1", "precision", "recall", "roc_auc")
_SAME = {"accuracy": ("balanced_accuracy",), "balanced_accuracy": ("accuracy",)}


def explanations(study: Study, frames: Mapping[str, pl.DataFrame], numbers: int | None = None) -> pl.DataFrame:
    """EXPLAINED, from tables, folds, scores, estimates, failures, predictions, tuning and unavailable.

    numbers: how many are compared with the explanations jointly; all different ones of the paper when None.
    """
    explain = study.diagnostics.explain if study.diagnostics is not None else None
    if explain is None or not isinstance(study.claims, tuple):
        return empty(EXPLAINED)
    explained = _Explained(study, explain, ClaimEvidence.of(study, frames), frames)
    claims = [claim for claim in study.claims if explained.is_about(claim)]
    printed = {explained.number(claim) for claim in claims if claim.source == "paper"}
    values = Counter((dataset, family, metric) for dataset, family, metric, _ in printed)
    explained = replace(explained, numbers=numbers or max(1, len(printed)))
    rows = [row for claim in claims for row in explained.rows(claim)]
    if numbers is None:  # no protocol makes two numbers of one thing
        rows = [replace(row, together=None) if values[row.dataset, row.family, row.metric] > 1 else row for row in rows]
    return of_records(rows, EXPLAINED, digits=None)


class _IdleError(Exception):
    """An explanation that leaves this number what the study's own protocol makes it, for this reason."""

    def __init__(self, *reasons: Statement) -> None:
        super().__init__(", ".join(str(reason.code) for reason in reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class ExplanationResult:
    """The result of an explanation for one claim, in the claim's unit; None where it is not known.

    Attributes
    ----------
    estimate
        The number under this explanation here.
    low, high
        Where 95 % of the numbers lie that single papers with this protocol would print.
    compatible
        Whether the published number is among them, or within the tolerance of the estimate.
    together
        The same in the wider interval for all numbers of the study jointly.
    beyond
        Of a valid protocol, how often its papers print a number as far out, or farther.
    reasons
        Why something is not known.
    of
        The metric that the number is, where the explanation is another metric.
    """

    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    compatible: bool | None = None
    together: bool | None = None
    beyond: float | None = None
    reasons: tuple[Statement, ...] = ()
    of: str | None = None


@dataclass(frozen=True, eq=False)
class _Explained:
    """The explanations of a study's claims, and the scores that were made for them."""

    study: Study
    explain: Explain
    evidence: ClaimEvidence
    frames: Mapping[str, pl.DataFrame]
    #: How many different numbers the explanations are compared with jointly.
    numbers: int = 1
    #: Scores that were computed once, for claims of one family, dataset and metric.
    kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def is_about(self, claim: Claim) -> bool:
        """Whether a claim is a published test score of one of the families on a dataset that is explained."""
        if claim.kind != "value" or claim.side != "test" or claim.value is None:
            return False
        if claim.family not in self.explain.families:
            return False
        if claim.dataset is None and len(self.study.datasets) > 1:
            return False
        return self.evidence.dataset(claim) in (self.explain.datasets or self.study.datasets)

    def number(self, claim: Claim) -> tuple[Any, ...]:
        """What a claim prints of what: two that print the same number of the same thing count once."""
        return self.evidence.dataset(claim), claim.family, self.evidence.metric(claim), float(str(claim.value))

    def rows(self, claim: Claim) -> Iterator[ExplanationRow]:
        """The rows of one claim in EXPLAINED."""
        stated = self._outcomes(claim, EXPLANATIONS[STATED], {}, None)[0].together
        for explanation, parameters in wanted(self.explain):
            for outcome in self._outcomes(claim, explanation, parameters, stated):
                yield self._row(claim, explanation, outcome)

    def _row(self, claim: Claim, explanation: Explanation, outcome: ExplanationResult) -> ExplanationRow:
        return ExplanationRow(
            claim=claim.id,
            source=claim.source,
            dataset=self.evidence.dataset(claim),
            family=str(claim.family),
            metric=self.evidence.metric(claim),
            variant=explanation.variant + (f":{outcome.of}" if outcome.of else ""),
            kind=explanation.kind,
            title=f"printed is {METRICS[outcome.of].title.lower()}" if outcome.of else explanation.title,
            estimate=outcome.estimate,
            low=outcome.low,
            high=outcome.high,
            compatible=outcome.compatible,
            together=outcome.together,
            beyond=outcome.beyond,
            reasons=encoded(outcome.reasons),
        )

    def _outcomes(
        self, claim: Claim, explanation: Explanation, parameters: Mapping[str, Any], stated: bool | None
    ) -> list[ExplanationResult]:
        """The results of an explanation; `together` is the own protocol's where it does not concern the number."""
        if refused := self.refused(claim, explanation):
            return [ExplanationResult(together=stated, reasons=refused)]
        try:
            return list(_READ[explanation.reads](self, claim, explanation, parameters))
        except _IdleError as error:
            return [ExplanationResult(together=stated, reasons=error.reasons)]
        except NotTestableError as error:
            return [ExplanationResult(reasons=error.reasons)]

    def refused(self, claim: Claim, explanation: Explanation) -> tuple[Statement, ...]:
        """Why the explanation could not be run on these data; empty where it could."""
        key = {"dataset": self.evidence.dataset(claim), "family": claim.family, "variant": explanation.variant}
        rows = self.frames["unavailable"].filter(pl.col(name) == value for name, value in key.items())
        return decoded(rows["reasons"][0]) if len(rows) else ()

    def settled(self, claim: Claim, runs: np.ndarray, kind: str, best_of: int = 1) -> ExplanationResult:
        """The result of an explanation, from its number in each repeat, in the claim's unit."""
        printed, turn = Printed.of(str(claim.value)), self.evidence.direction(claim)
        if not len(runs):
            return ExplanationResult(reasons=(NoScoresMade(),))
        if len(runs) < 2 and self.evidence.draws_chance(claim):
            return ExplanationResult(float(runs.mean()), reasons=(OneRun(),))
        if len(runs) < 2 or np.ptp(np.round(runs, 9)) == 0:
            return self._without_chance(float(runs.mean()), printed, claim, kind)
        further = partial(
            next_number, turn * runs, averaged_over=claim.repeats or 1, half_unit=printed.half, best_of=best_of
        )
        alone, among = further(), further(level=1 - (1 - LEVEL) / self.numbers)
        close = self._is_close(turn * alone.middle, printed, claim)
        return ExplanationResult(
            turn * alone.middle,
            min(turn * alone.low, turn * alone.high),
            max(turn * alone.low, turn * alone.high),
            alone.holds(turn * printed.value) or close,
            among.holds(turn * printed.value) or close,
            alone.beyond(turn * printed.value) if kind == "valid" else None,
        )

    def _is_close(self, value: float, printed: Printed, claim: Claim) -> bool:
        """Within the claim's tolerance, where one is declared or customary: what the study calls the same number."""
        try:
            half = printed.half + self.evidence.tolerance(claim)
        except NotTestableError:
            return False
        return round(abs(value - printed.value), 9) <= round(half, 9)

    def _without_chance(self, value: float, printed: Printed, claim: Claim, kind: str) -> ExplanationResult:
        """Nothing is drawn: equal to within the tolerance of the claim, or not."""
        half = printed.half + self.evidence.tolerance(claim)
        inside = round(abs(value - printed.value), 9) <= round(half, 9)
        beyond = float(inside) if kind == "valid" else None
        return ExplanationResult(value, value - half, value + half, inside, inside, beyond, (ToleranceBand(),))

    def means(self, claim: Claim, scores: pl.DataFrame, *variants: str, side: str = "test") -> np.ndarray:
        """(r,) repeat means of the claim's metric, in its unit; empty where there are no scores."""
        key = (self.evidence.dataset(claim), str(claim.family), self.evidence.metric(claim))
        series = self.once((id(scores), side, variants), lambda: series_of(scores, side, variants)).get(key)
        return np.array([]) if series is None else self.repeats(claim, series) * self.evidence.scale(claim)

    def once(self, key: tuple[Any, ...], made: Callable[[], Any]) -> Any:
        if key not in self.kept:
            self.kept[key] = made()
        return self.kept[key]

    def repeats(self, claim: Claim, series: Series) -> np.ndarray:
        return series.repeat_means(max(1, self.evidence.setting(claim).repeats_a_draw))


_PROTOCOL = ("plain", STATED_VARIANT)


def _test(
    explained: _Explained, claim: Claim, explanation: Explanation, parameters: Mapping[str, Any]
) -> Iterable[ExplanationResult]:
    variants = _PROTOCOL if explanation.name == "protocol" else (explanation.variant,)
    yield explained.settled(claim, explained.means(claim, explained.frames["scores"], *variants), explanation.kind)


def _train(
    explained: _Explained, claim: Claim, explanation: Explanation, parameters: Mapping[str, Any]
) -> Iterable[ExplanationResult]:
    yield explained.settled(
        claim, explained.means(claim, explained.frames["scores"], *_PROTOCOL, side="train"), explanation.kind
    )


def _best_of_seeds(
    explained: _Explained, claim: Claim, explanation: Explanation, parameters: Mapping[str, Any]
) -> Iterable[ExplanationResult]:
    scores = explained.frames["scores"]
    names = [name for name in scores["variant"].unique().sort() if name.startswith(f"{explanation.variant}:")]
    runs = [explained.means(claim, scores, name) for name in names]
    runs = [one for one in runs if len(one)]
    if not runs:
        yield ExplanationResult(reasons=(NoScoresMade(),))
        return
    own = explained.means(claim, scores, *_PROTOCOL)
    count = min(len(one) for one in (own, *runs))
    table = np.array([one[:count] for one in (own, *runs)])
    best = table.max(axis=0) if explained.evidence.direction(claim) > 0 else table.min(axis=0)
    yield explained.settled(claim, best, explanation.kind)


def _best_of_splits(
    explained: _Explained, claim: Claim, explanation: Explanation, parameters: Mapping[str, Any]
) -> Iterable[ExplanationResult]:
    if not explained.evidence.draws_chance(claim):
        raise _IdleError(NoSplitsDrawn())
    runs = explained.means(claim, explained.frames["scores"], *_PROTOCOL)
    yield explained.settled(claim, runs, explanation.kind, best_of=int(parameters.get("splits", SPLITS)))


def _flat(
    explained: _Explained, claim: Claim, explanation: Explanation, parameters: Mapping[str, Any]
) -> Iterable[ExplanationResult]:
    tuning, metric = explained.frames["tuning"], explained.evidence.metric(claim)
    own = tuning.filter(
        (pl.col("variant") == "explanation=tuned_on_test")
        & (pl.col("dataset") == explained.evidence.dataset(claim))
        & (pl.col("family") == claim.family)
    )
    if own.is_empty():
        raise _IdleError(NoCandidates("tuned_on_test"))
    tuned = str(own["metric"][0])
    if metric not in (tuned, complement_of(tuned)):
        yield ExplanationResult(reasons=(OtherTuningMetric(tuned, metric),))
        return
    means = own.group_by("repeat", "candidate").agg(pl.col("value").mean()).sort("repeat", "candidate")
    best = pl.col("value").max() if METRICS[tuned].higher_is_better else pl.col("value").min()
    runs = means.group_by("repeat", maintain_order=True).agg(best)
    values = runs["value"].to_numpy() if metric == tuned else 1 - runs["value"].to_numpy()
    series = Series(runs["repeat"].to_numpy(), np.full(len(values), -1), values)
    yield explained.settled(claim, explained.repeats(claim, series) * explained.evidence.scale(claim), explanation.kind)


def _averaging(
    explained: _Explained, claim: Claim, explanation: Explanation, parameters: Mapping[str, Any]
) -> Iterable[ExplanationResult]:
    metric = explained.evidence.metric(claim)
    stem = next((one for one in _STEMS if metric.startswith(one)), None)
    others = [name for name in METRICS if stem and name.startswith(stem) and name != metric]
    any_scores = False
    own = explained.evidence.aggregation(claim)
    for other in [*_SAME.get(metric, ()), *others]:
        settings = {"primary": other} | ({"aggregation": {other: own}} if own else {})
        runs = explained.means(claim, _scored(explained, claim, settings, named=metric), *_PROTOCOL)
        if len(runs):
            any_scores = True
            yield replace(explained.settled(claim, runs, explanation.kind), of=other)
    if not any_scores:
        raise _IdleError(NoOtherAveraging(metric))


def _aggregation(
    explained: _Explained, claim: Claim, explanation: Explanation, parameters: Mapping[str, Any]
) -> Iterable[ExplanationResult]:
    metric, own = explained.evidence.metric(claim), explained.evidence.aggregation(claim)
    other = "pooled" if own == "fold_mean" else "fold_mean"
    settled = _scored(explained, claim, {"primary": metric, "aggregation": {metric: other}})
    runs = explained.means(claim, settled, *_PROTOCOL)
    if own is None or not len(runs) or explained.evidence.protocol(claim) == "leave-one-out":
        raise _IdleError(OneAggregation())
    yield explained.settled(claim, runs, explanation.kind)


def _ties(
    explained: _Explained, claim: Claim, explanation: Explanation, parameters: Mapping[str, Any]
) -> Iterable[ExplanationResult]:
    if "p" not in explained.frames["predictions"].columns:
        raise _IdleError(NothingTies(regression=True))
    key = (explained.evidence.dataset(claim), claim.family)
    turned = explained.once(("ties", *key), lambda: _turned(explained, claim))
    if turned is None:
        raise _IdleError(NothingTies(regression=False))
    metric, own = explained.evidence.metric(claim), explained.evidence.aggregation(claim)
    settings = {"primary": metric} | ({"aggregation": {metric: own}} if own else {})
    yield explained.settled(
        claim, explained.means(claim, _scored(explained, claim, settings, turned), *_PROTOCOL), explanation.kind
    )


def _turned(explained: _Explained, claim: Claim) -> pl.DataFrame | None:
    """The predictions with the last of tied classes in the place of the first; None where none are tied."""
    classes = explained.evidence.tables.filter(pl.col("dataset") == explained.evidence.dataset(claim))["classes"][
        0
    ].to_list()
    mine = _own(explained, claim).filter(pl.col("p").is_not_null())
    top = pl.col("p").list.max()
    ties = pl.col("p").list.eval(pl.element() == pl.element().max()).list.sum() > 1
    last = pl.col("p").list.reverse().list.arg_max()
    turned = mine.with_columns(
        label=pl.when(ties & top.is_not_null())
        .then((len(classes) - 1 - last).replace_strict(list(range(len(classes))), classes, return_dtype=pl.String))
        .otherwise(pl.col("label"))
    )
    return None if mine.is_empty() or (turned["label"] == mine["label"]).all() else turned


def _own(explained: _Explained, claim: Claim) -> pl.DataFrame:
    """The test predictions of the claim's family and dataset under the study's own protocol."""
    return explained.frames["predictions"].filter(
        (pl.col("dataset") == explained.evidence.dataset(claim))
        & (pl.col("family") == claim.family)
        & pl.col("variant").is_in(list(_PROTOCOL))
        & (pl.col("side") == "test")
    )


def _scored(
    explained: _Explained,
    claim: Claim,
    metrics: Mapping[str, Any],
    predictions: pl.DataFrame | None = None,
    named: str | None = None,
) -> pl.DataFrame:
    """The scores of the claim's own predictions (or of these), had the study these metrics; under the name `named`."""

    def made() -> pl.DataFrame:
        study = explained.study.model_copy(update={"metrics": Metrics(**metrics)})
        tables, tuning = explained.evidence.tables, explained.frames["tuning"].clear()
        scores = scores_of(study, tables, _own(explained, claim) if predictions is None else predictions, tuning)
        return scores if named is None else scores.with_columns(metric=pl.lit(named))

    about = (explained.evidence.dataset(claim), claim.family, str(metrics), predictions is None, named)
    scores: pl.DataFrame = explained.once(about, made)
    return scores


_READ: Mapping[str, Callable[[_Explained, Claim, Explanation, Mapping[str, Any]], Iterable[ExplanationResult]]] = {
    "test": _test,
    "train": _train,
    "best_of_seeds": _best_of_seeds,
    "best_of_splits": _best_of_splits,
    "flat": _flat,
    "averaging": _averaging,
    "aggregation": _aggregation,
    "ties": _ties,
}
