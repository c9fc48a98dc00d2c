"""What a kind of claim is, and the evidence it is judged by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from bench.metrics import METRICS
from bench.registry import Registry
from bench.series import Key, Series, Setting, matched, series_of, setting_of
from bench.study import Claim, Study
from bench.yardstick import aggregation_of, draws_chance, resampling_of, rope_of, seeded, tolerance_of

#: What a kind answers: the columns of frames.VERDICTS that are its own (ours, difference, ..., verdict, reason).
Answer = dict[str, Any]


class NotTestableError(Exception):
    """A claim cannot be judged: `code` (impossible, missing, failed, not_attempted) and why, in a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")


@dataclass(frozen=True, eq=False)
class Evidence:
    """Everything that was measured. `series` by side; `tuned` are the (dataset, family) that chose among candidates."""

    study: Study
    tables: pl.DataFrame
    folds: pl.DataFrame
    comparisons: pl.DataFrame
    failures: pl.DataFrame
    series: dict[str, dict[Key, Series]]
    tuned: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, study: Study, frames: Mapping[str, pl.DataFrame]) -> Evidence:
        """From the frames tables, folds, scores, comparisons and failures."""
        scores = frames["scores"]
        inner = scores.filter((pl.col("side") == "inner") & (pl.col("variant") == "plain"))
        return cls(
            study=study,
            tables=frames["tables"],
            folds=frames["folds"],
            comparisons=frames["comparisons"],
            failures=frames["failures"],
            series={side: series_of(scores, side) for side in ("train", "inner", "test")},
            tuned=frozenset((str(d), str(f)) for d, f in inner.select("dataset", "family").unique().iter_rows()),
        )

    def metric(self, claim: Claim) -> str:
        return claim.metric or self.study.metrics.primary

    def dataset(self, claim: Claim) -> str:
        """The claim's dataset; a study of one dataset need not repeat it."""
        if claim.dataset is not None:
            return claim.dataset
        if len(self.study.datasets) == 1:
            return next(iter(self.study.datasets))
        raise NotTestableError("missing", "the claim names no dataset")

    def setting(self, claim: Claim) -> Setting:
        return setting_of(self.tables, self.folds, self.dataset(claim))

    def failed(self) -> pl.DataFrame:
        """The study's own cells that left no result."""
        return self.failures.filter((pl.col("variant") == "plain") & (pl.col("status") != "warning"))

    def scores(self, claim: Claim, family: str | None) -> Series:
        """The scores of one family. Raises `NotTestableError` when there are none, or not of every fold.

        What stands in for failed cells is not the family's: no claim is judged by it.
        """
        dataset, metric = self.dataset(claim), self.metric(claim)
        if family is None:
            raise NotTestableError("not_attempted", claim.note or "the paper's method has no counterpart in this study")
        lost = self.failed().filter(pl.col("dataset") == dataset, pl.col("family") == family)
        if len(lost):
            first = f"{lost['stage'][0]}: {lost['reason'][0]}"
            raise NotTestableError("failed", f"{len(lost)} cells of {family} on {dataset} failed, the first in {first}")
        series = self.series[claim.side].get((dataset, family, metric))
        if series is None or series.mean is None or not self.setting(claim).complete(series):
            raise NotTestableError("missing", f"{metric} of {family} on {dataset} ({claim.side}) has no scores here")
        return series

    def pair(self, claim: Claim, family: str | None, against: str | None) -> tuple[Series, Series]:
        """Two families on the folds where both have a score, turned so that higher is better, in the claim's unit."""
        turn = self.scale(claim) * (1 if METRICS[self.metric(claim)].higher_is_better else -1)
        a, b = matched(self.scores(claim, family), self.scores(claim, against))
        return a.times(turn), b.times(turn)

    def rivals(self, claim: Claim) -> list[str]:
        """The other families that were tried on the claim's dataset, in the order of the study."""
        dataset, metric = self.dataset(claim), self.metric(claim)
        scored = [f for d, f, m in self.series[claim.side] if (d, m) == (dataset, metric)]
        return [family for family in dict.fromkeys([*(self.study.families or ()), *scored]) if family != claim.family]

    def scale(self, claim: Claim) -> float:
        """The claim's unit in the metric's own."""
        return 100.0 if claim.unit == "percent" else 1.0

    def tolerance(self, claim: Claim) -> tuple[float, str]:
        """How close is close, in the claim's unit, and who says so. Raises `NotTestableError` when nobody does."""
        if claim.tolerance is not None:
            return claim.tolerance, "the claim's own tolerance"
        closeness = tolerance_of(self.study, self.metric(claim))
        if closeness.value is None:
            raise NotTestableError("missing", f"{closeness.why}; nobody said how close is close")
        return closeness.value * self.scale(claim), closeness.why

    def margin(self, claim: Claim) -> float:
        """The half-width within which two families are practically equal, in the claim's unit."""
        rope = rope_of(self.study, self.metric(claim))
        if claim.value is None and claim.tolerance is not None:
            return claim.tolerance
        return rope * self.scale(claim) if rope is not None else self.tolerance(claim)[0]

    def draws_chance(self, claim: Claim) -> bool:
        """Whether two people with the paper's recipe would get different splits or draws."""
        dataset = self.dataset(claim)
        return draws_chance(self.study, dataset) or self.setting(claim).repeats_a_draw > 0

    def without_seed(self, claim: Claim, *families: str | None) -> bool:
        """Whether these families fit the same way whenever they see the same rows."""
        dataset = self.dataset(claim)
        return not any(f is not None and (seeded(self.study, f) or (dataset, f) in self.tuned) for f in families)

    def aggregation(self, claim: Claim) -> str | None:
        """How our scores of the claim's metric are aggregated; None where the data are scores."""
        if self.study.protocol is None or (claim.dataset is None and len(self.study.datasets) > 1):
            return None
        return aggregation_of(self.study, self.dataset(claim), self.metric(claim))

    def protocol(self, claim: Claim) -> str:
        return (resampling_of(self.study, self.dataset(claim)) or "a table of scores").replace("_", "-")


@dataclass(frozen=True)
class ClaimKind:
    """A kind of claim: which fields it needs, and how it is judged."""

    name: str
    title: str
    needs: tuple[str, ...]
    judge: Callable[[Claim, Evidence], Answer]


KINDS = Registry("bench.claims", ClaimKind, "claim kind")
