"""Which explanation fits a published number: the number beside what valid protocols and
known errors give here.

Every explanation that a study asks for (`diagnostics: {explain: ...}`) is compared with
each published score of that family. The numbers that one paper would print, had it used
that protocol, lie in a prediction interval from our repeats of it; an explanation whose
interval holds the published number, or that lies within the claim's tolerance of it, is
compatible. Nothing more follows: explanations that give the same number are listed
together, and where a valid protocol is among them no error is needed.

One number decides little. A paper used one protocol for all its numbers: the published
numbers of a study are compared with each explanation jointly too, each in an interval so
wide that one of them lies outside by chance in at most .05.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from math import inf

import numpy as np
import polars as pl

from bench.claims._noise import Noise
from bench.claims.case import AnyCase, CaseOf
from bench.claims.claim import shape_of
from bench.claims.evidence import ClaimEvidence, NotTestableError
from bench.claims.targets import Printed, lie_within
from bench.core.explanations import EXPLAINED, ExplanationRow
from bench.core.frames import empty, of_records
from bench.core.judgements import Agreement
from bench.core.metrics import METRICS, complement_of
from bench.core.outcomes import Statement, decoded, encoded
from bench.run.variants.explanation import EXPLANATIONS, STATED, Explanation, wanted
from bench.run.variants.explanations.choosing import SPLITS, settings
from bench.scores.compute import classes_of, scores_of
from bench.scores.explanations import STATED_VARIANT
from bench.scores.series import Series, SeriesByKey, series_of
from bench.stats.noise import kept_decimals
from bench.stats.prediction import next_number
from bench.study import Study
from bench.study.models import Explain, Metrics
from bench.text import explanations as e
from bench.text.judgements import RoundingOpen

#: Of the interval of one number alone, and of all numbers jointly.
LEVEL = 0.95
#: The variants of the study's own protocol.
_PROTOCOL = ("plain", STATED_VARIANT)
#: The scores of one side under some variants.
_SeriesOf = Callable[[str, tuple[str, ...]], SeriesByKey]


def explanations(
    study: Study, frames: Mapping[str, pl.DataFrame], numbers: int | None = None
) -> pl.DataFrame:
    """EXPLAINED, from tables, folds, scores, estimates, failures, predictions, tuning and
    unavailable.

    numbers: how many are compared with the explanations jointly; all different ones of
    the paper when None.
    """
    explain = study.diagnostics.explain if study.diagnostics is not None else None
    if explain is None:
        return empty(EXPLAINED)
    evidence = ClaimEvidence.of(study, frames)
    cases = [CaseOf(claim, evidence) for claim in study.judged]
    cases = [case for case in cases if _is_explained(case, explain)]
    printed = {
        (subject_of(case), Printed.of_claim(case.claim).value)
        for case in cases
        if case.claim.source == "paper"
    }
    names = frames["scores"]["variant"].unique().sort().to_list()
    source = _Source(
        frames=frames,
        series=cache(
            lambda side, variants: series_of(frames["scores"], side, variants)
        ),
        variants=names,
        numbers=numbers or max(1, len(printed)),
    )
    rows = [row for case in cases for row in _explain(case, explain, source)]
    if numbers is None:
        counts = Counter(subject for subject, _ in printed)
        rows = [_leave_alone(row, counts) for row in rows]
    return of_records(rows, EXPLAINED, digits=None)


def subject_of(case: AnyCase) -> tuple[str, str, str]:
    """The dataset, family and metric of a claim."""
    return case.dataset, str(case.claim.family), case.metric


def _is_explained(case: AnyCase, explain: Explain) -> bool:
    """Whether a claim is a published test score of one of the families on a dataset that
    is explained. Nobody prints what would falsify an expectation, and no protocol what
    is known by construction."""
    claim, study = case.claim, case.evidence.study
    is_score = shape_of(claim.kind).number == "score" and claim.side == "test"
    if not is_score or claim.value is None or claim.family not in explain.families:
        return False
    is_by_construction = claim.constant and claim.source == "author"
    if is_by_construction or claim in (study.falsified_if or ()):
        return False
    if claim.dataset is None and len(study.datasets) > 1:
        return False
    return case.dataset in (explain.datasets or study.datasets)


def _leave_alone(
    row: ExplanationRow, numbers: Mapping[tuple[str, str, str], int]
) -> ExplanationRow:
    """The row, not compared jointly where the paper has several numbers of one thing: no
    protocol makes two."""
    several = numbers[row.dataset, row.family, row.metric] > 1
    return replace(row, together=None) if several else row


def _explain(
    case: AnyCase, explain: Explain, source: _Source
) -> Iterator[ExplanationRow]:
    """The rows of one claim in EXPLAINED. Where an explanation does not concern a number,
    it is compared jointly as under the study's own protocol."""
    stated = _Trial(case, EXPLANATIONS[STATED], source).result().together
    for explanation, parameters in wanted(explain):
        if explanation.reads != "settings":
            yield _Trial(case, explanation, source, parameters).result(stated)
            continue
        for words in settings(parameters):
            yield _Trial(case, explanation, source, part=words).result(stated)


class _IdleError(Exception):
    """An explanation that leaves this number what the study's own protocol makes it, for
    these reasons."""

    def __init__(self, *reasons: Statement) -> None:
        super().__init__(*(reason.code for reason in reasons))
        self.reasons = reasons


@dataclass(frozen=True, eq=False, kw_only=True)
class _Source:
    """The scores that were made for explanations.

    variants: the names of all; numbers: how many are compared with them jointly.
    """

    frames: Mapping[str, pl.DataFrame]
    series: _SeriesOf
    variants: list[str]
    numbers: int


@dataclass(frozen=True, eq=False)
class _Trial:
    """One explanation, tried on the number of one claim; part: one of its settings."""

    case: AnyCase
    explanation: Explanation
    source: _Source
    parameters: Mapping[str, object] = field(default_factory=dict)
    part: str = ""

    @property
    def printed(self) -> Printed:
        """The published number; a range is one that was rounded so far."""
        claim = self.case.claim
        if claim.score is not None and claim.score.is_plain:
            return Printed.of(str(claim.value))
        found = Printed.of_claim(claim)
        return replace(found, half=found.reach)

    @property
    def variant(self) -> str:
        """The variant of its row, and of its scores where it has some."""
        variant = self.explanation.variant
        return f"{variant}:{self.part}" if self.part else variant

    def of_claim(self, frame: str, *variants: str) -> pl.DataFrame:
        """The rows of a frame that are of the claim's dataset and family and of these
        variants."""
        dataset, family, _ = subject_of(self.case)
        return self.source.frames[frame].filter(
            pl.col("dataset") == dataset,
            pl.col("family") == family,
            pl.col("variant").is_in(variants),
        )

    def result(self, stated: bool | None = None) -> ExplanationRow:
        """What the explanation gives; stated: what the own protocol does, jointly."""
        refused = self.of_claim("unavailable", self.explanation.variant)
        try:
            if len(refused):
                raise _IdleError(*decoded(refused["reasons"][0]))
            runs = _READ[self.explanation.reads](self)
            if not len(runs):
                raise NotTestableError(e.NoScoresMade())
            return self.compare(runs)
        except _IdleError as error:
            return replace(self.row(*error.reasons), together=stated)
        except NotTestableError as error:
            return self.row(*error.reasons)

    def row(self, *reasons: Statement, estimate: float | None = None) -> ExplanationRow:
        """The row of what the explanation gives, compared with nothing; reasons: why
        something is not known."""
        dataset, family, metric = subject_of(self.case)
        return ExplanationRow(
            claim=self.case.claim.id,
            source=self.case.claim.source,
            dataset=dataset,
            family=family,
            metric=metric,
            variant=self.variant,
            kind=self.explanation.kind,
            title=self.part.replace("=", " = ") or self.explanation.title,
            estimate=estimate,
            reasons=encoded(reasons),
        )

    def compare(self, runs: np.ndarray) -> ExplanationRow:
        """The row, from the explanation's number in each repeat, in the claim's unit."""
        mean, is_drawn = float(runs.mean()), self.case.draws_chance
        if self.case.claim.splits == "other_sample":
            return self.row(e.OfAnotherSample(), estimate=mean)
        if is_drawn and len(runs) < 2:
            return self.row(e.OneRun(), estimate=mean)
        if np.ptp(np.round(runs, kept_decimals(runs))) > 0:
            return self._predict(runs)
        if not is_drawn:
            return self._compare_undrawn(mean)
        # Whatever is drawn it prints this number, however wide the tolerance.
        fits, half = self._is_near(mean, 0.0), self.printed.half
        return self._decide(self.row(e.AlwaysTheSame(), estimate=mean), fits, half)

    def _predict(self, runs: np.ndarray) -> ExplanationRow:
        """Whether the published number lies where single papers print theirs."""
        printed, sign, best_of = self.printed, self.case.sign, 1
        if self.explanation.reads == "best_of_splits":
            best_of = int(str(self.parameters.get("splits", SPLITS)))
        predict = partial(
            next_number,
            sign * runs,
            averaged_over=self.case.claim.averaged_over,
            half_unit=printed.half,
            best_of=best_of,
        )
        alone = predict(level=LEVEL)
        jointly = predict(level=1 - (1 - LEVEL) / self.source.numbers)
        value, middle = sign * printed.value, sign * alone.middle
        low, high = sorted((sign * alone.low, sign * alone.high))
        # Within the tolerance, where there is one, the study calls it the same.
        is_close = self._is_near(middle)
        return replace(
            self.row(estimate=middle),
            low=low,
            high=high,
            compatible=alone.holds(value) or is_close,
            together=jointly.holds(value) or is_close,
            beyond=alone.beyond(value) if self.explanation.kind == "valid" else None,
        )

    def _compare_undrawn(self, value: float) -> ExplanationRow:
        """As a claim is judged where nothing is drawn. Where one run does not show what
        chance does, to the fit or to the tuning of this explanation, it fits as printed
        or is open."""
        printed, tolerance = self.printed, self.case.tolerance
        drawn = self.case.seed_unmeasured(self.case.claim.family)
        if drawn is not None and (drawn.draws == "fit" or self.explanation.tunes):
            fits = self._is_near(value, 0.0) or None
            row = self.row(drawn, estimate=value)
            return replace(row, compatible=fits, together=fits)
        decimals = kept_decimals(value, printed.value)
        noise = Noise(0.0, inf, chance_free=True, decimals=decimals)
        judged = lie_within(value - printed.value, noise, tolerance, printed.half)
        is_open = judged.agreement == Agreement.OFF
        reasons = [e.ToleranceBand(), *(RoundingOpen(tolerance),) * is_open]
        band = max(printed.half, tolerance - printed.half)
        row = self.row(*reasons, estimate=value)
        return self._decide(row, None if is_open else judged.holds, band)

    def _is_near(self, value: float, tolerance: float | None = None) -> bool:
        """Whether the published number is no farther away than the tolerance, that of the
        claim unless stated, but for rounding and float noise."""
        published, half = self.printed.value, self.printed.half
        if tolerance is None:
            try:
                tolerance = self.case.tolerance
            except NotTestableError:
                return False
        decimals = kept_decimals(value, published)
        return round(abs(value - published) - half - tolerance, decimals) <= 0

    def _decide(
        self, row: ExplanationRow, fits: bool | None, half: float
    ) -> ExplanationRow:
        """The row of a number that is always the same."""
        value = row.estimate or 0.0
        least, most = METRICS[self.case.metric].range
        low = max(self.case.scale * least, value - half)
        high = min(self.case.scale * most, value + half)
        return replace(row, compatible=fits, together=fits, low=low, high=high)

    def means(self, *variants: str, side: str = "test") -> np.ndarray:
        """(r,) repeat means of the claim's metric, in its unit; empty where there are no
        scores."""
        return self.means_of(self.source.series(side, variants))

    def means_of(self, series: SeriesByKey) -> np.ndarray:
        """The same, of these scores."""
        own = series.get(subject_of(self.case))
        if own is None:
            return np.array([])
        return self.case.repeat_means(own) * self.case.scale

    def predictions(self) -> pl.DataFrame:
        """The test predictions of the claim's family and dataset under the study's own
        protocol."""
        own = self.of_claim("predictions", *_PROTOCOL)
        return own.filter(pl.col("side") == "test")

    def score(self, predictions: pl.DataFrame, aggregation: str | None) -> np.ndarray:
        """The repeat means of these predictions, had the study this aggregation."""
        metric = self.case.metric
        how = {"aggregation": {metric: aggregation}} if aggregation else {}
        metrics = Metrics.model_validate({"primary": metric} | how)
        study = self.case.evidence.study.model_copy(update={"metrics": metrics})
        tuning = self.source.frames["tuning"].clear()
        scores = scores_of(study, self.case.evidence.tables, predictions, tuning)
        return self.means_of(series_of(scores, "test", _PROTOCOL))


def _read_test(trial: _Trial) -> np.ndarray:
    is_stated = trial.explanation.name == STATED
    return trial.means(*(_PROTOCOL if is_stated else (trial.variant,)))


def _read_best_of_seeds(trial: _Trial) -> np.ndarray:
    """The best of the seeds in each repeat."""
    begins = f"{trial.variant}:"
    names = [name for name in trial.source.variants if name.startswith(begins)]
    runs = [trial.means(name) for name in names]
    runs = [means for means in runs if len(means)]
    if not runs:
        return np.array([])
    runs.append(trial.means(*_PROTOCOL))
    count = min(map(len, runs))
    table = np.array([means[:count] for means in runs])
    best: np.ndarray = trial.case.sign * (trial.case.sign * table).max(axis=0)
    return best


def _read_best_of_splits(trial: _Trial) -> np.ndarray:
    if not trial.case.draws_chance:
        raise _IdleError(e.NoSplitsDrawn())
    return trial.means(*_PROTOCOL)


def _read_flat(trial: _Trial) -> np.ndarray:
    """The best mean of a candidate in each repeat."""
    tried = trial.of_claim("tuning", "explanation=tuned_on_test")
    if tried.is_empty():
        raise _IdleError(e.NoCandidates("tuned_on_test"))
    metric, tuned = trial.case.metric, str(tried["metric"][0])
    if metric not in (tuned, complement_of(tuned)):
        raise NotTestableError(e.OtherTuningMetric(tuned, metric))
    value = pl.col("value")
    best = value.max() if METRICS[tuned].higher_is_better else value.min()
    means = tried.group_by("repeat", "candidate").agg(value.mean())
    runs = means.group_by("repeat").agg(best).sort("repeat")
    values = runs["value"].to_numpy()
    if metric != tuned:
        values = 1 - values
    whole = np.full(len(values), -1)
    series = Series(runs["repeat"].to_numpy(), whole, values)
    return trial.means_of({subject_of(trial.case): series})


def _read_aggregation(trial: _Trial) -> np.ndarray:
    """The same predictions, put together from folds in the other way."""
    own, setting = trial.case.aggregation, trial.case.setting
    if setting.folds == setting.repeats:
        raise _IdleError(e.OneTestSet())
    predictions = trial.predictions()
    if own is None or predictions.is_empty() or setting.row_by_row:
        raise _IdleError(e.OneAggregation())
    other = "pooled" if own == "fold_mean" else "fold_mean"
    return trial.score(predictions, other)


def _read_ties(trial: _Trial) -> np.ndarray:
    """The same predictions, with the last of tied classes in the place of the first."""
    if "p" not in trial.source.frames["predictions"].columns:
        raise _IdleError(e.NothingTies(regression=True))
    classes = classes_of(trial.case.evidence.tables)[trial.case.dataset].names
    own = trial.predictions().filter(pl.col("p").is_not_null())
    p = pl.col("p").list
    is_tied = p.eval(pl.element() == pl.element().max()).list.sum() > 1
    last = len(classes) - 1 - p.reverse().list.arg_max()
    places = list(range(len(classes)))
    label = last.replace_strict(places, classes, return_dtype=pl.String)
    turned = own.with_columns(
        label=pl.when(is_tied & p.max().is_not_null())
        .then(label)
        .otherwise(pl.col("label"))
    )
    if own.is_empty() or (turned["label"] == own["label"]).all():
        raise _IdleError(e.NothingTies(regression=False))
    return trial.score(turned, trial.case.aggregation)


#: By how an explanation reads its number: that number in each repeat.
_READ: Mapping[str, Callable[[_Trial], np.ndarray]] = {
    "test": _read_test,
    "settings": _read_test,
    "train": lambda trial: trial.means(*_PROTOCOL, side="train"),
    "best_of_seeds": _read_best_of_seeds,
    "best_of_splits": _read_best_of_splits,
    "flat": _read_flat,
    "aggregation": _read_aggregation,
    "ties": _read_ties,
}
