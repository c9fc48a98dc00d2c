"""Every refusal of the house has one sentence, and comes back from JSON as it was."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from bench.core.outcomes import Statement, decoded, encoded
from bench.text import refusals
from bench.text.sentences import sentence

DETAILS: dict[str, tuple[Any, ...]] = {
    "Incompatible": ("dataset wine: qda needs two rows a class",),
    "TooManyFeatures": (400, 200),
    "InnerFoldsFail": ("a class has one row",),
    "ClassTooSmall": (3, 5),
    "NoSelection": (True,),
    "SelectsAll": (13, 13),
    "StepTuned": ("scale",),
    "StepsFail": ("select", "NaN"),
    "NoOtherSolver": (True,),
    "TooLarge": (10, 1_000),
    "HalfTooSmall": ("groups", 4, 10),
    "HalvesTooDear": (2.4, 1.5),
}
KINDS = [
    kind
    for _, kind in inspect.getmembers(refusals, inspect.isclass)
    if issubclass(kind, Statement) and "code" in vars(kind)
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_refusal_has_a_sentence(kind: type[Statement]) -> None:
    reason = kind(*DETAILS.get(kind.__name__, ()))
    said = sentence(reason)
    assert said and not said.endswith(".")
    assert all(
        str(value) in said or isinstance(value, bool) or f"{value:,}" in said for value in reason.details.values()
    )
    assert decoded(encoded([reason])) == (reason,)


def test_sentences_that_depend_on_details() -> None:
    assert sentence(refusals.TooLarge(10, 2**27)).startswith(
        "the tables of 10 repeats would hold more than 134,217,728"
    )
    assert sentence(refusals.StepTuned("scale", before_split=False)) == "the step scale is tuned"
    assert "categories" in sentence(refusals.StepsFail("encode"))
