"""Imports point down: a module of one floor imports only from lower floors, lazily or not."""

import ast
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
FLOORS = [
    ["core"],
    ["study", "stats"],
    ["text"],
    ["data", "families"],
    ["run", "scores"],
    ["compare", "claims", "diagnose"],
    ["report"],
    ["project"],
    ["cli"],
    ["__main__"],
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
#: Rooms of one floor with a door between them: each imports the other way round never.
DOORS = {("diagnose", "claims")}


def room_of(path: Path) -> str:
    return path.relative_to(BENCH).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """The rooms of bench that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            names = [f"bench.{alias.name}" for alias in node.names] if module == "bench" else [module]
        found |= {name.split(".")[1] for name in names if name.startswith("bench.")}
    return found


FILES = sorted(path for path in BENCH.rglob("*.py") if path != BENCH / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(BENCH)))
def test_a_module_imports_only_from_lower_floors(path: Path) -> None:
    room = room_of(path)
    assert room in FLOOR, f"{room} has no floor: give it one here and in docs/house.md"
    for target in imports(path) - {room}:
        allowed = FLOOR[target] < FLOOR[room] or (room, target) in DOORS
        assert allowed, (
            f"{path.relative_to(BENCH.parent)} (floor {FLOOR[room]}) imports {target} (floor {FLOOR[target]})"
        )


def test_statistics_know_nothing_of_bench() -> None:
    for path in (BENCH / "stats").rglob("*.py"):
        assert imports(path) <= {"stats"}, path


def test_only_the_run_room_fits() -> None:
    """Names before any fit are checked with a tiny fit in families; nothing else calls fit on data."""
    for path in FILES:
        if room_of(path) in ("run", "families"):
            continue
        calls = [
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fit"
        ]
        assert not calls, f"{path} calls fit"
