"""Answers that explanations give to a published number, in words."""

from __future__ import annotations

import pytest

from bench.report.text.explanations import (
    ExplanationsOutcome,
    NumberExplained,
    answer_words,
)


def answer(
    outcome: ExplanationsOutcome, errors: tuple[str, ...] = (), **changes: object
) -> NumberExplained:
    fields = {
        "published": "96.4 %",
        "many": False,
        "errors_tried": 1,
        "valid": ("V",),
        "valid_tried": 1,
        "beyond": 0.004,
    }
    return NumberExplained(
        **(fields | {"outcome": outcome, "errors": errors} | changes)
    )  # type: ignore[arg-type]


OF = "Compatible with the published 96.4 %: "
RARE = " With our model, a paper with a valid protocol would print such a number in 1 of 250 cases."
VALID, CONTROL, ERROR = (
    ExplanationsOutcome.VALID,
    ExplanationsOutcome.CONTROL,
    ExplanationsOutcome.ERROR,
)
NOTHING = ExplanationsOutcome.NOTHING
BOTH = "both published numbers together"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            answer(ExplanationsOutcome.UNKNOWN),
            "No protocol can be judged by 96.4 %: no spread is known.",
        ),
        (
            answer(VALID),
            f"{OF}1 of 1 valid protocol (“V”); 0 of 1 protocol error.",
        ),
        (
            answer(VALID, ("E", "F"), errors_near=("96.1 %", "96.2 %"), errors_tried=3),
            f"{OF}1 of 1 valid protocol (“V”); 2 of 3 protocol errors "
            "(within the tolerance: “E” 96.1 % and “F” 96.2 %).",
        ),
        (
            answer(
                VALID,
                ("E", "F"),
                near=("96.1 %",),
                undecided=3,
                errors_tried=2,
                errors_undecided=2,
            ),
            f"{OF}1 of 4 valid protocols (within the tolerance: “V” 96.1 %), 3 unknown; "
            "2 of 4 protocol errors (“E” and “F”), 2 unknown.",
        ),
        (
            answer(CONTROL, valid=(), errors_tried=0),
            f"{OF}0 of 1 valid protocol; a control.",
        ),
        (
            answer(ERROR, ("E",), valid=()),
            f"{OF}0 of 1 valid protocol; 1 of 1 protocol error (“E”).{RARE}",
        ),
        (
            answer(NOTHING, valid=(), errors_undecided=1, beyond=None),
            f"{OF}0 of 1 valid protocol; 0 of 2 protocol errors, 1 unknown.",
        ),
        (
            answer(ERROR, ("E",), valid=(), published=BOTH, many=True, beyond=0.04),
            "Compatible with both published numbers together: 0 of 1 valid protocol; "
            "1 of 1 protocol error (“E”). With our model, a paper with a valid protocol would print such numbers in at most 4 "
            "of 100 cases.",
        ),
    ],
)
def test_answers(given: NumberExplained, words: str) -> None:
    assert answer_words(given) == words
