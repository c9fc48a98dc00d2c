"""The data: classes, columns with their histograms, rows that all models miss; the rest in one fold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from bench.core.by_row import WrongCount
from bench.core.frames import records
from bench.core.outcomes import decoded
from bench.report import facts
from bench.report.blocks import (
    Block,
    Cell,
    Details,
    Facts,
    Figure,
    Listing,
    Paragraph,
    Part,
    Table,
)
from bench.report.bundle import Bundle
from bench.report.charts.marks import Chart
from bench.report.charts.plot_bars import plot_bars, plot_histogram
from bench.report.charts.plot_shares import PlotBar, plot_shares
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.text import external as given
from bench.report.values import Value, count, percent, quantity
from bench.scores.design import is_external
from bench.text import formats
from bench.text.sentences import sentence

#: Columns with a histogram; classes with a hue of their own; rows of the figure of classes; columns in the fold.
MOST_DRAWN, MOST_HUES, MOST_CLASSES, MOST_LISTED = 14, 4, 12, 100
#: The remark on columns that are not drawn: the page says so itself.
NOT_DRAWN = "left_out"


@dataclass(frozen=True)
class TableFacts:
    """What is known of a clean table (columns of frames.TABLES)."""

    rows: int
    features: int
    classes: list[str] | None
    positive: str | None
    draws: int
    source: str | None
    raw_sha256: str | None
    fingerprint: str | None


#: The table of a dataset that has none yet.
NO_TABLE = TableFacts(0, 0, None, None, 0, None, None, None)


def data(bundle: Bundle) -> Iterator[Block]:
    """The only dataset, or a row a dataset; then what somebody else's tables hold; the rest in one fold."""
    styles = styles_of(bundle)
    own = [name for name in bundle.datasets if not is_external(bundle.study, name)]
    folded: list[Block] = []
    if len(own) == 1:
        yield from _shown(bundle, own[0])
        folded += _folded(bundle, own[0])
    elif own:
        yield _side_by_side(bundle, styles, own)
        for name in own:
            blocks = (*_shown(bundle, name), *_folded(bundle, name))
            folded.append(Part(styles.dataset(name), blocks))
    for title, names in _given(bundle, styles).items():
        yield Part(title, (Facts(_facts_given(bundle, names)),))
        cleaning = _cleaning(bundle, names[0])
        folded.append(Part(f"Cleaning of {title}", (cleaning,)))
    if folded:
        yield Details("Every column, remarks and cleaning", tuple(folded))


def _shown(bundle: Bundle, dataset: str) -> Iterator[Block]:
    """Facts, the bar of classes, columns with their histograms."""
    counts = _class_counts(bundle, dataset)
    if counts:
        yield _classes(bundle, dataset, counts)
    yield _facts(bundle, dataset)
    columns = bundle.of("columns", dataset)
    drawn = _telling(bundle, dataset)
    if drawn:
        yield _drawn(bundle, dataset, columns, drawn, [name for name, _ in counts])


def _table(bundle: Bundle, dataset: str) -> TableFacts:
    return next(iter(records(bundle.of("tables", dataset), TableFacts)), NO_TABLE)


def _facts(bundle: Bundle, dataset: str) -> Facts:
    table = _table(bundle, dataset)
    columns = bundle.of("columns", dataset)
    target = columns.filter(role="target")["column"].to_list()
    named = target or [bundle.study.datasets[dataset].target or formats.NONE]
    rows: list[tuple[str, Cell]] = [
        ("Rows, features", (count(table.rows), ", ", count(table.features))),
        ("Target", named[0]),
        ("Missing values", _missing(columns)),
    ]
    if table.positive:
        rows.append(("Positive class", table.positive))
    if table.draws:
        rows.append(("Draws", count(table.draws)))
    rows += [
        ("Source", table.source or formats.NONE),
        ("Fingerprint", formats.fingerprint(table.fingerprint)),
    ]
    return Facts(tuple(rows))


def _missing(columns: pl.DataFrame) -> tuple[str | Value, ...]:
    """How many values are missing, and in which columns most."""
    features = columns.filter(role="feature")
    cells, gone = int(features["rows"].sum() or 0), int(features["missing"].sum() or 0)
    worst = features.filter(pl.col("missing") > 0).sort(
        ["missing", "column"], descending=[True, False]
    )
    if not gone:
        return (count(0),)
    named = [f"{a} ({b})" for a, b in worst.select("column", "missing").iter_rows()]
    more = f"; more columns: {len(named) - 8}" if len(named) > 8 else ""
    return count(gone), " (", percent(gone / cells, 1), "): ", ", ".join(named[:8]) + more  # fmt: skip


def _class_counts(bundle: Bundle, dataset: str) -> list[tuple[str, int]]:
    """The rows of each class, in class order."""
    order = {name: i for i, name in enumerate(bundle.classes(dataset))}
    counts = bundle.of("classes", dataset).select("class", "count").iter_rows()
    return sorted(counts, key=lambda one: (order.get(one[0], len(order)), str(one[0])))


def _tones(classes: int) -> list[str]:
    """The tones of the classes; one for all where there are too many."""
    return [f"c{i}" for i in range(classes)] if classes <= MOST_HUES else []


def _classes(bundle: Bundle, dataset: str, counts: list[tuple[str, int]]) -> Figure:
    table, missed = _table(bundle, dataset), _missed(bundle, dataset)
    largest = max(n for _, n in counts)
    result: list[str | Value] = [
        "The largest of ", count(len(counts)), " classes has ", percent(largest / sum(n for _, n in counts), 1),
        " of ", count(table.rows), " rows",
    ]  # fmt: skip
    if missed is not None:
        result += ["; rows that all models miss: ", count(missed)]
    marks = "Bar: rows of a class."
    if len(counts) > MOST_CLASSES:
        marks += f" Classes shown: the {MOST_CLASSES} largest."
    elif _tones(len(counts)):
        marks += " Its colour returns in the histograms."
    kept = sorted(counts, key=lambda one: -one[1])[:MOST_CLASSES]
    shown = [one for one in counts if one in kept]
    chart = plot_bars("Rows by class", shown, _tones(len(counts)))
    total = sum(n for _, n in counts)
    rows = tuple((name, count(n), percent(n / total, 1)) for name, n in counts)
    behind = Table(("Class", "Rows", "Share"), rows)
    return Figure(f"classes-{dataset}", (*result, "."), marks, (chart,), behind)


def _missed(bundle: Bundle, dataset: str) -> int | None:
    """How many rows every model gets wrong; None where nobody counted."""
    counts = bundle.rows("wrong_counts", WrongCount, dataset=dataset)
    if not counts or facts.is_simulated(bundle, dataset) or counts[0].models < 2:
        return None
    return sum(one.rows for one in counts if one.families == one.models)


def _telling(bundle: Bundle, dataset: str) -> list[str]:
    """Columns with a histogram, first those whose classes lie farthest apart, or that follow the target most."""
    columns = bundle.of("columns", dataset)
    names = columns.filter(role="feature")["column"].to_list()
    binned = set(bundle.of("histograms", dataset)["column"])
    target = columns.filter(role="target")["column"].to_list()
    if bundle.study.task == "regression":
        follows = bundle.of("correlations", dataset).filter(pl.col("a").is_in(target))
        size = dict(follows.select("b", pl.col("r").abs()).iter_rows())
    else:
        boxes = bundle.of("boxes", dataset).filter(pl.col("class").is_not_null())
        apart = boxes.group_by("column").agg(
            pl.col("median").max() - pl.col("median").min()
        )
        spread = columns.select("column", "sd").filter(pl.col("sd") > 0)
        found = apart.join(spread, on="column")
        size = dict(found.select("column", pl.col("median") / pl.col("sd")).iter_rows())
    order = {name: i for i, name in enumerate(names)}
    ranked = sorted(names, key=lambda name: (-(size.get(name) or 0.0), order[name]))
    kept = target if bundle.study.task == "regression" else []
    return [name for name in [*kept, *ranked] if name in binned][:MOST_DRAWN]


def _drawn(
    bundle: Bundle,
    dataset: str,
    columns: pl.DataFrame,
    drawn: list[str],
    classes: list[str],
) -> Table:
    """A small histogram in the row of each column."""
    about = {row["column"]: row for row in columns.iter_rows(named=True)}
    bins = bundle.of("histograms", dataset)
    rows: list[tuple[Cell, ...]] = []
    for name in drawn:
        one = about[name]
        numbers = [quantity(one[key]) for key in ("minimum", "mean", "maximum")]
        chart = _histogram(name, bins.filter(column=name), classes)
        rows.append((name, chart, count(one["missing"]), *numbers))
    features = columns.filter(role="feature").height
    how = "by how far the medians of classes lie apart"
    if bundle.study.task == "regression":
        how = "the target, then by correlation with it"
    few = f", the first {len(drawn)} of {features} features" if features > len(drawn) else ""  # fmt: skip
    head = ("Column", "Distribution", "Missing", "Lowest", "Mean", "Highest")
    return Table(head, tuple(rows), f"Columns, {how}{few}")


def _histogram(name: str, bins: pl.DataFrame, classes: list[str]) -> Chart:
    """A histogram by class where classes have hues and are counted, else of all rows together."""
    found = Counter[tuple[str | None, int]]()
    for klass, place, n in bins.select("class", "bin", "count").iter_rows():
        found[klass, place] += n
    counted = set(bins["class"].drop_nulls()) & set(classes)
    split: list[str | None] = [*classes] if counted and _tones(len(classes)) else [None]
    places = sorted(set(bins["bin"]))
    counts = [[found[klass, place] for place in places] for klass in split]
    tones = _tones(len(classes)) if split != [None] else ["open"]
    return plot_histogram(name, counts, tones)


def _folded(bundle: Bundle, dataset: str) -> Iterator[Block]:
    """Every column, remarks, the cleaning log."""
    columns = bundle.of("columns", dataset)
    remarks = bundle.of("remarks", dataset).filter(pl.col("code") != NOT_DRAWN)
    said = tuple(sentence(one) for row in remarks["details"] for one in decoded(row))
    if said:
        draws = any(bundle.of("tables", dataset)["draws"].to_list())
        yield Paragraph("Remarks on each draw:" if draws else "Remarks:")
        yield Listing(said)
    if columns.height:
        yield _every_column(columns)
    yield _cleaning(bundle, dataset)


def _every_column(columns: pl.DataFrame) -> Table:
    """Every column; of very many features the first."""
    feature = pl.col("role") == "feature"
    kept = columns.filter(~feature | (feature.cum_sum() <= MOST_LISTED))
    rows: list[tuple[Cell, ...]] = []
    for one in kept.iter_rows(named=True):
        numbers = [quantity(one[key]) for key in ("mean", "sd", "minimum", "maximum")]
        rows.append((
            one["column"], one["role"], one["type"], count(one["missing"]), count(one["unique"]), *numbers,
            one["example"] or "",
        ))  # fmt: skip
    head = ("Column", "Role", "Type", "Missing", "Unique", "Mean", "SD", "Smallest", "Largest", "Example")  # fmt: skip
    cut = f", the first {MOST_LISTED} features" if kept.height < columns.height else ""
    return Table(head, tuple(rows), f"Every column{cut}")


def _cleaning(bundle: Bundle, dataset: str) -> Block:
    """What cleaning changed, a step a row."""
    rows: list[tuple[Cell, ...]] = []
    for one in bundle.of("cleaning", dataset).sort("order").iter_rows(named=True):
        given = one["parameters"] or ""
        sizes = [f"{one[f'{key}_before']} → {one[f'{key}_after']}" for key in ("rows", "columns")]  # fmt: skip
        rows.append((
            one["step"], "" if given == "{}" else given, *sizes, count(one["cells_changed"]), one["example"] or "",
        ))  # fmt: skip
    if not rows:
        return Paragraph("Cleaning: nothing was changed.")
    head = ("Step", "Parameters", "Rows", "Columns", "Values changed", "Example")
    return Table(head, tuple(rows), "Cleaning log")


def _side_by_side(bundle: Bundle, styles: Styles, names: list[str]) -> Table:
    """A row a dataset."""
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        table, counts = _table(bundle, name), _class_counts(bundle, name)
        columns, missed = bundle.of("columns", name), _missed(bundle, name)
        tones = _tones(len(counts)) or ["open", "pale"] * len(counts)
        parts = [(klass, tone) for (klass, _), tone in zip(counts, tones, strict=False)]
        bar = PlotBar("", tuple(float(n) for _, n in counts))
        rows.append((
            styles.dataset(name), count(table.rows), count(table.features),
            plot_shares(f"Classes of {styles.dataset(name)}", [bar], parts) if counts else "",
            count(int(columns.filter(role="feature")["missing"].sum() or 0)),
            "" if missed is None else count(missed),
        ))  # fmt: skip
    head = ("Dataset", "Rows", "Features", "Classes", "Missing values", "Missed by all models")  # fmt: skip
    return Table(head, tuple(rows), "Datasets")


def _given(bundle: Bundle, styles: Styles) -> dict[str, list[str]]:
    """The external tables by title, each with the datasets that it is about."""
    tables: dict[str, list[str]] = {}
    for name in bundle.datasets:
        if is_external(bundle.study, name):
            tables.setdefault(_table(bundle, name).raw_sha256 or "", []).append(name)
    titles = {}
    for names in tables.values():
        title = ", ".join(map(styles.dataset, names[:3]))
        if len(names) > 3:
            title += f" and more: {len(names) - 3}"
        titles[title] = names
    return titles


def _facts_given(bundle: Bundle, names: list[str]) -> tuple[tuple[str, Cell], ...]:
    first, spec = _table(bundle, names[0]), bundle.study.datasets[names[0]]
    what = "Rows of scores" if spec.predictions is None else "Rows predicted"
    made_by = spec.external.made_by if spec.external else None
    rows: list[tuple[str, Cell]] = [
        ("Datasets", count(len(names))),
        (what, count(sum(_table(bundle, name).rows or 0 for name in names))),
        ("Classes", ", ".join(first.classes or ())),
        ("Positive class", first.positive or ""),
        ("Design", given.design_words(bundle, names[0]) if len(names) == 1 else ""),
        ("Source", first.source or ""),
        ("Made by", made_by or "not stated"),
    ]
    return tuple(row for row in rows if row[1])


SECTION = Section("data", "Data", data, "each", order=70)
