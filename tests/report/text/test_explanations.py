"""Answers that explanations give to a published number, in words."""

from __future__ import annotations

import pytest

from bench.report.text.explanations import (
    ExplanationsOutcome,
    NumberExplained,
    answer_words,
    by_tolerance_alone,
    left_out,
    note,
)


def answer(outcome: ExplanationsOutcome, errors: tuple[str, ...] = (), **changes: object) -> NumberExplained:
    fields = {"published": "96.4 %", "many": False, "errors_tried": 1, "valid": 1, "valid_tried": 1, "beyond": 0.004}
    return NumberExplained(**(fields | {"outcome": outcome, "errors": errors} | changes))  # type: ignore[arg-type]


RARE = " With a valid protocol, a number this far off would be printed in 1 of 250 papers."


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            answer(ExplanationsOutcome.UNKNOWN),
            "No spread is known here, so nothing shows which explanation of 96.4 % fits.",
        ),
        (
            answer(ExplanationsOutcome.VALID),
            "96.4 % is compatible with a valid study of this size. No error that was tried gives it.",
        ),
        (
            answer(ExplanationsOutcome.VALID, valid_tried=2, errors_tried=0),
            "96.4 % is compatible with one of the two valid protocols tried.",
        ),
        (
            answer(ExplanationsOutcome.VALID, ("E",)),
            "96.4 % is compatible with a valid study of this size. It lies within what valid protocols give, so an "
            "error of protocol is not needed to explain it. It is compatible with “E” too.",
        ),
        (
            answer(ExplanationsOutcome.VALID, ("E",), near=True),
            "96.4 % is compatible with a valid study of this size. It lies within the tolerance of what a valid "
            "protocol gives, so an error of protocol is not needed to explain it. It is compatible with “E” too.",
        ),
        (
            answer(ExplanationsOutcome.CONTROL, ("E",), valid=0),
            "96.4 % is compatible with a control, a mistake that should barely matter, though with no valid protocol "
            "that was tried. The control is enough to explain it. It is compatible with “E” too.",
        ),
        (
            answer(ExplanationsOutcome.ERROR, ("E",)),
            f"96.4 % is compatible with “E”, and with no valid protocol.{RARE}",
        ),
        (
            answer(ExplanationsOutcome.ERROR, ("E", "F"), beyond=None),
            "96.4 % is compatible with “E” or “F”, and with no valid protocol. The number alone does not show "
            "which of these errors it was.",
        ),
        (
            answer(ExplanationsOutcome.NOTHING),
            f"No protocol that was tried fits 96.4 %. One valid protocol and one known error were tried.{RARE}",
        ),
        (
            answer(ExplanationsOutcome.NOTHING, valid_tried=7, errors_tried=0),
            f"No protocol that was tried fits 96.4 %. Seven valid protocols were tried. Protocols with a known error "
            f"were not tried.{RARE}",
        ),
        (
            answer(
                ExplanationsOutcome.ERROR,
                ("E",),
                published="the two published numbers together",
                many=True,
                beyond=0.04,
            ),
            "The two published numbers together are compatible with “E”, and with no valid protocol. With a "
            "valid protocol, numbers this far off would be printed in at most 4 of 100 papers.",
        ),
    ],
)
def test_answers(given: NumberExplained, words: str) -> None:
    assert answer_words(given) == words


def test_what_else_is_said() -> None:
    assert by_tolerance_alone([]) == left_out([]) == ""
    assert by_tolerance_alone([("E", "90 %")]) == (
        " By the claim's tolerance alone, not by what such a study would print: “E” (90 %)."
    )
    assert left_out(["c1", "c2"]).startswith("c1 and c2 are not among the numbers taken together: their fits failed")
    still = "printed numbers within the claim's tolerance"
    assert still in note("Accuracy", "published", "96.4", 1, 1) and still not in note("A", "published", "1", 0, 2)
