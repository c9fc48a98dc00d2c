"""What params.yaml may say, and what is told of what it may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.core.outcomes import Statement
from bench.project.project import Project
from bench.study.noted import StudyError
from bench.text import problems as p


@pytest.mark.parametrize(
    ("execution", "path", "kind"),
    [
        ("backend: dusk", "execution.backend", p.UnknownWord),
        ("backend: dask", "execution.scheduler", p.Broken),
        ("scheduler: 'tcp://a:1'", "execution.scheduler", p.Broken),
        ("backend: dask, scheduler: here", "execution.scheduler", p.WrongForm),
        ("schedular: x", "execution.schedular", p.UnknownKey),
        ("workers: 0", "execution.workers", p.OutOfRange),
        ("workers: true", "execution.workers", p.WrongType),
        ("seconds_per_cell: fast", "execution.seconds_per_cell", p.WrongType),
        ("megabytes_per_cell: -1", "execution.megabytes_per_cell", p.OutOfRange),
    ],
)
def test_what_params_say_wrongly_is_told(
    project: Callable[..., Path],
    toy: str,
    execution: str,
    path: str,
    kind: type[Statement],
) -> None:
    root = project(toy=toy)
    (root / "params.yaml").write_text(f"studies: [toy]\nexecution: {{{execution}}}\n")
    with pytest.raises(StudyError) as caught:
        _ = Project(root).settings
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.path, type(problem.statement)) == (
        "params.yaml",
        2,
        path,
        kind,
    )


@pytest.mark.parametrize(
    ("text", "path", "kind"),
    [
        ("slow: []", "studies", p.Missing),
        ("studies: toy", "studies", p.ListAsText),
        ("studies: [2001]", "studies[0]", p.WrongType),
        ("studies: []\ntrusted: {a: 1}", "trusted", p.WrongType),
        ("studies: [", "", p.NotYaml),
    ],
)
def test_lists_that_are_none(
    project: Callable[..., Path], toy: str, text: str, path: str, kind: type[Statement]
) -> None:
    root = project(toy=toy)
    (root / "params.yaml").write_text(f"{text}\n")
    with pytest.raises(StudyError) as caught:
        _ = Project(root).settings
    (problem,) = caught.value.problems
    assert (problem.path, type(problem.statement)) == (path, kind)


def test_the_keys_of_others_are_left_alone(
    project: Callable[..., Path], toy: str
) -> None:
    root = project(toy=toy)
    (root / "params.yaml").write_text(
        "studies: [toy]\nslow:\nrate: 0.1\nexecution: {workers: 3, megabytes_per_cell: 500}\n"
    )
    settings = Project(root).settings
    assert (settings.listed, settings.workers, settings.limits.memory) == (
        ("toy",),
        3,
        500_000_000,
    )
