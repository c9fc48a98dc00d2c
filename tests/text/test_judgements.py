"""Each reason of a judgement has one sentence, and comes back from JSON as it was."""

from __future__ import annotations

import pytest

from bench.core import judgements as j
from bench.core.outcomes import Statement, decoded, encoded, kinds
from bench.text.sentences import sentence

SENTENCES: list[tuple[Statement, str]] = [
    (j.NotAttempted("not in scikit-learn"), "not in scikit-learn"),
    (j.NotAttempted(None), "the paper's method is not part of this study"),
    (j.UnknownDataset("wime", ("wine",)), "there are no scores on wime; did you mean wine?"),
    (
        j.FormsOfOneTable(("a", "b")),
        "a, b are forms of one table, which is one dataset: name the form that is meant",
    ),
    (j.NoDatasetNamed(), "the claim names no dataset, and the study has several"),
    (
        j.CellsFailed(2, "svm", "wine", "fit", "over 60 s"),
        "2 fits of svm on wine failed; the first at stage fit: over 60 s",
    ),
    (
        j.NoScores("accuracy", "svm", "wine", "test"),
        "svm has no complete test scores of accuracy on wine",
    ),
    (
        j.NoCommonFold("accuracy", "svm", "lda", "wine"),
        "accuracy of svm and lda on wine: on no fold are both defined",
    ),
    (j.NoTolerance("rmse"), "no tolerance is declared for rmse, and there is no customary one"),
    (j.NoRival(), "there is no other model to compare with"),
    (j.OneDataset(), "a mean over datasets needs two of them, and there is one"),
    (j.ZeroDenominator("error_rate", "lda"), "error_rate of lda is 0 here, and nothing can be divided by it"),
    (
        j.NoSuchCount("98.5", 50),
        "no count of 50 cases gives 98.5: impossible under the stated protocol",
    ),
    (
        j.NoSuchCount("0.77", 50, positives=10),
        "no count of 50 cases, 10 of them positive, gives 0.77: impossible under the stated protocol",
    ),
    (
        j.NoSuchFoldMean("98.5", 50, 10, 2),
        "no mean over 2 times 10 even folds of 50 cases gives 98.5: impossible under the stated protocol",
    ),
    (
        j.NoSuchTable((("accuracy", "0.9"), ("recall_binary", "0.1"))),
        "no one table of right and wrong labels gives accuracy 0.9 and recall_binary 0.1: impossible under the stated "
        "protocol",
    ),
    (j.StatisticFailedCells("wins", 1), "1 fit failed, and wins needs all of them"),
    (j.StatisticUndefined("wins", "no pairs"), "wins was not computed: no pairs"),
    (j.StatisticInfinite("friedman_f"), "friedman_f is infinite: every dataset ranks the models alike"),
    (
        j.StatisticTooLarge("friedman_chi2", "42.1", 42, 14, 4),
        "friedman_chi2 42.1 cannot be of 14 datasets and 4 models: at most 42",
    ),
    (
        j.StatisticTooFew("friedman_chi2", 3),
        "friedman_chi2 was not computed: it needs at least two datasets on which every model has a score, and 3 models",
    ),
    (j.FamilyWithoutMetric("ldaa", "accuracy", ("lda",)), "ldaa has no accuracy here; did you mean lda?"),
    (j.EqualAsCut(), "equal to the printed decimals, which were cut off and not rounded"),
    (j.HoldsByTheory(), "the published number holds by theory, so that only ours has chance in it"),
    (j.Settle("repeats", 12), "12 repeats"),
    (j.Settle("rows"), "more rows: no number of repeats is enough"),
    (j.EqualAsPrinted(), "equal to the printed decimals"),
    (j.OutsideTolerance("higher"), "ours is higher by more than the tolerance"),
    (
        j.OutsideButOpen("lower"),
        "ours is lower by more than the tolerance, but this cannot refute the claim",
    ),
    (
        j.IntervalOpen("equal", "lower"),
        "undecided: consistent with no difference, but the interval is wider than the tolerance",
    ),
    (
        j.IntervalOpen("crossing", "higher"),
        "undecided: ours is higher, but the interval does not show whether by more than the tolerance",
    ),
    (
        j.IntervalOpen("narrowly", "higher"),
        "undecided: ours is higher by more than the tolerance at the 90 % level, but not at the 95 % level that a "
        "refutation needs",
    ),
    (
        j.RoundingOpen(0.01),
        "the rounding of the printed number leaves open whether ours lies within the tolerance 0.01",
    ),
    (
        j.NoiseFloor(1.26, 1),
        "noise floor: the published number itself is uncertain by ±1.26 (splits, seeds, rounding), no less than the "
        "tolerance of ±1; more repeats here cannot help",
    ),
    (
        j.NoiseFloorGuessed(1.26, 2, 5),
        "chance alone may move the published number by 1.26, more than repeats here could make up for; that is "
        "estimated from 2 repeats, and it takes 5 to be sure",
    ),
    (
        j.AmbiguousSpread((("sd", "repeats", 10, "reproduced"), ("se", "folds", 10, "missing"))),
        "the printed spread is ambiguous: read as standard deviation over 10 repeats: reproduced; as standard error "
        "over 10 folds: missing",
    ),
    (
        j.AmbiguousNumber(
            ("averaging", "folds"), (("f1_macro", 5, "reproduced"), ("f1_weighted", 10, "not_reproduced"))
        ),
        "the averaging and the number of folds are ambiguous: read as f1_macro, 5 folds: reproduced; as "
        "f1_weighted, 10 "
        "folds: not reproduced",
    ),
    (
        j.SameUnderAll((("f1_macro", None), ("f1_weighted", None))),
        "the same whichever is meant: f1_macro or f1_weighted",
    ),
    (
        j.ToleranceWidened(0.0119),
        "judged by one test case and the rounding, 0.0119, since no smaller difference means anything",
    ),
    (j.ToleranceCustomary(0.01), "no tolerance is declared: 0.01 is customary for bounded scores"),
    (j.UndefinedFolds(1, 100), "1 of 100 folds have no defined score"),
    (
        j.LesserEvidence(("substituted", "unverified")),
        "ours differs, but another method stands in for the paper's (substituted) and the "
        "published number was not checked at its source",
    ),
    (j.ProtocolDiffers(), "the protocol is not the paper's, so equal numbers are not called exact"),
    (
        j.AggregationDiffers("pooled", "fold_mean"),
        "the paper's number is a score pooled over folds, ours a mean over folds",
    ),
    (
        j.SeedsOnly(),
        "only seeds vary: other splits or rows were not tried, so this is no sampling error",
    ),
    (
        j.UnstableFamilies(("tree",), "trees of one split", 0.285),
        "tree is unstable: this test calls equal trees of one split different in up to 28.5 % of simulated samples, at "
        "a nominal 5 %",
    ),
    (j.ByHalves(10), "tested on 10 pairs of disjoint halves of the rows"),
    (j.NothingDrawn("leave-one-out"), "deterministic: leave-one-out draws no splits"),
    (j.NothingDrawn(None), "deterministic: no splits are drawn"),
    (j.SameSplits(), "same splits as the paper's"),
    (j.SameSplitsAgree(5), "same splits: 5 runs with other seeds agree"),
    (
        j.SeedNotMeasured(),
        "one run of a model that takes a seed or is tuned on drawn folds: what the seed changes was not measured",
    ),
    (j.Repeats("splits", 10), "same data, other splits: 10 repeats"),
    (j.Repeats("external_seeds", 1), "same splits, other seeds, so this is no sampling error: 1 repeat"),
    (j.PaperSpread("ci95", "seeds", 5), "the paper's own spread counts too (95 % interval over 5 seeds)"),
    (
        j.AsPaperVaries(1, "sd", "seeds", 10),
        "the one run here is taken to vary like those of the paper (standard deviation over 10 seeds)",
    ),
    (
        j.AsPaperVaries(3, "sd", "seeds", 10),
        "all 3 runs here agree, so they are taken to vary like those of the paper (standard deviation over 10 seeds)",
    ),
    (
        j.PaperSpreadZero("sd", "seeds", 10),
        "one run here, and the printed spread is 0 (standard deviation over 10 seeds): no error is known",
    ),
    (
        j.DrawsAgree(2, "mean ranks"),
        "the 2 drawn mean ranks agree to the last digit, which says nothing of others: no error is known",
    ),
    (j.SomeDrawsAgree(), "on some datasets all draws agree"),
    (j.OneSplit(), "one split says nothing of the spread over splits; 2 repeats are needed, better 10"),
    (
        j.OneRepeat(),
        "one repeat only: its error is bounded by the spread of folds, far too wide; more repeats would sharpen it",
    ),
    (j.OtherSample(), "another sample of the population: both numbers have sampling error"),
    (j.OtherSampleUnknown(), "another sample, and one test set: no error is known for this metric"),
    (j.BinomialErrors(), "another sample: each of the two test sets has a binomial error"),
    (j.Arithmetic("scores"), "arithmetic on the scores as they were given"),
    (j.Arithmetic("table"), "arithmetic on the paper's own table"),
    (
        j.SeedsNotSplits(),
        "the repeats are seeds on the same splits, and say nothing of the spread over splits; if the published number "
        "comes from these splits, write `splits: same`",
    ),
    (
        j.OneExternalScore(),
        "one external score: what its split and seed change was not measured; if the published number is of this very "
        "score, write `splits: same`",
    ),
    (j.SizesUnknown(), "the sizes of the training and test sets are not known: no error is known"),
    (j.MeanOverDatasets(2), "the mean over 2 datasets"),
    (
        j.Rankings(10, 4, 14),
        "same data, other splits or seeds: 10 rankings of 4 models on 14 datasets",
    ),
    (j.OneRanking(), "one ranking says nothing of the spread over splits; 2 repeats are needed, better 10"),
    (j.RankErrorUnknown(), "another sample of the population: no error of a mean rank is known"),
    (
        j.DrawsCounted(36, 200, None),
        "36 of 200 draws here; binomial errors on both sides; the paper's number of draws is taken to be ours",
    ),
    (j.OneDraw(), "one draw says nothing of a share; many are needed"),
    (
        j.DenominatorVaries("error_rate", "qda", 0.42, 0.1),
        "the denominator, error_rate of qda, varies by 42 %; above 10 % the error of a ratio is not known",
    ),
    (
        j.CountsAlone(14, 4),
        "it rests on 14 datasets and 4 models alone, which need not be the paper's",
    ),
    (j.StatisticErrorUnknown("fitted"), "its scores were fitted here, and their error is not known"),
    (
        j.StatisticErrorUnknown("external"),
        "its scores were made elsewhere, not said to be the paper's own (`splits: same`), and their error is not known",
    ),
    (j.SignIgnored(), "compared without its sign, which is a convention"),
    (j.TiesHidden(1), "1 dataset has equal values that need not be equal before rounding"),
    (j.OtherSplitsPossible(), "other splits or seeds could have differed"),
    (j.NoErrorRate(), "no error rate exists"),
    (j.NoErrorRate("one_score"), "no error rate exists for scores pooled over folds or for a single split"),
    (
        j.NoErrorRate("runs_on_one_test_set"),
        "no error rate exists for several runs on one test set: they say nothing of others",
    ),
    (
        j.NoErrorRateExternal("one_score"),
        "no error rate exists for these external scores: there is one score a model, whose split and seed might have "
        "been others",
    ),
    (
        j.Probabilities(0.93, 0.05, 0.02, 0.01),
        "P(better) 0.93, P(within 0.01) 0.05, P(worse) 0.02",
    ),
    (j.ConstantDifference(0.1), "the difference is 0.1 in every fold"),
    (
        j.SignedRanks(2, 1, 3, 1.5, exact=True),
        "better on 2 of 3 datasets, equal on 1; signed ranks T = 1.5, exact distribution of all sign patterns; "
        "zero differences count half for each (Demšar), differences rounded to 9 decimals",
    ),
    (
        j.FewDatasets(4, 0.125, 6),
        "4 datasets cannot decide: p could not be below 0.12; 6 datasets could",
    ),
    (j.DirectionShown(0.031), "p = 0.031"),
    (j.DirectionOpen(0.31), "undecided (p = 0.31)"),
    (j.OtherWayRound(0.001), "the other way round (p = 0.001)"),
    (j.OtherWayRound(None), "the other way round"),
    (j.Equivalent(0.01), "practically equal: within 0.01"),
    (j.EquivalenceShown(0.0039), "p = 0.004, the larger of two one-sided tests"),
    (
        j.EquivalenceOpen(0.2),
        "the interval crosses the margin (p = 0.20, the larger of two one-sided tests)",
    ),
    (j.Apart(0.01), "apart by more than 0.01"),
    (j.DirectionWithoutSize("differs"), "the direction holds, its size does not"),
    (j.DirectionWithoutSize("open"), "the direction holds, whether its size does is open"),
    (j.BeatsAll(3, "qda"), "better than each of 3 others; the closest is qda"),
    (j.Beaten(("qda", "svm"), 3), "beaten by qda and svm (Holm over 3)"),
    (j.Beaten(("qda",), None), "beaten by qda"),
    (j.NotShownToBeat(("qda",)), "in the best set, but not shown to beat qda"),
    (j.Closest("qda"), "the closest is qda"),
    (j.RivalsMissing(("qda", "svm")), "best of those that ran; qda and svm did not"),
    (
        j.RankingsCompared("a > b", "b > a", -1.0, 1.0, 2),
        "claimed: a > b; ours: b > a; Kendall's τ −1.00 (a random order of 2 models agrees as well with p = 1.00)",
    ),
    (j.PairContradicted("a > b", "equal", 0.01), "a > b, but they are equal within 0.01"),
    (j.PairContradicted("a > b", "reversed", 0.01), "a > b, but it is the other way round"),
    (j.PairContradicted("a = b", "apart", 0.01), "a = b, but they lie apart"),
    (j.PairsNotShown(("a > b", "b > c")), "not shown: a > b, b > c"),
    (j.PairsHold(1), "the one pair holds"),
    (j.PairsHold(2), "each of 2 neighbouring pairs holds"),
    (j.Holm(3, "pairs"), "Holm over 3 pairs"),
    (j.Holm(1, "others"), "Holm over 1 other"),
    (
        j.CannotContradict(6, 3),
        "6 datasets can confirm a pair of this order, but are too few to contradict one after Holm over 3 pairs",
    ),
    (j.RankLeft("holds", 2, 2, 3), "every pair with it is decided: rank 2 of 3"),
    (j.RankLeft("outside", 2, 2, 3), "ours is rank 2 of 3"),
    (j.RankLeft("open", 1, 2, 3), "rank 1 to 2 of 3 is open"),
    (j.TiesWithin(0.01), "differences within 0.01 count as ties"),
]


@pytest.mark.parametrize(("reason", "words"), SENTENCES, ids=lambda value: getattr(value, "code", ""))
def test_a_reason_in_words(reason: Statement, words: str) -> None:
    assert sentence(reason) == words
    assert decoded(encoded([reason])) == (reason,)


def test_every_reason_is_here() -> None:
    assert {type(reason) for reason, _ in SENTENCES} == {kind for kind in kinds() if kind.__module__ == j.__name__}


@pytest.mark.parametrize("lacks", ["one_score", "seeds_only", "one_seed", "one_row", "sizes", "one_test_set"])
def test_what_external_scores_lack(lacks: str) -> None:
    assert sentence(j.NoErrorRateExternal(lacks))  # type: ignore[arg-type]
