"""Where the noise comes from: the share of a score's variance that split, model seed and tuning seed have."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bench.core.frames import records
from bench.report.bundle import Bundle
from bench.report.charts.lanes import stacked
from bench.report.charts.svg import Figure, Table, tag
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.text import variance as text
from bench.text import formats
from bench.text.glossary import Term, terms
from bench.text.words import measure

#: The order of the parts of a bar.
SOURCES = ("split", "model seed", "tuning seed")
#: From this share on a source is the one to repeat.
MOST = 0.5


@dataclass(frozen=True)
class VarianceView:
    """The section."""

    figures: list[Figure]
    empty: str
    terms: list[Term]


@dataclass(frozen=True)
class _Source:
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


def variance(bundle: Bundle) -> VarianceView:
    """A figure a dataset and metric."""
    styles, groups = styles_of(bundle), dict[tuple[str, str], list[_Source]]()
    for row in records(bundle.frame("variance").drop_nulls("share"), _Source):
        groups.setdefault((row.dataset, row.metric), []).append(row)
    figures = [
        _figure(styles, dataset, metric, rows)
        for (dataset, metric), rows in groups.items()
    ]
    return VarianceView(figures, "" if figures else text.NONE, terms("budget"))


def _figure(styles: Styles, dataset: str, metric: str, rows: list[_Source]) -> Figure:
    unit, place, known = (
        measure(metric),
        styles.dataset(dataset),
        {row.source for row in rows},
    )
    sources = [s for s in SOURCES if s in known] + sorted(known - set(SOURCES))
    shares = {(row.family, row.source): row.share for row in rows}
    families = [
        name for name in styles.families if any((name, s) in shares for s in sources)
    ]
    bars = []
    for name in families:
        style, own = (
            styles.family(name),
            tuple(max(0.0, shares.get((name, s), 0.0)) for s in sources),
        )
        top = max(range(len(sources)), key=lambda i: own[i])
        bars.append((style, own, text.largest(sources[top], own[top])))
    said = _said(styles, families, sources, shares)
    names = [
        tag("span", tag("i", " ", class_=f"budget s{i}"), source)
        for i, source in enumerate(sources)
    ]
    legend = tag("p", *names, class_="shares")
    label = text.label(unit.word, place, said)
    lines = tuple(
        (
            styles.family(row.family).title,
            row.source,
            formats.probability(row.share),
            unit.show(row.sd),
            formats.interval(row.low, row.high, unit.show) or formats.NONE,
            formats.count(row.draws),
        )
        for row in rows
    )
    table = Table(text.HEADER, lines)
    body = Markup("").join([legend, stacked(bars, label)])
    return Figure(
        f"variance-{dataset}-{metric}",
        text.title(place),
        text.note(unit.word, sources),
        body,
        table,
        said,
    )


def _said(
    styles: Styles,
    families: list[str],
    sources: list[str],
    shares: dict[tuple[str, str], float],
) -> str:
    """Repeat this, not that: by the source that has more than half of a family's variance."""
    by: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name in families:
        measured = [s for s in sources if (name, s) in shares]
        first = max(measured, key=lambda s: shares[name, s])
        source = first if shares[name, first] >= MOST else ""
        by.setdefault((source, tuple(s for s in measured if s != source)), []).append(
            styles.family(name).title
        )
    said = [
        text.repeat(
            who, source, others, measured=len(families), compared=len(styles.families)
        )
        for (source, others), who in by.items()
    ]
    return " ".join(said)


SECTION = Section("variance", text.TITLE, variance, order=100)
