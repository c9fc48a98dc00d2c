"""Every number in a docstring of the statistics is what the code says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import bench.stats

MODULES = [module.name for module in pkgutil.iter_modules(bench.stats.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(f"bench.stats.{name}"))
    assert failed == 0
