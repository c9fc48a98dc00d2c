"""The page counts the runs that tables of other people lack."""

from __future__ import annotations

from bench.report.text.limits import missing_runs


def test_the_sentence_names_the_models_and_what_was_done() -> None:
    said = missing_runs([("b", 3), ("a", 1)], 2, stand_ins=False)
    assert said == "4 runs on 2 datasets are missing (b 3 and a 1): they are left out, as the study says."
    assert "another model's scores stand in" in missing_runs([("b", 1)], 1, stand_ins=True)
    many = missing_runs([(name, 2) for name in "abcdefg"], 1, stand_ins=False)
    assert "others fewer" in many
