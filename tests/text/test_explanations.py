"""Each note on an explanation has one sentence."""

from __future__ import annotations

import pytest

from bench.core.outcomes import Statement, decoded, encoded
from bench.text import explanations as e
from bench.text.sentences import sentence

SENTENCES: list[tuple[Statement, str]] = [
    (
        e.ToleranceBand(),
        "this protocol is deterministic: the number is compared with the tolerance only",
    ),
    (e.NoScoresMade(), "it left no scores"),
    (e.OneRun(), "there was one run, so what another split would print is not known"),
    (e.NoSplitsDrawn(), "the protocol draws no splits"),
    (
        e.NoCandidates("tuned_on_test"),
        "it needs the candidates of tuned_on_test, which the study does not run",
    ),
    (
        e.OtherTuningMetric("accuracy", "f1_macro"),
        "candidates are chosen by accuracy, and the published number is f1_macro",
    ),
    (e.AlwaysTheSame(), "every repeat gives this one number, so only its rounding leaves room"),
    (e.NoOtherAveraging("error_rate"), "error_rate has no other averaging here"),
    (e.OneAggregation(), "there is one way to put these predictions together"),
    (e.NothingTies(regression=True), "in a regression no classes tie"),
    (e.NothingTies(regression=False), "no two classes had the same probability"),
]


@pytest.mark.parametrize(("note", "words"), SENTENCES, ids=lambda value: getattr(value, "code", ""))
def test_a_note_in_words(note: Statement, words: str) -> None:
    assert sentence(note) == words
    assert decoded(encoded([note])) == (note,)


def test_every_note_is_here() -> None:
    assert {type(note) for note, _ in SENTENCES} == {
        one for one in vars(e).values() if isinstance(one, type) and issubclass(one, Statement) and one is not Statement
    }
