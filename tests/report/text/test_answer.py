"""What is said of a paper as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.core.answers import AnswerRow, AsAWhole, NoAnswer
from bench.report.text.answer import decided, interval, mean, sentence

ROW = AnswerRow(
    metric="error_rate",
    side="test",
    unit="percent",
    family=None,
    answer=AsAWhole.HOLDS,
    why_not=None,
    numbers=27,
    as_printed=7,
    differ=0,
    beyond=5,
    decidable=9.57,
    datasets=9,
    tolerance=1.0,
    in_tolerances=False,
    mean=0.0628,
    standard_error=0.18,
    low=-0.272,
    high=0.398,
    low_refute=-0.353,
    high_refute=0.478,
    scatter=1.03,
    tested=27,
    by_chance=1.35,
    refuted=0,
    comparisons=27,
    alike=24,
    closely=8,
)
FEW = replace(
    ROW,
    metric="accuracy",
    answer=None,
    why_not=NoAnswer.FEW_DATASETS,
    datasets=2,
    low=None,
    high=None,
)


@pytest.mark.parametrize(
    ("differ", "decidable", "said"),
    [
        (0, 9.57, "7 of 27 decided, about 10 "),
        (4, 9.57, "11 of 27 decided, about 11 "),
        (20, 27.0, ""),
    ],
)
def test_what_is_decided_stands_beside_what_endless_repeats_would_decide(
    differ: int, decidable: float, said: str
) -> None:
    row = replace(ROW, differ=differ, decidable=decidable)
    assert decided(row).startswith(said)
    assert bool(decided(row)) == bool(said)
    assert said in sentence(row)


def test_a_sentence_has_answer_number_interval_and_counts() -> None:
    said = sentence(ROW)
    for part in (
        "hold as a whole",
        "+0.06 pp",
        "−0.27 to 0.40",
        "±1 pp",
        "7 of 27",
        "24 of 27",
        "8 of 27",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("why_not", "part"),
    [
        (NoAnswer.FEW_DATASETS, "2 datasets, too few"),
        (NoAnswer.SAME_SCORES, "own scores"),
        (NoAnswer.SUBSTITUTED, "another method"),
    ],
)
def test_without_an_answer_it_counts(why_not: NoAnswer, part: str) -> None:
    said = sentence(replace(FEW, why_not=why_not))
    assert "7 of 27 numbers as printed" in said and part in said


@pytest.mark.parametrize(
    ("tolerance", "value", "shown"),
    [
        (1.0, -0.004, "0.00 pp"),
        (0.1, 0.0444, "+0.044 pp"),
        (1.0, 1.0004, "+1.0004 pp"),  # on its side of the tolerance
        (20.0, 3.26, "+3.3 pp"),
    ],
)
def test_numbers_have_two_digits_more_than_the_tolerance(
    tolerance: float, value: float, shown: str
) -> None:
    assert mean(replace(ROW, tolerance=tolerance, mean=value)) == shown


def test_an_interval_is_on_its_side_of_the_tolerance() -> None:
    assert interval(replace(ROW, low=0.1, high=0.9996)) == "0.10 to 0.9996"
