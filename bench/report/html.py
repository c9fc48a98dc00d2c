"""Blocks as HTML, one macro of `templates/blocks.html` a kind of block; and the Jinja environment of all pages.

Nothing here knows a study.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from bench.core.text import visible
from bench.report.blocks import SIGNS, Block, Cell, Code
from bench.report.charts.marks import TONES, Chart
from bench.report.draw import draw, symbols
from bench.report.draw import glyph as mark
from bench.report.plain import plain
from bench.report.styles import CLASS_HUES
from bench.report.values import Value, show, show_interval, show_middle


def kind(block: object) -> str:
    """The name of a block's kind, by which its macro is found."""
    return type(block).__name__


def is_number(cell: Cell) -> bool:
    """Whether a cell is a number, whose interval stands apart."""
    return isinstance(cell, Value)


def is_block_of_code(cell: Cell) -> bool:
    """Whether something to be typed has several lines."""
    return isinstance(cell, Code) and "\n" in cell.text


def draw_named(chart: Chart, result: Cell = "") -> Markup:
    """A chart whose label is its title and what the figure shows."""
    return draw(chart, f"{chart.title}. {plain(result)}" if result else "")


#: What templates ask of blocks.
FILTERS: dict[str, Callable[..., Any]] = {
    "kind": kind,
    "show": show,
    "middle": show_middle,
    "ends": show_interval,
    "plain": plain,
    "is_number": is_number,
    "drawn": draw_named,
    "long_code": is_block_of_code,
}


TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent / "fonts"


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
    env.filters |= FILTERS
    env.globals |= {
        "mark": mark,
        "symbols": symbols(),
        "tones": TONES,
        "signs": SIGNS,
        "css": _file("page.css"),
        "js": _file("page.js"),
        "index_js": _file("index.js"),
        "fonts": [(name, _font(name)) for name in ("Sans", "Serif")],
        "class_hues": CLASS_HUES,
    }
    return env


def _visible(value: Any) -> Any:
    """What a template shows, without the control characters of a name; no line breaks inside `1-NN`."""
    if not isinstance(value, str):
        return value
    seen = visible(value)
    return type(value)(
        _NEIGHBOURS.sub("\\1\N{NON-BREAKING HYPHEN}NN", seen) if "-NN" in seen else seen
    )


_NEIGHBOURS = re.compile(r"\b([0-9k])-NN\b")


def _file(name: str) -> Markup:
    """Our own style or script: never holds anything from a study."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


def _font(name: str) -> str:
    """One of the page's two typefaces, for a `@font-face` rule that holds the file itself."""
    return base64.b64encode((FONTS / f"{name.lower()}.woff2").read_bytes()).decode()


def render_blocks(blocks: Iterable[Block]) -> Markup:
    """Blocks as HTML."""
    macros: Any = environment().get_template("blocks.html").module
    return Markup(macros.renders(tuple(blocks)))
