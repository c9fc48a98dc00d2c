"""Why a new study says what it says: what was seen in a table, as comments of its study file."""

from __future__ import annotations

from bench.core.outcomes import Statement, fixed
from bench.text.formats import plural

AllMissingHere = fixed("proposal.all_missing", "no value in any row")
SingleValue = fixed("proposal.single_value", "one value in all rows")
Counter = fixed("proposal.counter", "numbers the rows")
ByWord = fixed("proposal.by_word", "its name says so")
LastColumn = fixed("proposal.last_column", "the last column that can be one")
FirstColumn = fixed("proposal.first_column", "the first column: a few classes")
SeriesInTime = fixed(
    "proposal.series",
    "a date a row, in order: the past is to predict the future (time_ordered)",
)
Grid = fixed(
    "proposal.grid",
    "every combination of the features stands here equally often: a designed table; the scores tell how well a model "
    "fills gaps in it, not how it does on other cases",
)
FreeText = fixed("proposal.free_text", "remarks or free text")
Lagged = fixed(
    "proposal.lagged",
    "the file is in its order, and features lag behind: the past is to predict the future",
)
RecordInTime = fixed(
    "proposal.record_in_time",
    "the file is in its order: the past is to predict the future",
)
AsAsked = fixed("proposal.as_asked", "as asked")


class Proposed(Statement, code="proposal.proposed"):
    """What stands in a new study, and why; role: target, group, time, metric, or drop; more: what follows from it."""

    role: str
    column: str
    reason: Statement | None = None
    more: str = ""

    def sentence(self) -> str:
        reason = "" if self.reason is None else f" ({self.reason})"
        return f"{self.role}: {self.column}{reason}" + (
            f", {self.more}" if self.more else ""
        )


class Ordered(Statement, code="proposal.ordered"):
    column: str
    order: tuple[str, ...]

    def sentence(self) -> str:
        return f"ordered: {self.column}, {' < '.join(self.order)}"


class NearlyUnique(
    Statement,
    code="proposal.nearly_unique",
    says="{values:,} different values in {rows:,} rows: a name or number of each",
):
    values: int
    rows: int


class TooManyLevels(
    Statement,
    code="proposal.too_many_levels",
    says="{levels:,} categories, more than the {limit} that become columns; the step `target_encode` can keep it",
):
    levels: int
    limit: int


class Copy(Statement, code="proposal.copy", says="says the same as {other}"):
    other: str


class TargetItself(
    Statement, code="proposal.target_itself", says="{target} in other words, row by row"
):
    target: str


class KnownBefore(Statement):
    """A column that seems to be known only with the target: its author may say that it is known before."""


class FromTarget(
    KnownBefore,
    code="proposal.from_target",
    says="known before {target} is? Alone it tells {target} in every row; if so, keep it",
):
    target: str


class ThereOnlyWith(
    KnownBefore,
    code="proposal.there_only_with",
    says="known before {target} is? Its values are there only where {target} is {label}; if so, keep it",
):
    target: str
    label: str


class PartOfTarget(
    KnownBefore,
    code="proposal.part_of_target",
    says="known before {target} is? {target} is a sum of {parts:listed}; if so, keep it",
):
    target: str
    parts: tuple[str, ...]


class TimeToEvent(
    KnownBefore,
    code="proposal.time_to_event",
    says="known before {target} is? It reads like the time until that; if so, keep it",
):
    target: str


class StrongFeature(
    Statement,
    code="proposal.strong_feature",
    says="is {column} known before {target} is? Alone it removes {share:.0%} of the error of a constant guess, the "
    "next best {next:.0%}. If it is not, list it in `drop`",
):
    column: str
    target: str
    share: float
    next: float


class RepeatedUnit(
    Statement,
    code="proposal.repeated_unit",
    says="{values:,} of them in {rows:,} rows: rows of one stay on one side",
):
    values: int
    rows: int


class AlikeWithin(
    Statement,
    code="proposal.alike_within",
    says="{values:,} of them, and {share:.0%} of the spread of the numbers lies between them: rows of one stay on one "
    "side",
):
    values: int
    share: float


class NamedLikeTarget(
    KnownBefore,
    code="proposal.named_like_target",
    says="known before {target} is? It is named alike, and alone removes {share:.0%} of the error of a constant guess; "
    "if so, keep it",
):
    target: str
    share: float


class OneOfEach(
    Statement,
    code="proposal.one_of_each",
    says="{values:,} of them in {rows:,} rows, each with one {columns:listed}: rows of one stay on one side",
):
    values: int
    rows: int
    columns: tuple[str, ...]


class RowForEachTime(
    Statement,
    code="proposal.panel",
    says="one row for each of them and each {time}: rows of one stay on one side",
):
    time: str


class MaybeGroup(
    Statement,
    code="proposal.maybe_group",
    says="do rows with the same {column} belong together ({values:,} values)? Then write `group: {column}` and "
    "`resampling: {{kind: group_kfold, folds: 5}}`",
):
    column: str
    values: int


class MaybeSame(
    Statement,
    code="proposal.maybe_same",
    says="does {number} say the same as {category}? {share:.0%} of its variance lies between the {values:,} "
    "categories. If so, list one of them in `drop`: models split what they say between the two",
):
    """A number that hardly varies within a category, such as a fee by plan; share: adjusted eta²."""

    number: str
    category: str
    share: float
    values: int


class MaybeTime(
    Statement,
    code="proposal.maybe_time",
    says="a time may stand in {columns:listed}. Is the future to be predicted? Then write `time:` with a column and "
    "`resampling: {{kind: time_ordered, folds: 5}}`",
):
    columns: tuple[str, ...]


class DatesAsNumbers(
    Statement,
    code="proposal.dates_as_numbers",
    says="{column} holds dates, which no model takes as they are",
):
    column: str


class ReadAs(
    Statement, code="proposal.read_as", says="{column} is written like {example}"
):
    column: str
    example: str


class EitherOrder(
    Statement,
    code="proposal.either_order",
    says="{column}: every date could be day first as well; check the order",
):
    column: str


class StandsForMissing(
    Statement,
    code="proposal.stands_for_missing",
    says="{column}: {value} in {rows:,} {rows:row|rows}, far from all others, stands for missing",
):
    column: str
    value: str
    rows: int


class MaybeMissing(
    Statement,
    code="proposal.maybe_missing",
    says="{column}: does {value} in {rows:,} {rows:row|rows} stand for missing? Then write "
    '`missing: ["{value}"]` into its dataset',
):
    column: str
    value: str
    rows: int


class TargetMissing(
    Statement,
    code="proposal.target_missing",
    says="{column} is missing in {rows:,} {rows:row|rows}",
):
    column: str
    rows: int


class RareClass(
    Statement,
    code="proposal.rare_class",
    says="class {label} has {share:.1%} of the rows: accuracy would say little",
):
    label: str
    share: float


class TinyClasses(
    Statement,
    code="proposal.tiny_classes",
    says="{labels}: fewer rows than folds ({rows:,} in all), so no fold can test it",
):
    labels: str
    rows: int


class CountsOfCases(
    Statement,
    code="proposal.counts",
    says="the file had a row for several cases, {column} of them; the copy in `data` has a row for each, {cases:,} in "
    "all",
):
    column: str
    cases: int


class FirstWork(Statement, code="proposal.work"):
    """What the protocol of a new study costs, by the size of its table; seconds: on two cores that do nothing else."""

    rows: int
    columns: int
    trainings: int
    seconds: int

    def sentence(self) -> str:
        minutes = -(-self.seconds // 60)
        columns = f"{plural(self.columns, 'column')} once encoded"
        time = plural(minutes, "minute")
        return (
            f"protocol: by the size of the table ({plural(self.rows, 'row')}, {columns}) "
            f"{plural(self.trainings, 'training')}, about {time} on two free cores"
        )


class Stronger(Statement, code="proposal.stronger"):
    """What would make the protocol of a new study stronger, as it is written in one."""

    changes: tuple[str, ...]

    def sentence(self) -> str:
        return "stronger, and longer: " + ", ".join(
            f"`{change}`" for change in self.changes
        )
