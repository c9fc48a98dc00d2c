"""The sentences of what is wrong with a claim, or worth saying of one, before anything is fitted."""

from __future__ import annotations

from bench.core import claim_problems as c
from bench.text.sentences import Templates, says, templates

SENTENCES: Templates = {
    c.NoFamily: "null; write `fidelity: not_attempted` when the paper's method is not in this study",
    c.Needed: "missing; a claim of kind {kind} ({title}) needs it",
    c.AgainstItself: "is the family itself",
    c.NotComputed: "{metric} is not computed in this study; add it to `metrics: also`",
    c.SingleDataset: "names {dataset} alone; expected two or more, [a, b, c]; for one write `dataset`",
    c.DatasetAndDatasets: "stands beside `dataset`; a claim is about one data set or over several",
    c.NoPercent: "percent has no meaning for {metric}, which has no bounds",
    c.NextToNothing: "{value} percent of {metric} is next to nothing; did you mean `unit: fraction`?",
    c.ToleranceUnstated: (
        "missing; {metric} has no bounds, so say how close is close, here or in the study's `tolerance`"
    ),
    c.NoOwnTolerance: "missing; a {kind} has a scale of its own, so say how close is close",
    c.WideOwnTolerance: "{tolerance:g}; from {most:g} on nothing could be refuted",
    c.NothingTuned: "inner, but nothing is tuned here; give `protocol.tuning`, or claim the side test",
    c.TunedByAnother: "{metric} has no score of inner folds; tuning is by {tuned}: see `protocol.tuning.metric`",
    c.SpreadWithoutValue: "belongs to a value, and there is none",
    c.SpreadOverDatasets: "over data sets it is no noise of the splits; leave it out, or name the dataset",
    c.NegativeSpread: "{value} is not a number from 0",
    c.SpreadOfHowMany: "missing; over how many {over} is the spread? (or `repeats`)",
    c.EmptyFolds: "{folds} folds of {n} cases; some would be empty",
    c.TooManyPositives: "{positives} of {n} cases",
    c.SameClaim: "says what {other} says; leave one out (it stands in {place})",
    c.MetricItself: "{metric} stands there twice, or is `metric` itself",
    c.NotAlike: "{metric} and {other} have no range or direction in common; one number is not of either",
    c.NoFirstReading: "missing; the first reading stands there, the others in `folds_alternatives`",
    c.FoldsIdle: "decides nothing; folds matter to a spread over folds, and to a number of `n` cases",
    c.BothBest: "{family} is best here, and {other_family} in {other}; one of them at most can be",
}
templates(SENTENCES)


@says(c.NoUnit)
def _no_unit(one: c.NoUnit) -> str:
    if one.most is not None:
        return f"missing; {one.value} is above {one.metric}'s largest value, {one.most:g}: write `unit: percent`"
    return "missing; write `unit: percent` or `unit: fraction`"


@says(c.Outside)
def _outside(one: c.Outside) -> str:
    ends = f"{'-inf' if one.low is None else f'{one.low:g}'} to {'inf' if one.high is None else f'{one.high:g}'}"
    hint = "; did you mean `unit: percent`?" if one.percent else ""
    return f"{one.value} lies outside {one.of}'s range, {ends}{hint}"


@says(c.WideTolerance)
def _wide_tolerance(one: c.WideTolerance) -> str:
    percent = "; did you mean `unit: percent`?" if one.percent else ""
    return f"{one.tolerance:g} is half of {one.metric}'s range or more; all would be close{percent}"


@says(c.OtherValue)
def _other_value(one: c.OtherValue) -> str:
    said = f"says {one.value} where {one.other} says {one.other_value} of the same subject"
    return f"{said}; keep one, or let `where` say in what they differ (it stands in {one.place})"


@says(c.FoldsRepeated)
def _folds_repeated(one: c.FoldsRepeated) -> str:
    return f"[{', '.join(map(str, one.folds))}] repeats a number, or that of `folds`"


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


@says(c.Contradicts)
def _contradicts(one: c.Contradicts) -> str:
    sign = "; the difference the other way round has the other sign" if one.sign else ""
    return f"contradicts {one.other} of the same pair{sign}"
