"""`bench init`: a project in a folder, with an example study that runs in seconds."""

from __future__ import annotations

import os
import re
from pathlib import Path

from bench.core.errors import UsageError
from bench.core.frames import write_bytes
from bench.project.dvc import set_up, write_pipeline
from bench.project.folder import OURS
from bench.project.project import Project
from bench.project.templates import filled
from bench.text.formats import listed

EXAMPLE = "example"
_IGNORED = (
    ".bench/",
    "/data/",
    "!/studies/*/data/",  # tables that belong to a study
    "results/**/*.parquet",
    "results/**/run.json",
    "results/**/judge.json",
    "results/**/record.json",
    "results/**/plots/",
    "versions.yaml",
    "exports/",
)
_IGNORED_HEAD = "# bench makes these"


def begin(folder: str | os.PathLike[str], dvc: bool = True) -> list[str]:
    """Make a project in a folder, with an example study. A file that is there already is kept as it is.

    Parameters
    ----------
    folder : str or path
        Made where it does not exist; may be a git repository, or a folder in one.
    dvc : bool, default True
        Whether DVC runs the stages.

    Returns
    -------
    list of str
        What was made, a line each, and what to do next.

    Raises
    ------
    UsageError
        Where the folder holds a params.yaml or dvc.yaml of something else; nothing was written.

    Examples
    --------
    >>> import bench
    >>> lines = bench.init(getfixture("tmp_path") / "mine", dvc=False)
    >>> lines[0]
    'made     params.yaml'
    """
    folder = Path(folder)
    _refuse_others(folder, dvc)
    files = {"params.yaml": filled("params.yaml")}
    if not (folder / "params.yaml").exists():
        files[f"studies/{EXAMPLE}/study.yaml"] = filled("example.yaml")
    lines = [_written(folder / name, name, text) for name, text in files.items()]
    lines.append(_ignored(folder / ".gitignore"))
    if dvc:
        lines += [set_up(folder), *write_pipeline(Project(folder))]
    project = Project(folder)
    change = [] if folder.resolve() == Path().resolve() else [f"cd {folder}"]
    first = EXAMPLE if EXAMPLE in project.studies else (*project.studies, "ID")[0]
    steps = [
        *change,
        f"bench check {first}",
        f"bench repro {first}",
        f"bench open {first}",
        "bench new my-study",
    ]
    return [*lines, "next:", *(f"  {step}" for step in steps)]


def ahead(folder: str | os.PathLike[str], dvc: bool = True) -> list[str]:
    """What `begin` would do to a folder that holds other things, a line each; empty where it holds none.

    Raises `UsageError` as `begin` does. Nothing is written.
    """
    folder = Path(folder)
    _refuse_others(folder, dvc)
    there = (
        sorted(one.name for one in folder.iterdir() if one.name != ".git")
        if folder.is_dir()
        else []
    )
    if not there or (folder / "params.yaml").exists():
        return []
    names = [
        "params.yaml",
        f"studies/{EXAMPLE}/study.yaml",
        *((".dvc", "dvc.yaml", "pipeline/") if dvc else ()),
    ]
    made = [name for name in names if not (folder / name).exists()]
    lines = [f"would make    {listed(made)}"]
    if _lacking(folder / ".gitignore"):
        lines.append(
            "would add to  .gitignore"
            if (folder / ".gitignore").exists()
            else "would make    .gitignore"
        )
    return [*lines, f"leaves alone  {listed(there, most=8)}"]


def _written(file: Path, name: str, text: str) -> str:
    if file.exists():
        return f"kept     {name}"
    write_bytes(file, text.encode())
    return f"made     {name}"


def _refuse_others(folder: Path, dvc: bool) -> None:
    """Raise where the folder is taken: by a file, or by params.yaml or dvc.yaml of another use."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file, expected a folder; nothing was made")
    params, pipeline = folder / "params.yaml", folder / "dvc.yaml"
    if params.exists() and not re.search(
        r"^studies\s*:", params.read_text(encoding="utf-8"), re.MULTILINE
    ):
        raise UsageError(
            f"{params}: has no list `studies`, so it is of another use; nothing was made. Add `studies: []`, "
            "or make the project in a folder of its own: `bench init FOLDER`"
        )
    if dvc and pipeline.exists() and OURS not in pipeline.read_text(encoding="utf-8"):
        raise UsageError(
            f"{pipeline}: is a pipeline of another use; nothing was made. Make the project in a folder of its own: "
            "`bench init FOLDER`"
        )


def _lacking(file: Path) -> list[str]:
    """What is to be ignored and does not stand in a .gitignore."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    there = {line.strip().lstrip("/") for line in lines}
    return [name for name in _IGNORED if name.lstrip("/") not in there]


def _ignored(file: Path) -> str:
    """Add to .gitignore what it lacks; its other lines stay as they are."""
    before, missing = (
        file.read_text(encoding="utf-8") if file.exists() else "",
        _lacking(file),
    )
    if not missing:
        return f"kept     {file.name}"
    gap = "\n" if before and not before.endswith("\n") else ""
    write_bytes(
        file, "\n".join([f"{before}{gap}{_IGNORED_HEAD}", *missing, ""]).encode()
    )
    return f"{'changed' if before else 'made   '}  {file.name}"
