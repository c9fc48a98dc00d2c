"""The data: a card a table, what a careful look finds, distributions, correlations, classes, the cleaning log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from bench.core.frames import records
from bench.core.outcomes import decoded
from bench.report.bundle import Bundle, remembered
from bench.report.charts.distributions import Bars, Box, boxes, counted_bars, histogram
from bench.report.charts.matrices import correlation
from bench.report.charts.svg import Figure, Table
from bench.report.section import Labelled, Section, keys, labelled
from bench.report.styles import Styles, styles_of
from bench.report.text import data as text
from bench.report.text import external as given
from bench.scores.design import is_external
from bench.text import formats
from bench.text.glossary import Term, terms
from bench.text.sentences import sentences

NOT_DRAWN = (
    "left_out"  # the remark on columns that are not drawn: the page says so itself
)
MOST_COLUMNS = 24  # histograms, boxes and rows of the heat map a dataset
MOST_HUES = 4  # classes drawn in colours of their own
MOST_CLASSES = (
    30  # rows of the figure of classes: two hundred are longer than any screen or sheet
)
MOST_PAIRS = 8
MOST_NAMED = 3  # datasets of one external table, by name
MOST_OUTLIERS = 20  # drawn beyond a whisker
MOST_LISTED = (
    100  # features in the table of columns: thousands of rows make a page of megabytes
)


@dataclass(frozen=True)
class ClassHue:
    """A class and the CSS class of its colour."""

    hue: str
    name: str


@dataclass(frozen=True)
class SmallHistogram:
    """A histogram of one column."""

    name: str
    figure: Figure


@dataclass(frozen=True)
class CorrelatedPair:
    """Two columns and their correlation."""

    a: str
    b: str
    r: str


@dataclass(frozen=True)
class ColumnShown:
    """A row of the table of columns."""

    column: str
    role: str
    type: str
    missing: str
    unique: str
    mean: str
    sd: str
    minimum: str
    maximum: str
    example: str


@dataclass(frozen=True)
class StepShown:
    """A row of the cleaning log; rows and columns are `before → after` where the step changed them."""

    step: str
    parameters: str
    rows: str
    columns: str
    cells: str
    example: str


@dataclass(frozen=True)
class DataPlace:
    """The card of one table; where `given` says that it holds external predictions or scores, there is no profile."""

    key: str
    title: str
    card: tuple[Labelled, ...]
    cleaning: tuple[StepShown, ...]
    given: bool = False
    missing: str = ""
    remarks: tuple[str, ...] = ()
    draws: bool = False
    classes: Figure | None = None
    legend: tuple[ClassHue, ...] = ()
    histograms: tuple[SmallHistogram, ...] = ()
    cut: str = ""
    boxes: Figure | None = None
    correlation: Figure | None = None
    pairs: tuple[CorrelatedPair, ...] = ()
    strongest: str = ""
    columns: tuple[ColumnShown, ...] = ()
    listed: str = ""


@dataclass(frozen=True)
class DataView:
    """The section."""

    places: list[DataPlace]
    terms: list[Term]


@dataclass(frozen=True)
class TableFacts:
    """What a card says of a clean table (columns of frames.TABLES)."""

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


@dataclass(frozen=True)
class _Column:
    """Columns of frames.COLUMNS."""

    column: str
    role: str
    type: str
    missing: int
    unique: int
    mean: float | None
    sd: float | None
    minimum: float | None
    maximum: float | None
    example: str | None


@dataclass(frozen=True)
class _Step:
    """Columns of frames.CLEANING."""

    step: str
    parameters: str | None
    rows_before: int
    rows_after: int
    columns_before: int
    columns_after: int
    cells_changed: int
    example: str | None


def data(bundle: Bundle) -> DataView:
    """A card for each table: those of the study, then the external ones."""
    styles = styles_of(bundle)
    own = [
        _place(bundle, styles, name)
        for name in bundle.datasets
        if not is_external(bundle.study, name)
    ]
    return DataView(
        own + _given_places(bundle, styles),
        terms(*(("box", "pearson", "fingerprint") if own else ())),
    )


def _place(bundle: Bundle, styles: Styles, dataset: str) -> DataPlace:
    columns, classes = bundle.of("columns", dataset), bundle.classes(dataset)
    features = columns.filter(role="feature")["column"].to_list()
    drawn, total = features[:MOST_COLUMNS], len(features)
    hued, place, binned = (
        2 <= len(classes) <= MOST_HUES,
        styles.dataset(dataset),
        bundle.of("histograms", dataset),
    )
    return DataPlace(
        key=keys(bundle).get(dataset, ""),
        title=place,
        card=_card(bundle, dataset),
        missing=_missing(columns),
        remarks=tuple(
            sentences(decoded(one))
            for one in bundle.of("remarks", dataset).filter(
                pl.col("code") != NOT_DRAWN
            )["details"]
        ),
        draws=any(bundle.of("tables", dataset)["draws"].to_list()),
        classes=_classes(bundle, styles, dataset),
        legend=tuple(ClassHue(f"c{i}", name) for i, name in enumerate(classes))
        if hued
        else (),
        histograms=tuple(_histograms(binned, drawn, classes if hued else [], place)),
        cut=text.drawn(MOST_COLUMNS, total) if total > len(drawn) > 0 else "",
        boxes=_boxes(
            bundle.of("boxes", dataset), dataset, place, drawn, classes if hued else []
        ),
        correlation=_correlation(bundle, styles, dataset),
        pairs=_strongest(bundle, dataset),
        strongest=text.strongest(*_correlated(bundle, dataset)),
        columns=tuple(_column(row) for row in records(_listed(columns), _Column)),
        listed=text.listed(MOST_LISTED, total)
        if total > MOST_LISTED
        else text.EVERY_COLUMN,
        cleaning=_cleaning(bundle, dataset),
    )


def _given_places(bundle: Bundle, styles: Styles) -> list[DataPlace]:
    """A card for each external table, whatever number of datasets it is about."""
    tables: dict[str, list[str]] = {}
    for name in bundle.datasets:
        if is_external(bundle.study, name):
            tables.setdefault(
                "".join(bundle.of("tables", name)["raw_sha256"].head(1)), []
            ).append(name)
    return [_given_place(bundle, styles, names) for names in tables.values()]


def _given_place(bundle: Bundle, styles: Styles, names: list[str]) -> DataPlace:
    titles = [styles.dataset(name) for name in names]
    return DataPlace(
        key=keys(bundle).get(names[0], "") if len(names) == 1 else "",
        title=formats.listed(titles)
        if len(names) <= MOST_NAMED
        else text.several(len(names)),
        given=True,
        card=_given_card(bundle, names),
        cleaning=_cleaning(bundle, names[0]),
    )


def _given_card(bundle: Bundle, names: list[str]) -> tuple[Labelled, ...]:
    tables = records(
        bundle.frame("tables").filter(pl.col("dataset").is_in(names)), TableFacts
    )
    spec, first = bundle.study.datasets[names[0]], next(iter(tables), NO_TABLE)
    return labelled(
        ("Datasets", formats.count(len(names)) if len(names) > 1 else ""),
        (
            text.rows_given(spec.predictions is not None),
            formats.count(sum(one.rows or 0 for one in tables)),
        ),
        ("Classes", ", ".join(first.classes or ())),
        ("Positive class", first.positive or ""),
        ("Design", given.design_words(bundle, names[0]) if len(names) == 1 else ""),
        ("Source", first.source or ""),
        (
            "Made by",
            (spec.external.made_by if spec.external else None) or text.MAKER_UNKNOWN,
        ),
    )


def _listed(columns: pl.DataFrame) -> pl.DataFrame:
    """Every column, of very many features the first."""
    feature = pl.col("role") == "feature"
    return columns.filter(~feature | (feature.cum_sum() <= MOST_LISTED))


def _card(bundle: Bundle, dataset: str) -> tuple[Labelled, ...]:
    table = next(iter(records(bundle.of("tables", dataset), TableFacts)), None)
    if table is None:
        return labelled(("Table", text.NO_TABLE))
    targets = bundle.of("columns", dataset).filter(
        role="target"
    )  # the study may say `last`
    return labelled(
        ("Rows", formats.count(table.rows)),
        ("Features", formats.count(table.features)),
        (
            "Target",
            next(
                iter(targets["column"]),
                bundle.study.datasets[dataset].target or formats.NONE,
            ),
        ),
        ("Classes", formats.count(len(table.classes)) if table.classes else ""),
        ("Positive class", table.positive or ""),
        ("Draws", formats.count(table.draws) if table.draws else ""),
        ("Source", table.source or ""),
        ("Fingerprint", formats.fingerprint(table.fingerprint)),
    )


def _missing(columns: pl.DataFrame) -> str:
    """The good news, or which columns have gaps."""
    features = columns.filter(role="feature")
    cells, gone = int(features["rows"].sum() or 0), int(features["missing"].sum() or 0)
    worst = features.filter(pl.col("missing") > 0).sort(
        ["missing", "column"], descending=[True, False]
    )
    return text.missing(
        cells, gone, list(worst.select("column", "missing").iter_rows())
    )


def _classes(bundle: Bundle, styles: Styles, dataset: str) -> Figure | None:
    rows = bundle.of("classes", dataset)
    if not rows.height:
        return None
    order = {name: i for i, name in enumerate(bundle.classes(dataset))}
    counts = sorted(
        rows.select("class", "count").iter_rows(),
        key=lambda item: (order.get(item[0], len(order)), str(item[0])),
    )
    total = sum(n for _, n in counts)
    drawn = set(sorted(counts, key=lambda item: -item[1])[:MOST_CLASSES])
    shown = [item for item in counts if item in drawn]
    label = text.classes_label(styles.dataset(dataset), shown)
    hues = [f"c{i}" for i in range(len(shown))] if len(shown) <= MOST_HUES else []
    table = Table(
        ("Class", "Rows", "Share"),
        tuple((c, formats.count(n), formats.share(n, total)) for c, n in counts),
    )
    note = text.classes_note(total, len(shown), len(counts))
    return Figure(
        f"classes-{dataset}",
        "Class balance",
        note,
        counted_bars(shown, label, hues),
        table,
    )


class _Bin(NamedTuple):
    """A row of frames.HISTOGRAMS; `n`: how many cases."""

    bin: int
    low: float | None
    high: float | None
    label: str | None
    klass: str | None
    n: int


def _histograms(
    frame: pl.DataFrame, drawn: list[str], classes: list[str], place: str
) -> Iterator[SmallHistogram]:
    rows: dict[str, list[_Bin]] = {}
    for name, *row in frame.select(
        "column", "bin", "low", "high", "label", "class", "count"
    ).iter_rows():
        rows.setdefault(name, []).append(_Bin(*row))
    for name in drawn:
        bars = _bars(name, rows.get(name, []), classes)
        if bars is None:
            continue
        span = (
            f"{formats.short(bars.edges[0])} to {formats.short(bars.edges[-1])}"
            if bars.edges
            else ""
        )
        ends, totals = (
            span or formats.listed(bars.labels),
            [sum(column) for column in zip(*bars.counts, strict=True)],
        )
        label = text.histogram_label(name, sum(totals), ends, totals)
        figure = Figure(
            f"histogram-{place}-{name}",
            f"{name}, {place}",
            "",
            histogram(bars, label),
            None,
        )
        yield SmallHistogram(name, figure)


def _bars(name: str, rows: list[_Bin], classes: list[str]) -> Bars | None:
    """A histogram by class where classes are drawn and counted, else of all rows together."""
    if not rows:
        return None
    bins = [row for _, row in sorted({row.bin: row for row in rows}.items())]
    counted = {row.klass for row in rows} & set(classes)
    found = Counter[tuple[str | None, int]]()
    for row in rows:
        found[row.klass, row.bin] += row.n
    counts = tuple(
        tuple(found[c, one.bin] for one in bins)
        for c in (classes if counted else [None])
    )
    edges = [*(one.low for one in bins), bins[-1].high]
    numeric = tuple(end for end in edges if end is not None)
    if len(numeric) == len(edges):
        return Bars(name, counts, numeric, ())
    return Bars(name, counts, (), tuple(one.label or "" for one in bins))


@dataclass(frozen=True)
class _Box:
    """Columns of frames.BOXES; the class is apart, for its name is no name of a field."""

    column: str
    low_whisker: float
    q1: float
    median: float
    q3: float
    high_whisker: float
    outliers: int
    outlier_values: list[float] | None
    klass: str | None

    @property
    def marks(self) -> tuple[float, float, float, float, float]:
        return self.low_whisker, self.q1, self.median, self.q3, self.high_whisker


def _boxes(
    frame: pl.DataFrame, dataset: str, place: str, drawn: list[str], classes: list[str]
) -> Figure | None:
    split = bool(classes) and frame["class"].is_not_null().any()
    order: dict[str | None, int] = (
        {name: i for i, name in enumerate(classes)} if split else {}
    )
    kept = frame.drop_nulls("median").filter(
        pl.col("class").is_not_null() if split else pl.col("class").is_null()
    )
    rows = _by_column(kept)
    found = {name: rows[name] for name in drawn if name in rows}
    columns = [
        (
            name,
            sorted(
                (_box(row, order) for row in rows),
                key=lambda box: -1 if box.klass is None else box.klass,
            ),
        )
        for name, rows in found.items()
    ]
    if not columns:
        return None
    outliers = int(frame.filter(pl.col("class").is_null())["outliers"].sum() or 0)
    body = boxes(columns, text.boxes_label(len(columns), place, outliers))
    lines = tuple(
        (
            row.column,
            row.klass or "all",
            *map(formats.short, row.marks),
            formats.count(row.outliers),
        )
        for rows in found.values()
        for row in rows
    )
    return Figure(
        f"boxes-{dataset}", "Box plots", "", body, Table(text.BOXES_HEADER, lines)
    )


def _by_column(frame: pl.DataFrame) -> dict[str, list[_Box]]:
    found: dict[str, list[_Box]] = {}
    for row in records(frame.rename({"class": "klass"}), _Box):
        found.setdefault(row.column, []).append(row)
    return found


def _box(row: _Box, order: dict[str | None, int]) -> Box:
    klass = order.get(row.klass, -1)
    return Box(
        *row.marks,
        tuple(row.outlier_values or ())[:MOST_OUTLIERS],
        None if klass < 0 else klass,
    )


def _correlation(bundle: Bundle, styles: Styles, dataset: str) -> Figure | None:
    frame = bundle.of("correlations", dataset).filter(pl.col("r").is_not_null())
    if frame.height < 2:
        return None
    order = frame.sort("i").unique("i", keep="first", maintain_order=True)
    names = order["a"].to_list()[:MOST_COLUMNS]
    place = {i: k for k, i in enumerate(order["i"].to_list()[:MOST_COLUMNS])}
    r = np.zeros((len(names), len(names)))
    for i, j, value in frame.select("i", "j", "r").iter_rows():
        if i in place and j in place:
            r[place[i], place[j]] = value
    pairs = _strongest(bundle, dataset)
    strongest = (pairs[0].a, pairs[0].b, pairs[0].r) if pairs else None
    label = text.correlation_label(len(names), styles.dataset(dataset), strongest)
    return Figure(
        f"correlations-{dataset}",
        "Correlations, clustered",
        text.correlation_note(MOST_COLUMNS, *_correlated(bundle, dataset)),
        correlation(names, r, label),
        None,
    )


@remembered
def _correlated(bundle: Bundle, dataset: str) -> tuple[int, int]:
    """Of how many columns there are correlations, and how many numeric ones vary."""
    columns = bundle.of("columns", dataset).filter(pl.col("unique") > 1, type="numeric")
    numeric = columns.filter(pl.col("role").is_in(["feature", "target"])).height
    return bundle.of("correlations", dataset)["a"].n_unique(), numeric


@remembered
def _strongest(bundle: Bundle, dataset: str) -> tuple[CorrelatedPair, ...]:
    frame = bundle.of("correlations", dataset).filter(
        pl.col("i") < pl.col("j"), pl.col("r").is_not_null()
    )
    top = frame.with_columns(size=pl.col("r").abs()).sort(
        ["size", "i", "j"], descending=[True, False, False]
    )
    pairs = top.head(MOST_PAIRS).select("a", "b", "r").iter_rows()
    return tuple(CorrelatedPair(a, b, formats.signed(r)) for a, b, r in pairs)


def _column(row: _Column) -> ColumnShown:
    return ColumnShown(
        column=row.column,
        role=row.role,
        type=row.type,
        missing=formats.count(row.missing),
        unique=formats.count(row.unique),
        mean=formats.short(row.mean),
        sd=formats.short(row.sd),
        minimum=formats.short(row.minimum),
        maximum=formats.short(row.maximum),
        example=row.example or "",
    )


def _cleaning(bundle: Bundle, dataset: str) -> tuple[StepShown, ...]:
    return tuple(
        _step(step)
        for step in records(bundle.of("cleaning", dataset).sort("order"), _Step)
    )


def _step(row: _Step) -> StepShown:
    return StepShown(
        row.step,
        "" if row.parameters in (None, "", "{}") else str(row.parameters),
        _change(row.rows_before, row.rows_after),
        _change(row.columns_before, row.columns_after),
        formats.count(row.cells_changed),
        row.example or "",
    )


def _change(before: int, after: int) -> str:
    return (
        formats.count(after)
        if before == after
        else f"{formats.count(before)} → {formats.count(after)}"
    )


SECTION = Section("data", "Data", data, "each", order=70)
