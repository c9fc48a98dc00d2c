"""What a paper leaves open of its number: which averaging, how many folds. No reading is guessed: all are judged.

A claim names the others that it may be meant of (`metric_alternatives`, `folds_alternatives`). Its verdict is kept where it is the same
under every reading, else it is inconclusive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from bench.core import claim_problems as c
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement
from bench.core.problems import UnknownWord
from bench.study import Claim, Study

Answer = dict[str, Any]
HELD = {"exact", "reproduced"}


def readings_of(claim: Claim, study: Study) -> dict[str, Claim]:
    """Each reading as a claim that leaves nothing open, by its name; the first is the claim's own."""
    own = claim.metric or study.metrics.primary
    metrics = (own, *(claim.metric_alternatives or ()))
    folds = (claim.folds, *(claim.folds_alternatives or ()))
    found = {}
    for metric, count in product(metrics, folds):
        told = [metric] if len(metrics) > 1 else []
        told += [f"{count} folds"] if len(folds) > 1 else []
        changed: dict[str, Any] = {"metric_alternatives": None, "folds_alternatives": None, "folds": count}
        changed |= {"metric": metric} if len(metrics) > 1 else {}
        known = {name: value for name, value in changed.items() if name in type(claim).model_fields}
        found[", ".join(told)] = claim.model_copy(update=known)
    return found


def is_open(claim: Claim) -> bool:
    """Whether a claim has several readings."""
    return claim.metric_alternatives is not None or claim.folds_alternatives is not None


def put_together(claim: Claim, study: Study, answers: Mapping[str, Answer]) -> Answer:
    """One answer of those of every reading: the numbers of the claim's own, the verdict that all share.

    The smallest tolerance and the p-value are the largest of all: every reading must hold, or refute.
    """
    own = dict(next(iter(answers.values())))
    words = {answer["verdict"] for answer in answers.values()}
    for name in ("smallest_tolerance", "p"):
        values = [answer.get(name) for answer in answers.values()]
        own[name] = None if None in values else max(value for value in values if value is not None)
    if words <= HELD or len(words) == 1:
        verdict = own["verdict"] if len(words) == 1 else "reproduced"
        return own | {"verdict": verdict, "reason": f"{own['reason']}; the same whichever is meant: {_or(answers)}"}
    said = "; as ".join(f"{name}: {answer['verdict'].replace('_', ' ')}" for name, answer in answers.items())
    why = f"ambiguous {_what(claim, study)}: read as {said}; {own['reason']}"
    return own | {"verdict": "inconclusive", "reason": why}


def _or(names: Mapping[str, Any]) -> str:
    return " or ".join(names)


def _what(claim: Claim, study: Study) -> str:
    metrics = (claim.metric or study.metrics.primary, *(claim.metric_alternatives or ()))
    averaged = len({metric.rpartition("_")[0] for metric in metrics}) == 1
    found = [] if claim.metric_alternatives is None else ["averaging" if averaged else "metric"]
    return " and ".join(found + ([] if claim.folds_alternatives is None else ["number of folds"]))


def check(claim: Claim, study: Study) -> Iterator[tuple[tuple[str, ...], Statement]]:
    """Mistakes of `metric_alternatives` and `folds_alternatives`."""
    yield from ((("metric_alternatives",), statement) for statement in _metrics(claim, study))
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
