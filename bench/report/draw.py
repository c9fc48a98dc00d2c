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
from typing import Protocol

from markupsafe import Markup, escape

from bench.core.text import visible
from bench.report.charts.marks import (
    TONES,
    Area,
    Axis,
    Band,
    Bar,
    Cells,
    Chart,
    Curve,
    Diamond,
    Key,
    Label,
    Line,
    Point,
    Segment,
)
from bench.report.styles import CLASS_HUES, SHAPES
from bench.report.values import Value, show_interval, show_middle
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
FONT = "Helvetica, Arial, sans-serif"
Places = Sequence[tuple[float, float]]
Box = tuple[float, float, float, float]
#: How many shades a grid of cells has.
SHADES = 8


class Pen(Protocol):
    """What marks are drawn with: x as a share of the plot's width, y in pixels from its top."""

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        tone: str,
        width: float,
        dash: bool,
    ) -> str:
        """A straight line."""
        ...

    def box(
        self,
        left: float,
        right: float,
        top: float,
        bottom: float,
        tone: str,
        share: float,
    ) -> str:
        """A filled rectangle."""
        ...

    def path(
        self,
        places: Places,
        tone: str,
        filled: float,
        dash: bool,
        size: tuple[float, float],
    ) -> str:
        """A polyline, or with `filled` (how opaque) a polygon; cut to the plot, from `size[0]` down to `size[1]`."""
        ...

    def boxes(
        self, places: Sequence[Box], tone: str, share: float, size: tuple[float, float]
    ) -> str:
        """Many rectangles of one shade: left, right, top, bottom of each."""
        ...

    def mark(self, shape: str, x: float, y: float, tone: str) -> str:
        """A mark of a fixed size."""
        ...

    def text(
        self,
        words: str,
        x: float,
        y: float,
        tone: str,
        anchor: str,
        size: float,
        dx: int = 0,
    ) -> str:
        """One line of words, `dx` pixels to the right of its place."""
        ...


@dataclass(frozen=True)
class PagePen:
    """In a page: percent across, colours by class."""

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        tone: str,
        width: float,
        dash: bool,
    ) -> str:
        dashed = ' stroke-dasharray="4 3"' if dash else ""
        ends = f'x1="{_percent(start[0])}" y1="{_number(start[1])}" x2="{_percent(end[0])}" y2="{_number(end[1])}"'
        return f'<line class="{_class(tone)}" {ends} stroke="currentColor" stroke-width="{width:g}"{dashed}/>'

    def box(
        self,
        left: float,
        right: float,
        top: float,
        bottom: float,
        tone: str,
        share: float,
    ) -> str:
        see = "" if share >= 1 else f' fill-opacity="{share:.2f}"'
        place = f'x="{_percent(left)}" y="{_number(top)}" width="{_percent(right - left)}" height="{_number(bottom - top)}"'
        return f'<rect class="{_class(tone)}" {place} fill="currentColor"{see}/>'

    def boxes(
        self, places: Sequence[Box], tone: str, share: float, size: tuple[float, float]
    ) -> str:
        d = "".join(
            f"M{_number(100 * left)} {_number(top)}h{_number(100 * (right - left))}"
            f"v{_number(bottom - top)}h{_number(100 * (left - right))}z"
            for left, right, top, bottom in places
        )
        paint = f'fill="currentColor" fill-opacity="{share:.2f}"'
        return (
            f'<svg class="{_class(tone)}" {_window(size)}><path d="{d}" {paint}/></svg>'
        )

    def path(
        self,
        places: Places,
        tone: str,
        filled: float,
        dash: bool,
        size: tuple[float, float],
    ) -> str:
        corners = " ".join(f"{_number(100 * x)},{_number(y)}" for x, y in places)
        paint = (
            f'fill="currentColor" fill-opacity="{filled:g}"'
            if filled
            else 'fill="none" stroke="currentColor" stroke-width="1.8" vector-effect="non-scaling-stroke"'
        )
        dashed = ' stroke-dasharray="4 3"' if dash else ""
        name = "polygon" if filled else "polyline"
        return f'<svg class="{_class(tone)}" {_window(size)}><{name} points="{corners}" {paint}{dashed}/></svg>'

    def mark(self, shape: str, x: float, y: float, tone: str) -> str:
        hollow = " hollow" if shape == "ring" else " mark"
        name = "disc" if shape == "ring" else shape
        return f'<use href="#m-{name}" x="{_percent(x)}" y="{_number(y)}" class="{_class(tone)}{hollow}"/>'

    def text(
        self,
        words: str,
        x: float,
        y: float,
        tone: str,
        anchor: str,
        size: float,
        dx: int = 0,
    ) -> str:
        at = f'x="{_percent(x)}" y="{_number(y)}" text-anchor="{anchor}" font-size="{size:g}"'
        at += f' dx="{dx}"' if dx else ""
        return f'<text class="{_class(tone)}" fill="currentColor" {at}>{escape(words)}</text>'


@dataclass(frozen=True)
class FilePen:
    """In a file: pixels from its left, colours as they are on light ground."""

    colours: Mapping[str, str]
    left: float
    width: float
    top: float = 0.0

    def _at(self, x: float, y: float) -> tuple[str, str]:
        return _number(self.left + self.width * x), _number(self.top + y)

    def _colour(self, tone: str) -> str:
        return self.colours.get(tone, TONES["ink"][0])

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        tone: str,
        width: float,
        dash: bool,
    ) -> str:
        (x1, y1), (x2, y2) = self._at(*start), self._at(*end)
        dashed = ' stroke-dasharray="4 3"' if dash else ""
        return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{self._colour(tone)}" stroke-width="{width:g}"{dashed}/>'

    def box(
        self,
        left: float,
        right: float,
        top: float,
        bottom: float,
        tone: str,
        share: float,
    ) -> str:
        x, y = self._at(left, top)
        size = f'width="{_number(self.width * (right - left))}" height="{_number(bottom - top)}"'
        see = "" if share >= 1 else f' fill-opacity="{share:.2f}"'
        return f'<rect x="{x}" y="{y}" {size} fill="{self._colour(tone)}"{see}/>'

    def boxes(
        self, places: Sequence[Box], tone: str, share: float, size: tuple[float, float]
    ) -> str:
        return "".join(self.box(*place, tone, share) for place in places)

    def path(
        self,
        places: Places,
        tone: str,
        filled: float,
        dash: bool,
        size: tuple[float, float],
    ) -> str:
        seen = [
            (min(max(x, 0.0), 1.0), min(max(y, size[0]), size[1])) for x, y in places
        ]
        corners = " ".join(",".join(self._at(x, y)) for x, y in seen)
        paint = (
            f'fill="{self._colour(tone)}" fill-opacity="{filled:g}"'
            if filled
            else f'fill="none" stroke="{self._colour(tone)}" stroke-width="1.8"'
        )
        dashed = ' stroke-dasharray="4 3"' if dash else ""
        return f'<{"polygon" if filled else "polyline"} points="{corners}" {paint}{dashed}/>'

    def mark(self, shape: str, x: float, y: float, tone: str) -> str:
        across, down = self._at(x, y)
        colour = self._colour(tone)
        paint = (
            f'fill="#ffffff" stroke="{colour}" stroke-width="1.5"'
            if shape == "ring"
            else f'fill="{colour}"'
        )
        d = (SHAPES | OWN_SHAPES)["disc" if shape == "ring" else shape]
        return f'<path d="{d}" transform="translate({across} {down})" {paint}/>'

    def text(
        self,
        words: str,
        x: float,
        y: float,
        tone: str,
        anchor: str,
        size: float,
        dx: int = 0,
    ) -> str:
        across, down = self._at(x, y)
        at = f'x="{across}" y="{down}" text-anchor="{anchor}" font-size="{size:g}"'
        at += f' dx="{dx}"' if dx else ""
        return f'<text {at} fill="{self._colour(tone)}">{escape(visible(words))}</text>'


def _window(size: tuple[float, float]) -> str:
    """The attributes of a drawing within the plot, stretched to its width and cut to it, but for half a stroke."""
    top, high = _number(size[0] - 2), _number(size[1] - size[0] + 4)
    place = f'x="-.5%" y="{top}" width="101%" height="{high}" overflow="hidden"'
    return f'{place} viewBox="-.5 {top} 101 {high}" preserveAspectRatio="none"'


def _class(tone: str) -> str:
    return f"t-{tone}" if tone in TONES else tone


def _number(value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _percent(share: float) -> str:
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"


@dataclass(frozen=True)
class Scale:
    """From the units of the data to a share of the width and pixels."""

    chart: Chart

    def x(self, value: float) -> float:
        """How far a value is from the left, as a share of the width."""
        return _share(value, self.chart.x)

    def y(self, value: float) -> float:
        """How far a value is from the top, in pixels."""
        return self.top + self.chart.height * (1 - _share(value, self.chart.y))

    @property
    def top(self) -> float:
        """Where the plot begins."""
        return 0 if self.chart.bare else HEAD

    @property
    def bottom(self) -> float:
        """Where the plot ends."""
        return self.top + self.chart.height


def _share(value: float, axis: Axis) -> float:
    return (value - axis.low) / ((axis.high - axis.low) or 1)


def full_height(chart: Chart) -> float:
    """The height of a picture with its ticks and the title of its x axis, in pixels."""
    if chart.bare:
        return chart.height
    ticks = TICKS if chart.x.ticks else 0
    return HEAD + chart.height + ticks + (TITLE if chart.x.title else 0)


def left_room(chart: Chart) -> float:
    """Pixels for the names of rows, or for the ticks of the y axis."""
    names = [len(line.name) + len(line.tag) + 1 for line in chart.lines]
    names += [len(word) for word in _tick_words(chart.y)] if not chart.lines else []
    return min(max(names, default=0) * LETTER + 10, LONGEST)


def right_room(chart: Chart, *, intervals: bool = True) -> float:
    """Pixels for the numbers of rows, with or without their intervals."""
    widths = [
        len(show_middle(line.number)) + len(_beside(line) if intervals else "")
        for line in chart.lines
        if line.number
    ]
    return max(widths) * LETTER + 12 if widths else 12


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
    plot = draw_marks(chart, PagePen())
    height = _number(full_height(chart))
    if chart.bare:
        return Markup(
            f'<svg class="bare" {said} width="100%" height="{height}">{plot}</svg>'
        )
    rooms = (
        f"--left:{_number(left_room(chart))}px;--right:{_number(right_room(chart))}px"
    )
    rooms += (
        f";--brief:{_number(right_room(chart, intervals=False))}px;height:{height}px"
    )
    names = "".join(_name(chart, line) for line in chart.lines)
    numbers = "".join(_number_of(chart, line) for line in chart.lines if line.number)
    kind = "chart lined" if chart.lines else "chart"
    return Markup(
        f'<div class="{kind}" {said} style="{rooms}"><div class="names">{names}</div>'
        f'<svg>{plot}</svg><div class="numbers">{numbers}</div></div>{_key(chart.key)}'
    )


def _name(chart: Chart, line: Line) -> str:
    words = escape(visible(line.name))
    tag = f" <i>{escape(line.tag)}</i>" if line.tag else ""
    kind = ' class="strong"' if line.strong else ""
    top = _number(Scale(chart).y(line.y))
    return f'<span{kind} style="top:{top}px" title="{words}">{words}{tag}</span>'


def _number_of(chart: Chart, line: Line) -> str:
    assert line.number is not None
    beside = _beside(line)
    extra = f"<i>{escape(beside)}</i>" if beside else ""
    kind = ' class="strong"' if line.strong else ""
    top = _number(Scale(chart).y(line.y))
    return f'<span{kind} style="top:{top}px">{show_middle(line.number)}{extra}</span>'


def _key(entries: Sequence[Key]) -> str:
    """Who is who, under the picture."""
    if not entries:
        return ""
    items = "".join(
        f"<li>{glyph(one.shape, one.tone)}{_named(one)}</li>" for one in entries
    )
    return f'<ul class="key">{items}</ul>'


def _named(one: Key) -> str:
    number = f'<span class="what">{_told(one.number)}</span>' if one.number else ""
    return f'<span class="who">{escape(visible(one.name))}</span>{number}'


def _told(number: Value) -> str:
    interval = show_interval(number)
    return f"{show_middle(number)} {interval}" if interval else show_middle(number)


def glyph(shape: str, tone: str) -> Markup:
    """A mark within text."""
    mark = PagePen().mark(shape, 0.5, 7, tone)
    return Markup(
        f'<svg class="glyph" width="14" height="14" aria-hidden="true">{mark}</svg>'
    )


def draw_marks(chart: Chart, pen: Pen) -> str:
    """The grid, then the marks in their order."""
    scale = Scale(chart)
    grid = "" if chart.bare else _across(scale, pen) + _upward(scale, pen)
    return grid + "".join(draw_mark(mark, scale, pen) for mark in chart.marks)


def _tick_words(axis: Axis) -> list[str]:
    if axis.names:
        return list(axis.names)
    return [formats.fixed(tick, axis.digits) for tick in axis.ticks]


def _across(scale: Scale, pen: Pen) -> str:
    """Grid lines, ticks and title of the x axis."""
    axis, parts = scale.chart.x, []
    for tick, words in zip(axis.ticks, _tick_words(axis), strict=True):
        x = scale.x(tick)
        if not axis.names:
            parts.append(
                pen.line((x, scale.top), (x, scale.bottom), "rule", 0.8, False)
            )
        parts.append(pen.text(words, x, scale.bottom + 14, "soft", "middle", 11))
    if axis.title:
        low = scale.bottom + (TICKS if axis.ticks else 0) + 12
        parts.append(pen.text(axis.title, 0.5, low, "soft", "middle", 11.5))
    return "".join(parts)


def _upward(scale: Scale, pen: Pen) -> str:
    """Grid lines and ticks of the y axis; rows have names instead."""
    parts = []
    for tick, words in zip(
        scale.chart.y.ticks, _tick_words(scale.chart.y), strict=True
    ):
        y = scale.y(tick)
        parts.append(pen.line((0, y), (1, y), "rule", 0.8, False))
        parts.append(pen.text(words, 0, y + 4, "soft", "end", 11, -6))
    return "".join(parts)


@singledispatch
def draw_mark(mark: object, scale: Scale, pen: Pen) -> str:
    """One mark."""
    raise TypeError(f"no way to draw {mark!r}")


@draw_mark.register
def _band(mark: Band, scale: Scale, pen: Pen) -> str:
    left, right = sorted((scale.x(mark.low), scale.x(mark.high)))
    left, right = max(left, 0.0), min(right, 1.0)
    return pen.box(left, right, scale.top, scale.bottom, "band", 1.0)


@draw_mark.register
def _segment(mark: Segment, scale: Scale, pen: Pen) -> str:
    start, end = (
        (scale.x(mark.x0), scale.y(mark.y0)),
        (scale.x(mark.x1), scale.y(mark.y1)),
    )
    return pen.line(start, end, mark.tone, 1.5, mark.dashed)


@draw_mark.register
def _point(mark: Point, scale: Scale, pen: Pen) -> str:
    return pen.mark(mark.shape, scale.x(mark.x), scale.y(mark.y), mark.tone)


@draw_mark.register
def _diamond(mark: Diamond, scale: Scale, pen: Pen) -> str:
    y = scale.y(mark.y)
    low, middle, high = (scale.x(x) for x in (mark.low, mark.middle, mark.high))
    corners = [(low, y), (middle, y - 6), (high, y), (middle, y + 6)]
    return pen.path(corners, mark.tone, 1.0, False, (scale.top, scale.bottom))


@draw_mark.register
def _bar(mark: Bar, scale: Scale, pen: Pen) -> str:
    left, right = sorted((scale.x(mark.x0), scale.x(mark.x1)))
    top, bottom = sorted((scale.y(mark.y0), scale.y(mark.y1)))
    return pen.box(left, right, top, bottom, mark.tone, mark.share)


@draw_mark.register
def _label(mark: Label, scale: Scale, pen: Pen) -> str:
    x, y = scale.x(mark.x), scale.y(mark.y) + 4
    return pen.text(mark.words, x, y, mark.tone, mark.anchor, 11.5)


@draw_mark.register
def _curve(mark: Curve, scale: Scale, pen: Pen) -> str:
    places = [(scale.x(x), scale.y(y)) for x, y in _bends(mark)]
    return pen.path(places, mark.tone, 0.0, mark.dashed, (scale.top, scale.bottom))


def _bends(mark: Curve) -> list[tuple[float, float]]:
    """The points without those in the middle of a level or upright stretch: the curve is the same, the page smaller."""
    places = list(zip(mark.x, mark.y, strict=True))
    kept = places[:1]
    for here, after in pairwise(places[1:]):
        if not any(kept[-1][axis] == here[axis] == after[axis] for axis in (0, 1)):
            kept.append(here)
    return [*kept, *places[1:][-1:]]


@draw_mark.register
def _area(mark: Area, scale: Scale, pen: Pen) -> str:
    up = zip(mark.x, mark.high, strict=True)
    down = zip(reversed(mark.x), reversed(mark.low), strict=True)
    places = [(scale.x(x), scale.y(y)) for x, y in (*up, *down)]
    return pen.path(places, mark.tone, 0.18, False, (scale.top, scale.bottom))


@draw_mark.register
def _cells(mark: Cells, scale: Scale, pen: Pen) -> str:
    by: dict[tuple[str, int], list[Box]] = {}
    high, wide = scale.chart.height / len(mark.shares), 1 / len(mark.shares[0])
    for i, row in enumerate(mark.shares):
        top = scale.top + i * high
        for j, share in enumerate(row):
            if share:
                shade = max(1, round(SHADES * min(abs(share), 1.0)))
                place = (j * wide, (j + 1) * wide, top, top + high)
                by.setdefault((mark.tones[share < 0], shade), []).append(place)
    size = (scale.top, scale.bottom)
    return "".join(
        pen.boxes(places, tone, 0.06 + 0.5 * shade / SHADES, size)
        for (tone, shade), places in sorted(by.items())
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

    def write(self, words: str, size: float, tone: str) -> None:
        """Words over the whole width."""
        for line in wrap(words, int(WIDTH / (0.55 * size))):
            self.top += size + 4
            self.parts.append(self.pen().text(line, 0, self.top, tone, "start", size))
        self.top += 6

    def pen(self, left: float = 0.0, width: float = WIDTH) -> FilePen:
        """A pen for what stands at the present height."""
        return FilePen(self.colours, left, width)

    def place(self, chart: Chart) -> None:
        """One chart with its names, numbers and key."""
        left, right = (
            (0.0, 0.0) if chart.bare else (left_room(chart), right_room(chart))
        )
        pen = FilePen(self.colours, left, WIDTH - left - right, self.top)
        names, numbers = replace(pen, left=0.0), replace(pen, left=WIDTH, width=0.0)
        scale, room = Scale(chart), int(left / LETTER)
        self.parts.append(draw_marks(chart, pen))
        for line in chart.lines:
            y = scale.y(line.y) + 4
            name = f"{line.name} {line.tag}".strip()
            cut = name if len(name) <= room else name[: room - 1].rstrip() + "…"
            self.parts.append(names.text(cut, 0, y, "ink", "start", 12))
            if line.number:
                words = show_middle(line.number) + _beside(line)
                self.parts.append(numbers.text(words, 0, y, "ink", "end", 12))
        self.top += full_height(chart) + 4
        self._key(chart.key)

    def _key(self, entries: Sequence[Key]) -> None:
        for one in entries:
            self.top += 18
            pen = self.pen()
            pen = replace(pen, top=self.top - 4)
            words = f"{one.name} {_told(one.number)}" if one.number else one.name
            self.parts.append(pen.mark(one.shape, 8 / WIDTH, 0, one.tone))
            self.parts.append(pen.text(words, 20 / WIDTH, 4, "ink", "start", 12))
        self.top += 8 if entries else 0
