"""The gallery: it shows every known error, and its code makes a score too high that the other code does not make."""

from __future__ import annotations

import pytest

from bench.run.variants.explanation import EXPLANATIONS
from docs.hooks.gallery import LESSONS, Lesson

pytestmark = pytest.mark.long


def test_every_known_error_is_shown() -> None:
    names = {lesson.name for lesson in LESSONS}
    assert names >= {one.name for one in EXPLANATIONS.values() if one.kind == "error"}
    assert len(names) == len(LESSONS)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_the_error_makes_the_score_too_high(lesson: Lesson) -> None:
    wrong, right = lesson.scores(2)
    assert wrong > right
    assert len(lesson.wrong.splitlines()) <= 4 and len(lesson.right.splitlines()) <= 3


def test_scores_are_the_same_each_time() -> None:
    lesson = next(one for one in LESSONS if one.name == "random_split")
    assert lesson.scores(2) == lesson.scores(2)
