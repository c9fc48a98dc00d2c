"""The sentences of `bench/core/judgements.py`: why a claim holds, does not hold, or cannot be judged."""

from __future__ import annotations

from bench.core import judgements as j
from bench.core.errors import nearest
from bench.text.formats import listed
from bench.text.sentences import says

_SPREADS = {"sd": "standard deviation", "se": "standard error", "ci95": "95 % interval"}


def _words(code: str) -> str:
    return code.replace("_", " ")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def spread(kind: str, over: str, n: int) -> str:
    """One way to read a printed spread: `standard error over 10 folds`."""
    return f"{_SPREADS[kind]} over {n} {over}"


@says(j.NotAttempted)
def _(one: j.NotAttempted) -> str:
    return f"not attempted: {one.note}" if one.note else "not attempted: the paper's method is not part of this study"


@says(j.UnknownDataset)
def _(one: j.UnknownDataset) -> str:
    return f"there are no scores on {one.dataset}; {nearest(one.dataset, one.known)}"


@says(j.FormsOfOneTable)
def _(one: j.FormsOfOneTable) -> str:
    return f"{', '.join(one.datasets)} are forms of one table, which is one data set: name the form that is meant"


@says(j.NoDatasetNamed)
def _(one: j.NoDatasetNamed) -> str:
    return "the claim names no data set, and the study has several"


@says(j.CellsFailed)
def _(one: j.CellsFailed) -> str:
    where = f"{_count(one.cells, 'cell')} of {one.family} on {one.dataset} failed"
    return f"{where}; the first failed in {one.stage}: {one.reason}"


@says(j.NoScores)
def _(one: j.NoScores) -> str:
    return f"{one.family} has no complete {one.side} scores of {one.metric} on {one.dataset}"


@says(j.NoCommonFold)
def _(one: j.NoCommonFold) -> str:
    return f"{one.metric} of {one.family} and {one.against} on {one.dataset}: on no fold are both defined"


@says(j.NoTolerance)
def _(one: j.NoTolerance) -> str:
    return f"no tolerance is declared for {one.of}, and there is no customary one"


@says(j.NoRival)
def _(one: j.NoRival) -> str:
    return "there is no other family to compare with"


@says(j.OneDataset)
def _(one: j.OneDataset) -> str:
    return "a mean over data sets needs two of them, and there is one"


@says(j.ZeroDenominator)
def _(one: j.ZeroDenominator) -> str:
    return f"{one.metric} of {one.family} is 0 here, and nothing can be divided by it"


@says(j.NoSuchCount)
def _(one: j.NoSuchCount) -> str:
    positive = f", {one.positives} of them positive," if one.positives is not None else ""
    return f"no count of {one.count} {one.of}{positive} gives {one.value} under the stated protocol"


@says(j.NoSuchFoldMean)
def _(one: j.NoSuchFoldMean) -> str:
    over = f"{one.runs} times {one.folds}" if one.runs > 1 else str(one.folds)
    return f"no mean over {over} even folds of {one.cases} cases gives {one.value} under the stated protocol"


@says(j.NoSuchTable)
def _(one: j.NoSuchTable) -> str:
    numbers = " and ".join(f"{metric} {value}" for metric, value in one.scores)
    return f"no one table of right and wrong labels gives {numbers} under the stated protocol"


@says(j.StatisticFailedCells)
def _(one: j.StatisticFailedCells) -> str:
    return f"{_count(one.cells, 'cell')} failed, and {one.statistic} needs all of them"


@says(j.StatisticUndefined)
def _(one: j.StatisticUndefined) -> str:
    return f"{one.statistic} was not computed: {one.why}"


@says(j.StatisticInfinite)
def _(one: j.StatisticInfinite) -> str:
    return f"{one.statistic} is infinite: every data set ranks the families alike"


@says(j.StatisticTooLarge)
def _(one: j.StatisticTooLarge) -> str:
    of = _count(one.datasets, "data set") + ("" if one.families is None else f" and {one.families} families")
    return f"{one.statistic} {one.value} cannot be of {of}: it is at most {one.most:g}"


@says(j.StatisticTooFew)
def _(one: j.StatisticTooFew) -> str:
    needs = f"at least two data sets on which every family has a score, and {one.families} families"
    return f"{one.statistic} was not computed: it needs {needs}"


@says(j.FamilyWithoutMetric)
def _(one: j.FamilyWithoutMetric) -> str:
    return f"{one.family} has no {one.metric} here; {nearest(one.family, one.known)}"


@says(j.EqualAsPrinted)
def _(one: j.EqualAsPrinted) -> str:
    return "equal to the printed decimals"


@says(j.OutsideTolerance)
def _(one: j.OutsideTolerance) -> str:
    return f"ours is {one.side} by more than the tolerance"


@says(j.OutsideButOpen)
def _(one: j.OutsideButOpen) -> str:
    return f"ours is {one.side} by more than the tolerance, but this cannot refute the claim"


@says(j.IntervalOpen)
def _(one: j.IntervalOpen) -> str:
    return {
        "equal": "undecided: the interval holds 0 and reaches beyond the tolerance, so the two numbers may be equal "
        "or too far apart",
        "crossing": f"undecided: ours is {one.side}, and the interval crosses the tolerance, so the two numbers may be "
        "near enough or too far apart",
        "narrowly": f"undecided: ours is {one.side} by more than the tolerance, but the wider 95 % interval, which a "
        "refutation needs, reaches into it",
    }[one.leaves]


@says(j.RoundingOpen)
def _(one: j.RoundingOpen) -> str:
    return f"the rounding of the printed number leaves open whether ours lies within the tolerance {one.tolerance:.3g}"


@says(j.NoiseFloor)
def _(one: j.NoiseFloor) -> str:
    return (
        f"noise floor: chance alone (splits, seeds, rounding) moves the published number by up to {one.floor:.3g} "
        f"either way, no less than the tolerance of {one.tolerance:.3g}, so no number of repeats here can decide"
    )


@says(j.NoiseFloorGuessed)
def _(one: j.NoiseFloorGuessed) -> str:
    return (
        f"chance alone may move the published number by {one.floor:.3g}, more than repeats here could make up for; "
        f"that is estimated from {one.repeats} repeats, and it takes {one.needed} to be sure"
    )


@says(j.RepeatsWouldDecide)
def _(one: j.RepeatsWouldDecide) -> str:
    return f"{one.repeats} repeats would decide if there were no difference"


@says(j.AmbiguousSpread)
def _(one: j.AmbiguousSpread) -> str:
    readings = "; as ".join(f"{spread(kind, over, n)}: {_words(word)}" for kind, over, n, word in one.readings)
    return f"the printed spread is ambiguous: read as {readings}"


@says(j.AmbiguousNumber)
def _(one: j.AmbiguousNumber) -> str:
    readings = "; as ".join(f"{_reading(metric, folds)}: {_words(word)}" for metric, folds, word in one.readings)
    names = {"averaging": "averaging", "metric": "metric", "folds": "number of folds"}
    return f"the {' and '.join(names[name] for name in one.open)} is ambiguous: read as {readings}"


@says(j.SameUnderAll)
def _(one: j.SameUnderAll) -> str:
    return f"the same whichever is meant: {' or '.join(_reading(metric, folds) for metric, folds in one.readings)}"


def _reading(metric: str | None, folds: int | None) -> str:
    return ", ".join([*([metric] if metric else []), *([f"{folds} folds"] if folds else [])])


@says(j.ToleranceWidened)
def _(one: j.ToleranceWidened) -> str:
    return "the tolerance is one test case and the rounding, since no smaller difference means anything"


@says(j.ToleranceCustomary)
def _(one: j.ToleranceCustomary) -> str:
    return f"no tolerance is declared: {one.tolerance:g} is customary for bounded scores"


@says(j.UndefinedFolds)
def _(one: j.UndefinedFolds) -> str:
    return f"{one.undefined} of {one.folds} folds have no defined score"


@says(j.CannotRefute)
def _(one: j.CannotRefute) -> str:
    doubts = {
        "unverified": "the published number was not checked at its source",
        "substituted": "another method stands in for the paper's (substituted)",
        "approximated": "the paper's experiment is only approximated",
    }
    why = " and ".join(doubts[doubt] for doubt in one.doubts)
    return f"this cannot refute the claim, because {why}; otherwise it would be refuted"


@says(j.ProtocolDiffers)
def _(one: j.ProtocolDiffers) -> str:
    return "the protocol is not the paper's, so equal numbers are not called exact"


@says(j.AggregationDiffers)
def _(one: j.AggregationDiffers) -> str:
    return f"the paper's number is a {_aggregated(one.published)}, ours a {_aggregated(one.ours)}"


def _aggregated(aggregation: str) -> str:
    return {"fold_mean": "mean over folds", "pooled": "score pooled over folds"}.get(aggregation, _words(aggregation))


@says(j.SeedsOnly)
def _(one: j.SeedsOnly) -> str:
    return "only seeds vary: other splits or rows were not tried, so this is no sampling error"


@says(j.UnstableFamilies)
def _(one: j.UnstableFamilies) -> str:
    return (
        f"the fit of {', '.join(one.families)} depends on few training rows, so this test errs more often than its "
        f"level says: equal {one.measured_on} were called different in up to {100 * one.errs:g} % of simulated samples "
        "at a nominal 5 %"
    )


@says(j.NothingDrawn)
def _(one: j.NothingDrawn) -> str:
    return f"deterministic: {one.protocol} draws no splits" if one.protocol else "deterministic: no splits are drawn"


@says(j.SameSplits)
def _(one: j.SameSplits) -> str:
    return "same splits as the paper's"


@says(j.SameSplitsAgree)
def _(one: j.SameSplitsAgree) -> str:
    return f"same splits: {one.runs} runs with other seeds agree"


@says(j.SeedNotMeasured)
def _(one: j.SeedNotMeasured) -> str:
    return "one run of a family that takes a seed or is tuned on drawn folds: what the seed changes was not measured"


_SHARED = {
    "splits": "same data, other splits",
    "draws": "a simulation, other draws",
    "seeds": "same splits, other seeds",
    "external_seeds": "same splits, other seeds, so this is no sampling error",
}


@says(j.Repeats)
def _(one: j.Repeats) -> str:
    return f"{_SHARED[one.differs]}: {_count(one.repeats, 'repeat')}"


@says(j.PaperSpread)
def _(one: j.PaperSpread) -> str:
    return f"the paper's own spread counts too ({spread(one.kind, one.over, one.n)})"


@says(j.AsPaperVaries)
def _(one: j.AsPaperVaries) -> str:
    runs = "the one run here is" if one.runs == 1 else f"all {one.runs} runs here agree, so they are"
    return f"{runs} taken to vary like those of the paper ({spread(one.kind, one.over, one.n)})"


@says(j.PaperSpreadZero)
def _(one: j.PaperSpreadZero) -> str:
    return f"one run here, and the printed spread is 0 ({spread(one.kind, one.over, one.n)}): no error is known"


@says(j.DrawsAgree)
def _(one: j.DrawsAgree) -> str:
    return f"the {one.draws} drawn {one.of} agree to the last digit, which says nothing of others: no error is known"


@says(j.SomeDrawsAgree)
def _(one: j.SomeDrawsAgree) -> str:
    return "on some data sets all draws agree"


@says(j.OneSplit)
def _(one: j.OneSplit) -> str:
    return "one split says nothing of the spread over splits; 2 repeats are needed, better 10"


@says(j.OneRepeat)
def _(one: j.OneRepeat) -> str:
    return "one repeat only: its error is bounded by the spread of folds, far too wide; more repeats would sharpen it"


@says(j.OtherSample)
def _(one: j.OtherSample) -> str:
    return "another sample of the population: both numbers have sampling error"


@says(j.OtherSampleUnknown)
def _(one: j.OtherSampleUnknown) -> str:
    return "another sample, and one test set: no error is known for this metric"


@says(j.BinomialErrors)
def _(one: j.BinomialErrors) -> str:
    return "another sample: each of the two test sets has a binomial error"


@says(j.Arithmetic)
def _(one: j.Arithmetic) -> str:
    on = {"scores": "the scores as they were given", "table": "the paper's own table"}
    return f"arithmetic on {on[one.on]}"


@says(j.SeedsNotSplits)
def _(one: j.SeedsNotSplits) -> str:
    return (
        "the repeats are seeds on the same splits, and say nothing of the spread over splits; if the published number "
        "comes from these splits, write `splits: same`"
    )


@says(j.OneExternalScore)
def _(one: j.OneExternalScore) -> str:
    return (
        "one external score: what its split and seed change was not measured; if the published number is of this very "
        "score, write `splits: same`"
    )


@says(j.SizesUnknown)
def _(one: j.SizesUnknown) -> str:
    return "the sizes of the training and test sets are not known: no error is known"


@says(j.MeanOverDatasets)
def _(one: j.MeanOverDatasets) -> str:
    return f"the mean over {one.datasets} data sets"


@says(j.Rankings)
def _(one: j.Rankings) -> str:
    return (
        f"same data, other splits or seeds: {one.rankings} rankings of {one.families} families on {one.datasets} data "
        "sets"
    )


@says(j.OneRanking)
def _(one: j.OneRanking) -> str:
    return "one ranking says nothing of the spread over splits; 2 repeats are needed, better 10"


@says(j.RankErrorUnknown)
def _(one: j.RankErrorUnknown) -> str:
    return "another sample of the population: no error of a mean rank is known"


@says(j.DrawsCounted)
def _(one: j.DrawsCounted) -> str:
    taken = "" if one.published else "; the paper's number of draws is taken to be ours"
    return f"{one.hits} of {one.draws} draws here; binomial errors on both sides{taken}"


@says(j.OneDraw)
def _(one: j.OneDraw) -> str:
    return "one draw says nothing of a share; many are needed"


@says(j.DenominatorVaries)
def _(one: j.DenominatorVaries) -> str:
    return (
        f"the denominator, {one.metric} of {one.family}, varies by {100 * one.variation:.0f} %; above "
        f"{100 * one.most:.0f} % the error of a ratio is not known"
    )


@says(j.CountsAlone)
def _(one: j.CountsAlone) -> str:
    return f"it rests on {one.datasets} data sets and {one.families} families alone, which need not be the paper's"


@says(j.StatisticErrorUnknown)
def _(one: j.StatisticErrorUnknown) -> str:
    made = {"fitted": "fitted here", "external": "made elsewhere, not said to be the paper's own (`splits: same`)"}
    return f"its scores were {made[one.made]}, and their error is not known"


@says(j.SignIgnored)
def _(one: j.SignIgnored) -> str:
    return "compared without its sign, which is a convention"


@says(j.TiesHidden)
def _(one: j.TiesHidden) -> str:
    have = "has" if one.datasets == 1 else "have"
    return f"{_count(one.datasets, 'data set')} {have} equal values that need not be equal before rounding"


@says(j.OtherSplitsPossible)
def _(one: j.OtherSplitsPossible) -> str:
    return "other splits or seeds could have differed"


@says(j.NoErrorRate)
def _(one: j.NoErrorRate) -> str:
    return {
        None: "no error rate exists",
        "one_score": "no error rate exists for scores pooled over folds or for a single split",
        "runs_on_one_test_set": "no error rate exists for several runs on one test set: they say nothing of others",
    }[one.where]


@says(j.NoErrorRateExternal)
def _(one: j.NoErrorRateExternal) -> str:
    lacks = {
        "one_score": "there is one score a family, whose split and seed might have been others",
        "seeds_only": "seeds on the same splits say nothing of another sample",
        "one_seed": "they are the run of one seed",
        "one_row": "every test set is one row",
        "sizes": "the sizes of the training and test sets are not known",
        "one_test_set": "they are of one test set, or pooled over folds",
    }
    return f"no error rate exists for these external scores: {lacks[one.lacks]}"


@says(j.Probabilities)
def _(one: j.Probabilities) -> str:
    within = f"P(within {one.margin:g}) {one.within:.2f}"
    return f"P(better) {one.better:.2f}, {within}, P(worse) {one.worse:.2f}"


@says(j.ConstantDifference)
def _(one: j.ConstantDifference) -> str:
    return f"the difference is {one.difference:.3g} in every fold"


@says(j.SignedRanks)
def _(one: j.SignedRanks) -> str:
    equal = f", equal on {one.equal}" if one.equal else ""
    return (
        f"better on {one.better} of {one.datasets} data sets{equal}; signed ranks T = {one.statistic:g}, {one.variant}"
    )


@says(j.FewDatasets)
def _(one: j.FewDatasets) -> str:
    return (
        f"{one.datasets} data sets cannot decide: p could not be below {one.least_p:.2g}; {one.needed} data sets could"
    )


@says(j.DirectionShown)
def _(one: j.DirectionShown) -> str:
    return f"p {one.p:.2g}"


@says(j.DirectionOpen)
def _(one: j.DirectionOpen) -> str:
    return f"undecided (p {one.p:.2g})"


@says(j.OtherWayRound)
def _(one: j.OtherWayRound) -> str:
    return "the other way round" + ("" if one.p is None else f" (p {one.p:.2g})")


@says(j.Equivalent)
def _(one: j.Equivalent) -> str:
    return f"practically equal: within {one.margin:g}"


@says(j.EquivalenceShown)
def _(one: j.EquivalenceShown) -> str:
    return f"p {one.p:.2g}, the larger of two one-sided tests"


@says(j.EquivalenceOpen)
def _(one: j.EquivalenceOpen) -> str:
    return f"the interval crosses the margin (p {one.p:.2g}, the larger of two one-sided tests)"


@says(j.Apart)
def _(one: j.Apart) -> str:
    return f"apart by more than {one.margin:g}"


@says(j.DirectionWithoutSize)
def _(one: j.DirectionWithoutSize) -> str:
    return f"the direction holds, {'its size does not' if one.size == 'differs' else 'whether its size does is open'}"


@says(j.BeatsAll)
def _(one: j.BeatsAll) -> str:
    return f"better than each of {_count(one.others, 'other')}; the closest is {one.closest}"


@says(j.Beaten)
def _(one: j.Beaten) -> str:
    holm = "" if one.others is None else f" (Holm over {one.others})"
    return f"beaten by {listed(one.by)}{holm}"


@says(j.NotShownToBeat)
def _(one: j.NotShownToBeat) -> str:
    return f"in the best set, but not shown to beat {listed(one.families)}"


@says(j.Closest)
def _(one: j.Closest) -> str:
    return f"the closest is {one.family}"


@says(j.RivalsMissing)
def _(one: j.RivalsMissing) -> str:
    return f"best of those that ran; {listed(one.families)} did not"


@says(j.RankingsCompared)
def _(one: j.RankingsCompared) -> str:
    tau = "" if one.tau is None else f"; Kendall's tau-b {one.tau:.2f}"
    return f"claimed: {one.claimed}; ours: {one.ours}{tau}"


@says(j.PairContradicted)
def _(one: j.PairContradicted) -> str:
    found = {
        "apart": "they lie apart",
        "equal": f"they are equal within {one.margin:g}",
        "reversed": "it is the other way round",
    }
    return f"{one.pair}, but {found[one.found]}"


@says(j.PairsNotShown)
def _(one: j.PairsNotShown) -> str:
    return f"not shown: {', '.join(one.pairs)}"


@says(j.PairsHold)
def _(one: j.PairsHold) -> str:
    return "the one pair holds" if one.pairs == 1 else f"each of {one.pairs} neighbouring pairs holds"


@says(j.Holm)
def _(one: j.Holm) -> str:
    return f"Holm over {_count(one.tests, one.of.removesuffix('s'))}"


@says(j.CannotContradict)
def _(one: j.CannotContradict) -> str:
    return (
        f"{one.datasets} data sets can show a pair as claimed, but after Holm over {one.pairs} pairs none the other "
        "way round"
    )


@says(j.RankLeft)
def _(one: j.RankLeft) -> str:
    rank = f"rank {one.low}" if one.low == one.high else f"rank {one.low} to {one.high}"
    return {
        "holds": f"every pair with it is decided: {rank} of {one.families}",
        "outside": f"ours is {rank} of {one.families}",
        "open": f"{rank} of {one.families} is open",
    }[one.claimed]


@says(j.TiesWithin)
def _(one: j.TiesWithin) -> str:
    return f"differences within {one.margin:g} count as ties"
