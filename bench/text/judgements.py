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
def _(reason: j.NotAttempted) -> str:
    return (
        f"not attempted: {reason.note}"
        if reason.note
        else "not attempted: the paper's method is not part of this study"
    )


@says(j.UnknownDataset)
def _(reason: j.UnknownDataset) -> str:
    return f"there are no scores on {reason.dataset}; {nearest(reason.dataset, reason.known)}"


@says(j.FormsOfOneTable)
def _(reason: j.FormsOfOneTable) -> str:
    return f"{', '.join(reason.datasets)} are forms of one table, which is one data set: name the form that is meant"


@says(j.NoDatasetNamed)
def _(reason: j.NoDatasetNamed) -> str:
    return "the claim names no data set, and the study has several"


@says(j.CellsFailed)
def _(reason: j.CellsFailed) -> str:
    where = f"{_count(reason.cells, 'cell')} of {reason.family} on {reason.dataset} failed"
    return f"{where}; the first failed in {reason.stage}: {reason.reason}"


@says(j.NoScores)
def _(reason: j.NoScores) -> str:
    return f"{reason.family} has no complete {reason.side} scores of {reason.metric} on {reason.dataset}"


@says(j.NoCommonFold)
def _(reason: j.NoCommonFold) -> str:
    return f"{reason.metric} of {reason.family} and {reason.against} on {reason.dataset}: on no fold are both defined"


@says(j.NoTolerance)
def _(reason: j.NoTolerance) -> str:
    return f"no tolerance is declared for {reason.of}, and there is no customary one"


@says(j.NoRival)
def _(reason: j.NoRival) -> str:
    return "there is no other family to compare with"


@says(j.OneDataset)
def _(reason: j.OneDataset) -> str:
    return "a mean over data sets needs two of them, and there is one"


@says(j.ZeroDenominator)
def _(reason: j.ZeroDenominator) -> str:
    return f"{reason.metric} of {reason.family} is 0 here, and nothing can be divided by it"


@says(j.NoSuchCount)
def _(reason: j.NoSuchCount) -> str:
    positive = f", {reason.positives} of them positive," if reason.positives is not None else ""
    return (
        f"no count of {reason.count} {reason.of}{positive} gives {reason.value}: impossible under the stated protocol"
    )


@says(j.NoSuchFoldMean)
def _(reason: j.NoSuchFoldMean) -> str:
    over = f"{reason.runs} times {reason.folds}" if reason.runs > 1 else str(reason.folds)
    return (
        f"no mean over {over} even folds of {reason.cases} cases gives {reason.value}: impossible under the "
        f"stated protocol"
    )


@says(j.NoSuchTable)
def _(reason: j.NoSuchTable) -> str:
    numbers = " and ".join(f"{metric} {value}" for metric, value in reason.scores)
    return f"no one table of right and wrong labels gives {numbers}: impossible under the stated protocol"


@says(j.StatisticFailedCells)
def _(reason: j.StatisticFailedCells) -> str:
    return f"{_count(reason.cells, 'cell')} failed, and {reason.statistic} needs all of them"


@says(j.StatisticUndefined)
def _(reason: j.StatisticUndefined) -> str:
    return f"{reason.statistic} was not computed: {reason.why}"


@says(j.StatisticInfinite)
def _(reason: j.StatisticInfinite) -> str:
    return f"{reason.statistic} is infinite: every data set ranks the families alike"


@says(j.StatisticTooLarge)
def _(reason: j.StatisticTooLarge) -> str:
    of = _count(reason.datasets, "data set") + ("" if reason.families is None else f" and {reason.families} families")
    return f"{reason.statistic} {reason.value} cannot be of {of}: at most {reason.most:g}"


@says(j.StatisticTooFew)
def _(reason: j.StatisticTooFew) -> str:
    needs = f"at least two data sets on which every family has a score, and {reason.families} families"
    return f"{reason.statistic} was not computed: it needs {needs}"


@says(j.FamilyWithoutMetric)
def _(reason: j.FamilyWithoutMetric) -> str:
    return f"{reason.family} has no {reason.metric} here; {nearest(reason.family, reason.known)}"


@says(j.EqualAsPrinted)
def _(reason: j.EqualAsPrinted) -> str:
    return "equal to the printed decimals"


@says(j.OutsideTolerance)
def _(reason: j.OutsideTolerance) -> str:
    return f"ours is {reason.side} by more than the tolerance"


@says(j.OutsideButOpen)
def _(reason: j.OutsideButOpen) -> str:
    return f"ours is {reason.side} by more than the tolerance, but this cannot refute the claim"


@says(j.IntervalOpen)
def _(reason: j.IntervalOpen) -> str:
    return {
        "equal": "undecided: the interval holds 0 and reaches beyond the tolerance, so the two numbers may be equal "
        "or too far apart",
        "crossing": f"undecided: ours is {reason.side}, and the interval crosses the tolerance, so the two "
        f"numbers may be "
        "near enough or too far apart",
        "narrowly": f"undecided: ours is {reason.side} by more than the tolerance, but the wider 95 % interval, "
        f"which a "
        "refutation needs, reaches into it",
    }[reason.leaves]


@says(j.RoundingOpen)
def _(reason: j.RoundingOpen) -> str:
    return (
        f"the rounding of the printed number leaves open whether ours lies within the tolerance {reason.tolerance:.3g}"
    )


@says(j.NoiseFloor)
def _(reason: j.NoiseFloor) -> str:
    return (
        f"noise floor: chance alone (splits, seeds, rounding) moves the published number by up to {reason.floor:.3g} "
        f"either way, no less than the tolerance of {reason.tolerance:.3g}, so no number of repeats here can decide"
    )


@says(j.NoiseFloorGuessed)
def _(reason: j.NoiseFloorGuessed) -> str:
    return (
        f"chance alone may move the published number by {reason.floor:.3g}, more than repeats here could make up for; "
        f"that is estimated from {reason.repeats} repeats, and it takes {reason.needed} to be sure"
    )


@says(j.RepeatsWouldDecide)
def _(reason: j.RepeatsWouldDecide) -> str:
    return f"{reason.repeats} repeats would decide if there were no difference"


@says(j.AmbiguousSpread)
def _(reason: j.AmbiguousSpread) -> str:
    readings = "; as ".join(f"{spread(kind, over, n)}: {_words(word)}" for kind, over, n, word in reason.readings)
    return f"the printed spread is ambiguous: read as {readings}"


@says(j.AmbiguousNumber)
def _(reason: j.AmbiguousNumber) -> str:
    readings = "; as ".join(f"{_reading(metric, folds)}: {_words(word)}" for metric, folds, word in reason.readings)
    names = {"averaging": "averaging", "metric": "metric", "folds": "number of folds"}
    open_ = " and the ".join(names[name] for name in reason.open)
    return f"the {open_} {'is' if len(reason.open) == 1 else 'are'} ambiguous: read as {readings}"


@says(j.SameUnderAll)
def _(reason: j.SameUnderAll) -> str:
    return f"the same whichever is meant: {' or '.join(_reading(metric, folds) for metric, folds in reason.readings)}"


def _reading(metric: str | None, folds: int | None) -> str:
    return ", ".join([*([metric] if metric else []), *([f"{folds} folds"] if folds else [])])


@says(j.ToleranceWidened)
def _(reason: j.ToleranceWidened) -> str:
    return "the tolerance is one test case and the rounding, since no smaller difference means anything"


@says(j.ToleranceCustomary)
def _(reason: j.ToleranceCustomary) -> str:
    return f"no tolerance is declared: {reason.tolerance:g} is customary for bounded scores"


@says(j.UndefinedFolds)
def _(reason: j.UndefinedFolds) -> str:
    return f"{reason.undefined} of {reason.folds} folds have no defined score"


@says(j.CannotRefute)
def _(reason: j.CannotRefute) -> str:
    doubts = {
        "unverified": "the published number was not checked at its source",
        "substituted": "another method stands in for the paper's (substituted)",
        "approximated": "the paper's experiment is only approximated",
    }
    why = " and ".join(doubts[doubt] for doubt in reason.doubts)
    return f"this cannot refute the claim, because {why}; otherwise it would be refuted"


@says(j.ProtocolDiffers)
def _(reason: j.ProtocolDiffers) -> str:
    return "the protocol is not the paper's, so equal numbers are not called exact"


@says(j.AggregationDiffers)
def _(reason: j.AggregationDiffers) -> str:
    return f"the paper's number is a {_aggregated(reason.published)}, ours a {_aggregated(reason.ours)}"


def _aggregated(aggregation: str) -> str:
    return {"fold_mean": "mean over folds", "pooled": "score pooled over folds"}.get(aggregation, _words(aggregation))


@says(j.SeedsOnly)
def _(reason: j.SeedsOnly) -> str:
    return "only seeds vary: other splits or rows were not tried, so this is no sampling error"


@says(j.UnstableFamilies)
def _(reason: j.UnstableFamilies) -> str:
    return (
        f"the fit of {', '.join(reason.families)} depends on few training rows, so this test errs more often than its "
        f"level says: equal {reason.measured_on} were called different in up to {100 * reason.errs:g} % of "
        f"simulated samples "
        "at a nominal 5 %"
    )


@says(j.NothingDrawn)
def _(reason: j.NothingDrawn) -> str:
    return (
        f"deterministic: {reason.protocol} draws no splits" if reason.protocol else "deterministic: no splits are drawn"
    )


@says(j.SameSplits)
def _(reason: j.SameSplits) -> str:
    return "same splits as the paper's"


@says(j.SameSplitsAgree)
def _(reason: j.SameSplitsAgree) -> str:
    return f"same splits: {reason.runs} runs with other seeds agree"


@says(j.SeedNotMeasured)
def _(reason: j.SeedNotMeasured) -> str:
    return "one run of a family that takes a seed or is tuned on drawn folds: what the seed changes was not measured"


_SHARED = {
    "splits": "same data, other splits",
    "draws": "a simulation, other draws",
    "seeds": "same splits, other seeds",
    "external_seeds": "same splits, other seeds, so this is no sampling error",
}


@says(j.Repeats)
def _(reason: j.Repeats) -> str:
    return f"{_SHARED[reason.differs]}: {_count(reason.repeats, 'repeat')}"


@says(j.PaperSpread)
def _(reason: j.PaperSpread) -> str:
    return f"the paper's own spread counts too ({spread(reason.kind, reason.over, reason.n)})"


@says(j.AsPaperVaries)
def _(reason: j.AsPaperVaries) -> str:
    runs = "the one run here is" if reason.runs == 1 else f"all {reason.runs} runs here agree, so they are"
    return f"{runs} taken to vary like those of the paper ({spread(reason.kind, reason.over, reason.n)})"


@says(j.PaperSpreadZero)
def _(reason: j.PaperSpreadZero) -> str:
    return (
        f"one run here, and the printed spread is 0 ({spread(reason.kind, reason.over, reason.n)}): no error is known"
    )


@says(j.DrawsAgree)
def _(reason: j.DrawsAgree) -> str:
    return (
        f"the {reason.draws} drawn {reason.of} agree to the last digit, which says nothing of others: no error is known"
    )


@says(j.SomeDrawsAgree)
def _(reason: j.SomeDrawsAgree) -> str:
    return "on some data sets all draws agree"


@says(j.OneSplit)
def _(reason: j.OneSplit) -> str:
    return "one split says nothing of the spread over splits; 2 repeats are needed, better 10"


@says(j.OneRepeat)
def _(reason: j.OneRepeat) -> str:
    return "one repeat only: its error is bounded by the spread of folds, far too wide; more repeats would sharpen it"


@says(j.OtherSample)
def _(reason: j.OtherSample) -> str:
    return "another sample of the population: both numbers have sampling error"


@says(j.OtherSampleUnknown)
def _(reason: j.OtherSampleUnknown) -> str:
    return "another sample, and one test set: no error is known for this metric"


@says(j.BinomialErrors)
def _(reason: j.BinomialErrors) -> str:
    return "another sample: each of the two test sets has a binomial error"


@says(j.Arithmetic)
def _(reason: j.Arithmetic) -> str:
    on = {"scores": "the scores as they were given", "table": "the paper's own table"}
    return f"arithmetic on {on[reason.on]}"


@says(j.SeedsNotSplits)
def _(reason: j.SeedsNotSplits) -> str:
    return (
        "the repeats are seeds on the same splits, and say nothing of the spread over splits; if the published number "
        "comes from these splits, write `splits: same`"
    )


@says(j.OneExternalScore)
def _(reason: j.OneExternalScore) -> str:
    return (
        "one external score: what its split and seed change was not measured; if the published number is of this very "
        "score, write `splits: same`"
    )


@says(j.SizesUnknown)
def _(reason: j.SizesUnknown) -> str:
    return "the sizes of the training and test sets are not known: no error is known"


@says(j.MeanOverDatasets)
def _(reason: j.MeanOverDatasets) -> str:
    return f"the mean over {reason.datasets} data sets"


@says(j.Rankings)
def _(reason: j.Rankings) -> str:
    return (
        f"same data, other splits or seeds: {reason.rankings} rankings of {reason.families} families on "
        f"{reason.datasets} data "
        "sets"
    )


@says(j.OneRanking)
def _(reason: j.OneRanking) -> str:
    return "one ranking says nothing of the spread over splits; 2 repeats are needed, better 10"


@says(j.RankErrorUnknown)
def _(reason: j.RankErrorUnknown) -> str:
    return "another sample of the population: no error of a mean rank is known"


@says(j.DrawsCounted)
def _(reason: j.DrawsCounted) -> str:
    taken = "" if reason.published else "; the paper's number of draws is taken to be ours"
    return f"{reason.hits} of {reason.draws} draws here; binomial errors on both sides{taken}"


@says(j.OneDraw)
def _(reason: j.OneDraw) -> str:
    return "one draw says nothing of a share; many are needed"


@says(j.DenominatorVaries)
def _(reason: j.DenominatorVaries) -> str:
    return (
        f"the denominator, {reason.metric} of {reason.family}, varies by {100 * reason.variation:.0f} %; above "
        f"{100 * reason.most:.0f} % the error of a ratio is not known"
    )


@says(j.CountsAlone)
def _(reason: j.CountsAlone) -> str:
    return (
        f"it rests on {reason.datasets} data sets and {reason.families} families alone, which need not be the paper's"
    )


@says(j.StatisticErrorUnknown)
def _(reason: j.StatisticErrorUnknown) -> str:
    made = {"fitted": "fitted here", "external": "made elsewhere, not said to be the paper's own (`splits: same`)"}
    return f"its scores were {made[reason.made]}, and their error is not known"


@says(j.SignIgnored)
def _(reason: j.SignIgnored) -> str:
    return "compared without its sign, which is a convention"


@says(j.TiesHidden)
def _(reason: j.TiesHidden) -> str:
    have = "has" if reason.datasets == 1 else "have"
    return f"{_count(reason.datasets, 'data set')} {have} equal values that need not be equal before rounding"


@says(j.OtherSplitsPossible)
def _(reason: j.OtherSplitsPossible) -> str:
    return "other splits or seeds could have differed"


@says(j.NoErrorRate)
def _(reason: j.NoErrorRate) -> str:
    return {
        None: "no error rate exists",
        "one_score": "no error rate exists for scores pooled over folds or for a single split",
        "runs_on_one_test_set": "no error rate exists for several runs on one test set: they say nothing of others",
    }[reason.where]


@says(j.NoErrorRateExternal)
def _(reason: j.NoErrorRateExternal) -> str:
    lacks = {
        "one_score": "there is one score a family, whose split and seed might have been others",
        "seeds_only": "seeds on the same splits say nothing of another sample",
        "one_seed": "they are the run of one seed",
        "one_row": "every test set is one row",
        "sizes": "the sizes of the training and test sets are not known",
        "one_test_set": "they are of one test set, or pooled over folds",
    }
    return f"no error rate exists for these external scores: {lacks[reason.lacks]}"


@says(j.Probabilities)
def _(reason: j.Probabilities) -> str:
    within = f"P(within {reason.margin:g}) {reason.within:.2f}"
    return f"P(better) {reason.better:.2f}, {within}, P(worse) {reason.worse:.2f}"


@says(j.ConstantDifference)
def _(reason: j.ConstantDifference) -> str:
    return f"the difference is {reason.difference:.3g} in every fold"


@says(j.SignedRanks)
def _(reason: j.SignedRanks) -> str:
    equal = f", equal on {reason.equal}" if reason.equal else ""
    exact, approximate = "exact distribution of all sign patterns", "normal approximation without continuity correction"
    return (
        f"better on {reason.better} of {reason.datasets} data sets{equal}; signed ranks T = {reason.statistic:g}, "
        f"{exact if reason.exact else approximate}; zeros split (Demšar), differences rounded to 9 decimals"
    )


@says(j.FewDatasets)
def _(reason: j.FewDatasets) -> str:
    return (
        f"{reason.datasets} data sets cannot decide: p could not be below {reason.least_p:.2g}; "
        f"{reason.needed} data sets could"
    )


@says(j.DirectionShown)
def _(reason: j.DirectionShown) -> str:
    return f"p {reason.p:.2g}"


@says(j.DirectionOpen)
def _(reason: j.DirectionOpen) -> str:
    return f"undecided (p {reason.p:.2g})"


@says(j.OtherWayRound)
def _(reason: j.OtherWayRound) -> str:
    return "the other way round" + ("" if reason.p is None else f" (p {reason.p:.2g})")


@says(j.Equivalent)
def _(reason: j.Equivalent) -> str:
    return f"practically equal: within {reason.margin:g}"


@says(j.EquivalenceShown)
def _(reason: j.EquivalenceShown) -> str:
    return f"p {reason.p:.2g}, the larger of two one-sided tests"


@says(j.EquivalenceOpen)
def _(reason: j.EquivalenceOpen) -> str:
    return f"the interval crosses the margin (p {reason.p:.2g}, the larger of two one-sided tests)"


@says(j.Apart)
def _(reason: j.Apart) -> str:
    return f"apart by more than {reason.margin:g}"


@says(j.DirectionWithoutSize)
def _(reason: j.DirectionWithoutSize) -> str:
    return (
        f"the direction holds, {'its size does not' if reason.size == 'differs' else 'whether its size does is open'}"
    )


@says(j.BeatsAll)
def _(reason: j.BeatsAll) -> str:
    return f"better than each of {_count(reason.others, 'other')}; the closest is {reason.closest}"


@says(j.Beaten)
def _(reason: j.Beaten) -> str:
    holm = "" if reason.others is None else f" (Holm over {reason.others})"
    return f"beaten by {listed(reason.by)}{holm}"


@says(j.NotShownToBeat)
def _(reason: j.NotShownToBeat) -> str:
    return f"in the best set, but not shown to beat {listed(reason.families)}"


@says(j.Closest)
def _(reason: j.Closest) -> str:
    return f"the closest is {reason.family}"


@says(j.RivalsMissing)
def _(reason: j.RivalsMissing) -> str:
    return f"best of those that ran; {listed(reason.families)} did not"


@says(j.RankingsCompared)
def _(reason: j.RankingsCompared) -> str:
    tau = "" if reason.tau is None else f"; Kendall's tau-b {reason.tau:.2f}"
    return f"claimed: {reason.claimed}; ours: {reason.ours}{tau}"


@says(j.PairContradicted)
def _(reason: j.PairContradicted) -> str:
    found = {
        "apart": "they lie apart",
        "equal": f"they are equal within {reason.margin:g}",
        "reversed": "it is the other way round",
    }
    return f"{reason.pair}, but {found[reason.relation]}"


@says(j.PairsNotShown)
def _(reason: j.PairsNotShown) -> str:
    return f"not shown: {', '.join(reason.pairs)}"


@says(j.PairsHold)
def _(reason: j.PairsHold) -> str:
    return "the one pair holds" if reason.pairs == 1 else f"each of {reason.pairs} neighbouring pairs holds"


@says(j.Holm)
def _(reason: j.Holm) -> str:
    return f"Holm over {_count(reason.tests, reason.of.removesuffix('s'))}"


@says(j.CannotContradict)
def _(reason: j.CannotContradict) -> str:
    return (
        f"{reason.datasets} data sets can show a pair as claimed, but after Holm over {reason.pairs} pairs none "
        f"the other "
        "way round"
    )


@says(j.RankLeft)
def _(reason: j.RankLeft) -> str:
    rank = f"rank {reason.low}" if reason.low == reason.high else f"rank {reason.low} to {reason.high}"
    return {
        "holds": f"every pair with it is decided: {rank} of {reason.families}",
        "outside": f"ours is {rank} of {reason.families}",
        "open": f"{rank} of {reason.families} is open",
    }[reason.claimed]


@says(j.TiesWithin)
def _(reason: j.TiesWithin) -> str:
    return f"differences within {reason.margin:g} count as ties"
