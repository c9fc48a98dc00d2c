"""What is wrong with a study, and what is worth saying of one that is right: each a place in a file and a statement.

The statements here belong to the house; a kind of claim or an explanation may bring its own. `bench.text.problems` has
their sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bench.core.errors import BenchError, DataError, meant
from bench.core.outcomes import Statement


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
    RANGE_ORDER = "range_order"
    NAME_OF_OURS = "name_of_ours"
    HALF_LETTER = "half_letter"
    STUDY_ID = "study_id"
    DIRECTIVE = "directive"
    ORDINAL = "ordinal"
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
    NO_SETTING = "no_setting"
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
    SCHEDULER = "scheduler"


class Said(Statement, code="problem.said"):
    """What another library, or an error that was raised, says in words of its own."""

    words: str


class Broken(Statement, code="problem.rule"):
    """A rule that does not hold; `names`: the keys or columns that it is about."""

    rule: str
    names: tuple[str, ...] = ()


class UnknownKey(Statement, code="problem.unknown_key"):
    """A key, or a column, that means nothing here; `noun`: what the known ones are."""

    word: str
    known: tuple[str, ...]
    noun: str = "keys"

    @property
    def meant(self) -> tuple[str, ...]:
        """The known words that it is most like; one, if any, where none is the same but for its signs."""
        return tuple(meant(self.word, self.known))


class Elsewhere(Statement, code="problem.elsewhere"):
    """A key that stands in another block; `blocks`: the keys down to that block, none at the top of the file."""

    word: str
    blocks: tuple[str, ...]


class StepOptions(Statement, code="problem.step_options"):
    """Options of a step that are no block; `options`: those that it has."""

    step: str
    options: tuple[str, ...]


class UnknownWord(Statement, code="problem.unknown_word"):
    """A value that is none of the known ones. what: what it would be, such as `family`; nouns: the known ones in words;
    more: a further sentence, by its name."""

    what: str
    word: str
    known: tuple[str, ...]
    nouns: str = ""
    more: str = ""


class NotInStudy(Statement, code="problem.not_in_study"):
    """A name (`what`: family, dataset) that is right elsewhere and that this study does not have."""

    what: str
    word: str
    known: tuple[str, ...]


class RetiredWord(Statement, code="problem.retired"):
    """A word of an earlier form of the study file, and how the same is written now."""

    word: str
    now: str


class RetiredForm(Statement, code="problem.retired_form"):
    """A value in an earlier form of the study file, and how the same is written now."""

    word: str
    now: str


class ListAsText(Statement, code="problem.list_as_text"):
    """A list that was written as text, and the same as a list."""

    word: str
    now: str


class NotOfKind(Statement, code="problem.not_of_kind"):
    """A key that a claim of this kind does not have; `own`: those that it has beside what all kinds have."""

    kind: str
    own: tuple[str, ...]


class Missing(Statement, code="problem.missing"):
    """A key that is not there; nullable: whether null may stand there."""

    nullable: bool = False


class WrongType(Statement, code="problem.wrong_type"):
    """A value of another type than `expected` (text, integer, number, finite, boolean, list, block, printed)."""

    expected: str
    got: str


class OutOfRange(Statement, code="problem.out_of_range"):
    """A number, or a count of entries, beyond a bound; relation: ge, gt, le, lt, min_length or max_length."""

    relation: str
    bound: float
    got: str


class WrongForm(Statement, code="problem.wrong_form"):
    """Text that does not match the pattern of its key."""

    got: str
    pattern: str


class Twice(Statement, code="problem.twice"):
    """A name that stands twice where each stands once."""

    word: str


class NotTrusted(Statement, code="problem.not_trusted"):
    """A file of the study whose code the project does not trust."""

    file: str


class FirstReading(Statement, code="problem.readings.first"):
    """The first reading changes something."""

    key: str


class SameReading(Statement, code="problem.readings.same"):
    """A reading that is another under another name."""

    other: str


class NothingReadOtherwise(Statement, code="problem.readings.itself"):
    """A reading of what the study has already: a dataset or family for itself, its own aggregation."""

    name: str


class IdleReadings(Statement, code="problem.readings.idle"):
    """Readings that change nothing that a printed number of the paper is about."""


class BadExpression(Statement, code="problem.expression"):
    """What is wrong with an expression of columns, and at which character."""

    place: int
    reason: str


class NotYaml(Statement, code="problem.not_yaml"):
    """Text that is no YAML: what its reader says, and what most often lies behind that (`advice`, by its name)."""

    words: str
    advice: str = ""


class NotUtf8(Statement, code="problem.not_utf8"):
    """A file that is not text; the place of the first bad byte."""

    byte: int


class FileTooLarge(Statement, code="problem.too_large"):
    """More of something (`bytes`, `values`) than a study may have."""

    what: str
    limit: int
    depth: int = 0


class NoFile(Statement, code="problem.no_file"):
    """A file that the study's folder does not hold."""

    name: str


class TagFound(Statement, code="problem.tag"):
    """A YAML tag, which may make objects."""

    tag: str


class EmptyBlock(Statement, code="problem.empty_block"):
    """A block that must name at least one of its things."""

    what: str


class CellCount(Statement, code="problem.cell_count"):
    """A row of a table with another number of cells than its header."""

    cells: int
    header: int


class IdTaken(Statement, code="problem.id_taken"):
    """An id that another claim has; `place`: its file and line."""

    id: str
    place: str


class RecordEdited(Statement, code="problem.record_edited"):
    """A record of a preregistration that was edited afterwards; its number, from 1."""

    number: int


class NeverFrozen(Statement, code="problem.never_frozen"):
    """Declared changes of a study that was never preregistered."""

    study: str


class ChangesNothing(Statement, code="problem.changes_nothing"):
    """A declared change of a value that is as it was; `changed`: the paths of those that are not."""

    path: str
    changed: tuple[str, ...]


class NullButNeeded(Statement, code="problem.null_but_needed"):
    """A section that is null where a dataset has a target to predict."""

    section: str
    dataset: str


class NotScored(Statement, code="problem.not_scored"):
    """A primary metric that no table of scores holds; `held`: those that some do."""

    metric: str
    held: tuple[str, ...]


class PredictionsNeed(Statement, code="problem.predictions_need"):
    """Predictions that are of the other task."""

    task: str


class OtherTask(Statement, code="problem.other_task"):
    """A family or a metric (`what`) of another task; `known`: those that would fit."""

    what: str
    name: str
    task: str
    its_task: str = ""
    known: tuple[str, ...] = ()


class TooWide(Statement, code="problem.too_wide"):
    """A closeness of half of a metric's range or more; `percent`: whether it looks like one."""

    value: float
    metric: str
    percent: bool


class RanksOneRow(Statement, code="problem.ranks_one_row"):
    """A primary metric that ranks the rows of a test set, under leave-one-out."""

    metric: str


class NeedsRole(Statement, code="problem.needs_role"):
    """A resampling that needs a column of the dataset."""

    resampling: str
    role: str


class NoOob(Statement, code="problem.no_oob"):
    """A family without an out-of-bag score, in a study that tunes by it; `able`: the families that have one."""

    able: tuple[str, ...]


class LooksAtNothing(Statement, code="problem.looks_at_nothing"):
    """A baseline, of which extra fits ask nothing."""

    family: str


class NothingToExplain(Statement, code="problem.nothing_to_explain"):
    """A family to explain of which no claim prints a score."""

    family: str


class NoParameter(Statement, code="problem.no_parameter"):
    """A parameter that a step or an explanation (`owner`) does not have."""

    owner: str
    word: str
    known: tuple[str, ...]


class BadParameter(Statement, code="problem.bad_parameter"):
    """A parameter of the wrong type or range. expected: whole, counts, columns, or words of their own; title: what the
    parameter is."""

    expected: str
    got: str
    title: str = ""


class NotDropped(Statement, code="problem.not_dropped"):
    """A column to keep that no dataset drops."""

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


class LibraryMissing(Statement, code="problem.library_missing"):
    """A `family` is fitted by a `library` that is not installed; the extra of bench has its name."""

    family: str
    library: str


class EvidenceAbsent(Statement, code="problem.evidence_absent"):
    """A study's files lie elsewhere: at an `address` that could not be reached, for a `reason`, and nowhere here."""

    study: str
    address: str
    reason: str


class EvidenceAbsentError(DataError):
    """The files of a study can be had neither from the network nor from what is kept; `absent` says which."""

    def __init__(self, absent: EvidenceAbsent) -> None:
        self.absent = absent
        super().__init__(absent)


class StudyError(BenchError):
    """A study is wrong. `problems` holds all mistakes that were found, in the order of the file."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(in_order(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
