"""The sentences of what is wrong with a claim, or worth saying of one, before anything is fitted."""

from __future__ import annotations

from bench.core import claim_problems as c
from bench.text.sentences import says


@says(c.NoFamily)
def _no_family(one: c.NoFamily) -> str:
    return "null; write `fidelity: not_attempted` when the paper's method is not in this study"


@says(c.Needed)
def _needed(one: c.Needed) -> str:
    return f"missing; a claim of kind {one.kind} ({one.title}) needs it"


@says(c.AgainstItself)
def _against_itself(one: c.AgainstItself) -> str:
    return "is the family itself"


@says(c.NotComputed)
def _not_computed(one: c.NotComputed) -> str:
    return f"{one.metric} is not computed in this study; add it to `metrics: also`"


@says(c.SingleDataset)
def _one_dataset(one: c.SingleDataset) -> str:
    return f"names {one.dataset} alone; expected two or more, [a, b, c]; for one write `dataset`"


@says(c.DatasetAndDatasets)
def _dataset_and_datasets(one: c.DatasetAndDatasets) -> str:
    return "stands beside `dataset`; a claim is about one data set or over several"


@says(c.NoUnit)
def _no_unit(one: c.NoUnit) -> str:
    if one.most is not None:
        return f"missing; {one.value} is above {one.metric}'s largest value, {one.most:g}: write `unit: percent`"
    return "missing; write `unit: percent` or `unit: fraction`"


@says(c.NoPercent)
def _no_percent(one: c.NoPercent) -> str:
    return f"percent has no meaning for {one.metric}, which has no bounds"


@says(c.NextToNothing)
def _next_to_nothing(one: c.NextToNothing) -> str:
    return f"{one.value} percent of {one.metric} is next to nothing; did you mean `unit: fraction`?"


@says(c.Outside)
def _outside(one: c.Outside) -> str:
    ends = f"{'-inf' if one.low is None else f'{one.low:g}'} to {'inf' if one.high is None else f'{one.high:g}'}"
    hint = "; did you mean `unit: percent`?" if one.percent else ""
    return f"{one.value} lies outside {one.metric}'s range, {ends}{hint}"


@says(c.ToleranceUnstated)
def _no_tolerance(one: c.ToleranceUnstated) -> str:
    return f"missing; {one.metric} has no bounds, so say how close is close, here or in the study's `tolerance`"


@says(c.WideTolerance)
def _wide_tolerance(one: c.WideTolerance) -> str:
    percent = "; did you mean `unit: percent`?" if one.percent else ""
    return f"{one.tolerance:g} is half of {one.metric}'s range or more; all would be close{percent}"


@says(c.NothingTuned)
def _nothing_tuned(one: c.NothingTuned) -> str:
    return "inner, but nothing is tuned here; give `protocol.tuning`, or claim the side test"


@says(c.TunedByAnother)
def _tuned_by_another(one: c.TunedByAnother) -> str:
    return f"{one.metric} has no score of inner folds; tuning is by {one.tuned}: see `protocol.tuning.metric`"


@says(c.SpreadWithoutValue)
def _spread_without_value(one: c.SpreadWithoutValue) -> str:
    return "belongs to a value, and there is none"


@says(c.SpreadOverDatasets)
def _spread_over_datasets(one: c.SpreadOverDatasets) -> str:
    return "over data sets it is no noise of the splits; leave it out, or name the dataset"


@says(c.NegativeSpread)
def _negative_spread(one: c.NegativeSpread) -> str:
    return f"{one.value} is not a number from 0"


@says(c.SpreadOfHowMany)
def _spread_of_how_many(one: c.SpreadOfHowMany) -> str:
    return f"missing; over how many {one.over} is the spread? (or `repeats`)"


@says(c.EmptyFolds)
def _empty_folds(one: c.EmptyFolds) -> str:
    return f"{one.folds} folds of {one.n} cases; some would be empty"


@says(c.TooManyPositives)
def _too_many_positives(one: c.TooManyPositives) -> str:
    return f"{one.positives} of {one.n} cases"


@says(c.SameClaim)
def _same_claim(one: c.SameClaim) -> str:
    return f"says what {one.other} says; leave one out (it stands in {one.place})"


@says(c.OtherValue)
def _other_value(one: c.OtherValue) -> str:
    said = f"says {one.value} where {one.other} says {one.other_value} of the same subject"
    return f"{said}; keep one, or let `where` say in what they differ (it stands in {one.place})"


@says(c.MetricItself)
def _metric_itself(one: c.MetricItself) -> str:
    return f"{one.metric} stands there twice, or is `metric` itself"


@says(c.NotAlike)
def _not_alike(one: c.NotAlike) -> str:
    return f"{one.metric} and {one.other} have no range or direction in common; one number is not of either"


@says(c.NoFirstReading)
def _no_first_reading(one: c.NoFirstReading) -> str:
    return "missing; the first reading stands there, the others in `folds_alternatives`"


@says(c.FoldsRepeated)
def _folds_repeated(one: c.FoldsRepeated) -> str:
    return f"[{', '.join(map(str, one.folds))}] repeats a number, or that of `folds`"


@says(c.FoldsIdle)
def _folds_idle(one: c.FoldsIdle) -> str:
    return "decides nothing; folds matter to a spread over folds, and to a number of `n` cases"


@says(c.DoesNotFollow)
def _does_not_follow(one: c.DoesNotFollow) -> str:
    return f"{one.value} does not follow from {' and '.join(f'{value} ({claim})' for value, claim in one.scores)}"


@says(c.HidesDifference)
def _hides_difference(one: c.HidesDifference) -> str:
    what = f"{one.tolerance:g} is more than half of the claimed difference {one.value}"
    return f"{what}; at most {one.half:g} tells it from none"


@says(c.NeverMet)
def _never_met(one: c.NeverMet) -> str:
    meant = f"; did you mean {one.meant:g}?" if one.meant is not None else ""
    return f"{one.tolerance:g} is below half a unit of the last decimal of {one.value}: it can never be met{meant}"


@says(c.BothBest)
def _both_best(one: c.BothBest) -> str:
    return f"{one.family} is best here, and {one.other_family} in {one.other}; one of them at most can be"


@says(c.Contradicts)
def _contradicts(one: c.Contradicts) -> str:
    sign = "; the difference the other way round has the other sign" if one.sign else ""
    return f"contradicts {one.other} of the same pair{sign}"
