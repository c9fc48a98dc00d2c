"""The lists of params.yaml: an id is added, and every other line stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.core.errors import UsageError
from bench.project.lists import enlist
from bench.study.noted import StudyError

AFTER = "\n# Others.\nslow: [z]  # dear\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("studies:\n  - a\n", "studies:\n  - a\n  - new\n"),
        ("studies:\n- a  # why\n# c\n- b\n", "studies:\n- a  # why\n# c\n- b\n- new\n"),
        ("studies: []  # none\n", "studies:  # none\n  - new\n"),
        ("studies: [a, 'b']  # two\n", "studies: [a, 'b', new]  # two\n"),
        ("studies: [\n  a,\n  b,\n]\n", "studies: [\n  a,\n  b, new,\n]\n"),
        ('"studies":\n  - a\n', '"studies":\n  - a\n  - new\n'),
    ],
)
def test_a_study_is_added_after_the_last(
    before: str, after: str, tmp_path: Path
) -> None:
    params = tmp_path / "params.yaml"
    params.write_text(f"# Mine.\n{before}{AFTER}")
    enlist(params, "new")
    assert params.read_text() == f"# Mine.\n{after}{AFTER}"


@pytest.mark.parametrize(
    ("text", "line"), [("a: 1\nstudies: [a\nb: 2\n", 3), ("studies: {}\n", 1)]
)
def test_what_cannot_be_added_to_stays_as_it_is(
    text: str, line: int, tmp_path: Path
) -> None:
    params = tmp_path / "params.yaml"
    params.write_text(text)
    with pytest.raises((StudyError, UsageError)) as caught:
        enlist(params, "new")
    assert f"params.yaml:{line}" in str(caught.value)
    assert params.read_text() == text
