"""What is unusual about a clean table, as statements: the remarks of its profile."""

from __future__ import annotations

from bench.core.outcomes import Statement
from bench.text.formats import plural, share


class NotDrawn(Statement, code="remark.left_out"):
    """Columns that the page leaves out of a figure, as there are too many: `figure` is shapes or correlations."""

    figure: str
    columns: int
    first: str

    def sentence(self) -> str:
        figures = {"shapes": "histograms and box plots", "correlations": "correlations"}
        return f"{figures[self.figure]} leave out {plural(self.columns, 'column')}, from {self.first} on"


class MissingRows(
    Statement,
    code="remark.missing_rows",
    says="{rows:,} {rows:row|rows} of {total:,} {rows:has|have} a missing value",
):
    rows: int
    total: int


class EmptyRows(
    Statement,
    code="remark.empty_rows",
    says="{rows:,} {rows:row|rows} {rows:has|have} no value in any feature",
):
    rows: int


class Wide(
    Statement,
    code="remark.wide",
    says="{features:,} features for {rows:,} {rows:row|rows}: enough for a model to fit by chance",
):
    features: int
    rows: int


class FewRows(
    Statement,
    code="remark.few_rows",
    says="only {rows:,} {rows:row|rows}, so scores are uncertain",
):
    rows: int


class Duplicates(
    Statement,
    code="remark.duplicates",
    says=("{rows:,} {rows:row|rows} {rows:equals|equal} an earlier row exactly"),
):
    rows: int


class ConflictingLabels(
    Statement,
    code="remark.conflicting_labels",
    says=(
        "{rows:,} {rows:row|rows} {rows:equals|equal} another row in all features but not in the target"
    ),
):
    rows: int


class TinyClass(
    Statement,
    code="remark.tiny_class",
    says=("class {label} has only {rows:,} {rows:row|rows}"),
):
    label: str
    rows: int


class Imbalance(
    Statement,
    code="remark.imbalance",
    says="class {label} has {share:.2%} of the rows: a score over all rows says little about it",
):
    label: str
    share: float


class AllMissing(
    Statement,
    code="remark.all_missing",
    says="{column} has no values; list it in `drop`",
):
    column: str


class ColumnsWithMissing(Statement, code="remark.missing"):
    """A column with missing values."""

    column: str
    rows: int
    total: int

    def sentence(self) -> str:
        return f"{self.column} is missing in {plural(self.rows, 'row')} ({share(self.rows, self.total)})"


class Constant(Statement, code="remark.constant", says="{column} has a single value"):
    column: str


class IdLike(
    Statement,
    code="remark.id_like",
    says="{column} looks like an identifier; if it is one, list it in `drop`",
):
    column: str


class PossibleGroup(
    Statement,
    code="remark.possible_group",
    says=(
        "{column} has {values:,} values with several rows each; if rows with the same value belong together, "
        "declare it as `group`"
    ),
):
    column: str
    values: int


class TimeLikeColumn(
    Statement,
    code="remark.possible_time",
    says="{column} looks like a time; if the future is to be predicted, declare it as `time`",
):
    column: str


class DecimalCommas(
    Statement,
    code="remark.decimal_commas",
    says="{column} is text such as '{example}'; if these are numbers with decimal commas, parse them with the step "
    '`parse_numbers`, or write `decimal: ","` in the source',
):
    column: str
    example: str


class DatesAsText(
    Statement,
    code="remark.dates_as_text",
    says="{column} is text such as '{example}'; if these are dates, declare the type date, and make "
    "numbers of it by `derive`",
):
    column: str
    example: str


class TokensNowhere(
    Statement,
    code="remark.tokens_nowhere",
    says="no value is one that the study declares as missing: {tokens:listed}",
):
    tokens: tuple[str, ...]


class NearNumeric(Statement, code="remark.near_numeric"):
    """A column of numbers but for some words; `known`: all of them commonly stand for missing."""

    column: str
    words: tuple[str, ...]
    rows: int
    known: bool

    def sentence(self) -> str:
        shown = ", ".join(f"'{word}'" for word in self.words)
        advice = f"declare `missing: [{shown}]`"
        if not self.known:
            advice = "if that means missing, declare it under `missing`; else declare the type (categorical, ordinal)"
        return f"{self.column} looks numeric except for {shown} in {plural(self.rows, 'row')}: {advice}"


class HighCardinality(
    Statement,
    code="remark.high_cardinality",
    says="{column} has {categories:,} categories; encoding makes as many columns of it",
):
    column: str
    categories: int


class CopyOf(
    Statement,
    code="remark.copy_of",
    says="{column} says the same as {other}",
):
    """A column that is another one in other words, or on another scale."""

    column: str
    other: str


class DesignedGrid(
    Statement,
    code="remark.designed_grid",
    says="the rows are every combination of the values of {columns} columns, each equally often",
):
    columns: int


class AlikeCategories(
    Statement,
    code="remark.alike",
    says=(
        "{column} has {categories} categories that differ from another only in case or spaces; "
        "`LOWER` and `TRIM` under `derive` merge them"
    ),
):
    column: str
    categories: int
