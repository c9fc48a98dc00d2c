"""What a result has besides its number: failed, partial or replaced folds, warnings, constant predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.core.frames import records
from bench.core.metrics import METRICS
from bench.core.rows import WARNED
from bench.core.text import shortened
from bench.report import facts
from bench.report.bundle import Bundle
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
class _Failure:
    """Columns of frames.FAILURES."""

    family: str
    repeat: int
    fold: int
    status: str | None
    reason: str | None


@dataclass(frozen=True)
class _Place:
    """What the frames hold of one dataset and metric, found once: failures, test scores (each of a `what`) and constant
    families."""

    metric: str
    failures: dict[str, list[_Failure]]
    values: dict[str, list[float]]
    constant: frozenset[str]
    scored: frozenset[str]
    what: str


def states(
    bundle: Bundle, dataset: str, metric: str, families: Sequence[str], found: Mapping[str, MeanScore]
) -> dict[str, list[State]]:
    """By family, everything that is not as it should be with its cell; empty where that is complete."""
    place = _place(bundle, dataset, metric)
    pooled = facts.is_pooled(bundle, dataset, metric)
    folds = bundle.frame("folds").filter(dataset=dataset)
    expected, unit = (folds["repeat"].n_unique(), "repeat") if pooled else (folds.height, "fold")
    said = {}
    for f in families:
        lost = _lost(place, f)
        if f not in found:
            said[f] = lost or [_absent(place, f)]
        else:
            said[f] = [*_share(bundle, found[f], expected, unit), *lost, *_warned(place, f), *_flat(place, f)]
    return said


def _place(bundle: Bundle, dataset: str, metric: str) -> _Place:
    failures: dict[str, list[_Failure]] = {}
    for row in records(bundle.plain("failures").filter(dataset=dataset), _Failure):
        failures.setdefault(row.family, []).append(row)
    scores = bundle.plain("scores").filter(dataset=dataset, side="test")
    values: dict[str, list[float]] = {}
    for family, value in scores.filter(metric=metric).select("family", "value").iter_rows():
        values.setdefault(family, []).append(value)
    collapsed = bundle.frame("findings").filter(diagnostic="degenerate", outcome="found", dataset=dataset)
    constant = frozenset(collapsed["family"].drop_nulls())
    what = facts.single_scores(bundle, dataset, metric)
    return _Place(metric, failures, values, constant, frozenset(scores["family"]), what)


def is_partial(found: list[State]) -> bool:
    """Whether the number rests on a part of the folds: then it is never marked as best."""
    return any(state.kind == "partial" for state in found)


def _share(bundle: Bundle, estimate: MeanScore, expected: int, unit: str) -> list[State]:
    if estimate.fallbacks:
        return [State("fallback", facts.stand_in(bundle).replaced(estimate.fallbacks, expected, unit))]
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
        why = given[0] if len(set(given)) == 1 else formats.plural(len(set(given)), "reason")
        found.append(State("lost", text.lost(status, len(given)), shortened(why, LONGEST)))
    return found


def _warned(place: _Place, family: str) -> list[State]:
    rows = [row for row in place.failures.get(family, []) if row.status == WARNED]
    folds = len({(row.repeat, row.fold) for row in rows})
    return [State("warned", text.warned([row.reason or "" for row in rows], folds))] if folds else []


def _flat(place: _Place, family: str) -> list[State]:
    """Folds that all scored the same, and a family whose label or value, which the metric needs, is the same whatever
    the row."""
    found, values = [], place.values.get(family, [])
    if len(values) > 1 and len(set(values)) == 1:
        found.append(State("equal", text.all_equal(len(values), place.what)))
    needs = METRICS[place.metric].needs if place.metric in METRICS else ""
    if family in place.constant and needs in text.CONSTANT:
        found.append(State("warned", text.CONSTANT[needs]))
    return found


def _absent(place: _Place, family: str) -> State:
    """No score and no failure: undefined here, or never run."""
    if family not in place.scored:
        return State("absent", text.NOT_RUN)
    needs = METRICS[place.metric].needs if place.metric in METRICS else ""
    if needs in text.NEEDS:
        return State("plain", text.NOT_APPLICABLE, text.NEEDS[needs])
    return State("plain", text.NOT_APPLICABLE, text.UNDEFINED)
