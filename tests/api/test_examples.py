"""The public names: documented in the sections of numpydoc, quick to import, and their examples run."""

from __future__ import annotations

import dataclasses
import doctest
import enum
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import bench
from bench.core.registry import Registry
from bench.study.described import descriptions
from tests.conftest import TOY

HEADING = re.compile(r"^(\w+)\n-{3,}$", flags=re.MULTILINE)


def members() -> Iterator[tuple[str, Any]]:
    """Methods and properties of the classes that a program works with."""
    for kind in (bench.Project, bench.Result):
        for name in dir(kind):
            if not name.startswith("_") or name == "__getitem__":
                yield f"{kind.__name__}.{name}", inspect.getattr_static(kind, name)


NAMES = {name: getattr(bench, name) for name in bench.__all__}
#: Everything that is documented: names, and members of classes; a registry is so by its class.
THINGS = {
    name: thing
    for name, thing in NAMES.items()
    if not isinstance(thing, Registry | Mapping)
} | dict(members())


def function_of(thing: Any) -> Callable[..., Any] | None:
    """The function behind a function, a class method or a property; None for a class or a plain value."""
    found = (
        getattr(thing, "fget", None)
        or getattr(thing, "func", None)
        or getattr(thing, "__func__", thing)
    )
    return found if inspect.isfunction(found) else None


def documented(text: str, section: str) -> set[str]:
    """The names that a section of a docstring has."""
    parts = HEADING.split(text)
    body = dict(zip(parts[1::2], parts[2::2], strict=True)).get(section, "")
    entries = re.findall(r"^(\w[^\n:]*)", body, flags=re.MULTILINE)
    return {name.strip().lstrip("*") for entry in entries for name in entry.split(",")}


@pytest.mark.parametrize(
    "name", [name for name, thing in THINGS.items() if function_of(thing)]
)
def test_a_function_has_all_its_sections(name: str) -> None:
    function = function_of(THINGS[name])
    assert function is not None
    text, parameters = (
        inspect.getdoc(function) or "",
        dict(inspect.signature(function).parameters),
    )
    for own in ("self", "cls"):
        parameters.pop(own, None)
    assert documented(text, "Parameters") == set(parameters)
    if function is not THINGS[name] and not isinstance(THINGS[name], classmethod):
        return  # a property is documented as an attribute is
    if inspect.signature(function).return_annotation not in ("None", None):
        assert "Returns" in HEADING.findall(text)
    if function is THINGS[name]:
        assert "Examples" in HEADING.findall(text)


@pytest.mark.parametrize(
    "name", [name for name, thing in NAMES.items() if inspect.isclass(thing)]
)
def test_a_class_says_what_it_holds(name: str) -> None:
    kind = NAMES[name]
    text = inspect.getdoc(kind) or ""
    assert text and not text.startswith(f"{name}("), (
        "its own docstring, not that of dataclasses"
    )
    if issubclass(kind, BaseModel):
        assert [
            field for field in kind.model_fields if not descriptions(kind).get(field)
        ] == []
    elif dataclasses.is_dataclass(kind):
        assert documented(text, "Attributes") >= {
            field.name for field in dataclasses.fields(kind)
        }
    elif issubclass(kind, enum.Enum):
        assert "Examples" in HEADING.findall(text)
    elif not issubclass(kind, Exception):
        assert documented(text, "Parameters") == set(inspect.signature(kind).parameters)
        assert "Examples" in HEADING.findall(text)


@pytest.fixture(scope="module")
def toy_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that examples speak of, made once: its fits are stored after the first example."""
    root = tmp_path_factory.mktemp("toy")
    (root / "studies" / "toy").mkdir(parents=True)
    (root / "params.yaml").write_text("studies:\n  - toy\nexecution: {workers: 2}\n")
    (root / "studies" / "toy" / "study.yaml").write_text(TOY)
    return root


@pytest.mark.parametrize("name", THINGS)
def test_its_example_runs(name: str, request: pytest.FixtureRequest) -> None:
    thing = function_of(THINGS[name]) or THINGS[name]
    runner = doctest.DocTestRunner(
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    globs = vars(inspect.getmodule(thing)) | {
        "getfixture": request.getfixturevalue,
        "bench": bench,
    }
    for example in doctest.DocTestFinder(recurse=False).find(thing, name, globs=globs):
        runner.run(example)
    assert runner.summarize(verbose=False).failed == 0


def test_names_are_imported_when_they_are_used() -> None:
    code = "import bench, sys; print(sorted({'polars', 'sklearn', 'pydantic', 'numpy'} & set(sys.modules)))"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        == "[]\n"
    )
    assert {*bench.__all__} <= {*dir(bench)}
    assert sorted(bench.__all__) == sorted(bench._MODULES)
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        _ = bench.other
