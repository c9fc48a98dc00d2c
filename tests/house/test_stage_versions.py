"""The version of a stage counts all code that decides it: what its files import counts too, or decides nothing."""

import ast
from pathlib import Path

import pytest

from bench.core.identity import PACKAGE, STAGES, files_of
from research import structure

#: What every stage may import without depending on it: problems end a stage, and results hold no number as text. How a
#: study is read shows in its values.
DECIDE_NOTHING = {
    "errors.py",
    "problems.py",
    "claim_problems.py",
    "formats.py",
    "registry.py",
    "identity.py",
    "study",
}
#: `fetch` writes tables as they come, whatever the schemas of frames; what a run says on a terminal is no result. Fits
#: reach judge and report through results.
APART = {
    "fetch": {"frames.py"},
    "run": {"text.py"},
    "judge": {"run", "text"},
    "report": {"run"},
}


def imported(path: Path) -> set[Path]:
    """The files of the package that a file imports, anywhere in it."""
    if path.suffix != ".py":
        return set()
    nodes = [node for node in structure.nodes(path) if isinstance(node, ast.ImportFrom)]
    pairs = [
        (node.module, alias.name)
        for node in nodes
        if node.module
        for alias in node.names
    ]
    files = [
        file_of(f"{module}.{name}") or file_of(module)
        for module, name in pairs
        if module.startswith("bench")
    ]
    return {file for file in files if file is not None}


def file_of(module: str) -> Path | None:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    return next(
        (
            file
            for file in (path.with_suffix(".py"), path / "__init__.py")
            if file.is_file()
        ),
        None,
    )


def counts(path: Path, stage: str) -> bool:
    room, name = path.relative_to(PACKAGE).parts[0], path.name
    return not {room, name} & (DECIDE_NOTHING | APART.get(stage, set()))


@pytest.mark.parametrize(
    "stage", [stage for stage in STAGES if stage != "index"]
)  # it reads summaries alone
def test_a_stage_counts_what_its_files_import(stage: str) -> None:
    files = set(files_of(stage))
    followed = [file for file in files if counts(file, stage)]
    missing = {
        path
        for file in followed
        for path in imported(file) - files
        if counts(path, stage)
    }
    assert not missing, (
        f"bench/core/identity.py: the stage {stage} depends on {sorted(map(str, missing))}"
    )
