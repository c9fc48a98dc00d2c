"""The sentences of `bench/core/judgements.py`: why a claim holds, does not hold, or cannot be judged."""

from __future__ import annotations

from bench.core import judgements as j
from bench.core.errors import nearest
from bench.text.formats import MINUS, listed, p_equals
from bench.text.sentences import Templates, says, templates

SENTENCES: Templates = {
    j.FormsOfOneTable: "{datasets:commas} are forms of one table, which is one dataset: name the form that is meant",
    j.NoDatasetNamed: "the claim names no dataset, and the study has several",
    j.NoScores: "{family} has no complete {side} scores of {metric} on {dataset}",
    j.NoCommonFold: "{metric} of {family} and {against} on {dataset}: on no fold are both defined",
    j.NoTolerance: "no tolerance is declared for {of}, and there is no customary one",
    j.NoRival: "there is no other model to compare with",
    j.OneDataset: "a mean over datasets needs two of them, and there is one",
    j.ZeroDenominator: "{metric} of {family} is 0 here, and nothing can be divided by it",
    j.StatisticFailedCells: "{cells} {cells:fit|fits} failed, and {statistic} needs all of them",
    j.StatisticUndefined: "{statistic} was not computed: {why}",
    j.StatisticInfinite: "{statistic} is infinite: every dataset ranks the models alike",
    j.EqualAsPrinted: "equal to the printed decimals",
    j.EqualAsCut: "equal to the printed decimals, which were cut off and not rounded",
    j.HoldsByTheory: "the published number holds by theory, so that only ours has chance in it",
    j.OutsideTolerance: "ours is {side} by more than the tolerance",
    j.OutsideButOpen: "ours is {side} by more than the tolerance, but this cannot refute the claim",
    j.RoundingOpen: (
        "the rounding of the printed number leaves open whether ours lies within the tolerance {tolerance:.3g}"
    ),
    j.NoiseFloor: (
        "noise floor: the published number itself is uncertain by ±{floor:.3g} (splits, seeds, rounding), no less than "
        "the tolerance of ±{tolerance:.3g}; more repeats here cannot help"
    ),
    j.NoiseFloorGuessed: (
        "chance alone may move the published number by {floor:.3g}, more than repeats here could make up for; that "
        "is estimated from {repeats} repeats, and it takes {needed} to be sure"
    ),
    j.ToleranceWidened: (
        "judged by one test case and the rounding, {used:.3g}, since no smaller difference means anything"
    ),
    j.ToleranceCustomary: "no tolerance is declared: {tolerance:g} is customary for bounded scores",
    j.UndefinedFolds: "{undefined} of {folds} folds have no defined score",
    j.ProtocolDiffers: "the protocol is not the paper's, so equal numbers are not called exact",
    j.ByHalves: "tested on {pairs} {pairs:pair|pairs} of disjoint halves of the rows",
    j.SeedsOnly: "only seeds vary: other splits or rows were not tried, so this is no sampling error",
    j.SameSplits: "same splits as the paper's",
    j.SameSplitsAgree: "same splits: {runs} runs with other seeds agree",
    j.SeedNotMeasured: (
        "one run of a model that takes a seed or is tuned on drawn folds: what the seed changes was not measured"
    ),
    j.DrawsAgree: "the {draws} drawn {of} agree to the last digit, which says nothing of others: no error is known",
    j.SomeDrawsAgree: "on some datasets all draws agree",
    j.OneSplit: "one split says nothing of the spread over splits; 2 repeats are needed, better 10",
    j.OneRepeat: (
        "one repeat only: its error is bounded by the spread of folds, far too wide; more repeats would sharpen it"
    ),
    j.OtherSample: "another sample of the population: both numbers have sampling error",
    j.OtherSampleUnknown: "another sample, and one test set: no error is known for this metric",
    j.BinomialErrors: "another sample: each of the two test sets has a binomial error",
    j.SeedsNotSplits: (
        "the repeats are seeds on the same splits, and say nothing of the spread over splits; if the published "
        "number comes from these splits, write `splits: same`"
    ),
    j.OneExternalScore: (
        "one external score: what its split and seed change was not measured; if the published number is of this "
        "very score, write `splits: same`"
    ),
    j.SizesUnknown: "the sizes of the training and test sets are not known: no error is known",
    j.MeanOverDatasets: "the mean over {datasets} datasets",
    j.Rankings: "same data, other splits or seeds: {rankings} rankings of {families} models on {datasets} datasets",
    j.OneRanking: "one ranking says nothing of the spread over splits; 2 repeats are needed, better 10",
    j.RankErrorUnknown: "another sample of the population: no error of a mean rank is known",
    j.OneDraw: "one draw says nothing of a share; many are needed",
    j.CountsAlone: "it rests on {datasets} datasets and {families} models alone, which need not be the paper's",
    j.SignIgnored: "compared without its sign, which is a convention",
    j.OtherSplitsPossible: "other splits or seeds could have differed",
    j.ConstantDifference: "the difference is {difference:.3g} in every fold",
    j.FewDatasets: "{datasets} datasets cannot decide: p could not be below {least_p:.2g}; {needed} datasets could",
    j.DirectionShown: "{p:p}",
    j.DirectionOpen: "undecided ({p:p})",
    j.Equivalent: "practically equal: within {margin:g}",
    j.EquivalenceShown: "{p:p}, the larger of two one-sided tests",
    j.EquivalenceOpen: "the interval crosses the margin ({p:p}, the larger of two one-sided tests)",
    j.Apart: "apart by more than {margin:g}",
    j.BeatsAll: "better than each of {others} {others:other|others}; the closest is {closest}",
    j.NotShownToBeat: "in the best set, but not shown to beat {families:listed}",
    j.Closest: "the closest is {family}",
    j.RivalsMissing: "best of those that ran; {families:listed} did not",
    j.PairsNotShown: "not shown: {pairs:commas}",
    j.CannotContradict: (
        "{datasets} datasets can confirm a pair of this order, but are too few to contradict one after Holm over "
        "{pairs} pairs"
    ),
    j.TiesWithin: "differences within {margin:g} count as ties",
}
templates(SENTENCES)


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
    return reason.note or "the paper's method is not part of this study"


@says(j.UnknownDataset)
def _(reason: j.UnknownDataset) -> str:
    return f"there are no scores on {reason.dataset}; {nearest(reason.dataset, reason.known)}"


@says(j.CellsFailed)
def _(reason: j.CellsFailed) -> str:
    where = f"{_count(reason.cells, 'fit')} of {reason.family} on {reason.dataset} failed"
    return f"{where}; the first at stage {reason.stage}: {reason.reason}"


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


@says(j.StatisticTooLarge)
def _(reason: j.StatisticTooLarge) -> str:
    of = _count(reason.datasets, "dataset") + ("" if reason.families is None else f" and {reason.families} models")
    return f"{reason.statistic} {reason.value} cannot be of {of}: at most {reason.most:g}"


@says(j.StatisticTooFew)
def _(reason: j.StatisticTooFew) -> str:
    needs = f"at least two datasets on which every model has a score, and {reason.families} models"
    return f"{reason.statistic} was not computed: it needs {needs}"


@says(j.FamilyWithoutMetric)
def _(reason: j.FamilyWithoutMetric) -> str:
    return f"{reason.family} has no {reason.metric} here; {nearest(reason.family, reason.known)}"


@says(j.IntervalOpen)
def _(reason: j.IntervalOpen) -> str:
    return {
        "equal": "undecided: consistent with no difference, but the interval is wider than the tolerance",
        "crossing": f"undecided: ours is {reason.side}, but the interval does not show whether by more than the "
        "tolerance",
        "narrowly": f"undecided: ours is {reason.side} by more than the tolerance at the 90 % level, but not at the "
        "95 % level that a refutation needs",
    }[reason.leaves]


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


@says(j.LesserEvidence)
def _(reason: j.LesserEvidence) -> str:
    doubts = {
        "unverified": "the published number was not checked at its source",
        "substituted": "another method stands in for the paper's (substituted)",
        "approximated": "the paper's experiment is only approximated",
        "protocol": "the protocol is not the paper's",
    }
    why = " and ".join(doubts[doubt] for doubt in reason.doubts)
    return f"ours differs, but {why}"


@says(j.Settle)
def _(reason: j.Settle) -> str:
    many = "more" if reason.count is None else f"{reason.count}"
    return {
        "repeats": f"{many} repeats",
        "seeds": f"{many} seeds",
        "draws": f"{many} draws of the simulation",
        "datasets": f"{many} datasets",
        "rows": "more rows: no number of repeats is enough",
        "source": "the source: what is meant there, or more digits",
        "method": "a method nearer to the paper's",
        "protocol": "a protocol with repeats, another than this one, which draws no split and is run once",
        "splits": "nothing that can be run here: only the paper's own splits would",
        "nothing": "not known: no further run of this study does",
    }[reason.by]


@says(j.AggregationDiffers)
def _(reason: j.AggregationDiffers) -> str:
    return f"the paper's number is a {_aggregated(reason.published)}, ours a {_aggregated(reason.ours)}"


def _aggregated(aggregation: str) -> str:
    return {"fold_mean": "mean over folds", "pooled": "score pooled over folds"}.get(aggregation, _words(aggregation))


@says(j.UnstableFamilies)
def _(reason: j.UnstableFamilies) -> str:
    return (
        f"{listed(list(reason.families))} {'is' if len(reason.families) == 1 else 'are'} unstable: this test calls "
        f"equal {reason.measured_on} different in up to {100 * reason.errs:g} % of simulated samples, at a nominal 5 %"
    )


@says(j.NothingDrawn)
def _(reason: j.NothingDrawn) -> str:
    return (
        f"deterministic: {reason.protocol} draws no splits" if reason.protocol else "deterministic: no splits are drawn"
    )


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


@says(j.Arithmetic)
def _(reason: j.Arithmetic) -> str:
    on = {"scores": "the scores as they were given", "table": "the paper's own table"}
    return f"arithmetic on {on[reason.on]}"


@says(j.DrawsCounted)
def _(reason: j.DrawsCounted) -> str:
    taken = "" if reason.published else "; the paper's number of draws is taken to be ours"
    return f"{reason.hits} of {reason.draws} draws here; binomial errors on both sides{taken}"


@says(j.DenominatorVaries)
def _(reason: j.DenominatorVaries) -> str:
    return (
        f"the denominator, {reason.metric} of {reason.family}, varies by {100 * reason.variation:.0f} %; above "
        f"{100 * reason.most:.0f} % the error of a ratio is not known"
    )


@says(j.StatisticErrorUnknown)
def _(reason: j.StatisticErrorUnknown) -> str:
    made = {"fitted": "fitted here", "external": "made elsewhere, not said to be the paper's own (`splits: same`)"}
    return f"its scores were {made[reason.made]}, and their error is not known"


@says(j.TiesHidden)
def _(reason: j.TiesHidden) -> str:
    have = "has" if reason.datasets == 1 else "have"
    return f"{_count(reason.datasets, 'dataset')} {have} equal values that need not be equal before rounding"


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
        "one_score": "there is one score a model, whose split and seed might have been others",
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


@says(j.SignedRanks)
def _(reason: j.SignedRanks) -> str:
    equal = f", equal on {reason.equal}" if reason.equal else ""
    exact, approximate = "exact distribution of all sign patterns", "normal approximation without continuity correction"
    return (
        f"better on {reason.better} of {reason.datasets} datasets{equal}; signed ranks T = {reason.statistic:g}, "
        f"{exact if reason.exact else approximate}; zero differences count half for each (Demšar), "
        "differences rounded to 9 decimals"
    )


@says(j.OtherWayRound)
def _(reason: j.OtherWayRound) -> str:
    return "the other way round" + ("" if reason.p is None else f" ({p_equals(reason.p)})")


@says(j.DirectionWithoutSize)
def _(reason: j.DirectionWithoutSize) -> str:
    return (
        f"the direction holds, {'its size does not' if reason.size == 'differs' else 'whether its size does is open'}"
    )


@says(j.Beaten)
def _(reason: j.Beaten) -> str:
    holm = "" if reason.others is None else f" (Holm over {reason.others})"
    return f"beaten by {listed(reason.by)}{holm}"


@says(j.RankingsCompared)
def _(reason: j.RankingsCompared) -> str:
    tau = "" if reason.tau is None else f"; Kendall's τ {reason.tau:.2f}".replace("-", MINUS)
    if reason.p is not None:
        tau += f" (a random order of {reason.families} models agrees as well with {p_equals(reason.p)})"
    return f"claimed: {reason.claimed}; ours: {reason.ours}{tau}"


@says(j.PairContradicted)
def _(reason: j.PairContradicted) -> str:
    found = {
        "apart": "they lie apart",
        "equal": f"they are equal within {reason.margin:g}",
        "reversed": "it is the other way round",
    }
    return f"{reason.pair}, but {found[reason.relation]}"


@says(j.PairsHold)
def _(reason: j.PairsHold) -> str:
    return "the one pair holds" if reason.pairs == 1 else f"each of {reason.pairs} neighbouring pairs holds"


@says(j.Holm)
def _(reason: j.Holm) -> str:
    return f"Holm over {_count(reason.tests, reason.of.removesuffix('s'))}"


@says(j.RankLeft)
def _(reason: j.RankLeft) -> str:
    rank = f"rank {reason.low}" if reason.low == reason.high else f"rank {reason.low} to {reason.high}"
    return {
        "holds": f"every pair with it is decided: {rank} of {reason.families}",
        "outside": f"ours is {rank} of {reason.families}",
        "open": f"{rank} of {reason.families} is open",
    }[reason.claimed]
