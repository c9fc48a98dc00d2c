"""Every example in a docstring is what the code gives; those of the public names run in tests/api."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import bench

ROOMS = [
    room.name
    for room in pkgutil.iter_modules(bench.__path__)
    if room.name not in ("__main__", "project")
]


@pytest.mark.parametrize("room", ROOMS)
def test_examples(room: str) -> None:
    package = importlib.import_module(f"bench.{room}")
    below = pkgutil.walk_packages(getattr(package, "__path__", []), f"bench.{room}.")
    names = [f"bench.{room}", *(one.name for one in below if "torch" not in one.name)]
    failed = {}
    for name in names:
        module = importlib.import_module(name)
        finder, runner = (
            doctest.DocTestFinder(),
            doctest.DocTestRunner(optionflags=doctest.ELLIPSIS),
        )
        for example in finder.find(module):
            if "getfixture" not in (example.docstring or ""):
                runner.run(example)
        if runner.failures:
            failed[name] = runner.failures
    assert failed == {}
