"""Every figure of a page as a drawing by itself: absolute coordinates, plain colours, named fonts, sizes in points.

On the page a figure is as wide as its place, its labels are text of the page and its colours follow the theme. Here all
of that is settled: light, 480 pixels wide (360 points), and nothing that a program for drawings would have to look up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from xml.etree import ElementTree

from bench.core.text import visible
from bench.report.charts.svg import CLAIM_SHAPES, Figure, num
from bench.report.draw import draw_alone
from bench.report.exports.content import Content, ExportFormat
from bench.report.exports.css import Element, style
from bench.report.plain import plain
from bench.report.styles import CLASS_HUES, SHAPES, styles_of

WIDTH = 480.0
POINT = 0.75
MARGIN = 8.0
FONT = "Helvetica, Arial, sans-serif"
#: Labels of rows take so much of the width at most, and so much more with a verdict behind each; longer names
#: are cut, and stand whole in a `<title>`.
LABELS = 180.0
CHIPS = 80.0
#: About how wide a letter is, in its size; no font is at hand to ask, and the one that is found may be a wide one.
LETTER = 0.6
_PATH = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: The numbers that a command of a path takes: across and down.
_AXES = {"M": "xy", "L": "xy", "H": "x", "V": "y", "Z": ""}
Node = ElementTree.Element


def drawings(content: Content) -> dict[str, str]:
    """Texts by file name under figures/."""
    hues = {name: light for name, light, _ in styles_of(content.bundle).hues}
    hues |= {f"c{i}": light for i, (light, _) in enumerate(CLASS_HUES)}
    return {
        f"figures/{name}.svg": text
        for name, one in content.figures.items()
        if (text := drawing(one.figure, hues, one.legend)) is not None
    } | {
        f"figures/{name}.svg": draw_alone(
            one.charts,
            f"Figure {one.number}. {plain(one.result)}",
            plain(one.marks),
            hues,
        )
        for name, one in content.charts.items()
    }


def drawing(
    figure: Figure, hues: Mapping[str, str], legend: Sequence[tuple[str, str]] = ()
) -> str | None:
    """One figure as a file; None where it holds no drawing."""
    page = ElementTree.fromstring(f"<div>{visible(str(figure.body))}</div>")
    plots = list(_plots(page))
    if all(node.tag == "p" for node in plots):
        return None
    canvas = Canvas(hues)
    top = canvas.lines(figure.title, 0.0, 13, "bold") + 8
    for node in plots:
        top += canvas.place(node, top)
    used = {name for node in page.iter() for name in node.get("class", "").split()}
    named = {
        "".join(node.itertext()) for node in page.iter() if node.get("class") == "name"
    }
    top = canvas.legend(
        [one for one in legend if one[0] in used and one[1] not in named], top
    )
    if figure.note:
        top = canvas.lines(figure.note, top + 4, 12)
    label = next(
        (
            found
            for node in page.iter()
            if node.get("role") == "img" and (found := node.get("aria-label"))
        ),
        "",
    )
    return _file(figure, label, canvas, top)


def _plots(node: Node) -> Iterator[Node]:
    """Every plot of rows with its labels around it, every `<svg>` of a plot without, and the head of a small plot."""
    for child in node:
        classes = child.get("class", "").split()
        if {"rowplot", "minihead"} & set(classes) or (
            child.tag == "svg" and child.get("role") == "img"
        ):
            yield child
        else:
            yield from _plots(child)


def _places(node: Node, row: float) -> Iterator[tuple[Node, float, float]]:
    """The drawings of a plot of rows, how far down each begins and how high it is.

    A ground as high as the rows, a drawing a row, and a line of ticks below.
    """
    rows = [
        child.find("svg") for child in node if "lane" in child.get("class", "").split()
    ]
    around = {child.get("class"): child for child in node if child.tag == "svg"}
    if "ground" in around:
        yield around["ground"], 0.0, len(rows) * row
    yield from ((one, i * row, row) for i, one in enumerate(rows) if one is not None)
    if "ticks" in around:
        yield (
            around["ticks"],
            len(rows) * row,
            float(around["ticks"].get("height", "0")),
        )


def _file(figure: Figure, label: str, canvas: Canvas, height: float) -> str:
    wide, high = WIDTH + 2 * MARGIN, height + 2 * MARGIN
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": f"{num(wide * POINT)}pt",
            "height": f"{num(high * POINT)}pt",
            "viewBox": f"{num(-MARGIN)} {num(-MARGIN)} {num(wide)} {num(high)}",
            "role": "img",
            "font-family": FONT,
        },
    )
    for tag, text in (("title", figure.title), ("desc", label)):
        if text:
            ElementTree.SubElement(root, tag).text = text
    root.extend(canvas.parts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        + visible(ElementTree.tostring(root, encoding="unicode"))
        + "\n"
    )


@dataclass(frozen=True)
class Frame:
    """Where coordinates count from and how far they reach: `width`, `height` are 100 percent; scales are beyond."""

    x: float
    y: float
    width: float
    height: float
    across: float = 1.0
    down: float = 1.0

    def px(self, value: str) -> float:
        return self.x + self.across * _length(value, self.width)

    def py(self, value: str) -> float:
        return self.y + self.down * _length(value, self.height)

    def inner(self, node: Node) -> Frame:
        """The frame of a nested `<svg>`."""
        x, y = self.px(node.get("x", "0")), self.py(node.get("y", "0"))
        width = self.across * _length(node.get("width", "100%"), self.width)
        height = self.down * _length(node.get("height", "100%"), self.height)
        if (box := node.get("viewBox")) is None:
            return Frame(x, y, width, height)
        left, top, wide, high = map(float, box.split())
        sx, sy = width / wide, height / high
        return Frame(x - left * sx, y - top * sy, wide, high, sx, sy)


def _line(node: Node, frame: Frame) -> dict[str, str]:
    ends = {name: frame.px(node.get(name, "0")) for name in ("x1", "x2")}
    ends |= {name: frame.py(node.get(name, "0")) for name in ("y1", "y2")}
    return {name: num(value) for name, value in ends.items()}


def _rect(node: Node, frame: Frame) -> dict[str, str]:
    place = {"x": frame.px(node.get("x", "0")), "y": frame.py(node.get("y", "0"))}
    place["width"] = frame.across * _length(node.get("width", "0"), frame.width)
    place["height"] = frame.down * _length(node.get("height", "0"), frame.height)
    return {name: num(value) for name, value in place.items()}


def _circle(node: Node, frame: Frame) -> dict[str, str]:
    place = {
        "cx": num(frame.px(node.get("cx", "0"))),
        "cy": num(frame.py(node.get("cy", "0"))),
    }
    return place | {"r": node.get("r", "0")}


def _points(node: Node, frame: Frame) -> dict[str, str]:
    numbers = _NUMBER.findall(node.get("points", ""))
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return {
        "points": " ".join(f"{num(frame.px(x))},{num(frame.py(y))}" for x, y in pairs)
    }


def _path(node: Node, frame: Frame) -> dict[str, str]:
    """Stretched and moved, command by command; no plot has arcs but in its marks, which keep their form."""
    parts = []
    for command, inside in _PATH.findall(node.get("d", "")):
        numbers, axes = _NUMBER.findall(inside), _AXES[command.upper()]
        turned = []
        for i, value in enumerate(numbers):
            down = axes[i % len(axes)] == "y"
            if command.islower():
                turned.append((frame.down if down else frame.across) * float(value))
            else:
                turned.append(frame.py(value) if down else frame.px(value))
        parts.append(command + " ".join(map(num, turned)))
    return {"d": "".join(parts)}


def _words(node: Node, frame: Frame) -> dict[str, str]:
    place = {
        "x": num(frame.px(node.get("x", "0"))),
        "y": num(frame.py(node.get("y", "0"))),
    }
    return place | (
        {"text-anchor": anchor} if (anchor := node.get("text-anchor")) else {}
    )


#: How each element is settled in a frame; a relative first `m` of a path counts from nowhere, and none is drawn here.
_SETTLED: dict[str, Callable[[Node, Frame], dict[str, str]]] = {
    "line": _line, "rect": _rect, "circle": _circle, "polygon": _points, "polyline": _points, "path": _path,
    "text": _words,
}  # fmt: skip


@dataclass(frozen=True)
class _Label:
    """What stands before a row of a plot."""

    name: str
    sub: str
    shape: str
    hue: str
    chip: str
    verdict: str

    @classmethod
    def of(cls, node: Node) -> _Label:
        found = {one.get("class", "").split(" ")[0]: one for one in node.iter()}
        use = next(node.iter("use"), None)
        name, sub, chip = (
            "".join(found[key].itertext()) if key in found else ""
            for key in ("name", "sub", "chip")
        )
        classes = (use.get("class", "") if use is not None else "").split()
        shape = (use.get("href", "") if use is not None else "").removeprefix("#m-")
        verdict = found["chip"].get("class", "").split()[-1] if "chip" in found else ""
        sign = "".join(found["icon"].itertext()) if "icon" in found else ""
        chip = f"{sign} {chip.removeprefix(sign)}" if sign else chip
        return cls(
            name,
            sub,
            shape,
            next((c for c in classes if c != "mark"), ""),
            chip,
            verdict,
        )

    @property
    def width(self) -> float:
        mark = 18.0 if self.shape else 0.0
        chip = _wide(self.chip, 12.5) + 10 if self.chip else 0.0
        return mark + max(_wide(self.name, 13), _wide(self.sub, 12)) + chip


def _wide(text: str, size: float) -> float:
    """About how wide a line of text is, in pixels."""
    return size * sum(
        1.0 if unicodedata.east_asian_width(c) in "WF" else LETTER for c in text
    )


def _cut(text: str, room: float, size: float) -> str:
    if _wide(text, size) <= room + 0.5:
        return text
    most = max(1, int(room / (LETTER * size)) - 1)
    return text[:most].rstrip() + "…"


def _length(value: str, whole: float) -> float:
    return (
        float(value[:-1]) / 100 * whole
        if value.endswith("%")
        else float(value.removesuffix("px"))
    )


@dataclass
class Canvas:
    """The parts of a drawing, made one after the other; `hues` are the families' colours."""

    hues: Mapping[str, str]
    parts: list[Node] = field(default_factory=list)

    def place(self, node: Node, top: float) -> float:
        """Draw a plot, or the head of one, from `top` on; returns its height."""
        if node.tag == "p":
            return self.lines(" ".join(node.itertext()), top + 4, 12) + 4 - top
        if node.tag != "svg":
            return self._rows(node, top)
        height = float(node.get("height", "0"))
        self._draw(node, Frame(0, top, WIDTH, height), [])
        return height

    def _rows(self, node: Node, top: float) -> float:
        """Labels, drawing and notes beside each other, as the page sets them."""
        styles = dict(
            re.findall(r"(--row|max-width):([\d.]+)px", node.get("style", ""))
        )
        row = float(styles.get("--row", 0))
        labels = [
            _Label.of(one) for one in node.iter("div") if one.get("class") == "label"
        ]
        notes = [
            "".join(one.itertext()).strip()
            for one in node.iter("div")
            if one.get("class") == "note"
        ]
        most = LABELS + (CHIPS if any(one.chip for one in labels) else 0)
        left = min(max((one.width for one in labels), default=0.0), most) + 10
        right = max((_wide(note, 12.5) for note in notes), default=0.0)
        whole = min(WIDTH, float(styles.get("max-width", WIDTH)))
        for i, label in enumerate(labels):
            self._label(label, left - 10, top + i * row + row / 2)
        places = list(_places(node, row))
        for plot, down, high in places:
            frame = Frame(
                left, top + down, whole - left - (right + 10 if right else 0), high
            )
            self._draw(plot, frame, [("div", ("rowplot",))])
        for i, note in enumerate(notes):
            self._text(
                note, whole, top + i * row + row / 2 + 4.4, ("note",), 12.5, "end"
            )
        return max(down + high for _, down, high in places)

    def legend(self, hues: Sequence[tuple[str, str]], top: float) -> float:
        """What the colours mean, in rows under the drawing; returns where it ends."""
        x, y = 0.0, top + 18
        for hue, name in hues:
            room = min(_wide(name, 12) + 26, WIDTH)
            if x + room > WIDTH and x:
                x, y = 0.0, y + 18
            fill = style([("i", (hue,))], self.hues)["color"]
            place = {
                "x": num(x),
                "y": num(y - 9),
                "width": "10",
                "height": "10",
                "fill": fill,
            }
            self.parts.append(ElementTree.Element("rect", place))
            self._text(name, x + 15, y, ("name",), 12, "start", room=room - 26)
            x += room
        return y + 6 if hues else top

    def lines(self, words: str, top: float, size: float, weight: str = "") -> float:
        """Text over the whole width, from `top` on; returns where it ends."""
        for line in wrap(words, int(WIDTH / (LETTER * size))):
            top += size + 4
            self._text(line, 0.0, top, ("name",), size, "start", weight)
        return top

    def _label(self, label: _Label, room: float, middle: float) -> None:
        start = 18.0 if label.shape else 0.0
        if label.shape:
            self._mark(label.shape, 7, middle, (label.hue, "mark"), [])
        if label.chip:
            self._text(
                label.chip,
                room,
                middle + 4.4,
                ("chip", label.verdict),
                12.5,
                "end",
                "bold",
            )
        room -= start + (_wide(label.chip, 12.5) + 10 if label.chip else 0)
        shift = -2.6 if label.sub else 4.4
        self._text(label.name, start, middle + shift, ("name",), 13, "start", room=room)
        if label.sub:
            self._text(label.sub, start, middle + 12, ("sub",), 12, "start", room=room)

    def _text(
        self, words: str, x: float, y: float, classes: tuple[str, ...], size: float, anchor: str, weight: str = "",
        room: float = WIDTH,
    ) -> None:  # fmt: skip
        """One line of the page's text, cut where it is longer than its room."""
        fill = style([("div", ("rowplot",)), ("span", classes)], self.hues)["color"]
        shown = _cut(words, room, size)
        node = ElementTree.Element(
            "text", {"x": num(x), "y": num(y), "font-size": num(size), "fill": fill}
        )
        node.text = shown
        if anchor != "start":
            node.set("text-anchor", anchor)
        if weight:
            node.set("font-weight", weight)
        if shown != words:
            ElementTree.SubElement(node, "title").text = words
        self.parts.append(node)

    def _mark(
        self,
        shape: str,
        x: float,
        y: float,
        classes: tuple[str, ...],
        line: list[Element],
    ) -> None:
        made = self._styled(
            ElementTree.Element("path", {"d": (SHAPES | CLAIM_SHAPES)[shape]}),
            [*line, ("use", classes)],
        )
        made.set("transform", f"translate({num(x)} {num(y)})")
        self.parts.append(made)

    def _draw(self, node: Node, frame: Frame, line: list[Element]) -> None:
        nested = node.tag == "svg" and any(name == "svg" for name, _ in line)
        line = [*line, (node.tag, tuple(node.get("class", "").split()))]
        if node.tag in ("svg", "g"):
            inner = frame.inner(node) if nested else frame
            for child in node:
                self._draw(child, inner, line)
        elif node.tag == "use":
            shape = node.get("href", "").removeprefix("#m-")
            self._mark(
                shape,
                frame.px(node.get("x", "0")),
                frame.py(node.get("y", "0")),
                line[-1][1],
                line[:-1],
            )
        elif node.tag in _SETTLED:
            made = ElementTree.Element(node.tag, _SETTLED[node.tag](node, frame))
            made.text = "".join(node.itertext()) or None
            self.parts.append(self._styled(made, line))

    def _styled(self, made: Node, line: list[Element]) -> Node:
        """The element with what the style says of it."""
        colour = None
        for end in range(1, len(line)):
            colour = style(line[:end], self.hues, colour)["color"]
        said = style(line, self.hues, colour)
        for name, value in said.items():
            if name != "color":
                made.set(name, value.removesuffix("px"))
        return made


FORMAT = ExportFormat("svg", drawings)
