"""What is wrong with a claim before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bench.claims.claim import KINDS, ClaimKind, Problems, has_one_dataset
from bench.core.metrics import METRICS, TUNING_METRIC, Metric
from bench.core.outcomes import Statement
from bench.scores.design import tolerance_of
from bench.study import Claim, Study
from bench.study.claims import OfFamily, OfPair, OnDataset
from bench.text import claim_problems as c
from bench.text.problems import Twice, UnknownWord

#: What two claims may differ in and still be the same, or contradict each other.
BESIDE = {"id", "value", "unit", "tolerance", "central", "read", "note"}


def check_claim(claim: Claim, study: Study) -> list[tuple[tuple[str, ...], Statement]]:
    """Every mistake of one claim against its study, each with the keys at fault; empty
    when it can be judged."""
    kind = KINDS[claim.kind]
    problems = [
        *_check_subject(claim, study, kind),
        *_check_side(claim, study),
        *_check_names(claim, study),
        *_check_datasets(claim, study),
    ]
    metric = METRICS.get(claim.metric or study.metrics.primary)
    is_judged = claim.not_attempted is None
    if metric is not None and kind.shape.of_metric and is_judged:
        problems += _check_unit(claim, metric, kind)
        if claim.tolerance is None and tolerance_of(study, metric.name).value is None:
            problems.append((("tolerance",), c.ToleranceUnstated(metric.name)))
    spread = claim.spread
    if spread is not None and float(spread.value) < 0:
        problems.append((("spread", "value"), c.NegativeSpread(spread.value)))
    return [*problems, *kind.check(claim, study)]


def conflicts(
    claims: Sequence[Claim], places: Sequence[str], study: Study
) -> Iterator[tuple[int, Statement]]:
    """Claims that repeat or contradict an earlier one on their subject: each by its number in the list.

    `places`: of the claims in their files. What was not attempted has no subject here: this study lacks many methods of
    the paper.
    """
    first: dict[tuple[str, ...], int] = {}
    for place, claim in enumerate(claims):
        if claim.not_attempted is not None:
            continue
        apart = tuple(one.note for one in study.deviations_of(claim))
        subject = (claim.model_dump_json(exclude=BESIDE), *apart)
        earlier = first.setdefault(subject, place)
        if earlier == place:
            continue
        other = claims[earlier]
        if (claim.value, claim.unit) == (other.value, other.unit):
            yield place, c.SameClaim(other.id, places[earlier])
        else:
            yield (
                place,
                c.OtherValue(
                    _printed(claim), other.id, _printed(other), places[earlier]
                ),
            )


def _printed(claim: Claim) -> str:
    return f"{claim.value or 'no value'}{' ' + claim.unit if claim.unit else ''}"


def _check_subject(claim: Claim, study: Study, kind: ClaimKind[Any]) -> Problems:
    """The family and the dataset of a claim; one that is not attempted may lack them."""
    if claim.family is not None and claim.family == claim.against:
        yield ("against",), c.AgainstItself()
    if claim.not_attempted is not None:
        return
    needed = c.Needed(kind.name, kind.title)
    on_one = isinstance(claim, OnDataset) and not has_one_dataset(study)
    if on_one and claim.dataset is None:
        yield ("dataset",), needed
    if isinstance(claim, OfFamily) and claim.family is None:
        yield ("family",), c.NoFamily()
    if isinstance(claim, OfPair) and claim.against is None:
        yield ("against",), needed


def _check_names(claim: Claim, study: Study) -> Problems:
    families = tuple(study.families or ())
    if _is_fitted(study):  # else the tables name datasets and families, once read
        yield from _check_dataset("dataset", claim.dataset, study)
        named = [("family", claim.family), ("against", claim.against)]
        for key, name in named:
            if name is not None and name not in families:
                yield (key,), UnknownWord("", name, families, "families of the study")
    if claim.metric is None:
        return
    if claim.metric not in METRICS:
        yield ("metric",), UnknownWord("", claim.metric, tuple(METRICS), "metrics")
    elif claim.metric not in study.metrics.names:
        yield ("metric",), c.NotComputed(claim.metric)


def _check_dataset(key: str, name: str | None, study: Study) -> Problems:
    known = tuple(study.datasets)
    if name is not None and name not in known:
        yield (key,), UnknownWord("", name, known, "datasets of the study")


def _is_fitted(study: Study) -> bool:
    return all(spec.external is None for spec in study.datasets.values())


def _check_datasets(claim: Claim, study: Study) -> Problems:
    """The datasets of a claim over several: two of the study's own at least, each
    once."""
    names = claim.datasets
    if names is None:
        return
    if claim.dataset is not None:
        yield ("datasets",), c.DatasetAndDatasets()
    different = list(dict.fromkeys(names))
    for name in different:
        if names.count(name) > 1:
            yield ("datasets",), Twice(name)
    if len(different) < 2:
        yield ("datasets",), c.SingleDataset(names[0])
    if _is_fitted(study):
        for name in different:
            yield from _check_dataset("datasets", name, study)


def _check_unit(claim: Claim, metric: Metric, kind: ClaimKind[Any]) -> Problems:
    """The unit of a number, and the number and the tolerance within what the metric can
    be."""
    if claim.value is not None and metric.fraction and claim.unit is None:
        above = metric.high if float(claim.value) > 1 else None
        yield ("unit",), c.NoUnit(claim.value, metric.name, above)
    elif claim.unit == "percent" and not (metric.bounded or metric.fraction):
        yield ("unit",), c.NoPercent(metric.name)
    else:
        if claim.value is not None:
            yield from _check_value(claim, claim.value, metric, kind)
        yield from _check_tolerance(claim, metric)


def _check_value(
    claim: Claim, printed: str, metric: Metric, kind: ClaimKind[Any]
) -> Problems:
    """A number that the metric, or the difference of two of its scores, cannot be."""
    value, scale = float(printed), 100 if claim.unit == "percent" else 1
    is_score = kind.shape.number == "score" and metric.higher_is_better
    if claim.unit == "percent" and is_score and 0 < value <= 1:
        yield ("value",), c.NextToNothing(printed, metric.name)
    low = None if metric.low is None else metric.low * scale
    high = None if metric.high is None else metric.high * scale
    if (high is not None and value > high) or (low is not None and value < low):
        percent = claim.unit == "fraction" and value > 1
        yield ("value",), c.Outside(printed, metric.name, low, high, percent)


def _check_tolerance(claim: Claim, metric: Metric) -> Problems:
    """A tolerance that is so wide that all would be close."""
    if claim.tolerance is None or metric.low is None or metric.high is None:
        return
    scale = 100 if claim.unit == "percent" else 1
    if claim.tolerance >= (metric.high - metric.low) * scale / 2:
        unstated = claim.unit is None and metric.fraction
        wide = c.WideTolerance(claim.tolerance, metric.name, unstated)
        yield ("tolerance",), wide


def _check_side(claim: Claim, study: Study) -> Problems:
    """Scores of inner folds are there where something was tuned, in the metric that it
    was tuned on."""
    if claim.side != "inner" or claim.not_attempted is not None:
        return
    names = study.datasets if claim.dataset is None else (claim.dataset,)
    protocols = [study.protocol_of(name) for name in names if name in study.datasets]
    tunings = [protocol.tuning for protocol in protocols if protocol is not None]
    custom = TUNING_METRIC[study.task or "classification"]
    tuned = {tuning.metric or custom for tuning in tunings if tuning is not None}
    metric = claim.metric or study.metrics.primary
    if not tuned:
        yield ("side",), c.NothingTuned()
    elif metric not in tuned:
        yield ("metric",), c.TunedByAnother(metric, min(tuned))
