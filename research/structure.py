"""The rooms of a package, which room imports which, circles of imports, large functions, and names with two meanings.

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
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "bench"


def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """Every module of the package by its dotted name below it; the package's own `__init__` is left out."""
    files = sorted(
        path for path in package.rglob("*.py") if path != package / "__init__.py"
    )
    return {dotted(path, package): path for path in files}


def dotted(path: Path, package: Path = PACKAGE) -> str:
    """`claims.better` for `bench/claims/better.py`, `claims` for `bench/claims/__init__.py`."""
    parts = path.relative_to(package).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """The room of a module: the first part of its dotted name."""
    return module.partition(".")[0]


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file, parsed once."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of that tree, as `ast.walk` gives them."""
    return tuple(ast.walk(parsed(path)))


@cache
def imported(path: Path, package: str = "bench") -> tuple[str, ...]:
    """The dotted names below the package that a file imports, wherever in the file.

    `from bench.claims import better` gives `claims` and `claims.better`: the second may be a module or a name in the
    first.

    Raises
    ------
    ValueError
        If the file has a relative import.
    """
    return tuple(_imported(path, package))


def _imported(path: Path, package: str) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (
                alias.name.removeprefix(f"{package}.")
                for alias in node.names
                if _below(alias.name, package)
            )
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
    graph = {
        module: set(imported(path, package.name)) & files.keys() - {module}
        for module, path in files.items()
    }
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


def _walk(
    start: str, graph: Mapping[str, set[str]], seen: set[str], done: list[str]
) -> None:
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


#: What a function may have at most; `branches` says what counts.
MOST_BRANCHES, MOST_LINES = 15, 90

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_BRANCH = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
    ast.IfExp,
    ast.Assert,
    ast.match_case,
)


def functions(
    package: Path = PACKAGE,
) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too, by its module and its name, as in `claims.better:Better.check`."""
    found: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
    for module, path in modules(package).items():
        for name, node in _defined(parsed(path), ""):
            found[f"{module}:{name}"] = node
    return found


def _defined(
    node: ast.AST, prefix: str
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _FUNCTION):
            yield f"{prefix}{child.name}", child
        inside = (
            f"{prefix}{child.name}."
            if isinstance(child, (*_FUNCTION, ast.ClassDef))
            else prefix
        )
        yield from _defined(child, inside)


def branches(function: ast.AST) -> int:
    """One, and one more for each place where the function may go another way.

    These are if, for, while, except, a conditional expression, assert, a case of match, each further operand of `and`
    and `or`, each `for` of a comprehension and each of its conditions. Functions and classes inside count on their own.
    """
    count, nodes = 1, list(ast.iter_child_nodes(function))
    while nodes:
        node = nodes.pop()
        if isinstance(node, (*_FUNCTION, ast.ClassDef)):
            continue
        if isinstance(node, _BRANCH):
            count += 1
        elif isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            count += 1 + len(node.ifs)
        nodes += ast.iter_child_nodes(node)
    return count


def lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function from `def` to its end, less its docstring."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    documented = (
        isinstance(first, ast.Expr)
        and ast.get_docstring(function, clean=False) is not None
    )
    return whole - (
        (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    )


def large(package: Path = PACKAGE) -> dict[str, tuple[int, int]]:
    """Branches and lines of each function that has too many of one of them, those with most branches first."""
    sizes = {
        name: (branches(node), lines(node)) for name, node in functions(package).items()
    }
    above = {
        name: size
        for name, size in sizes.items()
        if size[0] > MOST_BRANCHES or size[1] > MOST_LINES
    }
    return dict(
        sorted(above.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
    )


def names_of_two(package: Path = PACKAGE) -> dict[str, list[str]]:
    """Public classes and type aliases of one name in several modules, with the modules; only module level counts."""
    homes: dict[str, list[str]] = defaultdict(list)
    for module, path in modules(package).items():
        for name in dict.fromkeys(_types(parsed(path))):
            homes[name].append(module)
    return {name: homes[name] for name in sorted(homes) if len(homes[name]) > 1}


def _types(tree: ast.Module) -> Iterator[str]:
    """Names of classes and of aliases: a capital followed by a small letter, bound to something that is no call."""
    for node in tree.body:
        name = ""
        if isinstance(node, ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id if not isinstance(node.value, ast.Call) else ""
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id if "TypeAlias" in ast.unparse(node.annotation) else ""
        if (
            len(name) > 1
            and name[0].isupper()
            and any(letter.islower() for letter in name)
        ):
            yield name


def drawn(package: Path = PACKAGE) -> str:
    """The rooms with the rooms that each imports, a line a room, and counts at the end."""
    targets = arrows(package)
    width = max(map(len, targets))
    rows = [
        f"{name:<{width}}  -> {' '.join(sorted(reached)) or '-'}"
        for name, reached in targets.items()
    ]
    loops = circles(package)
    rows += [f"circle of {len(loop)}: {' '.join(loop)}" for loop in loops]
    rows += [
        f"{name}: {size[0]} branches, {size[1]} lines"
        for name, size in large(package).items()
    ]
    rows += [
        f"{name} is defined in {' and '.join(homes)}"
        for name, homes in names_of_two(package).items()
    ]
    files = modules(package)
    rows.append(
        f"{len(files)} modules, {len(targets)} rooms, {sum(map(len, targets.values()))} arrows,"
        f" {len(loops)} circle{'s' * (len(loops) != 1)} of files"
    )
    return "\n".join(rows)


if __name__ == "__main__":
    print(drawn(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else PACKAGE))
