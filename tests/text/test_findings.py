"""The sentences of findings, remarks and refusals that depend on details."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bench.core.outcomes import Statement
from bench.diagnose import (
    DIAGNOSTICS,
    biased_test,
    calibration,
    degenerate,
    explanations,
    failed_cells,
    file_order,
    grid_edge,
    importances,
    leakage,
    near_duplicates,
    temporal,
    variance_budget,
)  # fmt: skip
from bench.text import findings, refusals, remarks
from bench.text.sentences import sentence
from tests.text.test_statements import RETIRED


@pytest.mark.parametrize("diagnostic", DIAGNOSTICS.values(), ids=list(DIAGNOSTICS))
def test_the_texts_of_a_diagnostic_hold_no_retired_word(diagnostic: Any) -> None:
    texts = [
        diagnostic.title,
        diagnostic.why,
        diagnostic.what_to_do,
        diagnostic.question,
        *diagnostic.parts.values(),
    ]
    assert not re.search(RETIRED, " ".join(texts))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (findings.RowsExamined(False, 10, 1000, 5),
         "10 of 1\u202f000 rows were examined, in runs of 5 consecutive rows"),
        (biased_test.Shifted(("a",), 5.1, 0.001, 999, False),
         "test rows differ from training rows in a, by up to 5.1 standard errors (p = 0.001)"),
        (calibration.Miscalibrated(-0.02), "underconfident by 0.020 on average"),
        (calibration.Measured(0.1, 0.05, 0.08, 1200, 0.009),
         "calibration error 0.100 (expected 0.050, limit 0.080, p = 0.009)"),
        (degenerate.say("same_answer", answer="label", constant=2, total=2, unit="repeats"),
         "the same predicted label for every test row in 2 of 2 repeats"),
        (explanations.ErrorFits(("a", "b")),
         "compatible with a protocol error (a or b) and with no valid protocol tried"),
        (failed_cells.Lost(1, 4, no_scores=True), "1 of 4 fits failed; no model has a score here"),
        (file_order.Similarity("class", True, 0, 999),
         "consecutive rows of the file are more alike than in any of 999 random orders of the rows within classes and "
         "groups"),
        (grid_edge.say("edge", parameter="C", largest=False, value=0.1, folds=8, total=10, commonest=False,
                       seeds=True), "8 of 10 seeds chose the smallest C, 0.1"),
        (importances.Top((), 0, 8, 8, None),
         "no feature is first: in all 8 folds several share the largest importance"),
        (leakage.say("group_ignored", group="patient", protocol="repeated_kfold"),
         "repeated kfold puts rows of one patient on both sides"),
        (near_duplicates.NoneNear(None),
         "the test finds no near copy of a test row in training, apart from exact copies; too few rows differ to say "
         "what would be near"),
        (temporal.PossibleTime(("day",), None, True),
         "day may be a time; the split came with the data and may follow it"),
        (variance_budget.Shares((("split", 0.7), ("model seed", 0.3)), 0.012),
         "variance of one run: split 70 % and model seed 30 %; repeat the split first (standard deviation 0.012)"),
        (remarks.NearNumeric("age", ("?",), 3, True),
         "age looks numeric except for '?' in 3 rows: declare `missing: ['?']`"),
        (refusals.TooLarge(10, 2**27),
         "the tables of 10 repeats would hold more than 134\u202f217\u202f728 numbers; ask for fewer repeats"),
    ],
    ids=lambda value: str(getattr(value, "code", "")),
)  # fmt: skip
def test_sentences_that_depend_on_details(statement: Statement, words: str) -> None:
    assert sentence(statement) == words
