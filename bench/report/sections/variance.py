"""Where the noise comes from: the share of a score's variance that split, model seed and tuning seed have."""

from __future__ import annotations

from typing import Any

import polars as pl
from markupsafe import Markup

from bench.report.bundle import Bundle
from bench.report.charts.lanes import Bar, stacked
from bench.report.charts.svg import Figure, Table, tag
from bench.report.section import Section
from bench.report.styles import Styles, styles_of
from bench.report.text import variance as text
from bench.text import formats
from bench.text.words import measure, terms

#: The order of the parts of a bar.
SOURCES = ("split", "model seed", "tuning seed")
#: From this share on a source is the one to repeat.
MOST = 0.5


def variance(bundle: Bundle) -> dict[str, Any]:
    styles, frame = styles_of(bundle), bundle.frame("variance").filter(pl.col("share").is_not_null())
    pairs = frame.select("dataset", "metric").unique(maintain_order=True).iter_rows()
    figures = [
        _figure(styles, dataset, metric, frame.filter(pl.col("dataset") == dataset, pl.col("metric") == metric))
        for dataset, metric in pairs
    ]
    return {"figures": figures, "empty": "" if figures else text.NONE, "terms": terms("budget")}


def _figure(styles: Styles, dataset: str, metric: str, rows: pl.DataFrame) -> Figure:
    unit, place = measure(metric), styles.dataset(dataset)
    sources = [s for s in SOURCES if s in set(rows["source"])]
    sources += sorted(set(rows["source"]) - set(SOURCES))
    shares = {(f, s): v for f, s, v in rows.select("family", "source", "share").iter_rows()}
    families = [name for name in styles.families if any((name, s) in shares for s in sources)]
    bars = []
    for name in families:
        style, own = styles.family(name), tuple(max(0.0, shares.get((name, s), 0.0)) for s in sources)
        top = max(range(len(sources)), key=lambda i: own[i])
        bars.append(Bar(style.short, style.shape, style.hue, own, text.largest(sources[top], own[top])))
    said = _said(styles, families, sources, shares)
    names = [tag("span", tag("i", " ", class_=f"budget s{i}"), source) for i, source in enumerate(sources)]
    legend = tag("p", *names, class_="shares")
    label = text.label(unit.word, place, said)
    lines = tuple(
        (
            styles.family(r["family"]).title,
            r["source"],
            formats.probability(r["share"]),
            unit.show(r["sd"]),
            formats.interval(r["low"], r["high"], unit.show) or formats.NONE,
            formats.count(r["draws"]),
        )
        for r in rows.iter_rows(named=True)
    )
    table = Table(text.HEADER, lines)
    body = Markup("").join([legend, stacked(bars, label)])
    return Figure(f"variance-{dataset}-{metric}", text.title(place), text.note(unit.word), body, table, said)


def _said(styles: Styles, families: list[str], sources: list[str], shares: dict[tuple[str, str], float]) -> str:
    """Repeat this, not that: by the source that has more than half of a family's variance."""
    by: dict[str, list[str]] = {}
    for name in families:
        first = max(sources, key=lambda s: shares.get((name, s), 0.0))
        held = shares.get((name, first), 0.0) >= MOST
        by.setdefault(first if held else "", []).append(styles.family(name).title)
    said = []
    for source, who in by.items():
        others = [s for s in sources if s != source]
        said.append(text.repeat(who, source, others, every=len(who) == len(families) > 1))
    return " ".join(said)


SECTION = Section("variance", text.TITLE, variance, order=100)
