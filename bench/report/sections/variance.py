"""Where the noise comes from: the share of a score's variance that split, model seed and tuning seed have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.core.frames import records
from bench.report import facts
from bench.report.blocks import Block, Figure, Paragraph, Piece, Table
from bench.report.bundle import Bundle
from bench.report.charts.plot_shares import PlotBar, plot_shares
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.terms import term
from bench.report.values import count, gain, percent
from bench.text.words import Measure, measure

#: The parts of a bar in their order, each with its tone.
TONES = {"split": "ours", "model seed": "open", "tuning seed": "pale"}
#: From this share on a source is the one to repeat.
MOST = 0.5


@dataclass(frozen=True)
class VarianceRow:
    """Columns of frames.VARIANCE."""

    dataset: str
    family: str
    metric: str
    source: str
    share: float
    sd: float | None
    low: float | None
    high: float | None
    draws: int


def variance(bundle: Bundle) -> Iterator[Block]:
    """A bar a model and dataset for the primary metric, and a table of all."""
    rows = records(bundle.frame("variance").drop_nulls("share"), VarianceRow)
    unit = facts.primary(bundle)
    shown = [row for row in rows if row.metric == unit.name] or rows
    if not rows:
        return
    styles = styles_of(bundle)
    yield _figure(styles, measure(shown[0].metric), shown)
    yield Paragraph((
        term("budget"), ": repeat the source with the largest share; the others add little. ",
        "The tuning seed draws the inner folds.",
    ))  # fmt: skip
    yield _table(styles, rows)


def _figure(styles: Styles, unit: Measure, rows: list[VarianceRow]) -> Figure:
    by: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        by.setdefault((row.dataset, row.family), {})[row.source] = max(0.0, row.share)
    several = len({row.dataset for row in rows}) > 1
    bars = [
        PlotBar(
            styles.family(family).title,
            tuple(shares.get(source, 0.0) for source in TONES),
            percent(max(shares.values())),
            max(shares, key=lambda source: shares[source]),
            styles.dataset(dataset) if several else "",
        )
        for (dataset, family), shares in by.items()
    ]
    chart = plot_shares(
        f"Sources of variance of {unit.word}", bars, tuple(TONES.items())
    )
    marks = f"Bar: the variance of {unit.word} over repeats, cut into its sources, in percent. At the right: the largest."
    return Figure(
        "variance", _result(styles, by, several), marks, (chart,), _data(styles, rows)
    )


def _result(
    styles: Styles, by: dict[tuple[str, str], dict[str, float]], several: bool
) -> tuple[Piece, ...]:
    """Which source has more than half of the variance, and of which models."""
    found: dict[str, list[str]] = {}
    for (dataset, family), shares in by.items():
        source = max(shares, key=lambda name: shares[name])
        if shares[source] < MOST:
            source = "no single source"
        place = f" on {styles.dataset(dataset)}" if several else ""
        found.setdefault(source, []).append(styles.family(family).title + place)
    said = "; ".join(
        f"{source} ({', '.join(names)})" for source, names in found.items()
    )
    return ("Most of the variance comes from: ", said, ".")


def _data(styles: Styles, rows: list[VarianceRow]) -> Table:
    lines = [
        (
            styles.family(row.family).named,
            styles.dataset(row.dataset),
            row.source,
            percent(row.share),
        )
        for row in rows
    ]
    return Table(("Model", "Dataset", "VarianceRow", "Share of variance"), tuple(lines))


def _table(styles: Styles, rows: list[VarianceRow]) -> Table:
    """Standard deviations of all metrics."""
    lines = []
    for row in rows:
        unit = measure(row.metric).beside(row.sd)
        deviation = gain(unit, row.sd, row.low, row.high)
        lines.append((
            styles.family(row.family).named, styles.dataset(row.dataset), unit.title, row.source,
            percent(row.share), replace(deviation, signed=False), count(row.draws),
        ))  # fmt: skip
    columns = (
        "Model",
        "Dataset",
        "Metric",
        "VarianceRow",
        "Share",
        "SD and its 95 % interval",
        "Draws",
    )
    return Table(
        columns,
        tuple(lines),
        "Standard deviation of a score over repeats, by source",
        id="variance",
    )


SECTION = Section("variance", "Sources of variance", variance, order=100)
