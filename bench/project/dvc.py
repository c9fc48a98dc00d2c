"""DVC as it is used here: the text of the pipeline files, and calls of the command.

Each study has a pipeline file of its own, because DVC reads and writes the whole lock of a file after every stage. DVC
reproduces what the stages of `./dvc.yaml` depend on: the index depends on the summaries of the list `studies` of
params.yaml. Studies of the other lists wait to be named. `bench init`, `bench new`, `bench rename` and `bench repro`
write the files as params.yaml asks; no one edits them.

A stage depends on data, on the study, and on the version of the code behind it (`bench.core.identity`), which the
first stage writes into versions.yaml. It names no file of the package: that may be installed anywhere.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.core.errors import BenchError, UsageError
from bench.core.frames import write_bytes
from bench.project.dvc_values import OWN_TEMPLATES, PLOTS
from bench.project.folder import OURS, ProjectFolder, inside
from bench.project.pipeline import JUDGE_FRAMES, RUN_FRAMES
from bench.project.templates import filled
from bench.study.source_map import MAX_BYTES, parse


class DvcError(BenchError):
    """DVC did not do what it was asked for; it has said why."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.exit_code = max(1, code)


def pipeline_files(project: ProjectFolder) -> dict[Path, str]:
    """The text of each file that DVC reads of a project, by its path."""
    root, paths = project.root, project.paths
    frames = {"fitted": RUN_FRAMES, "judged": JUDGE_FRAMES}
    texts = {
        quick: filled(
            "study_pipeline.yaml", study="${study}", quick=quick, plots=PLOTS, **frames
        )
        for quick in (True, False)
    }
    quick = frozenset(project.settings.studies)
    return {
        paths.dvc: filled("pipeline.yaml"),
        root / ".dvcignore": _ignoring(root / ".dvcignore"),
        **{
            paths.pipeline(study): texts[study in quick].replace("${study}", study)
            for study in project.studies
        },
        **{
            root / f".dvc/plots/{name}.json": filled(f"plots/{name}.json")
            for name in OWN_TEMPLATES
        },
    }


def _ignoring(file: Path) -> str:
    """The text of a .dvcignore, with the lines of the template that it lacks."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    lines = filled("dvcignore").splitlines()
    missing = [line for line in lines if line not in text.splitlines()]
    if not missing:
        return text
    gap = "\n" if text and not text.endswith("\n") else ""
    return text + gap + "\n".join(missing) + "\n"


def write_pipeline(project: ProjectFolder) -> list[str]:
    """Write the pipeline files that are not as params.yaml asks, and remove those of studies that it does not list.

    Returns a line for each pipeline file that was made, changed or removed.
    """
    lines = []
    for path, text in _stale(project).items():
        inside(project, path.parent)
        done = "removed" if text is None else "changed" if path.exists() else "made   "
        if text is None:
            path.unlink()
            path.with_suffix(".lock").unlink(missing_ok=True)
        else:
            write_bytes(path, text.encode())
        if path.suffix == ".yaml":
            lines.append(f"{done}  {path.relative_to(project.root).as_posix()}")
    return lines


def refuse_stale(project: ProjectFolder) -> None:
    """Raises `UsageError` where DVC reads a pipeline file that is not as params.yaml asks."""
    for path in _stale(project):
        raise UsageError(
            f"{path}: is not as {project.paths.params} asks; run `bench init`, then `dvc repro` again"
        )


def refuse_nested(project: ProjectFolder) -> None:
    """Raises `StudyError` where a listed study holds aliases: DVC walks through what they stand for, without an end."""
    for study in project.studies:
        file = project.paths.study(study) / "study.yaml"
        content = file.read_bytes()
        if len(content) > MAX_BYTES or b"&" in content:
            parse(
                content.decode("utf-8", errors="replace"),
                file.relative_to(project.root).as_posix(),
            )


def _stale(project: ProjectFolder) -> dict[Path, str | None]:
    """What should stand in each file that has another text; None where the file should not be there."""
    wanted = pipeline_files(project)
    found: dict[Path, str | None] = {
        path: text
        for path, text in wanted.items()
        if not path.is_file() or path.read_bytes() != text.encode()
    }
    others = sorted(set(project.root.glob("pipeline/*/dvc.yaml")) - wanted.keys())
    return found | {
        path: None
        for path in others
        if OURS in path.read_text(encoding="utf-8", errors="replace")
    }


def target(project: ProjectFolder, study: str) -> str:
    """What `dvc repro` calls a study. Raises `UsageError` for one that params.yaml does not list: it has no stages."""
    if study not in project.studies:
        raise UsageError(
            f"{study}: {project.paths.params} does not list it, so DVC has no stages for it; add it to `studies` there "
            "and run `bench init`; nothing was run"
        )
    return project.paths.pipeline(study).relative_to(project.root).as_posix()


def set_up(folder: Path) -> str:
    """Set DVC up in a folder that has none, in itself or above it within its git repository; returns a line."""
    if (folder / ".dvc").is_dir():
        return "kept     .dvc"
    here = folder.resolve()
    repository = next(
        (above for above in (here, *here.parents) if (above / ".git").exists()), None
    )
    options = (
        ["--no-scm"]
        if repository is None
        else []
        if repository == here
        else ["--subdir"]
    )
    dvc(folder, ["init", "--quiet", *options])
    return "made     .dvc"


def dvc(folder: Path, arguments: Sequence[str]) -> None:
    """Run DVC in a folder, its output going where ours goes, unless another process has it at work there.

    Raises `UsageError` where one has, and `DvcError` where DVC ends with another code than 0.
    """
    # The stages call `python`: this one, whether or not its environment is activated.
    path = os.pathsep.join(
        (str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))
    )
    with _alone(folder):
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "dvc", *arguments],
            cwd=folder,
            env=os.environ | {"PATH": path},
            check=False,
        )
    if ended.returncode:
        raise DvcError(
            f"dvc {' '.join(arguments)}: ended with {ended.returncode}",
            ended.returncode,
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time has DVC at work in a folder; a locked file holds its id."""
    path = folder / ".bench" / "dvc.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise UsageError(
                f"{folder}: process {file.read()} is at work on this project; "
                "wait for it or stop it; nothing was run"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
