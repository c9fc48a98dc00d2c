"""DVC as it is used here: the text of the pipeline files, and calls of the command.

DVC reproduces every stage of `./dvc.yaml` unless a target is named, and has no mark for a stage that runs only when
it is named. So the slow studies have a file of their own, `slow/dvc.yaml`, and those whose scores are fetched
`evidence/dvc.yaml`: this text over the other lists of params.yaml. All are written by `bench init`, and again by
`bench init --update`; no one edits them.

A stage depends on data, on the study, and on the version of the code behind it (`bench.core.identity`), which the
first stage writes into versions.yaml. It names no file of the package: that may be installed anywhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from bench.core.errors import BenchError
from bench.project.dvc_values import OWN_TEMPLATES, PLOTS
from bench.project.pipeline import JUDGE_FRAMES, RUN_FRAMES
from bench.project.templates import filled

#: The lists of params.yaml.
List = Literal["studies", "slow", "evidence"]


class DvcError(BenchError):
    """DVC did not do what it was asked for; it has said why."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.exit_code = max(1, code)


def dvc_text(studies: List) -> str:
    """The text of the pipeline file for one list of params.yaml.

    >>> dvc_text("studies").count("cmd: python -m bench")
    7
    >>> dvc_text("slow").count("cmd: python -m bench")
    5
    """
    frames = {"fitted": RUN_FRAMES, "judged": JUDGE_FRAMES}
    return filled("pipeline.yaml", studies=studies, later=studies != "studies", plots=PLOTS, **frames)


def plot_templates() -> dict[Path, str]:
    """The templates of plots that are our own, by their places in a project."""
    return {Path(".dvc/plots") / f"{name}.json": filled(f"plots/{name}.json") for name in OWN_TEMPLATES}


def set_up(folder: Path) -> str:
    """Set DVC up in a folder that has none, in itself or above it within its git repository; returns a line."""
    if (folder / ".dvc").is_dir():
        return "kept     .dvc"
    here = folder.resolve()
    repository = next((above for above in (here, *here.parents) if (above / ".git").exists()), None)
    options = ["--no-scm"] if repository is None else [] if repository == here else ["--subdir"]
    dvc(folder, ["init", "--quiet", *options])
    return "made     .dvc"


def dvc(folder: Path, arguments: Sequence[str]) -> None:
    """Run DVC in a folder, its output going where ours goes.

    Raises
    ------
    DvcError
        When it ends with another code than 0, which becomes the exit code.
    """
    # The stages call `python`: this one, whether or not its environment is activated.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    ended = subprocess.run(
        [sys.executable, "-m", "dvc", *arguments], cwd=folder, env=os.environ | {"PATH": path}, check=False
    )
    if ended.returncode:
        raise DvcError(f"dvc {' '.join(arguments)}: ended with {ended.returncode}", ended.returncode)
