"""Below the command line nothing looks for the project in the current directory or environment: it is handed down."""

import ast
from collections.abc import Iterable, Iterator

from research import structure

PACKAGE = structure.PACKAGE
FILES = [
    path
    for path in (PACKAGE / "__init__.py", *structure.modules().values())
    if "cli" not in path.relative_to(PACKAGE).parts
]
CALLS = {
    "Path.cwd",
    "os.getcwd",
    "os.getenv",
    "os.environ",
    "Path.resolve",
    "Path.absolute",
}
#: Who may, and why.
EXCEPTIONS = {
    "run/workers/pool.py": "a worker starts in the folder and environment of the process that asks",
    "run/workers/worker.py": "a worker returns to both after code of a study has changed them",
    "run/workers/fork_server.py": "the server of workers gets the environment of the process that starts it",
    "data/git_store.py": "git is found on the PATH, and gets nothing else of the environment",
    "project/trust.py": "the user's own folder is where the system says",
    "project/dvc.py": "the stages that DVC starts get the environment, and this Python first on the PATH",
}


def uses(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Each use of the current directory or the environment."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            if name in CALLS:
                yield f"line {node.lineno}: {name}"


def relative_paths(tree: ast.Module) -> Iterator[str]:
    """Each relative path that a module or class keeps for others to open: `NAME = Path("folder") / "file"`."""
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        while isinstance(value, ast.BinOp):
            value = value.left
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Name)
            and value.func.id == "Path"
        ):
            first = value.args[0] if value.args else None
            if not isinstance(first, ast.Name) and not (
                isinstance(first, ast.Constant) and str(first.value)[:1] == "/"
            ):
                yield f"line {node.lineno}: a relative path of the module"


def test_nothing_below_the_command_line_looks_around() -> None:
    found = {
        path: [*relative_paths(structure.parsed(path)), *uses(structure.nodes(path))]
        for path in FILES
    }
    told = {
        path.relative_to(PACKAGE).as_posix(): lines
        for path, lines in found.items()
        if lines
    }
    assert told.keys() == EXCEPTIONS.keys(), told


def test_a_use_is_found() -> None:
    code = 'import os\nfrom pathlib import Path\nFILE = Path(".bench") / "x"\nHERE = Path(__file__)\nos.environ["A"]\n'
    assert (
        len([*relative_paths(ast.parse(code)), *uses(ast.walk(ast.parse(code)))]) == 2
    )
