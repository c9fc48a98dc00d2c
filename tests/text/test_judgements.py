"""Reasons of judgements whose words depend on more than a template."""

from __future__ import annotations

import pytest

from bench.core.outcomes import Statement
from bench.text import chance, compared, unjudged
from bench.text import judgements as j
from bench.text.sentences import sentence

AFTER = "before Holm's correction over 6 falsifiers, not after it"
BETTER = "significantly better (Holm over the pairs with this model)"
SENTENCES: list[tuple[Statement, str]] = [
    (
        unjudged.NoSuchCount("98.5", 50),
        "no count of 50 cases gives 98.5: impossible under the stated protocol",
    ),
    (compared.NotAfterHolm(6, opposite=False), f"significant {AFTER}"),
    (compared.NotAfterHolm(6, opposite=True), f"the opposite is significant {AFTER}"),
    (
        compared.NotAfterHolm(6, opposite=True, ahead="LDA"),
        f"LDA is significantly better {AFTER}",
    ),
    (
        compared.FewForOpposite(6, 3, 7),
        "6 datasets are too few to refute it after Holm over 3 pairs; 7 could",
    ),
    (
        compared.FewDatasets(5, 0.0625, 6, equality=True),
        "5 datasets are too few to show a direction (p could not be below 0.062; 6 datasets could), and enough to show "
        "equality",
    ),
    (
        j.IntervalOpen("narrowly", "higher"),
        "ours is higher: the 90 % interval lies beyond the tolerance, the 95 % interval does not",
    ),
    (
        j.LesserEvidence(("other_method", "memory")),
        "ours differs, but another method stands in for the paper's and the "
        "published number is quoted from memory",
    ),
    (
        j.UnstableFamilies(("tree",), "trees of one split", 0.285),
        "tree counts as unstable: up to 28.5\u202f% false positives on equal trees of one split, at a nominal 5\u202f%",
    ),
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
    (compared.NoErrorRate(), "judged without a significance test"),
    (
        compared.OnTestRows("mcnemar", 0.0001),
        "McNemar p < 0.001 (for these two fitted models on further rows like these)",
    ),
    (compared.OtherWayRound(0.001), "the other way round (p = 0.001)"),
    (compared.OtherWayRound(None), "the other way round"),
    (compared.NotShownToBeat(("qda", "svm")), "not shown to beat qda and svm"),
    (compared.Beaten(("qda", "svm"), tested=True), f"qda and svm are {BETTER}"),
    (compared.Beaten(("qda",), tested=False), "beaten by qda"),
    (
        compared.PairContradicted("a > b", "equal", 0.01),
        "a > b, but they are equal within 0.01",
    ),
    (
        compared.PairContradicted("a > b", "reversed", 0.01),
        "a > b, but it is the other way round",
    ),
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
