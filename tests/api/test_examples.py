"""The public names: documented, few, quick to import, and their examples run."""

from __future__ import annotations

import doctest
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import bench
from bench.project.project import Project

#: The sections that a function must have.
SECTIONS = ("Parameters", "Returns", "Raises", "Examples")


@pytest.fixture
def toy_project(project: object, toy: str) -> Path:
    return project(toy=toy)  # type: ignore[operator, no-any-return]


@pytest.mark.parametrize("name", bench.__all__)
def test_a_public_name_is_documented_and_its_example_runs(name: str, request: pytest.FixtureRequest) -> None:
    thing = getattr(bench, name)
    text = inspect.getdoc(thing)
    assert text and text[0] != "<", name
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for example in doctest.DocTestFinder(recurse=False).find(
        thing, name, globs={"getfixture": request.getfixturevalue}
    ):
        example.globs |= vars(inspect.getmodule(thing)) | {"bench": bench}
        runner.run(example)
    assert runner.summarize(verbose=False).failed == 0


def test_the_functions_have_all_sections() -> None:
    for function in (bench.benchmark, bench.compare, bench.judge):
        text = inspect.getdoc(function) or ""
        assert [section for section in SECTIONS if f"{section}\n---" not in text] == [], function.__name__


def test_every_method_of_a_project_is_documented() -> None:
    for kind in (Project, bench.Result):
        for name, thing in vars(kind).items():
            if not name.startswith("_"):
                assert inspect.getdoc(getattr(kind, name)), (name, thing)


def test_names_are_imported_when_they_are_used() -> None:
    code = "import bench, sys; print(sorted({'polars', 'sklearn', 'pydantic', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    assert {*bench.__all__} <= {*dir(bench)}
    assert sorted(bench.__all__) == sorted(bench._MODULES)
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        _ = bench.other
