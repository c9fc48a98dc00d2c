"""The command line: one command in, its exit code out. A user's mistake is a sentence, never a traceback.

    bench init [FOLDER]                make a project of a folder or git repository
    bench new ID [--from-csv FILE]     a new study, of a table: what its columns are is guessed
    bench remove ID [--yes], bench rename ID NEW    with all files; a renamed study is fitted anew
    bench check [ID ...] [--strict]    form, names and arithmetic of studies, before anything runs
    bench repro [ID ...] [--slow|--evidence]        all stages of studies, to their pages, with or without DVC
    bench pull [ID ...]                results of studies from the remote of DVC
    bench trust NAME ...               allow code of this project to run, as it is now
    bench freeze ID                    write down what a study has settled; `check` lists what was changed since
    bench cost ID                      write down what the last run of a study took, for its report
    bench list [WHAT]                  studies, families, metrics, sources, adapters, steps, claims, statistics,
                                       diagnostics, explanations, checklist
    bench explain WORD                 what any of these names means, a key, a finding, a term of a page, a code
    bench show ID                      claims, results, findings and limits in the terminal
    bench open ID [--print]            open the report in a browser
    bench export ID [--to FOLDER] [--format ...]    the card; LaTeX, Markdown, CSV, SVG, BibTeX, JSON, the checklist
    bench settle ID                    what would decide each open claim, and about how long it takes
    bench log [ID]                     the runs of a study: what changed in each, what came out
    bench diff [A] [B] [--html FILE]   two runs: what changed, which scores moved, which claims changed
    bench judge FILE                   published numbers and scores without a project: JSON with a verdict each
    bench judge --published "97.5 %" --scores FILE  one printed number against ours
    bench compare OURS THEIRS          two files of scores on the same folds: difference, test, posterior
    bench why ID                       which cells a run would fit, what changed, and about how long it takes
    bench schema [study|judge]         the JSON schema of study.yaml, or of a file for `bench judge`
    bench fetch ID ... [--from FOLDER] get the tables of studies, the files of some from a folder
    bench versions, bench clean|run|judge|report ID, bench index    the other stages that dvc.yaml calls

Results go to stdout, progress and errors to stderr; `--json` prints one object with a schema_version. Exit codes: 0 ok,
1 internal, 2 wrong study or usage, 3 data missing or not as recorded, 4 cells failed, 5 with --strict:
claims not reproduced, or results against what their author expects (check, judge), or scores that are worse
(compare, diff), 130 interrupted.
"""

from __future__ import annotations

import atexit
import codecs
import gc
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from bench.cli.parser import error, parser
from bench.core.errors import BenchError, DataError

#: What a terminal shows that lacks a sign; a ? for any other.
NEAREST = {
    "\N{THIN SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{NO-BREAK SPACE}": " ",
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one command."""
    # Looking for garbage among what was imported would take a quarter of a quick command, the most of it at the end.
    gc.set_threshold(250_000, 50, 100)
    atexit.register(gc.freeze)
    if isinstance(sys.stdout, io.TextIOWrapper):
        codecs.register_error("bench.nearest", _nearest)
        sys.stdout.reconfigure(errors="bench.nearest")
    options = parser().parse_args(arguments)
    try:
        with _terminated_as_interrupted():
            options.act(options)
    except KeyboardInterrupt:
        error("interrupted; finished cells are kept, run the same command to go on")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except BenchError as problem:
        error(problem)
        return problem.exit_code
    except (GeneratorExit, SystemExit):
        raise
    except OSError as problem:  # of the machine or a path: no verb can know them all
        error(
            f"{str(problem.filename or options.verb)[:200]}: {problem.strerror or problem}"
        )
        return DataError.exit_code
    except BaseException as problem:  # a panic of polars is no Exception
        error(traceback.format_exc().rstrip())
        error(
            f"internal error: {type(problem).__name__}: {problem}. Please report it with the lines above"
        )
        return 1
    return 0


def _nearest(problem: UnicodeError) -> tuple[str, int]:
    """Every sign that the terminal lacks, by the nearest that it has."""
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    return "".join(
        NEAREST.get(sign, "?") for sign in problem.object[problem.start : problem.end]
    ), problem.end


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl-C does: workers are gone, finished cells are kept."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
