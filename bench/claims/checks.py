"""What is wrong with a claim before anything is fitted, in sentences that begin with the field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.claims._alternatives import check as check_readings
from bench.claims._alternatives import listed
from bench.claims.claim import KINDS, OWN, ClaimKind, names_of
from bench.core.errors import suggested
from bench.core.metrics import METRICS, TUNING_METRIC, Metric
from bench.scores.design import tolerance_of
from bench.study import Claim, Study

#: What two claims may differ in and still say the same, or contradict each other.
BESIDE = {"id", "value", "unit", "tolerance", "central", "verified", "note"}


def check_claim(claim: Claim, study: Study) -> list[str]:
    """Every mistake of one claim against its study; empty when it can be judged."""
    if claim.kind not in KINDS:
        return [f"kind: unknown {claim.kind}; {suggested(claim.kind, KINDS, 'kinds of claims')}"]
    kind = KINDS[claim.kind]
    found = [*_needs(claim, study, kind), *_idle(claim, kind), *_names(claim, study), *_datasets(claim, study)]
    found += check_readings(claim, study, "metric" in kind.needs, "folds" in (*kind.needs, *kind.takes))
    metric = METRICS.get(claim.metric or study.metrics.primary)
    if metric is not None and kind.value != "own" and claim.fidelity != "not_attempted":
        found += _unit(claim, metric, kind)
        if claim.tolerance is None and tolerance_of(study, metric.name).value is None:
            found.append(
                f"tolerance: missing; {metric.name} has no bounds, so say how close is close, here or in the study's "
                "`tolerance`"
            )
    return [*found, *kind.check(claim, study), *_spread(claim, study, kind), *_counts(claim)]


def conflicts(claims: Sequence[Claim]) -> Iterator[tuple[int, int, str]]:
    """Pairs of claims that say the same of one subject, or two things: the places of the later and of the earlier one,
    and a sentence about the later.

    What was not attempted has no subject here: many methods of a paper are none of ours.
    """
    first: dict[str, int] = {}
    for place, claim in enumerate(claims):
        if claim.fidelity == "not_attempted":
            continue
        earlier = first.setdefault(claim.model_dump_json(exclude=BESIDE), place)
        if earlier == place:
            continue
        other = claims[earlier]
        if (claim.value, claim.unit) == (other.value, other.unit):
            yield place, earlier, f"says what {other.id} says; leave one out"
        else:
            said = f"says {_printed(claim)} where {other.id} says {_printed(other)} of the same subject"
            yield place, earlier, f"{said}; keep one, or let `where` say in what they differ"


def _printed(claim: Claim) -> str:
    return f"{claim.value or 'no value'}{' ' + claim.unit if claim.unit else ''}"


def _needs(claim: Claim, study: Study, kind: ClaimKind) -> Iterator[str]:
    for field in kind.needs:
        attempted = claim.fidelity != "not_attempted"
        # A study of one dataset need not repeat it, nor one metric; what is not attempted may have no place here.
        spared = field == "metric" or (field == "dataset" and _one_dataset(study))
        spared |= field in ("dataset", "family", "against") and not attempted
        if getattr(claim, field) is None and not spared:
            if field == "family" and claim.kind == "value":
                yield "family: null; write `fidelity: not_attempted` when the paper's method is not in this study"
            else:
                yield f"{field}: missing; a claim of kind {kind.name} ({kind.title}) needs it"
    yield from _side(claim, study)
    if claim.family is not None and claim.family == claim.against:
        yield "against: is the family itself"


def _one_dataset(study: Study) -> bool:
    """Whether a claim need not say which dataset it speaks of; a table that has a column of datasets names several."""
    given = [spec.external for spec in study.datasets.values()]
    return len(given) == 1 and (given[0] is None or given[0].dataset is None)


def _idle(claim: Claim, kind: ClaimKind) -> Iterator[str]:
    """Fields that say nothing in a claim of this kind."""
    for field in OWN:
        if getattr(claim, field) is not None and field not in (*kind.needs, *kind.takes):
            known = [name for name in OWN if name in (*kind.needs, *kind.takes)]
            yield f"{field}: has no meaning in a claim of kind {kind.name}; it has {', '.join(known)}"


def _names(claim: Claim, study: Study) -> Iterator[str]:
    fitted = all(spec.external is None for spec in study.datasets.values())  # else the tables name them, once read
    if fitted and claim.dataset is not None and claim.dataset not in study.datasets:
        yield f"dataset: unknown {claim.dataset}; {suggested(claim.dataset, study.datasets, 'datasets of the study')}"
    named = [("family", claim.family), ("against", claim.against), *(("among", name) for name in names_of(claim.among))]
    for field, name in named:
        if fitted and name is not None and name not in (study.families or {}):
            yield f"{field}: unknown {name}; {suggested(name, study.families or (), 'families of the study')}"
    if claim.metric is not None and claim.metric not in METRICS:
        yield f"metric: unknown {claim.metric}; {suggested(claim.metric, METRICS, 'metrics')}"
    elif claim.metric is not None and claim.metric not in study.metrics.names:
        yield f"metric: {claim.metric} is not computed in this study; add it to `metrics: also`"


def _datasets(claim: Claim, study: Study) -> Iterator[str]:
    """The datasets of a claim over several: two of the study's own at least, each once."""
    if claim.datasets is None:
        return
    names = listed(claim.datasets)
    if claim.dataset is not None:
        yield "datasets: stands beside `dataset`; a claim is about one data set or over several"
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield f"datasets: {name} stands there twice"
    if len(set(names)) < 2:
        yield f'datasets: {claim.datasets}; expected two or more, "a, b, c"; for one write `dataset`'
    if all(spec.external is None for spec in study.datasets.values()):
        for name in dict.fromkeys(name for name in names if name not in study.datasets):
            yield f"datasets: unknown {name}; {suggested(name, study.datasets, 'datasets of the study')}"


def _unit(claim: Claim, metric: Metric, kind: ClaimKind) -> Iterator[str]:
    """The number and the tolerance within what the metric, or the difference of two of its scores, can be."""
    value = None if claim.value is None else float(claim.value)
    if value is not None and metric.fraction and claim.unit is None:
        above = f"{claim.value} is above {metric.name}'s largest value, {metric.high:g}: " if value > 1 else ""
        yield f"unit: missing; {above}write `unit: percent` or `unit: fraction`"
        return
    if claim.unit == "percent" and not (metric.bounded or metric.fraction):
        yield f"unit: percent has no meaning for {metric.name}, which has no bounds"
        return
    scale = 100 if claim.unit == "percent" else 1
    low, high = (None if end is None else end * scale for end in (metric.low, metric.high))
    if kind.value == "difference":
        low, high = (None if low is None or high is None else sign * (high - low) for sign in (-1, 1))
    if value is not None:
        if claim.unit == "percent" and kind.value == "score" and metric.higher_is_better and 0 < value <= 1:
            yield f"value: {claim.value} percent of {metric.name} is next to nothing; did you mean `unit: fraction`?"
        if (high is not None and value > high) or (low is not None and value < low):
            ends = f"{'-inf' if low is None else f'{low:g}'} to {'inf' if high is None else f'{high:g}'}"
            hint = "; did you mean `unit: percent`?" if claim.unit == "fraction" and value > 1 else ""
            yield f"value: {claim.value} lies outside {metric.name}'s range, {ends}{hint}"
    wide = None if metric.low is None or metric.high is None else (metric.high - metric.low) * scale
    if claim.tolerance is not None and wide is not None and claim.tolerance >= wide / 2:
        percent = "; did you mean `unit: percent`?" if claim.unit is None and metric.fraction else ""
        yield f"tolerance: {claim.tolerance:g} is half of {metric.name}'s range or more; all would be close{percent}"


def _side(claim: Claim, study: Study) -> Iterator[str]:
    """Scores of inner folds are there where something was tuned, in the metric that it was tuned on."""
    if claim.side != "inner" or claim.fidelity == "not_attempted":
        return
    protocols = [study.protocol_of(name) for name in study.datasets if claim.dataset in (name, None)]
    tunings = [protocol.tuning for protocol in protocols if protocol is not None and protocol.tuning is not None]
    if not tunings:
        yield "side: inner, but nothing is tuned here; give `protocol.tuning`, or claim the side test"
    custom = TUNING_METRIC[study.task or "classification"]
    metric, tuned = claim.metric or study.metrics.primary, {one.metric or custom for one in tunings}
    if tuned and metric not in tuned:
        yield f"metric: {metric} has no score of inner folds; tuning is by {min(tuned)}: see `protocol.tuning.metric`"


def _spread(claim: Claim, study: Study, kind: ClaimKind) -> Iterator[str]:
    if claim.spread is None:
        for field in ("spread_kind", "spread_over", "spread_n"):
            if getattr(claim, field) is not None:
                yield f"spread: missing; {field} says what it would be"
                return
        return
    if claim.spread_kind is None:
        yield (
            "spread_kind: missing; is the spread an sd, an se (of the mean) or a ci95 (half-width)? `unlabelled` where "
            "the paper does not say"
        )
    if claim.value is None:
        yield "spread: belongs to a value, and there is none"
    if claim.dataset is None and len(study.datasets) > 1 and "dataset" in kind.takes:
        yield "spread: over data sets it is no noise of the splits; leave it out, or name the dataset"
    try:
        if not 0 <= float(claim.spread) < float("inf"):
            raise ValueError
    except ValueError:
        yield f"spread: {claim.spread} is not a number from 0"
    if claim.spread_over in ("repeats", "seeds") and max(claim.spread_n or 0, claim.repeats or 0) < 2:
        yield f"spread_n: missing; over how many {claim.spread_over} is the spread? (or `repeats`)"


def _counts(claim: Claim) -> Iterator[str]:
    if claim.n is not None and claim.folds is not None and claim.folds > claim.n:
        yield f"folds: {claim.folds} folds of {claim.n} cases; some would be empty"
    if claim.n is not None and claim.positives is not None and claim.positives > claim.n:
        yield f"positives: {claim.positives} of {claim.n} cases"
