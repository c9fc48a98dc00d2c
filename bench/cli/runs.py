"""`bench log` and `bench diff`: the runs of a study, and two of them against each other."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from bench.cli import environment
from bench.cli.show import table
from bench.comparisons.two_runs import RunDifference
from bench.core.errors import DataError, MovedError, UsageError
from bench.core.frames import write_bytes
from bench.core.text import json_object, say, wrapped
from bench.project.run_log import LogLine, RunLog, difference, history, readable_logs
from bench.report.blocks import Facts, Table
from bench.report.plain import plain
from bench.report.two_runs import MOVED, compare_runs, markdown, programs, title
from bench.text.formats import fingerprint, plural
from bench.text.marks import FALSIFIED, expected_word

#: Runs of a study that the terminal lists, and studies.
_MOST = 20


def log(options: argparse.Namespace) -> None:
    """Print the runs of a study, the newest last; or the last run of each study."""
    lines, unread = _read(options.id)
    if options.json:
        json_object({"runs": [asdict(line) for line in lines]})
        return
    if not lines and not unread:
        say("no run is recorded yet; `bench judge ID` records one")
        return
    head = ("run", "judged", "commit", "changed", "scores", "claims")
    table(
        head if options.id else ("study", *head),
        [_shown(line, options.id is None) for line in lines[-_MOST:]],
    )
    if len(lines) > _MOST:
        say(f"{len(lines) - _MOST} earlier ones are left out; --json has all")
    if unread:
        runs = plural(unread, "run cannot", "runs cannot")
        say(
            f"{runs} be read (damaged, or of another version of bench); judge a study again to have a new one"
        )
    say("`bench diff ID` compares the last two runs, `bench diff RUN RUN` any two")


def _read(study: str | None) -> tuple[list[LogLine], int]:
    """The runs of a study, or the last one of each, and how many more cannot be read."""
    project = environment.project()
    if study is not None:
        one = history(RunLog(project, project.known(study)))
        return list(one.lines), one.unread
    logs, unread = readable_logs(project)
    found = [history(one, 1) for one in logs]
    return [line for one in found for line in one.lines], unread + sum(
        one.unread for one in found
    )


def _shown(line: LogLine, study: bool) -> tuple[str, ...]:
    changed, scores = "", ""
    if line.changed is not None and line.moved is not None:
        changed = (
            ", ".join(kind for kind, count in line.changed.items() if count)
            or "nothing"
        )
        found = [
            f"{line.moved[kind]} {sign.words}"
            for kind, sign in MOVED.items()
            if kind in line.moved
        ]
        scores = ", ".join(found) or "not compared"
    cells = (
        fingerprint(line.run),
        line.at[:16].replace("T", " "),
        line.commit or "",
        changed,
        scores,
        _claims(line),
    )
    return (line.study, *cells) if study else cells


def _claims(line: LogLine) -> str:
    """What became of claims, in the words of pages: `2 as expected; falsifiers: 1 happened`."""
    words = Counter[str]()
    for name, count in line.claims.items():
        words[expected_word(name) if line.own else name.replace("_", " ")] += count
    became = {
        word: line.falsifiers[kind]
        for kind, word in FALSIFIED.items()
        if kind in line.falsifiers
    }
    said = {"": words, "falsifiers: ": became}
    return "; ".join(
        of + ", ".join(f"{count} {word}" for word, count in counts.items())
        for of, counts in said.items()
        if counts
    )


def diff(options: argparse.Namespace) -> None:
    """Print what differs between two runs, and write it as a page or in Markdown where that is asked for."""
    found = difference(
        environment.project(), [one for one in (options.a, options.b) if one]
    )
    written(found, options)
    if options.json:
        json_object(programs(found))
    else:
        shown_difference(found, options)
    refuse_worse(found, options.strict)


def refuse_worse(found: RunDifference, strict: bool) -> None:
    """Raise `MovedError` where a score of the primary metric is worse and that was to be an error."""
    if strict and found.worse:
        names = ", ".join(f"{row.family} on {row.dataset}" for row in found.worse)
        raise MovedError(f"worse by {found.now.metric}: {names}")


def written(
    found: RunDifference, options: argparse.Namespace, read: Iterable[str] = ()
) -> None:
    """Write the page and the comment that were asked for: into a pipe or a device as it is, else as a whole file.

    Raises `UsageError` for one of the files that were `read`.
    """
    for path, text in ((options.html, _page), (options.markdown, markdown)):
        if path is None:
            continue
        target = Path(path).resolve()
        if any(one != "-" and target == Path(one).resolve() for one in read):
            raise UsageError(
                f"{path}: holds the scores that were compared; name another file. Nothing was written"
            )
        content = text(found).encode()
        if not target.exists() or target.is_file():
            write_bytes(target, content)
            continue
        try:
            target.write_bytes(content)
        except OSError as error:
            raise DataError(f"{path}: cannot be written ({error.strerror})") from None


def _page(found: RunDifference) -> str:
    from bench.report.page import (
        render_two_runs,
    )  # all sections of reports come with it

    return render_two_runs(found)


def shown_difference(found: RunDifference, options: argparse.Namespace) -> None:
    """Print what differs between two runs, and where pages of it are."""
    wrapped(title(found), rest="")
    for block in compare_runs(found):
        if isinstance(block, Facts):
            for label, words in block.rows:
                wrapped(f"- {label}: {plain(words)}", "  ", "")
        elif isinstance(block, Table):
            rows = [[plain(cell) for cell in row] for row in block.rows]
            table([plain(head) for head in block.columns], rows, block.caption)
            for note in block.notes:
                say(plain(note))
    for path in filter(None, (options.html, options.markdown)):
        say(f"wrote {path}")
