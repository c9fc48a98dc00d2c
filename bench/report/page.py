"""The Jinja environment, and the three pages: a study, the index over all studies, the table over all papers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from bench.lines import visible
from bench.report.bundle import Bundle
from bench.report.charts.svg import chip, glyph, symbols
from bench.report.literature import literature
from bench.report.looks import CLASS_HUES, looks_of
from bench.report.sections import SECTIONS
from bench.report.summary import headline
from bench.report.words import VERDICTS

TEMPLATES = Path(__file__).parent / "templates"
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
    }
    return env


def _visible(value: Any) -> Any:
    """What a template shows, without the control characters of a name."""
    return type(value)(visible(value)) if isinstance(value, str) else value


def _file(name: str) -> Markup:
    """Our own style or script: never holds anything from a study."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


def render(bundle: Bundle) -> str:
    """The page of one study: one self-contained HTML file that needs neither network nor JavaScript."""
    looks = looks_of(bundle)
    return (
        environment()
        .get_template("page.html")
        .render(
            study=bundle.study.id,
            title=headline(bundle, looks),
            sections=[(section, section.fill(bundle)) for section in SECTIONS],
            colours=colours(looks.hues),
            switches=switches(len(bundle.study.metrics.names)),
        )
    )


def render_index(summaries: list[dict[str, Any]]) -> str:
    """The page over all studies, in the order given, from what `summary` wrote."""
    hues = sorted({(str(h[0]), str(h[1]), str(h[2])) for one in summaries for h in one["hues"]})
    totals = [(word, sum(one["verdicts"][word] for one in summaries)) for word in VERDICTS]
    return (
        environment()
        .get_template("index.html")
        .render(
            studies=summaries,
            colours=colours(hues),
            totals=[(word, n) for word, n in totals if n],
            claims=sum(n for _, n in totals),
            signs=SIGNS,
            words=NAMES,
        )
    )


def render_literature(summaries: list[dict[str, Any]]) -> str:
    """The page over all papers, by year, from what `summary` wrote."""
    return environment().get_template("literature.html").render(**literature(summaries), signs=SIGNS, words=NAMES)


def colours(hues: list[Hue]) -> Markup:
    """The hues of this page's families and of classes, light and dark, as CSS."""
    rules = [f".{name}{{color:light-dark({light},{dark})}}" for name, light, dark in hues]
    rules += [f".c{i}{{color:light-dark({light},{dark})}}" for i, (light, dark) in enumerate(CLASS_HUES)]
    return Markup("\n".join(rules))


def switches(metrics: int) -> Markup:
    """One rule a metric: while its switch is on, what belongs to the others is hidden. Needs no script."""
    rules = [f'body:has(#metric-{i}:checked) [data-m]:not([data-m="{i}"]){{display:none}}' for i in range(metrics)]
    return Markup("\n".join(rules))
