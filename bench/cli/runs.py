"""`bench log` and `bench diff`: the runs of a study, and two of them against each other."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.cli import environment
from bench.cli.show import table
from bench.comparisons.two_runs import Moved, RunDifference, agreement_of, two_runs
from bench.core.frames import write_bytes
from bench.core.text import json_object, say, wrapped
from bench.project.run_log import LoggedRun, RunLog, difference
from bench.report.two_runs import markdown, programs, shown
from bench.text.formats import plural

#: Runs of a study that the terminal lists, and studies.
_MOST = 20


def log(options: argparse.Namespace) -> None:
    """Print the runs of a study, the newest last; or the last run of each study."""
    project = environment.project()
    studies = [project.known(options.id)] if options.id else project.present()
    logs = [one for study in studies if (one := RunLog(project, study)).runs]
    rows = [row for one in logs for row in _rows(one, whole=options.id is not None)]
    if options.json:
        json_object({"runs": rows})
        return
    if not rows:
        say("no run is recorded yet; `bench judge ID` records one")
        return
    head = ("run", "judged", "commit", "changed", "scores", "claims")
    table(head if options.id else ("study", *head), [_shown(row, options.id is None) for row in rows[-_MOST:]])
    if len(rows) > _MOST:
        say(f"{len(rows) - _MOST} earlier ones are left out; --json has all")
    say("`bench diff ID` compares the last two runs, `bench diff RUN RUN` any two")


def _rows(one: RunLog, whole: bool) -> list[dict[str, Any]]:
    """A line for each run: what was another than in the run before it, and what came out."""
    runs = one.runs if whole else one.runs[-2:]
    records = [one.record(run) for run in runs]
    lines = [_row(one.study, runs[0], None)] + [
        _row(one.study, run, two_runs(*pair)) for run, pair in zip(runs[1:], pairwise(records), strict=True)
    ]
    for line, record in zip(lines, records, strict=True):
        agreements = [agreement_of(claim) for claim in record.claims]
        line["claims"] = {name: agreements.count(name) for name in dict.fromkeys(agreements)}
    return lines if whole else lines[-1:]


def _row(study: str, run: LoggedRun, found: RunDifference | None) -> dict[str, Any]:
    line: dict[str, Any] = {"study": study, "run": run.id, "at": run.at, "commit": run.commit}
    if found is None:
        return line | {"changed": None, "moved": None}
    changed = {kind: len(getattr(found, kind)) for kind in ("study", "data", "code", "versions")}
    moved = {kind.value: sum(row.moved is kind for row in found.scores) for kind in Moved}
    return line | {"changed": changed, "moved": {kind: count for kind, count in moved.items() if count}}


def _shown(row: dict[str, Any], study: bool) -> tuple[str, ...]:
    moved = row["moved"] or {}
    words = [f"{moved[kind]} {kind}" for kind in ("better", "worse", "new", "gone") if kind in moved]
    scores = "" if row["moved"] is None else ", ".join(words) or ("equal" if set(moved) == {"same"} else "within noise")
    changed = "" if row["changed"] is None else ", ".join(k for k, n in row["changed"].items() if n) or "nothing"
    claims = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in row["claims"].items())
    line = (row["run"][:10], row["at"][:16].replace("T", " "), row["commit"] or "", changed, scores, claims)
    return (row["study"], *line) if study else line


def diff(options: argparse.Namespace) -> None:
    """Print what differs between two runs, and write it as a page or in Markdown where that is asked for."""
    found = difference(environment.project(), [one for one in (options.a, options.b) if one])
    written = _written(found, options)
    if options.json:
        json_object(programs(found))
        return
    said = shown(found)
    wrapped(said.title, rest="")
    for sentence in said.lead:
        wrapped(f"- {sentence}", "  ", "")
    for one in said.tables:
        table(one.head, one.rows, one.title)
        if one.left:
            say(f"and {plural(one.left, 'row')} more; --json has all")
    for path in written:
        say(f"wrote {path}")


def _written(found: RunDifference, options: argparse.Namespace) -> Sequence[Path]:
    from bench.report.page import render_two_runs

    texts: tuple[tuple[Path | None, Callable[[RunDifference], str]], ...] = (
        (options.html, render_two_runs),
        (options.markdown, markdown),
    )
    for path, text in texts:
        if path is not None:
            write_bytes(path, text(found).encode())
    return [path for path, _ in texts if path is not None]
