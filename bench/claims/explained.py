"""Which way would explain a published number: the number beside what honest ways and known slips give here.

Every way that a study asks for (`diagnostics: {explain: ...}`) is held against each published score of that family. The
numbers that one paper would print, had it gone that way, lie in a prediction interval from our repeats of it; ways
whose interval holds the published number, or that lie within the claim's tolerance of it, are compatible. That is all
that is said: ways that cannot be told apart are told together, and where an honest one is among them no slip is needed.

One number tells little. A paper that went one way went it for all its numbers: the published numbers of a study are
held against each way jointly too, each in an interval so wide that one of them lies outside by chance in at most .05.
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
from bench.core import frames as frame_schemas
from bench.core.frames import JOINT, empty, of_rows
from bench.core.metrics import COMPLEMENT, METRICS
from bench.core.outcomes import decoded
from bench.run.variants.explanation import EXPLANATIONS, STATED, Explanation, wanted
from bench.run.variants.explanations.choosing import SPLITS
from bench.scores.compute import scores_of
from bench.scores.series import Series, series_of
from bench.stats.prediction import next_number
from bench.study import Claim, Study
from bench.study.models import Explain, Metrics
from bench.text.sentences import sentences

#: Of the interval of one number alone, and of all numbers jointly.
LEVEL = 0.95
#: Metrics that differ by how classes are put together.
_STEMS = ("f1", "precision", "recall", "roc_auc")
_SAME = {"accuracy": ("balanced_accuracy",), "balanced_accuracy": ("accuracy",)}


def explanations(study: Study, frames: Mapping[str, pl.DataFrame], numbers: int | None = None) -> pl.DataFrame:
    """frames.EXPLANATIONS, from the frames tables, folds, scores, estimates, failures, predictions, tuning, ways.

    numbers: how many are held against the ways jointly; all different ones of the paper when None.
    """
    explain = study.diagnostics.explain if study.diagnostics is not None else None
    if explain is None or not isinstance(study.claims, tuple):
        return empty(frame_schemas.EXPLANATIONS)
    looker = _Looker(study, explain, ClaimEvidence.of(study, frames), frames)
    claims = [claim for claim in study.claims if looker.is_about(claim)]
    printed = {looker.number(claim) for claim in claims if claim.source == "paper"}
    values = Counter((dataset, family, metric) for dataset, family, metric, _ in printed)
    looker = replace(looker, numbers=numbers or max(1, len(printed)))
    rows = [row for claim in claims for row in looker.rows(claim)]
    for row in rows:  # no way gives two numbers of one thing
        if numbers is None and values[row["dataset"], row["family"], row["metric"]] > 1:
            row["together"] = None
    return of_rows(rows, frame_schemas.EXPLANATIONS)


def jointly(rows: pl.DataFrame) -> pl.DataFrame:
    """frames.JOINT, a row a way that gave some number of the paper, from the rows of a study (frames.EXPLANATIONS).

    A number of which no way can tell anything (its cells failed, or the paper prints two for one thing) is left out.
    """
    rows = rows.filter(pl.col("source") == "paper")
    rows = rows.filter(pl.col("claim").is_in(together(rows)))
    stated = {row["claim"]: row["together"] for row in rows.iter_rows(named=True) if row["variant"] == _PROTOCOL[1]}
    found = []
    for (variant,), part in rows.partition_by("variant", as_dict=True, maintain_order=True).items():
        if part["estimate"].null_count() == part.height:
            continue
        fits = stated | dict(zip(part["claim"], part["together"], strict=True))
        missed = [claim for claim, fit in fits.items() if fit is False]
        compatible = False if missed else None if None in fits.values() else True
        least = part["beyond"].drop_nulls().min()
        beyond = None if least is None else min(1.0, len(fits) * float(least))  # type: ignore[arg-type]
        about = {"variant": variant, "kind": part["kind"][0], "title": part["title"][0], "numbers": len(fits)}
        found.append(about | {"missed": missed, "compatible": compatible, "beyond": beyond})
    return of_rows(found, JOINT)


def together(rows: pl.DataFrame) -> list[str]:
    """The paper's claims that can be held against all ways together, in the order of the frame."""
    known = rows.filter(pl.col("source") == "paper", pl.col("together").is_not_null())
    return known["claim"].unique(maintain_order=True).to_list()


class _IdleError(Exception):
    """A way that leaves this number what the study's own protocol makes it; the message says why."""


@dataclass(frozen=True)
class Answer:
    """What the ways of one claim come to: the names of those compatible with it, in the order of the frame.

    valid, errors, controls: compatible explanations by kind; beyond: how often honest papers print a number as far out;
    answered: some interval is known.
    """

    valid: tuple[str, ...]
    errors: tuple[str, ...]
    controls: tuple[str, ...]
    beyond: float | None
    answered: bool

    @property
    def accuses(self) -> bool:
        """No honest way gives such a number, and some slip does."""
        return bool(self.errors) and not self.valid and not self.controls


def answer_of(rows: pl.DataFrame) -> Answer:
    """The answer that the rows of one claim (frames.EXPLANATIONS), or those of all of them (`jointly`), give."""
    good = rows.filter(pl.col("compatible"))
    by = {kind: tuple(good.filter(pl.col("kind") == kind)["title"]) for kind in ("valid", "error", "control")}
    beyond = rows.filter(pl.col("kind") == "valid")["beyond"].drop_nulls()
    most = float(beyond.max()) if len(beyond) else None  # type: ignore[arg-type]
    return Answer(by["valid"], by["error"], by["control"], most, rows["compatible"].null_count() < len(rows))


@dataclass(frozen=True, eq=False)
class _Looker:
    study: Study
    explain: Explain
    evidence: ClaimEvidence
    frames: Mapping[str, pl.DataFrame]
    #: How many different numbers the ways are held against jointly.
    numbers: int = 1
    #: Scores that were put together once, for claims of one family, dataset and metric.
    kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def is_about(self, claim: Claim) -> bool:
        """A published test score of one of the families on a dataset that is looked at."""
        if claim.kind != "value" or claim.side != "test" or claim.value is None:
            return False
        if claim.family not in self.explain.families:
            return False
        if claim.dataset is None and len(self.study.datasets) > 1:
            return False
        return self.evidence.dataset(claim) in (self.explain.datasets or self.study.datasets)

    def number(self, claim: Claim) -> tuple[Any, ...]:
        """What a claim is about: two that print the same number of the same thing count once."""
        return self.evidence.dataset(claim), claim.family, self.evidence.metric(claim), float(str(claim.value))

    def rows(self, claim: Claim) -> Iterator[dict[str, Any]]:
        stated = self._found(claim, EXPLANATIONS[STATED], {})[0].get("together")
        for way, parameters in wanted(self.explain):
            about = {
                "claim": claim.id,
                "source": claim.source,
                "dataset": self.evidence.dataset(claim),
                "family": claim.family,
                "metric": self.evidence.metric(claim),
                "variant": way.variant,
                "kind": way.kind,
                "title": way.title,
            }
            try:
                found = self._found(claim, way, parameters)
            except _IdleError as error:
                found = [{"reason": str(error), "together": stated}]
            yield from (about | one for one in found)

    def _found(self, claim: Claim, way: Explanation, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        if why := self.refused(claim, way):
            raise _IdleError(why)
        try:
            return list(_READ[way.reads](self, claim, way, parameters))
        except NotTestableError as error:
            return [{"reason": str(error).partition(": ")[2]}]

    def refused(self, claim: Claim, way: Explanation) -> str | None:
        """Why the run could not go this way."""
        about = {"dataset": self.evidence.dataset(claim), "family": claim.family, "variant": way.variant}
        ways = self.frames["unavailable"].filter(pl.col(name) == value for name, value in about.items())
        return sentences(decoded(ways["reasons"][0])) if len(ways) else None

    def settled(self, claim: Claim, runs: np.ndarray, kind: str, best_of: int = 1) -> dict[str, Any]:
        """The row of one way, from what it gave in each repeat, in the claim's unit."""
        printed, turn = Printed.of(str(claim.value)), self.evidence.direction(claim)
        if not len(runs):
            return {"reason": "no scores came out of it"}
        if len(runs) < 2 and self.evidence.draws_chance(claim):
            said = "one run only: what another split would print is not known"
            return {"estimate": float(runs.mean()), "reason": said}
        if len(runs) < 2 or np.ptp(np.round(runs, 9)) == 0:
            return self._without_chance(float(runs.mean()), printed, claim, kind)
        further = partial(
            next_number, turn * runs, averaged_over=claim.repeats or 1, half_unit=printed.half, best_of=best_of
        )
        one, among = further(), further(level=1 - (1 - LEVEL) / self.numbers)
        close = self._close(turn * one.middle, printed, claim)
        row = {
            "estimate": turn * one.middle,
            "low": min(turn * one.low, turn * one.high),
            "high": max(turn * one.low, turn * one.high),
            "compatible": one.holds(turn * printed.value) or close,
            "together": among.holds(turn * printed.value) or close,
        }
        return row | ({"beyond": one.beyond(turn * printed.value)} if kind == "valid" else {})

    def _close(self, value: float, printed: Printed, claim: Claim) -> bool:
        """Within the claim's tolerance, where one is declared or customary: what the study calls the same number."""
        try:
            half = printed.half + self.evidence.tolerance(claim)[0]
        except NotTestableError:
            return False
        return round(abs(value - printed.value), 9) <= round(half, 9)

    def _without_chance(self, value: float, printed: Printed, claim: Claim, kind: str) -> dict[str, Any]:
        """Nothing is drawn: equal to within the tolerance of the claim, or not."""
        tolerance = self.evidence.tolerance(claim)[0]
        half = printed.half + tolerance
        inside = round(abs(value - printed.value), 9) <= round(half, 9)
        said = "nothing is drawn here: equal to within the claim's tolerance, or not"
        row: dict[str, Any] = {"estimate": value, "low": value - half, "high": value + half, "reason": said}
        row |= {"compatible": inside, "together": inside}
        return row | ({"beyond": float(inside)} if kind == "valid" else {})

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


_PROTOCOL = ("plain", "explanation=protocol")
Found = Iterable[dict[str, Any]]


def _test(looker: _Looker, claim: Claim, way: Explanation, parameters: Mapping[str, Any]) -> Found:
    variants = _PROTOCOL if way.name == "protocol" else (way.variant,)
    yield looker.settled(claim, looker.means(claim, looker.frames["scores"], *variants), way.kind)


def _train(looker: _Looker, claim: Claim, way: Explanation, parameters: Mapping[str, Any]) -> Found:
    yield looker.settled(claim, looker.means(claim, looker.frames["scores"], *_PROTOCOL, side="train"), way.kind)


def _best_of_seeds(looker: _Looker, claim: Claim, way: Explanation, parameters: Mapping[str, Any]) -> Found:
    scores = looker.frames["scores"]
    names = [name for name in scores["variant"].unique().sort() if name.startswith(f"{way.variant}:")]
    runs = [looker.means(claim, scores, name) for name in names]
    runs = [one for one in runs if len(one)]
    if not runs:
        yield {"reason": "no scores came out of it"}
        return
    own = looker.means(claim, scores, *_PROTOCOL)
    count = min(len(one) for one in (own, *runs))
    table = np.array([one[:count] for one in (own, *runs)])
    best = table.max(axis=0) if looker.evidence.direction(claim) > 0 else table.min(axis=0)
    yield looker.settled(claim, best, way.kind)


def _best_of_splits(looker: _Looker, claim: Claim, way: Explanation, parameters: Mapping[str, Any]) -> Found:
    if not looker.evidence.draws_chance(claim):
        raise _IdleError("the protocol draws no splits")
    runs = looker.means(claim, looker.frames["scores"], *_PROTOCOL)
    yield looker.settled(claim, runs, way.kind, best_of=int(parameters.get("splits", SPLITS)))


def _flat(looker: _Looker, claim: Claim, way: Explanation, parameters: Mapping[str, Any]) -> Found:
    tuning, metric = looker.frames["tuning"], looker.evidence.metric(claim)
    own = tuning.filter(
        (pl.col("variant") == "explanation=tuned_on_test")
        & (pl.col("dataset") == looker.evidence.dataset(claim))
        & (pl.col("family") == claim.family)
    )
    if own.is_empty():
        raise _IdleError("it needs the candidates of the slip tuned_on_test")
    tuned = str(own["metric"][0])
    if metric not in (tuned, COMPLEMENT.get(tuned)):
        yield {"reason": f"candidates are judged by {tuned}, the published number is {metric}"}
        return
    means = own.group_by("repeat", "candidate").agg(pl.col("value").mean()).sort("repeat", "candidate")
    best = pl.col("value").max() if METRICS[tuned].higher_is_better else pl.col("value").min()
    runs = means.group_by("repeat", maintain_order=True).agg(best)
    values = runs["value"].to_numpy() if metric == tuned else 1 - runs["value"].to_numpy()
    series = Series(runs["repeat"].to_numpy(), np.full(len(values), -1), values)
    yield looker.settled(claim, looker.repeats(claim, series) * looker.evidence.scale(claim), way.kind)


def _averaging(looker: _Looker, claim: Claim, way: Explanation, parameters: Mapping[str, Any]) -> Found:
    metric = looker.evidence.metric(claim)
    stem = next((one for one in _STEMS if metric.startswith(one)), None)
    others = [name for name in METRICS if stem and name.startswith(stem) and name != metric]
    found = False
    own = looker.evidence.aggregation(claim)
    for other in [*_SAME.get(metric, ()), *others]:
        settings = {"primary": other} | ({"aggregation": {other: own}} if own else {})
        runs = looker.means(claim, _scored(looker, claim, settings, named=metric), *_PROTOCOL)
        if len(runs):
            found = True
            row = looker.settled(claim, runs, way.kind)
            yield row | {"variant": f"{way.variant}:{other}", "title": f"printed is {METRICS[other].title.lower()}"}
    if not found:
        raise _IdleError(f"{metric} has no other averaging here")


def _aggregation(looker: _Looker, claim: Claim, way: Explanation, parameters: Mapping[str, Any]) -> Found:
    metric, own = looker.evidence.metric(claim), looker.evidence.aggregation(claim)
    other = "pooled" if own == "fold_mean" else "fold_mean"
    settled = _scored(looker, claim, {"primary": metric, "aggregation": {metric: other}})
    runs = looker.means(claim, settled, *_PROTOCOL)
    if own is None or not len(runs) or looker.evidence.protocol(claim) == "leave-one-out":
        raise _IdleError("there is one way to put these predictions together")
    yield looker.settled(claim, runs, way.kind)


def _ties(looker: _Looker, claim: Claim, way: Explanation, parameters: Mapping[str, Any]) -> Found:
    if "p" not in looker.frames["predictions"].columns:
        raise _IdleError("the task is regression: nothing ties")
    key = (looker.evidence.dataset(claim), claim.family)
    turned = looker.once(("ties", *key), lambda: _turned(looker, claim))
    if turned is None:
        raise _IdleError("no two classes had the same probability")
    metric, own = looker.evidence.metric(claim), looker.evidence.aggregation(claim)
    settings = {"primary": metric} | ({"aggregation": {metric: own}} if own else {})
    yield looker.settled(claim, looker.means(claim, _scored(looker, claim, settings, turned), *_PROTOCOL), way.kind)


def _turned(looker: _Looker, claim: Claim) -> pl.DataFrame | None:
    """The predictions with the last of tied classes said in the place of the first; None where none are tied."""
    classes = looker.evidence.tables.filter(pl.col("dataset") == looker.evidence.dataset(claim))["classes"][0].to_list()
    mine = _own(looker, claim).filter(pl.col("p").is_not_null())
    top = pl.col("p").list.max()
    ties = pl.col("p").list.eval(pl.element() == pl.element().max()).list.sum() > 1
    last = pl.col("p").list.reverse().list.arg_max()
    turned = mine.with_columns(
        label=pl.when(ties & top.is_not_null())
        .then((len(classes) - 1 - last).replace_strict(list(range(len(classes))), classes, return_dtype=pl.String))
        .otherwise(pl.col("label"))
    )
    return None if mine.is_empty() or (turned["label"] == mine["label"]).all() else turned


def _own(looker: _Looker, claim: Claim) -> pl.DataFrame:
    """The test predictions of the claim's family and dataset under the study's own protocol."""
    return looker.frames["predictions"].filter(
        (pl.col("dataset") == looker.evidence.dataset(claim))
        & (pl.col("family") == claim.family)
        & pl.col("variant").is_in(list(_PROTOCOL))
        & (pl.col("side") == "test")
    )


def _scored(
    looker: _Looker,
    claim: Claim,
    metrics: Mapping[str, Any],
    predictions: pl.DataFrame | None = None,
    named: str | None = None,
) -> pl.DataFrame:
    """The scores of the claim's own predictions (or of these), had the study these metrics; under the name `named`."""

    def made() -> pl.DataFrame:
        study = looker.study.model_copy(update={"metrics": Metrics(**metrics)})
        tables, tuning = looker.evidence.tables, looker.frames["tuning"].clear()
        found = scores_of(study, tables, _own(looker, claim) if predictions is None else predictions, tuning)
        return found if named is None else found.with_columns(metric=pl.lit(named))

    about = (looker.evidence.dataset(claim), claim.family, str(metrics), predictions is None, named)
    return looker.once(about, made)


_READ: Mapping[str, Callable[[_Looker, Claim, Explanation, Mapping[str, Any]], Found]] = {
    "test": _test,
    "train": _train,
    "best_of_seeds": _best_of_seeds,
    "best_of_splits": _best_of_splits,
    "flat": _flat,
    "averaging": _averaging,
    "aggregation": _aggregation,
    "ties": _ties,
}
