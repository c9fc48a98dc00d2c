"""What is wrong with a claim before anything is fitted, in sentences that begin with the field."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bench.claims.claim import KINDS
from bench.claims.statistic import STATISTICS
from bench.errors import nearest
from bench.metrics import METRICS, Metric
from bench.study import Claim, Study
from bench.yardstick import tolerance_of


def check_claim(claim: Claim, study: Study) -> list[str]:
    """Every mistake of one claim against its study; empty when it can be judged."""
    if claim.kind not in KINDS:
        return [f"kind: unknown {claim.kind}; {nearest(claim.kind, KINDS)}"]
    found = list(_needs(claim, study)) + list(_names(claim, study))
    metric = METRICS.get(claim.metric or study.metrics.primary)
    if metric is not None and claim.kind == "share":
        found += _share(claim, metric)
    elif metric is not None and claim.kind != "statistic" and claim.fidelity != "not_attempted":
        found += _unit(claim, metric)
        if claim.tolerance is None and tolerance_of(study, metric.name).value is None:
            found.append(
                f"tolerance: missing; {metric.name} has no bounds, so say how close is close, here or in the study's "
                "`tolerance`"
            )
    return found + list(_spread(claim))


def _needs(claim: Claim, study: Study) -> Iterator[str]:
    kind = KINDS[claim.kind]
    for field in kind.needs:
        attempted = claim.fidelity != "not_attempted"
        # A study of one dataset need not repeat it, nor one metric; what is not attempted may have no place here.
        spared = field == "metric" or (field == "dataset" and len(study.datasets) == 1)
        spared |= field in ("dataset", "family", "against", "tolerance") and not attempted
        if getattr(claim, field) is None and not spared:
            if field == "family" and claim.kind == "value":
                yield "family: null; write `fidelity: not_attempted` when the paper's method is not in this study"
            else:
                yield f"{field}: missing; a claim of kind {kind.name} ({kind.title}) needs it"
    statistic = STATISTICS.get(claim.statistic or "")
    for field in statistic.of if statistic is not None else ():
        if getattr(claim, field) is None:
            yield f"{field}: missing; whose {claim.statistic} is claimed?"
    if claim.level is not None and (statistic is None or not statistic.level):
        yield f"level: has no meaning for {claim.statistic or f'a claim of kind {claim.kind}'}"
    if claim.kind != "statistic" and claim.statistic is not None:
        yield f"statistic: has no meaning in a claim of kind {claim.kind}"
    if claim.kind != "share" and claim.below is not None:
        yield f"below: has no meaning in a claim of kind {claim.kind}"
    yield from _side(claim, study)
    if claim.family is not None and claim.family == claim.against:
        yield "against: is the family itself"


def _names(claim: Claim, study: Study) -> Iterator[str]:
    fitted = study.families is not None
    if fitted and claim.dataset is not None and claim.dataset not in study.datasets:
        yield f"dataset: unknown {claim.dataset}; {nearest(claim.dataset, study.datasets)}"
    for field in ("family", "against"):
        name = getattr(claim, field)
        if fitted and name is not None and name not in (study.families or {}):
            yield f"{field}: unknown {name}; {nearest(name, study.families or ())}"
    if claim.metric is not None and claim.metric not in METRICS:
        yield f"metric: unknown {claim.metric}; {nearest(claim.metric, METRICS)}"
    elif claim.metric is not None and fitted and claim.metric not in study.metrics.names:
        yield f"metric: {claim.metric} is not computed in this study; add it to `metrics: also`"
    if claim.kind == "statistic" and claim.statistic is not None and claim.statistic not in STATISTICS:
        yield f"statistic: unknown {claim.statistic}; {nearest(claim.statistic, STATISTICS)}"


def _unit(claim: Claim, metric: Metric) -> Iterator[str]:
    if claim.value is None:
        return
    value = float(claim.value)
    if metric.fraction and claim.unit is None:
        above = f"{claim.value} is above {metric.name}'s largest value, {metric.high:g}: " if value > 1 else ""
        yield f"unit: missing; {above}write `unit: percent` or `unit: fraction`"
        return
    if claim.unit == "percent" and not metric.bounded:
        yield f"unit: percent has no meaning for {metric.name}, which has no bounds"
        return
    if claim.unit == "percent" and claim.kind == "value" and metric.higher_is_better and 0 < value <= 1:
        yield f"value: {claim.value} percent of {metric.name} is next to nothing; did you mean `unit: fraction`?"
    scale = 100 if claim.unit == "percent" else 1
    low, high = (None if end is None else end * scale for end in (metric.low, metric.high))
    if claim.kind != "value":
        low, high = (None if low is None or high is None else sign * (high - low) for sign in (-1, 1))
    if (high is not None and value > high) or (low is not None and value < low):
        ends = f"{'-inf' if low is None else f'{low:g}'} to {'inf' if high is None else f'{high:g}'}"
        hint = "; did you mean `unit: percent`?" if claim.unit == "fraction" and value > 1 else ""
        yield f"value: {claim.value} lies outside {metric.name}'s range, {ends}{hint}"
    if claim.tolerance is not None and low is not None and high is not None and claim.tolerance >= high - low:
        yield f"tolerance: {claim.tolerance:g} is as wide as {metric.name}'s whole range; nothing could be refuted"


def _side(claim: Claim, study: Study) -> Iterator[str]:
    """Scores of inner folds are there where something was tuned, in the metric that it was tuned on."""
    if claim.side != "inner" or claim.fidelity == "not_attempted":
        return
    protocols = [study.protocol_of(name) for name in study.datasets if claim.dataset in (name, None)]
    tunings = [protocol.tuning for protocol in protocols if protocol is not None and protocol.tuning is not None]
    if not tunings:
        yield "side: inner, but nothing is tuned here; give `protocol.tuning`, or claim the side test"
    custom = "rmse" if study.task == "regression" else "accuracy"
    metric, tuned = claim.metric or study.metrics.primary, {one.metric or custom for one in tunings}
    if tuned and metric not in tuned:
        yield f"metric: {metric} has no score of inner folds; tuning is by {min(tuned)}: see `protocol.tuning.metric`"


def _share(claim: Claim, metric: Metric) -> Iterator[str]:
    """A share of draws lies from 0 to 1, whatever its metric does; the score that bounds it lies where scores do."""
    whole = 100 if claim.unit == "percent" else 1
    if claim.value is not None and not 0 <= float(claim.value) <= whole:
        yield f"value: {claim.value} is no share, 0 to {whole}"
    if claim.tolerance is not None and claim.tolerance >= whole:
        yield f"tolerance: {claim.tolerance:g} is as wide as all shares; nothing could be refuted"
    low = -math.inf if metric.low is None else metric.low
    high = math.inf if metric.high is None else metric.high
    if claim.below is not None and not low <= claim.below <= high:
        yield f"below: {claim.below:g} lies outside {metric.name}'s range; it stands in the metric's own unit"


def _spread(claim: Claim) -> Iterator[str]:
    if claim.spread is not None and claim.spread_kind is None:
        yield "spread_kind: missing; is the spread an sd (over folds), an se (of the mean) or a ci95 (half-width)?"
    if claim.spread is None and claim.spread_kind is not None:
        yield "spread: missing; spread_kind says what it would be"
    if claim.spread is not None:
        try:
            if not float(claim.spread) >= 0:
                raise ValueError
        except ValueError:
            yield f"spread: {claim.spread} is not a number from 0"
