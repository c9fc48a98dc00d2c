"""The rooms of a package, which room imports which, and circles of files that import each other.

    python -m research.structure                     # this tree
    python -m research.structure OTHER_TREE/bench    # another one, such as an old commit in a worktree

A room is a folder or a module directly below the package. Imports inside functions count too. `tests/house` holds the
floors of docs/house.md against the same functions.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "bench"


def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """Every module of the package by its dotted name below it; the package's own `__init__` is left out."""
    files = sorted(path for path in package.rglob("*.py") if path != package / "__init__.py")
    return {dotted(path, package): path for path in files}


def dotted(path: Path, package: Path = PACKAGE) -> str:
    """`claims.better` for `bench/claims/better.py`, `claims` for `bench/claims/__init__.py`."""
    parts = path.relative_to(package).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """The room of a module: the first part of its dotted name."""
    return module.partition(".")[0]


def imported(path: Path, package: str = "bench") -> Iterator[str]:
    """The dotted names below the package that a file imports, wherever in the file.

    `from bench.claims import better` gives `claims` and `claims.better`: the second may be a module or a name in the
    first.

    Raises
    ------
    ValueError
        If the file has a relative import.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.removeprefix(f"{package}.") for alias in node.names if _below(alias.name, package))
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{path}: relative import in line {node.lineno}")
            name = node.module or ""
            if name == package:
                yield from (alias.name for alias in node.names)
            elif _below(name, package):
                below = name.removeprefix(f"{package}.")
                yield below
                yield from (f"{below}.{alias.name}" for alias in node.names)


def _below(name: str, package: str) -> bool:
    return name.startswith(f"{package}.")


def arrows(package: Path = PACKAGE) -> dict[str, set[str]]:
    """For every room the other rooms that it imports; names of the public API count for no room."""
    files = modules(package)
    rooms = {room(module) for module in files}
    targets: dict[str, set[str]] = {name: set() for name in sorted(rooms)}
    for module, path in files.items():
        reached = {room(name) for name in imported(path, package.name)} & rooms
        targets[room(module)] |= reached - {room(module)}
    return targets


def circles(package: Path = PACKAGE) -> list[list[str]]:
    """Groups of modules that import each other in a circle, largest first; imports inside functions count."""
    files = modules(package)
    graph = {module: set(imported(path, package.name)) & files.keys() - {module} for module, path in files.items()}
    groups = [sorted(group) for group in _strong(graph) if len(group) > 1]
    return sorted(groups, key=lambda group: (-len(group), group))


def _strong(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """Strongly connected components (Kosaraju): modules that reach each other."""
    order: list[str] = []
    seen: set[str] = set()
    for start in graph:
        _walk(start, graph, seen, order)
    backwards: dict[str, set[str]] = defaultdict(set)
    for module, targets in graph.items():
        for target in targets:
            backwards[target].add(module)
    seen, groups = set(), []
    for start in reversed(order):
        members: list[str] = []
        _walk(start, backwards, seen, members)
        if members:
            groups.append(set(members))
    return groups


def _walk(start: str, graph: Mapping[str, set[str]], seen: set[str], done: list[str]) -> None:
    """Append to `done` what can be reached from `start` and was not seen before, deepest first."""
    if start in seen:
        return
    seen.add(start)
    stack = [(start, iter(sorted(graph.get(start, ()))))]
    while stack:
        module, targets = stack[-1]
        deeper = next((name for name in targets if name not in seen), None)
        if deeper is None:
            done.append(module)
            stack.pop()
        else:
            seen.add(deeper)
            stack.append((deeper, iter(sorted(graph.get(deeper, ())))))


def drawn(package: Path = PACKAGE) -> str:
    """The rooms with the rooms that each imports, a line a room, and counts at the end."""
    targets = arrows(package)
    width = max(map(len, targets))
    lines = [f"{name:<{width}}  -> {' '.join(sorted(reached)) or '-'}" for name, reached in targets.items()]
    loops = circles(package)
    lines += [f"circle of {len(loop)}: {' '.join(loop)}" for loop in loops]
    files = modules(package)
    lines.append(
        f"{len(files)} modules, {len(targets)} rooms, {sum(map(len, targets.values()))} arrows,"
        f" {len(loops)} circle{'s' * (len(loops) != 1)} of files"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    print(drawn(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else PACKAGE))
