"""The Jinja environment, and the pages: a study, its data sets, all studies, all papers."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from bench.core.text import visible
from bench.report import facts
from bench.report.bundle import Bundle, page_name
from bench.report.charts.svg import chip, glyph, symbols
from bench.report.literature import authors, by_verdict, literature
from bench.report.section import Section, keys
from bench.report.sections import sections_of, sections_on_a_dataset
from bench.report.sections.datasets import opening
from bench.report.sections.overview import overview
from bench.report.styles import CLASS_HUES, Styles, styles_of
from bench.report.text.headline import headline
from bench.text.words import VERDICTS, measure

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent / "fonts"
Hue = tuple[str, str, str]
SIGNS = {word: sign for word, (sign, _, _) in VERDICTS.items()}
NAMES = {word: name for word, (_, name, _) in VERDICTS.items()}


@cache
def environment() -> jinja2.Environment:
    """Autoescape is on and an unknown name is an error: templates decide nothing and invent nothing."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.globals |= {
        "glyph": glyph,
        "chip": chip,
        "symbols": symbols(),
        "css": _file("page.css"),
        "js": _file("page.js"),
        "index_js": _file("index.js"),
        "fonts": _fonts(),
    }
    return env


def _visible(value: Any) -> Any:
    """What a template shows, without the control characters of a name."""
    return type(value)(visible(value)) if isinstance(value, str) else value


def _file(name: str) -> Markup:
    """Our own style or script: never holds anything from a study."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


def _fonts() -> Markup:
    """The page's two typefaces as `@font-face` rules that hold the files themselves."""
    rules = []
    for name in ("Sans", "Serif"):
        data = base64.b64encode((FONTS / f"{name.lower()}.woff2").read_bytes()).decode()
        source = f'url(data:font/woff2;base64,{data}) format("woff2")'
        rules.append(f'@font-face{{font-family:"Bench {name}";font-weight:400 600;font-display:swap;src:{source}}}')
    return Markup("\n".join(rules))


def pages(bundle: Bundle) -> dict[str, str]:
    """Every page of a study by its path in its folder: `index.html`, and one a data set where these are apart."""
    names = bundle.datasets if bundle.apart else ()
    return {"index.html": render(bundle)} | {page_name(name): render_dataset(bundle, name) for name in names}


def render(bundle: Bundle) -> str:
    """The page of one study: one self-contained HTML file that needs neither network nor JavaScript."""
    sections = [section for section in sections_of(bundle) if section.id != "overview"]
    return _render("page.html", bundle, headline(bundle, styles_of(bundle)), overview(bundle), sections)


def render_dataset(bundle: Bundle, dataset: str) -> str:
    """The page of one data set of a study, as self-contained as the study's."""
    opened = opening(bundle, dataset)
    return _render("dataset.html", bundle.on(dataset), opened["title"], opened, sections_on_a_dataset())


def _render(template: str, bundle: Bundle, title: str, opened: dict[str, Any], sections: Iterable[Section]) -> str:
    styles = styles_of(bundle)
    return (
        environment()
        .get_template(template)
        .render(
            study=bundle.study.id,
            title=title,
            opening=opened,
            sections=[(section, section.fill(bundle)) for section in sections],
            bar=controls(bundle, styles),
            colours=colours(styles.hues),
            switches=switches(len(bundle.study.metrics.names), len(keys(bundle)), len(styles.families)),
            footer=footer(bundle.study.id, opened["results"]),
        )
    )


def render_index(summaries: list[dict[str, Any]]) -> str:
    """The page over all studies, in the order given, from what `summary` wrote."""
    hues = sorted({(str(h[0]), str(h[1]), str(h[2])) for one in summaries for h in one["hues"]})
    totals = [(word, sum(one["verdicts"][word] for one in summaries if not one["own"])) for word in VERDICTS]
    return (
        environment()
        .get_template("index.html")
        .render(
            studies=[_row(one) for one in summaries],
            colours=colours(hues),
            totals=[(word, n) for word, n in totals if n],
            claims=sum(n for _, n in totals),
            signs=SIGNS,
            words=NAMES,
        )
    )


def _row(one: dict[str, Any]) -> dict[str, Any]:
    """A study's line: whom it re-does, in short; what a reader may look for in it, in full."""
    paper = one["paper"]
    who = authors(paper["citation"], paper["year"]) if paper else one["title"]
    year = f" ({paper['year']})" if paper and who != paper["citation"] else ""
    words = [*one["datasets"], *one["families"], one["title"], paper["citation"] if paper else ""]
    return one | {"of": who + year, "words": words, "claims": by_verdict(one["claims"])}


def render_literature(summaries: list[dict[str, Any]]) -> str:
    """The page over all papers, by year, from what `summary` wrote."""
    return environment().get_template("literature.html").render(**literature(summaries), signs=SIGNS, words=NAMES)


def colours(hues: list[Hue]) -> Markup:
    """The hues of this page's families and of classes, light and dark, as CSS."""
    rules = [f".{name}{{color:light-dark({light},{dark})}}" for name, light, dark in hues]
    rules += [f".c{i}{{color:light-dark({light},{dark})}}" for i, (light, dark) in enumerate(CLASS_HUES)]
    return Markup("\n".join(rules))


def footer(study: str, results: str) -> Markup:
    """What stands at the foot of every printed page, beside its number: which study, which results."""
    said = re.sub(r"[^\w.-]", " ", study, flags=re.ASCII)
    return Markup(f'@page{{@bottom-left{{content:"{said} · {results}";font:9pt sans-serif;color:#565e6a}}}}')


def controls(bundle: Bundle, styles: Styles) -> dict[str, list[Any]]:
    """What the bar above the figures lets a reader choose: a metric, a data set, and which families are shown."""
    return {
        "datasets": [{"key": key, "name": d, "title": styles.dataset(d)} for d, key in keys(bundle).items()],
        "metrics": [measure(name) for name in facts.scored(bundle)],
        "families": [styles.family(name) for name in facts.families(bundle)],
    }


def switches(metrics: int, datasets: int, families: int) -> Markup:
    """One rule a metric, one a data set and two a family, which need no script.

    While a metric or a data set is on, what belongs to the others is hidden; a family that is off is hidden; one that
    is pointed at fades the others of that figure.
    """
    rules = [f'body:has(#metric-{i}:checked) [data-m]:not([data-m="{i}"]){{display:none}}' for i in range(metrics)]
    rules += [
        f'body:has(#place-{i}:checked) [data-place]:not([data-place="{i}"]){{display:none}}' for i in range(datasets)
    ]
    for i in range(families):
        mine = f'[data-f~="{i}"]'
        rules.append(f"body:has(#fam-{i}:not(:checked)) main {mine}{{display:none}}")
        rules.append(f"figure:has(g{mine}:hover) g[data-f]:not({mine}){{opacity:.3}}")
    return Markup("\n".join(rules))
