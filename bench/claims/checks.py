"""What is wrong with a claim before anything is fitted, and what is worth a remark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bench.claims.arithmetic import COUNTED, impossibility, metric_of
from bench.claims.claim import KINDS, ClaimKind, Problems, has_one_dataset
from bench.claims.targets import Printed
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
    problems = [*_check_names(claim, study), *_check_datasets(claim, study)]
    if claim.not_attempted is None:
        problems += [
            *_check_subject(claim, study, kind),
            *_check_side(claim, study),
            *_check_number(claim, study, kind),
        ]
    return [*problems, *kind.check(claim, study)]


def other_cases(
    claim: Claim, study: Study, sizes: Mapping[str, tuple[int, int]]
) -> c.OtherCases | None:
    """What is wrong with a count of other cases than its dataset has.

    `sizes`: of each dataset its rows and those of a test set. A count over several repeats
    may be out of the cases of all.
    """
    dataset = claim.dataset or next(iter(study.datasets))
    cases = None if claim.score is None else claim.score.cases
    is_same_sample = claim.splits != "other_sample" and claim.not_attempted is None
    if cases is None or not is_same_sample or dataset not in sizes:
        return None
    rows, tested = sizes[dataset]
    if any(cases in (size, size * (claim.runs or 1)) for size in (rows, tested)):
        return None
    return c.OtherCases(str(claim.value), cases, dataset, rows, tested)


def conflicts(
    claims: Sequence[Claim], places: Sequence[str], study: Study
) -> Iterator[tuple[int, Statement]]:
    """Claims that repeat or contradict an earlier one on their subject: each by its number
    in the list.

    `places`: of the claims in their files. What was not attempted has no subject here:
    this study lacks many methods of the paper.
    """
    first: dict[tuple[str, ...], int] = {}
    for place, claim in enumerate(claims):
        if claim.not_attempted is not None:
            continue
        apart = [deviation.note for deviation in study.deviations_of(claim)]
        subject = (claim.model_dump_json(exclude=BESIDE), *apart)
        earlier = first.setdefault(subject, place)
        if earlier == place:
            continue
        other, where = claims[earlier], places[earlier]
        if (claim.value, claim.unit) == (other.value, other.unit):
            yield place, c.SameClaim(other.id, where)
        else:
            numbers = _printed(claim), other.id, _printed(other)
            yield place, c.OtherValue(*numbers, where)


def remarks(study: Study) -> dict[str, list[tuple[str, Statement]]]:
    """The remarks on claims that are well formed, by id: each the field that it is about
    and a statement."""
    by_claim: dict[str, list[tuple[str, Statement]]] = {}
    for claim in study.judged:
        impossible, width = impossibility(claim, study), _never_met(claim)
        found: list[tuple[str, Statement]] = []
        if impossible is not None:
            found.append(("value", impossible))
        if width is not None:
            found.append(("tolerance", width))
        if found:
            by_claim[claim.id] = found
    return by_claim


def _never_met(claim: Claim) -> c.NeverMet | None:
    """A tolerance of less than the rounding of the printed number, which nothing but
    equality can meet."""
    tolerance = claim.tolerance
    if claim.value is None or tolerance is None or claim.not_attempted is not None:
        return None
    if tolerance >= Printed.of_claim(claim).half * (1 - 1e-9):
        return None
    in_percent = claim.unit == "percent" and tolerance < 1
    return c.NeverMet(tolerance, claim.value, 100 * tolerance if in_percent else None)


def _printed(claim: Claim) -> str:
    return f"{claim.value or 'no value'} {claim.unit or ''}".rstrip()


def _check_subject(claim: Claim, study: Study, kind: ClaimKind[Any]) -> Problems:
    """The family and the dataset of a claim; one that is not attempted may lack them."""
    needed = c.Needed(kind.name, kind.title)
    on_one = isinstance(claim, OnDataset) and not has_one_dataset(study)
    if on_one and claim.dataset is None:
        yield ("dataset",), needed
    if isinstance(claim, OfFamily) and claim.family is None:
        yield ("family",), c.NoFamily()
    if isinstance(claim, OfPair) and claim.against is None:
        yield ("against",), needed


def _check_names(claim: Claim, study: Study) -> Problems:
    """Names that the study does not have. Where it has tables of scores, these name
    datasets and families, once read."""
    if claim.family is not None and claim.family == claim.against:
        yield ("against",), c.AgainstItself()
    if all(spec.external is None for spec in study.datasets.values()):
        several = dict.fromkeys(claim.datasets or ())
        datasets = [
            ("dataset", claim.dataset),
            *(("datasets", name) for name in several),
        ]
        families = [("family", claim.family), ("against", claim.against)]
        yield from _unknown(datasets, study.datasets, "datasets of the study")
        yield from _unknown(families, study.families or (), "families of the study")
    if claim.metric is not None and claim.metric not in METRICS:
        yield ("metric",), UnknownWord("", claim.metric, tuple(METRICS), "metrics")
    elif claim.metric is not None and claim.metric not in study.metrics.names:
        yield ("metric",), c.NotComputed(claim.metric)


def _unknown(
    named: Sequence[tuple[str, str | None]], known: Iterable[str], what: str
) -> Problems:
    """The names, each with its key, that are none of the known ones."""
    known = tuple(known)
    for key, name in named:
        if name is not None and name not in known:
            yield (key,), UnknownWord("", name, known, what)


def _check_datasets(claim: Claim, study: Study) -> Problems:
    """The datasets of a claim over several: two at least, each once."""
    names = claim.datasets
    if names is None:
        return
    if claim.dataset is not None:
        yield ("datasets",), c.DatasetAndDatasets()
    different = dict.fromkeys(names)
    for name in different:
        if names.count(name) > 1:
            yield ("datasets",), Twice(name)
    if len(different) < 2:
        yield ("datasets",), c.SingleDataset(names[0])


def _check_number(claim: Claim, study: Study, kind: ClaimKind[Any]) -> Problems:
    """The unit of a number, and the number and the tolerance within what the metric can
    be."""
    metric, score = METRICS.get(metric_of(claim, study)), claim.score
    if claim.spread is not None and float(claim.spread.value) < 0:
        yield ("spread", "value"), c.NegativeSpread(claim.spread.value)
    if metric is None or not kind.shape.of_metric:
        return
    if score is not None and score.cases is not None:
        if metric.name not in COUNTED:
            yield ("value",), c.NoCountOfCases(str(claim.value), metric.name)
    elif score is not None and metric.fraction and claim.unit is None:
        above = metric.high if score.high > 1 else None
        yield ("unit",), c.NoUnit(str(claim.value), metric.name, above)
    elif claim.unit == "percent" and not (metric.bounded or metric.fraction):
        yield ("unit",), c.NoPercent(metric.name)
    else:
        yield from _check_range(claim, metric, kind)
    yield from _check_tolerance(claim, study, metric)


def _check_range(claim: Claim, metric: Metric, kind: ClaimKind[Any]) -> Problems:
    """A number that the metric cannot be."""
    if claim.score is None:
        return
    least, most = metric.range
    scale = 100 if claim.unit == "percent" else 1
    smallest, largest = float(claim.score.low), float(claim.score.high)
    is_score = kind.shape.number == "score" and metric.higher_is_better
    if claim.unit == "percent" and is_score and 0 < largest <= 1:
        yield ("value",), c.NextToNothing(str(claim.value), metric.name)
    if least * scale <= smallest and largest <= most * scale:
        return
    in_percent = claim.unit == "fraction" and largest > 1
    low = None if metric.low is None else metric.low * scale
    high = None if metric.high is None else metric.high * scale
    outside = c.Outside(str(claim.value), metric.name, low, high, in_percent)
    yield ("value",), outside


def _check_tolerance(claim: Claim, study: Study, metric: Metric) -> Problems:
    """A tolerance so wide that all are close, or none where the metric has no bounds."""
    least, most = metric.range
    scale = 100 if claim.unit == "percent" else 1
    if (claim.tolerance or 0) >= (most - least) * scale / 2:
        unstated = claim.unit is None and metric.fraction
        wide = c.WideTolerance(claim.tolerance or 0, metric.name, unstated)
        yield ("tolerance",), wide
    if claim.tolerance is None and tolerance_of(study, metric.name).value is None:
        yield ("tolerance",), c.ToleranceUnstated(metric.name)


def _check_side(claim: Claim, study: Study) -> Problems:
    """Scores of inner folds are there where something was tuned, in the metric that it
    was tuned on."""
    if claim.side != "inner":
        return
    names = study.datasets if claim.dataset is None else (claim.dataset,)
    protocols = [study.protocol_of(name) for name in names if name in study.datasets]
    tunings = [protocol.tuning for protocol in protocols if protocol is not None]
    custom = TUNING_METRIC[study.task or "classification"]
    tuned = {tuning.metric or custom for tuning in tunings if tuning is not None}
    metric = metric_of(claim, study)
    if not tuned:
        yield ("side",), c.NothingTuned()
    elif metric not in tuned:
        yield ("metric",), c.TunedByAnother(metric, min(tuned))
