"""What is unusual about a clean table, as statements with a count. They warn; nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from bench.core.frames import DUPLICATES, empty
from bench.core.outcomes import Statement, encoded
from bench.core.task import Task
from bench.data.clean import Clean
from bench.data.hints import TOKENS, group_like, id_like, not_numbers, time_like
from bench.data.relations import copies, is_grid
from bench.data.types import ColumnKind
from bench.text import remarks as seen

MANY_LEVELS = 50
DECIMAL_COMMA = r"^\s*[+-]?\d+(,\d+)?\s*$"
DATE_WRITTEN = r"^\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})([T ]\d{2}:\d{2}.*)?\s*$"
RARE_SHARE, RARE_COUNT = 0.05, 10
#: So many columns are held against each other.
RELATED = 500


@dataclass(frozen=True)
class TableRemark:
    """One remark: what was seen, how many rows (or columns, or values) it is about, and in which column.

    `column` None: the whole table. `grave`: a warning, not a note.
    """

    statement: Statement
    count: int
    column: str | None = None
    grave: bool = True

    @property
    def row(self) -> dict[str, object]:
        """As a row of frames.REMARKS, without the dataset."""
        return {
            "code": str(self.statement.code).partition(".")[2],
            "column": self.column,
            "severity": "warning" if self.grave else "note",
            "count": self.count,
            "details": encoded([self.statement]),
        }


def remarks(
    clean: Clean,
    task: Task | None,
    summary: list[dict[str, object]],
    left_out: dict[str, list[str]],
) -> list[dict[str, object]]:
    """All remarks: on the table, on its classes, then column by column in the order of the table.

    `summary` are the rows of frames.COLUMNS; `left_out` the columns without `shapes` and without `correlations`.
    """
    made = [*_left_out(left_out), *_declared_in_vain(clean)]
    if task is not None:
        made += [*_table(clean), *_repeated(clean)]
        if task == "classification":
            made += _balance(clean)
    made += _related(clean)
    for row in summary:
        if row["role"] == "feature":
            made += _column(clean, row)
        elif row["type"] == "categorical" and row["role"] in ("target", "group"):
            made += alike(clean.frame[str(row["column"])])
    return [remark.row for remark in made]


def _left_out(left_out: dict[str, list[str]]) -> Iterator[TableRemark]:
    for figure, columns in left_out.items():
        if columns:
            yield TableRemark(
                seen.NotDrawn(figure, len(columns), columns[0]),
                len(columns),
                grave=False,
            )


def _declared_in_vain(clean: Clean) -> Iterator[TableRemark]:
    stated = clean.log.filter(pl.col("step") == "missing")
    if stated.height and not stated["cells_changed"].sum():
        tokens = tuple(json.loads(stated["parameters"][0]))
        yield TableRemark(seen.TokensNowhere(tokens), len(tokens))


def _table(clean: Clean) -> Iterator[TableRemark]:
    frame, features = clean.frame, clean.columns("feature")
    missing = frame.select(pl.any_horizontal(pl.col(features).is_null()).sum()).item()
    if missing:
        yield TableRemark(seen.MissingRows(missing, frame.height), missing, grave=False)
    empty = frame.select(pl.all_horizontal(pl.col(features).is_null()).sum()).item()
    if empty:
        yield TableRemark(seen.EmptyRows(empty), empty)
    rows = frame.height // max(1, int(clean.table["draws"][0]))
    if len(features) >= rows:
        yield TableRemark(seen.Wide(len(features), rows), len(features))
    if rows < 100:
        yield TableRemark(seen.FewRows(rows), rows)


def _related(clean: Clean) -> Iterator[TableRemark]:
    """Copies of columns, and tables that are a designed grid."""
    features = [
        name for name in clean.columns("feature") if clean.types[name] != "date"
    ][:RELATED]
    for name, other in copies(clean.frame, features).items():
        yield TableRemark(
            seen.CopyOf(name, other), clean.frame.height, name, grave=False
        )
    if is_grid(clean.frame, clean.columns("feature")):
        yield TableRemark(
            seen.DesignedGrid(len(features)), clean.frame.height, grave=False
        )


def _repeated(clean: Clean) -> Iterator[TableRemark]:
    """Exact duplicates and conflicting labels: candidates by hash, then compared value by value."""
    features, target = clean.columns("feature"), clean.columns("target")
    candidates = _duplicates(clean.frame, features)
    if not candidates.height:
        return
    copies = candidates.height - candidates.unique([*features, *target]).height
    if copies:
        yield TableRemark(seen.Duplicates(copies), copies)
    numbered = {name: f"x{j}" for j, name in enumerate(features)} | {target[0]: "y"}
    sets = candidates.select(list(numbered)).rename(numbered).group_by(pl.exclude("y"))
    groups = sets.agg(pl.col("y").n_unique().alias("labels"), pl.len().alias("rows"))
    conflicts = int(groups.filter(pl.col("labels") > 1)["rows"].sum())
    if conflicts:
        yield TableRemark(seen.ConflictingLabels(conflicts), conflicts, grave=False)


def duplicates(name: str, clean: Clean) -> pl.DataFrame:
    """The rows whose features equal those of another row, in sets (frames.DUPLICATES); the target may differ."""
    features = clean.columns("feature")
    if not features:
        return empty(DUPLICATES)
    candidates = _duplicates(clean.frame, features).select("row", *features)
    sets = (
        candidates.group_by(features, maintain_order=True)
        .agg("row")
        .filter(pl.col("row").list.len() > 1)["row"]
    )
    numbered = sets.to_frame().with_row_index("duplicates").explode("row")
    return numbered.select(pl.lit(name).alias("dataset"), "row", "duplicates").cast(
        DUPLICATES
    )


def _duplicates(frame: pl.DataFrame, features: list[str]) -> pl.DataFrame:
    """The rows whose features may equal those of another row, and few others."""
    values = frame.select(features)
    hashes = (
        values.select(pl.struct(pl.all()).hash().alias("h"))["h"]
        if len(features) < 500
        else values.hash_rows()
    )
    return frame.filter(hashes.is_duplicated())


def _balance(clean: Clean) -> Iterator[TableRemark]:
    target = clean.columns("target")[0]
    counts = (
        clean.frame[target].alias("label").value_counts(name="n").sort(["n", "label"])
    )
    label, n = counts.row(0)
    share = n / clean.frame.height
    if n < RARE_COUNT:
        yield TableRemark(seen.TinyClass(str(label), n), n, target)
    if share < RARE_SHARE or n * 10 < counts["n"].max():
        yield TableRemark(seen.Imbalance(str(label), share), n, target)


def _column(clean: Clean, row: dict[str, object]) -> Iterator[TableRemark]:
    name, missing, rows = (
        str(row["column"]),
        int(str(row["missing"])),
        int(str(row["rows"])),
    )
    if missing == rows:
        yield TableRemark(seen.AllMissing(name), missing, name)
        return
    if missing:
        yield TableRemark(
            seen.ColumnsWithMissing(name, missing, rows),
            missing,
            name,
            grave=missing > rows / 2,
        )
    if row["unique"] == 1:
        yield TableRemark(seen.Constant(name), rows - missing, name)
        return
    whole, _, part = name.rpartition("_")
    part_of_date = part != "year" and f"{whole}_year" in clean.types
    yield from _kind_remarks(
        clean.frame[name], clean.types[name], int(str(row["unique"])), part_of_date
    )


def _kind_remarks(
    series: pl.Series, kind: ColumnKind, unique: int, part_of_date: bool
) -> Iterator[TableRemark]:
    name = series.name
    if id_like(series, kind):
        yield TableRemark(seen.IdLike(name), unique, name)
    elif group_like(series, kind):
        yield TableRemark(seen.PossibleGroup(name, unique), unique, name, grave=False)
    if (
        time_like(series, kind) and not part_of_date
    ):  # a month beside its year is no time
        yield TableRemark(seen.TimeLikeColumn(name), unique, name, grave=False)
    if kind == "categorical":
        yield from _text_remarks(series, unique)


def _text_remarks(series: pl.Series, unique: int) -> Iterator[TableRemark]:
    name = series.name
    words, rows = not_numbers(series)
    values = series.cast(pl.String).drop_nulls()
    if (
        values.str.contains(DECIMAL_COMMA).all()
        and values.str.contains(",", literal=True).any()
    ):
        yield TableRemark(seen.DecimalCommas(name, values[0]), unique, name)
    elif values.str.contains(DATE_WRITTEN).all():
        yield TableRemark(seen.DatesAsText(name, values[0]), unique, name)
    elif words:
        yield TableRemark(
            seen.NearNumeric(name, tuple(words), rows, set(words) <= set(TOKENS)),
            rows,
            name,
        )
    elif unique > MANY_LEVELS:
        yield TableRemark(seen.HighCardinality(name, unique), unique, name)
    yield from alike(series)


def alike(series: pl.Series) -> Iterator[TableRemark]:
    """Categories that differ only in case or spaces."""
    categories = pl.Series(series.cast(pl.String).drop_nulls().unique())
    plain = categories.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    count = int(plain.is_duplicated().sum())
    if count:
        yield TableRemark(seen.AlikeCategories(series.name, count), count, series.name)
