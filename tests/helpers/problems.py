"""The problems of a project's studies as data: where each is, and its code, or the rule that is broken."""

from __future__ import annotations

from pathlib import Path

from bench.project.project import Project


def problems(root: Path) -> set[tuple[str, str]]:
    """(path in the study file, code or rule) of every problem that `bench check` tells."""
    found = [problem for draft in Project(root).check() for problem in draft.problems]
    return {
        (one.path, str(getattr(one.statement, "rule", one.statement.code)))
        for one in found
    }
