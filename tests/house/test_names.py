"""A name means one thing: no class or type alias twice in the package, no submodule hidden by a name of its package."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest

import bench
from research import structure

PACKAGES = sorted(
    [
        "bench",
        *(info.name for info in walk_packages(bench.__path__, "bench.") if info.ispkg),
    ],
)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_submodule_is_shadowed_by_a_name_of_its_package(package: str) -> None:
    module = import_module(package)
    files = {path.stem for path in Path(str(module.__file__)).parent.glob("*.py")} - {
        "__init__",
        "__main__",
    }
    shadowed = {
        name
        for name in files
        if not isinstance(vars(module).get(name, module), ModuleType)
    }
    assert not shadowed, (
        f"{package}: import these from their modules: {', '.join(sorted(shadowed))}"
    )


#: Names that an extension file gives to its own part of the same thing: its parameters.
OF_A_FILE = {"Options"}
#: What a page is made of (`report.blocks`, `report.charts.marks`): plain words, of which other rooms have some too.
OF_A_PAGE = {"Block", "Cell", "Code", "Details", "Link", "Mark", "Model", "Term"}
#: Of charts that are drawn as text: they go with the last section that is not made of blocks.
LEAVING = {"Curve", "Figure", "Line", "Point", "Table"}


def test_no_class_or_alias_means_two_things() -> None:
    known = OF_A_FILE | OF_A_PAGE | LEAVING
    assert structure.names_of_two().keys() <= known, "rename one of them"
