"""What a paper leaves open of its number: which averaging, how many folds. No reading is guessed: all are judged.

A claim names the others that it may be meant of (`metric_alternatives`, `folds_alternatives`). Its verdict is kept where it is the same
under every reading, else it is inconclusive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from bench.core.errors import suggested
from bench.core.judgements import AmbiguousNumber, Judgement, SameUnderAll, Verdict
from bench.core.metrics import METRICS
from bench.study import Claim, Study


def listed(text: str | None) -> tuple[str, ...]:
    """
    >>> listed("f1_weighted, f1_binary")
    ('f1_weighted', 'f1_binary')
    """
    return tuple(name for part in (text or "").split(",") if (name := part.strip()))


@dataclass(frozen=True)
class Alternative:
    """One thing that a number may be: its metric and its folds, each None where the paper leaves it no choice."""

    metric: str | None
    folds: int | None


def readings_of(claim: Claim, study: Study) -> dict[Alternative, Claim]:
    """Each reading as a claim that leaves nothing open; the first is the claim's own."""
    metrics = (claim.metric or study.metrics.primary, *listed(claim.metric_alternatives))
    folds = (claim.folds, *(int(number) for number in listed(claim.folds_alternatives)))
    readings = {}
    for metric, count in product(metrics, folds):
        changed: dict[str, Any] = {"metric_alternatives": None, "folds_alternatives": None, "folds": count}
        changed |= {"metric": metric} if len(metrics) > 1 else {}
        alternative = Alternative(metric if len(metrics) > 1 else None, count if len(folds) > 1 else None)
        readings[alternative] = claim.model_copy(update=changed)
    return readings


def is_open(claim: Claim) -> bool:
    """Whether a claim has several readings."""
    return claim.metric_alternatives is not None or claim.folds_alternatives is not None


def largest(values: Sequence[float | None]) -> float | None:
    """The largest value; None where one of them is not known."""
    known = [value for value in values if value is not None]
    return max(known) if len(known) == len(values) else None


def put_together(claim: Claim, study: Study, judgements: Mapping[Alternative, Judgement]) -> Judgement:
    """One judgement of those of every reading: the numbers of the claim's own, the verdict that all share.

    The smallest tolerance and the p-value are the largest of all: every reading must hold, or refute.
    """
    each = list(judgements.values())
    own = replace(
        each[0],
        smallest_tolerance=largest([one.smallest_tolerance for one in each]),
        p=largest([one.p for one in each]),
    )
    verdicts = {one.verdict for one in each}
    if len(verdicts) == 1 or all(verdict.holds for verdict in verdicts):
        same = SameUnderAll(tuple((one.metric, one.folds) for one in judgements))
        verdict = own.verdict if len(verdicts) == 1 else Verdict.REPRODUCED
        return replace(own, verdict=verdict).followed_by(same)
    readings = tuple((one.metric, one.folds, str(judgement.verdict)) for one, judgement in judgements.items())
    ambiguous = AmbiguousNumber(_what_is_open(claim, study), readings)
    return replace(own, verdict=Verdict.INCONCLUSIVE, reasons=(ambiguous, *own.reasons))


def _what_is_open(claim: Claim, study: Study) -> tuple[str, ...]:
    metrics = (claim.metric or study.metrics.primary, *listed(claim.metric_alternatives))
    averaged = len({metric.rpartition("_")[0] for metric in metrics}) == 1
    names = [] if claim.metric_alternatives is None else ["averaging" if averaged else "metric"]
    return (*names, *([] if claim.folds_alternatives is None else ["folds"]))


def check(claim: Claim, study: Study, with_metric: bool, with_folds: bool) -> Iterator[str]:
    """Mistakes of `metric_alternatives` and `folds_alternatives`; with_metric, with_folds: whether the kind of claim has those at all."""
    if claim.metric_alternatives is not None:
        yield from (
            _metrics(claim, study) if with_metric else ["metric_alternatives: has no meaning in a claim of this kind"]
        )
    if claim.folds_alternatives is not None:
        yield from _folds(claim) if with_folds else ["folds_alternatives: has no meaning in a claim of this kind"]


def _metrics(claim: Claim, study: Study) -> Iterator[str]:
    own, names = claim.metric or study.metrics.primary, listed(claim.metric_alternatives)
    if not names:
        yield f'metric_alternatives: {claim.metric_alternatives!r} names none; expected "f1_weighted, f1_binary"'
    for place, name in enumerate(names):
        if name not in METRICS:
            yield f"metric_alternatives: unknown {name}; {suggested(name, METRICS, 'metrics')}"
        elif name in (own, *names[:place]):
            yield f"metric_alternatives: {name} stands there twice, or is `metric` itself"
        elif name not in study.metrics.names:
            yield f"metric_alternatives: {name} is not computed in this study; add it to `metrics: also`"
        elif own in METRICS and _kind(name) != _kind(own):
            yield f"metric_alternatives: {name} and {own} have no range or direction in common; one number is not of either"


def _kind(metric: str) -> tuple[object, ...]:
    one = METRICS[metric]
    return one.higher_is_better, one.low, one.high


def _folds(claim: Claim) -> Iterator[str]:
    words = listed(claim.folds_alternatives)
    if not words or not all(word.isdecimal() and 2 <= int(word) <= 10_000 for word in words):
        yield f'folds_alternatives: {claim.folds_alternatives}; expected numbers of folds, from 2: "5, 10"'
    elif claim.folds is None:
        yield "folds: missing; the first reading stands there, the others in `folds_alternatives`"
    elif len({claim.folds, *map(int, words)}) < 1 + len(words):
        yield f"folds_alternatives: {claim.folds_alternatives} repeats a number, or that of `folds`"
    elif claim.spread is None and claim.n is None:
        yield "folds_alternatives: decides nothing; folds matter to a spread over folds, and to a number of `n` cases"
