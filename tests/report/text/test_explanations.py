"""Answers that explanations give to a published number, in words."""

from __future__ import annotations

import pytest

from bench.report.text.explanations import (
    ExplanationsOutcome,
    NumberExplained,
    answer_words,
    left_out,
    note,
)


def answer(outcome: ExplanationsOutcome, errors: tuple[str, ...] = (), **changes: object) -> NumberExplained:
    fields = {"published": "96.4 %", "many": False, "errors_tried": 1, "valid": 1, "valid_tried": 1, "beyond": 0.004}
    return NumberExplained(**(fields | {"outcome": outcome, "errors": errors} | changes))  # type: ignore[arg-type]


FITS = "The published 96.4 % is compatible with"
RARE = " A valid paper prints such a number in 1 of 250 cases."
VALID, CONTROL, ERROR = ExplanationsOutcome.VALID, ExplanationsOutcome.CONTROL, ExplanationsOutcome.ERROR
NOTHING = ExplanationsOutcome.NOTHING
BOTH = "the two published numbers together"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (answer(ExplanationsOutcome.UNKNOWN), "No protocol can be judged by 96.4 %: no spread is known."),
        (answer(VALID), f"{FITS} 1 of 1 valid protocol and 0 of 1 error."),
        (
            answer(VALID, valid_tried=2, errors_tried=0),
            f"{FITS} 1 of 2 valid protocols.",
        ),
        (
            answer(VALID, ("E",)),
            f"{FITS} 1 of 1 valid protocol and 1 of 1 error (“E”).",
        ),
        (
            answer(VALID, ("E", "F"), near=True, undecided=3, errors_tried=2, errors_undecided=2),
            f"{FITS} 1 of 4 valid protocols (within the tolerance; 3 unknown) and 2 of 4 errors "
            "(“E” and “F”; 2 unknown).",
        ),
        (
            answer(CONTROL, ("E",), valid=0),
            f"{FITS} 0 of 1 valid protocol, but with a control and 1 of 1 error (“E”).",
        ),
        (
            answer(ERROR, ("E",), valid=0),
            f"{FITS} 0 of 1 valid protocol, but with 1 of 1 error (“E”).{RARE}",
        ),
        (
            answer(ERROR, ("E", "F"), valid=0, errors_tried=2, beyond=None),
            f"{FITS} 0 of 1 valid protocol, but with 2 of 2 errors (“E” and “F”).",
        ),
        (
            answer(NOTHING, valid=0),
            f"{FITS} 0 of 1 valid protocol and 0 of 1 error.{RARE}",
        ),
        (
            answer(NOTHING, valid=0, valid_tried=7, errors_tried=0),
            f"{FITS} 0 of 7 valid protocols. No protocol error was tried.{RARE}",
        ),
        (
            answer(ERROR, ("E",), valid=0, published=BOTH, many=True, beyond=0.04),
            "The two published numbers together are compatible with 0 of 1 valid protocol, but with 1 of 1 error "
            "(“E”). A "
            "valid paper prints such numbers in at most 4 of 100 cases.",
        ),
    ],
)
def test_answers(given: NumberExplained, words: str) -> None:
    assert answer_words(given) == words


def test_what_else_is_said() -> None:
    assert left_out([]) == "" and left_out(["c1", "c2"]).startswith("Not taken together: c1 and c2 (failed")
    still, drawn = "the claim's tolerance", "of papers with this protocol"
    assert still in note("Accuracy", "published", "96.4", 1, 1) and still not in note("A", "published", "1", 0, 2)
    assert drawn not in note("A", "published", "1", 2, 0)
