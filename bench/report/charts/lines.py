"""Lines of several families on one field: ranking curves, calibration, learning curves, effects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bench.report.charts.svg import (
    Scale,
    drawing,
    glyph,
    line,
    num,
    pct,
    stretched,
    tag,
    text,
)
from bench.report.styles import Style

Point = tuple[float, float]
ROOM = 22.0  # pixels for the labels below


@dataclass(frozen=True)
class Line:
    """One line with its band (x, low, high) and marks at some of its points; `style` adds CSS classes.

    `key`: the family's, by which the page's switches find it.
    """

    points: tuple[Point, ...]
    hue: str
    shape: str = ""
    style: str = ""
    band: tuple[tuple[float, float, float], ...] = ()
    marks: tuple[int, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class Field:
    """What a plot spans: values across and up, its height in pixels, the percent kept for the upright axis' labels.

    `cut`: lines end where the field does.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    height: float = 150.0
    gutter: float = 14.0
    wanted: int = 4
    cut: bool = False

    @property
    def across(self) -> Scale:
        return Scale(*self.x, self.gutter, 98.0)

    @property
    def up(self) -> Scale:
        return Scale(*self.y, self.height - ROOM, 8.0)


def line_plot(
    lines: Sequence[Line],
    field: Field,
    label: str,
    under: Iterable[Markup] = (),
    x_ticks: Sequence[tuple[float, str]] | None = None,
) -> Markup:
    """All lines over one grid. `under` is drawn behind them."""
    below = field.across.named_ticks(field.wanted) if x_ticks is None else x_ticks
    grid = axes(
        field.across, field.up, field.gutter, field.up.named_ticks(field.wanted), below
    )
    return drawing(field.height, label, *grid, *under, *_drawn(lines, field))


def axes(
    across: Scale,
    up: Scale,
    gutter: float,
    rises: Sequence[tuple[float, str]],
    below: Sequence[tuple[float, str]],
) -> list[Markup]:
    """Lines across a plot, each with its words in the gutter at the left, and the words below the plot."""
    parts = [line(gutter, up(at), 98, up(at), "gridline") for at, _ in rises]
    parts += [text(gutter - 1.5, up(at) + 4, word, "end", "tick") for at, word in rises]
    return [
        *parts,
        *(text(across(at), up.start + 16, word, class_="tick") for at, word in below),
    ]


def _drawn(lines: Sequence[Line], field: Field) -> list[Markup]:
    """Bands first, then lines, then marks: no band hides a line."""
    shapes = [_band(one, field) for one in lines if one.band]
    shapes += [_curve(one, field) for one in lines if one.points]
    marks = [made for one in lines if (made := _marks(one, field))]
    if field.cut:
        return [_window(field, shapes), *marks]
    return [stretched(0, 0, 100, field.height, *shapes), *marks]


def _band(one: Line, field: Field) -> Markup:
    across, up = field.across, field.up
    edge = [(across(x), up(high)) for x, _, high in one.band]
    edge += [(across(x), up(low)) for x, low, _ in reversed(one.band)]
    return tag(
        "polygon",
        points=written(edge, field.height),
        class_=f"spread {one.hue}",
        data_f=one.key or None,
    )


def _curve(one: Line, field: Field) -> Markup:
    seen = _near(one.points, field) if field.cut else one.points
    corners = [(field.across(x), field.up(y)) for x, y in straightened(seen)]
    style = " ".join(filter(None, ("curve", one.style, one.hue)))
    return tag(
        "polyline",
        points=written(corners, field.height),
        class_=style,
        data_f=one.key or None,
    )


def _marks(one: Line, field: Field) -> Markup:
    """The marks of a line within the field, as one group; nothing without any."""
    spots = [
        one.points[i]
        for i in one.marks
        if not field.cut or _within(one.points[i], field)
    ]
    places = [(pct(field.across(x)), num(field.up(y))) for x, y in spots]
    uses = [
        tag("use", href=f"#m-{one.shape}", x=x, y=y, class_="mark") for x, y in places
    ]
    return (
        tag("g", *uses, class_=one.hue, data_f=one.key or None) if uses else Markup("")
    )


def _near(points: Sequence[Point], field: Field) -> list[Point]:
    """The points between the field's left and right end, and the next one on either side."""
    held = [i for i, (x, _) in enumerate(points) if field.x[0] <= x <= field.x[1]]
    return list(points[max(held[0] - 1, 0) : held[-1] + 2]) if held else []


def _within(point: Point, field: Field) -> bool:
    return field.x[0] <= point[0] <= field.x[1] and field.y[0] <= point[1] <= field.y[1]


def _window(field: Field, shapes: Sequence[Markup]) -> Markup:
    """The drawing seen through the field alone, with room for half a line's width at its top and right."""
    left, top = field.across.start, field.up.end - 2
    width, height = field.across.end - left + 0.4, field.up.start - top
    view = f"{left:g} {100 * top / field.height:.2f} {width:g} {100 * height / field.height:.2f}"
    place = {
        "x": f"{left:g}%",
        "y": f"{top:g}",
        "width": f"{width:g}%",
        "height": f"{height:g}",
    }
    return tag(
        "svg",
        *shapes,
        viewBox=view,
        preserveAspectRatio="none",
        overflow="hidden",
        **place,
    )


def straightened(points: Sequence[Point]) -> list[Point]:
    """The points without those in the middle of a level or upright stretch: the line is the same, the page smaller."""
    kept: list[Point] = []
    for i, point in enumerate(points):
        inner = 0 < i < len(points) - 1
        if inner and any(
            kept[-1][axis] == point[axis] == points[i + 1][axis] for axis in (0, 1)
        ):
            continue
        kept.append(point)
    return kept


def written(points: Sequence[Point], height: float) -> str:
    """Corners, percent across and pixels down, as a plot stretched to its place takes them."""
    return " ".join(
        f"{x:.1f},{100 * y / height:.1f}".replace(".0,", ",").removesuffix(".0")
        for x, y in points
    )


def key(entries: Iterable[tuple[Style, str]]) -> Markup:
    """Who is who in a figure of several families, each with its numbers, as text of the page."""
    rows = []
    for style, note in entries:
        name, what = (
            tag("span", style.short, class_="who"),
            tag("span", note or " ", class_="what"),
        )
        rows.append(tag("li", glyph(style), name, what, data_f=style.key or None))
    return tag("ul", *rows, class_="key")


@dataclass(frozen=True)
class Facet:
    """One small drawing under its head and a note; `key` is its family's, where it is of one family alone."""

    head: Markup | str
    note: str
    body: Markup
    key: str = ""


def facets(parts: Sequence[Facet], wide: bool = False) -> Markup:
    """Small drawings side by side, each under its head, with the note at the right."""
    minis = []
    for one in parts:
        title = tag(
            "p",
            tag("span", one.head, class_="fam"),
            tag("span", one.note or " "),
            class_="minihead",
        )
        minis.append(tag("div", title, one.body, class_="mini", data_f=one.key or None))
    return tag("div", *minis, class_="grid wide" if wide else "grid")


def head(style: Style) -> Markup:
    """A family's mark and short name, for the head of a facet."""
    return Markup("{}{}").format(glyph(style), style.short)
