"""The kit: scales with round ticks, tags whose every attribute is escaped, marks, and the frame of a row plot.

Across, everything is in percent of the plot's width, so that a figure fills 390 or 1 100 pixels without scaling text or
strokes; down, everything is in pixels. Polygons and lines live in a nested `<svg>` whose view box is stretched.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from bench.report.draw import OWN_SHAPES
from bench.report.styles import SHAPES, Style
from bench.text import formats
from bench.text.marks import MARKS, sign

NOTHING = Markup("")
#: About how wide a figure of a tick's label is, the space between two labels, and a narrow plot, in pixels.
LETTER, BETWEEN, NARROW = 6.5, 8.0, 190.0
PAD = 3.0  # percent left free at either end, so that marks and end ticks are never cut


@dataclass(frozen=True)
class Table:
    """The data behind a figure: a head and rows of text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """One figure: its title (what it shows), how to read it, the drawing, the data behind it, what follows from it."""

    id: str
    title: str
    note: str
    body: Markup
    table: Table | None
    conclusion: str = ""


@dataclass(frozen=True)
class Scale:
    """Values between `low` and `high` to percent between `start` and `end`."""

    low: float
    high: float
    start: float = PAD
    end: float = 100 - PAD

    def __call__(self, value: float) -> float:
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (self.end - self.start) * (value - self.low) / (
            self.high - self.low
        )

    def clip(self, value: float) -> float:
        """The position of a value, kept inside the plot."""
        return self(min(max(value, self.low), self.high))

    def named_ticks(self, wanted: int) -> list[tuple[float, str]]:
        """Ticks with their labels."""
        values = ticks(self.low, self.high, wanted)
        return list(zip(values, tick_labels(values), strict=True))


def step_of(span: float, wanted: int) -> float:
    """The round step (1, 2, 2.5 or 5 times a power of ten) that cuts a span into at most `wanted` parts."""
    raw = span / max(wanted, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * (1 - 1e-9))


def _decimals(step: float) -> int:
    """How many decimals of multiples of a step are no float noise."""
    return max(12, 3 - math.floor(math.log10(step)))


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round values within [low, high].

    >>> ticks(0.9, 1.0, 4)
    [0.9, 0.925, 0.95, 0.975, 1.0]
    """
    if not high > low:
        return [low]
    step = step_of(high - low, wanted)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    decimals = _decimals(step)
    return [round(i * step, decimals) for i in range(first, last + 1)]


def nice(
    values: Sequence[float],
    wanted: int = 5,
    floor: float | None = None,
    roof: float | None = None,
) -> Scale:
    """A scale that holds all values, widened to ends of half a round step, never beyond the metric's own limits: with
    whole steps much of a figure would be beyond its data.

    >>> one = nice([0.56, 0.81], 4)
    >>> one.low, one.high
    (0.55, 0.85)
    """
    least, most = (
        -math.inf if floor is None else floor,
        math.inf if roof is None else roof,
    )
    low, high = (min(max(end, least), most) for end in (min(values), max(values)))
    if high == low:
        room = abs(high) * 0.05 or 0.5
        low, high = low - room, high + room
    step = step_of(high - low, wanted) / 2
    low, high = (
        math.floor(low / step + 1e-9) * step,
        math.ceil(high / step - 1e-9) * step,
    )
    decimals = _decimals(step)
    return Scale(round(max(low, least), decimals), round(min(high, most), decimals))


def num(value: float) -> str:
    """A coordinate with at most two decimals and no trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def pct(value: float) -> str:
    return f"{num(value)}%"


@cache
def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(value: object) -> str:
    """The value of an attribute; escaping is slow, and most are coordinates and names without anything to escape."""
    if isinstance(value, float):
        return num(value)
    return value if isinstance(value, str) and _PLAIN(value) else escape(value)


_PLAIN = re.compile(r"[\w .#%-]*").fullmatch


def tag(name: str, *children: str | Markup, **attributes: object) -> Markup:
    """One element; `class_` is class, other underscores are hyphens, None is left out, everything is escaped."""
    shown = "".join(
        [
            f' {_attribute(key)}="{_value(value)}"'
            for key, value in attributes.items()
            if value is not None
        ]
    )
    inner = "".join(
        [one if isinstance(one, Markup) else escape(one) for one in children]
    )
    return Markup(f"<{name}{shown}>{inner}</{name}>" if inner else f"<{name}{shown}/>")


def text(
    x: float, y: float, content: str, anchor: str = "middle", class_: str | None = None
) -> Markup:
    return tag(
        "text",
        content,
        x=pct(x),
        y=num(y),
        text_anchor=None if anchor == "start" else anchor,
        class_=class_,
    )


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A line: percent across, pixels down."""
    return tag("line", x1=pct(x1), y1=num(y1), x2=pct(x2), y2=num(y2), class_=class_)


def bar(x1: float, x2: float, y: float, height: float, class_: str) -> Markup:
    """A rectangle from x1 to x2 (percent), `height` pixels high, centred on y."""
    left, right = min(x1, x2), max(x1, x2)
    width, top = pct(right - left), num(y - height / 2)
    return tag(
        "rect", x=pct(left), y=top, width=width, height=num(height), class_=class_
    )


def mark(shape: str, x: float, y: float, hue: str, hollow: bool = False) -> Markup:
    """A family's mark, drawn once in the page and used here; hollow marks are outlines on the page's ground."""
    return tag(
        "use",
        href=f"#m-{shape}",
        x=pct(x),
        y=num(y),
        class_=f"{hue} {'hollow' if hollow else 'mark'}",
    )


def drawing(
    height: float, label: str, *children: Markup, class_: str = "plot"
) -> Markup:
    """The outer `<svg>`: as wide as its place, fixed height, one sentence for those who cannot see it."""
    return tag(
        "svg",
        *children,
        class_=class_,
        width="100%",
        height=num(height),
        role="img",
        aria_label=label,
    )


def spanned(
    low: float | None,
    high: float | None,
    scale: Scale,
    y: float,
    height: float,
    class_: str,
) -> Markup:
    """A bar over an interval, as far as the scale goes; nothing without an interval."""
    if low is None or high is None:
        return NOTHING
    return bar(scale.clip(low), scale.clip(high), y, height, class_)


def arrow(value: float, scale: Scale, y: float) -> Markup:
    """At the edge of the scale that a value lies beyond; nothing where it lies within."""
    if value < scale.low:
        return text(0, y + 5, "‹", "start", "off")
    return text(100, y + 5, "›", "end", "off") if value > scale.high else NOTHING


def stretched(
    x: float, y: float, width: float, height: float, *children: Markup
) -> Markup:
    """A nested plot whose inside runs from 0 to 100 both ways, stretched to its place."""
    place = {"x": pct(x), "y": num(y), "width": pct(width), "height": num(height)}
    return tag(
        "svg",
        *children,
        viewBox="0 0 100 100",
        preserveAspectRatio="none",
        overflow="visible",
        **place,
    )


def tick_labels(values: Sequence[float]) -> list[str]:
    """Ticks as text with one common number of decimals."""
    short = [formats.short(v) for v in values]
    if any("e" in s or formats.THIN in s for s in short):
        return short
    decimals = max((formats.decimals_of(f"{v:.10g}") for v in values), default=0)
    return [
        f"{v:.{decimals}f}".replace("-", formats.MINUS) if v else "0" for v in values
    ]


@dataclass(frozen=True)
class ChartRow:
    """One row of a row plot: label, second line, family mark before it, marks inside it, and a note to its right.

    `style`: the family's, by whose key the page's switches find the row; `claim`, `at`: the claim that it shows and
    where its band of tolerance has its centre, for the reader's own settings.
    """

    label: str
    marks: Markup
    sub: str = ""
    style: Style | None = None
    chip: str = ""
    note: str = ""
    claim: str = ""
    at: float | None = None


def family_row(style: Style, marks: Markup, note: str = "") -> ChartRow:
    """The row of a family."""
    return ChartRow(style.short, marks, style=style, note=note)


def ground(scale: Scale, wanted: int, times: int = 1) -> tuple[Markup, Markup]:
    """What lies under lanes, as high as they are, and below: grid lines, and labels of `times` the ticks."""
    values = ticks(scale.low, scale.high, wanted)
    words = tick_labels([round(times * v, 12) if times > 1 else v for v in values])
    drawn = zip(values, words, _thinned(values, words), strict=True)
    below = [
        text(scale(v), 15, word, class_="tick thin" if thin else "tick")
        for v, word, thin in drawn
    ]
    return Markup("").join(upright(scale(v), "gridline") for v in values), Markup(
        ""
    ).join(below)


def _thinned(values: Sequence[float], words: Sequence[str]) -> list[bool]:
    """Which labels a narrow plot leaves out so that none touches the next: every second one, but never zero."""
    full = (
        len(words) > 3 and sum(LETTER * len(word) + BETWEEN for word in words) > NARROW
    )
    kept = values.index(0) % 2 if 0 in values else 0
    return [full and i % 2 != kept for i in range(len(values))]


def rules(rows: int, height: float) -> Markup:
    """A line below each of some rows."""
    return NOTHING.join(
        line(0, (i + 1) * height, 100, (i + 1) * height, "gridline")
        for i in range(rows)
    )


def upright(x: float, class_: str) -> Markup:
    """A line from the top of its place to the bottom."""
    return tag("line", x1=pct(x), y1="0", x2=pct(x), y2="100%", class_=class_)


def lanes(
    rows: Sequence[ChartRow],
    label: str,
    under: Markup = NOTHING,
    ticks: Markup = NOTHING,
    height: float = 26,
    widest: float | None = None,
    scale: Scale | None = None,
) -> Markup:
    """Rows of equal height that can be hidden and faded one by one, each with a drawing of its own, over one ground.

    Labels are text of the page, so that a long one ends in an ellipsis and never runs into the drawing. `under` is
    drawn from top to bottom whatever rows are shown; `ticks` stand in a line of their own below. `widest` keeps the
    drawing narrower than its place, in pixels. `scale`: where a reader's settings may move the bars.
    """
    parts = [tag("svg", under, class_="ground")] if under else []
    parts += [_lane(row, height) for row in rows]
    parts += [tag("svg", ticks, class_="ticks", height="20")] if ticks else []
    style = f"--row:{num(height)}px;--rows:{len(rows)}" + (
        f";max-width:{num(widest)}px" if widest else ""
    )
    ends = None if scale is None else f"{scale.low:g} {scale.high:g}"
    return tag(
        "div",
        *parts,
        class_="rowplot lanes",
        style=style,
        role="img",
        aria_label=label,
        data_s=ends,
    )


def _lane(row: ChartRow, height: float) -> Markup:
    parts = [_label(row), tag("svg", row.marks, height=num(height))]
    parts += [tag("div", row.note, class_="note")] if row.note else []
    at = None if row.at is None else f"{row.at:g}"
    key = None if row.style is None else row.style.key or None
    return tag(
        "div", *parts, class_="lane", data_f=key, data_c=row.claim or None, data_at=at
    )


def _label(row: ChartRow) -> Markup:
    name = tag("span", row.label, class_="name", title=row.label)
    sub = tag("span", row.sub, class_="sub") if row.sub else Markup("")
    words = tag("span", name, sub, class_="words")
    return tag(
        "div",
        glyph(row.style) if row.style else "",
        words,
        chip(row.chip),
        class_="label",
    )


def glyph(style: Style) -> Markup:
    """A family's mark beside its name in text."""
    return _glyph(style.shape, style.hue)


@cache
def _glyph(shape: str, hue: str) -> Markup:
    use = tag("use", href=f"#m-{shape}", x="7", y="7", class_=f"{hue} mark")
    return tag("svg", use, class_="glyph", width="14", height="14", aria_hidden="true")


def chip(mark: str, words: str = "") -> Markup:
    """A judgement as sign and word (`marks.MARKS`), or what became of a falsifier (`marks.FALSIFIED`)."""
    if not mark:
        return Markup("")
    icon = tag("span", sign(mark), class_="icon", aria_hidden="true")
    return tag(
        "span",
        icon,
        words or MARKS[mark].word,
        class_=f"chip v-{mark.replace('_', '-')}",
    )


#: How an explanation's kind is drawn: a valid protocol, an error, a control.
KINDS = {
    "valid": ("circle", False),
    "error": ("cross", False),
    "control": ("diamond", True),
}
#: The published number, open, and ours, which fits into it: where both agree, neither hides the other.
CLAIM_SHAPES: dict[str, str] = {
    "around": "M-7.5 0a7.5 7.5 0 1 0 15 0a7.5 7.5 0 1 0 -15 0z",
    "dot": "M-3.8 0a3.8 3.8 0 1 0 7.6 0a3.8 3.8 0 1 0 -7.6 0z",
}


def symbols() -> Markup:
    """All marks, defined once a page."""
    paths = [
        tag("path", id=f"m-{name}", d=d)
        for name, d in (SHAPES | CLAIM_SHAPES | OWN_SHAPES).items()
    ]
    return tag(
        "svg",
        tag("defs", *paths),
        class_="defs",
        width="0",
        height="0",
        aria_hidden="true",
    )
