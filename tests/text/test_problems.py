"""What is wrong with a study in words, where these are more than a template; and the place before it."""

from __future__ import annotations

import pytest

from bench.core.outcomes import Statement
from bench.study.noted import Problem, StudyError
from bench.text import claim_problems as c
from bench.text import problems as p
from bench.text.sentences import sentence

FAMILIES = ("knn", "lda", "qda")
MANY = tuple(f"word{number}" for number in range(20))
SENTENCES: dict[Statement, str] = {
    p.UnknownKey(
        "titel", ("title", "task")
    ): "unknown; did you mean title?\nknown keys: task, title",
    p.UnknownWord("family", "lad", FAMILIES, "families"): (
        "unknown family lad; did you mean lda?\nknown families: knn, lda, qda"
    ),
    p.NotInStudy(
        "family", "kn", ("knn",)
    ): "the study has no family kn; did you mean knn?",
    p.Elsewhere("seed", ()): "stands at the top of the file, not indented: `seed: ...`",
    p.Elsewhere("drop", ("datasets", "wine")): (
        "stands under `datasets.wine`: `datasets: {wine: {drop: ...}}`; is it indented as its neighbours are?"
    ),
    p.Missing(nullable=True): "missing; write null when there is none",
    p.WrongType("printed", "'nan'"): (
        "expected a number as printed, such as \"97.5\"; its unit is a key of its own; got 'nan'"
    ),
    p.NotYaml(
        "found a tab", "tab"
    ): "not YAML: found a tab; indent with spaces, not with tabs",
    p.OtherTask("metric", "rmse", "classification", "regression"): (
        "rmse is a metric of regression, the task is classification"
    ),
    p.TooWide(5.0, "accuracy", percent=True): (
        "5 is half of accuracy's range or more, so everything would be close; did you mean 0.05?"
    ),
    c.NoUnit("98.9", "accuracy", 1.0): (
        "missing; 98.9 is above accuracy's largest value, 1: write `unit: percent`"
    ),
    c.OtherValue("0.91 fraction", "a", "0.95 fraction", "claims.csv:2"): (
        "says 0.91 fraction where a says 0.95 fraction of the same subject; keep one, or let `where` say in what they "
        "differ (it stands in claims.csv:2)"
    ),
    c.NeverMet(0.02, "98.9", 2.0): (
        "0.02 is below half a unit of the last decimal of 98.9: it can never be met; did you mean 2?"
    ),
}


@pytest.mark.parametrize(
    ("statement", "words"), SENTENCES.items(), ids=lambda one: getattr(one, "code", "")
)
def test_sentences(statement: Statement, words: str) -> None:
    assert sentence(statement) == words


def test_many_known_words_are_not_all_listed() -> None:
    words = sentence(p.UnknownWord("family", "zzz", MANY, "families"))
    assert words.startswith("unknown family zzz; none is like it\nknown families: ")
    assert words.endswith("and 8 more: `bench list families`")


def test_a_problem_is_told_with_its_place() -> None:
    unknown = p.UnknownWord("family", "lad", FAMILIES, "families")
    problem = Problem("studies/toy/study.yaml", 17, 3, "families.lad", unknown)
    told = (
        "studies/toy/study.yaml:17: families.lad: unknown family lad; did you mean lda?"
    )
    assert str(problem) == f"{told}\n    known families: knn, lda, qda"
    assert str(StudyError([problem, problem])) == str(problem)
    assert (
        str(Problem("params.yaml", 0, 0, "", p.Twice("toy")))
        == "params.yaml: toy stands there twice"
    )
    assert problem.as_json()["message"] == "unknown family lad; did you mean lda?"


def test_what_a_mistyped_word_explains_is_not_told_again() -> None:
    file = "study.yaml"
    key = Problem(file, 2, 1, "titel", p.UnknownKey("titel", ("title", "task")))
    family = Problem(
        file, 9, 1, "families.lad", p.UnknownWord("family", "lad", FAMILIES, "families")
    )
    echoes = [
        Problem(file, 0, 0, "title", p.Missing()),
        Problem(
            file,
            20,
            1,
            "diagnostics.explain.family",
            p.NotInStudy("family", "lda", ("lad",)),
        ),
    ]
    assert list(StudyError([*echoes, family, key]).problems) == [key, family]
