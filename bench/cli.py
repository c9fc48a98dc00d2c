"""Verbs in, words out: the only room that speaks to people.

    bench new ID [--from-csv FILE]     a new study from a template
    bench check [ID ...] [--strict]    form, names and arithmetic of studies, before anything runs
    bench freeze ID [--again]          write down what a study has settled; `check` lists what was changed since
    bench list WHAT                    studies, families, metrics, sources, steps, claims, statistics, diagnostics,
                                       slips
    bench show ID                      claims and results in the terminal
    bench why ID                       which cells a run would fit, what changed, and about how long it takes
    bench store [--prune]              what stands in .bench/; remove what no study uses any more
    bench schema                       the JSON schema of study.yaml, for editors
    bench fetch|clean|run|judge|report ID, bench index      the stages that dvc.yaml calls

Results go to stdout, progress and errors to stderr. Exit codes: 0 ok, 1 internal, 2 wrong study or usage, 3 data
missing or not as recorded, 4 cells failed, 5 claims not reproduced (check --strict), 130 interrupted.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from bench.errors import BenchError, CellsFailed, NotReproduced, StudyError, UsageError, nearest, without_echoes
from bench.lines import json_out, say

if TYPE_CHECKING:
    from bench.run.price import Price
    from bench.study import Draft
    from bench.study.frozen import Change

LISTS = ("studies", "families", "metrics", "sources", "steps", "claims", "statistics", "diagnostics", "slips")
STAGES = ("fetch", "clean", "run", "judge", "report")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. A user's mistake is a sentence, never a traceback."""
    # Looking for garbage among what was imported would take a quarter of a quick command, the most of it at the end.
    gc.set_threshold(100_000, 50, 100)
    atexit.register(gc.freeze)
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
        if options.debug:
            raise
        error(problem)
        return problem.exit_code
    except Exception as problem:
        if options.debug:
            raise
        error(f"internal error: {type(problem).__name__}: {problem}; `--debug` shows where. Please report it")
        return 1
    return 0


def error(problem: BenchError | str) -> None:
    """An error on stderr."""
    from bench.display import error as shown

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

    def error(self, message: str) -> NoReturn:
        verbs = ["new", "check", "freeze", "list", "show", "why", "store", "schema", "index", *STAGES]
        if "invalid choice" in message:
            word = message.split("'")[1]
            known = LISTS if self.prog.endswith(" list") else verbs
            message = f"unknown word {word}; {nearest(word, known)}"
        error(f"{self.prog}: {message}; see `{self.prog} --help`")
        raise SystemExit(UsageError.exit_code)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="bench", description="Re-do a paper's experiment on tabular data and say what holds up.")
    parser.set_defaults(debug=False)
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=_Parser, metavar="VERB")

    def verb(name: str, act: Any, text: str) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text)
        one.add_argument("--debug", action="store_true", help="show the traceback of an error")
        one.set_defaults(act=act)
        return one

    new = verb("new", _new, "make a new study from a template and add it to params.yaml")
    new.add_argument("id", metavar="ID")
    new.add_argument("--from-csv", metavar="FILE", type=Path, help="copy this table and guess its types and target")
    check = verb(
        "check", _check, "check form and names of studies, and published numbers that cannot be; nothing is run"
    )
    check.add_argument("ids", metavar="ID", nargs="*", help="default: every study of params.yaml")
    check.add_argument("--strict", action="store_true", help="exit 5 when a stored verdict is not_reproduced")
    check.add_argument("--json", action="store_true")
    freeze = verb("freeze", _freeze, "write down what a study has settled, so that later changes are listed")
    freeze.add_argument("id", metavar="ID")
    freeze.add_argument("--again", action="store_true", help="freeze it anew and keep the earlier records")
    listing = verb("list", _list, "list what a study may name")
    listing.add_argument("what", choices=LISTS, metavar="|".join(LISTS))
    listing.add_argument("--json", action="store_true")
    show = verb("show", _show, "print claims and results of a study")
    show.add_argument("id", metavar="ID")
    show.add_argument("--json", action="store_true")
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
            stage.add_argument("--plain", action="store_true", help="plain lines instead of a live display")
    verb("index", _index, "render the page over all studies; `dvc repro` calls it")
    return parser


def _new(options: argparse.Namespace) -> None:
    from bench.new import new_study

    for line in new_study(options.id, options.from_csv):
        say(line)


def _check(options: argparse.Namespace) -> None:
    from dataclasses import asdict

    from bench import project
    from bench.check import checked_draft, unlisted
    from bench.display import show_changes, show_price

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
        json_out(said | {"changes": listed, "not_reproduced": refuted, "probes": added, "studies": list(ids)})
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
        raise NotReproduced("not reproduced: " + ", ".join(refuted))
    if not options.json:
        say(f"{len(ids)} {'study is' if len(ids) == 1 else 'studies are'} well formed; nothing was run")


def _prices(drafts: Sequence[Draft]) -> dict[str, tuple[Price | None, dict[str, str]]]:
    """What the probes of each study that asks for any add: in numbers where its tables are there, and in words."""
    wanted = {draft.id: draft.sections.get("diagnostics") for draft in drafts}
    if not any(one is not None and one.asks_for_fits for one in wanted.values()):
        return {}
    from bench import stages
    from bench.run.price import asked_probes

    return {
        study: (stages.price(study), asked_probes(one))
        for study, one in wanted.items()
        if one is not None and one.asks_for_fits
    }


def _changes(ids: Sequence[str]) -> dict[str, tuple[Change, ...]]:
    """The changes of each study that is frozen, since it was."""
    from bench.freeze import frozen

    return {study: found.changes for study in ids if (found := frozen(study)) is not None}


def _freeze(options: argparse.Namespace) -> None:
    from bench.freeze import freeze

    say(freeze(options.id, options.again))


def _refuted(ids: Sequence[str]) -> list[str]:
    """The claims whose stored verdict is not_reproduced, as study/claim."""
    from bench import frames, project

    found = []
    for study in ids:
        verdicts = frames.read(project.results(study) / "verdicts.parquet", frames.VERDICTS)
        found += [f"{study}/{row['claim']}" for row in verdicts.to_dicts() if row["verdict"] == "not_reproduced"]
    return found


def _list(options: argparse.Namespace) -> None:
    from bench.display import table
    from bench.listing import rows_of

    columns, rows = rows_of(options.what)
    if options.json:
        json_out([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        table(columns, rows)


def _show(options: argparse.Namespace) -> None:
    from bench.display import show
    from bench.report.summary import summary
    from bench.stages import bundle_of

    bundle = bundle_of(options.id)
    if options.json:
        names = ("verdicts", "agreement", "comparisons", "findings", "failures", "costs")
        frames = {name: bundle.frames[name].to_dicts() for name in names}
        json_out({"schema_version": 1, "summary": summary(bundle)} | frames)
    else:
        show(bundle, summary(bundle))


def _why(options: argparse.Namespace) -> None:
    from dataclasses import asdict

    from bench import stages
    from bench.display import show_why

    found = stages.why(options.id)
    if options.json:
        json_out(asdict(found))
    else:
        show_why(found)


def _store(options: argparse.Namespace) -> None:
    from dataclasses import asdict

    from bench import stages
    from bench.display import show_removed, show_store

    if os.environ.get("BENCH_STORE", "").lower() == "off":
        raise UsageError("BENCH_STORE is off: this command looks at the store, and nothing was done; unset it first")
    if options.prune:
        removed, spared = stages.prune()
        if options.json:
            json_out({"removed": asdict(removed), "spared": spared})
        else:
            show_removed(removed, spared)
        return
    found = stages.stored()
    if options.json:
        json_out(asdict(found))
    else:
        show_store(found)


def _schema(options: argparse.Namespace) -> None:
    from bench.schema import schema

    json_out(schema())


def _stage(options: argparse.Namespace) -> None:
    from bench import stages

    if options.verb == "run":
        from bench.progress import listener

        results = stages.run(options.id, listener(options.id, plain=options.plain))
        failed = 0 if results is None else results.failures.filter(results.failures["status"] != "warning").height
        if failed and "DVC_STAGE" not in os.environ:
            raise CellsFailed(f"{options.id}: {failed} cells failed; results/{options.id}/failures.parquet says why")
    elif options.verb == "report":
        page, headline = stages.report(options.id)
        say(headline)
        say(f"open {page}")
    else:
        getattr(stages, options.verb)(options.id)
        say(f"{options.verb} {options.id}: done")


def _index(options: argparse.Namespace) -> None:
    from bench import stages

    say(f"the page over all studies: {stages.index()}")
