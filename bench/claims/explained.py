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
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
import polars as pl

from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import shape_of
from bench.claims.evidence import ClaimEvidence, NotTestableError
from bench.claims.targets import Printed
from bench.core.explanations import EXPLAINED, ExplanationRow
from bench.core.frames import empty, of_records
from bench.core.metrics import METRICS, complement_of
from bench.core.outcomes import Statement, decoded, encoded
from bench.run.variants.explanation import EXPLANATIONS, STATED, Explanation, wanted
from bench.run.variants.explanations.choosing import SPLITS, settings
from bench.scores.compute import scores_of
from bench.scores.explanations import STATED_VARIANT
from bench.scores.series import Series, series_of
from bench.stats.noise import kept_decimals
from bench.stats.prediction import next_number
from bench.study import Claim, Study
from bench.study.models import Explain, Metrics
from bench.study.protocol import Protocol
from bench.text.chance import SeedNotMeasured
from bench.text.explanations import (
    AlwaysTheSame,
    NoCandidates,
    NoScoresMade,
    NoSplitsDrawn,
    NothingTies,
    OfAnotherSample,
    OneAggregation,
    OneRun,
    OneTestSet,
    OtherTuningMetric,
    ToleranceBand,
)
from bench.text.judgements import RoundingOpen

#: Of the interval of one number alone, and of all numbers jointly.
LEVEL = 0.95
#: The variants of the study's own protocol.
_PROTOCOL = ("plain", STATED_VARIANT)
T = TypeVar("T")


def explanations(
    study: Study, frames: Mapping[str, pl.DataFrame], numbers: int | None = None
) -> pl.DataFrame:
    """EXPLAINED, from tables, folds, scores, estimates, failures, predictions, tuning and unavailable.

    numbers: how many are compared with the explanations jointly; all different ones of the paper when None.
    """
    explain = study.diagnostics.explain if study.diagnostics is not None else None
    if explain is None:
        return empty(EXPLAINED)
    explained = _Explained(study, explain, ClaimEvidence.of(study, frames), frames)
    cases = [CaseOf(claim, explained.evidence) for claim in study.judged]
    cases = [case for case in cases if explained.is_about(case)]
    printed = {
        (*subject_of(case), float(case.claim.value or 0))
        for case in cases
        if case.claim.source == "paper"
    }
    values = Counter(number[:3] for number in printed)
    explained = replace(explained, numbers=numbers or max(1, len(printed)))
    rows = [row for case in cases for row in explained.rows(case)]
    if numbers is None:
        rows = [_alone(row, values) for row in rows]
    return of_records(rows, EXPLAINED, digits=None)


def _alone(
    row: ExplanationRow, numbers: Mapping[tuple[str, str, str], int]
) -> ExplanationRow:
    """The row, not compared jointly where the paper has several numbers of one thing: no protocol makes two."""
    return (
        replace(row, together=None)
        if numbers[row.dataset, row.family, row.metric] > 1
        else row
    )


def subject_of(case: AnyCase) -> tuple[str, str, str]:
    """The dataset, family and metric of a claim."""
    return case.dataset, str(case.claim.family), case.metric


class _IdleError(Exception):
    """An explanation that leaves this number what the study's own protocol makes it, for this reason."""

    def __init__(self, reason: Statement) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(frozen=True, eq=False)
class _Explained:
    """A study whose published numbers are explained, and the scores that were made for them.

    numbers: how many different ones the explanations are compared with jointly; kept: scores that were computed once,
    for all claims of one family, dataset and metric.
    """

    study: Study
    explain: Explain
    evidence: ClaimEvidence
    frames: Mapping[str, pl.DataFrame]
    numbers: int = 1
    kept: dict[Hashable, Any] = field(default_factory=dict)

    def is_about(self, case: AnyCase) -> bool:
        """Whether a claim is a published test score of one of the families on a dataset that is explained; nobody
        prints or expects what would falsify an expectation."""
        claim = case.claim
        if claim in (self.study.falsified_if or ()):
            return False
        if (
            shape_of(claim.kind).number != "score"
            or claim.side != "test"
            or claim.value is None
        ):
            return False
        if (
            claim.constant and claim.source == "author"
        ):  # known by construction: no protocol printed it
            return False
        if claim.family not in self.explain.families:
            return False
        if claim.dataset is None and len(self.study.datasets) > 1:
            return False
        return case.dataset in (self.explain.datasets or self.study.datasets)

    def rows(self, case: AnyCase) -> Iterator[ExplanationRow]:
        """The rows of one claim in EXPLAINED."""
        stated = _Trial(self, case, EXPLANATIONS[STATED]).results(None)[0].together
        for explanation, parameters in wanted(self.explain):
            trial = _Trial(self, case, explanation, parameters)
            yield from trial.results(stated)

    def once(self, key: Hashable, made: Callable[[], T]) -> T:
        """What was made under this key, made now if it was not."""
        if key not in self.kept:
            self.kept[key] = made()
        result: T = self.kept[key]
        return result


@dataclass(frozen=True, eq=False)
class _Trial:
    """One explanation, tried on the number of one claim."""

    explained: _Explained
    case: AnyCase
    explanation: Explanation
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def claim(self) -> Claim:
        return self.case.claim

    @property
    def metric(self) -> str:
        return self.case.metric

    @property
    def title(self) -> str:
        """What was run: of an explanation that turns the study's own choice round, the other one."""
        if (
            self.explanation.reads == "aggregation"
            and (own := self.case.aggregation) is not None
        ):
            return "pooled over folds" if own == "fold_mean" else "mean over folds"
        if self.explanation.name == "stratification":
            return _turned_round(self.explained.study.protocol_of(self.case.dataset))
        return self.explanation.title

    @property
    def scores(self) -> pl.DataFrame:
        return self.explained.frames["scores"]

    def of_claim(self, name: str) -> pl.DataFrame:
        """The rows of a frame that are of the claim's dataset and family."""
        dataset, family, _ = subject_of(self.case)
        return self.explained.frames[name].filter(
            pl.col("dataset") == dataset, pl.col("family") == family
        )

    def results(self, stated: bool | None) -> list[ExplanationRow]:
        """What the explanation gives; `together` is the own protocol's where it does not concern the number."""
        refused = self.of_claim("unavailable").filter(
            pl.col("variant") == self.explanation.variant
        )
        if len(refused):
            return [self.row(together=stated, reasons=decoded(refused["reasons"][0]))]
        try:
            return list(_READ[self.explanation.reads](self))
        except _IdleError as error:
            return [self.row(together=stated, reasons=(error.reason,))]
        except NotTestableError as error:
            return [self.row(reasons=error.reasons)]

    def row(
        self, estimate: float | None = None, low: float | None = None, high: float | None = None,
        compatible: bool | None = None, together: bool | None = None, beyond: float | None = None,
        reasons: tuple[Statement, ...] = (),
    ) -> ExplanationRow:  # fmt: skip
        """The row of what the explanation gives; reasons: why something is not known."""
        dataset, family, metric = subject_of(self.case)
        return ExplanationRow(
            claim=self.claim.id, source=self.claim.source, dataset=dataset, family=family, metric=metric,
            variant=self.explanation.variant, kind=self.explanation.kind, title=self.title,
            estimate=estimate, low=low, high=high, compatible=compatible, together=together, beyond=beyond,
            reasons=encoded(reasons),
        )  # fmt: skip

    def settled(self, runs: np.ndarray, best_of: int = 1) -> ExplanationRow:
        """The result of the explanation, from its number in each repeat, in the claim's unit."""
        printed, turn = (
            Printed.of(str(self.claim.value)),
            self.case.sign,
        )
        if not len(runs):
            return self.row(reasons=(NoScoresMade(),))
        if self.claim.splits == "other_sample":
            return self.row(float(runs.mean()), reasons=(OfAnotherSample(),))
        if len(runs) < 2 and self.case.draws_chance:
            return self.row(float(runs.mean()), reasons=(OneRun(),))
        valid = self.explanation.kind == "valid"
        constant = np.ptp(np.round(runs, kept_decimals(runs))) == 0
        if constant and self.case.draws_chance:
            return self._constant(float(runs.mean()), printed)
        if constant:  # nothing is drawn
            return self._within_tolerance(float(runs.mean()), printed)
        repeats, half = self.claim.averaged_over, printed.half
        further = partial(
            next_number,
            turn * runs,
            averaged_over=repeats,
            half_unit=half,
            best_of=best_of,
        )
        alone, among = (
            further(),
            further(level=1 - (1 - LEVEL) / self.explained.numbers),
        )
        low, high = sorted((turn * alone.low, turn * alone.high))
        close = self._is_close(turn * alone.middle, printed)
        return self.row(
            turn * alone.middle, low, high, alone.holds(turn * printed.value) or close,
            among.holds(turn * printed.value) or close, alone.beyond(turn * printed.value) if valid else None,
        )  # fmt: skip

    def _is_close(self, value: float, printed: Printed) -> bool:
        """Within the claim's tolerance, where one is declared or customary: what the study calls the same number."""
        try:
            half = printed.half + self.case.tolerance
        except NotTestableError:
            return False
        return _within(value, printed.value, half)

    def _constant(self, value: float, printed: Printed) -> ExplanationRow:
        """The same number whatever is drawn: it prints the published one or not, however wide the tolerance."""
        half = printed.half
        same = _within(value, printed.value, half)
        return self.row(
            value, value - half, value + half, same, same, reasons=(AlwaysTheSame(),)
        )

    def _within_tolerance(self, value: float, printed: Printed) -> ExplanationRow:
        """As the claim is judged: equal as printed, or within the tolerance, or not; raises `NotTestableError` where
        it has none. Where one run does not show what chance does, it fits as printed or is open; open too where the
        printed decimals do not say."""
        half, tolerance = printed.half, self.case.tolerance
        exact = _within(value, printed.value, half)
        if (unmeasured := self._unmeasured()) is not None:
            fits = exact or None
            return self.row(
                value, compatible=fits, together=fits, reasons=(unmeasured,)
            )
        least, most = self._limits()
        nearest, farthest = _apart(
            value, max(least, printed.value - half), min(most, printed.value + half)
        )
        reasons: tuple[Statement, ...] = (ToleranceBand(),)
        decimals = kept_decimals(value, printed.value)
        inside: bool | None = exact or round(farthest - tolerance, decimals) <= 0
        if not inside and round(nearest - tolerance, decimals) <= 0:
            inside, reasons = None, (*reasons, RoundingOpen(tolerance))
        band = max(half, tolerance - half)
        low = least if value - least <= tolerance else value - band
        high = most if most - value <= tolerance else value + band
        return self.row(value, low, high, inside, inside, reasons=reasons)

    def _unmeasured(self) -> SeedNotMeasured | None:
        """That one run does not show what its draws change: of the fit, or of the tuning where this explanation
        tunes; None where nothing is drawn."""
        _, family, _ = subject_of(self.case)
        drawn = self.case.seed_unmeasured(family)
        return (
            drawn
            if drawn is not None and (drawn.draws == "fit" or self.explanation.tunes)
            else None
        )

    def _limits(self) -> tuple[float, float]:
        """The smallest and the largest score of the metric, in the claim's unit: no unrounded number lies beyond."""
        least, most = METRICS[self.metric].range
        scale = self.case.scale
        return scale * least, scale * most

    def means(
        self, scores: pl.DataFrame, *variants: str, side: str = "test"
    ) -> np.ndarray:
        """(r,) repeat means of the claim's metric, in its unit; empty where there are no scores."""
        key = (id(scores), side, variants)
        series = self.explained.once(
            key, lambda: series_of(scores, side, variants)
        ).get(subject_of(self.case))
        return np.array([]) if series is None else self.of_series(series)

    def of_series(self, series: Series) -> np.ndarray:
        """(r,) repeat means of a series, in the unit of the claim."""
        return self.case.repeat_means(series) * self.case.scale

    def own_predictions(self) -> pl.DataFrame:
        """The test predictions of the claim's family and dataset under the study's own protocol."""
        return self.of_claim("predictions").filter(
            pl.col("variant").is_in(list(_PROTOCOL)), pl.col("side") == "test"
        )

    def rescored(
        self,
        metric: str,
        aggregation: str | None,
        predictions: pl.DataFrame | None = None,
    ) -> pl.DataFrame:
        """The scores of the claim's own predictions (or of these), had the study this metric and aggregation.

        They go by the name of the claim's metric.
        """

        def made() -> pl.DataFrame:
            settings = Metrics.model_validate(
                {"primary": metric}
                | ({"aggregation": {metric: aggregation}} if aggregation else {})
            )
            study = self.explained.study.model_copy(update={"metrics": settings})
            tuning = self.explained.frames["tuning"].clear()
            own = self.own_predictions() if predictions is None else predictions
            return scores_of(
                study, self.case.evidence.tables, own, tuning
            ).with_columns(metric=pl.lit(self.metric))

        return self.explained.once(
            (
                *subject_of(self.case),
                metric,
                aggregation,
                predictions is None,
            ),
            made,
        )


def _within(value: float, published: float, half: float) -> bool:
    """Whether two numbers are no farther apart than this, but for float noise."""
    return round(abs(value - published) - half, kept_decimals(value, published)) <= 0


def _apart(value: float, low: float, high: float) -> tuple[float, float]:
    """How far a value lies from the nearest and from the farthest of the numbers between two ends.

    >>> _apart(99.4, 99.5, 100)[0] < 0.11, _apart(99.7, 99.5, 100)[0]
    (True, 0.0)
    """
    return max(0.0, low - value, value - high), max(abs(value - low), abs(value - high))


def _turned_round(protocol: Protocol | None) -> str:
    """The stratification that the study does not have: `folds not stratified`."""
    own = None if protocol is None else protocol.resampling
    what = "split" if own is not None and own.one_split else "folds"
    turned = own is not None and own.stratifiable and not own.stratifies
    return f"stratified {what}" if turned else f"{what} not stratified"


def _part(row: ExplanationRow, part: str, title: str) -> ExplanationRow:
    """The row as that of one of several settings, or of another metric."""
    return replace(row, variant=f"{row.variant}:{part}", title=title)


def _test(trial: _Trial) -> Iterable[ExplanationRow]:
    variants = (
        _PROTOCOL
        if trial.explanation.name == "protocol"
        else (trial.explanation.variant,)
    )
    yield trial.settled(trial.means(trial.scores, *variants))


def _train(trial: _Trial) -> Iterable[ExplanationRow]:
    yield trial.settled(trial.means(trial.scores, *_PROTOCOL, side="train"))


def _settings(trial: _Trial) -> Iterable[ExplanationRow]:
    for words in settings(trial.parameters):
        runs = trial.means(trial.scores, f"{trial.explanation.variant}:{words}")
        yield _part(trial.settled(runs), words, words.replace("=", " = "))


def _best_of_seeds(trial: _Trial) -> Iterable[ExplanationRow]:
    names = trial.scores["variant"].unique().sort()
    runs = [
        trial.means(trial.scores, name)
        for name in names
        if name.startswith(f"{trial.explanation.variant}:")
    ]
    runs = [one for one in runs if len(one)]
    if not runs:
        yield trial.row(reasons=(NoScoresMade(),))
        return
    runs.append(trial.means(trial.scores, *_PROTOCOL))
    count = min(len(one) for one in runs)
    table = np.array([one[:count] for one in runs])
    yield trial.settled(table.max(axis=0) if trial.case.sign > 0 else table.min(axis=0))


def _best_of_splits(trial: _Trial) -> Iterable[ExplanationRow]:
    if not trial.case.draws_chance:
        raise _IdleError(NoSplitsDrawn())
    splits = trial.parameters.get("splits", SPLITS)
    assert isinstance(splits, int)
    yield trial.settled(trial.means(trial.scores, *_PROTOCOL), best_of=splits)


def _flat(trial: _Trial) -> Iterable[ExplanationRow]:
    own = trial.of_claim("tuning").filter(
        pl.col("variant") == "explanation=tuned_on_test"
    )
    if own.is_empty():
        raise _IdleError(NoCandidates("tuned_on_test"))
    metric, tuned = trial.metric, str(own["metric"][0])
    if metric not in (tuned, complement_of(tuned)):
        yield trial.row(reasons=(OtherTuningMetric(tuned, metric),))
        return
    means = (
        own.group_by("repeat", "candidate")
        .agg(pl.col("value").mean())
        .sort("repeat", "candidate")
    )
    best = (
        pl.col("value").max()
        if METRICS[tuned].higher_is_better
        else pl.col("value").min()
    )
    runs = means.group_by("repeat", maintain_order=True).agg(best)
    values = (
        runs["value"].to_numpy() if metric == tuned else 1 - runs["value"].to_numpy()
    )
    yield trial.settled(
        trial.of_series(
            Series(runs["repeat"].to_numpy(), np.full(len(values), -1), values)
        )
    )


def _aggregation(trial: _Trial) -> Iterable[ExplanationRow]:
    own = trial.case.aggregation
    other = "pooled" if own == "fold_mean" else "fold_mean"
    runs, setting = (
        trial.means(trial.rescored(trial.metric, other), *_PROTOCOL),
        trial.case.setting,
    )
    if setting.folds == setting.repeats:
        raise _IdleError(OneTestSet())
    if own is None or not len(runs) or setting.row_by_row:
        raise _IdleError(OneAggregation())
    yield trial.settled(runs)


def _ties(trial: _Trial) -> Iterable[ExplanationRow]:
    if "p" not in trial.explained.frames["predictions"].columns:
        raise _IdleError(NothingTies(regression=True))
    turned = trial.explained.once(
        ("ties", *subject_of(trial.case)[:2]), lambda: _turned(trial)
    )
    if turned is None:
        raise _IdleError(NothingTies(regression=False))
    scores = trial.rescored(trial.metric, trial.case.aggregation, turned)
    yield trial.settled(trial.means(scores, *_PROTOCOL))


def _turned(trial: _Trial) -> pl.DataFrame | None:
    """The predictions with the last of tied classes in the place of the first; None where none are tied."""
    dataset = trial.case.dataset
    classes = trial.case.evidence.tables.filter(pl.col("dataset") == dataset)[
        "classes"
    ][0].to_list()
    mine = trial.own_predictions().filter(pl.col("p").is_not_null())
    ties = pl.col("p").list.eval(pl.element() == pl.element().max()).list.sum() > 1
    last = len(classes) - 1 - pl.col("p").list.reverse().list.arg_max()
    label = last.replace_strict(
        list(range(len(classes))), classes, return_dtype=pl.String
    )
    known = pl.col("p").list.max().is_not_null()
    turned = mine.with_columns(
        label=pl.when(ties & known).then(label).otherwise(pl.col("label"))
    )
    return (
        None if mine.is_empty() or (turned["label"] == mine["label"]).all() else turned
    )


_READ: Mapping[str, Callable[[_Trial], Iterable[ExplanationRow]]] = {
    "test": _test,
    "train": _train,
    "best_of_seeds": _best_of_seeds,
    "best_of_splits": _best_of_splits,
    "flat": _flat,
    "aggregation": _aggregation,
    "ties": _ties,
    "settings": _settings,
}
