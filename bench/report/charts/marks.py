"""Pictures as data: marks in the units of the data. `bench.report.draw` draws any of them, in a page or as a file.

A `plot_*` function makes a `Chart` from rows of numbers (`plot_rows`, `plot_curves`, `plot_shares`, `plot_matrix`, one
file each); it knows neither HTML nor a study. A new kind of picture is one more file that returns a `Chart` of these
marks. The x axis is in percent of the width and the y axis in pixels, so one picture is right on every screen; all
names, ticks and numbers keep their size.

A `tone` is a colour: one of `TONES`, a hue of a model (`style.hue`), or `c0` to `c3` of a class. A `shape` is `disc`,
`ring` (a hollow disc), `spot` (a small one), `swatch`, `cross`, or the mark of a model (`style.shape`). One mark has
one meaning on the whole page: *filled* is shown, *hollow* cannot be told, `off` (orange) is a difference, `ring` in
the tone of a model is its score on training rows. `says` is what a mark is called in the data behind its figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bench.report.values import Value

#: By tone, its colour on light and on dark ground.
TONES = {
    "ink": ("#15181d", "#e9ebee"),
    "soft": ("#565e6a", "#a4abb6"),
    "open": ("#78818d", "#8f98a2"),
    "pale": ("#b9c0c8", "#4b535b"),
    "rule": ("#dfe3e8", "#2c3138"),
    "band": ("#e1eaf6", "#20303f"),
    "ours": ("#1f5fa8", "#7fb3ec"),
    "mixed": ("#8fb2dd", "#44699a"),
    "off": ("#b2452c", "#f2956f"),
    "fine": ("#2d7a57", "#74c69d"),
}


@dataclass(frozen=True)
class Band:
    """A stretch of the x axis, behind everything: a tolerance, a region of practical equivalence."""

    low: float
    high: float
    says: str = ""


@dataclass(frozen=True)
class Segment:
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float
    tone: str = "ink"
    dashed: bool = False


@dataclass(frozen=True)
class Point:
    """One number."""

    x: float
    y: float
    shape: str = "disc"
    tone: str = "ink"
    says: str = ""


@dataclass(frozen=True)
class Diamond:
    """A pooled estimate: as wide as its interval."""

    low: float
    middle: float
    high: float
    y: float
    tone: str = "ink"
    says: str = ""


@dataclass(frozen=True)
class Bar:
    """A rectangle; `share` is how opaque it is."""

    x0: float
    x1: float
    y0: float
    y1: float
    tone: str = "ink"
    says: str = ""
    share: float = 1.0


@dataclass(frozen=True)
class Label:
    """Words inside the picture; `anchor` is start, middle or end."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    tone: str = "soft"


@dataclass(frozen=True)
class Curve:
    """Many points joined by lines, cut where the axes end."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    tone: str = "ink"
    says: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Area:
    """What lies between two curves, lightly filled: a spread, an interval."""

    x: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    tone: str = "ink"
    says: str = ""


@dataclass(frozen=True)
class Shades:
    """A grid of shaded cells over the whole field, the first row on top.

    `shares`: by row, then by column, how dark a cell is: from 0 to 1 in the first tone, below zero in the second.
    """

    shares: tuple[tuple[float, ...], ...]
    tones: tuple[str, str] = ("ours", "off")


Mark = Band | Segment | Point | Diamond | Bar | Label | Curve | Area | Shades


@dataclass(frozen=True)
class Axis:
    """What an axis spans, where its grid lines are, and what they are called (`names`, else their numbers)."""

    low: float
    high: float
    ticks: tuple[float, ...] = ()
    digits: int = 0
    title: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """The words of a row of a picture: its name at the left, its number at the right; `strong` for a heading or sum."""

    y: float
    name: str
    number: Value | None = None
    words: str = ""
    strong: bool = False
    tag: str = ""


@dataclass(frozen=True)
class Key:
    """What a mark or a tone means, with a number of its own where it has one, under the picture."""

    name: str
    shape: str = "disc"
    tone: str = "ink"
    number: Value | None = None


@dataclass(frozen=True)
class Chart:
    """One picture.

    Parameters
    ----------
    title
        What is drawn, for those who cannot see it, and above one of several small pictures.
    height
        Of the plot, in pixels, without ticks.
    bare
        A small picture within a table: no axes, no names.
    """

    title: str
    marks: tuple[Mark, ...]
    x: Axis
    y: Axis
    lines: tuple[Line, ...] = ()
    height: int = 150
    key: tuple[Key, ...] = ()
    bare: bool = False


def stack_rows(
    title: str,
    lines: Sequence[Line],
    marks: Iterable[Mark],
    x: Axis,
    row: int = 24,
    key: tuple[Key, ...] = (),
) -> Chart:
    """A picture of rows, the first on top: row `i` is at height `i`, and `row` pixels high."""
    upright = Axis(len(lines) - 0.5, -0.5)
    return Chart(title, tuple(marks), x, upright, tuple(lines), row * len(lines), key)


def name_rows(rows: Iterable[tuple[str, Line]]) -> tuple[list[Line], list[float]]:
    """The lines of rows, each group under its name; and how low each row stands.

    >>> name_rows([("Wine", Line(0, "A")), ("Wine", Line(0, "B"))])[1]
    [1, 2]
    """
    lines: list[Line] = []
    heights: list[float] = []
    last = ""
    for group, line in rows:
        if group and group != last:
            lines.append(Line(len(lines), group, strong=True))
            last = group
        heights.append(len(lines))
        lines.append(replace(line, y=len(lines)))
    return lines, heights


def choose_axis(
    numbers: Iterable[float | None], *, title: str = "", ticks: int = 5, floor: float | None = None,
    roof: float | None = None,
) -> Axis:  # fmt: skip
    """An axis that holds the numbers, with round ticks, never beyond the limits of their scale (`floor`, `roof`).

    >>> one = choose_axis([0.56, 0.81], ticks=4)
    >>> one.low, one.high, one.ticks
    (0.55, 0.85, (0.6, 0.7, 0.8))
    """
    found = [one for one in numbers if one is not None and math.isfinite(one)] or [0.0]
    low, high = min(found), max(found)
    if low == high:
        low, high = low - (abs(low) * 0.05 or 0.5), high + (abs(high) * 0.05 or 0.5)
    step = round_step((high - low) / max(ticks - 1, 1))
    digits = max(0, -int(Decimal(f"{step:.10g}").normalize().as_tuple().exponent))
    low = math.floor(2 * low / step + 1e-9) * step / 2
    high = math.ceil(2 * high / step - 1e-9) * step / 2
    low = round(low if floor is None else max(low, floor), digits + 3)
    high = round(high if roof is None else min(high, roof), digits + 3)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    marks = tuple(round(k * step, digits + 1) for k in range(first, last + 1))
    return Axis(low, high, marks, digits, title)


def round_step(size: float) -> float:
    """The least of 1, 2, 2.5, 5 times a power of ten that is no less than this."""
    power = 10.0 ** math.floor(math.log10(size or 1))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= size * 0.999)


def list_marks(chart: Chart) -> list[tuple[str, float, float]]:
    """The data of a picture: what each mark says, and where it stands (x, y)."""
    found: list[tuple[str, float, float]] = []
    for mark in chart.marks:
        match mark:
            case Point(x=x, y=y):
                found.append((mark.says, x, y))
            case Diamond(middle=x, y=y):
                found.append((mark.says, x, y))
            case Bar():
                found.append((mark.says, mark.x1 - mark.x0, mark.y1 - mark.y0))
            case Curve():
                found += [
                    (mark.says, x, y) for x, y in zip(mark.x, mark.y, strict=True)
                ]
    return found
