"""What made a result: a hash of the code that decides it, which no comment, docstring or place of a file changes."""

from __future__ import annotations

import ast
import hashlib
import io
import sys
import tokenize
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_path

#: The folder of the installed package.
PACKAGE = Path(__file__).parents[1]
#: So many letters of a sha256 name a thing for people.
SHORT = 10
#: What says how stored results are judged and shown; both stages read it.
_FACTS = (
    "scores",
    "contrasts",
    "claims",
    "diagnose",
    "stats",
    "families",
    "data",
    "core",
    "run/variants",
    "run/seeds.py",
)
#: Statements that judging makes, with their sentences.
_STATED = tuple(
    f"text/{name}.py"
    for name in (
        "chance",
        "compared",
        "explanations",
        "findings",
        "judgements",
        "refusals",
        "remarks",
        "unjudged",
        "why_not",
    )
)
#: What the profile of a clean table says, as statements; and the two tasks.
_REMARKS = ("core/outcomes.py", "core/task.py", "text/remarks.py")
#: What the page of two runs is made of.
_TWO_RUNS = tuple(
    f"comparisons/{name}.py" for name in ("moved_scores", "run_record", "two_runs")
)
#: What a stage records of what it made, and of what.
_LEDGER = ("project/ledger.py",)
#: The rooms, folders and files of the package that decide what a stage writes. How a study is read is not among them:
#: it shows in the study's values, which are dependencies of their own.
STAGES: Mapping[str, tuple[str, ...]] = {
    "fetch": ("data", *_LEDGER, *_REMARKS),
    "clean": ("data", "core/frames.py", *_LEDGER, *_REMARKS),
    "run": (
        *_LEDGER,
        "run",
        "families",
        "data",
        "scores/external",
        "scores/float_noise.py",
        "core/frames.py",
        "core/metrics",
        "core/rows.py",
        "text/refusals.py",
        *_REMARKS,
    ),
    "judge": ("comparisons", "study/preregistration.py", *_LEDGER, *_STATED, *_FACTS),
    "report": ("report", "text", "study/preregistration.py", *_TWO_RUNS, *_FACTS),
    "index": ("report", "text", "core"),
}
#: The groups of entry points by which installed packages extend bench.
GROUPS = (
    "bench.sources",
    "bench.families",
    "bench.metrics",
    "bench.diagnostics",
    "bench.claims",
)
#: The groups that decide what a stage writes. The run names every extension in its provenance.
_GROUPS_OF_STAGES: Mapping[str, tuple[str, ...]] = {
    "fetch": GROUPS[:1],
    "run": GROUPS,
    "judge": GROUPS[1:],
    "report": GROUPS[1:],
    "index": ("bench.metrics",),
}
_IGNORED = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER}
_NOT_HASHED = {".pyc", ".typed", ".md"}


def stage_versions() -> dict[str, str]:
    """The sha256 of the code behind each stage: another one where that code can write other results.

    It is made of the sorted hashes of files (`source_sha256`, and the bytes of templates and fonts), without their
    names: a file that moves between the rooms of one stage changes nothing. Of installed packages that extend bench
    name, version and source count for the stages that their group decides.
    """
    return {
        stage: combined_sha256(
            [
                *map(source_sha256, files_of(stage)),
                *extension_versions(_GROUPS_OF_STAGES.get(stage, ())),
            ]
        )
        for stage in STAGES
    }


def points_of(group: str) -> tuple[EntryPoint, ...]:
    """The entry points of a group among the installed packages, in the order of their names. Nothing is imported."""
    points = _points(tuple(sys.path))
    return tuple(
        sorted(
            (point for point in points if point.group == group),
            key=lambda point: (point.name, point.value),
        )
    )


def extension_versions(groups: Iterable[str]) -> list[str]:
    """Distribution, version and hash of the source of every package that extends one of these groups."""
    points = [(group, point) for group in groups for point in points_of(group)]
    return [
        "|".join(
            (
                group,
                point.name,
                *((point.dist.name, point.dist.version) if point.dist else ()),
                package_sha256(point.module.partition(".")[0]),
            )
        )
        for group, point in points
    ]


def package_sha256(package: str) -> str:
    """Of the Python files of a package, by name and content, without importing it."""
    folders, files = _files_of_package(package)
    return combined_sha256(
        f"{_below(path, folders)} {source_sha256(path, path.stat().st_mtime_ns)}"
        for path in files
    )


def imported_by(
    packages: Iterable[str], known: Container[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What packages that were not installed import, and so on: first those that were not installed either, then the
    installed ones; both sorted, none imported, without `packages` and those `known`."""
    seen, waiting = set(packages), list(packages)
    installed = set()
    places = (get_path("purelib"), get_path("platlib"))
    while waiting:
        package = waiting.pop()
        _, files = _files_of_package(package)
        if any(path.is_relative_to(place) for path in files for place in places):
            installed.add(package)
            continue
        found = {
            name for path in files for name in _imports(path, path.stat().st_mtime_ns)
        }
        found = {
            name
            for name in found - seen
            if name not in known and name != "__main__" and find_spec(name)
        }
        seen |= found
        waiting += found
    found = seen - set(packages)
    return tuple(sorted(found - installed)), tuple(sorted(found & installed))


def _files_of_package(package: str) -> tuple[list[Path], list[Path]]:
    """Its folders, and its Python files."""
    spec = find_spec(package)
    folders = [
        Path(folder)
        for folder in (spec.submodule_search_locations if spec else None) or ()
    ]
    files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    if spec is not None and not files and spec.origin is not None:
        files = [Path(spec.origin)]
    return folders, files


@cache
def _imports(path: Path, _mtime: int) -> frozenset[str]:
    """The first parts of the modules that a file imports, anywhere in it, but for relative ones."""
    names = set()
    try:
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
    except (SyntaxError, ValueError):  # no Python, or one whose import will say so
        return frozenset()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return frozenset(names)


def files_of(stage: str) -> list[Path]:
    """The files that decide what a stage writes. Raises `FileNotFoundError` for one of `STAGES` that is not there."""
    files: list[Path] = []
    for place in STAGES[stage]:
        path = PACKAGE / place
        if not path.exists():
            raise FileNotFoundError(
                f"{path}: named for the stage {stage} in bench/core/identity.py, and not there"
            )
        files += [path] if path.is_file() else _inside(path)
    return files


@cache
def bytes_sha256(stage: str) -> str:
    """The sha256 of the files of a stage as they are: found a hundred times as fast, and another one for a comment."""
    return combined_sha256(
        hashlib.sha256(path.read_bytes()).hexdigest() for path in files_of(stage)
    )


@cache
def source_sha256(path: Path, changed: int = 0) -> str:
    """The sha256 of a file: of Python without comments, docstrings and layout, and of the files of bench also without
    imports of each other; else of its bytes.

    The same for every version of Python that `bench` runs on. A file is read once a process, and of a user's package
    again whenever the time it was `changed` is another.
    """
    content = path.read_bytes()
    if path.suffix == ".py":
        try:
            source = content.decode(
                tokenize.detect_encoding(io.BytesIO(content).readline)[0]
            )
            return text_sha256(source, imports=not path.is_relative_to(PACKAGE))
        except (
            SyntaxError,
            UnicodeError,
            LookupError,
            tokenize.TokenError,
        ):  # a template or a test file of a package: no Python that runs
            pass
    return hashlib.sha256(content).hexdigest()


def text_sha256(source: str, *, imports: bool = False) -> str:
    """The same hash of Python source that is no whole file, such as one function; `imports`: with those of bench.

    >>> text_sha256("def f(x):\\n    return x") == text_sha256("def f(x):\\n    '''Itself.'''\\n    return x  # why")
    True
    """
    return hashlib.sha256("\n".join(_statements(source, imports)).encode()).hexdigest()


def combined_sha256(hashes: Iterable[str]) -> str:
    """One hash of several, whatever their order."""
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


@lru_cache(maxsize=4)
def _points(path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """All entry points on a search path: every installed package is looked at, so once is enough."""
    found = entry_points()
    return tuple(point for group in GROUPS for point in found.select(group=group))


def _below(path: Path, folders: list[Path]) -> str:
    return next(
        (
            path.relative_to(top).as_posix()
            for top in folders
            if path.is_relative_to(top)
        ),
        path.name,
    )


def _inside(folder: Path) -> list[Path]:
    paths = (
        path
        for path in sorted(folder.rglob("*"))
        if "__pycache__" not in path.parts and path.is_file()
    )
    return [path for path in paths if path.suffix not in _NOT_HASHED]


def _statements(source: str, imports: bool) -> Iterator[str]:
    """The statements that do something, their tokens one space apart; indentation as tokens of its own."""
    words: list[str] = []
    kinds: list[int] = []
    for kind, word in _tokens(source):
        if kind in (tokenize.INDENT, tokenize.DEDENT):
            yield tokenize.tok_name[kind]
        elif kind == tokenize.NEWLINE:
            if any(kind != tokenize.STRING for kind in kinds) and (
                imports or not _is_own_import(words)
            ):
                yield " ".join(words)
            words, kinds = [], []
        elif kind not in _IGNORED:
            words.append(word)
            kinds.append(kind)


def _is_own_import(words: list[str]) -> bool:
    """Whether a line does nothing but import from this package, and renames nothing."""
    return (
        words[0] in ("from", "import")
        and words[1] == "bench"
        and not {"as", ";"} & set(words)
    )


def _tokens(source: str) -> Iterator[tuple[int, str]]:
    """Kind and text of every token. A formatted string is one, as it is before Python 3.12, which takes it apart."""
    lines = io.StringIO(source).readlines()
    depth, start = 0, (0, 0)
    for kind, word, begin, end, _ in tokenize.generate_tokens(iter(lines).__next__):
        name = tokenize.tok_name[kind]
        if name.endswith("STRING_START"):
            depth, start = depth + 1, start if depth else begin
        elif name.endswith("STRING_END"):
            depth -= 1
            if not depth:
                yield tokenize.STRING, _between(lines, start, end)
        elif not depth:
            yield kind, word


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """The text from one position to another, both (line from 1, column)."""
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    between = lines[start[0] : end[0] - 1]
    return "".join(
        [lines[start[0] - 1][start[1] :], *between, lines[end[0] - 1][: end[1]]]
    )
