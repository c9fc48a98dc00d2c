"""Verbs in, words out: the only room that speaks to people.

    bench new ID [--from-csv FILE]     a new study from a template
    bench check [ID ...] [--strict]    form, names and arithmetic of studies, before anything runs
    bench freeze ID [--again]          write down what a study has settled; `check` lists what was changed since
    bench list WHAT                    studies, families, metrics, sources, steps, claims, statistics, diagnostics,
                                       explanations, checklist
    bench show ID                      claims, results, findings and limits in the terminal
    bench open ID [--print]            open the report in a browser
    bench export ID [--to FOLDER] [--what ...]      LaTeX, Markdown, CSV, SVG, BibTeX, JSON, the checklist
    bench why ID                       which cells a run would fit, what changed, and about how long it takes
    bench store [--prune]              what stands in .bench/; remove what no study uses any more
    bench schema                       the JSON schema of study.yaml, for editors
    bench fetch|clean|run|judge|report ID, bench index      the stages that dvc.yaml calls

Results go to stdout, progress and errors to stderr; `--json` prints one object with a schema_version. Exit codes: 0 ok,
1 internal, 2 wrong study or usage, 3 data missing or not as recorded, 4 cells failed, 5 claims not reproduced
(check --strict), 130 interrupted.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import io
import os
import re
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from bench.core.errors import (
    LISTS,
    BenchError,
    CellsFailedError,
    DataError,
    NotReproducedError,
    StudyError,
    UsageError,
    nearest,
    without_echoes,
)
from bench.core.text import SCHEMA_VERSION, json_line, json_object, json_out, say

if TYPE_CHECKING:
    from bench.cli.progress import How
    from bench.run.variants.price import Price
    from bench.study import Draft
    from bench.study.preregistration import Change

EXPORTS = ("bibtex", "checklist", "csv", "json", "latex", "markdown", "svg")
STAGES = ("fetch", "clean", "run", "judge", "report")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. A user's mistake is a sentence, never a traceback."""
    # Looking for garbage among what was imported would take a quarter of a quick command, the most of it at the end.
    gc.set_threshold(100_000, 50, 100)
    atexit.register(gc.freeze)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no ✓ gets a ?, not a traceback
    options = _parser().parse_args(arguments)
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
        _trace(options)
        error(problem)
        return problem.exit_code
    except Exception as problem:
        _trace(options)
        error(f"internal error: {type(problem).__name__}: {problem}; `--debug` shows where. Please report it")
        return 1
    return 0


def _trace(options: argparse.Namespace) -> None:
    """The traceback of the error at hand, when it was asked for: names in it drive no terminal either."""
    if options.debug:
        error(traceback.format_exc().rstrip())


def error(problem: BenchError | str) -> None:
    """An error on stderr."""
    from bench.cli.show import error as shown

    shown(problem)


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


class _Parser(argparse.ArgumentParser):
    """argparse whose errors are ours: a sentence with the nearest word, exit 2."""

    verbs: Any = None

    def error(self, message: str) -> NoReturn:
        verbs = ["new", "check", "freeze", "list", "show", "open", "export", "why", "store", "schema", "index", *STAGES]
        if "invalid choice" in message:
            word = message.split("'")[1]
            known = {"list": LISTS, "export": EXPORTS}.get(self.prog.split()[-1], verbs)
            message = f"unknown word {word}; {nearest(word, known)}"
        self._stop(message.replace("the following arguments are required:", "missing:"))

    def _stop(self, message: str) -> NoReturn:
        error(f"{self.prog}: {message}; see `{self.prog} --help`")
        raise SystemExit(UsageError.exit_code)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The same, but of an option that is unknown the nearest one of its verb is told."""
        options, left = self.parse_known_args(args, namespace)
        if left:
            verb = self.verbs.choices[options.verb]
            known = ["--help", *re.findall(r"--[a-z-]+", verb.format_usage())]
            verb._stop(f"unknown word {left[0]}" + (f"; {nearest(left[0], known)}" if left[0].startswith("-") else ""))
        return options


_DAY = """a day with a study:
  bench new my-study                 then edit studies/my-study/study.yaml
  bench check my-study               every mistake at once, before anything runs
  dvc repro report@my-study          fetch, clean, run, judge, report
  bench show my-study                or: bench open my-study
"""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="bench",
        description="Re-do a paper's experiment on tabular data and say what holds up.",
        epilog=_DAY,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(debug=False)
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=_Parser, metavar="VERB")
    parser.verbs = verbs

    def verb(name: str, act: Any, text: str) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text)
        one.add_argument("--debug", action="store_true", help="show the traceback of an error")
        one.set_defaults(act=act)
        return one

    new = verb("new", _new, "make a new study from a template and add it to params.yaml")
    new.add_argument("id", metavar="ID")
    new.add_argument("--from-csv", metavar="FILE", type=Path, help="copy this table and guess its types and target")
    new.add_argument("--json", action="store_true")
    check = verb(
        "check", _check, "check form and names of studies, and published numbers that cannot be; nothing is run"
    )
    check.add_argument("ids", metavar="ID", nargs="*", help="default: every study of params.yaml")
    check.add_argument("--strict", action="store_true", help="exit 5 when a stored verdict is not_reproduced")
    check.add_argument("--json", action="store_true")
    freeze = verb("freeze", _freeze, "write down what a study has settled, so that later changes are listed")
    freeze.add_argument("id", metavar="ID")
    freeze.add_argument("--again", action="store_true", help="freeze it anew and keep the earlier records")
    freeze.add_argument("--json", action="store_true")
    listing = verb("list", _list, "list what a study may name")
    listing.add_argument("what", choices=LISTS, metavar="|".join(LISTS))
    listing.add_argument("--json", action="store_true")
    show = verb("show", _show, "print claims, results, findings and limits of a study")
    show.add_argument("id", metavar="ID")
    show.add_argument("--json", action="store_true")
    opening = verb("open", _open, "open the report of a study in a browser")
    opening.add_argument("id", metavar="ID")
    opening.add_argument("--print", action="store_true", help="only print the path of the page")
    opening.add_argument("--json", action="store_true", help="only say where the page is")
    export = verb("export", _export, "write tables, figures and data of a study for a paper or another program")
    export.add_argument("id", metavar="ID")
    export.add_argument(
        "--to", metavar="FOLDER", type=Path, help="default: exports/ID; other files there are left alone"
    )
    export.add_argument(
        "--what", nargs="+", choices=EXPORTS, default=EXPORTS, metavar="FORMAT", help=f"some of {', '.join(EXPORTS)}"
    )
    export.add_argument("--json", action="store_true")
    why = verb("why", _why, "say which cells a run would fit, what changed, and about how long it takes")
    why.add_argument("id", metavar="ID")
    why.add_argument("--json", action="store_true")
    store = verb("store", _store, "say what stands in .bench/: finished cells, arrays, downloads")
    store.add_argument("--prune", action="store_true", help="remove what no study of params.yaml uses any more")
    store.add_argument("--json", action="store_true")
    verb("schema", _schema, "print the JSON schema of study.yaml")
    for name in STAGES:
        stage = verb(name, _stage, f"the stage {name} of one study; `dvc repro` calls it")
        stage.add_argument("id", metavar="ID")
        if name == "run":
            shown = stage.add_mutually_exclusive_group()
            shown.add_argument("--plain", action="store_true", help="plain lines instead of a live display")
            shown.add_argument("--events", action="store_true", help="every step as a line of JSON on stdout")
            stage.add_argument("--json", action="store_true", help="cells, failures, paths, timings as one object")
    verb("index", _index, "render the page over all studies; `dvc repro` calls it")
    return parser


def _new(options: argparse.Namespace) -> None:
    from bench.project import layout as project
    from bench.project.new_study import new_study

    said = new_study(options.id, options.from_csv)
    if options.json:
        json_object({"study": options.id, "file": project.study_folder(options.id) / "study.yaml", "said": said})
    for line in said if not options.json else ():
        say(line)


def _check(options: argparse.Namespace) -> None:
    from dataclasses import asdict

    from bench.cli.show import show_changes
    from bench.cli.store_report import show_price
    from bench.project import layout as project
    from bench.project.check import checked_draft, unlisted

    ids = options.ids or project.listed()
    drafts = [checked_draft(study) for study in ids]
    problems = [problem for draft in drafts for problem in without_echoes(draft.problems)]
    if not options.ids:
        problems += unlisted()
    remarks = [] if problems else [remark for draft in drafts for remark in draft.remarks]
    changes = {} if problems else _changes(ids)
    refuted = _refuted(ids) if options.strict and not problems else []
    prices = {} if problems else _prices(drafts)
    if options.json:
        said = {name: [vars(one) for one in found] for name, found in (("problems", problems), ("remarks", remarks))}
        listed = {study: [vars(one) for one in of] for study, of in changes.items()}
        added = {study: {"asked": asked, "price": price and asdict(price)} for study, (price, asked) in prices.items()}
        json_object(said | {"changes": listed, "not_reproduced": refuted, "probes": added, "studies": list(ids)})
        if problems:
            raise SystemExit(StudyError.exit_code)
    if problems:
        raise StudyError(problems)
    for remark in () if options.json else remarks:
        say(f"remark: {remark}")
    for study, (price, asked) in prices.items() if not options.json else ():
        show_price(study, price, asked, project.limits().workers)
    for study, of in changes.items() if not options.json else ():
        show_changes(study, of)
    if refuted:
        raise NotReproducedError("not reproduced: " + ", ".join(refuted))
    if not options.json:
        say(f"{len(ids)} {'study is' if len(ids) == 1 else 'studies are'} well formed; nothing was run")


def _prices(drafts: Sequence[Draft]) -> dict[str, tuple[Price | None, dict[str, str]]]:
    """What the probes of each study that asks for any add: in numbers where its tables are there, and in words."""
    wanted = {draft.id: draft.sections.get("diagnostics") for draft in drafts}
    if not any(one is not None and one.asks_for_fits for one in wanted.values()):
        return {}
    from bench.project import pipeline as stages
    from bench.run.variants.price import price_phrases

    return {
        study: (stages.price(study), price_phrases(one))
        for study, one in wanted.items()
        if one is not None and one.asks_for_fits
    }


def _changes(ids: Sequence[str]) -> dict[str, tuple[Change, ...]]:
    """The changes of each study that is frozen, since it was."""
    from bench.project.preregister import frozen

    return {study: found.changes for study in ids if (found := frozen(study)) is not None}


def _freeze(options: argparse.Namespace) -> None:
    from bench.project.preregister import freeze

    said = freeze(options.id, options.again)
    if options.json:
        json_object({"study": options.id, "said": said})
    else:
        say(said)


def _refuted(ids: Sequence[str]) -> list[str]:
    """The claims whose stored verdict is not_reproduced, as study/claim."""
    from bench.core import frames
    from bench.project import layout as project

    found = []
    for study in ids:
        verdicts = frames.read(project.results(study) / "verdicts.parquet", frames.VERDICTS)
        found += [f"{study}/{row['claim']}" for row in verdicts.to_dicts() if row["verdict"] == "not_reproduced"]
    return found


def _list(options: argparse.Namespace) -> None:
    from bench.cli.listing import rows_of
    from bench.cli.show import table

    columns, rows = rows_of(options.what)
    if options.json:
        json_object({"list": options.what, "rows": [dict(zip(columns, row, strict=True)) for row in rows]})
    else:
        table(columns, rows)


def _show(options: argparse.Namespace) -> None:
    from bench.cli.show import limits_of, show
    from bench.diagnose import numbers
    from bench.project import layout as project
    from bench.project.pipeline import bundle_of
    from bench.report.summary import summary

    bundle = bundle_of(options.id)
    if options.json:
        names = ("verdicts", "agreement", "comparisons", "findings", "failures", "costs")
        frames = {name: bundle.frames[name].to_dicts() for name in names}
        paths = {"results": project.results(options.id), "page": project.report_page(options.id)}
        said = {name: {"is": one.name, "unit": one.unit} for name, one in numbers().items()}
        json_object(
            {"summary": summary(bundle)}
            | frames
            | {"finding_numbers": said, "limits": limits_of(bundle), "paths": paths}
        )
    else:
        show(bundle, summary(bundle))


def _open(options: argparse.Namespace) -> None:
    """A page in the browser, or its path where there is none. Raises `DataError` when there is no page yet."""
    import webbrowser

    from bench.project import layout as project

    page = project.report_page(project.known(options.id))
    if not page.is_file():
        raise DataError(f"{page}: there is no page yet; run `dvc repro {project.target('report', options.id)}` first")
    if options.json:
        json_object({"study": options.id, "page": page, "url": page.resolve().as_uri()})
    elif options.print or not webbrowser.open(page.resolve().as_uri()):
        say(str(page))
    else:
        say(f"opened {page}")


def _export(options: argparse.Namespace) -> None:
    from bench.project import layout as project
    from bench.project import pipeline as stages

    written = stages.export(options.id, options.to or project.exports(options.id), options.what)
    if options.json:
        json_object({"written": [path.as_posix() for path in written]})
    for path in written if not options.json else ():
        say(path.as_posix())


def _why(options: argparse.Namespace) -> None:
    from dataclasses import asdict

    from bench.cli.store_report import show_why
    from bench.project import pipeline as stages

    found = stages.why(options.id)
    if options.json:
        json_object(asdict(found))
    else:
        show_why(found)


def _store(options: argparse.Namespace) -> None:
    from dataclasses import asdict

    from bench.cli.store_report import show_removed, show_store
    from bench.project import pipeline as stages

    if os.environ.get("BENCH_STORE", "").lower() == "off":
        raise UsageError("BENCH_STORE is off: this command looks at the store, and nothing was done; unset it first")
    if options.prune:
        removed, spared = stages.prune()
        if options.json:
            json_object({"removed": asdict(removed), "spared": spared})
        else:
            show_removed(removed, spared)
        return
    found = stages.stored()
    if options.json:
        json_object(asdict(found))
    else:
        show_store(found)


def _schema(options: argparse.Namespace) -> None:
    from bench.project.json_schema import schema

    json_out(schema())


def _stage(options: argparse.Namespace) -> None:
    from bench.project import pipeline as stages

    if options.verb == "run":
        _run(options)
    elif options.verb == "report":
        _report(options)
    else:
        getattr(stages, options.verb)(options.id)
        say(f"{options.verb} {options.id}: done")


def _run(options: argparse.Namespace) -> None:
    from contextlib import closing

    from bench.cli import run_summary as ending
    from bench.cli.progress import listener
    from bench.project import pipeline as stages

    inside = "DVC_STAGE" in os.environ
    with closing(listener(options.id, _how(options))) as told:
        results = stages.run(options.id, told)
    failed = ending.failed(results)
    if options.events:
        json_line({"event": "ended", "schema_version": SCHEMA_VERSION} | ending.about(told, results))
    elif options.json:
        json_object(ending.about(told, results))
    elif results is None:
        say(f"run {options.id}: done, there was nothing to fit")
    else:
        ending.ended(options.id, told.conclusion(), failed, inside)
    if failed.height and not inside:
        raise CellsFailedError(
            f"{options.id}: {failed.height} cells failed; results/{options.id}/failures.parquet says why"
        )


def _how(options: argparse.Namespace) -> How:
    return "events" if options.events else "plain" if options.plain else "live"


def _report(options: argparse.Namespace) -> None:
    from bench.cli.show import reported
    from bench.core import frames
    from bench.project import layout as project
    from bench.project import pipeline as stages

    page, headline = stages.report(options.id)
    schemas = {"verdicts": frames.VERDICTS, "findings": frames.FINDINGS, "failures": frames.FAILURES}
    have = {name: frames.read(project.results(options.id) / f"{name}.parquet", s) for name, s in schemas.items()}
    reported(options.id, headline, page, have)


def _index(options: argparse.Namespace) -> None:
    from bench.project import pipeline as stages

    say(f"the page over all studies: {stages.index()}")
