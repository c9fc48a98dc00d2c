"""Every error a user can meet, and the exit code it ends with.

    BenchError            1  something inside bench is wrong
    ├── StudyError        2  a study is wrong: carries every Problem found, each with file and line
    ├── Misfit            2  a study and its data do not fit; a stage turns it into a StudyError with file and line
    ├── UsageError        2  a command was called with words it does not know
    ├── DataError         3  data missing, not as recorded, or a download refused
    ├── CellsFailed       4  some cells failed (outside DVC only; inside, results say so)
    └── NotReproduced     5  claims were not reproduced (`bench check --strict` only)

Each message is a sentence: where, what, what was expected, the nearest right word, what was not done.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class BenchError(Exception):
    """The root of the tree; `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(BenchError):
    """A command was called with words it does not know."""

    exit_code = 2


class DataError(BenchError):
    """Data are missing, differ from what was recorded, or may not be fetched."""

    exit_code = 3


class CellsFailed(BenchError):
    """Some cells failed."""

    exit_code = 4


class NotReproduced(BenchError):
    """Some claims were not reproduced, and the caller asked for that to be an error."""

    exit_code = 5


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a study: `file:line: path: message`.

    `file` is relative to the project; `line` and `column` count from 1; `line` 0 means the whole file.
    """

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.path, self.message) if part)


def without_echoes(problems: Iterable[Problem]) -> list[Problem]:
    """The problems, sorted, each once; a key that is missing because it was mistyped is told where it was."""
    found = sorted(set(problems))
    mistyped = {(p.file, p.path.rpartition(".")[0], p.message) for p in found if p.message.startswith("unknown;")}

    def echo(problem: Problem) -> bool:
        block, _, key = problem.path.rpartition(".")
        return problem.message.startswith("missing;") and (
            (problem.file, block, f"unknown; did you mean {key}?") in mistyped
        )

    return [problem for problem in found if not echo(problem)]


class StudyError(BenchError):
    """A study is wrong. `problems` holds all mistakes that were found, in the order of the file."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(without_echoes(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Misfit(BenchError):
    """A study asks what its data cannot give. `path` is the part of the study file that asks, as keys."""

    exit_code = 2

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path, self.message = path, message


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: the nearest known one, else all of them.

    >>> nearest("n_estimatrs", ["max_depth", "n_estimators"])
    'did you mean n_estimators?'
    >>> nearest("zzz", ["b", "a"])
    'known: a, b'
    """
    words = sorted(set(known))
    close = get_close_matches(str(word), words, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    shown = ", ".join(words[:40]) + (", ..." if len(words) > 40 else "")
    return f"known: {shown}" if words else "none is known here"
