"""The end of a run, on stdout: what came of it, what failed, where it stands, what comes next.

It needs no rich: a run that finds every cell in the store takes less time than rich does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from bench.core.frames import FAILURES, empty
from bench.core.rows import FAILED
from bench.core.text import say, wrapped
from bench.text.formats import plural

if TYPE_CHECKING:
    from bench.project.progress import Lines
    from bench.project.project import Project
    from bench.run.gather import Results

#: Signs of findings, the gravest first.
SEVERITIES = {"serious": "‼", "warning": "!", "note": "i"}
#: What may be done about a cell without a result, by how it ended.
REMEDIES = {
    "timeout": "more time: `seconds_per_cell` in params.yaml",
    "oom": "more memory: `megabytes_per_cell` in params.yaml",
}


def failed(results: Results | None) -> pl.DataFrame:
    """The cells without a result (frames.FAILURES); warnings are left out."""
    failures = empty(FAILURES) if results is None else results.failures
    return failures.filter(FAILED)


def about(project: Project, progress: Lines, results: Results | None) -> dict[str, Any]:
    """A run for programs. Times stand here alone, never in a result."""
    lost = failed(results).to_dicts()
    return {
        "study": progress.study,
        "cells": {
            "all": progress.fits + progress.stored,
            "stored": progress.stored,
            "failed": len(lost),
            "diagnostics": progress.diagnostics,
        },
        "warnings": 0 if results is None else results.failures.height - len(lost),
        "failures": lost,
        "paths": {
            "results": project.paths.results(progress.study),
            "page": project.paths.report_page(progress.study),
        },
        "timings": {
            "seconds": round(progress.seconds, 3),
            "work_seconds": round(progress.spent, 3),
        },
    }


def ended(
    project: Project, study: str, conclusion: str, failures: pl.DataFrame, inside: bool
) -> None:
    """The end of a run: what came of it, cells without a result and what may be done, where it stands, what comes next.

    `inside`: DVC called it, and goes on by itself.
    """
    say(f"{study}: {conclusion}")
    show_failures(failures)
    say(f"results  {project.paths.results(study)}")
    if failures.height:
        say(f"again    bench run {study}      only the cells without a result")
    if not inside:
        say(f"next     bench repro {study}")
        page = project.paths.report_page(study)
        say(
            f"page     {page}, "
            + ("of an earlier run" if page.is_file() else "once that is done")
        )


def show_failures(failures: pl.DataFrame) -> None:
    """Cells without a result, by family, dataset and reason, with what may be done about it."""
    keys = ["dataset", "family", "variant", "status", "stage", "reason"]
    for row in (
        failures.group_by(keys, maintain_order=True).len("cells").iter_rows(named=True)
    ):
        variant = "" if row["variant"] == "plain" else f" {row['variant']}"
        cells = plural(row["cells"], "cell")
        words = f"{row['dataset']}/{row['family']}{variant}: {cells} {row['status']} at {row['stage']}: {row['reason']}"
        wrapped(
            f"✕ {words}"
            + (f"; {REMEDIES[row['status']]}" if row["status"] in REMEDIES else "")
        )
