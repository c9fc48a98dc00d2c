"""What a paper leaves open of its number: which averaging, how many folds. No reading is guessed: all are judged.

A claim names the other readings (`metric_alternatives`, `folds_alternatives`). Its agreement stands where it is the
same under every reading, else it is the weakest of them (`weakest`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from bench.claims.judgement import Judgement
from bench.core.judgements import LEVELS, Agreement, Status, Thresholds
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement
from bench.study import Claim, Study
from bench.text import claim_problems as c
from bench.text.judgements import AmbiguousNumber, SameUnderAll
from bench.text.problems import UnknownWord


@dataclass(frozen=True)
class Alternative:
    """One thing that a number may be: its metric and its folds, each None where the paper leaves it no choice."""

    metric: str | None
    folds: int | None


def readings_of(claim: Claim, study: Study) -> dict[Alternative, Claim]:
    """Each reading as a claim that leaves nothing open; the first is the claim's own."""
    metrics = (
        claim.metric or study.metrics.primary,
        *(claim.metric_alternatives or ()),
    )
    folds = (claim.folds, *(claim.folds_alternatives or ()))
    readings = {}
    for metric, count in product(metrics, folds):
        alternative = Alternative(
            metric if len(metrics) > 1 else None, count if len(folds) > 1 else None
        )
        changed: dict[str, str | int | None] = {
            "metric_alternatives": None,
            "folds_alternatives": None,
            "folds": count,
        }
        if alternative.metric is not None:
            changed["metric"] = metric
        known = {
            name: value
            for name, value in changed.items()
            if name in type(claim).model_fields
        }
        readings[alternative] = claim.model_copy(update=known)
    return readings


def is_open(claim: Claim) -> bool:
    """Whether a claim has several readings."""
    return claim.metric_alternatives is not None or claim.folds_alternatives is not None


def largest(values: Sequence[float | None]) -> float | None:
    """The largest value; None where one of them is not known."""
    known = [value for value in values if value is not None]
    return max(known) if len(known) == len(values) else None


def weakest(agreements: Sequence[Agreement | None]) -> Agreement:
    """The agreement that all readings share, else the weakest of them; differing only where all differ.

    A reading that differs, or that could not be judged (None), leaves the others unclear.

    >>> weakest([Agreement.EXACT, Agreement.CONSISTENT]).value, weakest([Agreement.EXACT, Agreement.DIFFERS]).value
    ('consistent', 'unclear')
    """
    order = list(Agreement)
    found = {Agreement.UNCLEAR if one is None else one for one in agreements}
    if len(found) == 1:
        return found.pop()
    return min(max(found, key=order.index), Agreement.UNCLEAR, key=order.index)


def put_together(
    claim: Claim, study: Study, judgements: Mapping[Alternative, Judgement]
) -> Judgement:
    """One judgement of those of every reading: the numbers of the claim's own, the weakest agreement.

    The smallest tolerance and the p-values are the largest of all: every reading must hold, or refute.
    """
    each = list(judgements.values())
    own = replace(
        each[0],
        smallest_tolerance=largest([one.smallest_tolerance for one in each]),
        p=largest([one.p for one in each]),
        p_shown=largest([one.p_shown for one in each]),
        rules=_rules_of(each),
    )
    if all(one.agreement is None for one in each):
        return own
    agreement = weakest([one.agreement for one in each])
    if agreement.holds or len({one.agreement for one in each}) == 1:
        same = SameUnderAll(tuple((one.metric, one.folds) for one in judgements))
        return replace(own, agreement=agreement).followed_by(same)
    readings = tuple(
        (one.metric, one.folds, str(made.agreement or made.status))
        for one, made in judgements.items()
    )
    ambiguous = AmbiguousNumber(_what_is_open(claim, study), readings)
    return replace(
        own,
        agreement=agreement,
        status=Status.ATTEMPTED,
        reasons=(ambiguous, *own.reasons),
    )


#: Of a reading that could not be judged.
_UNCLEAR = tuple(Thresholds(level, Agreement.UNCLEAR) for level in LEVELS)


def _rules_of(each: Sequence[Judgement]) -> tuple[Thresholds, ...]:
    """Those of every reading; none where one reading was judged without."""
    if any(not one.rules and one.agreement is not None for one in each):
        return ()
    return tuple(rule for one in each for rule in one.rules or _UNCLEAR)


def _what_is_open(claim: Claim, study: Study) -> tuple[str, ...]:
    metrics = (
        claim.metric or study.metrics.primary,
        *(claim.metric_alternatives or ()),
    )
    averaged = len({metric.rpartition("_")[0] for metric in metrics}) == 1
    names = (
        []
        if claim.metric_alternatives is None
        else ["averaging" if averaged else "metric"]
    )
    return (*names, *([] if claim.folds_alternatives is None else ["folds"]))


def check(claim: Claim, study: Study) -> Iterator[tuple[tuple[str, ...], Statement]]:
    """Mistakes of `metric_alternatives` and `folds_alternatives`."""
    yield from (
        (("metric_alternatives",), statement) for statement in _metrics(claim, study)
    )
    others = claim.folds_alternatives
    if others is None:
        return
    if claim.folds is None:
        yield ("folds",), c.NoFirstReading()
    elif len({claim.folds, *others}) < 1 + len(others):
        yield ("folds_alternatives",), c.FoldsRepeated(others)
    elif claim.spread is None and claim.n is None:
        yield ("folds_alternatives",), c.FoldsIdle()


def _metrics(claim: Claim, study: Study) -> Iterator[Statement]:
    own, names = claim.metric or study.metrics.primary, claim.metric_alternatives or ()
    for place, name in enumerate(names):
        if name not in METRICS:
            yield UnknownWord("", name, tuple(METRICS), "metrics")
        elif name in (own, *names[:place]):
            yield c.MetricItself(name)
        elif name not in study.metrics.names:
            yield c.NotComputed(name)
        elif own in METRICS and _kind(name) != _kind(own):
            yield c.NotAlike(name, own)


def _kind(metric: str) -> tuple[object, ...]:
    facts = METRICS[metric]
    return facts.higher_is_better, facts.low, facts.high
