"""What is wrong with a study, and what is worth saying of one that is right: each a place in a file and a statement.

The statements here belong to the house; a kind of claim or an explanation may bring its own. `bench.text.problems` has
their sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from bench.core.errors import BenchError, meant
from bench.core.outcomes import Statement


class Code(StrEnum):
    """What can be wrong, one code a type of statement."""

    SAID = "problem.said"
    RULE = "problem.rule"
    UNKNOWN_KEY = "problem.unknown_key"
    UNKNOWN_WORD = "problem.unknown_word"
    NOT_IN_STUDY = "problem.not_in_study"
    RETIRED = "problem.retired"
    LIST_AS_TEXT = "problem.list_as_text"
    NOT_OF_KIND = "problem.not_of_kind"
    MISSING = "problem.missing"
    WRONG_TYPE = "problem.wrong_type"
    OUT_OF_RANGE = "problem.out_of_range"
    WRONG_FORM = "problem.wrong_form"
    TWICE = "problem.twice"
    NOT_YAML = "problem.not_yaml"
    NOT_UTF8 = "problem.not_utf8"
    TOO_LARGE = "problem.too_large"
    NO_FILE = "problem.no_file"
    TAG = "problem.tag"
    EMPTY_BLOCK = "problem.empty_block"
    CELL_COUNT = "problem.cell_count"
    ID_TAKEN = "problem.id_taken"
    RECORD_EDITED = "problem.record_edited"
    NEVER_FROZEN = "problem.never_frozen"
    CHANGES_NOTHING = "problem.changes_nothing"
    NULL_BUT_NEEDED = "problem.null_but_needed"
    NOT_SCORED = "problem.not_scored"
    PREDICTIONS_NEED = "problem.predictions_need"
    OTHER_TASK = "problem.other_task"
    TOO_WIDE = "problem.too_wide"
    RANKS_ONE_ROW = "problem.ranks_one_row"
    NEEDS_ROLE = "problem.needs_role"
    NO_OOB = "problem.no_oob"
    LOOKS_AT_NOTHING = "problem.looks_at_nothing"
    NOTHING_TO_EXPLAIN = "problem.nothing_to_explain"
    NO_PARAMETER = "problem.no_parameter"
    BAD_PARAMETER = "problem.bad_parameter"
    NOT_DROPPED = "problem.not_dropped"


class Rule(StrEnum):
    """Rules that a sentence tells whole: nothing of it depends on the study."""

    ALIAS = "alias"
    KEY = "key"
    NO_BLOCK = "no_block"
    NESTED = "nested"
    NAME = "name"
    LINK = "link"
    NUL = "nul"
    NO_CLAIM = "no_claim"
    RANGES = "ranges"
    PAIRED = "paired"
    BUDGET = "budget"
    FAMILY_OR_ESTIMATOR = "family_or_estimator"
    REPEATS_ARE_MISSING = "repeats_are_missing"
    REPEATS_ARE_ALONE = "repeats_are_alone"
    RATIO_AND_ROWS = "ratio_and_rows"
    METRIC_IN_VALUE = "metric_in_value"
    TRAIN_AND_SIDE = "train_and_side"
    TRAIN_FORM = "train_form"
    ANSWER = "answer"
    TARGET = "target"
    METRIC_MISSING = "metric_missing"
    METRIC_IDLE = "metric_idle"
    MUST_BE_NULL = "must_be_null"
    TASK_OF_PREDICTIONS = "task_of_predictions"
    NO_POSITIVE = "no_positive"
    IDLE = "idle"
    STRATIFY = "stratify"
    NO_FITS = "no_fits"
    NO_RECORD = "no_record"
    NO_RECORD_FILE = "no_record_file"
    SMOTE = "smote"
    K_AND_PERCENTILE = "k_and_percentile"
    ONE_FAMILY = "one_family"


@dataclass(frozen=True)
class Said(Statement):
    """What another library, or an error that was raised, says in words of its own."""

    code: ClassVar[StrEnum] = Code.SAID
    words: str


@dataclass(frozen=True)
class Broken(Statement):
    """A rule that does not hold; `names`: the keys or columns that it is about."""

    code: ClassVar[StrEnum] = Code.RULE
    rule: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnknownKey(Statement):
    """A key, or a column, that means nothing here; `noun`: what the known ones are."""

    code: ClassVar[StrEnum] = Code.UNKNOWN_KEY
    word: str
    known: tuple[str, ...]
    noun: str = "keys"

    @property
    def meant(self) -> tuple[str, ...]:
        """The known words that it is most like; one, if any, where none is the same but for its signs."""
        return tuple(meant(self.word, self.known))


@dataclass(frozen=True)
class UnknownWord(Statement):
    """A value that is none of the known ones. what: what it would be, such as `family`; nouns: the known ones in words;
    more: a further sentence, by its name."""

    code: ClassVar[StrEnum] = Code.UNKNOWN_WORD
    what: str
    word: str
    known: tuple[str, ...]
    nouns: str = ""
    more: str = ""


@dataclass(frozen=True)
class NotInStudy(Statement):
    """A name (`what`: family, dataset) that is right elsewhere and that this study does not have."""

    code: ClassVar[StrEnum] = Code.NOT_IN_STUDY
    what: str
    word: str
    known: tuple[str, ...]


@dataclass(frozen=True)
class RetiredWord(Statement):
    """A word of an earlier form of the study file, and how the same is written now."""

    code: ClassVar[StrEnum] = Code.RETIRED
    word: str
    now: str


@dataclass(frozen=True)
class ListAsText(Statement):
    """A list that was written as text, and the same as a list."""

    code: ClassVar[StrEnum] = Code.LIST_AS_TEXT
    word: str
    now: str


@dataclass(frozen=True)
class NotOfKind(Statement):
    """A key that a claim of this kind does not have; `own`: those that it has beside what all kinds have."""

    code: ClassVar[StrEnum] = Code.NOT_OF_KIND
    kind: str
    own: tuple[str, ...]


@dataclass(frozen=True)
class Missing(Statement):
    """A key that is not there; nullable: whether null may stand there."""

    code: ClassVar[StrEnum] = Code.MISSING
    nullable: bool = False


@dataclass(frozen=True)
class WrongType(Statement):
    """A value of another type than `expected` (text, integer, number, finite, boolean, list, block, printed)."""

    code: ClassVar[StrEnum] = Code.WRONG_TYPE
    expected: str
    got: str


@dataclass(frozen=True)
class OutOfRange(Statement):
    """A number, or a count of entries, beyond a bound; relation: ge, gt, le, lt, min_length or max_length."""

    code: ClassVar[StrEnum] = Code.OUT_OF_RANGE
    relation: str
    bound: float
    got: str


@dataclass(frozen=True)
class WrongForm(Statement):
    """Text that does not match the pattern of its key."""

    code: ClassVar[StrEnum] = Code.WRONG_FORM
    got: str
    pattern: str


@dataclass(frozen=True)
class Twice(Statement):
    """A name that stands twice where each stands once."""

    code: ClassVar[StrEnum] = Code.TWICE
    word: str


@dataclass(frozen=True)
class NotYaml(Statement):
    """Text that is no YAML: what its reader says, and what most often lies behind that (`advice`, by its name)."""

    code: ClassVar[StrEnum] = Code.NOT_YAML
    words: str
    advice: str = ""


@dataclass(frozen=True)
class NotUtf8(Statement):
    """A file that is not text; the place of the first bad byte."""

    code: ClassVar[StrEnum] = Code.NOT_UTF8
    byte: int


@dataclass(frozen=True)
class FileTooLarge(Statement):
    """More of something (`bytes`, `values`) than a study may have."""

    code: ClassVar[StrEnum] = Code.TOO_LARGE
    what: str
    limit: int
    depth: int = 0


@dataclass(frozen=True)
class NoFile(Statement):
    """A file that the study's folder does not hold."""

    code: ClassVar[StrEnum] = Code.NO_FILE
    name: str


@dataclass(frozen=True)
class TagFound(Statement):
    """A YAML tag, which may make objects."""

    code: ClassVar[StrEnum] = Code.TAG
    tag: str


@dataclass(frozen=True)
class EmptyBlock(Statement):
    """A block that must name at least one of its things."""

    code: ClassVar[StrEnum] = Code.EMPTY_BLOCK
    what: str


@dataclass(frozen=True)
class CellCount(Statement):
    """A row of a table with another number of cells than its header."""

    code: ClassVar[StrEnum] = Code.CELL_COUNT
    cells: int
    header: int


@dataclass(frozen=True)
class IdTaken(Statement):
    """An id that another claim has; `place`: its file and line."""

    code: ClassVar[StrEnum] = Code.ID_TAKEN
    id: str
    place: str


@dataclass(frozen=True)
class RecordEdited(Statement):
    """A record of a preregistration that was edited afterwards; its number, from 1."""

    code: ClassVar[StrEnum] = Code.RECORD_EDITED
    number: int


@dataclass(frozen=True)
class NeverFrozen(Statement):
    """Declared changes of a study that was never preregistered."""

    code: ClassVar[StrEnum] = Code.NEVER_FROZEN
    study: str


@dataclass(frozen=True)
class ChangesNothing(Statement):
    """A declared change of a value that is as it was; `changed`: the paths of those that are not."""

    code: ClassVar[StrEnum] = Code.CHANGES_NOTHING
    path: str
    changed: tuple[str, ...]


@dataclass(frozen=True)
class NullButNeeded(Statement):
    """A section that is null where a dataset has a target to predict."""

    code: ClassVar[StrEnum] = Code.NULL_BUT_NEEDED
    section: str
    dataset: str


@dataclass(frozen=True)
class NotScored(Statement):
    """A primary metric that no table of scores holds; `held`: those that some do."""

    code: ClassVar[StrEnum] = Code.NOT_SCORED
    metric: str
    held: tuple[str, ...]


@dataclass(frozen=True)
class PredictionsNeed(Statement):
    """Predictions that are of the other task."""

    code: ClassVar[StrEnum] = Code.PREDICTIONS_NEED
    task: str


@dataclass(frozen=True)
class OtherTask(Statement):
    """A family or a metric (`what`) of another task; `known`: those that would fit."""

    code: ClassVar[StrEnum] = Code.OTHER_TASK
    what: str
    name: str
    task: str
    its_task: str = ""
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class TooWide(Statement):
    """A closeness of half of a metric's range or more; `percent`: whether it looks like one."""

    code: ClassVar[StrEnum] = Code.TOO_WIDE
    value: float
    metric: str
    percent: bool


@dataclass(frozen=True)
class RanksOneRow(Statement):
    """A primary metric that ranks the rows of a test set, under leave-one-out."""

    code: ClassVar[StrEnum] = Code.RANKS_ONE_ROW
    metric: str


@dataclass(frozen=True)
class NeedsRole(Statement):
    """A resampling that needs a column of the dataset."""

    code: ClassVar[StrEnum] = Code.NEEDS_ROLE
    resampling: str
    role: str


@dataclass(frozen=True)
class NoOob(Statement):
    """A family without an out-of-bag score, in a study that tunes by it; `able`: the families that have one."""

    code: ClassVar[StrEnum] = Code.NO_OOB
    able: tuple[str, ...]


@dataclass(frozen=True)
class LooksAtNothing(Statement):
    """A baseline, of which extra fits ask nothing."""

    code: ClassVar[StrEnum] = Code.LOOKS_AT_NOTHING
    family: str


@dataclass(frozen=True)
class NothingToExplain(Statement):
    """A family to explain of which no claim prints a score."""

    code: ClassVar[StrEnum] = Code.NOTHING_TO_EXPLAIN
    family: str


@dataclass(frozen=True)
class NoParameter(Statement):
    """A parameter that a step or an explanation (`owner`) does not have."""

    code: ClassVar[StrEnum] = Code.NO_PARAMETER
    owner: str
    word: str
    known: tuple[str, ...]


@dataclass(frozen=True)
class BadParameter(Statement):
    """A parameter of the wrong type or range. expected: whole, counts, columns, or words of their own; title: what the
    parameter is."""

    code: ClassVar[StrEnum] = Code.BAD_PARAMETER
    expected: str
    got: str
    title: str = ""


@dataclass(frozen=True)
class NotDropped(Statement):
    """A column to keep that no dataset drops."""

    code: ClassVar[StrEnum] = Code.NOT_DROPPED
    column: str
    dropped: tuple[str, ...]


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
        place = {"file": self.file, "line": self.line, "column": self.column, "path": self.path}
        code = {"code": str(self.statement.code), "details": self.statement.details}
        return place | code | {"message": message, "known": known}

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.path, str(self.statement).replace("\n", "\n    ")) if part)


class Problem(Noted):
    """One mistake in a study."""


class Remark(Noted):
    """Something worth saying of a study without mistakes, such as a published number that cannot be."""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems as they stand in the files, each once, without echoes.

    What is missing because it was mistyped is told where it was: a key, a family.
    """
    found = sorted(set(problems), key=lambda one: (one.file, one.line, one.column, one.path, repr(one.statement)))
    mistyped, lost = set(), set()
    for problem in found:
        if isinstance(problem.statement, UnknownKey) and len(problem.statement.meant) == 1:
            mistyped.add((problem.file, problem.path.rpartition(".")[0], problem.statement.meant[0]))
        elif isinstance(problem.statement, UnknownWord) and problem.statement.what == "family":
            lost |= set(meant(problem.statement.word, problem.statement.known)[:1])

    def echo(problem: Problem) -> bool:
        block, _, key = problem.path.rpartition(".")
        if isinstance(problem.statement, Missing):
            return (problem.file, block, key) in mistyped
        told = problem.statement
        return isinstance(told, NotInStudy) and told.what == "family" and told.word in lost

    return [problem for problem in found if not echo(problem)]


class StudyError(BenchError):
    """A study is wrong. `problems` holds all mistakes that were found, in the order of the file."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(in_order(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
