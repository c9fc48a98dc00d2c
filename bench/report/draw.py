"""Draw a chart: in a page (`draw`), as wide as its place, or as a file of its own (`draw_alone`).

Both draw the same marks with the same sizes. They differ by their pen: in a page x is in percent and a colour is a
class, so that a picture follows its place and the theme; in a file all is settled, with plain colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import singledispatch
from itertools import pairwise
from textwrap import wrap

from markupsafe import Markup, escape

from bench.core.text import visible
from bench.report.charts.marks import (
    TONES,
    Area,
    Axis,
    Band,
    Bar,
    Chart,
    Curve,
    Diamond,
    Key,
    Label,
    Line,
    Point,
    Segment,
    Shades,
)
from bench.report.styles import CLASS_HUES, SHAPES
from bench.report.values import show, show_interval, show_middle
from bench.text import formats

#: Pixels above a plot, below it for ticks, for a title of the axis, about a letter, and for the longest name.
HEAD, TICKS, TITLE, LETTER, LONGEST = 8, 18, 16, 6.9, 220
#: Marks that are not those of models, as paths around (0, 0).
OWN_SHAPES = {
    "disc": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    "spot": "M-2 0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0z",
    "swatch": "M-6 -5h12v10h-12z",
}
#: The width of a file, and the space around its picture, in pixels.
WIDTH, MARGIN = 480.0, 8.0
ALL_SHAPES = SHAPES | OWN_SHAPES
FONT = "Helvetica, Arial, sans-serif"
Spot = tuple[float, float]
#: The top and the bottom of a plot, in pixels.
Heights = tuple[float, float]
#: Left, right, top, bottom.
Rect = tuple[float, float, float, float]
#: How many shades a grid of cells has.
SHADES = 8


@dataclass(frozen=True)
class Pen:
    """What marks are drawn with: x is a share of the plot's width, y is in pixels from its top.

    In a page a place across is in percent and a colour is a class. In a file, where `colours` are given by tone, a
    place is in pixels from its left and top, and a colour is that on light ground. `ends`: of the plot.
    """

    colours: Mapping[str, str] = field(default_factory=dict)
    left: float = 0.0
    top: float = 0.0
    width: float = 100.0
    ends: Heights = (0.0, 0.0)

    def x(self, share: float) -> str:
        """A place across."""
        return self._across(self.left + self.width * share)

    def y(self, pixels: float) -> str:
        """A place down."""
        return _number(self.top + pixels)

    def _across(self, size: float) -> str:
        return _number(size) if self.colours else f"{_number(size, 2)}%"

    def paint(self, tone: str, part: str = "fill", kind: str = "") -> str:
        """The attributes that colour an element; words after a tone, such as `thin`, are classes of a page."""
        if self.colours:
            return f'{part}="{self.colours.get(tone.split()[0], self.colours["ink"])}"'
        names = [f"t-{one}" if one in TONES else one for one in tone.split()]
        return f'class="{" ".join([*names, *kind.split()])}" {part}="currentColor"'

    def mark(self, shape: str, x: float, y: float, tone: str) -> str:
        """A mark of a fixed size."""
        hollow = shape == "ring"
        name = "disc" if hollow else shape
        if not self.colours:
            style = self.paint(tone, kind="hollow" if hollow else "mark")
            return f'<use href="#m-{name}" x="{self.x(x)}" y="{self.y(y)}" {style}/>'
        style = self.paint(tone)
        if hollow:
            style = f'fill="#ffffff" {self.paint(tone, "stroke")} stroke-width="1.5"'
        place = f'transform="translate({self.x(x)} {self.y(y)})"'
        return f'<path d="{ALL_SHAPES[name]}" {place} {style}/>'

    def line(
        self, start: Spot, end: Spot, tone: str, width: float = 1.5, dashed: bool = False
    ) -> str:  # fmt: skip
        """A straight line."""
        (left, top), (right, bottom) = start, end
        ends = f'x1="{self.x(left)}" y1="{self.y(top)}" x2="{self.x(right)}" y2="{self.y(bottom)}"'
        return f'<line {ends} {self.paint(tone, "stroke")} stroke-width="{width:g}"{_DASHED[dashed]}/>'

    def box(self, box: Rect, tone: str, share: float = 1.0) -> str:
        """A filled rectangle."""
        left, right, top, bottom = box
        wide = self._across(self.width * (right - left))
        size = f'width="{wide}" height="{_number(bottom - top)}"'
        see = "" if share >= 1 else f' fill-opacity="{share:.2f}"'
        return f'<rect x="{self.x(left)}" y="{self.y(top)}" {size} {self.paint(tone)}{see}/>'

    def boxes(self, boxes: Sequence[Rect], tone: str, share: float) -> str:
        """Many rectangles of one shade, as one element."""
        d = ""
        for left, right, top, bottom in boxes:
            start = self._corner(left, top, " ")
            wide, high = _number(self.width * (right - left)), _number(bottom - top)
            d += f"M{start}h{wide}v{high}h-{wide}z"
        style = f'{self.paint(tone)} fill-opacity="{share:.2f}"'
        return self._window(f'<path d="{d}" {style}/>')

    def curve(self, places: Sequence[Spot], tone: str, dashed: bool) -> str:
        """Straight lines through places."""
        style = f'{self.paint(tone, "stroke")} stroke-width="1.8" vector-effect="non-scaling-stroke"'
        style = f'fill="none" {style}{_DASHED[dashed]}'
        return self._through("polyline", places, style)

    def area(self, places: Sequence[Spot], tone: str, share: float) -> str:
        """A filled polygon."""
        style = f'{self.paint(tone)} fill-opacity="{share:g}"'
        return self._through("polygon", places, style)

    def _through(self, kind: str, places: Sequence[Spot], style: str) -> str:
        points = " ".join(self._corner(x, y, ",") for x, y in places)
        return self._window(f'<{kind} points="{points}" {style}/>')

    def _corner(self, x: float, y: float, between: str) -> str:
        """A place within a window: a page cuts what is outside, a file ends there."""
        if self.colours:
            top, bottom = self.ends
            x = min(max(x, 0.0), 1.0)
            y = min(max(y, top), bottom)
        across = _number(self.left + self.width * x)
        return f"{across}{between}{self.y(y)}"

    def _window(self, element: str) -> str:
        """An element that a page stretches with the plot, and cuts to it: half a stroke is free at each side."""
        if self.colours:
            return element
        top, bottom = self.ends
        first, high = _number(top - 2), _number(bottom - top + 4)
        place = f'x="-.5%" y="{first}" width="101%" height="{high}" overflow="hidden"'
        view = f'viewBox="-.5 {first} 101 {high}" preserveAspectRatio="none"'
        return f"<svg {place} {view}>{element}</svg>"

    def text(
        self, words: str, x: float, y: float, tone: str = "ink", anchor: str = "start", size: float = 11, dx: int = 0
    ) -> str:  # fmt: skip
        """One line of words, `dx` pixels to the right of its place."""
        at = f'x="{self.x(x)}" y="{self.y(y)}" text-anchor="{anchor}" font-size="{size:g}"'
        at += f' dx="{dx}"' if dx else ""
        return f"<text {at} {self.paint(tone)}>{escape(visible(words))}</text>"


_DASHED = ("", ' stroke-dasharray="4 3"')


def _number(value: float, digits: int = 1) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True)
class Placing:
    """From the units of the data to a share of the width and pixels."""

    chart: Chart

    @property
    def top(self) -> float:
        """Where the plot begins."""
        return 0 if self.chart.bare else HEAD

    @property
    def bottom(self) -> float:
        """Where the plot ends."""
        return self.top + self.chart.height

    def x(self, value: float) -> float:
        """How far a value is from the left, as a share of the width."""
        return _share(value, self.chart.x)

    def y(self, value: float) -> float:
        """How far a value is from the top, in pixels."""
        return self.top + self.chart.height * (1 - _share(value, self.chart.y))

    def place(self, x: float, y: float) -> Spot:
        """Where a point is."""
        return self.x(x), self.y(y)


def _share(value: float, axis: Axis) -> float:
    return (value - axis.low) / ((axis.high - axis.low) or 1)


def full_height(chart: Chart) -> float:
    """The height of a picture with its ticks and the title of its x axis, in pixels."""
    if chart.bare:
        return chart.height
    ticks = TICKS if chart.x.ticks else 0
    return HEAD + chart.height + ticks + (TITLE if axes_title(chart) else 0)


def axes_title(chart: Chart) -> str:
    """What is across, and what is up: both stand below the picture."""
    up = f"up: {chart.y.title}" if chart.y.title else ""
    return "; ".join(part for part in (chart.x.title, up) if part)


def left_room(chart: Chart) -> float:
    """Pixels for the names of rows, or for the ticks of the y axis."""
    words = [f"{line.name} {line.tag}" for line in chart.lines if not is_heading(line)]
    longest = max(map(len, words or _tick_words(chart.y)), default=0)
    return min(longest * LETTER + 10, LONGEST)


def is_heading(line: Line) -> bool:
    """Whether a row heads others: its name may stand over the plot."""
    return line.strong and line.number is None


def right_room(chart: Chart, *, intervals: bool = True) -> float:
    """Pixels for the numbers of rows, with or without their intervals."""
    longest = 0
    for line in chart.lines:
        if line.number:
            beside = _beside(line) if intervals else ""
            longest = max(longest, len(show_middle(line.number) + beside))
    return longest * LETTER + 12


def _beside(line: Line) -> str:
    """What follows a number: its interval, and words."""
    interval = show_interval(line.number) if line.number else ""
    return "".join(f" {part}" for part in (interval, line.words) if part)


def draw(chart: Chart, label: str = "") -> Markup:
    """A chart in a page.

    Parameters
    ----------
    label
        What those hear who cannot see it; the chart's title where it is left out.
    """
    said = f'role="img" aria-label="{escape(visible(label or chart.title))}"'
    plot = draw_marks(chart, Pen())
    height = _number(full_height(chart))
    if chart.bare:
        return Markup(
            f'<svg class="bare" {said} width="100%" height="{height}">{plot}</svg>'
        )
    rooms = {
        "--left": left_room(chart),
        "--right": right_room(chart),
        "--brief": right_room(chart, intervals=False),
        "height": full_height(chart),
    }
    style = ";".join(f"{name}:{_number(size)}px" for name, size in rooms.items())
    kind = "chart lined" if chart.lines else "chart"
    names = "".join(_name(chart, line) for line in chart.lines)
    numbers = "".join(_number_of(chart, line) for line in chart.lines)
    return Markup(
        f'<div class="{kind}" {said} style="{style}"><div class="names">{names}</div>'
        f'<svg>{plot}</svg><div class="numbers">{numbers}</div></div>{_key(chart.key)}'
    )


def _name(chart: Chart, line: Line) -> str:
    words = escape(visible(line.name))
    tag = f" <i>{escape(line.tag)}</i>" if line.tag else ""
    return f'<span{_look(chart, line)} title="{words}">{words}{tag}</span>'


def _number_of(chart: Chart, line: Line) -> str:
    if line.number is None:
        return ""
    beside = _beside(line)
    extra = f"<i>{escape(beside)}</i>" if beside else ""
    return f"<span{_look(chart, line)}>{show_middle(line.number)}{extra}</span>"


def _look(chart: Chart, line: Line) -> str:
    """Where the words of a row stand, and how heavy they are."""
    kinds = "strong over" if is_heading(line) else "strong"
    kind = f' class="{kinds}"' if line.strong else ""
    return f'{kind} style="top:{_number(Placing(chart).y(line.y))}px"'


def _key(entries: Sequence[Key]) -> str:
    """Who is who, under the picture."""
    items = ""
    for entry in entries:
        number = show(entry.number) if entry.number else ""
        what = f'<span class="what">{number}</span>' if number else ""
        who = f'<span class="who">{escape(visible(entry.name))}</span>'
        items += f"<li>{glyph(entry.shape, entry.tone)}{who}{what}</li>"
    return f'<ul class="key">{items}</ul>' if items else ""


def glyph(shape: str, tone: str) -> Markup:
    """A mark within text."""
    mark = Pen().mark(shape, 0.5, 7, tone)
    return Markup(
        f'<svg class="glyph" width="14" height="14" aria-hidden="true">{mark}</svg>'
    )


def symbols() -> Markup:
    """All marks, defined once a page."""
    paths = "".join(f'<path id="m-{name}" d="{d}"/>' for name, d in ALL_SHAPES.items())
    return Markup(
        f'<svg class="defs" width="0" height="0" aria-hidden="true"><defs>{paths}</defs></svg>'
    )


def draw_marks(chart: Chart, pen: Pen) -> str:
    """The grid, then the marks in their order."""
    scale = Placing(chart)
    pen = replace(pen, ends=(scale.top, scale.bottom))
    grid = "" if chart.bare else _across(scale, pen) + _upward(scale, pen)
    return grid + "".join(draw_mark(mark, scale, pen) for mark in chart.marks)


def _tick_words(axis: Axis) -> list[str]:
    numbers = [formats.fixed(tick, axis.digits) for tick in axis.ticks]
    return list(axis.names) or numbers


def _across(scale: Placing, pen: Pen) -> str:
    """Grid lines, ticks and titles of both axes below the picture; every other tick goes where it is narrow."""
    axis, drawn = scale.chart.x, ""
    kept = axis.ticks.index(0.0) % 2 if 0.0 in axis.ticks else 0
    crowded = len(axis.ticks) > 3 and not axis.names
    for i, (tick, words) in enumerate(zip(axis.ticks, _tick_words(axis), strict=True)):
        x = scale.x(tick)
        if not axis.names:
            drawn += pen.line((x, scale.top), (x, scale.bottom), "rule", 0.8)
        tone = "soft thin" if crowded and i % 2 != kept else "soft"
        drawn += pen.text(words, x, scale.bottom + 14, tone, "middle")
    if title := axes_title(scale.chart):
        low = scale.bottom + (TICKS if axis.ticks else 0) + 12
        drawn += pen.text(title, 0.5, low, "soft", "middle")
    return drawn


def _upward(scale: Placing, pen: Pen) -> str:
    """Grid lines and ticks of the y axis; rows have names instead."""
    axis, drawn = scale.chart.y, ""
    for tick, words in zip(axis.ticks, _tick_words(axis), strict=True):
        y = scale.y(tick)
        drawn += pen.line((0, y), (1, y), "rule", 0.8)
        drawn += pen.text(words, 0, y + 4, "soft", "end", dx=-6)
    return drawn


@singledispatch
def draw_mark(mark: object, scale: Placing, pen: Pen) -> str:
    """One mark."""
    raise TypeError(f"no way to draw {mark!r}")


@draw_mark.register
def _band(mark: Band, scale: Placing, pen: Pen) -> str:
    left, right = sorted((scale.x(mark.low), scale.x(mark.high)))
    return pen.box((max(left, 0.0), min(right, 1.0), *pen.ends), "band")


@draw_mark.register
def _segment(mark: Segment, scale: Placing, pen: Pen) -> str:
    start, end = scale.place(mark.x0, mark.y0), scale.place(mark.x1, mark.y1)
    return pen.line(start, end, mark.tone, dashed=mark.dashed)


@draw_mark.register
def _point(mark: Point, scale: Placing, pen: Pen) -> str:
    return pen.mark(mark.shape, *scale.place(mark.x, mark.y), mark.tone)


@draw_mark.register
def _diamond(mark: Diamond, scale: Placing, pen: Pen) -> str:
    y = scale.y(mark.y)
    low, middle, high = (scale.x(x) for x in (mark.low, mark.middle, mark.high))
    corners = [(low, y), (middle, y - 6), (high, y), (middle, y + 6)]
    return pen.area(corners, mark.tone, 1.0)


@draw_mark.register
def _bar(mark: Bar, scale: Placing, pen: Pen) -> str:
    left, right = sorted((scale.x(mark.x0), scale.x(mark.x1)))
    top, bottom = sorted((scale.y(mark.y0), scale.y(mark.y1)))
    return pen.box((left, right, top, bottom), mark.tone, mark.share)


@draw_mark.register
def _label(mark: Label, scale: Placing, pen: Pen) -> str:
    x, y = scale.place(mark.x, mark.y)
    return pen.text(mark.words, x, y + 4, mark.tone, mark.anchor)


@draw_mark.register
def _curve(mark: Curve, scale: Placing, pen: Pen) -> str:
    places = [scale.place(x, y) for x, y in _bends(mark)]
    return pen.curve(places, mark.tone, mark.dashed)


def _bends(mark: Curve) -> list[Spot]:
    """The points without those in the middle of a level or upright stretch: the curve is the same, the page smaller."""
    places = list(zip(mark.x, mark.y, strict=True))
    kept = places[:1]
    for here, after in pairwise(places[1:]):
        if not any(kept[-1][axis] == here[axis] == after[axis] for axis in (0, 1)):
            kept.append(here)
    return [*kept, *places[1:][-1:]]


@draw_mark.register
def _area(mark: Area, scale: Placing, pen: Pen) -> str:
    up = zip(mark.x, mark.high, strict=True)
    down = zip(reversed(mark.x), reversed(mark.low), strict=True)
    places = [scale.place(x, y) for x, y in (*up, *down)]
    return pen.area(places, mark.tone, 0.18)


@draw_mark.register
def _cells(mark: Shades, scale: Placing, pen: Pen) -> str:
    by: dict[tuple[str, int], list[Rect]] = {}
    high, wide = scale.chart.height / len(mark.shares), 1 / len(mark.shares[0])
    for i, row in enumerate(mark.shares):
        top = scale.top + i * high
        for j, share in enumerate(row):
            if share:
                shade = max(1, round(SHADES * min(abs(share), 1.0)))
                box = (j * wide, (j + 1) * wide, top, top + high)
                by.setdefault((mark.tones[share < 0], shade), []).append(box)
    shades = sorted(by.items())
    return "".join(
        pen.boxes(boxes, tone, 0.06 + 0.5 * shade / SHADES)
        for (tone, shade), boxes in shades
    )


def draw_alone(
    charts: Iterable[Chart],
    title: str,
    note: str = "",
    hues: Mapping[str, str] | None = None,
) -> str:
    """Charts as one SVG file: title, the pictures below each other, how their marks are read.

    Parameters
    ----------
    hues
        The colours of models by the class that names them, on light ground.
    """
    colours = {tone: light for tone, (light, _) in TONES.items()}
    colours |= {f"c{i}": light for i, (light, _) in enumerate(CLASS_HUES)}
    sheet = _Sheet(colours | dict(hues or {}))
    pictures = tuple(charts)
    sheet.write(title, 13, "ink")
    for chart in pictures:
        if len(pictures) > 1:
            sheet.write(chart.title, 12, "ink")
        sheet.place(chart)
    if note:
        sheet.write(note, 12, "soft")
    wide, high = WIDTH + 2 * MARGIN, sheet.top + 2 * MARGIN
    view = f"{-MARGIN:g} {-MARGIN:g} {wide:g} {_number(high)}"
    size = (
        f'width="{0.75 * wide:g}pt" height="{_number(0.75 * high)}pt" viewBox="{view}"'
    )
    said = escape(visible(title))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}">'
        f"<title>{said}</title>{''.join(sheet.parts)}</svg>\n"
    )


@dataclass
class _Sheet:
    """The parts of a file, from top to bottom."""

    colours: Mapping[str, str]
    top: float = 0.0
    parts: list[str] = field(default_factory=list)

    @property
    def pen(self) -> Pen:
        """A pen for the whole width, below what is there."""
        return Pen(self.colours, top=self.top, width=WIDTH)

    def write(self, words: str, size: float, tone: str) -> None:
        """Words over the whole width."""
        for line in wrap(words, int(WIDTH / (0.55 * size))):
            self.top += size + 4
            self.parts.append(self.pen.text(line, 0, 0, tone, size=size))
        self.top += 6

    def place(self, chart: Chart) -> None:
        """One chart with its names, numbers and key."""
        left = 0.0 if chart.bare else left_room(chart)
        right = 0.0 if chart.bare else right_room(chart)
        whole = self.pen
        pen = replace(whole, left=left, width=WIDTH - left - right)
        self.parts.append(draw_marks(chart, pen))
        for line in chart.lines:
            room = int((WIDTH if is_heading(line) else left) / LETTER)
            y = Placing(chart).y(line.y) + 4
            name = f"{line.name} {line.tag}".strip()
            cut = name if len(name) <= room else name[: room - 1].rstrip() + "…"
            self.parts.append(whole.text(cut, 0, y, size=12))
            if line.number:
                words = show_middle(line.number) + _beside(line)
                self.parts.append(whole.text(words, 1, y, anchor="end", size=12))
        self.top += full_height(chart) + 4
        for one in chart.key:
            self.top += 18
            words = f"{one.name} {show(one.number)}" if one.number else one.name
            self.parts.append(self.pen.mark(one.shape, 8 / WIDTH, -4, one.tone))
            self.parts.append(self.pen.text(words, 20 / WIDTH, 0, size=12))
        self.top += 8 if chart.key else 0
