"""All commands: their words, their options, and the function that each one calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bench.core.errors import LISTS

#: The formats by their files: to import them would slow down every command.
EXPORTS = tuple(
    sorted(
        file.stem[3:]
        for file in (Path(__file__).parents[1] / "report" / "exports").glob("as_*.py")
    )
)
STAGES = ("fetch", "clean", "run", "judge", "report")


@dataclass(frozen=True)
class Argument:
    """What `argparse` is told of an argument or option."""

    names: tuple[str, ...]
    details: dict[str, Any]


#: What people use first, what they use later, what `dvc repro` calls: the parts of `bench --help`, in their order.
Use = Literal["first", "later", "called by dvc repro"]


@dataclass(frozen=True)
class Verb:
    """A command. `function` stands in `bench.cli`, with its module before the dot."""

    name: str
    text: str
    arguments: tuple[Argument, ...]
    function: str
    use: Use


def verb(
    name: str,
    text: str,
    *arguments: Argument,
    function: str = "",
    use: Use = "later",
) -> Verb:
    """A command that calls `verbs.NAME_`, unless it names another function."""
    return Verb(name, text, arguments, function or f"verbs.{name}_", use)


def argument(*names: str, **details: Any) -> Argument:
    """An argument with a value; an option where its name begins with two dashes."""
    return Argument(names, details)


def flag(name: str, text: str) -> Argument:
    """An option without a value."""
    return argument(name, action="store_true", help=text)


def ids(text: str) -> Argument:
    """Any number of studies, and which ones where none is named."""
    return argument("ids", metavar="ID", nargs="*", help=text)


ID = argument("id", metavar="ID")
JSON = flag("--json", "print one JSON object")

PAGES = (
    argument("--html", metavar="FILE", type=Path, help="write a page, too"),
    argument(
        "--markdown",
        metavar="FILE",
        type=Path,
        help="write a comment for a pull request, too",
    ),
    flag("--strict", "exit 5 when a score of the primary metric is worse"),
)

SCORES = (
    argument(
        "--metric",
        default="accuracy",
        help="what the scores are of; default: accuracy",
    ),
    argument(
        "--test-train-ratio",
        type=float,
        metavar="RATIO",
        help="default: 1 / (folds - 1)",
    ),
    flag("--seeds", "repeats differ in the seed alone: all is of one split"),
)

RUN = "a study (its last run), a run of `bench log`, a folder of results, or REVISION:STUDY"

VERBS = (
    verb(
        "init",
        "make a project of a folder or git repository; no file is overwritten",
        argument(
            "folder",
            metavar="FOLDER",
            nargs="?",
            type=Path,
            default=Path(),
            help="default: this one",
        ),
        flag("--no-dvc", "without DVC: `bench repro ID` goes through the stages"),
        flag("--yes", "do not ask where the folder holds other things"),
        JSON,
        use="first",
    ),
    verb(
        "new",
        "make a new study from a template and add it to params.yaml",
        ID,
        argument(
            "--from-csv",
            metavar="FILE",
            type=Path,
            help="copy this table and guess what its columns are",
        ),
        argument("--target", metavar="COLUMN", help="the column to predict"),
        argument(
            "--task",
            choices=["classification", "regression"],
            help="classes or numbers",
        ),
        argument(
            "--group",
            metavar="COLUMN",
            help="rows with the same value belong together, as those of a patient",
        ),
        argument(
            "--time",
            metavar="COLUMN",
            help="the order of the rows in time; the past predicts the future",
        ),
        argument(
            "--positive",
            metavar="CLASS",
            help="the class that precision and recall are about",
        ),
        flag("--yes", "take the guesses; on a terminal it asks otherwise"),
        JSON,
        use="first",
    ),
    verb(
        "remove",
        "remove a study with all its files",
        ID,
        flag("--yes", "do not ask"),
        JSON,
    ),
    verb(
        "rename",
        "give a study another id; files move, and it is fitted anew, with other seeds",
        ID,
        argument("new", metavar="NEW", help="the new id"),
        JSON,
    ),
    verb(
        "check",
        "check form and names of studies, and published numbers that cannot be; nothing is run",
        ids("default: every study of params.yaml"),
        flag("--strict", "exit 5 when stored results are against a claim"),
        JSON,
        use="first",
    ),
    verb(
        "repro",
        "run all stages of studies, to their pages: by DVC where the project has a dvc.yaml",
        ids("default: every study of `studies` in params.yaml"),
        flag("--slow", "every study of `slow` in params.yaml, too"),
        flag("--evidence", "the studies of `evidence` in params.yaml, and no other"),
        flag("--cost", "record time and machine, too, so that the page has them"),
        use="first",
    ),
    verb(
        "trust",
        "allow code that lies in this project and is `trusted` in params.yaml to run, as it is now",
        argument(
            "names",
            metavar="NAME",
            nargs="+",
            help="a package or file, as params.yaml names it",
        ),
    ),
    verb(
        "pull",
        "bring results from the remote of DVC; studies that were never run are passed over",
        ids("default: everything that is recorded"),
    ),
    verb(
        "list",
        "list the words that a study may use; alone, what can be listed",
        argument("what", choices=LISTS, metavar="|".join(LISTS), nargs="?"),
        flag("--verbose", "with options, defaults and sources"),
        JSON,
    ),
    verb(
        "explain",
        "say what a word means: of study.yaml, `bench list`, a page, a code of --json",
        argument(
            "word",
            metavar="WORD",
            help="such as rope, protocol.seed, svm, T1, leakage, Holm",
        ),
        JSON,
        function="details.explain",
    ),
    verb(
        "schema",
        "print the JSON schema of study.yaml, or of a file for `bench judge`",
        argument("what", choices=("study", "judge"), nargs="?", default="study"),
    ),
    verb(
        "freeze",
        "write down what a study has settled, so that later changes are listed",
        ID,
        JSON,
    ),
    verb(
        "cost", "write down what the last run of a study took, for its report", ID, JSON
    ),
    verb(
        "show",
        "print claims, results, findings and limits of a study",
        ID,
        JSON,
        use="first",
    ),
    verb(
        "open",
        "open the report of a study in a browser",
        ID,
        flag("--print", "only print the path of the page"),
        JSON,
        use="first",
    ),
    verb(
        "export",
        "write tables, figures and data of a study for a paper or another program",
        ID,
        argument(
            "--to",
            metavar="FOLDER",
            type=Path,
            help="default: exports/ID; other files there are left alone",
        ),
        argument(
            "--format",
            nargs="+",
            choices=EXPORTS,
            default=EXPORTS,
            metavar="FORMAT",
            help=f"some of {', '.join(EXPORTS)}",
        ),
        JSON,
    ),
    verb(
        "settle",
        "say what would decide each open claim, and about how long it takes",
        ID,
        JSON,
    ),
    verb(
        "log",
        "print the runs of a study: what changed in each, and what came out",
        argument(
            "id", metavar="ID", nargs="?", help="default: the last run of each study"
        ),
        JSON,
        function="runs.log",
    ),
    verb(
        "diff",
        "say what differs between two runs, and which scores are better, worse or equal",
        argument(
            "a", metavar="A", nargs="?", help=f"{RUN}; a study alone: its last two runs"
        ),
        argument("b", metavar="B", nargs="?", help="the same; default: the last run"),
        *PAGES,
        JSON,
        function="runs.diff",
        use="first",
    ),
    verb(
        "why",
        "say which cells a run would fit, what changed, and about how long it takes",
        ID,
        JSON,
        use="first",
    ),
    verb(
        "judge",
        "published numbers of a FILE against scores; the stage judge of a study",
        argument(
            "id",
            metavar="FILE|ID",
            nargs="?",
            help="JSON or CSV of published numbers and scores (`bench schema judge`); or a study:"
            " `dvc repro` calls it",
        ),
        argument(
            "--published",
            metavar="NUMBER",
            help='hold this number against --scores: "97.5 %%", 0.975',
        ),
        argument(
            "--scores",
            metavar="FILE",
            help="our scores: CSV, Parquet or JSON; - reads standard input",
        ),
        argument(
            "--spread",
            metavar="NUMBER",
            help='what is printed behind the "±" of the number',
        ),
        argument(
            "--spread-is",
            choices=("sd", "se", "ci95"),
            default="sd",
            help="standard deviation (default), standard error or half of a 95 %% interval",
        ),
        argument(
            "--spread-n",
            metavar="N",
            type=int,
            help="of how many repeats or seeds the spread is",
        ),
        argument(
            "--tolerance",
            metavar="NUMBER",
            help='how far ours may lie from it: "1 %%", 0.01',
        ),
        flag("--strict", "exit 5 when ours differs"),
        argument(
            "--model",
            metavar="MODEL",
            help="of a file that holds the scores of several",
        ),
        *SCORES,
        JSON,
        use="first",
    ),
    verb(
        "compare",
        "compare two files of scores on the same folds",
        argument(
            "ours", metavar="OURS", help="CSV, Parquet or JSON; - reads standard input"
        ),
        argument(
            "theirs",
            metavar="THEIRS",
            help="the same; scores are compared as ours less theirs",
        ),
        argument(
            "--rope",
            metavar="NUMBER",
            help='differences up to this are equivalent: "1 %%", 0.01',
        ),
        argument(
            "--model",
            metavar="MODEL",
            nargs="+",
            help="of files that hold several; two: ours, theirs",
        ),
        *PAGES,
        *SCORES,
        JSON,
        function="numbers.compare_tables",
        use="first",
    ),
    verb(
        "versions",
        "write versions.yaml, which the stages depend on",
        use="called by dvc repro",
    ),
    verb(
        "fetch",
        "get the tables of studies",
        ids("default: every study of `evidence` in params.yaml"),
        argument(
            "--from",
            dest="folder",
            metavar="FOLDER",
            type=Path,
            help="take files from this folder first, by their sha256 or git id,"
            " or from clones of repositories in it",
        ),
        JSON,
        use="called by dvc repro",
    ),
    verb(
        "clean",
        "the stage clean of one study",
        ID,
        function="verbs.stage_",
        use="called by dvc repro",
    ),
    verb("run", "the stage run of one study", ID, JSON, use="called by dvc repro"),
    verb("report", "the stage report of one study", ID, use="called by dvc repro"),
    verb("index", "render the page over all studies", use="called by dvc repro"),
)
