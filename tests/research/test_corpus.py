"""The short form of the corpus, and the rules by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import bench
from bench.core.judgements import Agreement, Evidence
from research.calibrate.evidence import claim, evidence
from research.corpus import authors, copied, page, simulated
from research.corpus.rules import BENCH, NAIVE, Case, Held, at_recall, case, counted

#: Three runs of two folds: means .80, .82, .84, sd .02; t(2) s sqrt(4/3) = 4.303 x .02 x 1.155 = .0994.
RUNS = np.array([[0.79, 0.81], [0.81, 0.83], [0.83, 0.85]])


@pytest.mark.parametrize(
    ("printed", "alarms"),
    [
        ("0.820", []),
        ("0.82", []),
        ("0.821", ["written precision"]),
        ("0.835", ["written precision", "fixed tolerance"]),
        ("0.85", ["written precision", "fixed tolerance", "within one sd of the runs"]),
        ("0.92", list(NAIVE)),
    ],
)
def test_naive_rules_by_hand(printed: str, alarms: list[str]) -> None:
    assert [
        name for name, rule in NAIVE.items() if rule(Held(printed, RUNS)) > 1
    ] == alarms


def test_bench_alarms_on_strong_evidence_alone() -> None:
    held = Held("0.92", RUNS)
    strong, weak = (
        case("g", "w", "off", held, Agreement.DIFFERS, one, 0.01)
        for one in (Evidence.STRONG, Evidence.WEAK)
    )
    assert (strong.alarms[BENCH], strong.decided, strong.far[BENCH]) == (
        True,
        True,
        0.99,
    )
    assert (weak.alarms[BENCH], weak.decided, weak.far[BENCH]) == (False, False, 0.0)
    assert (
        case("g", "w", "sound", held, Agreement.EXACT, Evidence.STRONG, 0.01).far[BENCH]
        == 0.0
    )
    assert (
        case("g", "w", "off", held, Agreement.DIFFERS, Evidence.STRONG, None).far[BENCH]
        == 1.0
    )


def _one(truth: str, p: float) -> Case:
    return Case("g", "w", truth, {BENCH: p < 0.05}, p < 0.05, False, {BENCH: 1 - p})  # type: ignore[arg-type]


def test_counts_and_equal_recall_by_hand() -> None:
    cases = [
        _one("off", 0.01),
        _one("off", 0.2),
        _one("off", 1.0),
        _one("sound", 0.1),
        _one("trifling", 0.01),
    ]
    own = counted(cases, BENCH)
    assert (own.right, own.wrong, own.precision, own.recall, own.decided) == (
        1,
        0,
        1.0,
        pytest.approx(1 / 3),
        0.4,
    )
    least, equal = at_recall(cases, BENCH, 2 / 3) or pytest.fail(
        "two of three can be found"
    )
    assert (least, equal.right, equal.wrong) == (0.8, 2, 1)
    assert at_recall(cases, BENCH, 1.0) is None, "one p is 1 at every level"
    assert (
        at_recall([replace(one, far={BENCH: 1.0}) for one in cases], BENCH, 1.0)
        is not None
    )


@pytest.fixture(scope="module")
def short() -> list[Case]:
    """Ten tables, and one table of one world."""
    return [*copied.cases(10), *simulated.cases(1, ("grouped",), simulated.SIZES[:1])]


def test_bench_is_more_precise_than_each_naive_rule_at_its_recall(
    short: list[Case],
) -> None:
    own = counted(short, BENCH)
    for rule in NAIVE:
        theirs = at_recall(short, rule, own.recall)
        assert theirs is not None and own.precision > theirs[1].precision, rule
    assert (
        counted(
            [one for one in short if one.group != simulated.WEAKER], BENCH
        ).precision
        > 0.9
    )
    weak = [one for one in short if one.way == "said to be weaker"]
    assert weak and not any(one.alarms[BENCH] for one in weak), (
        "a weaker study accuses nobody"
    )


def test_the_page_has_a_section_a_group_and_names_what_is_missing(
    short: list[Case],
) -> None:
    text = page.document(short, authors.STUDIES)
    assert text == page.document(short, authors.STUDIES)
    titles = [line for line in text.splitlines() if line.startswith("## ")]
    groups = {one.group for one in short}
    assert len(titles) == len(groups) + 3
    assert all(study in text for study in authors.STUDIES)


def test_seeds_are_dealt_by_their_name() -> None:
    values = np.arange(10.0)
    assert (authors._dealt("a", values) == authors._dealt("a", values)).all()
    assert not (authors._dealt("a", values) == authors._dealt("b", values)).all()


def test_what_the_corpus_counts_is_what_bench_judge_says() -> None:
    ours = np.array([0.84, 0.842, 0.839, 0.841, 0.843, 0.838])[:, None]
    found = evidence({"ours": ours}, authors.ROWS, "accuracy", design="seeds")
    for printed in ("0.840", "0.845", "0.800"):
        one = claim(
            "value",
            family="ours",
            value=printed,
            unit="fraction",
            tolerance=0.002,
            splits="same",
        )
        agreement, _, p = authors.said(one, found)
        judged = bench.judge(printed, scores=ours, tolerance=0.002, repeats_are="seeds")
        assert (agreement, p) == (judged.agreement, pytest.approx(judged.p))
