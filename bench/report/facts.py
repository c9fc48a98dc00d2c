"""Questions that several sections ask of the frames, each answered once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from bench.report.bundle import Bundle
from bench.report.words import Measure, measure
from bench.study.models import FixedSplit, GivenFolds, LeaveOneOut

Key = tuple[str, str]
#: Fewer data sets than this are not drawn as groups of ranks, whatever the number of families.
FEWEST = 9


@dataclass(frozen=True)
class Estimate:
    """A mean score with its interval, if one exists, and how many of the family's own scores stand behind it.

    `fallbacks`: how many more are a baseline's, in the place of failed cells.
    """

    value: float
    low: float | None
    high: float | None
    scores: int
    fallbacks: int = 0


@dataclass(frozen=True)
class Standing:
    """Who leads on one dataset: `best`, and `tied`: every family that is not worse than it after Holm.

    `tested` is False where no test exists (deterministic protocols, one split): then nothing is tied or beaten.
    """

    best: str
    tied: frozenset[str]
    tested: bool


@dataclass(frozen=True)
class Pair:
    """Family minus against, turned so that `family` is the row asked for."""

    family: str
    against: str
    estimate: float
    low: float | None
    high: float | None
    p: float | None
    p_adjusted: float | None
    p_less: float | None
    p_rope: float | None
    p_greater: float | None
    fallbacks: int | None


def level(bundle: Bundle) -> float:
    return bundle.study.compare.level if bundle.study.compare else 0.95


def estimates(bundle: Bundle, metric: str, side: str = "test", *, own: bool = False) -> dict[Key, Estimate]:
    """Mean score by (dataset, family); the interval comes from the comparisons, on the test side only.

    `own`: of the cells that finished alone, without what stands in for the others.
    """
    scores = (
        bundle.plain("scores")
        .filter(pl.col("metric") == metric, pl.col("side") == side, pl.col("value").is_not_null())
        .group_by("dataset", "family")
        .agg(pl.col("value").mean(), pl.len())
    )
    found = {(d, f): Estimate(v, None, None, n) for d, f, v, n in scores.iter_rows()}
    if side == "test":
        rows = bundle.frame("comparisons").filter(pl.col("test") == "interval", pl.col("metric") == metric)
        for row in rows.iter_rows(named=True):
            key = (row["dataset"], row["family"])
            if row["estimate"] is not None and not (own and row["fallbacks"]):
                n = found[key].scores if key in found else 0
                ends = _clipped(row["low"], row["high"], measure(metric))
                found[key] = Estimate(row["estimate"], *ends, n, row["fallbacks"] or 0)
    return found


def _clipped(low: float | None, high: float | None, unit: Measure) -> tuple[float | None, float | None]:
    """An interval of scores ends where the metric does."""
    low = low if low is None or unit.low is None else max(low, unit.low)
    return low, high if high is None or unit.high is None else min(high, unit.high)


def is_clipped(bundle: Bundle, metric: str) -> bool:
    """Whether any interval reached beyond the metric's limits, so that the page must say that it was cut."""
    unit = measure(metric)
    rows = bundle.frame("comparisons").filter(pl.col("test") == "interval", pl.col("metric") == metric)
    over = unit.high is not None and bool((rows["high"] > unit.high).any())
    return over or (unit.low is not None and bool((rows["low"] < unit.low).any()))


def pairs(bundle: Bundle, dataset: str, metric: str) -> dict[Key, Pair]:
    """Every corrected t test of one dataset and metric, both ways round."""
    frame = bundle.frame("comparisons").filter(
        pl.col("test") == "corrected_t", pl.col("dataset") == dataset, pl.col("metric") == metric
    )
    found = {}
    for row in frame.iter_rows(named=True):
        if row["estimate"] is None:
            continue
        a, b = row["family"], row["against"]
        found[a, b] = _pair(row)
        low, high = row["low"], row["high"]
        turned = {
            "family": b,
            "against": a,
            "estimate": -row["estimate"],
            "low": None if high is None else -high,
            "high": None if low is None else -low,
            "p_less": row["p_greater"],
            "p_greater": row["p_less"],
        }
        found[b, a] = _pair(row | turned)
    return found


def _pair(row: dict[str, Any]) -> Pair:
    return Pair(**{name: row[name] for name in Pair.__dataclass_fields__})


def standing(bundle: Bundle, dataset: str, metric: str) -> Standing | None:
    """Who leads on a dataset, and who cannot be told from the leader; None without any score.

    A family that is excluded for its failed cells neither leads nor follows.
    """
    unit, out = measure(metric), excluded(bundle, dataset, metric)
    placed = [f for f in bundle.families if f not in out]
    means = {f: e.value for (d, f), e in estimates(bundle, metric).items() if d == dataset and f in placed}
    if not means:
        return None
    order = {name: i for i, name in enumerate(bundle.families)}
    best = min(means, key=lambda f: (round(unit.loss(means[f]), 12), order[f]))
    tests = pairs(bundle, dataset, metric)
    against = {f: tests[best, f].p_adjusted for f in means if (best, f) in tests}
    tested = {f: p for f, p in against.items() if p is not None}
    if not tested:
        return Standing(best, frozenset({best}), False)
    beaten = {f for f, p in tested.items() if p < 1 - level(bundle)}
    return Standing(best, frozenset(set(means) - beaten), True)


def excluded(bundle: Bundle, dataset: str, metric: str) -> set[str]:
    """The families that were compared on a dataset and have no estimate there: some of their cells failed."""
    rows = bundle.frame("comparisons").filter(
        pl.col("test") == "interval", pl.col("dataset") == dataset, pl.col("metric") == metric
    )
    return set(rows.filter(pl.col("estimate").is_null())["family"])


def is_pooled(bundle: Bundle, dataset: str, metric: str) -> bool:
    """Whether a metric's test scores are pooled over folds: they then have no fold."""
    rows = bundle.plain("scores").filter(
        pl.col("dataset") == dataset, pl.col("metric") == metric, pl.col("side") == "test"
    )
    return rows.height > 0 and rows["fold"].null_count() == rows.height


def without_chance(bundle: Bundle, dataset: str) -> bool:
    """Whether the protocol of a dataset draws nothing at random, so that no interval over splits exists."""
    protocol = bundle.study.protocol_of(dataset)
    return protocol is not None and isinstance(protocol.resampling, LeaveOneOut | FixedSplit | GivenFolds)


def no_interval_reason(bundle: Bundle, dataset: str) -> str:
    protocol = bundle.study.protocol_of(dataset)
    if protocol is not None and getattr(protocol.resampling, "repeats", 1) > 1 and without_chance(bundle, dataset):
        return "the same rows in every run: no interval exists"
    if without_chance(bundle, dataset):
        return "deterministic: no interval exists"
    return "no interval: too few splits to estimate one"


def datasets_needed(k: int, alpha: float) -> int:
    """How many data sets it takes to decide between pairs of `k` families.

    With N sets the smallest p of a signed-rank test is 2^(1 − N); Holm multiplies it by k(k − 1)/2 before it may fall
    below `alpha`. Five families at 0.05 need nine (10 · 2^−8 = 0.039).
    """
    n = 2
    while k * (k - 1) / 2 * 2.0 ** (1 - n) >= alpha:
        n += 1
    return max(n, FEWEST)


def can_decide(bundle: Bundle, n: int) -> bool:
    """Whether `n` data sets are enough for the study's families and level."""
    return n >= datasets_needed(len(bundle.families), 1 - level(bundle))


def mean_ranks(bundle: Bundle, metric: str) -> dict[str, float]:
    rows = bundle.frame("comparisons").filter(pl.col("test") == "mean_rank", pl.col("metric") == metric)
    return {f: r for f, r in zip(rows["family"], rows["estimate"], strict=True) if f is not None and r is not None}


def overall(bundle: Bundle, test: str, metric: str) -> dict[str, Any] | None:
    """The one row of a test over all data sets (`friedman_f`, `critical_difference`, ...), if it was made."""
    rows = bundle.frame("comparisons").filter(
        pl.col("test") == test, pl.col("metric") == metric, pl.col("dataset").is_null(), pl.col("against").is_null()
    )
    return rows.row(0, named=True) if rows.height else None


def overall_pairs(bundle: Bundle, metric: str) -> dict[Key, float]:
    """Adjusted p-values of pairs over all data sets, both ways round.

    Where only a critical difference was computed, a pair within it has 1 and a pair beyond it 0: told apart or not.
    """
    rows = bundle.frame("comparisons").filter(
        pl.col("dataset").is_null(),
        pl.col("against").is_not_null(),
        pl.col("p_adjusted").is_not_null(),
        pl.col("metric") == metric,
    )
    found = {}
    for a, b, p in rows.select("family", "against", "p_adjusted").iter_rows():
        found[a, b] = found[b, a] = p
    reach, ranks = overall(bundle, "critical_difference", metric), mean_ranks(bundle, metric)
    if not found and reach is not None and reach["estimate"] is not None:
        found = {(a, b): float(abs(ranks[a] - ranks[b]) < reach["estimate"]) for a in ranks for b in ranks if a != b}
    return found


def datasets_compared(bundle: Bundle, metric: str) -> int:
    """How many data sets have a score of every family that has ranks."""
    ranked = set(mean_ranks(bundle, metric)) or set(bundle.families)
    scored = estimates(bundle, metric)
    return sum(all((d, f) in scored for f in ranked) for d in bundle.datasets)


def failed_cells(bundle: Bundle) -> pl.DataFrame:
    """Failures of the study's own cells that left no result (warnings are left out)."""
    return bundle.plain("failures").filter(pl.col("status") != "warning")


def fallbacks(bundle: Bundle, metric: str) -> int:
    """How many scores of a metric are a baseline's, in the place of failed cells."""
    rows = bundle.frame("comparisons").filter(pl.col("test") == "interval", pl.col("metric") == metric)
    return int(rows["fallbacks"].sum())


def primary(bundle: Bundle) -> Measure:
    return measure(bundle.study.metrics.primary)
