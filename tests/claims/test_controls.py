"""Positive controls: what must stand beside a number before it is called not reproduced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bench.claims.controls import find_control
from bench.claims.published import PublishedNumber
from bench.core.judgements import Agreement, Control
from tests.claims.test_answer import NUMBER

#: Five points below the printed number, where a point and a half would have been seen.
OFF = replace(NUMBER, difference=-5.0, agreement=Agreement.DIFFERS, detectable=1.5)


def other(family: str = "svm", **more: Any) -> PublishedNumber:
    """Another number of the table, which could have shown as large a difference."""
    return replace(NUMBER, family=family, detectable=5.0, **more)


DIFFERS = {"agreement": Agreement.DIFFERS}


@pytest.mark.parametrize(
    ("others", "control"),
    [
        ([], Control.NONE),
        ([other()], Control.HELD),
        # it would not have been seen
        ([replace(other(), detectable=5.1)], Control.NONE),
        ([replace(other(), detectable=None)], Control.NONE),
        # a number that differs could show it, whatever its design
        ([replace(other(**DIFFERS), detectable=None)], Control.NONE),
        # half is not most
        ([other("a"), other("b", **DIFFERS)], Control.NONE),
        ([other("a"), other("b"), other("c", **DIFFERS)], Control.HELD),
        # of other datasets, metrics, sides, units, methods and protocols
        ([other(dataset="b", table="b")], Control.NONE),
        ([other(metric="recall")], Control.NONE),
        ([other(side="train")], Control.NONE),
        ([other(unit="fraction")], Control.NONE),
        ([other(close=False)], Control.NONE),
        # the model itself is no control of itself
        ([other("lda")], Control.NONE),
    ],
)
def test_what_is_a_control(others: list[PublishedNumber], control: Control) -> None:
    assert find_control(OFF, [OFF, *others])[0] == control


def elsewhere(*differences: float) -> list[PublishedNumber]:
    """The model's numbers on other datasets, in standard errors."""
    return [
        replace(NUMBER, dataset=str(i), table=str(i), difference=difference)
        for i, difference in enumerate(differences)
    ]


@pytest.mark.parametrize(
    ("differences", "control"),
    [
        ((-9.0,), Control.HELD),  # one further dataset shows nothing
        ((-1.39, -1.39), Control.OWN_SHIFT),  # 2.78 / sqrt 2 = 1.966
        ((-1.38, -1.38), Control.HELD),  # 1.952
        ((1.39, 1.39), Control.HELD),  # on the other side
        ((-3.0, 0.0, 0.3), Control.HELD),
    ],
)
def test_a_model_that_is_shifted_alike(
    differences: tuple[float, ...], control: Control
) -> None:
    assert find_control(OFF, [OFF, other(), *elsewhere(*differences)])[0] == control


def test_forms_of_one_table_and_numbers_without_an_error_are_not_elsewhere() -> None:
    shifted = elsewhere(-5.0, -5.0)
    forms = [replace(number, table="a") for number in shifted]
    without = [replace(number, standard_error=None) for number in shifted]
    assert find_control(OFF, [other(), *shifted])[0] == Control.OWN_SHIFT
    assert find_control(OFF, [other(), *forms])[0] == Control.HELD
    assert find_control(OFF, [other(), *without])[0] == Control.HELD
