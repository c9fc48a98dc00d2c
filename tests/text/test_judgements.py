"""Reasons of judgements whose words depend on more than a template."""

from __future__ import annotations

import pytest

from bench.core.outcomes import Statement, kinds
from bench.text import chance, compared, unjudged
from bench.text import judgements as j
from bench.text.sentences import sentence

AFTER = "before Holm's correction over 6 falsifiers, not after it"
BETTER = "significantly better (Holm over the pairs with this model)"
SENTENCES: list[tuple[Statement, str]] = [
    (unjudged.NotAttempted("not in scikit-learn"), "not in scikit-learn"),
    (unjudged.NotAttempted(None), "the paper's method is not part of this study"),
    (
        unjudged.UnknownDataset("wime", ("wine",)),
        "there are no scores on wime; did you mean wine?",
    ),
    (
        unjudged.CellsFailed(2, "svm", "wine", "fit", "over 60 s"),
        "2 fits of svm on wine failed; the first at stage fit: over 60 s",
    ),
    (
        unjudged.NoSuchCount("98.5", 50),
        "no count of 50 cases gives 98.5: impossible under the stated protocol",
    ),
    (
        unjudged.NoSuchCount("0.77", 50, positives=10),
        "no count of 50 cases, 10 of them positive, gives 0.77: impossible under the stated protocol",
    ),
    (
        unjudged.NoSuchFoldMean("98.5", 50, 10, 2),
        "no mean over 2 times 10 even folds of 50 cases gives 98.5: impossible under the stated protocol",
    ),
    (
        unjudged.NoSuchTable((("accuracy", "0.9"), ("recall_binary", "0.1"))),
        "no one table of right and wrong labels gives accuracy 0.9 and recall_binary 0.1: impossible under the stated "
        "protocol",
    ),
    (
        unjudged.StatisticTooLarge("friedman_chi2", "42.1", 42, 14, 4),
        "friedman_chi2 42.1 cannot be of 14 datasets and 4 models: at most 42",
    ),
    (
        unjudged.StatisticTooFew("friedman_chi2", 3),
        "friedman_chi2 was not computed: it needs at least two datasets on which every model has a score, and 3 models",
    ),
    (
        unjudged.FamilyWithoutMetric("ldaa", "accuracy", ("lda",)),
        "ldaa has no accuracy here; did you mean lda?",
    ),
    (compared.NotAfterHolm(6, opposite=False), f"significant {AFTER}"),
    (compared.NotAfterHolm(6, opposite=True), f"the opposite is significant {AFTER}"),
    (
        compared.NotAfterHolm(6, opposite=True, ahead="LDA"),
        f"LDA is significantly better {AFTER}",
    ),
    (compared.BeatsAll(1, "qda"), "better than qda"),
    (compared.BeatsAll(2, "qda"), "better than each of 2 others; the closest is qda"),
    (compared.FewForOpposite(5, 1, 6), "5 datasets are too few to refute it; 6 could"),
    (
        compared.FewForOpposite(6, 3, 7),
        "6 datasets are too few to refute it after Holm over 3 pairs; 7 could",
    ),
    (
        compared.FewForOpposite(6, 3, 7, equality=True),
        "6 datasets are too few for the opposite to be significant after Holm over 3 pairs, and enough to show "
        "equality",
    ),
    (
        compared.FewDatasets(5, 0.0625, 6, equality=True),
        "5 datasets are too few to show a direction (p could not be below 0.062; 6 datasets could), and enough to show "
        "equality",
    ),
    (j.Settle("repeats", 12), "12 repeats"),
    (j.Settle("rows"), "more rows"),
    (
        j.Settle("rows_after_holm"),
        "more rows: a falsifier is tested after Holm's correction over all falsifiers, for which more repeats alone "
        "would not be enough",
    ),
    (j.Settle("rivals"), "complete scores of the models that lack some"),
    (
        j.Settle("fewer_rivals"),
        "a metric that all of these models have, or fewer models (`among`)",
    ),
    (
        j.Settle("splits"),
        "the paper's splits and seeds, or a published mean over more runs",
    ),
    (j.Settle("paper_seeds"), "the paper's seeds, or a published mean over more runs"),
    (
        j.Settle("paper_draws"),
        "the paper's draws, or a published mean over more of them",
    ),
    (
        j.IntervalOpen("equal", "lower"),
        "the interval contains zero and differences beyond the tolerance",
    ),
    (
        j.IntervalOpen("crossing", "higher"),
        "ours is higher; the interval contains a limit of the tolerance",
    ),
    (
        j.IntervalOpen("narrowly", "higher"),
        "ours is higher: the 90 % interval lies beyond the tolerance, the 95 % interval does not",
    ),
    (
        j.AmbiguousSpread(
            (("sd", "repeats", 10, "reproduced"), ("se", "folds", 10, "missing"))
        ),
        "the printed spread is ambiguous: read as standard deviation over 10 repeats: reproduced; as standard error "
        "over 10 folds: missing",
    ),
    (
        j.AmbiguousNumber(
            ("averaging", "folds"),
            (("f1_macro", 5, "reproduced"), ("f1_weighted", 10, "not_reproduced")),
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
        j.LesserEvidence(("substituted", "memory")),
        "ours differs, but another method stands in for the paper's (substituted) and the "
        "published number is quoted from memory",
    ),
    (
        j.AggregationDiffers("pooled", "fold_mean"),
        "the paper's number is a score pooled over folds, ours a mean over folds",
    ),
    (
        j.UnstableFamilies(("tree",), "trees of one split", 0.285),
        "tree is unstable: up to 28.5\u202f% false positives on equal trees of one split, at a nominal 5\u202f%",
    ),
    (chance.SeedNotMeasured("fit"), "only one seed was run"),
    (
        chance.SeedNotMeasured("inner_folds"),
        "inner folds were drawn only once",
    ),
    (chance.SeedNotMeasured("candidates"), "candidates were drawn only once"),
    (
        chance.OneRunDecidesNothing(outside=True, draws="inner_folds"),
        "outside the tolerance, but other inner folds may give another number",
    ),
    (
        chance.OneRunDecidesNothing(outside=False, draws="fit"),
        "within the tolerance, but another seed may give another number",
    ),
    (
        j.SmallDifference("±5 pp", significant=True),
        "the difference is significant, but within the tolerance of ±5 pp",
    ),
    (
        j.SmallDifference("±5 pp", significant=False),
        "the 90\N{NARROW NO-BREAK SPACE}% interval excludes zero, but lies within the tolerance of ±5 pp",
    ),
    (
        chance.NothingDrawn("leave-one-out"),
        "no chance is involved: leave-one-out gives one result",
    ),
    (chance.NothingDrawn("given-folds"), "no chance is involved: the folds are given"),
    (chance.NothingDrawn(None), "no chance is involved: no split is drawn"),
    (chance.Repeats("splits", 10), "10 repeats (splits drawn anew)"),
    (chance.Repeats("draws", 10), "10 draws (data simulated anew)"),
    (
        chance.Repeats("external_seeds", 1),
        "1 repeat (same splits, seeds drawn anew: no sampling error)",
    ),
    (
        chance.PaperSpread("ci95", "seeds", 5),
        "the paper's own spread counts too (95 % interval over 5 seeds)",
    ),
    (
        chance.AsPaperVaries(1, "sd", "seeds", 10),
        "the one run here is taken to vary like those of the paper (standard deviation over 10 seeds)",
    ),
    (
        chance.AsPaperVaries(3, "sd", "seeds", 10),
        "all 3 runs here agree, so they are taken to vary like those of the paper (standard deviation over 10 seeds)",
    ),
    (
        chance.PaperSpreadZero("sd", "seeds", 10),
        "one run here, and the printed spread is 0 (standard deviation over 10 seeds): no error is known",
    ),
    (
        chance.SpreadUnused("number"),
        "the printed spread is not used: over how many repeats or seeds is not stated (`n`)",
    ),
    (
        chance.SpreadUnused("folds"),
        "the printed spread is not used: a spread over folds does not show how repeats differ",
    ),
    (
        chance.SpreadUnused("repeats"),
        "the printed spread is not used: a spread over repeats does not show how other samples differ",
    ),
    (chance.Arithmetic("scores"), "arithmetic on the scores as they were given"),
    (chance.Arithmetic("table"), "arithmetic on the paper's own table"),
    (
        chance.DrawsCounted(36, 200, None),
        "36 of 200 draws here; binomial errors on both sides; the paper's number of draws is taken to be ours",
    ),
    (
        chance.OtherSampleUnknown("kind"),
        "another sample, and one test set: no error is known for this kind of claim",
    ),
    (
        chance.DenominatorVaries("error_rate", "qda", 0.42, 0.1),
        "the denominator, error_rate of qda, varies by 42 %; above 10 % the error of a ratio is not known",
    ),
    (
        chance.StatisticErrorUnknown("fitted"),
        "its scores were fitted here, and their error is not known",
    ),
    (
        chance.StatisticErrorUnknown("external"),
        "its scores were made elsewhere, not said to be the paper's own (`splits: same`), and their error is not known",
    ),
    (
        j.ToleranceWidened(0.66),
        "tolerance widened to one test case and the rounding: 0.66",
    ),
    (
        j.ToleranceWidened(0.006, "rounding"),
        "tolerance widened to the rounding of both numbers: 0.006",
    ),
    (
        chance.TiesHidden(1),
        "1 dataset has equal values that need not be equal before rounding",
    ),
    (
        chance.TiesHidden(4, "differences"),
        "before rounding the differences of 4 datasets may have had another order or sign",
    ),
    (
        chance.TiesHidden(2, "noise"),
        "2 datasets have means that differ by float noise alone",
    ),
    (
        chance.TiesHidden(1, "gains"),
        "1 pair has a gain that the rounding of the scores may have moved so far",
    ),
    (
        chance.Rankings(6, 3, 7, "splits"),
        "6 rankings of 3 models on 7 datasets (splits drawn anew)",
    ),
    (compared.NoErrorRate(), "judged without a significance test"),
    (
        compared.OnTestRows("mcnemar", 0.0001),
        "McNemar p < 0.001 (for these two fitted models on further rows like these)",
    ),
    (
        compared.OnTestRows("delong", 0.2),
        "DeLong p = 0.20 (for these two fitted models on further rows like these)",
    ),
    (
        compared.NoErrorRate("one_split"),
        "no error rate: one split",
    ),
    (compared.NoErrorRate("pooled"), "no error rate: scores are pooled"),
    (
        compared.NoErrorRate("runs_on_one_test_set"),
        "no error rate: several runs on one test set",
    ),
    (
        compared.NoErrorRateExternal("one_score"),
        "no error rate of the external scores: one score a model",
    ),
    (
        compared.Probabilities(0.93, 0.05, 0.02, 0.01),
        "P(better) 93\u202f%, P(same) 5\u202f%, P(worse) 2\u202f%",
    ),
    (
        compared.SignedRanks(2, 1, 3, 1.5, exact=True),
        "better on 2 of 3 datasets, equal on 1; signed ranks T = 1.5, exact",
    ),
    (compared.OtherWayRound(0.001), "the other way round (p = 0.001)"),
    (compared.OtherWayRound(None), "the other way round"),
    (
        compared.DirectionWithoutSize("differs"),
        "the direction holds, its size does not",
    ),
    (
        compared.DirectionWithoutSize("open"),
        "the direction holds, whether its size does is open",
    ),
    (compared.NotShownToBeat(("qda", "svm")), "not shown to beat qda and svm"),
    (
        compared.NotShownToBeat(tuple("abcde")),
        "not shown to beat 5 of the other models",
    ),
    (compared.Beaten(tuple("abcde"), tested=True), f"5 other models are {BETTER}"),
    (compared.Beaten(("qda", "svm"), tested=True), f"qda and svm are {BETTER}"),
    (compared.Beaten(("qda",), tested=False), "beaten by qda"),
    (
        compared.RankingsCompared("a > b", "b > a", -1.0, 1.0, 2),
        "claimed: a > b; ours: b > a; Kendall's τ −1.00 (a random order of 2 models agrees as well with p = 1.00)",
    ),
    (j.ByHalves(1), "SHARP test on 1 random split of the rows into halves"),
    (
        j.ByHalves(10, direction=True),
        f"SHARP test on 10 random splits of the rows into halves: {j.P_OF_HALVES}",
    ),
    (
        compared.PairContradicted("a > b", "equal", 0.01),
        "a > b, but they are equal within 0.01",
    ),
    (
        compared.PairContradicted("a > b", "reversed", 0.01),
        "a > b, but it is the other way round",
    ),
    (compared.PairContradicted("a = b", "apart", 0.01), "a = b, but they lie apart"),
    (compared.PairsHold(1), "the one pair holds"),
    (compared.PairsHold(2), "each of 2 neighbouring pairs holds"),
    (compared.Holm(3, "pairs"), "Holm over 3 pairs"),
    (compared.Holm(1, "others"), "Holm over 1 rival"),
    (compared.RankLeft("holds", 2, 2, 3), "every pair with it is decided: rank 2 of 3"),
    (compared.RankLeft("outside", 2, 2, 3), "ours is rank 2 of 3"),
    (compared.RankLeft("open", 1, 2, 3), "rank 1 to 2 of 3 is open"),
]


@pytest.mark.parametrize(
    ("reason", "words"), SENTENCES, ids=lambda value: getattr(value, "code", "")
)
def test_a_reason_in_words(reason: Statement, words: str) -> None:
    assert sentence(reason) == words


def test_a_rival_that_lacks_one_run_did_run() -> None:
    lacks = ("qda",)
    assert (
        sentence(compared.RivalsMissing(lacks))
        == "best of those with complete scores; there are none of qda"
    )
    assert sentence(compared.RivalsAbsent(lacks)) == "no complete scores of qda"


def test_every_reason_without_a_template_is_here() -> None:
    homes = {module.__name__ for module in (unjudged, j, chance, compared)}
    worded = {
        kind for kind in kinds() if kind.__module__ in homes and not kind.template
    }
    assert {type(reason) for reason, _ in SENTENCES} == worded


@pytest.mark.parametrize(
    "lacks",
    [
        "one_score",
        "seeds_only",
        "one_seed",
        "one_row",
        "sizes",
        "one_test_set",
        "pooled",
    ],
)
def test_what_external_scores_lack(lacks: str) -> None:
    assert sentence(compared.NoErrorRateExternal(lacks))  # type: ignore[arg-type]


def test_a_count_that_decides_is_no_year() -> None:
    assert sentence(j.Settle("draws", 1992)) == "1\u202f992 draws of the simulation"
