"""The environment of a command, read here and nowhere else: variables, and the project in the current directory."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bench.project.project import Project
from bench.project.trust import import_folders


def is_store_off() -> bool:
    """Whether finished cells are not kept: `BENCH_STORE=off`."""
    return os.environ.get("BENCH_STORE", "").lower() == "off"


def is_inside_dvc() -> bool:
    """Whether DVC started this command, and goes on by itself."""
    return "DVC_STAGE" in os.environ


def is_live() -> bool:
    """Whether errors go to a terminal that can show a table that changes: none in CI, none with TERM=dumb."""
    return (
        sys.stderr.isatty()
        and not os.environ.get("CI")
        and os.environ.get("TERM") != "dumb"
    )


def is_answered() -> bool:
    """Whether somebody at a terminal can answer a question."""
    return sys.stdin.isatty() and sys.stdout.isatty() and not os.environ.get("CI")


def project() -> Project:
    """The project in the current directory, whose own packages can be imported where the user allowed them."""
    found = Project.here(keep=not is_store_off())
    if found.paths.params.is_file():
        # Last: nothing that is installed is hidden by them.
        sys.path += [
            folder for folder in import_folders(found) if folder not in sys.path
        ]
    return found


def project_if_any() -> Project | None:
    """The project in the current directory; None where it is none."""
    return project() if (Path.cwd() / "params.yaml").is_file() else None
