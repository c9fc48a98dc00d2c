"""The short form of the corpus, and the rules by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

import bench
from bench.core.judgements import Agreement, Evidence
from research.corpus import authors, page, papers
from research.corpus.fits import WEAKER, fit_world
from research.corpus.rules import NAIVE, Held, Number, count, naive_alarms

#: Three runs of two folds: means .80, .82, .84, sd .02.
RUNS = np.array([[0.79, 0.81], [0.81, 0.83], [0.83, 0.85]])


@pytest.mark.parametrize(
    ("printed", "alarms"),
    [
        ("0.820", []),
        ("0.82", []),
        ("0.821", ["written precision"]),
        ("0.835", ["written precision", "fixed tolerance"]),
        ("0.84", ["written precision", "fixed tolerance"]),
        ("0.85", list(NAIVE)),
    ],
)
def test_naive_rules_by_hand(printed: str, alarms: list[str]) -> None:
    called = naive_alarms(Held(printed, RUNS))
    assert [name for name, alarm in called.items() if alarm] == alarms


def _number(
    dataset: str, family: str, difference: float, *, differs: bool = False
) -> Number:
    """A number that could have shown a shift of .05; its standard error is .01."""
    row: Any = SimpleNamespace(
        dataset=dataset,
        family=family,
        difference=difference,
        standard_error=0.01,
        detectable=0.05,
        agreement=Agreement.DIFFERS if differs else Agreement.REPRODUCED,
        evidence=Evidence.STRONG,
    )
    return Number(way="", truth="sound", row=row, naive={})


def test_counts_by_hand() -> None:
    frame = pl.DataFrame(
        {
            "truth": ["wrong", "wrong", "wrong", "sound", "trifling"],
            "alarm": [True, False, False, True, True],
            "holds": [False, True, False, False, False],
        }
    )
    counts = count(frame)
    assert (counts.sound, counts.wrong, counts.right, counts.false) == (1, 3, 1, 1)
    assert (counts.cleared, counts.precision, counts.decided) == (1, 0.5, 0.8)
    assert counts.recall == pytest.approx(1 / 3)


def test_a_wrong_number_is_placed_in_each_scope() -> None:
    places = [(d, f) for d in ("d0", "d1") for f in ("a", "b")]
    sound = {place: _number(*place, 0.0) for place in places}
    wrong = {place: _number(*place, 1.0) for place in places}
    made = list(papers.compose(sound, wrong, places[:3]))
    sizes: dict[str, list[int]] = {}
    for scope, sheet, concerned in made:
        replaced = [p for p, number in sheet.items() if number is wrong[p]]
        assert replaced == sorted(concerned)
        sizes.setdefault(scope, []).append(len(concerned))
    assert sizes[papers.NUMBER] == [1, 1, 1]
    assert sizes[papers.MODEL] == [2, 1]
    assert sizes[papers.DATASET] == [2, 1] == sizes[papers.ALL_ALONE]
    assert sizes[papers.ALL] == [3]
    assert all(len(s) == 2 for scope, s, _ in made if scope == papers.MODEL_ALONE)


@pytest.mark.parametrize(
    ("differences", "moved", "said"),
    [
        ((0.0, 0.001, -0.001), (0.0, 0.0), (True, False, False, False)),
        ((0.0, 0.001, -0.001), (0.02, 0.02), (True, False, True, True)),
        ((0.05, 0.051, 0.049), (0.0, 0.0), (False, True, False, True)),
        ((0.05, 0.051, 0.049), (-0.02, -0.02), (False, True, True, False)),
        ((0.05, 0.051, 0.049), (0.02, 0.0), (False, True, None, False)),
        ((0.0, 0.1, -0.1), (0.02, 0.02), (False, False, True, False)),
    ],
)
def test_answers_by_hand(
    differences: tuple[float, ...],
    moved: tuple[float, float],
    said: tuple[bool | None, ...],
) -> None:
    sheet = {}
    for i, difference in enumerate(differences):
        place = f"d{i}", "a"
        sheet[place] = replace(_number(*place, difference), moved=moved)
    answer = papers.answer_of(sheet)
    keys = ("holds", "differs", "beyond", "wrong")
    assert tuple(answer[key] for key in keys) == said


@pytest.fixture(scope="module")
def short() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Papers of three small datasets of one world."""
    fits = list(fit_world("one split", 0, (1, 1, 1), most_repeats=20))
    numbers, wholes = papers.judge_papers(fits)
    return pl.DataFrame(numbers, infer_schema_length=None), pl.DataFrame(wholes)


def test_bench_is_more_precise_than_naive_rules(
    short: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    numbers = short[0].filter(page.is_once(), ~pl.col("endless"))
    right = numbers.filter(pl.col("case").is_in([papers.SOUND, papers.ERROR]))
    own = count(right)
    assert own.precision > 0.9
    assert all(own.precision > count(right, rule).precision for rule in NAIVE)
    assert own.cleared <= 0.01 * own.wrong


def test_a_regression_is_judged_as_classes_are() -> None:
    """Sound numbers seldom differ, train scores mostly do, and no wrong number is said to hold."""
    fits = list(fit_world("repeated curve", 0, (1, 1, 1)))
    numbers = pl.DataFrame(papers.judge_papers(fits)[0], infer_schema_length=None)
    assert set(numbers["group"]) == {papers.REGRESSION}
    once = numbers.filter(page.is_once())
    assert once.filter(case=papers.SOUND)["alarm"].mean() < 0.1
    assert once.filter(way="train_score", truth="wrong")["alarm"].mean() > 0.6
    assert not once.filter(truth="wrong")["holds"].any()


def test_controls_take_alarms_and_add_none(
    short: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    numbers = short[0]
    assert not (numbers["not_reproduced"] & ~numbers["alarm"]).any()
    weaker = numbers.filter(~pl.col("endless"), case=WEAKER, scope=papers.ALL)
    assert weaker["not_reproduced"].sum() < weaker["alarm"].sum()


def test_the_page_has_its_tables_and_names_what_is_missing(
    short: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    text = page.document(*short, authors.STUDIES)
    assert text == page.document(*short, authors.STUDIES)
    assert text.count("\n## ") == 7
    assert all(study in text for study in authors.STUDIES)


def test_seeds_are_dealt_by_their_name(tmp_path: Path) -> None:
    values = np.arange(10.0)
    assert (authors.deal("a", values) == authors.deal("a", values)).all()
    assert not (authors.deal("a", values) == authors.deal("b", values)).all()
    assert authors.missing(tmp_path) == authors.STUDIES


def test_what_the_corpus_counts_is_what_bench_judge_says() -> None:
    ours = np.array([0.84, 0.842, 0.839, 0.841, 0.843, 0.838])[:, None]
    for printed in ("0.840", "0.845", "0.800"):
        row = authors.judge(("d", "f"), ours, "accuracy", printed, 1).row
        judged = bench.judge(printed, scores=ours, tolerance=0.002, repeats_are="seeds")
        assert (row.agreement, row.p) == (judged.agreement, pytest.approx(judged.p))
