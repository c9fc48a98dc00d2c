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


FITS = "compatible with the published 96.4 %"
NO_VALID = "The valid protocol tried is not compatible with the published 96.4 %"
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
            f"The valid protocol tried is {FITS} (“V”). The protocol error tried is not compatible.",
        ),
        (
            answer(VALID, ("E", "F"), errors_near=("96.1 %", "96.2 %"), errors_tried=3),
            f"The valid protocol tried is {FITS} (“V”). Of 3 protocol errors, 2 are within the tolerance of the "
            "published 96.4 % (“E”: 96.1 % and “F”: 96.2 %).",
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
            "Of 4 valid protocols, 1 is within the tolerance of the published 96.4 % (“V”: 96.1 %); for 3 it "
            "is unknown. Of 4 protocol errors, 2 are compatible with the published 96.4 % (“E” and “F”); for 2 it "
            "is unknown.",
        ),
        (
            answer(ERROR, ("E",), valid=()),
            f"{NO_VALID}. The protocol error tried is compatible (“E”).{RARE}",
        ),
        (
            answer(NOTHING, valid=(), errors_undecided=1, beyond=None),
            f"{NO_VALID}. Of 2 protocol errors, none is compatible; for 1 it is unknown.",
        ),
        (
            answer(ERROR, ("E",), valid=(), published=BOTH, many=True, beyond=0.04),
            "The valid protocol tried is not compatible with both published numbers together. The protocol error tried "
            "is compatible (“E”). With our model, a paper with a valid protocol would print such numbers in at most 4 "
            "of 100 cases.",
        ),
    ],
)
def test_answers(given: NumberExplained, words: str) -> None:
    assert answer_words(given) == words
