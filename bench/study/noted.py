"""Mistakes in the files of a study and remarks on them: statements at their places, and the error that carries them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bench.core.errors import BenchError, meant
from bench.core.outcomes import Statement
from bench.text.problems import Missing, NotInStudy, UnknownKey, UnknownWord


@dataclass(frozen=True)
class Noted:
    """A statement at a place of a file.

    `file` is relative to the project; `line` and `column` count from 1; `line` 0 means the whole file; `path`: the keys
    that lead there, dotted.
    """

    file: str
    line: int
    column: int
    path: str
    statement: Statement

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def as_json(self) -> dict[str, Any]:
        """The place, the code with its details, and the sentence, whose known words stand apart."""
        message, _, known = str(self.statement).partition("\n")
        place = {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.path,
        }
        code = {"code": str(self.statement.code), "details": self.statement.details}
        return place | code | {"message": message, "known": known}

    def __str__(self) -> str:
        return ": ".join(
            part
            for part in (
                self.place,
                self.path,
                str(self.statement).replace("\n", "\n    "),
            )
            if part
        )


class Problem(Noted):
    """One mistake in a study.

    Attributes
    ----------
    file : str
        The file, relative to the project.
    line, column : int
        From 1; line 0 means the whole file.
    path : str
        The keys that lead there, dotted.
    statement : Statement
        What is wrong.

    Examples
    --------
    >>> print(Problem("studies/toy/study.yaml", 3, 1, "title", Missing()))
    studies/toy/study.yaml:3: title: ...
    """


class Remark(Noted):
    """Something worth saying of a study without mistakes, such as a published number that cannot be."""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems as they stand in the files, each once, without echoes.

    What is missing because it was mistyped is told where it was: a key, a family.
    """
    told_once = {str(problem): problem for problem in problems}.values()
    found = sorted(
        told_once,
        key=lambda one: (one.file, one.line, one.column, one.path, repr(one.statement)),
    )
    mistyped, lost = set(), set()
    for problem in found:
        if (
            isinstance(problem.statement, UnknownKey)
            and len(problem.statement.meant) == 1
        ):
            mistyped.add(
                (
                    problem.file,
                    problem.path.rpartition(".")[0],
                    problem.statement.meant[0],
                )
            )
        elif (
            isinstance(problem.statement, UnknownWord)
            and problem.statement.what == "family"
        ):
            lost |= set(meant(problem.statement.word, problem.statement.known)[:1])

    def echo(problem: Problem) -> bool:
        block, _, key = problem.path.rpartition(".")
        if isinstance(problem.statement, Missing):
            return (problem.file, block, key) in mistyped
        told = problem.statement
        return (
            isinstance(told, NotInStudy) and told.what == "family" and told.word in lost
        )

    return [problem for problem in found if not echo(problem)]


class StudyError(BenchError):
    """A study is wrong. `problems` holds all mistakes that were found, in the order of the file."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(in_order(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
