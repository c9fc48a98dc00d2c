"""What a result has besides its number: failed, partial or replaced folds, warnings, constant predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from bench.core.frames import records
from bench.core.metrics import METRICS
from bench.core.rows import WARNED
from bench.core.text import shortened
from bench.report import facts
from bench.report.bundle import Bundle, remembered
from bench.report.means import MeanScore
from bench.report.text import states as text
from bench.text import formats

#: How a reason or a detail is cut.
LONGEST = 60


@dataclass(frozen=True)
class State:
    """One state: `kind` names its look (lost, partial, warned, equal, plain, absent), `detail` is its second line."""

    kind: str
    words: str
    detail: str = ""


@dataclass(frozen=True)
class FailureRow:
    """A cell that failed, or warned (columns of frames.FAILURES)."""

    family: str
    repeat: int
    fold: int
    status: str | None
    reason: str | None


@dataclass(frozen=True)
class _Place:
    """What the frames hold of one dataset: failures by family, how many test scores a metric and family have and how
    many different ones, constant families, those with any test score, and of which (metric, family) runs are missing.
    """

    failures: dict[str, list[FailureRow]]
    values: dict[tuple[str, str], tuple[int, int]]
    constant: frozenset[str]
    scored: frozenset[str]
    missing: frozenset[tuple[str, str]]


def states(
    bundle: Bundle,
    dataset: str,
    metric: str,
    families: Sequence[str],
    found: Mapping[str, MeanScore],
) -> dict[str, list[State]]:
    """By family, everything that is not as it should be with its cell; empty where that is complete."""
    place, what = _place(bundle, dataset), facts.single_scores(bundle, dataset, metric)
    pooled = facts.is_pooled(bundle, dataset, metric)
    folds = bundle.of("folds", dataset)
    expected, unit = (
        (folds["repeat"].n_unique(), "repeat") if pooled else (folds.height, "fold")
    )
    said = {}
    for f in families:
        lost = _lost(place, f)
        if f not in found:
            said[f] = lost or [_absent(place, f, metric)]
        else:
            flat = _flat(place, f, metric, what)
            said[f] = [
                *_share(bundle, found[f], expected, unit),
                *lost,
                *_warned(place, f),
                *flat,
            ]
    return said


@remembered
def failures_on(bundle: Bundle, dataset: str) -> dict[str, list[FailureRow]]:
    """The study's own failures and warnings on a dataset, by family."""
    found: dict[str, list[FailureRow]] = {}
    for row in records(bundle.plain("failures").filter(dataset=dataset), FailureRow):
        found.setdefault(row.family, []).append(row)
    return found


@remembered
def _place(bundle: Bundle, dataset: str) -> _Place:
    tests = bundle.tests.filter(dataset=dataset).group_by("metric", "family")
    counts = tests.agg(pl.len(), pl.col("value").n_unique().alias("different"))
    values = {
        (metric, family): (n, different)
        for metric, family, n, different in counts.iter_rows()
    }
    collapsed = bundle.frame("findings").filter(
        diagnostic="degenerate", outcome="found", dataset=dataset
    )
    constant, scored = (
        frozenset(collapsed["family"].drop_nulls()),
        frozenset(family for _, family in values),
    )
    missing = bundle.of("missing_runs", dataset).select("metric", "family").unique()
    return _Place(
        failures_on(bundle, dataset),
        values,
        constant,
        scored,
        frozenset(missing.iter_rows()),
    )


def is_partial(found: list[State]) -> bool:
    """Whether the number rests on a part of the folds: then it is never marked as best."""
    return any(state.kind == "partial" for state in found)


def _share(
    bundle: Bundle, estimate: MeanScore, expected: int, unit: str
) -> list[State]:
    if estimate.fallbacks:
        return [
            State(
                "fallback",
                text.replaced(estimate.fallbacks, expected, unit),
            )
        ]
    if 0 < estimate.scores < expected:
        return [State("partial", text.partial(estimate.scores, expected, unit))]
    return []


def _lost(place: _Place, family: str) -> list[State]:
    """Cells without results, by status: how many folds, and why."""
    reasons: dict[str, list[str]] = {}
    for row in place.failures.get(family, []):
        if row.status != WARNED:
            reasons.setdefault(row.status or "failed", []).append(row.reason or "")
    found = []
    for status, given in sorted(reasons.items()):
        why = (
            given[0]
            if len(set(given)) == 1
            else formats.plural(len(set(given)), "reason")
        )
        found.append(
            State("lost", text.lost(status, len(given)), shortened(why, LONGEST))
        )
    return found


def _warned(place: _Place, family: str) -> list[State]:
    rows = [row for row in place.failures.get(family, []) if row.status == WARNED]
    folds = len({(row.repeat, row.fold) for row in rows})
    return (
        [State("warned", text.warned([row.reason or "" for row in rows], folds))]
        if folds
        else []
    )


def _flat(place: _Place, family: str, metric: str, what: str) -> list[State]:
    """Single scores (each of a `what`) that are all the same, and a family whose label or value, which the metric
    needs, is the same whatever the row."""
    found, (n, different) = [], place.values.get((metric, family), (0, 0))
    if n > 1 and different == 1:
        found.append(State("equal", text.all_equal(n, what)))
    needs = METRICS[metric].needs if metric in METRICS else ""
    if family in place.constant and needs in text.CONSTANT:
        found.append(State("warned", text.CONSTANT[needs]))
    return found


def _absent(place: _Place, family: str, metric: str) -> State:
    """No score and no failure: undefined here, missing in a table of scores, or never run."""
    if family not in place.scored:
        return State("absent", text.NOT_RUN)
    if (metric, family) in place.missing:
        return State("absent", text.MISSING)
    needs = METRICS[metric].needs if metric in METRICS else ""
    if needs in text.NEEDS:
        return State("plain", text.NOT_APPLICABLE, text.NEEDS[needs])
    return State("plain", text.NOT_APPLICABLE, text.UNDEFINED)
