"""Imports point down, as the table of floors in docs/house.md has it; only `run` fits."""

import ast
import re
from pathlib import Path

from research import structure

ROOT = Path(__file__).parents[2]
BENCH = structure.PACKAGE
FILES = structure.modules()
#: Outside the rooms: what `bench/__init__.py` offers.
TABLE = (
    (ROOT / "docs" / "house.md")
    .read_text(encoding="utf-8")
    .split("## Floors")[1]
    .split("\n## ")[0]
)
FLOOR = {
    room: int(number)
    for number, rooms in re.findall(r"^\| (\d+) \| (.*?) \|", TABLE, flags=re.MULTILINE)
    for room in re.findall(r"`(\w+)`", rooms)
}


def test_the_table_names_every_room_and_no_other() -> None:
    assert set(FLOOR) == set(structure.arrows())


def test_a_module_imports_only_from_lower_floors() -> None:
    for module, path in FILES.items():
        home = structure.room(module)
        for target in {
            structure.room(name) for name in structure.imported(path)
        } & FLOOR.keys() - {home}:
            said = f"{module} (floor {FLOOR[home]}) imports {target} (floor {FLOOR[target]})"
            assert FLOOR[target] < FLOOR[home], said


def test_no_files_import_each_other_in_a_circle() -> None:
    assert structure.circles() == []


def test_statistics_know_nothing_of_bench() -> None:
    assert structure.arrows()["stats"] == set()


def test_only_the_run_room_fits() -> None:
    """Parameters of families are tried with a tiny fit in `families`; nothing else calls `fit`."""
    for module, path in FILES.items():
        if structure.room(module) in ("run", "families"):
            continue
        calls = [
            node.lineno
            for node in structure.nodes(path)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "fit"
        ]
        assert not calls, f"{path} calls fit in line {calls[0]}"
