"""What params.yaml may say, and what is told of what it may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.core.problems import Code, StudyError
from bench.project.project import Project


@pytest.mark.parametrize(
    ("execution", "path", "code"),
    [
        ("backend: dusk", "execution.backend", Code.UNKNOWN_WORD),
        ("backend: dask", "execution.scheduler", Code.RULE),
        ("scheduler: 'tcp://a:1'", "execution.scheduler", Code.RULE),
        ("backend: dask, scheduler: here", "execution.scheduler", Code.WRONG_FORM),
        ("schedular: x", "execution.schedular", Code.UNKNOWN_KEY),
        ("workers: 0", "execution.workers", Code.OUT_OF_RANGE),
        ("workers: true", "execution.workers", Code.WRONG_TYPE),
        ("seconds_per_cell: fast", "execution.seconds_per_cell", Code.WRONG_TYPE),
        ("megabytes_per_cell: -1", "execution.megabytes_per_cell", Code.OUT_OF_RANGE),
    ],
)
def test_what_params_say_wrongly_is_told(
    project: Callable[..., Path], toy: str, execution: str, path: str, code: Code
) -> None:
    root = project(toy=toy)
    (root / "params.yaml").write_text(f"studies: [toy]\nexecution: {{{execution}}}\n")
    with pytest.raises(StudyError) as caught:
        _ = Project(root).settings
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.path, problem.statement.code) == ("params.yaml", 2, path, code)


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("slow: []", "studies", Code.MISSING),
        ("studies: toy", "studies", Code.LIST_AS_TEXT),
        ("studies: [2001]", "studies[0]", Code.WRONG_TYPE),
        ("studies: []\ntrusted: {a: 1}", "trusted", Code.WRONG_TYPE),
        ("studies: [", "", Code.NOT_YAML),
    ],
)
def test_lists_that_are_none(project: Callable[..., Path], toy: str, text: str, path: str, code: Code) -> None:
    root = project(toy=toy)
    (root / "params.yaml").write_text(f"{text}\n")
    with pytest.raises(StudyError) as caught:
        _ = Project(root).settings
    (problem,) = caught.value.problems
    assert (problem.path, problem.statement.code) == (path, code)


def test_the_keys_of_others_are_left_alone(project: Callable[..., Path], toy: str) -> None:
    root = project(toy=toy)
    (root / "params.yaml").write_text(
        "studies: [toy]\nslow:\nrate: 0.1\nexecution: {workers: 3, megabytes_per_cell: 500}\n"
    )
    settings = Project(root).settings
    assert (settings.listed, settings.workers, settings.limits().memory) == (("toy",), 3, 500_000_000)
