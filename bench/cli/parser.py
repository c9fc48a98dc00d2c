"""The words of the command line: its verbs, their options, and errors that name the nearest word."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from bench.core.errors import LISTS, BenchError, UsageError, nearest

#: The formats by their files: to import them would slow down every command.
EXPORTS = tuple(
    sorted(
        file.stem[3:]
        for file in (Path(__file__).parents[1] / "report" / "exports").glob("as_*.py")
    )
)
STAGES = ("fetch", "clean", "run", "judge", "report")
#: The functions of verbs that stand in another module than `verbs`, or under another name.
_ELSEWHERE = {
    "clean": "verbs.stage_",
    "compare": "numbers.compare_tables",
    "diff": "runs.diff",
    "explain": "details.explain",
    "log": "runs.log",
}

_DAY = """a day with a study:
  bench new my-study                 then edit studies/my-study/study.yaml
  bench check my-study               every mistake at once, before anything runs
  bench repro my-study               fetch, clean, run, judge, report
  bench show my-study                or: bench open my-study
"""


def _level(text: str) -> float:
    """A level of intervals and tests."""
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0 < found < 1:
        raise argparse.ArgumentTypeError(
            f"{text!r} cannot be; expected a number between 0 and 1, such as 0.95"
        )
    return found


def error(problem: BenchError | str) -> None:
    """Print an error on stderr."""
    from bench.cli.show import error as shown

    shown(problem)


class _Once(argparse.Action):
    """An option with a value: it may stand once, since of two the last one would count without a word."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option: str | None = None,
    ) -> None:
        if option is not None and isinstance(parser, _Parser):
            if self.dest in parser.given:
                many = "; write all its values behind one" if self.nargs == "+" else ""
                parser.error(f"{option} stands twice{many}")
            parser.given.add(self.dest)
        setattr(namespace, self.dest, values)


class _Parser(argparse.ArgumentParser):
    """argparse whose errors are one sentence with the nearest word, and exit code 2."""

    given: set[str]  # the options of the command that is read

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.register("action", None, _Once)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self.given = set()
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        error(f"{self.prog}: {message}; see `{self.prog} --help`")
        raise SystemExit(UsageError.exit_code)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            self.error(
                f"unknown word {value}; {nearest(str(value), map(str, action.choices))}"
            )

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The options; an unknown one ends the command with the nearest option of its verb."""
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            verb: _Parser = options.parser
            verb.error(f"unknown word {unknown[0]}{verb.hint(unknown[0])}")
        return options

    def hint(self, word: str) -> str:
        """The nearest option to a word that looks like one, as the end of a sentence; else nothing."""
        return f"; {nearest(word, self.options())}" if word.startswith("-") else ""

    def options(self) -> Iterable[str]:
        """The long options of this verb."""
        return (
            name
            for action in self._actions
            for name in action.option_strings
            if name.startswith("--")
        )


@cache
def parser() -> argparse.ArgumentParser:
    """The parser of all verbs; what it parses has `act`, the function to call with the options."""
    top = _Parser(
        prog="bench",
        description="Re-do a paper's experiment on tabular data and say what holds up.",
        epilog=_DAY,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.set_defaults(debug=False)
    top.add_argument(
        "--version", action=_Version, nargs=0, help="print the version of bench and end"
    )
    subparsers = top.add_subparsers(
        dest="verb", required=True, parser_class=_Parser, metavar="VERB"
    )

    def verb(
        name: str, text: str, *, study: bool = False, json: bool = False
    ) -> _Parser:
        added: _Parser = subparsers.add_parser(name, help=text, description=text)
        added.add_argument(
            "--debug", action="store_true", help="show the traceback of an error"
        )
        added.set_defaults(act=_Later(name), parser=added)
        if study:
            added.add_argument("id", metavar="ID")
        if json:
            added.add_argument(
                "--json", action="store_true", help="print one JSON object"
            )
        return added

    _verbs_of_projects(verb)
    _verbs_of_a_study(verb)
    _verbs_of_scores(verb)
    _stages(verb)
    return top


class _Version(argparse.Action):
    """Prints the version of bench, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import version

        sys.stdout.write(f"bench {version('bench')}\n")
        raise SystemExit


class _Later:
    """A verb's function, imported when it is called: most of them need libraries that others do not."""

    def __init__(self, name: str) -> None:
        self.module, _, self.name = _ELSEWHERE.get(name, f"verbs.{name}_").partition(
            "."
        )

    def __call__(self, options: argparse.Namespace) -> None:
        getattr(import_module(f"bench.cli.{self.module}"), self.name)(options)


def _verbs_of_projects(verb: Callable[..., argparse.ArgumentParser]) -> None:
    init = verb(
        "init",
        "make a project of a folder or git repository; no file is overwritten",
        json=True,
    )
    init.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        type=Path,
        default=Path(),
        help="default: this one",
    )
    init.add_argument(
        "--no-dvc",
        action="store_true",
        help="without DVC: `bench repro ID` goes through the stages",
    )
    init.add_argument(
        "--yes",
        action="store_true",
        help="do not ask where the folder holds other things",
    )
    new = verb(
        "new",
        "make a new study from a template and add it to params.yaml",
        study=True,
        json=True,
    )
    new.add_argument(
        "--from-csv",
        metavar="FILE",
        type=Path,
        help="copy this table and guess what its columns are",
    )
    new.add_argument("--target", metavar="COLUMN", help="the column to predict")
    new.add_argument(
        "--task", choices=["classification", "regression"], help="classes or numbers"
    )
    new.add_argument(
        "--group",
        metavar="COLUMN",
        help="rows with the same value belong together, as those of a patient",
    )
    new.add_argument(
        "--time",
        metavar="COLUMN",
        help="the order of the rows in time; the past predicts the future",
    )
    new.add_argument(
        "--positive",
        metavar="CLASS",
        help="the class that precision and recall are about",
    )
    new.add_argument(
        "--yes",
        action="store_true",
        help="take the guesses; on a terminal it asks otherwise",
    )
    remove = verb("remove", "remove a study with all its files", study=True, json=True)
    remove.add_argument("--yes", action="store_true", help="do not ask")
    rename = verb(
        "rename",
        "give a study another id; its folds, fits and log stay",
        study=True,
        json=True,
    )
    rename.add_argument("new", metavar="NEW", help="the new id")
    check = verb(
        "check",
        "check form and names of studies, and published numbers that cannot be; nothing is run",
        json=True,
    )
    check.add_argument(
        "ids", metavar="ID", nargs="*", help="default: every study of params.yaml"
    )
    check.add_argument(
        "--strict",
        action="store_true",
        help="exit 5 when stored results are against a claim",
    )
    repro = verb(
        "repro",
        "run all stages of studies, to their pages: by DVC where the project has a dvc.yaml",
    )
    repro.add_argument(
        "ids",
        metavar="ID",
        nargs="*",
        help="default: every study of `studies` in params.yaml",
    )
    repro.add_argument(
        "--slow", action="store_true", help="every study of `slow` in params.yaml, too"
    )
    repro.add_argument(
        "--evidence",
        action="store_true",
        help="the studies of `evidence` in params.yaml, and no other",
    )
    repro.add_argument(
        "--cost",
        action="store_true",
        help="record time and machine, too, so that the page has them",
    )
    pull = verb(
        "pull",
        "bring results from the remote of DVC; studies that were never run are passed over",
    )
    pull.add_argument(
        "ids", metavar="ID", nargs="*", help="default: everything that is recorded"
    )
    importing = verb(
        "import",
        "show what an adapter understands of files of scores; nothing is written",
        json=True,
    )
    importing.add_argument(
        "files", metavar="FILE", nargs="+", type=Path, help="files, or folders of them"
    )
    importing.add_argument(
        "--as",
        dest="adapter",
        metavar="ADAPTER",
        required=True,
        help="see `bench list adapters`",
    )
    importing.add_argument(
        "--set",
        dest="settings",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="an option of the adapter",
    )
    listing = verb("list", "list the words that a study may use", json=True)
    listing.add_argument("what", choices=LISTS, metavar="|".join(LISTS))
    listing.add_argument(
        "--verbose", action="store_true", help="with options, defaults and sources"
    )
    explaining = verb(
        "explain",
        "say what a key of study.yaml, a finding or a term of the pages means",
        json=True,
    )
    explaining.add_argument(
        "word", metavar="WORD", help="such as rope, protocol.seed, T1, leakage, Holm"
    )
    store = verb(
        "store",
        "print what is in .bench/: finished cells, arrays, downloads",
        json=True,
    )
    store.add_argument(
        "--prune",
        action="store_true",
        help="remove what no study of params.yaml uses any more",
    )
    verb("schema", "print the JSON schema of study.yaml")


def _verbs_of_a_study(verb: Callable[..., argparse.ArgumentParser]) -> None:
    freeze = verb(
        "freeze",
        "write down what a study has settled, so that later changes are listed",
        study=True,
        json=True,
    )
    freeze.add_argument(
        "--again",
        action="store_true",
        help="freeze it anew and keep the earlier records",
    )
    verb(
        "cost",
        "write down what the last run of a study took, for its report",
        study=True,
        json=True,
    )
    verb(
        "show",
        "print claims, results, findings and limits of a study",
        study=True,
        json=True,
    )
    opening = verb(
        "open", "open the report of a study in a browser", study=True, json=True
    )
    opening.add_argument(
        "--print", action="store_true", help="only print the path of the page"
    )
    export = verb(
        "export",
        "write tables, figures and data of a study for a paper or another program",
        study=True,
        json=True,
    )
    export.add_argument(
        "--to",
        metavar="FOLDER",
        type=Path,
        help="default: exports/ID; other files there are left alone",
    )
    export.add_argument(
        "--format",
        nargs="+",
        choices=EXPORTS,
        default=EXPORTS,
        metavar="FORMAT",
        help=f"some of {', '.join(EXPORTS)}",
    )
    verb(
        "settle",
        "say what would decide each open claim, and about how long it takes",
        study=True,
        json=True,
    )
    log = verb(
        "log",
        "print the runs of a study: what changed in each, and what came out",
        json=True,
    )
    log.add_argument(
        "id", metavar="ID", nargs="?", help="default: the last run of each study"
    )
    diff = verb(
        "diff",
        "say what differs between two runs, and which scores are better, worse or equal",
        json=True,
    )
    named = "a study (its last run), a run of `bench log`, a folder of results, or REVISION:STUDY"
    diff.add_argument(
        "a", metavar="A", nargs="?", help=f"{named}; a study alone: its last two runs"
    )
    diff.add_argument(
        "b", metavar="B", nargs="?", help="the same; default: the last run"
    )
    _written_too(diff)
    verb(
        "why",
        "say which cells a run would fit, what changed, and about how long it takes",
        study=True,
        json=True,
    )


def _written_too(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--html", metavar="FILE", type=Path, help="write a page, too")
    verb.add_argument(
        "--markdown",
        metavar="FILE",
        type=Path,
        help="write a comment for a pull request, too",
    )
    verb.add_argument(
        "--strict",
        action="store_true",
        help="exit 5 when a score of the primary metric is worse",
    )


def _verbs_of_scores(verb: Callable[..., argparse.ArgumentParser]) -> None:
    judge = verb(
        "judge",
        "the stage judge of one study; or one published number against scores",
        json=True,
    )
    judge.add_argument(
        "id",
        metavar="ID",
        nargs="?",
        help="judge the claims of this study; `dvc repro` calls it",
    )
    judge.add_argument(
        "--published",
        metavar="NUMBER",
        help='hold this number against --scores: "97.5 %%", 0.975',
    )
    judge.add_argument(
        "--scores",
        metavar="FILE",
        help="our scores: CSV, Parquet or JSON; - reads standard input",
    )
    judge.add_argument(
        "--spread",
        metavar="NUMBER",
        help='what is printed behind the "±" of the number',
    )
    judge.add_argument(
        "--spread-n",
        metavar="N",
        type=int,
        help="of how many repeats or seeds the spread is",
    )
    judge.add_argument(
        "--tolerance",
        metavar="NUMBER",
        help='how far ours may lie from it: "1 %%", 0.01',
    )
    judge.add_argument("--strict", action="store_true", help="exit 5 when ours differs")
    judge.add_argument(
        "--model", metavar="MODEL", help="of a file that holds the scores of several"
    )
    compare = verb(
        "compare", "compare two files of scores on the same folds", json=True
    )
    compare.add_argument(
        "ours", metavar="OURS", help="CSV, Parquet or JSON; - reads standard input"
    )
    compare.add_argument(
        "theirs",
        metavar="THEIRS",
        help="the same; scores are compared as ours less theirs",
    )
    compare.add_argument(
        "--rope",
        metavar="NUMBER",
        help='differences up to this are equivalent: "1 %%", 0.01',
    )
    compare.add_argument(
        "--model",
        metavar="MODEL",
        nargs="+",
        help="of files that hold several; two: ours, theirs",
    )
    compare.add_argument(
        "--level", type=_level, default=0.95, help="of interval and test; default 0.95"
    )
    _written_too(compare)
    for one in (judge, compare):
        one.add_argument(
            "--metric",
            default="accuracy",
            help="what the scores are of; default: accuracy",
        )
        one.add_argument(
            "--test-train-ratio",
            type=float,
            metavar="RATIO",
            help="default: 1 / (folds - 1)",
        )
        one.add_argument(
            "--seeds",
            action="store_true",
            help="repeats differ in the seed alone: all is of one split",
        )


def _stages(verb: Callable[..., argparse.ArgumentParser]) -> None:
    verb(
        "versions",
        "write versions.yaml, which the stages depend on; `dvc repro` calls it",
    )
    fetch = verb("fetch", "get the tables of studies; `dvc repro` calls it", json=True)
    fetch.add_argument(
        "ids",
        metavar="ID",
        nargs="*",
        help="default: every study of `evidence` in params.yaml",
    )
    fetch.add_argument(
        "--from", dest="folder", metavar="FOLDER", type=Path,
        help="take files from this folder first, by their sha256 or git id, or from clones of repositories in it",
    )  # fmt: skip
    for name in ("clean", "run", "report"):
        verb(
            name,
            f"the stage {name} of one study; `dvc repro` calls it",
            study=True,
            json=name == "run",
        )
    verb("index", "render the page over all studies; `dvc repro` calls it")
