"""The answer for a paper as a whole: location against scipy, edges of the rule, and what counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from bench.claims.answer import answer, locate
from bench.claims.published import PublishedNumber
from bench.core.answers import AnswerRow, AsAWhole, NoAnswer
from bench.core.judgements import Agreement, Evidence

NUMBER = PublishedNumber(
    table="a",
    dataset="a",
    family="lda",
    metric="accuracy",
    side="test",
    unit="percent",
    published=90.0,
    ours=90.0,
    difference=0.0,
    standard_error=1.0,
    tolerance=1.0,
    p=1.0,
    agreement=Agreement.FITS,
    evidence=Evidence.STRONG,
    detectable=None,
    decidable=0.0,
    counted=None,
    close=True,
)


def number(dataset: str, difference: float, **more: Any) -> PublishedNumber:
    """Ours beside 90; a number of its own table."""
    return replace(
        NUMBER,
        dataset=dataset,
        table=more.pop("table", dataset),
        difference=difference,
        ours=90.0 + difference,
        **more,
    )


def of_all(*numbers: PublishedNumber) -> AnswerRow:
    """The row of all models of the one metric."""
    (row,) = [row for row in answer(numbers, 0.05) if row.family is None]
    return row


@pytest.mark.parametrize("seed", range(4))
def test_the_intervals_are_those_of_scipy(seed: int) -> None:
    differences = np.random.default_rng(seed).normal(0.3, 1.0, 3 + 4 * seed)
    found = locate(differences, 1.0)
    law = stats.t(
        len(differences) - 1, loc=differences.mean(), scale=stats.sem(differences)
    )
    assert (found.low, found.high) == pytest.approx(law.interval(0.90))
    assert (found.low_refute, found.high_refute) == pytest.approx(law.interval(0.95))


def at_the_border(level: float, side: float) -> np.ndarray:
    """Five differences with an end of the interval of that level at 1, inwards or outwards."""
    spread = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    reach = stats.t.ppf((1 + level) / 2, 4) * stats.sem(spread)
    shifted: np.ndarray = spread + 1.0 + side * reach
    return shifted


@pytest.mark.parametrize(
    ("level", "side", "hair", "word"),
    [
        (0.90, -1.0, -1e-9, AsAWhole.OPEN),  # the lower end is far below -1
        (0.95, 1.0, 1e-9, AsAWhole.DIFFERS),
        (0.95, 1.0, -1e-9, AsAWhole.OPEN),
        (0.90, 1.0, 0.0, AsAWhole.OPEN),  # the narrower interval refutes nothing
    ],
)
def test_beyond_the_tolerance(
    level: float, side: float, hair: float, word: AsAWhole
) -> None:
    assert locate(at_the_border(level, side) + hair, 1.0).answer == word
    assert locate(-at_the_border(level, side) - hair, 1.0).answer == word


@pytest.mark.parametrize(
    ("hair", "word"), [(-1e-9, AsAWhole.HOLDS), (1e-9, AsAWhole.OPEN)]
)
def test_within_the_tolerance(hair: float, word: AsAWhole) -> None:
    differences = np.array([-0.2, -0.1, 0.0, 0.1, 0.2])
    reach = stats.t.ppf(0.95, 4) * stats.sem(differences)
    assert locate(differences + 1.0 - reach + hair, 1.0).answer == word


@pytest.mark.parametrize(
    ("numbers", "datasets", "mean", "why"),
    [
        ([number("a", 1.0)], 1, 1.0, NoAnswer.FEW_DATASETS),
        ([number(name, 1.0) for name in "ab"], 2, 1.0, NoAnswer.FEW_DATASETS),
        ([number(name, 1.0) for name in "abc"], 3, 1.0, None),
        # a dataset weighs the same however many models it has
        (
            [
                *(number("a", 3.0, family=f) for f in ("x", "y")),
                number("b", 0.0),
                number("c", 0.0),
            ],
            3,
            1.0,
            None,
        ),
        # forms of one table are one dataset
        (
            [number("a", 1.0), number("b", 3.0, table="a"), number("c", 0.0)],
            2,
            1.0,
            NoAnswer.FEW_DATASETS,
        ),
        # each by its own tolerance, where these differ
        (
            [number("a", 1.0), number("b", 4.0, tolerance=2.0), number("c", 0.0)],
            3,
            1.0,
            None,
        ),
        # a printed score counts once: the first
        (
            [number("a", 3.0), number("a", 9.0), number("b", 0.0), number("c", 0.0)],
            3,
            1.0,
            None,
        ),
        (
            [number(n, 1.0, counted=NoAnswer.SUBSTITUTED) for n in "abc"],
            3,
            None,
            NoAnswer.SUBSTITUTED,
        ),
        (
            [number(n, 0.0, counted=NoAnswer.SAME_SCORES) for n in "abc"],
            3,
            None,
            NoAnswer.SAME_SCORES,
        ),
    ],
)
def test_what_counts(
    numbers: list[PublishedNumber],
    datasets: int,
    mean: float | None,
    why: NoAnswer | None,
) -> None:
    row = of_all(*numbers)
    assert (row.datasets, row.mean, row.why_not) == (datasets, mean, why)
    assert (row.answer is None) == (why is not None)


def test_each_model_has_a_row_and_one_alone_has_none() -> None:
    numbers = [number(n, d, family=f) for n in "abc" for f, d in (("x", 1), ("y", 3))]
    means = {row.family: row.mean for row in answer(numbers, 0.05)}
    assert means == {None: 2.0, "x": 1.0, "y": 3.0}
    assert [row.family for row in answer(numbers[::2], 0.05)] == [None]


def test_metrics_sides_and_units_are_apart() -> None:
    numbers = [
        NUMBER,
        replace(NUMBER, metric="recall"),
        replace(NUMBER, side="train"),
        replace(NUMBER, unit=None),
    ]
    rows = answer(numbers, 0.05)
    assert [(row.metric, row.side, row.unit) for row in rows] == [
        ("accuracy", "test", "percent"),
        ("recall", "test", "percent"),
        ("accuracy", "train", "percent"),
        ("accuracy", "test", None),
    ]


def test_scatter_refuted_and_beyond() -> None:
    row = of_all(
        number("a", 3.0, p=0.01, agreement=Agreement.DIFFERS),
        number("b", -4.0, p=0.04, agreement=Agreement.DIFFERS, standard_error=2.0),
        number("c", 0.5, p=None, agreement=Agreement.EXACT, standard_error=None),
    )
    assert row.scatter == pytest.approx(((9 + 4) / 2) ** 0.5)
    assert (row.differ, row.refuted, row.tested) == (2, 2, 2)
    assert (row.beyond, row.as_printed, row.undecided) == (2, 1, 0)
    assert row.by_chance == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("printed", "ours", "comparisons", "alike"),
    [
        ([90, 80], [95.0, 94.9], 1, 1),
        ([90, 80], [95.0, 95.0], 1, 0),
        ([90, 90], [95.0, 80.0], 0, 0),
        ([90, 80, 85], [95.0, 90.0, 70.0], 3, 2),
        # .3 - .1 and .2 - 0 differ in their last bits only
        ([0.3, 0.1], [0.2, 0.0], 1, 1),
        ([0.9, 0.8], [0.1 + 0.2, 0.3], 1, 0),
    ],
)
def test_signs(
    printed: list[float], ours: list[float], comparisons: int, alike: int
) -> None:
    numbers = [
        replace(NUMBER, family=str(i), published=published, ours=own)
        for i, (published, own) in enumerate(zip(printed, ours, strict=True))
    ]
    row = of_all(*numbers, number("b", 0.0, family="9"))
    assert (row.comparisons, row.alike) == (comparisons, alike)
